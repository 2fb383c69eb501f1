"""The button that opens the panel for accepting likely images."""

from PySide6.QtCore import QCoreApplication, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.gui.widgets.key_button import KeyButton


def accept_button(owner: QWidget, wanted: SignalInstance) -> KeyButton:
    """``wanted`` is emitted when it is pressed."""
    translate = QCoreApplication.translate
    hint = translate("Review", "Accept all likely images of this category, after showing what to expect")
    action = QAction(hint, owner)
    action.triggered.connect(wanted)
    return KeyButton(action, translate("Review", "Accept likely images…"))

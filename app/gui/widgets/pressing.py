"""Enter presses a focused button, as Space does. Qt does so in dialogs only."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QToolButton, QWidget


def press_with_enter(window: QWidget, event: QKeyEvent) -> bool:
    """For keyPressEvent of a window or panel, which gets the key that the button has left to it."""
    focus = window.focusWidget()
    if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or not isinstance(focus, QAbstractButton):
        return False
    if isinstance(focus, QToolButton) and focus.menu() is not None:
        focus.showMenu()
    else:
        focus.click()
    return True

"""Which keys act, by what has the focus: no letters in a text field, none on images behind a panel."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QTreeView,
    QWidget,
)

from app.gui.widgets.label_chip import LabelChip
from app.gui.widgets.overlay import Overlay

# Keys that press a focused button or chip, and those that move a slider or choose from a list.
_PRESSING: Final = frozenset({"Return", "Enter", "Space"})
_MOVING: Final = frozenset({"Left", "Right", "Up", "Down"})
_TEXT: Final = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)
_PRESSABLE: Final = (QAbstractButton, LabelChip)
_HELD: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


def types_text(focus: QWidget | None) -> bool:
    return isinstance(focus, _TEXT) or (isinstance(focus, QComboBox) and focus.isEditable())


def covered(focus: QWidget | None) -> bool:
    """Whether the focus is in a panel that covers the images."""
    while focus is not None:
        if isinstance(focus, Overlay):
            return True
        focus = focus.parentWidget()
    return False


def labelling_keys(keys: Iterable[str], focus: QWidget | None) -> list[str]:
    """Of the keys for labelling, those that act; none in a text field, a tree or a covering panel."""
    if types_text(focus) or covered(focus) or isinstance(focus, QTreeView):
        return []
    off = frozenset[str]()
    if isinstance(focus, QComboBox):
        off = _PRESSING | _MOVING
    elif isinstance(focus, _PRESSABLE):
        off = _PRESSING
    elif isinstance(focus, QAbstractSlider):
        off = _MOVING
    return [key for key in keys if key not in off]


def frame_keys(keys: Iterable[str], focus: QWidget | None) -> list[str]:
    """Of the window's keys, those that act: in a text field only keys that type nothing."""
    return [key for key in keys if not types_text(focus) or not _types(key)]


def set_keys(action: QAction, keys: Iterable[str]) -> None:
    """Let these keys trigger the action, and no others."""
    action.setShortcuts([QKeySequence(key) for key in keys])


def _types(key: str) -> bool:
    combination = QKeySequence(key)[0]  # type: ignore[index]  # missing in the stubs
    function = Qt.Key.Key_F1 <= combination.key() <= Qt.Key.Key_F35
    return not function and not combination.keyboardModifiers() & _HELD

"""The actions that the keys trigger over the cards of a review."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from app.gui.commands.focus import labelling_keys
from app.gui.commands.table import LABELLING, REVIEWING, Command, keys_of

SHARED: Final = frozenset(
    {
        "accept",
        "reject",
        "unknown",
        "previous",
        "next",
        "highlight_previous",
        "highlight_next",
        "undo",
        "redo",
    }
)
"""Commands of labelling that mean the current card here."""
DECIDING: Final = ("accept", "reject", "unknown", "skip", "rest_no")
SPECS: Final[dict[str, Command]] = {
    one.name: one for one in (*REVIEWING, *(one for one in LABELLING if one.name in SHARED))
}


class CardActions(QObject):
    """One QAction a command on ``owner``; they act while it is visible in the active window.

    The keys of a review go before the same keys of labelling: Enter finishes a page here.
    """

    keys_changed = Signal()

    def __init__(self, owner: QWidget, shortcuts: Mapping[str, str]) -> None:
        super().__init__(owner)
        self._keys: dict[str, tuple[str, ...]] = {}
        self._actions: dict[str, QAction] = {}
        for name, spec in SPECS.items():
            action = QAction(spec.words, owner)
            action.setAutoRepeat(spec.repeats)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            owner.addAction(action)
            self._actions[name] = action
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow_focus)
        self.set_shortcuts(shortcuts)

    def action(self, name: str) -> QAction:
        return self._actions[name]

    def keys(self, name: str) -> tuple[str, ...]:
        return self._keys[name]

    def key(self, name: str) -> str:
        """The key to show on a button; empty where there is none."""
        return next(iter(self._keys[name]), "")

    def all_keys(self) -> frozenset[str]:
        return frozenset(key for keys in self._keys.values() for key in keys)

    def connect_all(self, calls: Mapping[str, Callable[[], object]]) -> None:
        for name, call in calls.items():
            self._actions[name].triggered.connect(lambda _checked=False, call=call: call())

    def set_shortcuts(self, shortcuts: Mapping[str, str]) -> None:
        """Take the person's keys; what is not named keeps the usual ones."""
        own = {key for spec in REVIEWING for key in keys_of(spec, shortcuts)}
        self._keys = {}
        for name, spec in SPECS.items():
            keys = keys_of(spec, shortcuts)
            self._keys[name] = keys if spec.place else tuple(key for key in keys if key not in own)
        self._arm(QApplication.focusWidget())
        self.keys_changed.emit()

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._arm(now)

    def _arm(self, focus: QWidget | None) -> None:
        for name, keys in self._keys.items():
            self._actions[name].setShortcuts(labelling_keys(keys, focus))

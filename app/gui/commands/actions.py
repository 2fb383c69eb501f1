"""QActions for commands: their keys, and whether they are enabled."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from app.gui.commands.focus import covered, frame_keys, set_keys
from app.gui.commands.table import FRAME, Command, keys_of
from app.gui.commands.texts import WINDOW

UNCOVERED = frozenset(command.name for command in FRAME if command.group != WINDOW) - {
    "larger_pictures",
    "smaller_pictures",
}
"""Commands on the images and places, whose keys are off while a panel covers these."""


class CommandActions(QObject):
    """One QAction per command on ``owner``. Subclasses say which keys act for a given focus."""

    keys_changed = Signal()

    def __init__(self, owner: QWidget, commands: Sequence[Command], shortcuts: Mapping[str, str]) -> None:
        super().__init__(owner)
        self._commands = commands
        self._keys: dict[str, tuple[str, ...]] = {}
        self._actions: dict[str, QAction] = {}
        for command in commands:
            action = QAction(command.words, owner)
            action.setAutoRepeat(command.repeats)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            owner.addAction(action)
            self._actions[command.name] = action
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow_focus)
        self.set_shortcuts(shortcuts)

    def action(self, name: str) -> QAction:
        return self._actions[name]

    def keys(self, name: str) -> tuple[str, ...]:
        """All keys of a command, in Qt's portable form."""
        return self._keys[name]

    def key(self, name: str) -> str:
        """The key to show on a button; empty if there is none."""
        return next(iter(self._keys[name]), "")

    def connect_all(self, calls: Mapping[str, Callable[[], object]]) -> None:
        """Connect commands, by name, to what they do."""
        for name, call in calls.items():
            self._actions[name].triggered.connect(lambda _checked=False, call=call: call())

    def set_shortcuts(self, shortcuts: Mapping[str, str]) -> None:
        """Set the person's keys; commands without an entry keep their defaults."""
        self._keys = self._all_keys_of(shortcuts)
        self._arm(QApplication.focusWidget())
        self.keys_changed.emit()

    def _all_keys_of(self, shortcuts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        return {command.name: keys_of(command, shortcuts) for command in self._commands}

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._arm(now)

    def _arm(self, focus: QWidget | None) -> None:
        for name, action in self._actions.items():
            set_keys(action, self._acting_keys(name, focus))

    def _acting_keys(self, name: str, focus: QWidget | None) -> list[str]:
        raise NotImplementedError


class FrameActions(CommandActions):
    """The commands of FRAME, on ``window``; single letters are off while text is typed."""

    _reserved: frozenset[str] = frozenset()

    def __init__(self, window: QWidget, shortcuts: Mapping[str, str] | None = None) -> None:
        super().__init__(window, FRAME, shortcuts or {})

    def set_enabled(self, names: Iterable[str], enabled: bool) -> None:
        for name in names:
            self._actions[name].setEnabled(enabled)

    @Slot(object)
    def reserve(self, keys: Iterable[str]) -> None:
        """Leave these keys to the place shown, which uses them otherwise."""
        self._reserved = frozenset(keys)
        self._arm(QApplication.focusWidget())

    def _acting_keys(self, name: str, focus: QWidget | None) -> list[str]:
        if name in UNCOVERED and covered(focus):
            return []
        return frame_keys([key for key in self._keys[name] if key not in self._reserved], focus)

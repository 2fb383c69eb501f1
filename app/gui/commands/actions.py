"""The actions of the window's frame: what their keys trigger, and whether that can be done now."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from app.gui.commands.focus import covered, frame_keys
from app.gui.commands.table import FRAME, keys_of

UNCOVERED = frozenset({"grid", "single", "similar", "refresh", "clear_query", "scan", "index", "train_start"})
"""Commands that mean what lies behind a panel that is open."""


class FrameActions(QObject):
    """One QAction for each command of the frame, on ``window``; keys of letters rest while text is typed."""

    keys_changed = Signal()

    def __init__(self, window: QWidget, shortcuts: Mapping[str, str] | None = None) -> None:
        super().__init__(window)
        self._keys: dict[str, tuple[str, ...]] = {}
        self._reserved: frozenset[str] = frozenset()
        self._actions: dict[str, QAction] = {}
        for command in FRAME:
            action = QAction(command.words, window)
            action.setAutoRepeat(command.repeats)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            window.addAction(action)
            self._actions[command.name] = action
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow_focus)
        self.set_shortcuts(shortcuts or {})

    def action(self, name: str) -> QAction:
        return self._actions[name]

    def keys(self, name: str) -> tuple[str, ...]:
        """All keys of a command, in portable words."""
        return self._keys[name]

    def key(self, name: str) -> str:
        return next(iter(self._keys[name]), "")

    def connect_all(self, calls: Mapping[str, Callable[[], object]]) -> None:
        """What each command does."""
        for name, call in calls.items():
            self._actions[name].triggered.connect(lambda _checked=False, call=call: call())

    def set_enabled(self, names: Iterable[str], enabled: bool) -> None:
        for name in names:
            self._actions[name].setEnabled(enabled)

    def set_shortcuts(self, shortcuts: Mapping[str, str]) -> None:
        """Take the person's keys; what is not named keeps the usual ones."""
        self._keys = {command.name: keys_of(command, shortcuts) for command in FRAME}
        self._arm(QApplication.focusWidget())
        self.keys_changed.emit()

    @Slot(object)
    def reserve(self, keys: Iterable[str]) -> None:
        """Let these keys rest here: the place that shows has another use for them."""
        self._reserved = frozenset(keys)
        self._arm(QApplication.focusWidget())

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._arm(now)

    def _arm(self, focus: QWidget | None) -> None:
        behind = covered(focus)
        for name, keys in self._keys.items():
            off = behind and name in UNCOVERED
            acting = [key for key in keys if key not in self._reserved]
            self._actions[name].setShortcuts([] if off else frame_keys(acting, focus))

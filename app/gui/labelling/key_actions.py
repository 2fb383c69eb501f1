"""The actions of the labelling keys."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.categories import CATEGORY_KEYS
from app.gui.commands.focus import labelling_keys, set_keys
from app.gui.commands.table import LABELLING, RANKS, keys_of
from app.gui.labelling.controller import LabellingController

SINGLE_ONLY: Final = frozenset({"zoom_in", "zoom_out", "fit", "actual_size"})
# The grid moves its own cursor with these, and opens an image with Enter.
_GRID_KEYS: Final = frozenset({"Left", "Right", "Up", "Down", "Return", "Enter"})


class LabellingActions(QObject):
    """The labelling actions of ``place``, which shows the grid or the single view.

    Their keys act while ``place`` is visible in the active window; zoom keys, and keys that the grid uses
    itself, only while ``single`` is. While a text field has the focus, no key acts; buttons do.
    """

    keys_changed = Signal()

    def __init__(
        self,
        controller: LabellingController,
        place: QWidget,
        single: QWidget,
        shortcuts: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(place)
        self._specs = {spec.name: spec for spec in LABELLING}
        self._keys: dict[str, tuple[str, ...]] = {}
        calls = _calls(controller)
        self._in_place = {name: self._make(name, place, calls) for name in self._specs.keys() - SINGLE_ONLY}
        self._in_single = {name: self._make(name, single, calls) for name in self._specs}
        self._controller = controller
        self._of_categories = {key: self._make_letter(key, place) for key in CATEGORY_KEYS if key.isalpha()}
        controller.owned_keys_changed.connect(self._follow_owned_keys)
        controller.undo_changed.connect(self._describe_undo)
        controller.repeat_changed.connect(self._describe_repeat)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow_focus)
        self.set_shortcuts(shortcuts or {})

    def action(self, name: str) -> QAction:
        """The action for a button or a menu."""
        return self._in_place.get(name) or self._in_single[name]

    def keys(self, name: str) -> tuple[str, ...]:
        """All keys of an action, in Qt's portable form."""
        return self._keys[name]

    def key(self, name: str) -> str:
        """The key to show on a button; empty if there is none."""
        return next(iter(self._keys[name]), "")

    def set_shortcuts(self, shortcuts: Mapping[str, str]) -> None:
        """Set the person's keys; commands without an entry keep their defaults."""
        self._keys = {name: keys_of(spec, shortcuts) for name, spec in self._specs.items()}
        self._arm(QApplication.focusWidget())
        self.keys_changed.emit()

    def connect_view(self, name: str, call: Callable[[], None]) -> None:
        """Connect an action of the single view itself, such as zooming."""
        self._in_single[name].triggered.connect(call)

    def _make(self, name: str, owner: QWidget, calls: Mapping[str, Callable[[], object]]) -> QAction:
        spec = self._specs[name]
        action = QAction(spec.words, owner)
        action.setAutoRepeat(spec.repeats)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        if name in calls:
            action.triggered.connect(calls[name])
        owner.addAction(action)
        return action

    def _make_letter(self, key: str, owner: QWidget) -> QAction:
        """A letter that a category may own."""
        action = QAction(owner)
        action.setAutoRepeat(False)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(partial(self._controller.toggle, key))
        owner.addAction(action)
        return action

    @Slot()
    def _follow_owned_keys(self) -> None:
        self._arm(QApplication.focusWidget())

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._arm(now)

    def _arm(self, focus: QWidget | None) -> None:
        owned, taken = self._controller.owned_keys(), {key for keys in self._keys.values() for key in keys}
        for key, action in self._of_categories.items():
            set_keys(action, labelling_keys([key], focus) if key in owned - taken else [])
        for name, keys in self._keys.items():
            acting = labelling_keys(keys, focus)
            grid_keys = [key for key in acting if key in _GRID_KEYS]
            if name in SINGLE_ONLY:
                set_keys(self._in_single[name], acting)
            else:
                set_keys(self._in_place[name], [key for key in acting if key not in _GRID_KEYS])
                set_keys(self._in_single[name], grid_keys)

    @Slot(object, object)
    def _describe_undo(self, undo: str | None, redo: str | None) -> None:
        undo_words = self.tr("Undo: {change}").format(change=undo)
        redo_words = self.tr("Redo: {change}").format(change=redo)
        self._in_place["undo"].setToolTip(undo_words if undo else self.tr("There is nothing to undo"))
        self._in_place["redo"].setToolTip(redo_words if redo else self.tr("There is nothing to redo"))

    @Slot(str)
    def _describe_repeat(self, decision: str) -> None:
        words = self.tr("Repeat “{decision}”").format(decision=decision)
        self._in_place["repeat"].setToolTip(
            words if decision else self.tr("There is no decision to repeat yet")
        )


def _calls(controller: LabellingController) -> dict[str, Callable[[], object]]:
    calls: dict[str, Callable[[], object]] = {
        "previous": controller.previous,
        "next": controller.next,
        "highlight_previous": controller.highlight_previous,
        "highlight_next": controller.highlight_next,
        "accept": controller.accept,
        "reject": controller.reject,
        "unknown": controller.unknown,
        "tag": controller.ask_for_tag,
        "repeat": controller.repeat,
        "reviewed": controller.toggle_reviewed,
        "done": controller.done,
        "undo": controller.undo,
        "redo": controller.redo,
    }
    return calls | {f"toggle_{digit}": partial(controller.toggle, digit) for digit in RANKS}

"""Context menus: the same commands as the keys, with the keys printed."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.gui.widgets.key_cap import key_words
from app.gui.widgets.words import shortened

_MOST_WORDS: Final = 48
"""Letters of an item; names of categories and files may be longer."""


class Keyed(Protocol):
    """Where commands come from: CommandActions, LabellingActions."""

    def action(self, name: str) -> QAction: ...

    def key(self, name: str) -> str: ...


class ContextMenu(QMenu):
    """Made when it is asked for, deleted when it closes. Open it with open_for() or open_at()."""

    def __init__(self, parent: QWidget, words: str = "") -> None:
        super().__init__(_title(words), parent)
        if words:
            self.setAccessibleName(words)

    def add_commands(
        self, source: Keyed, names: Iterable[str], words: Mapping[str, str] | None = None
    ) -> None:
        """A group of commands, apart from what is above it. ``words`` replace the titles of some.

        They are disabled where their keys do nothing.
        """
        self.add_group()
        for name in names:
            action = source.action(name)
            text = (words or {}).get(name) or action.text()
            self.add(text, action.trigger, key=source.key(name), enabled=action.isEnabled())

    def add(self, words: str, call: Callable[[], object], *, key: str = "", enabled: bool = True) -> QAction:
        """One item that is no command, or a command with another object. ``key`` is only shown."""
        # Not the command's own action, and not as a shortcut: a key has one owner, or Qt ignores it.
        text = _title(words)
        item = self.addAction(f"{text}\t{key_words(key)}" if key else text)
        item.setToolTip(words)
        item.setEnabled(enabled)
        item.triggered.connect(lambda _checked=False: call())
        return item

    def add_group(self) -> None:
        """Set what follows apart from what is above."""
        if self.actions() and not self.actions()[-1].isSeparator():
            self.addSeparator()

    def add_submenu(self, words: str) -> "ContextMenu":
        menu = ContextMenu(self, words)
        self.addMenu(menu)
        return menu

    def words(self) -> list[str]:
        """The texts of the items, without keys."""
        return [one.text().partition("\t")[0].replace("&&", "&") for one in self.actions() if one.text()]

    def open_for(self, event: QContextMenuEvent, place: QRect | None = None) -> None:
        """Open at the pointer; asked for by key, at ``place`` (on the screen), else where the event says."""
        if self.isEmpty():
            self.deleteLater()
            return
        event.accept()
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = place.center() if by_key and place is not None else event.globalPos()
        self.open_at(at)
        if by_key:
            self.setActiveAction(next(one for one in self.actions() if one.isEnabled()))

    def open_at(self, place: QPoint) -> None:
        """``place`` is on the screen."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.popup(place)


def ask_for_menu() -> None:
    """What the key for menus does: ask the widget with the focus for its context menu."""
    focus = QApplication.focusWidget()
    if focus is None or QApplication.activePopupWidget() is not None:
        return  # some systems have opened the menu already when the key arrives
    middle = focus.rect().center()
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(focus, QContextMenuEvent(reason, middle, focus.mapToGlobal(middle)))


def _title(words: str) -> str:
    return shortened(words, _MOST_WORDS).replace("&", "&&")

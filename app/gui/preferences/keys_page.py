"""The keys of all commands, and the way to change them."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.gui.commands.table import COMMANDS, GROUPS, Command, keys_of, owner_of
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_S, SPACE_XS
from app.gui.widgets.key_cap import KeyCap, key_words
from app.gui.widgets.text import Text

_MODIFIERS: Final = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta})
_PRESS: Final = "Press the new key; Esc leaves it"


class KeyField(QLineEdit):
    """Hears one key. Looks like a field, so that the keys of the window rest meanwhile."""

    heard = Signal(str)
    """The key in portable words; empty where the person thought better of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setPlaceholderText(_PRESS)
        self.setAccessibleName(_PRESS)
        self.setMinimumWidth(theme().pixels(210))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # a key that is a shortcut already is heard here first
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._hear(event)
            return True
        return super().event(event)

    def _hear(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            return
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.heard.emit("")
            return
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ShiftModifier and event.text().strip() and not event.text().isalpha():
            held = Qt.KeyboardModifier.NoModifier  # "?" is one key, wherever it lies on the keyboard
        portable = QKeySequence.SequenceFormat.PortableText
        self.heard.emit(QKeySequence(int(held.value) | int(key)).toString(portable))


class KeyRow(QWidget):
    """One command: its keys, and the buttons that change the first of them or bring the usual ones back."""

    change_wanted = Signal()
    reset_wanted = Signal()
    heard = Signal(str)

    def __init__(self, command: Command, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.command = command
        self._caps = QHBoxLayout()
        self._caps.setSpacing(SPACE_XS)
        self.field = KeyField(self)
        self.field.heard.connect(self.heard)
        self.field.hide()
        self.change = QPushButton("Change")
        self.change.setProperty("role", "quiet")
        self.change.setAccessibleName(f"Change the key of: {command.words}")
        self.change.clicked.connect(self.change_wanted)
        self.reset = QPushButton("Reset")
        self.reset.setProperty("role", "quiet")
        self.reset.setAccessibleName(f"The usual key for: {command.words}")
        self.reset.clicked.connect(self.reset_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        label = Text(command.words)
        label.setWordWrap(True)
        row.addWidget(label, 1)
        row.addLayout(self._caps)
        row.addWidget(self.field)
        row.addWidget(self.reset)
        row.addWidget(self.change)
        self.field.installEventFilter(self)

    def show_keys(self, keys: tuple[str, ...], *, changed: bool) -> None:
        self.field.hide()
        self.change.show()
        while (item := self._caps.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for key in keys:
            self._caps.addWidget(KeyCap(key, self))
        self.reset.setVisible(changed)

    def listen(self) -> None:
        self.change.hide()
        self.reset.hide()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.FocusOut and self.field.isVisible():
            self.heard.emit("")
        return super().eventFilter(watched, event)


class KeysPage(QWidget):
    """All commands by group. A key that another command has is refused with a sentence."""

    changed = Signal(object)
    """The whole setting ``shortcuts``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shortcuts: dict[str, str] = {}
        self.problem = Text("")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._rows: dict[str, KeyRow] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        for group in GROUPS:
            layout.addSpacing(SPACE_S)
            layout.addWidget(Text(group, TypeSize.SMALL, quiet=True))
            for command in (one for one in COMMANDS if one.group == group):
                row = KeyRow(command, self)
                row.change_wanted.connect(self._listen)
                row.reset_wanted.connect(self._reset)
                row.heard.connect(self._take)
                self._rows[command.name] = row
                layout.addWidget(row)
                if command.name == "accept":
                    layout.insertWidget(0, self.problem)

    def row(self, name: str) -> KeyRow:
        return self._rows[name]

    def show_shortcuts(self, shortcuts: Mapping[str, str]) -> None:
        self._shortcuts = dict(shortcuts)
        for name, row in self._rows.items():
            row.show_keys(keys_of(row.command, self._shortcuts), changed=name in self._shortcuts)

    @Slot()
    def _listen(self) -> None:
        row = self.sender()
        if isinstance(row, KeyRow):
            self._tell("")
            row.listen()

    @Slot()
    def _reset(self) -> None:
        row = self.sender()
        if isinstance(row, KeyRow):
            self._set(row, row.command.keys, None)

    @Slot(str)
    def _take(self, key: str) -> None:
        row = self.sender()
        if not isinstance(row, KeyRow):
            return
        keys = keys_of(row.command, self._shortcuts)
        if not key or key in keys[:1]:
            row.show_keys(keys, changed=row.command.name in self._shortcuts)
            row.change.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        others = tuple(one for one in keys[1:] if one != key)
        self._set(row, (key, *others), "; ".join((key, *others)))

    def _set(self, row: KeyRow, keys: tuple[str, ...], setting: str | None) -> None:
        """Give a command these keys, kept as ``setting`` (None: the usual ones), unless one is taken."""
        name = row.command.name
        others = self._shortcuts | {name: ""}
        for key in keys:
            owner = owner_of(key, others, row.command.place)
            if owner is not None:
                self._tell(f"{key_words(key)} is the key of “{owner.words}”; give that another one first.")
                row.show_keys(keys_of(row.command, self._shortcuts), changed=name in self._shortcuts)
                return
        self._tell("")
        shortcuts = {one: text for one, text in self._shortcuts.items() if one != name}
        if setting is not None:
            shortcuts[name] = setting
        self.show_shortcuts(shortcuts)
        row.change.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit(shortcuts)

    def _tell(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

"""The keys of all commands, and buttons to change them."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.gui.commands.table import COMMANDS, GROUPS, Command, keys_of, owner_of
from app.gui.commands.texts import translated
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_S, SPACE_XS
from app.gui.widgets.key_cap import KeyCap, key_caps, key_words
from app.gui.widgets.text import Text

_MODIFIERS: Final = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta})


class KeyField(QLineEdit):
    """Reads one key. It is a text field, so that the window's keys are off meanwhile."""

    key_pressed = Signal(str)
    """The key in Qt's portable form; empty if cancelled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setPlaceholderText(self.tr("Press the new key; Esc cancels"))
        self.setAccessibleName(self.placeholderText())
        self.setMinimumWidth(theme().pixels(210))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # a key that is already a shortcut is read here first
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._read_key(event)
            return True
        return super().event(event)

    def _read_key(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            return
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.key_pressed.emit("")
            return
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ShiftModifier and event.text().strip() and not event.text().isalpha():
            held = Qt.KeyboardModifier.NoModifier  # "?" is one key, wherever it is on the keyboard
        portable = QKeySequence.SequenceFormat.PortableText
        self.key_pressed.emit(QKeySequence(int(held.value) | int(key)).toString(portable))


class KeyRow(QWidget):
    """One command: its keys, and buttons that change the first one or restore the defaults."""

    change_wanted = Signal()
    reset_wanted = Signal()
    key_pressed = Signal(str)

    def __init__(self, command: Command, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.command = command
        self._caps = QHBoxLayout()
        self._caps.setSpacing(SPACE_XS)
        self.field = KeyField(self)
        self.field.key_pressed.connect(self.key_pressed)
        self.field.hide()
        self.change = QPushButton(self.tr("Change"))
        self.change.setProperty("role", "quiet")
        self.change.setAccessibleName(self.tr("Change the key for {command}").format(command=command.words))
        self.change.clicked.connect(self.change_wanted)
        self.reset = QPushButton(self.tr("Reset"))
        self.reset.setProperty("role", "quiet")
        self.reset.setAccessibleName(self.tr("Reset the key for {command}").format(command=command.words))
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
            cap = item.widget()
            if cap is not None:
                cap.hide()
                cap.deleteLater()
        for key in key_caps(keys):
            self._caps.addWidget(KeyCap(key, self))
        self.reset.setVisible(changed)

    def ask(self) -> None:
        self.change.hide()
        self.reset.hide()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.FocusOut and self.field.isVisible():
            self.key_pressed.emit("")
        return super().eventFilter(watched, event)


class KeysPage(QWidget):
    """All commands by group. A key of another command is refused with a sentence."""

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
            layout.addWidget(Text(translated(group), TypeSize.SMALL, quiet=True))
            for command in (one for one in COMMANDS if one.group == group):
                row = KeyRow(command, self)
                row.change_wanted.connect(self._ask)
                row.reset_wanted.connect(self._reset)
                row.key_pressed.connect(self._take)
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
    def _ask(self) -> None:
        row = self.sender()
        if isinstance(row, KeyRow):
            self._show_problem("")
            row.ask()

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
        """Set the keys of a command, stored as ``setting`` (None: the defaults), unless one is taken."""
        name = row.command.name
        others = self._shortcuts | {name: ""}
        for key in keys:
            owner = owner_of(key, others, row.command.place)
            if owner is not None:
                sentence = self.tr("{key} is already used for “{command}”; change that key first.")
                self._show_problem(sentence.format(key=key_words(key), command=owner.words))
                row.show_keys(keys_of(row.command, self._shortcuts), changed=name in self._shortcuts)
                return
        self._show_problem("")
        shortcuts = {one: text for one, text in self._shortcuts.items() if one != name}
        if setting is not None:
            shortcuts[name] = setting
        self.show_shortcuts(shortcuts)
        row.change.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit(shortcuts)

    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

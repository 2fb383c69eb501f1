"""?: every key on one page, searchable."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.gui.commands.table import COMMANDS, GROUPS, Command, find
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from app.gui.widgets.key_cap import KeyCap
from app.gui.widgets.text import ElidedText, Text

_TWO_COLUMNS_FROM: Final = 560
_RANKED: Final = "toggle_"
_HINT: Final = (
    "Letters act on the images, not while you type in a field. On a keyboard with another script they are "
    "where a US keyboard has them, and the digits of the top row need no Shift."
)


class HelpPage(QWidget):
    """Made from the table of commands; ``keys`` gives the keys that a command has now."""

    change_wanted = Signal()
    """The person wants other keys."""
    left = Signal()

    def __init__(self, keys: Callable[[str], tuple[str, ...]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Keys and help")
        self._keys = keys
        self._blocks: list[QWidget] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText("Search the keys")
        self.line.setAccessibleName("Search the keys")
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._fill)
        self.change = QPushButton("Change keys…")
        self.change.clicked.connect(self.change_wanted)
        self.close_button = QPushButton("Close")
        self.close_button.clicked.connect(self.left)
        hint = Text(_HINT, TypeSize.SMALL, quiet=True)
        hint.setWordWrap(True)
        self.content = QWidget()
        self._grid = QGridLayout(self.content)
        self._grid.setContentsMargins(0, 0, SPACE_S, 0)
        self._grid.setHorizontalSpacing(SPACE_XL)
        self._grid.setVerticalSpacing(SPACE_M)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.content)
        scroll.setProperty("panel", "surface")
        self.content.setProperty("panel", "surface")
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_S)
        foot.addWidget(hint, 1)
        foot.addWidget(self.change)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(Text("Keys and help", TypeSize.TITLE))
        layout.addWidget(self.line)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)
        self.setFocusProxy(self.line)

    def rows(self) -> dict[str, list[str]]:
        """The words that show, and the keys beside them."""
        rows = [row for block in self._blocks for row in block.findChildren(_Row)]
        return {row.words: row.keys for row in rows}

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.line.clear()
        self._fill("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @Slot(str)
    def _fill(self, text: str) -> None:
        for block in self._blocks:
            self._grid.removeWidget(block)
            block.hide()
            block.deleteLater()
        found = find(text, COMMANDS)
        self._blocks = []
        for group in GROUPS:
            commands = [one for one in COMMANDS if one.group == group and one in found]
            if commands:
                self._blocks.append(self._block(group, commands))
        self._place()

    def _block(self, group: str, commands: list[Command]) -> QWidget:
        block = QWidget()
        layout = QVBoxLayout(block)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(Text(group, TypeSize.SMALL, quiet=True))
        ranked = [one for one in commands if one.name.startswith(_RANKED)]
        for command in commands:
            if command not in ranked:
                layout.addWidget(_Row(command.words, list(self._keys(command.name))))
            elif command is ranked[0]:
                # Ten rows would say the same.
                ends = [key for one in (ranked[0], ranked[-1]) for key in self._keys(one.name)[:1]]
                layout.addWidget(_Row("The ten top suggestions: yes", ends))
        return block

    def _place(self) -> None:
        columns = 2 if self.width() >= theme().pixels(_TWO_COLUMNS_FROM) else 1
        for block in self._blocks:
            self._grid.removeWidget(block)
        left, right = (self._blocks[:1], self._blocks[1:]) if columns == 2 else (self._blocks, [])
        if columns == 2 and len(self._blocks) > 2:
            left, right = [*self._blocks[:1], *self._blocks[4:]], self._blocks[1:4]
        for column, blocks in enumerate((left, right)):
            for row, block in enumerate(blocks):
                self._grid.addWidget(block, row, column, Qt.AlignmentFlag.AlignTop)
        self._grid.setRowStretch(max(len(left), len(right)), 1)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)
        for block in self._blocks:
            block.show()
        # Told to the scroll area now: it would hear of new rows only after they had been squeezed in once.
        self.content.setMinimumHeight(self._grid.totalMinimumSize().height())


class _Row(QWidget):
    """What a command does, and the caps of its keys."""

    def __init__(self, words: str, keys: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.keys = words, keys
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_XS)
        row.addWidget(ElidedText(words), 1)
        for place, key in enumerate(keys):
            if words.endswith(": yes") and place:
                row.addWidget(Text("to", TypeSize.SMALL, quiet=True))
            row.addWidget(KeyCap(key))
        if not keys:
            row.addWidget(Text("no key", TypeSize.SMALL, quiet=True))

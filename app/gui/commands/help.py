"""The help page: all keys, searchable."""

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
from app.gui.commands.texts import translated
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from app.gui.widgets.key_cap import KeyCap, key_caps
from app.gui.widgets.text import ElidedText, Text

_TWO_COLUMNS_FROM: Final = 560
_RANKED: Final = "toggle_"


class HelpPage(QWidget):
    """Lists the table of commands; ``keys`` returns the present keys of a command."""

    change_wanted = Signal()
    """The person wants other keys."""
    report_wanted = Signal()
    """The person wants to know about this computer."""
    left = Signal()

    def __init__(self, keys: Callable[[str], tuple[str, ...]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Keys and help"))
        self._keys = keys
        self._blocks: list[QWidget] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("Search commands"))
        self.line.setAccessibleName(self.tr("Search commands"))
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._fill)
        self.change = QPushButton(self.tr("Change keys…"))
        self.change.clicked.connect(self.change_wanted)
        self.report = QPushButton(self.tr("System information…"))
        self.report.clicked.connect(self.report_wanted)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.left)
        hint = Text(
            self.tr(
                "Letter keys are off while you type in a field. On keyboards for other scripts, letters are "
                "where a US keyboard has them, and the digits of the top row need no Shift."
            ),
            TypeSize.SMALL,
            quiet=True,
        )
        hint.setWordWrap(True)
        self.content = QWidget()
        self._grid = QGridLayout(self.content)
        self._grid.setContentsMargins(0, 0, SPACE_S, 0)
        self._grid.setHorizontalSpacing(SPACE_XL)
        self._grid.setVerticalSpacing(SPACE_M)
        scroll = QScrollArea()
        scroll.setAccessibleName(self.tr("Commands and their keys"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.content)
        scroll.setProperty("panel", "surface")
        self.content.setProperty("panel", "surface")
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_S)
        foot.addStretch(1)
        foot.addWidget(self.report)
        foot.addWidget(self.change)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(Text(self.tr("Keys and help"), TypeSize.TITLE))
        layout.addWidget(self.line)
        layout.addWidget(scroll, 1)
        layout.addWidget(hint)
        layout.addLayout(foot)
        self.setFocusProxy(self.line)

    def rows(self) -> dict[str, list[str]]:
        """The titles shown, with their keys."""
        rows = [row for block in self._blocks for row in block.findChildren(HelpRow)]
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
        layout.addWidget(Text(translated(group), TypeSize.SMALL, quiet=True))
        ranked = [one for one in commands if one.name.startswith(_RANKED)]
        for command in commands:
            if command not in ranked:
                layout.addWidget(HelpRow(command.words, list(self._keys(command.name))))
            elif command is ranked[0]:
                # One row instead of ten.
                ends = [key for one in (ranked[0], ranked[-1]) for key in self._keys(one.name)[:1]]
                layout.addWidget(
                    HelpRow(self.tr("Yes to a suggestion or a category"), ends, between=self.tr("to"))
                )
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
        # Otherwise the scroll area would first squeeze new rows into the old height.
        self.content.setMinimumHeight(self._grid.totalMinimumSize().height())


class HelpRow(QWidget):
    """The title of a command and its keys, with ``between`` as a word between two."""

    def __init__(self, words: str, keys: list[str], between: str = "") -> None:
        super().__init__()
        self.words, self.keys = words, keys
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_XS)
        row.addWidget(ElidedText(words), 1)
        for place, key in enumerate(key_caps(keys)):
            if between and place:
                row.addWidget(Text(between, TypeSize.SMALL, quiet=True))
            row.addWidget(KeyCap(key))
        if not keys:
            row.addWidget(Text(self.tr("no key"), TypeSize.SMALL, quiet=True))

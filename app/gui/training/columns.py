"""Columns side by side; in a narrow window one of them, chosen by buttons above."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.rule import rule
from app.gui.widgets.text import Text

WIDE: Final = 960
"""The width from which on all columns are shown, in pixels for a 13 pixel font."""
_UNBOUND: Final = 16_777_215


class Columns(QWidget):
    """Layout only. ``widths`` in pixels for a 13 pixel font; 0 for the column that takes the rest."""

    def __init__(
        self,
        title: str,
        columns: Sequence[QWidget],
        words: Sequence[str],
        widths: Sequence[int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns, self._widths, self._current = list(columns), tuple(widths), 0
        self.switches = [QPushButton(word) for word in words]
        self._group = QButtonGroup(self)
        for number, button in enumerate(self.switches):
            button.setCheckable(True)
            self._group.addButton(button, number)
        self._group.idClicked.connect(self.show_column)
        self._switch = FlowBox(self.switches)
        self._rules = [rule(upright=True) for _ in self.columns[1:]]
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, 0)
        head.setSpacing(SPACE_M)
        head.addWidget(Text(title, TypeSize.TITLE))
        head.addWidget(self._switch, 1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, (column, width) in enumerate(zip(self.columns, widths, strict=True)):
            if number:
                row.addWidget(self._rules[number - 1])
            row.addWidget(column, 0 if width else 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(head)
        layout.addLayout(row, 1)
        theme().changed.connect(self._fit)
        self._fit()

    @property
    def wide(self) -> bool:
        return self.width() >= theme().pixels(WIDE)

    @Slot(int)
    def show_column(self, number: int) -> None:
        """Choose the column shown in a narrow window."""
        self._current = number
        self._fit()

    @Slot()
    def _fit(self) -> None:
        wide = self.wide
        self._switch.setVisible(not wide)
        for line in self._rules:
            line.setVisible(wide)
        for number, (column, width) in enumerate(zip(self.columns, self._widths, strict=True)):
            column.setVisible(wide or number == self._current)
            fixed = theme().pixels(width) if wide and width else 0
            column.setMinimumWidth(fixed)
            column.setMaximumWidth(fixed or _UNBOUND)
        self.switches[self._current].setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

"""Where a file and the project disagree, and which of them counts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHeaderView, QRadioButton, QTableView, QVBoxLayout, QWidget

from app.gui.exchange.words import state_words
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_S
from app.gui.widgets.sortable_table import Column, SortableModel, set_up_table
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted

if TYPE_CHECKING:
    from app.jobs.work.label_files import Conflict

_ROWS: Final = 5
"""Shown without scrolling."""


class ConflictTable(QWidget):
    """Hidden without conflicts."""

    changed = Signal()
    """The person has chosen the other side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Text("", TypeSize.LARGE, strong=True)
        self.mine = QRadioButton(self.tr("Keep mine"))
        self.theirs = QRadioButton(self.tr("Take the file's"))
        self._sides = QButtonGroup(self)
        for side in (self.mine, self.theirs):
            self._sides.addButton(side)
        self.mine.setChecked(True)
        columns: list[Column[Conflict]] = [
            Column(self.tr("Image"), lambda one: one.image, lambda one: one.image, left=True),
            Column(self.tr("Category"), lambda one: one.category, lambda one: one.category, left=True),
            Column(self.tr("Here"), lambda one: state_words(one.project), lambda one: one.project, left=True),
            Column(
                self.tr("In the file"), lambda one: state_words(one.file), lambda one: one.file, left=True
            ),
        ]
        self.model: SortableModel[Conflict] = SortableModel(columns, 0, Qt.SortOrder.AscendingOrder, self)
        self.table = QTableView()
        self.table.setAccessibleName(self.tr("Conflicts"))
        self.table.setProperty("cells", "text")
        set_up_table(self.table, self.model)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.table.horizontalHeader()
        for at in range(len(columns)):
            stretched = QHeaderView.ResizeMode.Stretch if at == 0 else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(at, stretched)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        for widget in (self.title, self.mine, self.theirs, self.table):
            layout.addWidget(widget)
        self.theirs.toggled.connect(self.changed)
        theme().changed.connect(self._fit)
        self.hide()

    def show_conflicts(self, conflicts: "Sequence[Conflict]") -> None:
        self.title.setText(
            counted(len(conflicts), self.tr("{n} conflict"), self.tr("{n} conflicts")),
        )
        self.model.set_rows(conflicts)
        self.setVisible(bool(conflicts))
        self._fit()

    def forget(self) -> None:
        """For another file: the project's answers are kept."""
        self.mine.setChecked(True)
        self.hide()

    def _fit(self) -> None:
        rows = min(_ROWS, self.model.rowCount())
        height = self.table.horizontalHeader().sizeHint().height() + 2
        self.table.setFixedHeight(height + rows * self.table.verticalHeader().defaultSectionSize())

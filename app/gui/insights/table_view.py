"""The numbers behind a plot, as a table that screen readers can read too."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from app.domain.insights import Cell, Table
from app.gui.insights.words import COLUMNS, decimal, translated, whole
from app.gui.widgets.sortable_table import Column, SortableModel, set_up_table

Row = tuple[Cell, ...]


class InsightTable(QTableView):
    """Read only; a click on a header sorts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The numbers behind the plot"))
        self._rows: SortableModel[Row] | None = None

    def show_table(self, table: Table) -> None:
        if not table.columns:
            return
        columns = [_column(place, name) for place, name in enumerate(table.columns)]
        before, self._rows = self._rows, SortableModel(columns, 0, Qt.SortOrder.AscendingOrder, self)
        header = self.horizontalHeader()
        if before is not None:
            header.sectionClicked.disconnect(before.sort_by)
            before.deleteLater()
        self._rows.set_rows(list(table.rows))
        set_up_table(self, self._rows)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)


def _column(place: int, name: str) -> Column[Row]:
    def words(row: Row) -> str:
        cell = row[place]
        if cell is None:
            return ""
        if isinstance(cell, float):
            return decimal(cell)
        return whole(cell) if isinstance(cell, int) else cell

    return Column(translated(COLUMNS[name]), words, _key(place), left=place == 0)


def _key(place: int) -> Callable[[Row], Any]:
    def key(row: Row) -> Any:
        cell = row[place]
        return cell.casefold() if isinstance(cell, str) else cell

    return key

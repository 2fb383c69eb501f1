"""The numbers behind a plot, as a table that screen readers can read too."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from app.domain.categories import Band
from app.domain.insights import Cell, Table
from app.gui.insights.words import COLUMNS, decimal, translated, whole
from app.gui.widgets.band_glyph import BAND_RANKS, band_name
from app.gui.widgets.sortable_table import Column, SortableModel, set_up_table
from app.gui.widgets.words import date_words, moment_words

Row = tuple[Cell, ...]
_SPECIAL: Final[dict[str, Callable[[str], str]]] = {
    "band": lambda cell: band_name(Band(cell)),
    "day": lambda cell: date_words(date.fromisoformat(cell)),
    **dict.fromkeys(
        ("since", "until", "begin", "end"), lambda cell: moment_words(datetime.fromisoformat(cell))
    ),
}
"""Texts for programs, as a person reads them, by the name of their column."""


class InsightTable(QTableView):
    """Read only; a click on a header sorts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The numbers behind the plot"))
        self._names: tuple[str, ...] = ()
        self._rows: SortableModel[Row] | None = None

    def show_table(self, table: Table) -> None:
        """Other rows for the same columns stay sorted as the person chose."""
        if self._rows is not None and table.columns == self._names:
            self._rows.set_rows(table.rows)
            return
        columns = [_column(place, name) for place, name in enumerate(table.columns)]
        before, self._rows = self._rows, SortableModel(columns, 0, Qt.SortOrder.AscendingOrder, self)
        self._names = table.columns
        header = self.horizontalHeader()
        if before is not None:
            header.sectionClicked.disconnect(before.sort_by)
            before.deleteLater()
        self._rows.set_rows(table.rows)
        set_up_table(self, self._rows)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)


def _column(place: int, name: str) -> Column[Row]:
    def words(row: Row) -> str:
        cell = row[place]
        if cell is None:
            return ""
        if isinstance(cell, float):
            return decimal(cell)
        return whole(cell) if isinstance(cell, int) else special(cell)

    special = _SPECIAL.get(name, str)
    key = _band_rank(place) if name == "band" else _key(place)
    return Column(translated(COLUMNS[name]), words, key, left=place == 0)


def _band_rank(place: int) -> Callable[[Row], int]:
    return lambda row: BAND_RANKS[Band(str(row[place]))]


def _key(place: int) -> Callable[[Row], Any]:
    def key(row: Row) -> Any:
        cell = row[place]
        return cell.casefold() if isinstance(cell, str) else cell

    return key

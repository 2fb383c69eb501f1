"""The board as a table. Sorted and filtered here, so that a thousand rows stay fast."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, Qt

from app.domain.categories import Band, bands_differ
from app.domain.language import number
from app.domain.review import BoardRow
from app.gui.review.words import hidden_words, precision_words, row_words, step_words, verified_words
from app.gui.widgets import sortable_table
from app.gui.widgets.band_glyph import band_name
from app.gui.widgets.sortable_table import Index, SortableModel


class Column(IntEnum):
    NAME = 0
    BAND = 1
    YES = 2
    NO = 3
    HIDDEN = 4
    AP = 5
    VERIFIED = 6
    STEP = 7


_BANDS: Final = {Band.TAIL: 0, Band.MEDIUM: 1, Band.HEAD: 2}
_KEYS: Final[dict[Column, Callable[[BoardRow], Any]]] = {
    Column.NAME: lambda row: row.name.casefold(),
    Column.BAND: lambda row: (_BANDS[row.band], row.yes),
    Column.YES: lambda row: row.yes,
    Column.NO: lambda row: row.no,
    Column.HIDDEN: lambda row: row.estimate.hidden.middle if row.estimate and row.estimate.hidden else -1.0,
    Column.AP: lambda row: row.estimate.ap.middle if row.estimate and row.estimate.ap else -1.0,
    Column.VERIFIED: lambda row: row.verified,
    Column.STEP: lambda row: row.estimate.gain if row.estimate else 0.0,
}
_WORDS: Final[dict[Column, Callable[[BoardRow], str]]] = {
    Column.NAME: lambda row: row.name,
    Column.BAND: lambda row: band_name(row.band),
    Column.YES: lambda row: number(row.yes),
    Column.NO: lambda row: number(row.no),
    Column.HIDDEN: lambda row: hidden_words(row.estimate.hidden if row.estimate else None),
    Column.AP: lambda row: precision_words(row.estimate.ap if row.estimate else None),
    Column.VERIFIED: lambda row: verified_words(row.verified),
    Column.STEP: step_words,
}
_LEFT: Final = frozenset({Column.NAME, Column.BAND, Column.STEP})
_DESCENDING: Final = frozenset({Column.NO, Column.HIDDEN, Column.AP, Column.VERIFIED, Column.STEP})


class BoardModel(SortableModel[BoardRow]):
    """Shows BoardRows; ``per_minute`` is the person's pace in cards, None if unknown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_columns(), Column.YES, Qt.SortOrder.AscendingOrder, parent)
        self._all: dict[int, BoardRow] = {}
        self._cells: dict[tuple[int, int], tuple[BoardRow, str, bool]] = {}
        self._filter = ""
        self.per_minute: float | None = None
        self.banded = False
        """Whether the bands of the categories differ."""

    def set_rows(self, rows: Sequence[BoardRow]) -> None:
        self._all = {row.category_id: row for row in rows}
        self.banded = bands_differ(rows)
        self._filter_rows()

    def update_rows(self, rows: Sequence[BoardRow]) -> None:
        """Take new estimates; the rows stay where they are until they are sorted again."""
        self._cells.clear()
        places = {row.category_id: place for place, row in enumerate(self._rows)}
        taken = []
        for row in rows:
            self._all[row.category_id] = row
            place = places.get(row.category_id)
            if place is not None:
                self._rows[place] = row
                taken.append(place)
        if taken:
            self.dataChanged.emit(self.index(min(taken), 0), self.index(max(taken), len(Column) - 1))

    def set_filter(self, text: str) -> None:
        self._filter = text.casefold().strip()
        self._filter_rows()

    def _arrange(self, rows: Sequence[BoardRow]) -> None:
        self._cells.clear()
        super()._arrange(rows)

    def sort_again(self) -> None:
        """The estimates are complete: sort if the order depends on them."""
        if self._column in {Column.HIDDEN, Column.AP, Column.STEP}:
            self._arrange(self._rows)

    def cell(self, place: int, column: int) -> tuple[BoardRow, str, bool]:
        """The row, the text, and whether it is quiet; cached, as cells are painted often."""
        row = self._rows[place]
        key = row.category_id, column
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = row, self.columns[column].words(row), _quiet(row, column)
        return found

    def place_of(self, category_id: int | None) -> int | None:
        return next((at for at, row in enumerate(self._rows) if row.category_id == category_id), None)

    def total(self) -> int:
        return len(self._all)

    def names(self) -> list[str]:
        return [row.name for row in self._all.values()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role == Qt.ItemDataRole.ToolTipRole:
            return row_words(self._rows[index.row()], self.per_minute, banded=self.banded)
        return super().data(index, role)

    def _filter_rows(self) -> None:
        self._arrange([row for row in self._all.values() if self._filter in row.name.casefold()])


def _columns() -> list[sortable_table.Column[BoardRow]]:
    return [
        sortable_table.Column(
            title, _WORDS[column], _KEYS[column], hint, left=column in _LEFT, descending=column in _DESCENDING
        )
        for column, (title, hint) in zip(Column, _titles_and_hints(), strict=True)
    ]


def _titles_and_hints() -> list[tuple[str, str]]:
    translate = QCoreApplication.translate
    return [
        (translate("Board", "Category"), translate("Board", "Name of the category")),
        (translate("Board", "Band"), translate("Board", "Band by the number of yes labels")),
        (translate("Board", "Yes"), translate("Board", "Images labelled yes")),
        (
            translate("Board", "No"),
            translate("Board", "Images labelled no, including reviewed images without an answer"),
        ),
        (
            translate("Board", "Hidden (est.)"),
            translate(
                "Board", "Images with the category expected among the undecided ones, with a 90 % interval"
            ),
        ),
        (
            translate("Board", "Quality"),
            translate(
                "Board",
                "From 0 to 1, measured on the labelled images without the help of their own labels: 1 means "
                "that each image with the category ranks above each without it. ± is a 90 % interval.",
            ),
        ),
        (translate("Board", "Verified"), translate("Board", "Share of images decided for this category")),
        (
            translate("Board", "Next step"),
            translate("Board", "What to do next; sorted by the expected gain for your time"),
        ),
    ]


def _quiet(row: BoardRow, column: int) -> bool:
    """Unknown values are quiet."""
    if column == Column.HIDDEN:
        return row.estimate is None or row.estimate.hidden is None
    if column == Column.AP:
        return row.estimate is None or row.estimate.ap is None
    return False

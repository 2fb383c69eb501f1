"""The rows of the board as a table: sorted and filtered here, so that a thousand rows cost nothing."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.categories import Band
from app.domain.review import BoardRow
from app.gui.review.words import hidden_words, precision_words, row_words, step_words, verified_words

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class Column(IntEnum):
    NAME = 0
    BAND = 1
    YES = 2
    NO = 3
    HIDDEN = 4
    AP = 5
    VERIFIED = 6
    STEP = 7


TITLES: Final = ("Category", "Band", "Yes", "No", "Hidden (est.)", "AP", "Verified", "Next step")
HINTS: Final = (
    "Name of the category",
    "Band by the number of yes labels: tail, medium, head",
    "Images labelled yes",
    "Images labelled no; a review says no to all that it did not name",
    "Positives expected among the undecided images; in brackets where they lie with a chance of 9 in 10",
    "Average precision on the labelled images, each scored without its own label; ± covers 9 in 10",
    "Share of the images that are decided for this category",
    "What to do next; sorted by this, the most gain for the time first",
)
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
DESCENDING_FIRST: Final = frozenset({Column.NO, Column.HIDDEN, Column.AP, Column.VERIFIED, Column.STEP})


class BoardModel(QAbstractTableModel):
    """Shows BoardRows; ``per_minute`` is the person's pace, None while it is not known."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[int, BoardRow] = {}
        self._shown: list[int] = []
        self._cells: dict[tuple[int, int], tuple[BoardRow, str, bool]] = {}
        self._filter = ""
        self._column, self._order = Column.YES, Qt.SortOrder.AscendingOrder
        self.per_minute: float | None = None

    def set_rows(self, rows: Sequence[BoardRow]) -> None:
        self._rows = {row.category_id: row for row in rows}
        self._arrange()

    def update_rows(self, rows: Sequence[BoardRow]) -> None:
        """Other estimates: the rows stay where they are until they are sorted again."""
        self._cells.clear()
        places = {number: place for place, number in enumerate(self._shown)}
        for row in rows:
            self._rows[row.category_id] = row
            place = places.get(row.category_id)
            if place is not None:
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))

    def set_filter(self, text: str) -> None:
        self._filter = text.casefold().strip()
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._order = Column(column), order
        self._arrange()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def sort_again(self) -> None:
        """The estimates are complete: where the order rests on them, it is made anew."""
        if self._column in {Column.HIDDEN, Column.AP, Column.STEP}:
            self._arrange()

    def row_at(self, place: int) -> BoardRow:
        return self._rows[self._shown[place]]

    def cell(self, place: int, column: int) -> tuple[BoardRow, str, bool]:
        """The row, the words, and whether they stand back; kept, as cells are painted often."""
        key = self._shown[place], column
        found = self._cells.get(key)
        if found is None:
            row = self._rows[key[0]]
            found = self._cells[key] = row, _WORDS[Column(column)](row), _quiet(row, Column(column))
        return found

    def place_of(self, category_id: int | None) -> int | None:
        return self._shown.index(category_id) if category_id in self._shown else None

    def total(self) -> int:
        return len(self._rows)

    def _arrange(self) -> None:
        self.beginResetModel()
        self._cells.clear()
        rows = [row for row in self._rows.values() if self._filter in row.name.casefold()]
        rows.sort(key=lambda row: row.name.casefold())
        rows.sort(key=_KEYS[self._column], reverse=self._order is Qt.SortOrder.DescendingOrder)
        self._shown = [row.category_id for row in rows]
        self.endResetModel()

    # --- what Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            # A sign of our own: Qt paints its arrow over the words of a column that is aligned to the right.
            sign = "▴" if self._order is Qt.SortOrder.AscendingOrder else "▾"
            return f"{TITLES[section]} {sign}" if section == self._column else TITLES[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return HINTS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.row_at(index.row()), Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                found: Any = _WORDS[column](row)
            case Qt.ItemDataRole.TextAlignmentRole:
                found = _alignment(column)
            case Qt.ItemDataRole.ToolTipRole:
                found = row_words(row, self.per_minute)
            case _:
                found = None
        return found


_WORDS: Final[dict[Column, Callable[[BoardRow], str]]] = {
    Column.NAME: lambda row: row.name,
    Column.BAND: lambda row: row.band.value,
    Column.YES: lambda row: f"{row.yes:,}",
    Column.NO: lambda row: f"{row.no:,}",
    Column.HIDDEN: lambda row: hidden_words(row.estimate.hidden if row.estimate else None),
    Column.AP: lambda row: precision_words(row.estimate.ap if row.estimate else None),
    Column.VERIFIED: lambda row: verified_words(row.verified),
    Column.STEP: step_words,
}


def _quiet(row: BoardRow, column: Column) -> bool:
    """What is not known stands back."""
    if column is Column.HIDDEN:
        return row.estimate is None or row.estimate.hidden is None
    if column is Column.AP:
        return row.estimate is None or row.estimate.ap is None
    return False


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = (
        Qt.AlignmentFlag.AlignLeft
        if column in {Column.NAME, Column.BAND, Column.STEP}
        else Qt.AlignmentFlag.AlignRight
    )
    return side | Qt.AlignmentFlag.AlignVCenter

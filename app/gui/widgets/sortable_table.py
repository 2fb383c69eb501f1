"""Tables that are sorted by a click on a header."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QTableView

from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")
_NOWHERE: Final = QModelIndex()
_ASCENDING, _DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """``key`` sorts, rows with None last in either order. ``descending``: the order of the first click."""

    title: str
    words: Callable[[Row], str]
    key: Callable[[Row], Any]
    hint: str = ""
    left: bool = False
    descending: bool = False


class SortableModel(QAbstractTableModel, Generic[Row]):
    """Equal rows are sorted by the first column."""

    def __init__(
        self, columns: Sequence[Column[Row]], column: int, order: Qt.SortOrder, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self._rows: list[Row] = []
        self._column, self._order = column, order

    def set_rows(self, rows: Sequence[Row]) -> None:
        self._arrange(rows)

    def _arrange(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = self._sorted(rows)
        self.endResetModel()

    def _sorted(self, rows: Sequence[Row]) -> list[Row]:
        key = self.columns[self._column].key
        named = sorted(rows, key=self.columns[0].key)
        known = [row for row in named if key(row) is not None]
        known.sort(key=key, reverse=self._order is _DESCENDING)
        return known + [row for row in named if key(row) is None]

    def row_at(self, place: int) -> Row:
        return self._rows[place]

    def sort(self, column: int, order: Qt.SortOrder = _ASCENDING) -> None:
        self._column, self._order = int(column), order
        self._arrange(self._rows)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def sort_by(self, column: int) -> None:
        """As a click on the header does: the same column again reverses the order."""
        order = _DESCENDING if self.columns[column].descending else _ASCENDING
        if column == self._column:
            order = _ASCENDING if self._order is _DESCENDING else _DESCENDING
        self.sort(column, order)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            # Qt would paint its own arrow over the title of a right-aligned column.
            sign = "▴" if self._order is _ASCENDING else "▾"
            return f"{column.title} {sign}" if section == self._column else column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.hint or None
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.words(self._rows[index.row()])
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None


def _alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    return LEFT if column.left else RIGHT


def set_fonts(table: QTableView) -> None:
    """The fonts of the theme, and rows as high as they need."""
    font = theme().font(TypeSize.BODY, tabular=True)
    table.setFont(font)
    table.horizontalHeader().setFont(theme().font(TypeSize.SMALL))
    table.verticalHeader().setDefaultSectionSize(QFontMetrics(font).height() + SPACE_M)


def set_up_table(table: QTableView, model: SortableModel[Any]) -> None:
    """Rows that are chosen one at a time, no grid, headers that sort."""
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setSectionsClickable(True)
    header.setHighlightSections(False)
    header.sectionClicked.connect(model.sort_by)

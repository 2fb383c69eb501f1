"""Every category with either version: a table that is sorted by a click on a header."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.domain.categories import Band
from app.domain.training import CategoryComparison
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.training.words import UNTOLD, version_words
from app.gui.widgets.band_glyph import draw_band

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_RANKS: Final = {Band.TAIL: 0, Band.MEDIUM: 1, Band.HEAD: 2}
_GLYPH: Final = 12


class Column(IntEnum):
    NAME = 0
    BAND = 1
    YES = 2
    A = 3
    B = 4
    CHANGE = 5


def _change(row: CategoryComparison) -> float | None:
    return None if row.a is None or row.b is None else row.b - row.a


def _number(value: float | None) -> float:
    return 0.0 if value is None else value


_KEYS: Final[dict[Column, Callable[[CategoryComparison], Any]]] = {
    Column.NAME: lambda row: row.category.casefold(),
    Column.BAND: lambda row: (_RANKS[row.band], row.yes),
    Column.YES: lambda row: row.yes,
    Column.A: lambda row: _number(row.a),
    Column.B: lambda row: _number(row.b),
    Column.CHANGE: lambda row: _number(_change(row)),
}


class CategoryModel(QAbstractTableModel):
    """Shows CategoryComparisons of two versions."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[CategoryComparison] = []
        self._titles = ["Category", "Band", "Yes", "", "", "Change"]
        self._column, self._order = Column.CHANGE, Qt.SortOrder.DescendingOrder

    def set_rows(self, rows: Sequence[CategoryComparison], a: str, b: str) -> None:
        self._titles[Column.A], self._titles[Column.B] = (
            version_words(a, begins=True),
            version_words(b, begins=True),
        )
        self._arrange(rows)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._order = Column(column), order
        self._arrange(self._rows)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def sort_by(self, column: int) -> None:
        """As a click on the header: the same column again turns the order round."""
        ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        order = ascending if column in {Column.NAME, Column.BAND} else descending
        if column == self._column:
            order = ascending if self._order is descending else descending
        self.sort(column, order)

    def names(self) -> list[str]:
        return [row.category for row in self._rows]

    def _arrange(self, rows: Sequence[CategoryComparison]) -> None:
        self.beginResetModel()
        kept = sorted(rows, key=lambda row: row.category.casefold())
        kept.sort(key=_KEYS[self._column], reverse=self._order is Qt.SortOrder.DescendingOrder)
        if self._column in {Column.A, Column.B, Column.CHANGE}:
            kept.sort(key=lambda row: _change(row) is None)  # the unknown last, in any order
        self._rows = kept
        self.endResetModel()

    # --- what Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            sign = "▴" if self._order is Qt.SortOrder.AscendingOrder else "▾"
            title = self._titles[section]
            return f"{title} {sign}" if section == self._column else title
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme().colour(_colour(row, column))
        if role == Qt.ItemDataRole.DecorationRole and column == Column.BAND:
            return _glyph(row.band, theme().pixels(_GLYPH), theme().tokens.dark)
        return _words(row, column) if role == Qt.ItemDataRole.DisplayRole else None


def _words(row: CategoryComparison, column: int) -> str:
    change = _change(row)
    return {
        Column.NAME: row.category,
        Column.BAND: row.band.value,
        Column.YES: f"{row.yes:,}",
        Column.A: UNTOLD if row.a is None else f"{row.a:.3f}",
        Column.B: UNTOLD if row.b is None else f"{row.b:.3f}",
        Column.CHANGE: "" if change is None else f"{change:+.3f}",
    }[Column(column)]


def _colour(row: CategoryComparison, column: int) -> str:
    """The sign says it, the colour only helps; what is not known stands back."""
    change = _change(row)
    if column == Column.CHANGE and change is not None and abs(change) >= 0.0005:
        return "yes" if change > 0 else "no"
    unknown = column in {Column.A, Column.B} and change is None
    return "quiet" if unknown or column == Column.BAND else "text"


@lru_cache(maxsize=64)
def _glyph(band: Band, side: int, _dark: bool) -> QPixmap:
    """The glyph of a band in the colours of the theme; ``_dark`` tells the themes apart."""
    pixmap = QPixmap(2 * side, 2 * side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_band(painter, QRectF(0, 0, 2 * side, 2 * side), band)
    painter.end()
    pixmap.setDevicePixelRatio(2)
    return pixmap


def _alignment(column: int) -> Qt.AlignmentFlag:
    left = column in {Column.NAME, Column.BAND}
    side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


class CategoryTable(QTableView):
    """Numbers get the width of their widest; the name gets the rest."""

    def __init__(self, model: CategoryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Categories with either version")
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        # The cells stand under their titles, which the style sheet of the window indents.
        self.setStyleSheet(f"QTableView::item {{ padding: 0px {SPACE_S}px; }}")
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.sectionClicked.connect(model.sort_by)
        model.modelReset.connect(self._fit)
        theme().changed.connect(self._restyle)
        self._restyle()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(200), theme().pixels(140))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _restyle(self) -> None:
        font = theme().font(TypeSize.BODY, tabular=True)
        self.setFont(font)
        self.horizontalHeader().setFont(theme().font(TypeSize.SMALL))
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(font).height() + SPACE_M)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        header = self.horizontalHeader()
        small = QFontMetrics(theme().font(TypeSize.SMALL))
        body = QFontMetrics(theme().font(TypeSize.BODY, tabular=True))
        cells = body.horizontalAdvance(f"{UNTOLD}  ")
        for column, least in ((Column.YES, 420), (Column.BAND, 350)):
            self.setColumnHidden(column, self.viewport().width() < theme().pixels(least))
        header.setSectionResizeMode(Column.BAND, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(
            Column.BAND, body.horizontalAdvance("medium") + theme().pixels(_GLYPH) + 3 * SPACE_M
        )
        for column in (Column.YES, Column.A, Column.B, Column.CHANGE):
            title = str(self.model().headerData(column, Qt.Orientation.Horizontal))
            longest = small.elidedText(title, Qt.TextElideMode.ElideRight, theme().pixels(110))
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, max(small.horizontalAdvance(longest) + SPACE_M, cells) + 2 * SPACE_S)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)

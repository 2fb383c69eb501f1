"""The table of the board: band glyphs and step buttons are painted, no widget a row."""

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.review import BoardRow, Step
from app.gui.review.board_model import DESCENDING_FIRST, TITLES, BoardModel, Column, Index
from app.gui.review.words import step_words
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import RADIUS, SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.band_glyph import draw_band

_GLYPH: Final = 12
_MARK: Final = 3
_NAME, _BAND, _STEP = int(Column.NAME), int(Column.BAND), int(Column.STEP)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_GIVING_WAY: Final = ((Column.NO, 640), (Column.VERIFIED, 560), (Column.BAND, 480), (Column.AP, 420))
"""Columns that hide where the table is narrower than this, for a font of the usual size."""
_SAMPLES: Final = {
    Column.BAND: "medium",
    Column.YES: "100,000",
    Column.NO: "100,000",
    Column.HIDDEN: "~1,000 (900-1,100)",
    Column.AP: "0.00 ±0.00",
    Column.VERIFIED: "100 %",
    Column.STEP: "Find first examples",
}


class _BoardDelegate(QStyledItemDelegate):
    """Paints every cell itself: the style sheet would take twice as long."""

    def __init__(self, model: BoardModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._board, self._table = model, parent

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column, rect = index.column(), option.rect
        row, words, quiet = self._board.cell(index.row(), column)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, theme().colour("selection" if chosen else "surface"))
        if column == _BAND:
            self._paint_band(painter, rect, row)
        elif column == _STEP:
            self._paint_step(painter, rect, row, bool(state & QStyle.StateFlag.State_MouseOver))
        else:
            self._paint_words(painter, rect, words, quiet, named=column == _NAME)
        if column == _NAME and chosen and self._table.hasFocus():
            painter.fillRect(QRect(rect.left(), rect.top(), _MARK, rect.height()), theme().colour("accent"))

    def _paint_words(self, painter: QPainter, rect: QRect, words: str, quiet: bool, *, named: bool) -> None:
        painter.setFont(theme().font(TypeSize.BODY, tabular=not named))
        painter.setPen(theme().colour("quiet" if quiet else "text"))
        place = rect.adjusted(SPACE_S, 0, -SPACE_S, 0)
        if named:
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, _LEFT if named else _RIGHT, words)

    def _paint_band(self, painter: QPainter, rect: QRect, row: BoardRow) -> None:
        side = theme().pixels(_GLYPH)
        left = rect.left() + SPACE_S
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_band(painter, QRectF(left, rect.center().y() - side / 2, side, side), row.band)
        painter.setFont(theme().font(TypeSize.SMALL))
        painter.setPen(theme().colour("quiet"))
        words = QRect(left + side + SPACE_XS, rect.top(), rect.width(), rect.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, row.band.value)

    def _paint_step(self, painter: QPainter, rect: QRect, row: BoardRow, hovered: bool) -> None:
        painter.setFont(theme().font(TypeSize.BODY))
        if row.step is Step.NOTHING:
            painter.setPen(theme().colour("quiet"))
            painter.drawText(rect.adjusted(SPACE_S, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, step_words(row))
            return
        place = step_rect(rect, row)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().colour("accent" if hovered else "line"), 1))
        painter.setBrush(theme().colour("raised"))
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setPen(theme().colour("text"))
        shown = painter.fontMetrics().elidedText(
            step_words(row), Qt.TextElideMode.ElideRight, place.width() - 2 * SPACE_S
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)


def step_rect(cell: QRect, row: BoardRow) -> QRect:
    """Where the button of the next step lies in its cell."""
    metrics = QFontMetrics(theme().font(TypeSize.BODY))
    width = min(metrics.horizontalAdvance(step_words(row)) + 2 * SPACE_M, cell.width() - 2 * SPACE_XS)
    height = min(metrics.height() + SPACE_S, cell.height() - 4)
    place = QRect(0, 0, width, height)
    place.moveCenter(QPoint(0, cell.center().y()))
    place.moveLeft(cell.left() + SPACE_XS)
    return place


class BoardTable(QTableView):
    """One row a category. A click on its step, Enter or a double-click starts it."""

    step_wanted = Signal(object)
    """A BoardRow."""
    row_changed = Signal(object)
    """The current BoardRow, or None."""

    def __init__(self, model: BoardModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = model
        self._kept: int | None = None
        self.setAccessibleName("Categories")
        self.setModel(model)
        self.setItemDelegate(_BoardDelegate(model, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.sectionClicked.connect(self._sort)
        self._sorted = (Column.YES, Qt.SortOrder.AscendingOrder)
        self.activated.connect(self._activate)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._restore_place)
        theme().changed.connect(self._restyle)
        self._restyle()

    def current_row(self) -> BoardRow | None:
        index = self.currentIndex()
        return self._board.row_at(index.row()) if index.isValid() else None

    def show_category(self, category_id: int) -> bool:
        """Make a category current and visible; False where the filter hides it."""
        place = self._board.place_of(category_id)
        if place is None:
            return False
        index = self._board.index(place, Column.NAME)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def step_place(self, place: int) -> QRect:
        """Where a click starts the step of a row, in coordinates of the viewport."""
        return step_rect(self.visualRect(self._board.index(place, Column.STEP)), self._board.row_at(place))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.row_changed.emit(self.current_row())

    @Slot(int)
    def _sort(self, section: int) -> None:
        column = Column(section)
        descending, ascending = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        order = descending if column in DESCENDING_FIRST else ascending
        if self._sorted == (column, order):
            order = ascending if order is descending else descending
        self._sorted = (column, order)
        self._board.sort(section, order)

    @Slot(QModelIndex)
    def _activate(self, index: QModelIndex) -> None:
        row = self._board.row_at(index.row())
        if row.step is not Step.NOTHING:
            self.step_wanted.emit(row)

    @Slot()
    def _keep_place(self) -> None:
        row = self.current_row()
        self._kept = None if row is None else row.category_id

    @Slot()
    def _restore_place(self) -> None:
        place = self._board.place_of(self._kept)
        if place is None and self._board.rowCount():
            place = 0
        if place is not None:
            self.setCurrentIndex(self._board.index(place, Column.NAME))
        else:
            self.row_changed.emit(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        if index.isValid() and index.column() == Column.STEP and self.step_place(index.row()).contains(at):
            self._activate(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # On the button the first click has acted already.
        if self.indexAt(event.position().toPoint()).column() != Column.STEP:
            super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(220), theme().pixels(120))

    @Slot()
    def _restyle(self) -> None:
        font = theme().font(TypeSize.BODY)
        self.setFont(font)
        self.horizontalHeader().setFont(theme().font(TypeSize.SMALL))
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(font).height() + SPACE_M + SPACE_XS)
        self._fit()

    def _fit(self) -> None:
        """Numbers get the width of their widest; the name gets the rest; some give way."""
        header, metrics = self.horizontalHeader(), QFontMetrics(theme().font(TypeSize.BODY, tabular=True))
        width = self.viewport().width()
        for column, least in _GIVING_WAY:
            self.setColumnHidden(column, width < theme().pixels(least))
        small = QFontMetrics(theme().font(TypeSize.SMALL))
        for column, sample in _SAMPLES.items():
            title = small.horizontalAdvance(TITLES[column]) + theme().pixels(22)
            extra = theme().pixels(_GLYPH) if column is Column.BAND else SPACE_M
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, max(title, metrics.horizontalAdvance(sample) + extra + 2 * SPACE_S))
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)

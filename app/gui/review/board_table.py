"""The table of the board, with painted band glyphs and step buttons instead of widgets."""

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

from app.domain.categories import Band
from app.domain.review import BoardRow, Step
from app.gui.review.board_model import BoardModel, Column
from app.gui.review.words import find_words, step_words
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import RADIUS, SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.band_glyph import band_name, draw_band
from app.gui.widgets.sortable_table import LEFT, RIGHT, Index, set_up_table

_GLYPH: Final = 12
_MARK: Final = 3
_NAME, _BAND, _STEP = int(Column.NAME), int(Column.BAND), int(Column.STEP)
_HIDDEN_BELOW: Final = ((Column.NO, 640), (Column.VERIFIED, 560), (Column.BAND, 480), (Column.AP, 420))
"""The width of the table below which a column is hidden, in pixels for a 13 pixel font."""


class _BoardDelegate(QStyledItemDelegate):
    """Paints all cells itself, twice as fast as with the style sheet."""

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
        painter.drawText(place, LEFT if named else RIGHT, words)

    def _paint_band(self, painter: QPainter, rect: QRect, row: BoardRow) -> None:
        side = theme().pixels(_GLYPH)
        left = rect.left() + SPACE_S
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_band(painter, QRectF(left, rect.center().y() - side / 2, side, side), row.band)
        painter.setFont(theme().font(TypeSize.SMALL))
        painter.setPen(theme().colour("quiet"))
        words = QRect(left + side + SPACE_XS, rect.top(), rect.width(), rect.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, band_name(row.band))

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
    """The button of the next step in its cell."""
    metrics = QFontMetrics(theme().font(TypeSize.BODY))
    width = min(metrics.horizontalAdvance(step_words(row)) + 2 * SPACE_M, cell.width() - 2 * SPACE_XS)
    height = min(metrics.height() + SPACE_S, cell.height() - 4)
    place = QRect(0, 0, width, height)
    place.moveCenter(QPoint(0, cell.center().y()))
    place.moveLeft(cell.left() + SPACE_XS)
    return place


def _samples() -> dict[Column, str]:
    """Wide texts of the columns."""
    return {
        Column.BAND: max(map(band_name, Band), key=len),
        Column.YES: "100,000",
        Column.NO: "100,000",
        Column.HIDDEN: "~1,000 (900-1,100)",
        Column.AP: "0.00 ±0.00",
        Column.VERIFIED: "100 %",
        Column.STEP: find_words(),
    }


class BoardTable(QTableView):
    """One row per category. A click on its step, Enter or a double-click starts the step."""

    step_wanted = Signal(object)
    """A BoardRow."""
    row_changed = Signal(object)
    """The current BoardRow, or None."""

    def __init__(self, model: BoardModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = model
        self._kept: int | None = None
        self.setAccessibleName(self.tr("Categories"))
        set_up_table(self, model)
        self.setItemDelegate(_BoardDelegate(model, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.activated.connect(self._activate)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._restore_place)
        theme().changed.connect(self._restyle)
        self._restyle()

    def current_row(self) -> BoardRow | None:
        index = self.currentIndex()
        return self._board.row_at(index.row()) if index.isValid() else None

    def show_category(self, category_id: int) -> bool:
        """Make a category current and visible; False if the filter hides it."""
        place = self._board.place_of(category_id)
        if place is None:
            return False
        index = self._board.index(place, Column.NAME)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def step_place(self, place: int) -> QRect:
        """The button of a row's step, in coordinates of the viewport."""
        return step_rect(self.visualRect(self._board.index(place, Column.STEP)), self._board.row_at(place))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.row_changed.emit(self.current_row())

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
        # On the button, the first click has already acted.
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
        """Numbers get a fixed width, the name the rest; a narrow table hides some columns."""
        header, metrics = self.horizontalHeader(), QFontMetrics(theme().font(TypeSize.BODY, tabular=True))
        width = self.viewport().width()
        for column, least in _HIDDEN_BELOW:
            self.setColumnHidden(column, width < theme().pixels(least))
        small = QFontMetrics(theme().font(TypeSize.SMALL))
        for column, sample in _samples().items():
            title = small.horizontalAdvance(self._board.columns[column].title) + theme().pixels(22)
            extra = theme().pixels(_GLYPH) if column is Column.BAND else SPACE_M
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, max(title, metrics.horizontalAdvance(sample) + extra + 2 * SPACE_S))
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)

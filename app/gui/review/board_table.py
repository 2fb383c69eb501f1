"""The table of the board, with painted band glyphs and step buttons instead of widgets."""

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QImage,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QShowEvent,
)
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
from app.gui.widgets.painting import draw_thumbnail
from app.gui.widgets.sortable_table import LEFT, RIGHT, Index, set_up_table
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader

_GLYPH: Final = 12
_MARK: Final = 3
_NAME, _BAND, _STEP = int(Column.NAME), int(Column.BAND), int(Column.STEP)
_PICTURE: Final = 32
_WIDEST_NAME: Final = 280
_NARROW_NAME: Final = 140
_ROW: Final = 40
_HIDDEN_BELOW: Final = ((Column.NO, 640), (Column.VERIFIED, 560), (Column.BAND, 480), (Column.AP, 420))
"""The width of the table below which a column is hidden, in pixels for a 13 pixel font."""


class _BoardDelegate(QStyledItemDelegate):
    """Paints all cells itself, twice as fast as with the style sheet."""

    def __init__(self, model: BoardModel, table: "BoardTable") -> None:
        super().__init__(table)
        self._board, self._table = model, table

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
            place = rect
            if column == _NAME:
                side = theme().pixels(_PICTURE)
                square = QRect(rect.left() + SPACE_XS, rect.center().y() - side // 2 + 1, side, side)
                draw_thumbnail(painter, square, self._table.picture(row))
                place = rect.adjusted(side + SPACE_XS, 0, 0, 0)
            self._paint_words(painter, place, words, quiet, named=column == _NAME)
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
    menu_wanted = Signal(object, object, object)
    """A BoardRow, the QContextMenuEvent, and the row's QRect on the screen."""

    def __init__(self, model: BoardModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = model
        self._kept: int | None = None
        self._loader: ThumbnailLoader | None = None
        self._name_width = 0
        self.setAccessibleName(self.tr("Categories"))
        set_up_table(self, model)
        self.setItemDelegate(_BoardDelegate(model, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.activated.connect(self._activate)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._restore_place)
        model.modelReset.connect(self._fit_names)
        model.modelReset.connect(self.load)
        model.dataChanged.connect(self.load)
        self.verticalScrollBar().valueChanged.connect(self.load)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_loader(self, loader: ThumbnailLoader) -> None:
        self._loader = loader
        loader.loaded.connect(self._show_pictures)
        self.load()

    def picture(self, row: BoardRow) -> QImage | None:
        """A typical image of the category; None if there is none, or it is still being read."""
        example = None if row.estimate is None else row.estimate.example
        found = None if self._loader is None or example is None else self._loader.picture(example)
        return found if isinstance(found, QImage) and not found.isNull() else None

    @Slot()
    def load(self) -> None:
        """Ask for the pictures of the rows in view."""
        if self._loader is None or not self.isVisible():
            return
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        rows = [
            self._board.row_at(at) for at in range(first, self._board.rowCount() if last < 0 else last + 1)
        ]
        wanted = [row.estimate.example for row in rows if row.estimate and row.estimate.example is not None]
        self._loader.want(wanted, round(1.5 * theme().pixels(_PICTURE) * self.devicePixelRatioF()))

    @Slot(object)
    def _show_pictures(self, _ids: object) -> None:
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            self.setCurrentIndex(index)
            place = self.visualRect(self._board.index(index.row(), Column.NAME))
            place.moveTopLeft(self.viewport().mapToGlobal(place.topLeft()))
            self.menu_wanted.emit(self._board.row_at(index.row()), event, place)

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
        self.load()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(220), theme().pixels(120))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.load()

    @Slot()
    def _restyle(self) -> None:
        font = theme().font(TypeSize.BODY)
        self.setFont(font)
        self.horizontalHeader().setFont(theme().font(TypeSize.SMALL))
        height = max(theme().pixels(_ROW), QFontMetrics(font).height() + SPACE_M + SPACE_XS)
        self.verticalHeader().setDefaultSectionSize(height)
        self._fit_names()

    @Slot()
    def _fit_names(self) -> None:
        metrics = QFontMetrics(theme().font(TypeSize.BODY))
        title = QFontMetrics(theme().font(TypeSize.SMALL)).horizontalAdvance(
            self._board.columns[Column.NAME].title
        ) + theme().pixels(22)
        # The longest by letters is, in practice, one of the widest; a thousand need not be measured.
        longest = sorted(self._board.names(), key=len)[-20:]
        words = max(map(metrics.horizontalAdvance, longest), default=0) + 1
        width = words + theme().pixels(_PICTURE) + SPACE_XS + 2 * SPACE_S
        self._name_width = max(title, min(width, theme().pixels(_WIDEST_NAME)))
        self._fit()

    def _fit(self) -> None:
        """Columns are as wide as their content, the last one takes the rest; a narrow table hides some."""
        header, metrics = self.horizontalHeader(), QFontMetrics(theme().font(TypeSize.BODY, tabular=True))
        width = self.viewport().width()
        for column, least in _HIDDEN_BELOW:
            unneeded = column is Column.BAND and not self._board.banded
            self.setColumnHidden(column, unneeded or width < theme().pixels(least))
        small = QFontMetrics(theme().font(TypeSize.SMALL))
        widths = {Column.NAME: self._name_width}
        for column, sample in _samples().items():
            title = small.horizontalAdvance(self._board.columns[column].title) + theme().pixels(22)
            extra = theme().pixels(_GLYPH) if column is Column.BAND else SPACE_M
            widths[column] = max(title, metrics.horizontalAdvance(sample) + extra + 2 * SPACE_S)
        least_name = min(self._name_width, theme().pixels(_NARROW_NAME))
        for column, _ in _HIDDEN_BELOW:  # names and steps are worth more than numbers
            shown = (one for one in widths if not self.isColumnHidden(one))
            if sum(least_name if one is Column.NAME else widths[one] for one in shown) <= width:
                break
            self.setColumnHidden(column, True)
        columns = [column for column in widths if not self.isColumnHidden(column)]
        over = sum(widths[column] for column in columns) - width
        widths[Column.NAME] = max(theme().pixels(90), widths[Column.NAME] - max(0, over))
        for column in columns:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, widths[column])
        header.setSectionResizeMode(Column.STEP, QHeaderView.ResizeMode.Stretch)

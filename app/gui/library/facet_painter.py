"""Paints one row of the filters."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.language import number
from app.gui.library.facet_model import FacetModel, Index, row_of
from app.gui.library.facet_rows import Choice, FacetRow
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon
from app.gui.theme.tokens import RADIUS, SPACE_S, SPACE_XS
from app.gui.widgets.band_glyph import draw_band

_ICONS: Final = {Choice.WITH: "tick", Choice.WITHOUT: "close", Choice.UNKNOWN: "question"}
_COLOURS: Final = {Choice.WITH: "yes", Choice.WITHOUT: "no", Choice.UNKNOWN: "quiet"}
_HEIGHT: Final = 24
_MARK: Final = 13


class FacetPainter(QStyledItemDelegate):
    """Mark, band, title and count of a row."""

    def __init__(
        self, facets: FacetModel, under_mouse: Callable[[], QPersistentModelIndex], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._facets, self._under_mouse = facets, under_mouse

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        font = QFontMetrics(theme().font(TypeSize.BODY))
        return QSize(theme().pixels(60), max(theme().pixels(_HEIGHT), font.height() + SPACE_XS))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = row_of(index)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row is None:
            head = not index.parent().isValid()
            left = 2 if head else theme().pixels(_MARK) + 2 * SPACE_XS
            painter.setFont(theme().font(TypeSize.SMALL, strong=head))
            painter.setPen(theme().colour("quiet" if head else "accent"))
            painter.drawText(rect.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(index.data()))
            self._ring(painter, option, rect)
        else:
            mark = self._facets.marks.get(row.key)
            self._ground(painter, rect, mark, hovered=self._under_mouse() == index)
            left = rect.left() + SPACE_XS
            side = theme().pixels(_MARK)
            if mark is not None:
                place = QRectF(left, rect.center().y() + 1 - side / 2, side, side)
                draw_icon(painter, _ICONS[mark], place, theme().colour(_COLOURS[mark]))
            left += side + SPACE_XS
            if row.band is not None:
                place = QRectF(left, rect.center().y() + 1 - side / 2, side, side)
                draw_band(painter, place.adjusted(1, 1, -1, -1), row.band)
                left += side + SPACE_XS
            self._text(
                painter, row, mark, QRect(left, rect.top(), rect.right() - left - SPACE_S, rect.height())
            )
            self._ring(painter, option, rect)
        painter.restore()

    def _text(self, painter: QPainter, row: FacetRow, mark: Choice | None, room: QRect) -> None:
        if row.count is not None:
            small = theme().font(TypeSize.SMALL, tabular=True)
            count = number(row.count)
            painter.setFont(small)
            painter.setPen(theme().colour("quiet"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)
            room = room.adjusted(0, 0, -QFontMetrics(small).horizontalAdvance(count) - SPACE_S, 0)
        font = QFont(theme().font(TypeSize.BODY, strong=mark is Choice.WITH))
        font.setStrikeOut(mark is Choice.WITHOUT)
        painter.setFont(font)
        painter.setPen(theme().colour("text"))
        shown = QFontMetrics(font).elidedText(row.title, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _ground(self, painter: QPainter, rect: QRect, mark: Choice | None, *, hovered: bool) -> None:
        if mark is not None or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("selection" if mark is not None else "ground"))
            painter.drawRoundedRect(QRectF(rect).adjusted(0, 1, -SPACE_XS, -1), RADIUS - 2, RADIUS - 2)

    def _ring(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
        """Around the current row while the list has the focus."""
        state = option.state
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme().colour("accent"))
            painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 1, -SPACE_XS, -1), RADIUS - 2, RADIUS - 2)

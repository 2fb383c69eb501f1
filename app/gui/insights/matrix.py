"""Which categories are seen together: a cell for each pair."""

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QTransform

from app.domain.insights import Together
from app.domain.query import query_of
from app.gui.insights.drawing import Target, small_font_metrics
from app.gui.insights.words import percent, whole
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_S, mix

_CELL: Final = 16
_LARGEST: Final = 44
_NAME: Final = 150
_LIGHT_TEXT_FROM: Final = 0.55
"""From this share on, a number in a cell is painted in the colour for text on the accent."""


class MatrixOrder(StrEnum):
    COUNT = "count"
    NAME = "name"
    CLUSTERED = "clustered"


class TogetherMatrix:
    """``counts`` of pairs; the colour is the share of the row's images."""

    def __init__(self, together: Together, order: MatrixOrder = MatrixOrder.COUNT) -> None:
        self._together = together
        places = range(len(together.names))
        self._order: list[int] = {
            MatrixOrder.COUNT: list(places),
            MatrixOrder.NAME: sorted(places, key=lambda place: together.names[place].casefold()),
            MatrixOrder.CLUSTERED: list(together.clustered),
        }[order]

    @property
    def count(self) -> int:
        return len(self._order) ** 2

    def natural_size(self) -> QSizeF:
        side = len(self._order) * theme().pixels(_CELL)
        return QSizeF(self._left() + side + self._overhang(), self._top() + side + SPACE_S)

    def _names_width(self) -> float:
        metrics = small_font_metrics()
        widest = max((metrics.horizontalAdvance(name) for name in self._together.names), default=0)
        return float(min(theme().pixels(_NAME), widest))

    def _left(self) -> float:
        return self._names_width() + SPACE_S

    def _top(self) -> float:
        """The names above the columns lean to the right by half a right angle."""
        return (self._names_width() + small_font_metrics().height()) * 0.71 + SPACE_S

    def _overhang(self) -> float:
        return self._names_width() * 0.71 + SPACE_S

    def _cell(self, size: QSizeF) -> float:
        room = min(size.width() - self._left() - self._overhang(), size.height() - self._top() - SPACE_S)
        fitting = room / max(1, len(self._order))
        return min(max(fitting, theme().pixels(_CELL)), theme().pixels(_LARGEST))

    def _pair(self, mark: int) -> tuple[int, int]:
        row, column = divmod(mark, len(self._order))
        return self._order[row], self._order[column]

    def _share(self, row: int, column: int) -> float:
        counts = self._together.counts
        return counts[row][column] / counts[row][row] if counts[row][row] else 0.0

    def place(self, mark: int, size: QSizeF) -> QRectF:
        row, column = divmod(mark, max(1, len(self._order)))
        side = self._cell(size)
        return QRectF(self._left() + column * side, self._top() + row * side, side, side)

    def at(self, point: QPointF, size: QSizeF) -> int | None:
        side, across = self._cell(size), len(self._order)
        column = int((point.x() - self._left()) // side)
        row = int((point.y() - self._top()) // side)
        return row * across + column if 0 <= row < across and 0 <= column < across else None

    def words(self, mark: int) -> str:
        row, column = self._pair(mark)
        names, counts = self._together.names, self._together.counts
        if row == column:
            words = QCoreApplication.translate("TogetherMatrix", "{category}: {images} images")
            return words.format(category=names[row], images=whole(counts[row][row]))
        words = QCoreApplication.translate(
            "TogetherMatrix", "{category} and {other}: {images} images, {share} of those with {category}"
        )
        return words.format(
            category=names[row],
            other=names[column],
            images=whole(counts[row][column]),
            share=percent(self._share(row, column)),
        )

    def target(self, mark: int) -> Target | None:
        row, column = self._pair(mark)
        names = self._together.names
        return Target(query=query_of([names[row]] if row == column else [names[row], names[column]]))

    def step(self, mark: int, right: int, down: int) -> int:
        row, column = divmod(mark, len(self._order))
        last = len(self._order) - 1
        row, column = min(max(row + down, 0), last), min(max(column + right, 0), last)
        return row * len(self._order) + column

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        painter.setFont(theme().font(TypeSize.SMALL, tabular=True))
        clip = painter.clipBoundingRect() if painter.hasClipping() else QRectF(QPointF(0, 0), size)
        left, top, side = self._left(), self._top(), self._cell(size)
        self._draw_names(painter, left, top, side)
        numbers = side >= small_font_metrics().horizontalAdvance("888") + 4
        for row, of in enumerate(self._order):
            for column, other in enumerate(self._order):
                box = QRectF(left + column * side, top + row * side, side, side)
                if box.intersects(clip):
                    self._draw_cell(painter, box.adjusted(0.5, 0.5, -0.5, -0.5), of, other, numbers)

    def _draw_cell(self, painter: QPainter, box: QRectF, row: int, column: int, numbers: bool) -> None:
        share, count = self._share(row, column), self._together.counts[row][column]
        painter.fillRect(box, theme().colour("line") if row == column else self._colour(share))
        if numbers and count:
            strong = row != column and share >= _LIGHT_TEXT_FROM
            painter.setPen(theme().colour("on_accent" if strong else "text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _short(count))

    def _colour(self, share: float) -> QColor:
        tokens = theme().tokens
        if not share:
            return QColor(mix(tokens.ground, tokens.line, 0.35))
        return QColor(mix(tokens.surface, tokens.accent, 0.12 + 0.88 * share))

    def _draw_names(self, painter: QPainter, left: float, top: float, side: float) -> None:
        metrics, width = small_font_metrics(), left - SPACE_S
        painter.setPen(theme().colour("text"))
        for place, which in enumerate(self._order):
            name = metrics.elidedText(self._together.names[which], Qt.TextElideMode.ElideMiddle, width)
            box = QRectF(0, top + place * side, width, side)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
            painter.save()
            corner = QTransform.fromTranslate(left + (place + 0.5) * side, top - 4)
            painter.setTransform(corner.rotate(-45), combine=True)
            painter.drawText(QPointF(0, metrics.ascent() / 2 - 1), name)
            painter.restore()


def _short(number: int) -> str:
    """At most three characters, rounded down beyond."""
    if number < 1000:
        return str(number)
    thousands = QCoreApplication.translate("TogetherMatrix", "{n}k")
    return thousands.format(n=number // 1000) if number < 100_000 else "…"

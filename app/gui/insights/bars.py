"""Label counts: a row for each category, on a log scale."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from app.domain.categories import Band
from app.domain.insights import CategoryCount, LabelCounts
from app.domain.query import query_of
from app.gui.insights.drawing import Sign, Target, draw_legend, legend_height, small_font_metrics
from app.gui.insights.words import whole
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.axes import Axis
from app.gui.widgets.band_glyph import band_name, draw_band

_NO: Final = Sign(shape="cross", colour="no")
_IMPLIED: Final = Sign(shape="ring", colour="quiet")
_NAME: Final = 200
_ROW: Final = 20


class CountBars:
    """A bar for the yes labels in the colour of the band, beside its glyph; signs for the two kinds of no."""

    def __init__(self, counts: LabelCounts) -> None:
        self._rows: Sequence[CategoryCount] = counts.rows
        bands = {row.band for row in counts.rows}
        self._bands = [band for band in Band if band in bands] if len(bands) > 1 else []
        """Where all categories have one band, it says nothing."""
        most = max((max(row.yes, row.no, row.implied) for row in counts.rows), default=1)
        self._axis = Axis("", 0, max(10, most), whole, log=True)

    @property
    def count(self) -> int:
        return len(self._rows)

    def natural_size(self) -> QSizeF:
        height = self._top() + self.count * self._step() + small_font_metrics().height() + SPACE_S
        return QSizeF(theme().pixels(300), height)

    def _top(self) -> float:
        return legend_height() + small_font_metrics().height() + SPACE_XS

    def _step(self) -> float:
        return float(max(theme().pixels(_ROW), small_font_metrics().height() + 2))

    def _frame(self, size: QSizeF) -> QRectF:
        left = min(theme().pixels(_NAME), size.width() / 3) + theme().pixels(16)
        right = small_font_metrics().horizontalAdvance(whole(self._axis.high)) + SPACE_M
        return QRectF(left, self._top(), max(10.0, size.width() - left - right), self.count * self._step())

    def place(self, mark: int, size: QSizeF) -> QRectF:
        return QRectF(0, self._top() + mark * self._step(), size.width(), self._step())

    def at(self, point: QPointF, size: QSizeF) -> int | None:  # noqa: ARG002
        mark = int((point.y() - self._top()) // self._step())
        return mark if point.y() >= self._top() and 0 <= mark < self.count else None

    def words(self, mark: int) -> str:
        row = self._rows[mark]
        text = QCoreApplication.translate(
            "CountBars", "{category}, {band}: {yes} yes, {no} no, {implied} no by review"
        )
        return text.format(
            category=row.name,
            band=band_name(row.band),
            yes=whole(row.yes),
            no=whole(row.no),
            implied=whole(row.implied),
        )

    def target(self, mark: int) -> Target | None:
        return Target(query=query_of([self._rows[mark].name]))

    def step(self, mark: int, right: int, down: int) -> int:
        return min(max(mark + right + down, 0), self.count - 1)

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        frame = self._frame(size)
        self._draw_grid(painter, frame)
        translate = QCoreApplication.translate
        entries = [
            (Sign(shape="square", colour="accent"), translate("CountBars", "yes")),
            (_NO, translate("CountBars", "no")),
            (_IMPLIED, translate("CountBars", "no by review")),
        ]
        if self._bands:
            entries[:1] = [
                (Sign(band), translate("CountBars", "yes, {band}").format(band=band_name(band)))
                for band in self._bands
            ]
        draw_legend(painter, entries, size.width(), 0)
        clip = painter.clipBoundingRect() if painter.hasClipping() else QRectF(QPointF(0, 0), size)
        first = max(0, int((clip.top() - self._top()) // self._step()))
        last = int((clip.bottom() - self._top()) // self._step())
        for mark in range(first, min(last + 1, self.count)):
            self._draw_row(painter, frame, self.place(mark, size), self._rows[mark])

    def _draw_grid(self, painter: QPainter, frame: QRectF) -> None:
        painter.setFont(theme().font(TypeSize.SMALL, tabular=True))
        height = small_font_metrics().height()
        for value in self._axis.ticks(12):
            x = frame.left() + frame.width() * self._axis.share(value)
            painter.setPen(QPen(theme().colour("line"), 1))
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            painter.setPen(theme().colour("quiet"))
            place = QRectF(x - 60, frame.top() - height - 2, 120, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, whole(value))

    def _draw_row(self, painter: QPainter, frame: QRectF, place: QRectF, row: CategoryCount) -> None:
        middle, metrics = place.center().y(), small_font_metrics()
        side = theme().pixels(11)
        name = QRectF(0, place.top(), frame.left() - side - 2 * SPACE_S, place.height())
        painter.setPen(theme().colour("text"))
        shown = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
        if self._bands:
            draw_band(painter, QRectF(frame.left() - side - SPACE_S, middle - side / 2, side, side), row.band)
        width = frame.width() * self._axis.share(row.yes)
        thick = place.height() * 0.55
        colour = theme().colour(row.band.value if self._bands else "accent")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        if row.yes:
            painter.drawRoundedRect(QRectF(frame.left(), middle - thick / 2, width, thick), 2, 2)
        for value, sign in ((row.no, _NO), (row.implied, _IMPLIED)):
            if value:
                x = frame.left() + frame.width() * self._axis.share(value)
                sign.draw(painter, QPointF(x, middle), side - 2, halo=True)
        painter.setPen(theme().colour("quiet"))
        # At the right edge, where nothing is drawn over it.
        box = QRectF(frame.right() + SPACE_S, place.top(), 0, place.height())
        box.setWidth(metrics.horizontalAdvance(whole(self._axis.high)))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, whole(row.yes))

"""Charts with two axes: signs with intervals, lines and columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.gui.insights.drawing import Sign, Target, draw_legend, legend_height, small_font_metrics
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_L, SPACE_S, SPACE_XS, mix
from app.gui.widgets.axes import Axis

_SIGN: Final = 11
_NEAR: Final = 18
_COLUMN: Final = 36
_CAP: Final = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """One value. ``low`` and ``high`` of its interval, if it has one; ``series`` counts from 0."""

    x: float
    y: float
    words: str
    target: Target | None = None
    low: float | None = None
    high: float | None = None
    sign: Sign = field(default_factory=Sign)
    series: int = 0


@dataclass(frozen=True, slots=True)
class Chart:
    """``joined``: the marks of a series are joined by a line; ``columns``: from the axis up to each value,
    instead of signs; ``diagonal``: a dashed line where x equals y. ``labels``: what is written below the
    places 0, 1, ... in place of numbers."""

    x: Axis
    y: Axis
    marks: Sequence[Mark]
    joined: bool = False
    columns: bool = False
    diagonal: bool = False
    legend: Sequence[tuple[Sign, str]] = ()
    labels: Sequence[str] = ()


class XYDrawing:
    """Paints a chart. Marks are walked through from left to right, those of another series with up and
    down."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._marks = sorted(chart.marks, key=lambda mark: (mark.series, mark.x, mark.y))

    @property
    def count(self) -> int:
        return len(self._marks)

    def natural_size(self) -> QSizeF:
        return QSizeF(theme().pixels(420), theme().pixels(280))

    def _frame(self, size: QSizeF) -> QRectF:
        metrics = small_font_metrics()
        ticks = self._chart.y.ticks(5)
        widest = max((metrics.horizontalAdvance(self._chart.y.words(tick)) for tick in ticks), default=0)
        left, below = widest + SPACE_S, 2 * metrics.height() + SPACE_S
        above = legend_height() + metrics.height() + SPACE_XS
        return QRectF(
            left, above, max(20.0, size.width() - left - SPACE_L), max(20.0, size.height() - above - below)
        )

    def _point(self, x: float, y: float, frame: QRectF) -> QPointF:
        across, up = self._chart.x.share(x), self._chart.y.share(y)
        return QPointF(frame.left() + frame.width() * across, frame.bottom() - frame.height() * up)

    def place(self, mark: int, size: QSizeF) -> QRectF:
        return self._place(self._marks[mark], self._frame(size))

    def _place(self, one: Mark, frame: QRectF) -> QRectF:
        centre = self._point(one.x, one.y, frame)
        if self._chart.columns:
            wide = self._column(frame)
            return QRectF(centre.x() - wide / 2, centre.y(), wide, frame.bottom() - centre.y())
        side = theme().pixels(_SIGN)
        return QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)

    def _column(self, frame: QRectF) -> float:
        step = frame.width() / max(1.0, self._chart.x.high - self._chart.x.low)
        return max(1.0, min(step * 0.8, theme().pixels(_COLUMN)))

    def at(self, point: QPointF, size: QSizeF) -> int | None:
        frame = self._frame(size)
        near, found = float(theme().pixels(_NEAR)), None
        for mark, one in enumerate(self._marks):
            place = self._place(one, frame)
            if self._chart.columns:
                band = QRectF(place.left(), frame.top(), place.width(), frame.height())
                if band.contains(point):
                    return mark
                continue
            distance = QLineF(point, place.center()).length()
            if distance < near:
                near, found = distance, mark
        return found

    def words(self, mark: int) -> str:
        return self._marks[mark].words

    def target(self, mark: int) -> Target | None:
        return self._marks[mark].target

    def step(self, mark: int, right: int, down: int) -> int:
        if down and len({one.series for one in self._marks}) > 1:
            return self._in_other_series(mark, down)
        return min(max(mark + right + down, 0), self.count - 1)

    def _in_other_series(self, mark: int, down: int) -> int:
        here = self._marks[mark]
        wanted = here.series + (1 if down > 0 else -1)
        others = [at for at, one in enumerate(self._marks) if one.series == wanted]
        return min(others, key=lambda at: abs(self._marks[at].x - here.x), default=mark)

    # --- painting

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        frame, chart = self._frame(size), self._chart
        painter.setFont(theme().font(TypeSize.SMALL, tabular=True))
        draw_legend(painter, chart.legend, size.width() - SPACE_L, 0)
        self._draw_up(painter, frame)
        self._draw_across(painter, frame)
        if chart.diagonal:
            painter.setPen(QPen(theme().colour("quiet"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(self._point(0, 0, frame), self._point(1, 1, frame))
        if chart.joined:
            self._draw_lines(painter, frame)
        for mark in self._marks:
            self._draw_mark(painter, frame, mark)

    def _draw_up(self, painter: QPainter, frame: QRectF) -> None:
        axis, height = self._chart.y, small_font_metrics().height()
        painter.setPen(theme().colour("quiet"))
        top = QRectF(0, frame.top() - height - SPACE_S, frame.right(), height)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, axis.title)
        for value in axis.ticks(5):
            y = frame.bottom() - frame.height() * axis.share(value)
            painter.setPen(QPen(theme().colour("line"), 1))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
            painter.setPen(theme().colour("quiet"))
            place = QRectF(0, y - height / 2, frame.left() - SPACE_S, height)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, right, axis.words(value))

    def _draw_across(self, painter: QPainter, frame: QRectF) -> None:
        axis, metrics = self._chart.x, small_font_metrics()
        painter.setPen(theme().colour("quiet"))
        below = QRectF(
            frame.left(), frame.bottom() + metrics.height() + SPACE_XS, frame.width(), metrics.height()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, axis.title)
        taken = float("-inf")
        for value, text in self._texts_across():
            x = frame.left() + frame.width() * axis.share(value)
            wide = metrics.horizontalAdvance(text)
            start = min(max(x - wide / 2, 0.0), frame.right() + SPACE_L - wide)
            if start < taken + SPACE_S:
                continue
            taken = start + wide
            painter.drawText(QPointF(start, frame.bottom() + SPACE_XS + metrics.ascent()), text)

    def _texts_across(self) -> list[tuple[float, str]]:
        if self._chart.labels:
            return [(float(place), text) for place, text in enumerate(self._chart.labels)]
        return [(value, self._chart.x.words(value)) for value in self._chart.x.ticks(12)]

    def _draw_lines(self, painter: QPainter, frame: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for series in sorted({mark.series for mark in self._marks}):
            own = [mark for mark in self._marks if mark.series == series]
            colour = theme().colour(own[0].sign.colour)
            dashed = Qt.PenStyle.SolidLine if series == 0 else Qt.PenStyle.DashLine
            painter.setPen(QPen(colour, 1.4, dashed))
            painter.drawPolyline(QPolygonF([self._point(mark.x, mark.y, frame) for mark in own]))

    def _draw_mark(self, painter: QPainter, frame: QRectF, mark: Mark) -> None:
        place = self._place(mark, frame)
        if self._chart.columns:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour(mark.sign.colour))
            painter.drawRoundedRect(place, 2, 2)
            return
        if mark.low is not None and mark.high is not None:
            tokens = theme().tokens
            painter.setPen(QPen(QColor(mix(tokens.ground, tokens.quiet, 0.6)), 1))
            low, high = self._point(mark.x, mark.low, frame), self._point(mark.x, mark.high, frame)
            painter.drawLine(low, high)
            for end in (low, high):
                painter.drawLine(end - QPointF(_CAP, 0), end + QPointF(_CAP, 0))
        mark.sign.draw(painter, place.center(), place.width())

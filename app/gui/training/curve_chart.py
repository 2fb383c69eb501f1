"""Curves of a training run, painted without a plotting library."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.categories import Band
from app.domain.language import number
from app.domain.models import BANDS
from app.domain.training import CurvePoint
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_S, SPACE_XS, mix
from app.gui.training.words import band_of, band_title
from app.gui.widgets.axes import nice, rounded_up
from app.gui.widgets.band_glyph import draw_band
from app.gui.widgets.painting import smooth_painter

_TICKS: Final = 5
_DOT: Final = 2.5
_GLYPH: Final = 11
_LEAST: Final = 0.25
"""The end of the axis while all numbers are 0."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart: the name of a number of CurvePoint, and its band if it has one."""

    name: str
    band: Band | None = None

    def title(self) -> str:
        if self.name == "loss":
            return QCoreApplication.translate("Training", "Loss")
        return band_title(self.name)

    def colour(self) -> QColor:
        """The colour of the band, of text for the total, else the accent."""
        if self.band is not None:
            return theme().colour(self.band.value)
        return theme().colour("text" if self.name == "total" else "accent")


LOSS: Final = (Series("loss"),)
PRECISION: Final = tuple(Series(name, band_of(name)) for name in BANDS)


class CurveChart(QWidget):
    """All parts of a run side by side; lines are not joined, as each part starts from scratch."""

    ACCESSIBLE_ROLE = QAccessible.Role.Chart

    def __init__(
        self, series: Sequence[Series], words: str, height: int, parent: QWidget | None = None
    ) -> None:
        """``words``: the accessible name; ``height`` in pixels for a 13 pixel font."""
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._series, self._words, self._height = tuple(series), words, height
        self._points: list[CurvePoint] = []
        theme().changed.connect(self.updateGeometry)
        self.set_points(())

    def set_points(self, points: Sequence[CurvePoint]) -> None:
        self._points = list(points)
        self.setAccessibleName(self._words)
        self.setAccessibleDescription(self._described())
        self.update()

    def points(self) -> list[CurvePoint]:
        return list(self._points)

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(280), theme().pixels(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(140), theme().pixels(self._height * 2 // 3))

    def _described(self) -> str:
        if not self._points:
            return self.tr("No numbers yet")
        last = self._points[-1]
        values = [(one.title(), getattr(last, one.name)) for one in self._series]
        numbers = ", ".join(f"{title} {number(value, 3)}" for title, value in values if value is not None)
        words = self.tr("Part {part} of {parts}, epoch {epoch} of {epochs}: {numbers}")
        return words.format(
            part=last.part,
            parts=last.parts,
            epoch=last.epoch,
            epochs=last.epochs,
            numbers=numbers or self.tr("none"),
        )

    # --- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        painter.setFont(theme().font(TypeSize.SMALL, tabular=True))
        frame = self._frame(painter)
        low, high = self._range()
        self._paint_grid(painter, frame, low, high)
        if self._points:
            self._paint_parts(painter, frame)
            for series in self._series:
                self._paint_series(painter, frame, series, low, high)
        else:
            painter.setPen(theme().colour("quiet"))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, self.tr("No numbers yet"))
        painter.end()

    def _frame(self, painter: QPainter) -> QRectF:
        metrics = painter.fontMetrics()
        left, below = metrics.horizontalAdvance("0.00") + SPACE_S, metrics.height() + SPACE_XS
        above = metrics.height() / 2
        return QRectF(left, above, self.width() - left - SPACE_S, self.height() - below - above)

    def _range(self) -> tuple[float, float]:
        values = [
            value
            for point in self._points
            for one in self._series
            if (value := getattr(point, one.name)) is not None and math.isfinite(value)
        ]
        if not values:
            return 0.0, 1.0
        return 0.0, rounded_up(max(values), _TICKS) if max(values) > 0 else _LEAST

    def _paint_grid(self, painter: QPainter, frame: QRectF, low: float, high: float) -> None:
        step = nice((high - low) / _TICKS)
        height = painter.fontMetrics().height()
        for tick in range(math.floor((high - low) / step + 1e-9) + 1):
            value = low + tick * step
            y = frame.bottom() - frame.height() * (value - low) / (high - low)
            painter.setPen(QPen(theme().colour("line"), 1))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
            painter.setPen(theme().colour("quiet"))
            place = QRectF(0, y - height / 2, frame.left() - SPACE_XS, height)
            painter.drawText(place, _RIGHT, number(value, _digits(step)))

    def _paint_parts(self, painter: QPainter, frame: QRectF) -> None:
        """Where each part begins, and the fold that it leaves out."""
        parts = self._points[-1].parts
        width, metrics = frame.width() / parts, painter.fontMetrics()
        for part in range(1, parts + 1):
            x = frame.left() + (part - 1) * width
            if part > 1:
                painter.setPen(QPen(theme().colour("line"), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            current = part == self._points[-1].part
            painter.setPen(theme().colour("text" if current else "quiet"))
            place = QRectF(x, frame.bottom() + SPACE_XS, width, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, _part_words(part, parts, width, metrics))

    def _paint_series(
        self, painter: QPainter, frame: QRectF, series: Series, low: float, high: float
    ) -> None:
        colour = series.colour()
        if series.band is not None and not theme().tokens.dark:
            # A thin line on white needs a little more contrast than the band colours have.
            colour = QColor(mix(colour.name().upper(), theme().tokens.text, 0.2))
        for part in sorted({point.part for point in self._points}):
            places = [
                self._place(point, value, frame, low, high)
                for point in self._points
                if point.part == part and (value := getattr(point, series.name)) is not None
            ]
            if not places:
                continue
            painter.setPen(QPen(colour, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(places))
            painter.setBrush(colour)
            for place in places[:-1]:
                painter.drawEllipse(place, _DOT - 1, _DOT - 1)
            self._paint_end(painter, places[-1], series)

    def _paint_end(self, painter: QPainter, place: QPointF, series: Series) -> None:
        """The glyph of the band at the end of its line, so that it does not depend on colour."""
        if series.band is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(place, _DOT + 0.5, _DOT + 0.5)
            return
        side = theme().pixels(_GLYPH)
        draw_band(painter, QRectF(place.x() - side / 2, place.y() - side / 2, side, side), series.band)

    def _place(self, point: CurvePoint, value: float, frame: QRectF, low: float, high: float) -> QPointF:
        width = frame.width() / point.parts
        x = frame.left() + (point.part - 1) * width + width * point.epoch / (point.epochs + 1)
        return QPointF(x, frame.bottom() - frame.height() * (value - low) / (high - low))


_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _part_words(part: int, parts: int, width: float, metrics: QFontMetrics) -> str:
    """As long as there is room for; the last part trains on all images."""
    translate = QCoreApplication.translate
    long, short = translate("CurveChart", "fold {n}").format(n=part), str(part)
    if part == parts:
        long, short = translate("CurveChart", "all images"), translate("CurveChart", "all")
    return long if metrics.horizontalAdvance(long) + SPACE_S <= width else short


def _digits(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9))

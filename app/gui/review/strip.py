"""The distribution strip: a bar for each category on a log scale, coloured by band where these differ."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.categories import bands_differ
from app.domain.language import number
from app.domain.review import BoardRow
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_S
from app.gui.widgets.band_glyph import band_name
from app.gui.widgets.words import counted

_HEIGHT: Final = 72
_LEAST: Final = 2.0
_WIDEST: Final = 96.0
_GAPS_FROM: Final = 4.0
_NAMES_FROM: Final = 56
"""The width of a bar, in pixels for a 13 pixel font, from which its name is shown below it."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the bars are, in pixels: ``left`` of the first, ``step`` from one to the next, ``floor`` the y of
    their feet, ``room`` above it. ``top``: the upper end of the scale, a power of ten.
    """

    left: float
    step: float
    floor: float
    room: float
    top: int
    named: bool

    def level(self, yes: int) -> float:
        """The height of a number of yes labels above the floor."""
        return _LEAST + self.room * math.log1p(yes) / math.log1p(self.top)

    def bar(self, place: int, yes: int) -> QRectF:
        gap = max(1.0, self.step / 8) if self.step >= _GAPS_FROM else 0.0
        height = self.level(yes)
        left = self.left + place * self.step
        return QRectF(left, self.floor - height, max(self.step - gap, 0.75), height)


class DistributionStrip(QWidget):
    """Bars from the most yes labels to the fewest. A click chooses the category."""

    ACCESSIBLE_ROLE = QAccessible.Role.Chart
    chosen = Signal(object)
    """The id of a category."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._rows: list[BoardRow] = []
        self._current: int | None = None
        self._banded = False
        theme().changed.connect(self.updateGeometry)
        self.set_rows(())

    def set_rows(self, rows: Sequence[BoardRow]) -> None:
        self._banded = bands_differ(rows)
        self._rows = sorted(rows, key=lambda row: (-row.yes, row.name.casefold()))
        name = counted(
            len(rows), self.tr("Yes labels of {n} category"), self.tr("Yes labels of {n} categories")
        )
        self.setAccessibleName(name)
        self.update()

    def set_current(self, category_id: int | None) -> None:
        if category_id != self._current:
            self._current = category_id
            self.update()

    def bar(self, category_id: int) -> QRectF | None:
        """The bar of a category."""
        places = {row.category_id: place for place, row in enumerate(self._rows)}
        place = places.get(category_id)
        return None if place is None else self._frame().bar(place, self._rows[place].yes)

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(240), theme().pixels(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, theme().pixels(_HEIGHT) // 2)

    def _frame(self) -> "_Frame":
        """Measured once for each paint, as there may be a thousand bars."""
        metrics, most = QFontMetrics(_font()), max(1, self._rows[0].yes if self._rows else 1)
        top = int(10 ** math.ceil(math.log10(most + 1) - 1e-9))
        left = metrics.horizontalAdvance(number(top)) + SPACE_S
        step = min(_WIDEST, (self.width() - left) / max(1, len(self._rows)))
        named = step >= theme().pixels(_NAMES_FROM)
        floor = self.height() - (metrics.height() if named else 1.0)
        return _Frame(left, step, floor, floor - _LEAST - metrics.height() / 2, top, named)

    def _at(self, point: QPoint) -> BoardRow | None:
        frame = self._frame()
        place = math.floor((point.x() - frame.left) / frame.step) if self._rows else -1
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter, frame = QPainter(self), self._frame()
        painter.setFont(_font())
        metrics = QFontMetrics(_font())
        self._paint_scale(painter, frame, metrics)
        current = None
        for place, row in enumerate(self._rows):
            bar = frame.bar(place, row.yes)
            painter.fillRect(bar, theme().colour(row.band.value if self._banded else "quiet"))
            if frame.named:
                _paint_name(painter, bar, row.name, metrics)
            if row.category_id == self._current:
                current = bar
        if current is not None:
            # Marked by a shape, not only by colour.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("text"))
            x, y = current.center().x(), max(current.top() - 2, 6.0)
            painter.drawPolygon(
                [QPoint(round(x + dx), round(y + dy)) for dx, dy in ((-4, -6), (4, -6), (0, 0))]
            )
        painter.end()

    def _paint_scale(self, painter: QPainter, frame: "_Frame", metrics: QFontMetrics) -> None:
        """Lines at the powers of ten, as far apart as their numbers need."""
        last = math.inf
        for power in range(round(math.log10(frame.top)), -1, -1):
            y = frame.floor - frame.level(10**power)
            if power and abs(last - y) < metrics.height():
                continue
            last = y
            painter.setPen(QPen(theme().colour("line"), 1))
            painter.drawLine(QPointF(frame.left, y), QPointF(self.width(), y))
            painter.setPen(theme().colour("quiet"))
            place = QRectF(0, y - metrics.height() / 2, frame.left - SPACE_S, metrics.height())
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, flags, number(10**power))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().toPoint())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(row.category_id)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._at(event.pos())
            words = ""
            if row is not None:
                words = self.tr("{category}: {n} yes")
                if self._banded:
                    words = self.tr("{category}: {band}, {n} yes")
                words = words.format(category=row.name, band=band_name(row.band), n=number(row.yes))
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)


def _font() -> QFont:
    return theme().font(TypeSize.SMALL, tabular=True)


def _paint_name(painter: QPainter, bar: QRectF, name: str, metrics: QFontMetrics) -> None:
    painter.setPen(theme().colour("quiet"))
    shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, round(bar.width()))
    place = QRectF(bar.left(), bar.bottom(), bar.width(), metrics.height())
    painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, shown)

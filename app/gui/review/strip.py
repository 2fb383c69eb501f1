"""The distribution strip: a bar for each category on a log scale, coloured by band where these differ."""

import math
from collections.abc import Sequence
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
"""The width of a bar, in pixels for a 13 pixel font, from which its name stands below it."""


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
        return self._bar(places[category_id]) if category_id in places else None

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(240), theme().pixels(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, theme().pixels(_HEIGHT) // 2)

    def _font(self) -> QFont:
        return theme().font(TypeSize.SMALL, tabular=True)

    def _scale_width(self) -> float:
        """Room at the left for the numbers of the scale."""
        return QFontMetrics(self._font()).horizontalAdvance(number(self._top())) + SPACE_S

    def _top(self) -> int:
        """The upper end of the scale: a power of ten."""
        most = max(1, self._rows[0].yes if self._rows else 1)
        return int(10 ** math.ceil(math.log10(most + 1) - 1e-9))

    def _step(self) -> float:
        return min(_WIDEST, (self.width() - self._scale_width()) / max(1, len(self._rows)))

    def _named(self) -> bool:
        return self._step() >= theme().pixels(_NAMES_FROM)

    def _floor(self) -> float:
        """The y of the bars' feet."""
        return self.height() - (QFontMetrics(self._font()).height() if self._named() else 1.0)

    def _level(self, yes: int) -> float:
        """The height of a number of yes labels above the floor."""
        room = self._floor() - _LEAST - QFontMetrics(self._font()).height() / 2
        return _LEAST + room * math.log1p(yes) / math.log1p(self._top())

    def _bar(self, place: int) -> QRectF:
        step, height = self._step(), self._level(self._rows[place].yes)
        gap = max(1.0, step / 8) if step >= _GAPS_FROM else 0.0
        left = self._scale_width() + place * step
        return QRectF(left, self._floor() - height, max(step - gap, 0.75), height)

    def _at(self, point: QPoint) -> BoardRow | None:
        place = math.floor((point.x() - self._scale_width()) / self._step()) if self._rows else -1
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        self._paint_scale(painter)
        current = None
        named = self._named()
        for place, row in enumerate(self._rows):
            bar = self._bar(place)
            painter.fillRect(bar, theme().colour(row.band.value if self._banded else "quiet"))
            if named:
                self._paint_name(painter, bar, row.name)
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

    def _paint_scale(self, painter: QPainter) -> None:
        """Lines at the powers of ten, as far apart as their numbers need."""
        metrics, last = QFontMetrics(self._font()), math.inf
        painter.setFont(self._font())
        width = self._scale_width()
        for power in range(round(math.log10(self._top())), -1, -1):
            y = self._floor() - self._level(10**power)
            if power and abs(last - y) < metrics.height():
                continue
            last = y
            painter.setPen(QPen(theme().colour("line"), 1))
            painter.drawLine(QPointF(width, y), QPointF(self.width(), y))
            painter.setPen(theme().colour("quiet"))
            place = QRectF(0, y - metrics.height() / 2, width - SPACE_S, metrics.height())
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, flags, number(10**power))

    def _paint_name(self, painter: QPainter, bar: QRectF, name: str) -> None:
        metrics = QFontMetrics(self._font())
        painter.setFont(self._font())
        painter.setPen(theme().colour("quiet"))
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, round(bar.width()))
        place = QRectF(bar.left(), self._floor(), bar.width(), metrics.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, shown)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().toPoint())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(row.category_id)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._at(event.pos())
            words = ""
            if row is not None:
                told = self.tr("{category}: {n} yes")
                if self._banded:
                    told = self.tr("{category}: {band}, {n} yes")
                words = told.format(category=row.name, band=band_name(row.band), n=number(row.yes))
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

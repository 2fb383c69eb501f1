"""The distribution strip: a bar for each category on a log scale, coloured by band."""

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.review import BoardRow
from app.gui.theme import theme
from app.gui.widgets.band_glyph import band_name
from app.gui.widgets.words import counted

_HEIGHT: Final = 56
_LEAST: Final = 2.0
_WIDEST: Final = 24.0
_GAPS_FROM: Final = 4.0


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
        theme().changed.connect(self.updateGeometry)
        self.set_rows(())

    def set_rows(self, rows: Sequence[BoardRow]) -> None:
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

    def _step(self) -> float:
        return min(_WIDEST, self.width() / max(1, len(self._rows)))

    def _bar(self, place: int) -> QRectF:
        step, most = self._step(), math.log1p(max(1, self._rows[0].yes))
        height = _LEAST + (self.height() - _LEAST - 1) * math.log1p(self._rows[place].yes) / most
        gap = 1.0 if step >= _GAPS_FROM else 0.0
        return QRectF(place * step, self.height() - height, max(step - gap, 0.75), height)

    def _at(self, point: QPoint) -> BoardRow | None:
        place = int(point.x() / self._step()) if self._rows else -1
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        current = None
        for place, row in enumerate(self._rows):
            bar = self._bar(place)
            painter.fillRect(bar, theme().colour(row.band.value))
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().toPoint())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(row.category_id)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._at(event.pos())
            words = ""
            if row is not None:
                words = self.tr("{category}: {band}, {n} yes").format(
                    category=row.name, band=band_name(row.band), n=f"{row.yes:,}"
                )
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

"""The glyph of a category's band, and its translated name."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.categories import Band
from app.gui.theme import TypeSize, theme
from app.gui.widgets.painting import smooth_painter

_RIM: Final = 1.25
BAND_RANKS: Final = {Band.TAIL: 0, Band.MEDIUM: 1, Band.HEAD: 2}
"""The order of the bands in tables."""


def band_name(band: Band) -> str:
    """``head``, ``medium`` or ``tail``."""
    translate = QCoreApplication.translate
    return {
        Band.HEAD: translate("Bands", "head"),
        Band.MEDIUM: translate("Bands", "medium"),
        Band.TAIL: translate("Bands", "tail"),
    }[band]


def draw_band(painter: QPainter, rect: QRectF, band: Band) -> None:
    """A disc for head, a bar for medium, a triangle for tail, with a rim that also shows on white."""
    side = min(rect.width(), rect.height())
    box = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
    box.adjust(_RIM, _RIM, -_RIM, -_RIM)
    painter.setPen(QPen(theme().colour("quiet"), _RIM))
    painter.setBrush(theme().colour(band.value))
    if band is Band.HEAD:
        painter.drawEllipse(box.adjusted(side * 0.06, side * 0.06, -side * 0.06, -side * 0.06))
    elif band is Band.MEDIUM:
        bar = QRectF(box.x(), box.center().y() - side * 0.16, box.width(), side * 0.32)
        painter.drawRoundedRect(bar, side * 0.1, side * 0.1)
    else:
        corners = (box.center().x(), box.top()), (box.right(), box.bottom()), (box.left(), box.bottom())
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))


@lru_cache(maxsize=64)
def band_pixmap(band: Band, side: int, _dark: bool) -> QPixmap:
    """For a table; ``_dark`` keeps the colours of both themes apart in the cache."""
    pixmap = QPixmap(2 * side, 2 * side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_band(painter, QRectF(0, 0, 2 * side, 2 * side), band)
    painter.end()
    pixmap.setDevicePixelRatio(2)
    return pixmap


class BandGlyph(QWidget):
    """The band of one category; shows nothing for None (band unknown)."""

    ACCESSIBLE_ROLE = QAccessible.Role.Graphic

    def __init__(self, band: Band | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._band: Band | None = None
        self.set_band(band)
        theme().changed.connect(self.updateGeometry)

    def set_band(self, band: Band | None) -> None:
        self._band = band
        words = "" if band is None else self.tr("{band} category").format(band=band_name(band))
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        side = theme().pixels(TypeSize.LARGE)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._band is None:
            return
        painter = smooth_painter(self)
        draw_band(painter, QRectF(self.rect()), self._band)
        painter.end()

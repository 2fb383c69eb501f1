"""Helpers of painted widgets."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.gui.theme import theme
from app.gui.theme.icons import draw_icon


def smooth_painter(widget: QWidget) -> QPainter:
    """An antialiased painter on the widget; the caller ends it."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def draw_focus_ring(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The ring around what has the focus."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme().colour("accent"), 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)


def middle_of(picture: QImage, cell: QSize) -> QRect:
    """The largest centred part of a picture with the aspect ratio of the cell."""
    part = cell.scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    middle = QRect(0, 0, part.width(), part.height())
    middle.moveCenter(picture.rect().center())
    return middle


def draw_thumbnail(painter: QPainter, place: QRect, picture: QImage | None) -> None:
    """The middle of a picture in a square; a quiet sign where there is none."""
    if picture is None or picture.isNull():
        edge = place.width() * 0.2
        draw_icon(
            painter, "image", QRectF(place).adjusted(edge, edge, -edge, -edge), theme().colour("border")
        )
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, picture, middle_of(picture, place.size()))

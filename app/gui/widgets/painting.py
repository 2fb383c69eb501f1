"""Helpers of painted widgets."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.gui.theme import theme


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

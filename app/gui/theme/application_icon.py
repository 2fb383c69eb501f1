"""The icon of the application: a long tail, and a ring around its rarest category."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FILE: Final = Path(__file__).resolve().parents[3] / "resources" / "icons" / "tailspotter.svg"
SIZES: Final = (16, 24, 32, 48, 64, 128, 256)


def application_icon() -> QIcon:
    """In all SIZES. Drawn here: Qt reads an SVG file as an icon only where a plugin for it is installed."""
    renderer, result = QSvgRenderer(str(FILE)), QIcon()
    for side in SIZES:
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        result.addPixmap(pixmap)
    return result

"""A plot as PNG, SVG or CSV."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QIODevice,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    QStandardPaths,
)
from PySide6.QtGui import QImage, QPainter, QTransform
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_L, SPACE_S
from app.gui.widgets.new_file import ask_new_file

RATIO: Final = 2.0
"""Pixels of a PNG for each of the plot's, so that it is sharp in print."""
LARGEST: Final = 16_000
"""Pixels on the longer side of a PNG; larger ones cannot be opened everywhere."""
Draw = Callable[[QPainter, QSizeF, float], None]
"""(painter, size, device pixels for each pixel)"""


class FileKind(StrEnum):
    PNG = "png"
    SVG = "svg"
    CSV = "csv"


def usual_folder() -> Path:
    """The person's documents. Not the project's: that may be among images, and a plot would become one."""
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if documents.is_dir() else Path.home()


def ask_target(parent: QWidget, start: Path, kind: FileKind) -> Path | None:
    """A new file; None if the person changed their mind."""
    title = QCoreApplication.translate("InsightExport", "Save the plot")
    return ask_new_file(parent, title, start, [f".{kind.value}"])


def picture(kind: FileKind, draw: Draw, size: QSizeF, title: str) -> bytes:
    """The plot below its title, in the colours of the theme, as a file."""
    margin, head = float(SPACE_L), float(theme().pixels(TypeSize.LARGE) + SPACE_S)
    whole = QSizeF(size.width() + 2 * margin, size.height() + 2 * margin + head)

    def paint(painter: QPainter, ratio: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(QPointF(0, 0), whole), theme().colour("ground"))
        painter.setFont(theme().font(TypeSize.LARGE, strong=True))
        painter.setPen(theme().colour("text"))
        painter.drawText(QPointF(margin, margin + painter.fontMetrics().ascent()), title)
        painter.setTransform(QTransform.fromTranslate(margin, margin + head), combine=True)
        draw(painter, size, ratio)

    return _svg(whole, title, paint) if kind is FileKind.SVG else _png(whole, paint)


def _png(whole: QSizeF, paint: Callable[[QPainter, float], None]) -> bytes:
    ratio = min(RATIO, LARGEST / max(whole.width(), whole.height()))
    image = QImage((whole * ratio).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    paint(painter, ratio)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs ask for bytes, which fail
    buffer.close()
    return bytes(data.data())


def _svg(whole: QSizeF, title: str, paint: Callable[[QPainter, float], None]) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    size = QSize(round(whole.width()), round(whole.height()))
    generator.setSize(size)
    generator.setViewBox(QRectF(QPointF(0, 0), QSizeF(size)))
    generator.setTitle(title)
    painter = QPainter(generator)
    paint(painter, RATIO)
    painter.end()
    buffer.close()
    return bytes(data.data())

"""A strip of a project's pictures, as the start page shows it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter

SHOWN: Final = 4
CELL: Final = QSize(120, 90)
"""Device pixels of one picture: sharp on a screen of double density."""
GAP: Final = 4


def make_strip(pictures: Sequence[QImage]) -> bytes:
    """The first pictures side by side, each filling its cell, as a PNG; empty without pictures."""
    chosen = [one for one in pictures if not one.isNull()][:SHOWN]
    if not chosen:
        return b""
    strip = QImage(
        len(chosen) * (CELL.width() + GAP) - GAP, CELL.height(), QImage.Format.Format_ARGB32_Premultiplied
    )
    strip.fill(Qt.GlobalColor.transparent)
    painter = QPainter(strip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for place, picture in enumerate(chosen):
        target = QRect(place * (CELL.width() + GAP), 0, CELL.width(), CELL.height())
        painter.drawImage(target, picture, _middle_of(picture))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    strip.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _middle_of(picture: QImage) -> QRect:
    """The largest part round the middle that has the shape of a cell."""
    part = CELL.scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    middle = QRect(0, 0, part.width(), part.height())
    middle.moveCenter(picture.rect().center())
    return middle

"""The strip of a project's pictures that the start page shows."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter

SHOWN: Final = 4
CELL: Final = QSize(120, 90)
"""Size of one picture in device pixels: sharp on a screen with a pixel ratio of 2."""
GAP: Final = 4


def make_strip(pictures: Sequence[QImage]) -> bytes:
    """The first SHOWN pictures side by side, each cropped to its cell, as PNG; empty without pictures."""
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
        painter.drawImage(target, picture, _centre_of(picture))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    strip.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs ask for bytes, which fail
    return bytes(buffer.data().data())


def _centre_of(picture: QImage) -> QRect:
    """The largest centred part with the aspect ratio of a cell."""
    part = CELL.scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    middle = QRect(0, 0, part.width(), part.height())
    middle.moveCenter(picture.rect().center())
    return middle

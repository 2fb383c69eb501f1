"""Turns decoded rows into what the canvas paints. Runs on the loader's threads, never on the window's."""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtGui import QImage

from app.jobs.thumbnail_loader import Decoded


class RawPicture(Protocol):
    """8-bit RGB rows without padding, perhaps a reduction of a larger image."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    @property
    def rgb(self) -> bytes: ...

    @property
    def full_width(self) -> int: ...

    @property
    def full_height(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """``image`` as it is painted; ``width`` and ``height`` of the file's image, in its own pixels."""

    image: QImage
    width: int
    height: int

    @property
    def long_side(self) -> int:
        """Pixels on the longer side that are there to be painted."""
        return max(self.image.width(), self.image.height())

    @property
    def complete(self) -> bool:
        return self.long_side >= max(self.width, self.height)


def decode_picture(pixels: RawPicture, _long_side: int) -> Decoded:
    """Rows of RGB as an opaque picture in the format of the screen."""
    stride = 3 * pixels.width
    rows = QImage(pixels.rgb, pixels.width, pixels.height, stride, QImage.Format.Format_RGB888)
    # The conversion also detaches from memory that is not Qt's.
    image = rows.convertToFormat(QImage.Format.Format_RGB32)
    return Decoded(Picture(image, pixels.full_width, pixels.full_height), image.sizeInBytes())

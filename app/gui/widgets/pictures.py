"""Turns encoded bytes and RGB rows into QImages, on the loaders' threads."""

from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QImage

from app.domain.errors import KnownError
from app.gui.theme.tokens import PICTURE_RATIO
from app.jobs.pictures.thumbnail_loader import Decoded, ThumbnailLoader
from app.jobs.project.session import ProjectSession

CARD_BYTES: Final = 24 << 20
"""Two pages of cards at the largest size."""
_PNG = b"\x89PNG"


class PictureError(KnownError):
    """Bytes that are not an image."""


class RawPicture(Protocol):
    """8-bit RGB rows without padding, possibly a reduction of a larger image."""

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
    """``image``: as painted; ``width`` and ``height``: of the image in the file, in pixels."""

    image: QImage
    width: int
    height: int

    @property
    def long_side(self) -> int:
        """Decoded pixels on the longer side."""
        return max(self.image.width(), self.image.height())

    @property
    def complete(self) -> bool:
        return self.long_side >= max(self.width, self.height)


def decode_thumbnail(data: bytes, size: int) -> Decoded:
    """An encoded image as an opaque QImage that fits a cell ``size`` pixels wide. Raises PictureError."""
    # The format is named because Qt would otherwise try all readers, also SVG. That one waits for a lock of
    # Qt's signals while holding the GIL: a deadlock with a thread that holds that lock and waits for the GIL.
    kind = "PNG" if data.startswith(_PNG) else "JPEG"
    image = QImage.fromData(data, kind)  # type: ignore[arg-type]  # the stubs ask for bytes, which fail
    if image.isNull():
        raise PictureError(QCoreApplication.translate("Pictures", "its stored thumbnail is damaged"))
    place = QSize(size, round(size * PICTURE_RATIO))
    fitted = image.size().scaled(place, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    if fitted != image.size():
        image = image.scaled(
            fitted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    converted = _screen_format(image)
    return Decoded(converted, converted.sizeInBytes())


def card_loader(session: ProjectSession) -> ThumbnailLoader:
    """A loader of thumbnails for cards of the open project; the caller closes it."""
    return ThumbnailLoader(
        session.thumbnail,
        decode_thumbnail,
        cache_bytes=CARD_BYTES,
        threads=2,
    )


def decode_picture(pixels: RawPicture, _long_side: int) -> Decoded:
    """RGB rows as an opaque picture in the format of the screen."""
    stride = 3 * pixels.width
    rows = QImage(pixels.rgb, pixels.width, pixels.height, stride, QImage.Format.Format_RGB888)
    image = _screen_format(rows)
    return Decoded(Picture(image, pixels.full_width, pixels.full_height), image.sizeInBytes())


def _screen_format(image: QImage) -> QImage:
    # Painting is then a copy of rows. The conversion also detaches from memory that is not Qt's.
    return image.convertToFormat(QImage.Format.Format_RGB32)

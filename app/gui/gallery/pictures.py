"""Turns what the services fetch into QImages. Runs on the loader's threads, never on the window's."""

from typing import Final, Protocol

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from app.domain.errors import KnownError
from app.gui.gallery.geometry import PICTURE_RATIO
from app.jobs.project_session import ProjectSession
from app.jobs.thumbnail_loader import Decoded, ThumbnailLoader

CARD_BYTES: Final = 24 << 20
"""Two pages of cards at the largest size."""
_PNG = b"\x89PNG"


class PictureError(KnownError):
    """Bytes that are no picture."""


class RawPicture(Protocol):
    """8-bit RGB rows without padding."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    @property
    def rgb(self) -> bytes: ...


def decode_thumbnail(data: bytes, size: int) -> Decoded:
    """An encoded picture as an opaque QImage that fits the place of a cell ``size`` pixels wide.

    Raises PictureError.
    """
    # Named, because Qt would else ask every reader in turn, also that for SVG. That one waits for a lock of
    # Qt's signals while it holds Python's, and a thread that has the first and wants the second ends all.
    image = QImage.fromData(data, "PNG" if data.startswith(_PNG) else "JPEG")
    if image.isNull():
        raise PictureError("the picture that was kept for it is damaged")
    place = QSize(size, round(size * PICTURE_RATIO))
    fitted = image.size().scaled(place, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    if fitted != image.size():
        image = image.scaled(
            fitted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    return _decoded(image)


def card_loader(session: ProjectSession, known_errors: tuple[type[Exception], ...]) -> ThumbnailLoader:
    """Pictures for cards of the open project; whoever makes it closes it."""
    return ThumbnailLoader(
        session.thumbnail,
        decode_thumbnail,
        cache_bytes=CARD_BYTES,
        threads=2,
        known_errors=known_errors,
    )


def decode_pixels(pixels: RawPicture, _size: int) -> Decoded:
    """Plain rows of RGB as an opaque QImage of the same size."""
    stride = 3 * pixels.width
    image = QImage(pixels.rgb, pixels.width, pixels.height, stride, QImage.Format.Format_RGB888)
    return _decoded(image)


def _decoded(image: QImage) -> Decoded:
    # The format of the screen: painting then copies rows. The conversion also detaches from foreign memory.
    converted = image.convertToFormat(QImage.Format.Format_RGB32)
    return Decoded(converted, converted.sizeInBytes())

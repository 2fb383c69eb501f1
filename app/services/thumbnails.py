"""Small pictures of the project's images, made once and kept; and whole images for the single view."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image as Pillow

from app.domain.errors import KnownError
from app.domain.images import Image, ImageState
from app.storage import images
from app.storage.database import Database
from app.storage.thumbnails import ThumbnailStore
from cprfl_core.errors import ImageError
from cprfl_core.images import open_image

BUCKETS: Final = (320, 640)
"""Long sides in pixels at which pictures are kept; the larger one serves screens with small pixels."""

QUALITY: Final = 80
# Blocks of JPEG show on pictures this small, and a lossless one costs nothing.
_LOSSLESS_SIDE: Final = 96
_REDUCING_GAP: Final = 2.0


class ThumbnailError(KnownError):
    """An image that cannot be shown; the text is the reason and follows a file name."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """An upright image, 8-bit RGB, row-major without padding: ``len(rgb) == 3 * width * height``.

    ``full_width`` and ``full_height`` are the size of the file's image, of which this may be a reduction.
    """

    width: int
    height: int
    rgb: bytes
    full_width: int
    full_height: int


class ThumbnailService:
    """Pictures of one project's images by image number. Safe to call from several threads."""

    def __init__(self, db: Database, store: ThumbnailStore) -> None:
        self._db = db
        self._store = store

    def thumbnail(self, image_id: int, long_side: int) -> bytes:
        """An encoded picture (JPEG or PNG) with at least ``long_side`` pixels, where image and buckets allow.

        Of a missing file the picture that was kept is given. Raises ThumbnailError with the reason.
        """
        bucket = next((bucket for bucket in BUCKETS if bucket >= long_side), BUCKETS[-1])
        image, path = self._place(image_id)
        if image.content_hash is not None:
            kept = self._store.get(image.content_hash, bucket)
            if kept is not None:
                return kept
        data = encode_thumbnail(_open(image, path, (bucket, bucket)), bucket)
        if image.content_hash is not None and _unchanged(image, path):
            self._store.put(image.content_hash, bucket, data)
        return data

    def pixels(self, image_id: int, long_side: int) -> Pixels:
        """The image itself, reduced to at most ``long_side`` pixels on its longer side.

        Raises ThumbnailError with the reason.
        """
        image, path = self._place(image_id)
        picture = _open(image, path, (long_side, long_side))
        full = (image.width or picture.width, image.height or picture.height)
        picture = _reduce(picture, long_side)
        return Pixels(picture.width, picture.height, picture.tobytes(), *full)

    def _place(self, image_id: int) -> tuple[Image, Path]:
        with self._db.read() as session:
            image = images.get(session, image_id)
            return image, images.absolute(session, image)


def encode_thumbnail(picture: Pillow.Image, long_side: int) -> bytes:
    """Reduce an RGB image to ``long_side`` and encode it; a smaller one keeps its size."""
    small = _reduce(picture, long_side)
    stream = io.BytesIO()
    if max(small.size) <= _LOSSLESS_SIDE:
        small.save(stream, "PNG")
    else:
        small.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


def _reduce(picture: Pillow.Image, long_side: int) -> Pillow.Image:
    scale = long_side / max(picture.size)
    if scale >= 1:
        return picture
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return picture.resize((width, height), Pillow.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)


def _open(image: Image, path: Path, draft: tuple[int, int]) -> Pillow.Image:
    if image.state is ImageState.UNREADABLE:
        raise ThumbnailError(image.problem or "cannot be read")
    try:
        return open_image(path, draft=draft)
    except ImageError as error:
        if image.state is ImageState.MISSING or not path.exists():
            raise ThumbnailError(f"the file is missing ({path})") from error
        raise ThumbnailError(error.reason) from error


def _unchanged(image: Image, path: Path) -> bool:
    """Whether the file is still the one whose hash is known; the picture of another must not be kept."""
    try:
        found = path.stat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (image.size, image.mtime_ns)

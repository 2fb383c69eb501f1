"""Thumbnails of the project's images, made once and cached."""

import io
from pathlib import Path
from typing import Final

from PIL import Image as Pillow

from app.domain.images import Image
from app.services.images.pictures import open_picture
from app.services.project.project import Project
from app.storage import images
from app.storage.database import Database
from app.storage.thumbnails import DEFAULT_MAX_BYTES, ThumbnailStore

BUCKETS: Final = (320, 640)
"""Long sides in pixels of cached thumbnails; the larger one is for high-density screens."""

QUALITY: Final = 80
# JPEG blocks are visible in pictures this small, and a lossless one is small too.
_LOSSLESS_SIDE: Final = 96
_REDUCING_GAP: Final = 2.0


class ThumbnailService:
    """Thumbnails of one project's images by image number. Safe to call from several threads."""

    def __init__(self, db: Database, store: ThumbnailStore) -> None:
        self._db = db
        self._store = store

    def thumbnail(self, image_id: int, long_side: int) -> bytes:
        """An encoded picture (JPEG or PNG) with at least ``long_side`` pixels, where image and buckets allow.

        For a missing file this is the cached picture. Raises PictureError with the reason.
        """
        bucket = next((bucket for bucket in BUCKETS if bucket >= long_side), BUCKETS[-1])
        image, path = self._place(image_id)
        if image.content_hash is not None:
            kept = self._store.get(image.content_hash, bucket)
            if kept is not None:
                return kept
        data = encode_thumbnail(open_picture(image, path, (bucket, bucket)), bucket)
        if image.content_hash is not None and _unchanged(image, path):
            self._store.put(image.content_hash, bucket, data)
        return data

    def _place(self, image_id: int) -> tuple[Image, Path]:
        with self._db.read() as session:
            image = images.get(session, image_id)
            return image, images.absolute(session, image)


class ProjectThumbnails:
    """The thumbnail service of an open project with its store; close it before the project."""

    def __init__(self, project: Project, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self._store = ThumbnailStore(
            project.layout.thumbnails, max_bytes=max_bytes, read_only=project.read_only is not None
        )
        self.service = ThumbnailService(project.db, self._store)

    def close(self) -> None:
        self._store.close()


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


def _unchanged(image: Image, path: Path) -> bool:
    """Whether the file is still the one that was hashed; no other may be cached under that hash."""
    try:
        found = path.stat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (image.size, image.mtime_ns)

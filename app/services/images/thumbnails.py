"""Thumbnails of the project's images, made once and cached."""

from pathlib import Path

from app.domain.images import Image
from app.services.images.pictures import draft_size, open_picture
from app.services.project.project import Project
from app.storage import images
from app.storage.database import Database
from app.storage.thumbnails import BUCKETS, DEFAULT_MAX_BYTES, ThumbnailStore
from cprfl_core.images.thumbnail import encode_thumbnail


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
        draft = draft_size(image.width or bucket, image.height or bucket, bucket)
        data = encode_thumbnail(open_picture(image, path, draft), bucket)
        if image.content_hash is not None and images.unchanged(image, path):
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

"""Keeps the thumbnails that the worker makes of the pictures it decodes for the model anyway."""

import base64
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from app.domain.images import Image
from app.services.project.project import Project
from app.services.settings import thumbnail_bytes
from app.storage import images
from app.storage.thumbnails import BUCKETS, ThumbnailStore

BATCH: Final = 32
_SIDE: Final = BUCKETS[0]
TYPICAL_BYTES: Final = 20 << 10
"""Of a thumbnail; 18 kB on average for photographs."""


class IndexThumbnails:
    """Call wanted() before a part of a run, take() for each thumbnail in it, and flush() after it."""

    def __init__(self, project: Project) -> None:
        self._store = ThumbnailStore(project.layout.thumbnails, max_bytes=thumbnail_bytes())
        self._taken: dict[str, bytes] = {}
        self._folder = project.folder

    def close(self) -> None:
        self.flush()
        self._store.close()

    def wanted(self, part: Sequence[Image], spared: int) -> Mapping[int, int]:
        """Long side in pixels by image id, for the images without a kept thumbnail; only as many as fit.

        They take at most half of the free disk space after ``spared`` bytes, which the features need.
        """
        if not self._store.writable:
            return {}
        kept = self._store.hashes(_SIDE, [one.content_hash for one in part if one.content_hash])
        lacking = [one for one in part if one.content_hash not in kept]
        room, disk = self._store.room(), shutil.disk_usage(self._folder)
        if disk.total:  # some network drives report a size of 0
            room = min(room, (disk.free - spared) // 2)
        fitting = lacking[: max(0, room) // TYPICAL_BYTES]
        return {one.id: min(_SIDE, max(one.width or _SIDE, one.height or _SIDE)) for one in fitting}

    def take(self, image: Image, path: Path, data: str) -> None:
        """Keep the base64 ``data`` of a thumbnail, unless the file is no longer the one that was scanned."""
        if image.content_hash is None or not images.unchanged(image, path):
            return
        self._taken[image.content_hash] = base64.b64decode(data)
        if len(self._taken) >= BATCH:
            self.flush()

    def flush(self) -> None:
        taken, self._taken = self._taken, {}
        if taken and self._store.room() > sum(map(len, taken.values())):
            self._store.put_all(taken, _SIDE)

"""Updates the content hashes of a project from an earlier version that decoded some files differently."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from app.domain.errors import CancelledError
from app.domain.images import Image, ImageState
from app.domain.language import translated
from app.domain.progress import StopCheck
from app.services.images.file_content import read_content, reader_threads
from app.services.images.file_walk import STOPPED, FoundFile
from app.storage import images, settings
from cprfl_core.common.errors import ImageError
from cprfl_core.images.reading import LATEST_READING, read_header

if TYPE_CHECKING:
    from app.services.project.project import Project

READING_SETTING = "reading"

_BATCH: Final = 500
# JPEG is left out: hardly one file in a million is affected, and finding it would mean opening all of them.
_UNAFFECTED: Final = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".bmp"})


def renew_readings(project: "Project", should_stop: StopCheck | None) -> None:
    """Once after an update: give images that are now decoded differently a new content hash.

    Their features and thumbnails are then computed again; their labels stay. Images that could not be decoded
    are tried again. Opens only files that may be affected. Raises CancelledError; the next call starts over.
    """
    with project.db.read() as s:
        if settings.get(s, READING_SETTING, 0) >= LATEST_READING:
            return
        known, roots = images.all_images(s), images.roots(s)
    hashed = [image for image in known if image.content_hash is not None]
    unreadable = [image for image in hashed if image.state is ImageState.UNREADABLE]
    usable = [image for image in hashed if image.state is ImageState.OK and _may_be_affected(image)]

    def renewed(image: Image) -> str | None:
        """The new hash of an image whose file is unchanged; None if the old one is right, or unknown."""
        absolute = str(roots[image.root_id] / image.path)
        file = FoundFile(image.root_id, image.path, absolute, image.size, image.mtime_ns)
        try:
            status = os.stat(absolute)  # noqa: PTH116  # as in the walk
            same = (status.st_size, status.st_mtime_ns) == (image.size, image.mtime_ns)
            return read_content(file).content_hash if same and read_header(absolute).reading else None
        except (OSError, ImageError):  # the scan that follows reports it
            return None

    with ThreadPoolExecutor(reader_threads(), "reading") as pool:
        for start in range(0, len(usable), _BATCH):
            if should_stop is not None and should_stop():
                raise CancelledError(translated("Images", STOPPED))
            batch = usable[start : start + _BATCH]
            _record(project, batch, list(pool.map(renewed, batch)))
    with project.db.write() as s:
        images.update_many(
            s, [{"id": one.id, "state": ImageState.OK.value, "problem": None} for one in unreadable]
        )
        settings.set(s, READING_SETTING, LATEST_READING)


def _may_be_affected(image: Image) -> bool:
    return PurePosixPath(image.path).suffix.lower() not in _UNAFFECTED


def _record(project: "Project", batch: Sequence[Image], hashes: Sequence[str | None]) -> None:
    changed = [
        {"id": image.id, "content_hash": new}
        for image, new in zip(batch, hashes, strict=True)
        if new is not None and new != image.content_hash
    ]
    with project.db.write() as s:
        images.update_many(s, changed)

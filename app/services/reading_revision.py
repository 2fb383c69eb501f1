"""Brings a project up to date that an earlier version filled, where files are now read in another way."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from app.domain.errors import CancelledError
from app.domain.images import Image, ImageState
from app.domain.progress import StopCheck
from app.services.file_matching import FileContent
from app.services.file_walk import STOPPED, FoundFile
from app.storage import images, settings
from cprfl_core.errors import ImageError
from cprfl_core.images import LATEST_READING, read_header

if TYPE_CHECKING:
    from app.services.project import Project

READING_SETTING = "reading"

_PORTION: Final = 500
# JPEG is left out: hardly one in a million is concerned, and to find it every file would have to be opened.
_NOT_LOOKED_AT: Final = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".webp"})


def renew_readings(
    project: "Project", read_content: Callable[[FoundFile], FileContent], should_stop: StopCheck | None
) -> None:
    """Once after an update: images that are read in another way get a new content hash.

    So their features and thumbnails are made again; their labels stay. Images that could not be decoded are
    tried again. Opens the files that may be concerned, no others. Raises CancelledError; the next call does
    it again.
    """
    with project.db.read() as s:
        if settings.get(s, READING_SETTING, 0) >= LATEST_READING:
            return
        known, roots = images.all_images(s), images.roots(s)
    hashed = [image for image in known if image.content_hash is not None]
    unreadable = [image for image in hashed if image.state is ImageState.UNREADABLE]
    usable = [image for image in hashed if image.state is ImageState.OK and _may_be_concerned(image)]

    def renewed(image: Image) -> str | None:
        """The hash of today of an image whose file is as it was."""
        absolute = str(roots[image.root_id] / image.path)
        file = FoundFile(image.root_id, image.path, absolute, image.size, image.mtime_ns)
        try:
            status = os.stat(absolute)  # noqa: PTH116  # as in the walk
            same = (status.st_size, status.st_mtime_ns) == (image.size, image.mtime_ns)
            return read_content(file).content_hash if same and read_header(absolute).reading else None
        except (OSError, ImageError):  # the scan that follows says what is wrong
            return None

    with ThreadPoolExecutor(min(8, (os.cpu_count() or 1) + 2), "reading") as pool:
        for start in range(0, len(usable), _PORTION):
            if should_stop is not None and should_stop():
                raise CancelledError(STOPPED)
            portion = usable[start : start + _PORTION]
            _record(project, portion, list(pool.map(renewed, portion)))
    with project.db.write() as s:
        images.update_many(
            s, [{"id": one.id, "state": ImageState.OK.value, "problem": None} for one in unreadable]
        )
        settings.set(s, READING_SETTING, LATEST_READING)


def _may_be_concerned(image: Image) -> bool:
    return PurePosixPath(image.path).suffix.lower() not in _NOT_LOOKED_AT


def _record(project: "Project", portion: Sequence[Image], hashes: Sequence[str | None]) -> None:
    changed = [
        {"id": image.id, "content_hash": new}
        for image, new in zip(portion, hashes, strict=True)
        if new is not None and new != image.content_hash
    ]
    with project.db.write() as s:
        images.update_many(s, changed)

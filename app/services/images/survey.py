"""A look at a folder that may become an image folder: how many images, which other files, a few previews."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.domain.folder_survey import PREVIEWS, Fault, FolderSurvey
from app.domain.progress import StopCheck
from app.services.images.file_walk import Walk, walk_roots
from app.services.images.pictures import PictureError
from app.storage.layout import ProjectLayout
from cprfl_core.common.errors import ImageError
from cprfl_core.images.reading import open_image
from cprfl_core.images.thumbnail import encode_thumbnail

REPORT_SECONDS: Final = 0.15
SAMPLE_SECONDS: Final = 1.0
"""After this time the previews are chosen among the images found so far."""


def survey(
    folder: Path, on_news: Callable[[FolderSurvey], None], should_stop: StopCheck | None = None
) -> FolderSurvey:
    """Look at the folder without changing anything; ``on_news`` gets what is known so far.

    Raises CancelledError.
    """
    try:
        real = folder.resolve()
        if not folder.is_dir():
            fault = Fault.FILE if folder.exists() else Fault.MISSING
            return FolderSurvey(folder, real, finished=True, fault=fault)
        found = ProjectLayout.find(folder)
    except (OSError, ValueError) as error:  # a name too long, or with a zero byte
        reason = getattr(error, "strerror", None) or str(error)
        return FolderSurvey(folder, folder, finished=True, fault=Fault.MISSING, reason=reason)
    project = None if found is None else found.folder
    looking = _Looking(
        FolderSurvey(folder, real, project=project, writable=os.access(real, os.W_OK)), on_news
    )
    walk = walk_roots({0: real}, None, looking, should_stop)
    if walk.closed_roots:
        reason = walk.problems[0][1]
        return FolderSurvey(folder, real, finished=True, fault=Fault.UNREADABLE, reason=reason)
    return looking.result(walk, finished=True)


class _Looking:
    """Passes on what was found, a few times a second."""

    def __init__(self, known: FolderSurvey, on_news: Callable[[FolderSurvey], None]) -> None:
        self._known, self._on_news = known, on_news
        self._began = time.monotonic()
        self._told = float("-inf")
        self._sample: tuple[str, ...] = ()

    def __call__(self, walk: Walk) -> None:
        now = time.monotonic()
        if now - self._told >= REPORT_SECONDS:
            self._told = now
            self._on_news(self.result(walk, finished=False))

    def result(self, walk: Walk, *, finished: bool) -> FolderSurvey:
        known = self._known
        if not self._sample and (finished or time.monotonic() - self._began > SAMPLE_SECONDS):
            self._sample = _spread(walk)
        return FolderSurvey(
            known.folder,
            known.real,
            len(walk.files),
            finished,
            walk.passed_over().words() if finished else "",
            self._sample,
            known.project,
            known.writable,
        )


def _spread(walk: Walk) -> tuple[str, ...]:
    """Images from everywhere among those found."""
    files = list(walk.files.values())
    count = min(PREVIEWS, len(files))
    return tuple(files[place * len(files) // count].absolute for place in range(count))


def preview(path: str, long_side: int) -> bytes:
    """An encoded picture (JPEG or PNG) of an image file. Raises PictureError with the reason."""
    try:
        return encode_thumbnail(open_image(Path(path), draft=(long_side, long_side)), long_side)
    except ImageError as error:
        raise PictureError(error.reason) from error

"""All small pictures of a project at once, so that scrolling never waits for a slow disk."""

from dataclasses import dataclass
from typing import Final

from app.domain.errors import CancelledError
from app.domain.images import ImageState
from app.domain.progress import ProgressCallback, RateMeter, StopCheck
from app.services.project import Project
from app.services.thumbnails import BUCKETS, ThumbnailError, ThumbnailService
from app.storage import images
from app.storage.thumbnails import DEFAULT_MAX_BYTES, ThumbnailStore

LOOK_EVERY: Final = 50
"""Images between two looks at the size of the store."""
FULL_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True)
class ThumbnailReport:
    """``made`` or kept pictures, ``failed`` images that cannot be shown. ``full``: it ended early, because
    more pictures would push out others."""

    made: int
    failed: int
    full: bool


def make_all(
    project: Project,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
    *,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> ThumbnailReport:
    """Make the picture of each readable image that has none, in the size of the grid.

    Those that are there cost a look. Raises CancelledError when stopped; what was made is kept.
    """
    with project.db.read() as s:
        numbers = [image.id for image in images.all_images(s, ImageState.OK)]
    meter, made, failed = RateMeter("Making thumbnails", len(numbers)), 0, 0
    store = ThumbnailStore(project.layout.thumbnails, max_bytes=max_bytes)
    try:
        service = ThumbnailService(project.db, store)
        for place, number in enumerate(numbers):
            if should_stop is not None and should_stop():
                done = f"{place:,} of {len(numbers):,} thumbnails"
                raise CancelledError(f"Stopped after {done}, which are kept.")
            if place % LOOK_EVERY == 0 and store.used_bytes() > FULL_SHARE * max_bytes:
                return ThumbnailReport(made, failed, full=True)
            try:
                service.thumbnail(number, BUCKETS[0])
                made += 1
            except ThumbnailError:
                failed += 1
            if on_progress is not None:
                on_progress(meter.progress(place + 1))
    finally:
        store.close()
    return ThumbnailReport(made, failed, full=False)

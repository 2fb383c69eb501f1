"""Makes all thumbnails of a project ahead of time, so that scrolling never waits for a slow disk."""

from dataclasses import dataclass
from typing import Final

from app.domain.errors import CancelledError
from app.domain.images import ImageState
from app.domain.language import number, translate
from app.domain.progress import ProgressCallback, RateMeter, StopCheck
from app.services.images.pictures import PictureError
from app.services.images.thumbnails import ThumbnailService
from app.services.project.project import Project
from app.storage import images
from app.storage.thumbnails import BUCKETS, DEFAULT_MAX_BYTES, ThumbnailStore

CHECK_EVERY: Final = 50
"""Images between two checks of the size of the store."""


@dataclass(frozen=True, slots=True)
class ThumbnailReport:
    """``made`` thumbnails, those already there included; ``failed`` images that cannot be shown. ``full``:
    stopped early, because the store is nearly full and more thumbnails would push out others."""

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
    """Make the missing thumbnail of each readable image, in the size of the grid.

    Raises CancelledError when stopped; the thumbnails made so far are kept.
    """
    with project.db.read() as s:
        numbers = [image.id for image in images.all_images(s, ImageState.OK)]
    meter, made, failed = RateMeter(translate("Images", "Making thumbnails"), len(numbers)), 0, 0
    store = ThumbnailStore(project.layout.thumbnails, max_bytes=max_bytes)
    try:
        service = ThumbnailService(project.db, store)
        for place, image_id in enumerate(numbers):
            if should_stop is not None and should_stop():
                done = translate("Images", "{place} of {n} thumbnails").format(
                    place=number(place), n=number(len(numbers))
                )
                raise CancelledError(
                    translate("Images", "Stopped after {done}, which are kept.").format(done=done)
                )
            if place % CHECK_EVERY == 0 and store.room() <= 0:
                return ThumbnailReport(made, failed, full=True)
            try:
                service.thumbnail(image_id, BUCKETS[0])
                made += 1
            except PictureError:
                failed += 1
            if on_progress is not None:
                on_progress(meter.progress(place + 1))
    finally:
        store.close()
    return ThumbnailReport(made, failed, full=False)

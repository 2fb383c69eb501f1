"""The image in view and its neighbours, decoded off the window's thread; more of it from close by."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.errors import KnownError
from app.jobs.thumbnail_loader import CLOSE_SECONDS, Decoded, ThumbnailLoader

if TYPE_CHECKING:
    from app.services.project import Project
    from app.services.thumbnails import Pixels

NEAR_CACHE_BYTES: Final = 64 << 20
CLOSE_CACHE_BYTES: Final = 320 << 20
"""Room for one image of 64 megapixels at four bytes each."""


class HasProject(Protocol):
    @property
    def project(self) -> "Project | None": ...


def session_pictures(session: HasProject) -> "Callable[[int, int], Pixels]":
    """``fetch(image_id, long_side)`` of whatever project the session has open, for an ImageLoader."""

    def fetch(image_id: int, long_side: int) -> "Pixels":
        from app.services.pictures import PictureError, picture

        project = session.project
        if project is None:
            raise PictureError("the project is closed")
        return picture(project, image_id, long_side)

    return fetch


class ImageLoader(QObject):
    """Whole images by number, in the size of the view, and one of them in any size.

    ``fetch(image_id, long_side)`` gives what ``decode(fetched, long_side)`` turns into a picture, both on the
    loader's threads. Has no parent; the owner closes it.
    """

    loaded = Signal(int)
    """A better picture of this image can be had."""
    failed = Signal(int, str)
    """There is no picture of this image; the reason."""

    def __init__(
        self,
        fetch: Callable[[int, int], Any],
        decode: Callable[[Any, int], Decoded],
        *,
        near_cache_bytes: int = NEAR_CACHE_BYTES,
        known_errors: tuple[type[Exception], ...] = (KnownError,),
    ) -> None:
        super().__init__()
        self._near = ThumbnailLoader(
            fetch, decode, cache_bytes=near_cache_bytes, threads=2, known_errors=known_errors
        )
        self._close_up = ThumbnailLoader(
            fetch, decode, cache_bytes=CLOSE_CACHE_BYTES, threads=1, known_errors=known_errors
        )
        self._closely: tuple[int, int] | None = None
        self._near.loaded.connect(self._tell_loaded)
        self._near.failed.connect(self._tell_failed)
        self._close_up.loaded.connect(self._tell_loaded)

    def show(self, image_ids: Sequence[int], long_side: int) -> None:
        """The image in view first, then its neighbours in the order in which they are likely to be wanted."""
        self._near.want(image_ids, long_side)
        if self._closely is not None and (not image_ids or self._closely[0] != image_ids[0]):
            self._look_away()

    def look_closer(self, image_id: int, long_side: int) -> None:
        """Decode one image in another, larger size; the picture of before stays until that is there."""
        if self._closely != (image_id, long_side):
            self._closely = (image_id, long_side)
            self._close_up.want([image_id], long_side)

    def picture(self, image_id: int) -> Any | None:
        """The best picture that is there, or None."""
        if self._closely is not None and self._closely[0] == image_id:
            closer = self._close_up.picture(image_id)
            if closer is not None:
                return closer
        return self._near.picture(image_id)

    def reason(self, image_id: int) -> str | None:
        """Why there is no picture, or None."""
        return self._near.reason(image_id)

    def forget(self, image_ids: Iterable[int] | None = None) -> None:
        """Drop pictures and reasons, of all images or of those whose file has changed."""
        self._near.forget(None if image_ids is None else list(image_ids))
        self._look_away()

    @property
    def pending(self) -> int:
        """Pictures that wait or are being made."""
        return self._near.pending + self._close_up.pending

    def close(self, limit: float = CLOSE_SECONDS) -> bool:
        """End the threads. Idempotent. False when one still decodes after ``limit`` seconds."""
        ended = self._near.close(limit)
        return self._close_up.close(limit) and ended

    def _look_away(self) -> None:
        self._closely = None
        self._close_up.want([], 0)
        self._close_up.forget()

    @Slot(object)
    def _tell_loaded(self, image_ids: list[int]) -> None:
        for image_id in image_ids:
            self.loaded.emit(image_id)

    @Slot(object)
    def _tell_failed(self, image_ids: list[int]) -> None:
        for image_id in image_ids:
            self.failed.emit(image_id, self._near.reason(image_id) or "")

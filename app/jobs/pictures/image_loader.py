"""The shown image and its neighbours, decoded outside the window's thread; in more detail on request."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.language import translate
from app.jobs.pictures.thumbnail_loader import CLOSE_SECONDS, Decoded, ThumbnailLoader

if TYPE_CHECKING:
    from app.services.images.pictures import Pixels
    from app.services.project.project import Project

NEAR_CACHE_BYTES: Final = 51 << 20
CLOSE_CACHE_BYTES: Final = 320 << 20
"""One image of 64 megapixels, at four bytes per pixel."""


class HasProject(Protocol):
    @property
    def project(self) -> "Project | None": ...


def session_pictures(session: HasProject) -> "Callable[[int, int], Pixels]":
    """``fetch(image_id, long_side)`` for the session's open project, for an ImageLoader."""

    def fetch(image_id: int, long_side: int) -> "Pixels":
        from app.services.images.pictures import PictureError, picture

        project = session.project
        if project is None:
            raise PictureError(translate("Jobs", "the project is closed"))
        return picture(project, image_id, long_side)

    return fetch


class ImageLoader(QObject):
    """Images by id at the size of the view, and one of them at any size.

    ``decode(fetch(image_id, long_side), long_side)`` makes a picture, on the loader's threads. Has no parent;
    the owner closes it.
    """

    loaded = Signal(int)
    """There is a better picture of this image."""
    failed = Signal(int, str)
    """The id of an image without a picture, and the reason."""

    def __init__(
        self,
        fetch: Callable[[int, int], Any],
        decode: Callable[[Any, int], Decoded],
        *,
        near_cache_bytes: int = NEAR_CACHE_BYTES,
    ) -> None:
        super().__init__()
        self._near = ThumbnailLoader(fetch, decode, cache_bytes=near_cache_bytes, threads=2)
        self._close_up = ThumbnailLoader(fetch, decode, cache_bytes=CLOSE_CACHE_BYTES, threads=1)
        self._close_up_of: tuple[int, int] | None = None
        self._near.loaded.connect(self._emit_loaded)
        self._near.failed.connect(self._emit_failed)
        self._close_up.loaded.connect(self._emit_loaded)

    def show(self, image_ids: Sequence[int], long_side: int) -> None:
        """Load the shown image first, then its neighbours, the most likely ones first."""
        self._near.want(image_ids, long_side)
        if self._close_up_of is not None and (not image_ids or self._close_up_of[0] != image_ids[0]):
            self._drop_close_up()

    def look_closer(self, image_id: int, long_side: int) -> None:
        """Load one image at a larger size; the previous picture stays until then."""
        if self._close_up_of != (image_id, long_side):
            self._close_up_of = (image_id, long_side)
            self._close_up.want([image_id], long_side)

    def picture(self, image_id: int) -> Any | None:
        """The best picture so far, or None."""
        if self._close_up_of is not None and self._close_up_of[0] == image_id:
            closer = self._close_up.picture(image_id)
            if closer is not None:
                return closer
        return self._near.picture(image_id)

    def reason(self, image_id: int) -> str | None:
        """Why there is no picture, or None."""
        return self._near.reason(image_id)

    def forget(self, image_ids: Iterable[int] | None = None) -> None:
        """Drop the pictures and reasons of all images, or of these."""
        self._near.forget(None if image_ids is None else list(image_ids))
        self._drop_close_up()

    @property
    def pending(self) -> int:
        """Pictures that are waiting or being decoded."""
        return self._near.pending + self._close_up.pending

    def close(self, limit: float = CLOSE_SECONDS) -> bool:
        """End the threads. Idempotent. False if one is still decoding after ``limit`` seconds."""
        ended = self._near.close(limit)
        return self._close_up.close(limit) and ended

    def _drop_close_up(self) -> None:
        self._close_up_of = None
        self._close_up.want([], 0)
        self._close_up.forget()

    @Slot(object)
    def _emit_loaded(self, image_ids: list[int]) -> None:
        for image_id in image_ids:
            self.loaded.emit(image_id)

    @Slot(object)
    def _emit_failed(self, image_ids: list[int]) -> None:
        for image_id in image_ids:
            self.failed.emit(image_id, self._near.reason(image_id) or "")

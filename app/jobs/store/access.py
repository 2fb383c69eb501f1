"""Access to the open project's store, whose modules are loaded on first use.

Loading SQLAlchemy and what depends on it takes longer than showing the window, so this module imports none of
it; the storage thread does, or prepare().
"""

import gc
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import KnownError
from app.domain.language import translate

if TYPE_CHECKING:
    from app.jobs.store.open_store import OpenStore
    from app.services.project.project import Project

T = TypeVar("T")


def prepare() -> None:
    """Load the modules of the store before the first project is opened. Not for the window's thread."""
    import app.jobs.store.open_store  # noqa: F401

    # These objects stay; scanning them in each garbage collection would delay several frames.
    gc.freeze()


class StoreAccess:
    """Creates one OpenStore on the first call."""

    def __init__(self, disk_cache_bytes: int) -> None:
        self._disk_cache_bytes = disk_cache_bytes
        self._store: OpenStore | None = None
        self._creating = threading.Lock()

    @property
    def project(self) -> "Project | None":
        return None if self._store is None else self._store.project

    def bind(self, operation: "Callable[[OpenStore], T]") -> Callable[[], T]:
        """``operation`` on the store, for the storage thread; the log shows where it was defined."""

        def bound() -> T:
            return operation(self._created())

        bound.__qualname__ = operation.__qualname__.replace(".<locals>.<lambda>", "")
        return bound

    def thumbnail(self, image_id: int, long_side: int) -> bytes:
        if self._store is None:
            raise KnownError(translate("Jobs", "the project is being opened"))
        return self._store.thumbnail(image_id, long_side)

    def _created(self) -> "OpenStore":
        from app.jobs.store.open_store import OpenStore

        with self._creating:
            if self._store is None:
                self._store = OpenStore(self._disk_cache_bytes)
            return self._store

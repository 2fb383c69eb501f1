"""The way to the open project's store, whose module is loaded when it is first needed.

SQL and all that stands on it takes longer to load than the window takes to show itself, so the window does
not wait for it: nothing here imports it before the storage thread, or prepare(), does.
"""

import gc
import threading
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from app.domain.errors import KnownError

if TYPE_CHECKING:
    from app.jobs.open_store import OpenStore
    from app.services.project import Project


def prepare() -> None:
    """Load the modules of the store ahead of the first project. For a thread that is not the window's."""
    import app.jobs.open_store  # noqa: F401

    # What is loaded now stays: going over it again would hold up a frame for several times its length.
    gc.freeze()


class StoreAccess:
    """One OpenStore, made by the first call."""

    def __init__(self, disk_cache_bytes: int) -> None:
        self._disk_cache_bytes = disk_cache_bytes
        self._store: OpenStore | None = None
        self._making = threading.Lock()

    @property
    def project(self) -> "Project | None":
        return None if self._store is None else self._store.project

    def call(self, name: str) -> Callable[..., Any]:
        """The store's operation of this name, dots and all, for the storage thread."""

        def operation(*arguments: Any) -> Any:
            return attrgetter(name)(self._made())(*arguments)

        operation.__qualname__ = f"OpenStore.{name}"
        return operation

    def thumbnail(self, image_id: int, long_side: int) -> bytes:
        if self._store is None:
            raise KnownError("the project is being opened")
        return self._store.thumbnail(image_id, long_side)

    def _made(self) -> "OpenStore":
        from app.jobs.open_store import OpenStore

        with self._making:
            if self._store is None:
                self._store = OpenStore(self._disk_cache_bytes)
            return self._store

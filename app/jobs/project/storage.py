"""The storage thread and the store of the open project."""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, TypeVar

from app.jobs.store.access import StoreAccess
from app.jobs.threads.storage_executor import StorageExecutor

if TYPE_CHECKING:
    from app.jobs.store.open_store import OpenStore

T = TypeVar("T")


class ProjectStorage:
    """Shared by the session and its parts, without reference cycles. Both None while no project is open."""

    def __init__(self) -> None:
        self.executor: StorageExecutor | None = None
        self.store: StoreAccess | None = None

    def ask(
        self,
        operation: "Callable[[OpenStore], T]",
        *,
        then: Callable[[T], object],
        failed: Callable[[BaseException], object] | None = None,
        key: Hashable | None = None,
    ) -> None:
        """See ProjectSession.ask."""
        if self.executor is not None and self.store is not None:
            self.executor.query(self.store.bind(operation), then=then, failed=failed, key=key)

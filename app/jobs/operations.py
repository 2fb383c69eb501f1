"""What the storage executor runs: one call with its arguments, who hears of it, and how it went."""

import time
import traceback
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.changes import ChangeSet
from app.domain.errors import CancelledError, KnownError


class OperationKind(StrEnum):
    QUERY = "query"
    MUTATION = "mutation"


@dataclass(frozen=True, slots=True)
class OperationReport:
    """How one operation went. Seconds; ``waited`` in the queue, ``ran`` on the thread."""

    name: str
    kind: OperationKind
    waited: float
    ran: float
    succeeded: bool


@dataclass(frozen=True, slots=True)
class Delay:
    """Why an operation waits to be tried again.

    ``busy``: another program is writing, and the next try comes by itself; else it comes with retry(), once
    the person has dealt with ``reason``, a sentence.
    """

    reason: str
    busy: bool


@dataclass(eq=False, slots=True)
class Ticket:
    """One submitted operation. Once cancelled, nothing is delivered; a mutation happens all the same."""

    kind: OperationKind
    call: Callable[..., Any]
    arguments: tuple[Any, ...]
    then: Any = None
    failed: Any = None
    key: Hashable | None = None
    retried: bool = True
    """Whether it is put back where the database is busy."""
    cancelled: bool = False
    discarded: bool = False
    result: Any = None
    error: BaseException | None = None
    """Without its traceback, which is in ``trace`` where it is of use."""
    trace: str = ""
    submitted: float = field(default_factory=time.perf_counter)
    started: float = 0.0
    ended: float = 0.0

    @property
    def name(self) -> str:
        return getattr(self.call, "__qualname__", None) or type(self.call).__qualname__

    def cancel(self) -> None:
        self.cancelled = True

    def discard(self) -> None:
        """It is not to happen any more, and has not happened."""
        self.error, self.started = CancelledError(f"{self.name} was discarded."), time.perf_counter()
        self.ended = self.started

    def run(self) -> None:
        self.started, self.error = time.perf_counter(), None
        try:
            self.result = self.call(*self.arguments)
            if self.kind is OperationKind.MUTATION:
                change_of(self.result)
        except BaseException as error:
            if not isinstance(error, KnownError):
                self.trace = "".join(traceback.format_exception(error))
            self.error = _without_frames(error)
        self.ended = time.perf_counter()

    def report(self) -> OperationReport:
        waited, ran = self.started - self.submitted, self.ended - self.started
        return OperationReport(self.name, self.kind, waited, ran, self.error is None)


def _without_frames(error: BaseException) -> BaseException:
    """Frames hold the executor in a cycle, and a collector on another thread must not destroy a QObject."""
    one: BaseException | None = error
    while one is not None:
        one.__traceback__ = None
        one = one.__cause__ or one.__context__
    return error


def change_of(result: Any) -> ChangeSet:
    """What a mutation changed. Raises TypeError when it does not say."""
    change = result if isinstance(result, ChangeSet) else getattr(result, "change", None)
    if not isinstance(change, ChangeSet):
        raise TypeError(
            f"a mutation returns a ChangeSet or something with a change, not {type(result).__name__}"
        )
    return change

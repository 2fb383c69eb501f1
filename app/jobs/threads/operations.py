"""What the storage executor runs: one call with its arguments, its receivers and its outcome."""

import time
import traceback
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.changes import ChangeSet
from app.domain.errors import CancelledError, is_known
from app.domain.language import translate
from app.jobs.threads.receivers import Receiver


class OperationKind(StrEnum):
    QUERY = "query"
    MUTATION = "mutation"


@dataclass(frozen=True, slots=True)
class OperationReport:
    """The outcome of one operation. Seconds; ``waited`` in the queue, ``ran`` on the thread."""

    name: str
    kind: OperationKind
    waited: float
    ran: float
    succeeded: bool


@dataclass(frozen=True, slots=True)
class Delay:
    """Why an operation waits to be tried again.

    ``busy``: another program is writing, and the operation is retried automatically; otherwise by retry(),
    once the person has dealt with ``reason``, a sentence.
    """

    reason: str
    busy: bool


@dataclass(eq=False, slots=True)
class Ticket:
    """One submitted operation. Once cancelled, nothing is delivered, but a mutation is still carried out."""

    kind: OperationKind
    call: Callable[..., Any]
    arguments: tuple[Any, ...]
    then: Receiver | None = None
    failed: Receiver | None = None
    key: Hashable | None = None
    retried: bool = True
    """Whether it is retried if the database is busy."""
    cancelled: bool = False
    discarded: bool = False
    result: Any = None
    error: BaseException | None = None
    """Without its traceback; that of a bug is in ``trace``."""
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
        """Give up an operation that has not been carried out."""
        self.error, self.started = (
            CancelledError(translate("Jobs", "{name} was discarded.").format(name=self.name)),
            time.perf_counter(),
        )
        self.ended = self.started

    def run(self) -> None:
        self.started, self.error = time.perf_counter(), None
        try:
            self.result = self.call(*self.arguments)
            if self.kind is OperationKind.MUTATION:
                change_of(self.result)
        except BaseException as error:
            if not is_known(error):
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
    """What a mutation changed. Raises TypeError if the result does not tell."""
    change = result if isinstance(result, ChangeSet) else getattr(result, "change", None)
    if not isinstance(change, ChangeSet):
        raise TypeError(
            f"a mutation returns a ChangeSet or something with a change, not {type(result).__name__}"
        )
    return change

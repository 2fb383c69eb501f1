"""Runs the window's service calls on one thread, one after another, and brings the results home."""

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from weakref import WeakMethod

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.changes import ChangeSet
from app.domain.errors import KnownError

SLOW_SECONDS: Final = 0.25
CLOSE_SECONDS: Final = 5.0

log = logging.getLogger(__name__)


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


@dataclass(eq=False, slots=True)
class Ticket:
    """One submitted operation. Once cancelled, nothing is delivered; a mutation happens all the same."""

    kind: OperationKind
    call: Callable[..., Any]
    arguments: tuple[Any, ...]
    then: Any = None
    failed: Any = None
    key: Hashable | None = None
    cancelled: bool = False
    result: Any = None
    error: BaseException | None = None
    submitted: float = field(default_factory=time.perf_counter)
    started: float = 0.0
    ended: float = 0.0

    @property
    def name(self) -> str:
        return getattr(self.call, "__qualname__", None) or type(self.call).__qualname__

    def cancel(self) -> None:
        self.cancelled = True

    def run(self) -> None:
        self.started = time.perf_counter()
        try:
            self.result = self.call(*self.arguments)
            if self.kind is OperationKind.MUTATION:
                change_of(self.result)
        except BaseException as error:
            self.error = error
        self.ended = time.perf_counter()

    def report(self) -> OperationReport:
        waited, ran = self.started - self.submitted, self.ended - self.started
        return OperationReport(self.name, self.kind, waited, ran, self.error is None)


class StorageExecutor(QObject):
    """One thread that owns every service call of the window.

    A query answers a question. A mutation returns a ChangeSet, or something whose ``change`` is one, and
    every view hears of it through ``changed``. Mutations go before the queries that wait; each kind keeps its
    order. Results arrive on the thread that made the executor, in Python methods of living QObjects: a
    receiver that has gone meanwhile is left alone. Has no parent; the owner closes it.
    """

    changed = Signal(object)
    """A ChangeSet that is not empty."""
    known_error = Signal(str)
    """One sentence, of an operation whose submitter did not ask to hear of failures."""
    bug = Signal(str)
    """A traceback."""
    finished = Signal(object)
    """An OperationReport, after everything else about the operation."""
    _arrived = Signal()

    def __init__(self, known_errors: tuple[type[Exception], ...] = (KnownError,)) -> None:
        super().__init__()
        self._known_errors = known_errors
        self._condition = threading.Condition()
        self._waiting: dict[OperationKind, deque[Ticket]] = {kind: deque() for kind in OperationKind}
        self._running: Ticket | None = None
        self._latest: dict[Hashable, Ticket] = {}
        self._ended: deque[Ticket] = deque()
        self._closing = False
        self._abandoned = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="storage", daemon=True)
        self._thread.start()

    def query(
        self,
        call: Callable[..., Any],
        *arguments: Any,
        then: Callable[[Any], Any],
        failed: Callable[[BaseException], Any] | None = None,
        key: Hashable | None = None,
    ) -> Ticket:
        """Ask ``call(*arguments)`` and give the answer to ``then``.

        A later query with the same ``key`` takes the place of this one: it is dropped from the queue, and its
        answer is not delivered. ``failed`` receives the error in place of ``known_error``; bugs are always
        signalled too. After close() nothing is asked.
        """
        ticket = Ticket(OperationKind.QUERY, call, arguments, _weak(then), _weak(failed), key)
        if key is not None:
            if key in self._latest:
                self._latest[key].cancel()
            self._latest[key] = ticket
        return self._submit(ticket)

    def mutate(
        self,
        call: Callable[..., Any],
        *arguments: Any,
        then: Callable[[Any], Any] | None = None,
        failed: Callable[[BaseException], Any] | None = None,
    ) -> Ticket:
        """Change something. ``then`` receives what the call returned, after ``changed``.

        Raises RuntimeError after close(): a decision must not be lost in silence.
        """
        return self._submit(Ticket(OperationKind.MUTATION, call, arguments, _weak(then), _weak(failed)))

    @property
    def pending(self) -> int:
        """Operations that wait, run, or whose result is on its way."""
        with self._condition:
            waiting = sum(len(queue) for queue in self._waiting.values())
            return waiting + (self._running is not None) + len(self._ended)

    def close(self, limit: float = CLOSE_SECONDS) -> bool:
        """Finish the mutations that wait, drop the queries, deliver what is done. Idempotent.

        False when something is still running after ``limit`` seconds; it is left to end by itself, unheard.
        """
        with self._condition:
            self._closing = True
            self._waiting[OperationKind.QUERY].clear()
            self._condition.notify_all()
        self._thread.join(limit)
        with self._condition:
            self._abandoned = self._thread.is_alive()
            left = [ticket.name for ticket in self._waiting[OperationKind.MUTATION]]
            if self._abandoned and self._running is not None:
                log.error("closed while %s still runs; not done: %s", self._running.name, left or "nothing")
        self._deliver()
        return not self._abandoned

    def _submit(self, ticket: Ticket) -> Ticket:
        with self._condition:
            if not self._closing:
                self._waiting[ticket.kind].append(ticket)
                self._condition.notify_all()
                return ticket
        if ticket.kind is OperationKind.MUTATION:
            raise RuntimeError(f"{ticket.name} was asked for after the executor was closed")
        ticket.cancel()
        return ticket

    def _work(self) -> None:
        while (ticket := self._next()) is not None:
            if ticket.cancelled and ticket.kind is OperationKind.QUERY:
                continue
            ticket.run()
            with self._condition:
                self._running = None
                self._ended.append(ticket)
                if not self._abandoned:
                    self._arrived.emit()

    def _next(self) -> Ticket | None:
        """The next operation, waiting for one; None when the thread may end."""
        mutations, queries = self._waiting[OperationKind.MUTATION], self._waiting[OperationKind.QUERY]
        with self._condition:
            self._running = None
            while not (mutations or queries or self._closing):
                self._condition.wait()
            if mutations:
                self._running = mutations.popleft()
            elif queries:
                self._running = queries.popleft()
            return self._running

    @Slot()
    def _deliver(self) -> None:
        try:
            while self._ended:
                self._conclude(self._ended.popleft())
        finally:
            # A slot that raised has not taken its successors with it.
            if self._ended:
                self._arrived.emit()

    def _conclude(self, ticket: Ticket) -> None:
        report = ticket.report()
        level = logging.INFO if report.ran >= SLOW_SECONDS else logging.DEBUG
        log.log(level, "%s waited %.1f ms, ran %.1f ms", report.name, report.waited * 1e3, report.ran * 1e3)
        if ticket.key is not None and self._latest.get(ticket.key) is ticket:
            del self._latest[ticket.key]
        if ticket.error is not None:
            self._conclude_failure(ticket, ticket.error)
        else:
            if ticket.kind is OperationKind.MUTATION and (change := change_of(ticket.result)):
                self.changed.emit(change)
            if not ticket.cancelled:
                _call(ticket.then, ticket.result)
        self.finished.emit(report)

    def _conclude_failure(self, ticket: Ticket, error: BaseException) -> None:
        known = isinstance(error, self._known_errors)
        if not known:
            text = "".join(traceback.format_exception(error))
            log.error("%s met a bug:\n%s", ticket.name, text)
            self.bug.emit(text)
        heard = not ticket.cancelled and _call(ticket.failed, error)
        if known and not heard and not (ticket.cancelled and ticket.kind is OperationKind.QUERY):
            self.known_error.emit(str(error))


def change_of(result: Any) -> ChangeSet:
    """What a mutation changed. Raises TypeError when it does not say."""
    change = result if isinstance(result, ChangeSet) else getattr(result, "change", None)
    if not isinstance(change, ChangeSet):
        raise TypeError(
            f"a mutation returns a ChangeSet or something with a change, not {type(result).__name__}"
        )
    return change


def _weak(method: Callable[..., Any] | None) -> "WeakMethod[Any] | None":
    if method is None:
        return None
    if not isinstance(getattr(method, "__self__", None), QObject) or not hasattr(method, "__func__"):
        raise TypeError("results are delivered to methods of QObjects only")
    return WeakMethod(method)


def _call(method: "WeakMethod[Any] | None", value: Any) -> bool:
    """Whether a living receiver was called."""
    bound = None if method is None else method()
    if bound is None or not shiboken6.isValid(bound.__self__):
        return False
    bound(value)
    return True

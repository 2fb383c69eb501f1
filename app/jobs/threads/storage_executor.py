"""Runs the window's service calls on one thread, one after another, and delivers the results.

A call that finds the database locked by another program is retried; queries are answered between the tries
(docs/decisions/0083).
"""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.errors import DatabaseBusyError, KnownError, is_known
from app.jobs.threads.operations import Delay, OperationKind, OperationReport, Ticket, change_of
from app.jobs.threads.receivers import Receiver

__all__ = ["Delay", "OperationKind", "OperationReport", "StorageExecutor", "Ticket"]

SLOW_SECONDS: Final = 0.25
CLOSE_SECONDS: Final = 5.0
CLOSE_BUSY_SECONDS: Final = 1.0
"""How long close() retries mutations while another program holds the database."""
RETRY_SECONDS: Final = 0.1

_ABANDONED: "list[StorageExecutor]" = []
"""Closed over an operation that hangs: the end of their thread must not be what destroys a QObject."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class StorageExecutor(QObject):
    """One thread that owns every service call of the window.

    A query answers a question. A mutation returns a ChangeSet, or something whose ``change`` is one, and
    every view hears of it through ``changed``. Mutations go before the queries that wait; each kind keeps its
    order. Results arrive on the thread that made the executor, in Python methods of living QObjects: a
    receiver that has gone meanwhile is left alone. Has no parent; the owner closes it.

    An operation must change nothing before it raises an error whose ``retry_helps``: it stays the first of
    its kind and is tried again, those of its kind wait behind it, and the other kind continues. A mutation is
    dropped by discard() alone.
    """

    changed = Signal(object)
    """A ChangeSet that is not empty."""
    known_error = Signal(str)
    """One sentence, of an operation whose submitter did not ask to hear of failures."""
    bug = Signal(str)
    """A traceback."""
    delayed = Signal(object)
    """A Delay, or None when nothing waits for a retry."""
    settled = Signal(object)
    """The Ticket of a mutation that has happened or failed, before anybody else hears of it."""
    finished = Signal(object)
    """An OperationReport, after everything else about the operation."""
    _arrived = Signal()

    def __init__(
        self,
        *,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        super().__init__()
        self._retry_seconds = retry_seconds
        self._condition = threading.Condition()
        self._waiting: dict[OperationKind, deque[Ticket]] = {kind: deque() for kind in OperationKind}
        self._running: Ticket | None = None
        self._latest: dict[Hashable, Ticket] = {}
        self._ended: deque[Ticket] = deque()
        self._delays: dict[OperationKind, Delay] = {}
        self._not_before = dict.fromkeys(OperationKind, 0.0)
        self._told_delay: Delay | None = None
        self._last: Ticket | None = None
        self._closing = False
        self._ending = False
        self._give_up_at = math.inf
        self._abandoned = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="storage", daemon=True)
        self._thread.start()

    def query(
        self,
        call: Callable[..., T],
        *arguments: Any,
        then: Callable[[T], Any],
        failed: Callable[[BaseException], Any] | None = None,
        key: Hashable | None = None,
        retried: bool = True,
    ) -> Ticket:
        """Ask ``call(*arguments)`` and give the answer to ``then``.

        A later query with the same ``key`` takes the place of this one: it is dropped from the queue, and its
        answer is not delivered. ``failed`` receives the error in place of ``known_error``; bugs are always
        signalled too. A busy database is such an error only where the query is not ``retried``. After close()
        nothing is asked.
        """
        ticket = Ticket(
            OperationKind.QUERY, call, arguments, Receiver.of(then), Receiver.of(failed), key, retried
        )
        if key is not None:
            if key in self._latest:
                self._latest[key].cancel()
            self._latest[key] = ticket
        return self._submit(ticket)

    def mutate(
        self,
        call: Callable[..., T],
        *arguments: Any,
        then: Callable[[T], Any] | None = None,
        failed: Callable[[BaseException], Any] | None = None,
    ) -> Ticket:
        """Change something. ``then`` receives what the call returned, after ``changed``.

        Raises RuntimeError after close(): a decision must not be lost in silence.
        """
        return self._submit(
            Ticket(OperationKind.MUTATION, call, arguments, Receiver.of(then), Receiver.of(failed))
        )

    @property
    def pending(self) -> int:
        """Operations that wait, run, or whose result is on its way."""
        with self._condition:
            waiting = sum(len(queue) for queue in self._waiting.values())
            return waiting + (self._running is not None) + len(self._ended)

    @property
    def delay(self) -> Delay | None:
        """Why something waits for a retry, a mutation before a query; None if nothing does."""
        with self._condition:
            return self._first_delay()

    def retry(self) -> None:
        """Retry now what waits."""
        with self._condition:
            self._not_before = dict.fromkeys(OperationKind, 0.0)
            self._condition.notify_all()

    def discard(self) -> None:
        """Drop the mutations that have not been written; each fails with a CancelledError."""
        with self._condition:
            waiting = self._waiting[OperationKind.MUTATION]
            for ticket in waiting:
                ticket.discard()
            self._ended.extend(waiting)
            waiting.clear()
            if self._running is not None and self._running.kind is OperationKind.MUTATION:
                self._running.discarded = True  # it happens all the same if this try succeeds
            self._go_on(OperationKind.MUTATION)
            self._arrived.emit()

    def close(self, limit: float = CLOSE_SECONDS, *, last: Callable[[], Any] | None = None) -> bool:
        """Finish the mutations that wait, drop the queries, deliver what is done. Idempotent.

        What cannot be written is retried for a second and then dropped without delivery. ``last`` is called
        on the thread after everything else. False if something is still running after ``limit`` seconds; its
        result is not delivered.
        """
        with self._condition:
            if not self._closing:
                self._closing = True
                self._give_up_at = time.monotonic() + min(CLOSE_BUSY_SECONDS, limit / 2)
                self._not_before = dict.fromkeys(OperationKind, 0.0)
                self._last = None if last is None else Ticket(OperationKind.QUERY, last, (), retried=False)
            self._waiting[OperationKind.QUERY].clear()
            self._condition.notify_all()
        self._thread.join(limit)
        with self._condition:
            self._abandoned = self._thread.is_alive()
            left = [ticket.name for ticket in self._waiting[OperationKind.MUTATION]]
            if self._abandoned and self._running is not None:
                log.error("closed while %s still runs; not done: %s", self._running.name, left or "nothing")
            elif left:
                log.error("closed before these could be written: %s", left)
        if self._abandoned and self not in _ABANDONED:
            _ABANDONED.append(self)
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
                if self._is_put_back(ticket):
                    continue
                self._go_on(ticket.kind)
                self._ended.append(ticket)
                if not self._abandoned:
                    self._arrived.emit()

    def _next(self) -> Ticket | None:
        """The next operation, waiting for one; None when the thread may end."""
        with self._condition:
            self._running = None
            while not self._ending:
                now = time.monotonic()
                for kind in (OperationKind.MUTATION, OperationKind.QUERY):
                    if self._waiting[kind] and now >= self._not_before[kind]:
                        self._running = self._waiting[kind].popleft()
                        return self._running
                if self._closing and (not any(self._waiting.values()) or self._gives_up(now)):
                    self._ending = True  # what is left now must not happen behind the last call
                    self._running, self._last = self._last, None
                    return self._running
                again = min(
                    (self._not_before[kind] for kind, queue in self._waiting.items() if queue),
                    default=math.inf,
                )
                until = min(again, self._give_up_at)
                self._condition.wait(None if until == math.inf else max(0.0, until - now))
            return None

    def _gives_up(self, now: float) -> bool:
        """Whether the thread ends though mutations are left: only a busy database is worth the wait."""
        delay = self._delays.get(OperationKind.MUTATION)
        return delay is not None and (now >= self._give_up_at or not delay.busy)

    # --- trying again; all with the condition held

    def _is_put_back(self, ticket: Ticket) -> bool:
        """Whether the operation is retried; then it is put back as the first of its kind."""
        error, kind = ticket.error, ticket.kind
        busy = isinstance(error, DatabaseBusyError) and ticket.retried
        kept = kind is OperationKind.MUTATION and isinstance(error, KnownError) and error.retry_helps
        if not (busy or kept):
            return False
        if ticket.discarded:
            ticket.discard()
            return False
        if self._closing and kind is OperationKind.QUERY:
            return True  # nobody waits for it
        self._waiting[kind].appendleft(ticket)
        self._delays[kind] = Delay(str(error), busy)
        self._not_before[kind] = time.monotonic() + self._retry_seconds if busy else math.inf
        self._arrived.emit()
        return True

    def _go_on(self, kind: OperationKind) -> None:
        self._delays.pop(kind, None)
        self._not_before[kind] = 0.0

    def _first_delay(self) -> Delay | None:
        return self._delays.get(OperationKind.MUTATION) or self._delays.get(OperationKind.QUERY)

    @Slot()
    def _deliver(self) -> None:
        try:
            while self._ended:
                self._conclude(self._ended.popleft())
            self._tell_delay()
        finally:
            # A slot that raised has not taken its successors with it.
            if self._ended:
                self._arrived.emit()

    def _tell_delay(self) -> None:
        delay = self.delay
        if delay != self._told_delay:
            self._told_delay = delay
            self.delayed.emit(delay)

    def _conclude(self, ticket: Ticket) -> None:
        report = ticket.report()
        level = logging.INFO if report.ran >= SLOW_SECONDS else logging.DEBUG
        log.log(level, "%s waited %.1f ms, ran %.1f ms", report.name, report.waited * 1e3, report.ran * 1e3)
        if ticket.key is not None and self._latest.get(ticket.key) is ticket:
            del self._latest[ticket.key]
        if ticket.kind is OperationKind.MUTATION:
            self.settled.emit(ticket)
        if ticket.error is not None:
            self._conclude_failure(ticket, ticket.error)
        else:
            if ticket.kind is OperationKind.MUTATION and (change := change_of(ticket.result)):
                self.changed.emit(change)
            if ticket.then is not None and not ticket.cancelled:
                ticket.then.call(ticket.result)
        self.finished.emit(report)

    def _conclude_failure(self, ticket: Ticket, error: BaseException) -> None:
        known = is_known(error)
        if not known:
            log.error("%s met a bug:\n%s", ticket.name, ticket.trace)
            self.bug.emit(ticket.trace)
        heard = ticket.failed is not None and not ticket.cancelled and ticket.failed.call(error)
        if known and not heard and not (ticket.cancelled and ticket.kind is OperationKind.QUERY):
            self.known_error.emit(str(error))

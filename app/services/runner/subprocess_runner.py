"""Runs jobs in a worker process: a warm process, a handshake, a cancel ladder."""

import logging
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from app.domain.language import significant, translate
from app.domain.progress import StopCheck
from app.protocol.messages import (
    Cancel,
    Cancelled,
    Hello,
    JobCommand,
    SentTerminal,
    Terminal,
)
from app.services.runner.connection import Ended, WorkerConnection
from app.services.runner.launch import crash, worker_command, wrong_protocol
from app.services.runner.runner import EventCallback

POLL = 0.05

log = logging.getLogger(__name__)


class SubprocessRunner:
    """A services.runner.Runner over one child process, started by the first job and kept warm for the next.

    Cancelling climbs a ladder: the Cancel command, after ``cancel_grace`` seconds a termination signal, after
    ``terminate_grace`` more the whole process tree is killed. The thread that runs the jobs closes it, or
    uses it as a context manager; ``pid``, ``end_soon`` and ``kill`` may be called from any thread.
    """

    def __init__(
        self,
        command: Sequence[str] | None = None,
        *,
        hello_timeout: float = 60.0,
        cancel_grace: float = 10.0,
        terminate_grace: float = 3.0,
        close_grace: float = 2.5,
    ) -> None:
        self._command = list(command) if command is not None else worker_command()
        self._hello_timeout = hello_timeout
        self._cancel_grace = cancel_grace
        self._terminate_grace = terminate_grace
        self._close_grace = close_grace
        self._connection: WorkerConnection | None = None
        self._busy = threading.Lock()
        self._ending = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def another(self) -> "SubprocessRunner":
        """A runner with a worker of its own, of the same kind."""
        return SubprocessRunner(self._command)

    @property
    def pid(self) -> int | None:
        """Process id of the worker; None while there is none."""
        connection = self._connection
        return None if connection is None else connection.pid

    def run(
        self, command: JobCommand, on_event: EventCallback, should_stop: StopCheck | None = None
    ) -> Terminal:
        """As the protocol says. Raises RuntimeError when a job is already running."""
        if not self._busy.acquire(blocking=False):
            raise RuntimeError("this runner runs a job already")

        def stop() -> bool:
            return self._ending.is_set() or (should_stop is not None and should_stop())

        try:
            return self._run(command, on_event, stop)
        except BaseException:
            # the caller's callback broke, or Ctrl+C: the job has lost its listener
            self._end(grace=0.0)
            raise
        finally:
            self._busy.release()

    def close(self) -> None:
        """End the worker: at once when idle, within ``close_grace`` seconds otherwise."""
        self._end(self._close_grace)

    def end_soon(self) -> None:
        """Cancel the running job within ``close_grace`` seconds; later ones do not begin. It stays so."""
        self._ending.set()

    def kill(self) -> None:
        """Kill the worker; a running job ends as after any crash or cancel."""
        connection = self._connection
        if connection is not None:
            connection.kill()

    def _run(self, command: JobCommand, on_event: EventCallback, should_stop: StopCheck) -> Terminal:
        if self._ending.is_set():
            return Cancelled(job=command.job)
        if self._connection is not None and not self._connection.alive:
            code, _ = self._end(grace=0.0)
            log.warning("the idle worker ended with code %s; starting another", code)
        if self._connection is None:
            failure = self._start(command.job, on_event, should_stop)
            if failure is not None:
                return failure
        connection = self._connection
        assert connection is not None
        connection.send(command)
        ladder = _Ladder(connection, command.job, self._cancel_grace, self._terminate_grace)
        while True:
            if self._ending.is_set():
                ladder.shorten(self._close_grace)
            if ladder.climbing or should_stop():
                ladder.climb()
            event = connection.next(POLL)
            if event is None or getattr(event, "job", command.job) not in (command.job, None):
                continue
            if isinstance(event, Ended):
                return self._crashed(command.job, cancelled=ladder.climbing)
            if isinstance(event, SentTerminal):
                return event
            on_event(event)

    def _start(self, job: str, on_event: EventCallback, should_stop: StopCheck) -> Terminal | None:
        try:
            connection = self._connection = WorkerConnection(self._command)
        except OSError as error:
            message = translate(
                "Runner", "The worker process could not be started ({command}: {reason})."
            ).format(command=self._command[0], reason=error.strerror)
            return crash(job, None, (), message)
        deadline = time.monotonic() + self._hello_timeout
        while time.monotonic() < deadline:
            if should_stop():
                self._end(grace=0.0)
                return Cancelled(job=job)
            match connection.next(POLL):
                case Hello() as hello:
                    return self._greet(job, hello, on_event)
                case Ended():
                    return self._crashed(job, cancelled=False)
        code, lines = self._end(grace=0.0)
        message = translate(
            "Runner", "The worker process did not answer within {hello_timeout} seconds."
        ).format(hello_timeout=significant(self._hello_timeout, 6))
        return crash(job, code, lines, message)

    def _greet(self, job: str, hello: Hello, on_event: EventCallback) -> Terminal | None:
        problem = wrong_protocol(hello)
        if problem is not None:
            code, lines = self._end(grace=0.0)
            return crash(job, code, lines, problem)
        on_event(hello)
        return None

    def _crashed(self, job: str, cancelled: bool) -> Terminal:
        code, lines = self._end(grace=self._close_grace)
        return Cancelled(job=job, forced=True) if cancelled else crash(job, code, lines)

    def _end(self, grace: float) -> tuple[int | None, list[str]]:
        connection, self._connection = self._connection, None
        return (None, []) if connection is None else connection.close(grace)


class _Ladder:
    """Cancel, then terminate, then kill; each rung once."""

    def __init__(
        self, connection: WorkerConnection, job: str, cancel_grace: float, terminate_grace: float
    ) -> None:
        self._connection = connection
        self._job = job
        self._waits = [cancel_grace, terminate_grace]
        self._rungs = [self._cancel, connection.terminate, connection.kill]
        self._next_at = float("-inf")
        self.climbing = False

    def shorten(self, grace: float) -> None:
        """Cancel now if that has not happened, and kill ``grace`` seconds after the first of these calls."""
        if not self.climbing:
            self.climb()
        del self._rungs[:-1]
        self._next_at = min(self._next_at, time.monotonic() + grace)

    def climb(self) -> None:
        now = time.monotonic()
        if not self._rungs or now < self._next_at:
            return
        self.climbing = True
        self._rungs.pop(0)()
        self._next_at = now + (self._waits.pop(0) if self._waits else 0.0)

    def _cancel(self) -> None:
        self._connection.send(Cancel(job=self._job))

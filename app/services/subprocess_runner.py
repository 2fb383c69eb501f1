"""Runs jobs in a worker process without Qt: a warm process, a handshake, a ladder for cancelling."""

import logging
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from app.domain.progress import StopCheck
from app.protocol.messages import (
    Cancel,
    Cancelled,
    DeviceInfo,
    Hello,
    JobCommand,
    SentTerminal,
    Terminal,
)
from app.services.runner import EventCallback
from app.services.worker_connection import Ended, WorkerConnection
from app.services.worker_launch import crash, worker_command, wrong_protocol

POLL = 0.05

log = logging.getLogger(__name__)


class SubprocessRunner:
    """A services.runner.Runner over one child process, started by the first job and kept warm for the next.

    Cancelling climbs a ladder: the Cancel command, after ``cancel_grace`` seconds a termination signal, after
    ``terminate_grace`` more the whole process tree is killed. Close it, or use it as a context manager.
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
        self.hello: Hello | None = None
        self.device: DeviceInfo | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Of the living worker; None while there is none."""
        return None if self._connection is None else self._connection.pid

    def run(
        self, command: JobCommand, on_event: EventCallback, should_stop: StopCheck | None = None
    ) -> Terminal:
        """As the protocol says. Raises RuntimeError when a job is already running."""
        if not self._busy.acquire(blocking=False):
            raise RuntimeError("this runner runs a job already")
        try:
            return self._run(command, on_event, should_stop or _never)
        except BaseException:
            # the caller's callback broke, or Ctrl+C: the job has lost its listener
            self._end(grace=0.0)
            raise
        finally:
            self._busy.release()

    def close(self) -> None:
        """End the worker: at once when idle, within ``close_grace`` seconds otherwise."""
        self._end(self._close_grace)

    def _run(self, command: JobCommand, on_event: EventCallback, should_stop: StopCheck) -> Terminal:
        self._drop_dead_worker()
        if self._connection is None:
            failure = self._start(command.job, on_event, should_stop)
            if failure is not None:
                return failure
        connection = self._connection
        assert connection is not None
        connection.send(command)
        ladder = _Ladder(connection, command.job, self._cancel_grace, self._terminate_grace)
        while True:
            if ladder.climbing or should_stop():
                ladder.climb()
            event = connection.next(POLL)
            if event is None or getattr(event, "job", command.job) not in (command.job, None):
                continue
            if isinstance(event, Ended):
                return self._crashed(command.job, cancelled=ladder.climbing)
            if isinstance(event, SentTerminal):
                return event
            if isinstance(event, DeviceInfo):
                self.device = event
            on_event(event)

    def _drop_dead_worker(self) -> None:
        """Take what an idle worker said since its last job; forget it when it has ended meanwhile."""
        while self._connection is not None and (event := self._connection.next(0.0)) is not None:
            if isinstance(event, DeviceInfo):
                self.device = event
            elif isinstance(event, Ended):
                code = self._end(grace=0.5)[0]
                log.warning("the idle worker ended with code %s; starting another", code)

    def _start(self, job: str, on_event: EventCallback, should_stop: StopCheck) -> Terminal | None:
        try:
            connection = self._connection = WorkerConnection(self._command)
        except OSError as error:
            message = f"The worker process could not be started ({self._command[0]}: {error.strerror})."
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
        message = f"The worker process did not answer within {self._hello_timeout:g} seconds."
        return crash(job, code, lines, message)

    def _greet(self, job: str, hello: Hello, on_event: EventCallback) -> Terminal | None:
        problem = wrong_protocol(hello)
        if problem is not None:
            code, lines = self._end(grace=0.0)
            return crash(job, code, lines, problem)
        self.hello = hello
        on_event(hello)
        return None

    def _crashed(self, job: str, cancelled: bool) -> Terminal:
        code, lines = self._end(grace=self._close_grace)
        return Cancelled(job=job, forced=True) if cancelled else crash(job, code, lines)

    def _end(self, grace: float) -> tuple[int | None, list[str]]:
        connection, self._connection = self._connection, None
        self.hello = self.device = None
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

    def climb(self) -> None:
        now = time.monotonic()
        if not self._rungs or now < self._next_at:
            return
        self.climbing = True
        self._rungs.pop(0)()
        self._next_at = now + (self._waits.pop(0) if self._waits else 0.0)

    def _cancel(self) -> None:
        self._connection.send(Cancel(job=self._job))


def _never() -> bool:
    return False

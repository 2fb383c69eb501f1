"""The worker's jobs in the calling process: for the command line, notebooks and tests."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from app.protocol.messages import Event, JobCommand, SentTerminal
from app.worker.context import JobContext
from app.worker.execution import JobTable, run_job


class InProcessRunner:
    """A services.runner.Runner by duck typing. Loads torch with the first job and keeps the backbone."""

    def __init__(self, jobs: JobTable | None = None) -> None:
        self._jobs = jobs
        self._own_jobs = jobs is None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the backbone; the next job loads it again."""
        if self._own_jobs:
            self._jobs = None

    def run(
        self,
        command: JobCommand,
        on_event: Callable[[Event], None],
        should_stop: Callable[[], bool] | None = None,
    ) -> SentTerminal:
        """Run ``command`` and return its terminal event; all others go to ``on_event``.

        ``on_event`` is also called from the job's threads, one call at a time; an exception of it stops the
        job and is raised here.
        """
        if self._jobs is None:
            from app.worker.jobs import job_table

            self._jobs = job_table()
        listener = _Listener(on_event, should_stop)
        terminal = run_job(command, self._jobs, JobContext(command.job, listener.hear, listener.should_stop))
        if listener.error is not None:
            raise listener.error
        return terminal


class _Listener:
    """The caller's callbacks, shielded: a bug in them must not be reported as a bug of the job."""

    def __init__(self, on_event: Callable[[Event], None], should_stop: Callable[[], bool] | None) -> None:
        self._on_event = on_event
        self._should_stop = should_stop
        self._lock = threading.RLock()
        self.error: Exception | None = None

    def hear(self, event: Event) -> None:
        with self._lock:
            if self.error is not None:
                return
            try:
                self._on_event(event)
            except Exception as error:
                self.error = error

    def should_stop(self) -> bool:
        return self.error is not None or (self._should_stop is not None and self._should_stop())

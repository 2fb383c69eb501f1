"""What runs a job for the model, in this process or in another, and how the job ends."""

import uuid
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, TypeVar

from app.domain.errors import CancelledError, KnownError
from app.domain.language import translate
from app.domain.progress import StopCheck
from app.protocol.messages import (
    Cancelled,
    Completed,
    Crashed,
    Event,
    Failed,
    JobCommand,
    JobResult,
    Terminal,
)

EventCallback = Callable[[Event], None]
R = TypeVar("R", bound=JobResult)


class Runner(Protocol):
    """One job at a time; blocks until the job has ended."""

    def run(
        self, command: JobCommand, on_event: EventCallback, should_stop: StopCheck | None = None
    ) -> Terminal:
        """Run ``command`` and return its terminal event; every other event goes to ``on_event`` as it comes.

        Once ``should_stop`` has answered True the job ends soon and keeps what is finished.
        """
        ...


class NoRunner:
    """Declines each job, for callers that must not wait for the model; they use the features that exist."""

    def __init__(self) -> None:
        self.declined = False

    def run(
        self, command: JobCommand, _on_event: EventCallback, _should_stop: StopCheck | None = None
    ) -> Terminal:
        self.declined = True
        return Failed(
            job=command.job,
            known=True,
            message=translate("Runner", "The texts of new categories are not encoded yet."),
        )


class Interruption(StrEnum):
    """Why work ended that will be resumed; the sentence is stored in the job history."""

    PAUSED = "You paused it."
    CLOSED = "The project was closed before it had ended."


class WorkInterrupted(BaseException):
    """Long work ends here, keeps what it has, and will be resumed.

    Neither a cancellation nor an error: what a service deletes after those, such as the checkpoints of a run,
    it keeps after this.
    """

    def __init__(self, why: Interruption) -> None:
        super().__init__(why.value)
        self.why = why


class WorkerFailedError(KnownError):
    """The job met a known error; the sentence is the worker's."""


class WorkerCrashedError(KnownError):
    """The worker process ended without saying how; ``log`` holds the last lines it wrote."""

    def __init__(self, crash: Crashed) -> None:
        super().__init__(crash.message)
        self.log = crash.log


class WorkerBugError(Exception):
    """A bug inside a job; the text holds the worker's traceback."""


def new_job_id() -> str:
    return uuid.uuid4().hex


def result_of(terminal: Terminal, kind: type[R]) -> R:
    """The result of a completed job, which must be a ``kind``.

    Raises CancelledError, WorkerFailedError or WorkerCrashedError (known), WorkerBugError (a bug).
    """
    match terminal:
        case Completed(result=result) if isinstance(result, kind):
            return result
        case Completed():
            raise WorkerBugError(f"expected {kind.__name__}, the worker sent {terminal.result!r}")
        case Cancelled():
            raise CancelledError(translate("Runner", "The work was stopped; what was finished is kept."))
        case Failed(known=True):
            raise WorkerFailedError(terminal.message)
        case Failed():
            raise WorkerBugError(f"{terminal.message}\n{terminal.traceback or ''}")
        case Crashed():
            raise WorkerCrashedError(terminal)

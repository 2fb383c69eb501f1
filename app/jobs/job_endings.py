"""How a job of the list has ended, in its state and in words."""

import logging
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.domain.errors import CancelledError
from app.jobs.session_values import JobInfo, JobPhase
from app.services.runner import Interruption, WorkerCrashedError, WorkInterrupted

if TYPE_CHECKING:
    from app.services.recorded_jobs import Unfinished

LOG_LINES_TOLD: Final = 12

log = logging.getLogger(__name__)


def ended(
    job: JobInfo, error: BaseException, known_errors: tuple[type[Exception], ...]
) -> tuple[JobInfo, str | None]:
    """The job as its error leaves it, and a traceback where the error is a bug."""
    if isinstance(error, WorkInterrupted):
        if error.why is Interruption.PAUSED:
            so_far = f" {job.done:,} of {job.total:,} are done." if job.total else ""
            return _over(job, JobPhase.PAUSED, f"It goes on where it was.{so_far}"), None
        return _over(job, JobPhase.INTERRUPTED, "The project was closed."), None
    if isinstance(error, CancelledError):
        return _over(job, JobPhase.CANCELLED, str(error)), None
    if isinstance(error, WorkerCrashedError):
        told = f"{error} Your labels are safe and what was finished is kept; resume when you are ready."
        return replace(_over(job, JobPhase.CRASHED, told), log=tuple(error.log)[-LOG_LINES_TOLD:]), None
    if isinstance(error, known_errors):
        return _over(job, JobPhase.FAILED, str(error)), None
    text = "".join(traceback.format_exception(error))
    log.error("%s", text)
    return _over(job, JobPhase.FAILED, "A fault in this program ended it."), text


def offered(number: str, title: str, found: "Unfinished") -> JobInfo:
    """A line of the list for unfinished work in a project's books."""
    if found.why is Interruption.PAUSED:
        return JobInfo(number, found.kind, title, JobPhase.PAUSED, message="It goes on where it was.")
    soon = found.why is Interruption.CLOSED
    message = "It goes on in a moment." if soon else "It did not come to its end; what was finished is kept."
    return JobInfo(number, found.kind, title, JobPhase.INTERRUPTED, message=message)


def _over(job: JobInfo, state: JobPhase, message: str) -> JobInfo:
    return replace(job, state=state, message=message, rate=None, remaining=None)

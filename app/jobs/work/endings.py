"""How a job ended, as a state and a sentence."""

import logging
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.domain.errors import CancelledError, is_known
from app.domain.language import number, translate
from app.jobs.values.session import JobInfo, JobPhase
from app.services.runner.runner import Interruption, WorkerCrashedError, WorkInterrupted

if TYPE_CHECKING:
    from app.services.runner.job_records import Unfinished

LOG_LINES_SHOWN: Final = 12

log = logging.getLogger(__name__)


def ended(job: JobInfo, error: BaseException) -> tuple[JobInfo, str | None]:
    """The job after an error, and the traceback if the error is a bug."""
    if isinstance(error, WorkInterrupted):
        if error.why is Interruption.PAUSED:
            so_far = (
                translate("Jobs", " {done} of {total} are done.").format(
                    done=number(job.done), total=number(job.total)
                )
                if job.total
                else ""
            )
            return _ended(
                job,
                JobPhase.PAUSED,
                translate("Jobs", "It resumes where it stopped.{so_far}").format(so_far=so_far),
            ), None
        return _ended(job, JobPhase.INTERRUPTED, translate("Jobs", "The project was closed.")), None
    if isinstance(error, CancelledError):
        return _ended(job, JobPhase.CANCELLED, str(error)), None
    if isinstance(error, WorkerCrashedError):
        message = translate(
            "Jobs", "{error} Your labels are safe, and what was finished is kept; resume when you are ready."
        ).format(error=error)
        return replace(_ended(job, JobPhase.CRASHED, message), log=tuple(error.log)[-LOG_LINES_SHOWN:]), None
    if is_known(error):
        return _ended(job, JobPhase.FAILED, str(error)), None
    text = "".join(traceback.format_exception(error))
    log.error("%s", text)
    return _ended(job, JobPhase.FAILED, translate("Jobs", "Something went wrong in Tailspotter.")), text


def offered(number: str, title: str, found: "Unfinished") -> JobInfo:
    """A job of the list for an unfinished job in the project's history."""
    if found.why is Interruption.PAUSED:
        return JobInfo(
            number,
            found.kind,
            title,
            JobPhase.PAUSED,
            message=translate("Jobs", "It resumes where it stopped."),
        )
    soon = found.why is Interruption.CLOSED
    message = (
        translate("Jobs", "It resumes in a moment.")
        if soon
        else translate("Jobs", "It did not finish; what was done is kept.")
    )
    return JobInfo(number, found.kind, title, JobPhase.INTERRUPTED, message=message)


def _ended(job: JobInfo, state: JobPhase, message: str) -> JobInfo:
    return replace(job, state=state, message=message, rate=None, remaining=None)

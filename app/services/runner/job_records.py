"""The job history of a project: how each long job ended, and which are unfinished."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.domain.errors import CancelledError
from app.services.project.project import Project
from app.services.runner.runner import Interruption, WorkerCrashedError, WorkInterrupted
from app.storage import jobs, locks
from app.storage.jobs import JobState


@contextmanager
def recorded_job(project: Project, kind: str, what: str, arguments: dict[str, Any]) -> Iterator[None]:
    """Hold the job lock and record the block as a job; ``what`` names it to whoever finds the lock.

    Raises BusyError while another job runs; what the block raises passes through.
    """
    with project.job_lock(what), recorded(project, kind, arguments):
        yield


@contextmanager
def recorded(project: Project, kind: str, arguments: dict[str, Any] | None = None) -> Iterator[None]:
    """Record the block as a job, for work that needs no job lock. What the block raises passes through."""
    with project.db.write() as s:
        job = jobs.start(s, kind, arguments or {})
    state, message = JobState.INTERRUPTED, "The program stopped before the job ended."
    try:
        yield
        state, message = JobState.COMPLETED, ""
    except WorkInterrupted as interrupted:
        message = interrupted.why.value
        raise
    except CancelledError as error:
        state, message = JobState.CANCELLED, str(error)
        raise
    except WorkerCrashedError as error:
        state, message = JobState.CRASHED, "\n".join([str(error), *error.log])
        raise
    except Exception as error:
        state, message = JobState.FAILED, str(error) or type(error).__name__
        raise
    finally:
        with project.db.write() as s:
            jobs.finish(s, job, state, message)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The newest job of a kind did not finish. ``why`` is None after a crash, a kill or a power loss."""

    kind: str
    why: Interruption | None


def unfinished(project: Project) -> list[Unfinished]:
    """One for each kind of job whose newest one can be resumed, by kind.

    A job that is recorded as running was interrupted if no process holds the project's locks.
    """
    with project.db.read() as s:
        newest = {job.kind: job for job in reversed(jobs.all_jobs(s))}
    lost = {JobState.INTERRUPTED, JobState.CRASHED}
    if locks.holder(project.layout.job_lock) is None and locks.holder(project.layout.scan_lock) is None:
        lost.add(JobState.RUNNING)
    reasons = {why.value: why for why in Interruption}
    left = sorted((kind, job.message) for kind, job in newest.items() if job.state in lost)
    return [Unfinished(kind, reasons.get(message)) for kind, message in left]


def dismiss(project: Project, kind: str) -> None:
    """Stop offering the unfinished job of this kind; what it has made is kept."""
    with project.db.write() as s:
        newest = next((job for job in jobs.all_jobs(s) if job.kind == kind), None)
        if newest is not None and newest.state is not JobState.COMPLETED:
            jobs.finish(s, newest.id, JobState.CANCELLED, "The unfinished job was dismissed.")


def resume_later(project: Project, kind: str) -> None:
    """Record that work of this kind waited when the project was closed, to begin at the next opening."""
    with project.db.write() as s:
        jobs.finish(s, jobs.start(s, kind, {}), JobState.INTERRUPTED, Interruption.CLOSED.value)

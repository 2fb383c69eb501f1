"""A long job in the project's books: one at a time, and how it ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.domain.errors import CancelledError
from app.services.project import Project
from app.services.runner import WorkerCrashedError
from app.storage import jobs
from app.storage.jobs import JobState


@contextmanager
def recorded_job(project: Project, kind: str, what: str, arguments: dict[str, Any]) -> Iterator[None]:
    """Hold the job lock and record the block as a job; ``what`` names it to whoever finds the lock.

    Raises BusyError while another job runs; what the block raises passes through.
    """
    with project.job_lock(what):
        with project.db.write() as s:
            job = jobs.start(s, kind, arguments)
        state, message = JobState.INTERRUPTED, "The program was stopped before the job had ended."
        try:
            yield
            state, message = JobState.COMPLETED, ""
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

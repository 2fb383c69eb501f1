"""How the last indexing job of a project ended."""

from dataclasses import dataclass

from app.services.features.indexing import INDEX_KIND
from app.services.project.project import Project
from app.storage import jobs, locks
from app.storage.jobs import JobState


@dataclass(frozen=True, slots=True)
class LastIndexing:
    id: int
    state: JobState
    message: str


def last_indexing(project: Project) -> LastIndexing | None:
    """The newest indexing job. One recorded as running counts as interrupted if no process is at work."""
    with project.db.read() as s:
        newest = next((job for job in jobs.all_jobs(s) if job.kind == INDEX_KIND), None)
    if newest is None:
        return None
    state = newest.state
    if state is JobState.RUNNING and locks.holder(project.layout.job_lock) is None:
        state = JobState.INTERRUPTED
    return LastIndexing(newest.id, state, newest.message)

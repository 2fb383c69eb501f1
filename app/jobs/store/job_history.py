"""The job history of the open project, for the storage thread."""

from typing import Final

from app.domain.changes import ChangeSet
from app.jobs.values.store import MutationResult
from app.services.project.project import Project
from app.services.runner import job_records as recorded_jobs
from app.services.runner.job_records import Unfinished
from app.services.runner.runner import Interruption

TRAIN: Final = "train"


class JobHistory:
    def __init__(self, project: Project) -> None:
        self._project = project

    def unfinished(self) -> list[Unfinished]:
        """Jobs that can be resumed; none in a read-only project."""
        if self._project.read_only is not None:
            return []
        return [one for one in recorded_jobs.unfinished(self._project) if self._can_resume(one)]

    def dismiss(self, kind: str) -> MutationResult:
        """Do not offer the unfinished job of this kind again."""
        recorded_jobs.dismiss(self._project, kind)
        return MutationResult(ChangeSet())

    def resume_later(self, kind: str) -> MutationResult:
        """Start a job that was still waiting when the project is next opened."""
        recorded_jobs.resume_later(self._project, kind)
        return MutationResult(ChangeSet())

    def _can_resume(self, one: Unfinished) -> bool:
        """Training needs its checkpoints, unless it had not started."""
        if one.kind != TRAIN or one.why is Interruption.CLOSED:
            return True
        from app.services.training.training import can_resume

        return can_resume(self._project)

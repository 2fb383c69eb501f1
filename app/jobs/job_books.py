"""Long work in the open project's books, for the storage thread."""

from typing import Final

from app.domain.changes import ChangeSet
from app.jobs.store_values import Done
from app.services import recorded_jobs
from app.services.project import Project
from app.services.recorded_jobs import Unfinished
from app.services.runner import Interruption

TRAIN: Final = "train"


class JobBooks:
    """Reads and writes the books of one open project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def unfinished(self) -> list[Unfinished]:
        """Long work that is to go on; nothing where nothing can be written."""
        if self._project.read_only is not None:
            return []
        return [one for one in recorded_jobs.unfinished(self._project) if self._can_go_on(one)]

    def give_up(self, kind: str) -> Done:
        """Unfinished work is not to go on."""
        recorded_jobs.give_up(self._project, kind)
        return Done(ChangeSet())

    def put_off(self, kind: str) -> Done:
        """Work that had not begun is to go on when the project is opened again."""
        recorded_jobs.put_off(self._project, kind)
        return Done(ChangeSet())

    def _can_go_on(self, one: Unfinished) -> bool:
        """A run of training needs its checkpoints; one that had not begun has none to need."""
        if one.kind != TRAIN or one.why is Interruption.CLOSED:
            return True
        from app.services.training import can_resume

        return can_resume(self._project)

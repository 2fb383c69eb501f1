"""Long work in the open project's books, for the storage thread."""

from app.domain.changes import ChangeSet
from app.jobs.store_values import Done
from app.services import recorded_jobs
from app.services.project import Project
from app.services.recorded_jobs import Unfinished


class JobBooks:
    """Reads and writes the books of one open project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def unfinished(self) -> list[Unfinished]:
        """Long work that is to go on; nothing where nothing can be written."""
        return [] if self._project.read_only is not None else recorded_jobs.unfinished(self._project)

    def give_up(self, kind: str) -> Done:
        """Unfinished work is not to go on."""
        recorded_jobs.give_up(self._project, kind)
        return Done(ChangeSet())

    def put_off(self, kind: str) -> Done:
        """Work that had not begun is to go on when the project is opened again."""
        recorded_jobs.put_off(self._project, kind)
        return Done(ChangeSet())

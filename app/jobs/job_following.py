"""The ears of the job controller: one for each job that goes on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.domain.progress import Progress
from app.jobs.model_queue import Task

if TYPE_CHECKING:
    from app.jobs.job_controller import JobController


class Followed(QObject):
    """Hears of one task for the controller. ``folder`` is that of the project it works on."""

    def __init__(self, controller: "JobController", job_id: str, folder: Path | None) -> None:
        super().__init__(controller)
        self.folder = folder
        self._controller = controller
        self._job_id = job_id
        self.task: Task | None = None

    def progressed(self, progress: Progress) -> None:
        self._controller.progressed(self._job_id, progress)

    def completed(self, result: Any) -> None:
        self._controller.completed(self._job_id, result)

    def failed(self, error: BaseException) -> None:
        self._controller.ended_badly(self._job_id, error)

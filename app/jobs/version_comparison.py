"""Two versions side by side, worked out on the model's thread."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.errors import CancelledError
from app.domain.progress import ProgressCallback, StopCheck
from app.domain.training import Compared
from app.jobs.model_queue import ModelQueue, Task
from app.services.runner import Runner

MOST_FLIPS = 240


class VersionComparing(QObject):
    """One comparison at a time: a later one takes the place of one that waits or runs."""

    found = Signal(object)
    """Compared."""
    failed = Signal(object)
    """The error."""

    def __init__(self, models: ModelQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._task: Task | None = None

    @property
    def waits(self) -> bool:
        """Whether it waits for other work of the model."""
        return self._task is not None and not self._models.is_running(self._task)

    def compare(self, folder: Path, a: str, b: str) -> None:
        self.stop()
        if self._models.closed:
            return

        def work(runner: Runner, _on_progress: ProgressCallback, should_stop: StopCheck) -> Compared:
            return compared(folder, runner, a, b, should_stop)

        self._task = self._models.submit(work, then=self._tell, failed=self._tell_failure)

    def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            self._models.cancel(task)

    def _tell(self, compared: Compared) -> None:
        if self._task is not None:
            self._task = None
            self.found.emit(compared)

    def _tell_failure(self, error: BaseException) -> None:
        if self._task is not None and not isinstance(error, CancelledError):
            self._task = None
            self.failed.emit(error)


def compared(folder: Path, runner: Runner, a: str, b: str, should_stop: StopCheck) -> Compared:
    """Measures of both, and what flips between them. Raises what models.compare raises, CancelledError."""
    from app.services.models import compare, what_changed
    from app.services.project import open_project

    with open_project(folder) as project:
        comparison = compare(project, runner, a, b)
        if should_stop():
            raise CancelledError("The comparison was left.")
        return Compared(comparison, what_changed(project, runner, a, b, MOST_FLIPS))

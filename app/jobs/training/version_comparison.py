"""Compares two versions on the model thread."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.errors import CancelledError
from app.domain.language import translate
from app.domain.progress import ProgressCallback, StopCheck
from app.domain.training import Compared
from app.jobs.threads.model_queue import ModelQueue, Task
from app.services.runner.runner import Runner

MOST_FLIPS = 240


class VersionComparing(QObject):
    """One comparison at a time: a later one replaces one that waits or runs."""

    found = Signal(object)
    """Compared."""
    failed = Signal(object)
    """The error."""

    def __init__(self, models: ModelQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._task: Task | None = None

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
    """The comparison, and the suggestions that flip. Raises CancelledError, and what `compare` raises."""
    from app.services.project.project import open_project
    from app.services.training.comparison import compare, what_changed

    with open_project(folder) as project:
        comparison = compare(project, runner, a, b)
        if should_stop():
            raise CancelledError(translate("Jobs", "The comparison was cancelled."))
        return Compared(comparison, what_changed(project, runner, a, b, MOST_FLIPS))

"""The doctor's report for the window: the text that a person pastes into a bug report."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.progress import StopCheck
from app.jobs.project.session import ProjectSession
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.threads.newest import Newest
from app.services.runner.subprocess_runner import SubprocessRunner

CLOSE_SECONDS: Final = 8.0


class Diagnosis(QObject):
    """Runs on a thread and with a worker of its own, so that it also helps where the window's hangs.

    The owner calls close().
    """

    ready = Signal(str)
    """The checks of the doctor, a line or more each."""
    failed = Signal(str)
    """Why there are none: a sentence."""
    bug = Signal(str)

    def __init__(
        self,
        session: ProjectSession,
        models: ModelQueue,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._models = session, models
        self._checks = Newest("diagnosis", self)
        self._checks.bug.connect(self.bug)

    @Slot()
    def run(self) -> None:
        """``ready`` or ``failed`` follows, after some seconds."""
        folder = None if self._session.info is None else self._session.info.folder
        models = self._models
        self._checks.run(
            lambda stop: _report(models.another_runner(), folder, stop), then=self._take, failed=self._refuse
        )

    @Slot()
    def stop(self) -> None:
        self._checks.cancel()

    def close(self) -> bool:
        """Whether everything has ended in time. Idempotent."""
        return self._checks.close(CLOSE_SECONDS)

    def _take(self, text: str) -> None:
        self.ready.emit(text)

    def _refuse(self, sentence: str) -> None:
        self.failed.emit(sentence)


def _report(runner: SubprocessRunner, folder: Path | None, stop: StopCheck) -> str:
    from app.services.doctor import check_lines, report

    with runner:
        found = report(runner, folder, should_stop=stop)
    return "\n".join(line for check in found["checks"] for line in check_lines(check))

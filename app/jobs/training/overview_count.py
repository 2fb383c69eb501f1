"""Counts what a run would learn from, on a thread of its own: with many labels it takes half a second."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from app.domain.progress import StopCheck
from app.domain.training import TrainingOverview
from app.jobs.threads.newest import Newest

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession


class OverviewCount(QObject):
    """The newest question is answered. Errors arrive as the session's."""

    def __init__(self, session: "ProjectSession", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._counts = Newest("training-overview", self)
        self._counts.bug.connect(session.bug)
        session.closing.connect(self._counts.finish)

    def ask(
        self, many_new: int, then: Callable[[TrainingOverview], Any], *, device: str | None = None
    ) -> None:
        """As training_overview() of the open project. ``then`` is a method of a QObject."""
        project = self._session.project
        if project is None:
            return

        def count(_should_stop: StopCheck) -> TrainingOverview:
            from app.services.training.overview import training_overview
            from cprfl_core.common.memory import trim_heap

            found = training_overview(project, many_new, device)
            trim_heap()
            return found

        self._counts.run(count, then=then, failed=self._fail)

    def _fail(self, sentence: str) -> None:
        self._session.known_error.emit(sentence)

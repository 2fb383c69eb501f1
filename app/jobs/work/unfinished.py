"""Finds the unfinished jobs of a project when it is opened, and when to resume them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.services.runner.runner import Interruption

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.services.runner.job_records import Unfinished


class UnfinishedWork(QObject):
    """Jobs interrupted by closing resume automatically once the suggestions are loaded, which a training run
    would delay for hours.
    """

    found = Signal(object)
    """An Unfinished."""
    due = Signal(str)
    """The kind of a job that was found and is to be resumed now."""

    def __init__(self, session: "ProjectSession", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._ready = False
        self._waiting: list[str] = []
        session.opened.connect(self._begin)
        session.scores_changed.connect(self._make_ready)
        session.suggestions_missing.connect(self._make_ready)
        session.closed.connect(self._forget)

    @Slot()
    def look(self) -> None:
        self._session.ask_unfinished(self._take)

    @Slot()
    def _begin(self) -> None:
        self._forget()
        self.look()

    def _take(self, unfinished: "list[Unfinished]") -> None:
        for one in unfinished:
            self.found.emit(one)
            if one.why is Interruption.CLOSED and one.kind not in self._waiting:
                self._waiting.append(one.kind)
        if self._ready:
            self._make_ready()

    @Slot()
    def _make_ready(self) -> None:
        self._ready = True
        waiting, self._waiting = self._waiting, []
        for kind in sorted(waiting, key=lambda kind: kind != "scan"):  # the features of what it finds follow
            self.due.emit(kind)

    @Slot()
    def _forget(self) -> None:
        self._ready, self._waiting = False, []

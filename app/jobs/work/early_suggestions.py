"""Suggestions while features are still being computed."""

from PySide6.QtCore import QObject

from app.jobs.project.session import ProjectSession
from app.jobs.values.session import JobInfo
from app.jobs.work import tasks


class EarlySuggestions(QObject):
    """Loads the suggestions after the first part of a run, then each time that the features have doubled.

    Loading is brief work, done between two parts. It takes longer the more images there are; by doubling,
    all loading of a run together takes about twice as long as the last one.
    """

    def __init__(self, session: ProjectSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._due = 1

    def begin(self) -> None:
        """A run begins."""
        self._due = 1

    def follow(self, job: JobInfo) -> None:
        """A run has got so far. Its last part needs nothing: the suggestions are loaded after it anyway."""
        first, total = tasks.FIRST_PART, job.total or 0
        if self._due <= job.done < total - first:
            self._due = 2 * max(job.done, first)
            self._session.reload_suggestions()

"""Scans the folders of the open project in which files have changed, while the person wants that."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.jobs.values.session import JobInfo, ProjectInfo
from app.jobs.work.kinds import RELOCATE, SCAN
from app.jobs.work.tasks import scan_work

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.work.controller import JobController
    from app.services.images.watching import FolderWatch

LOOK_MS: Final = 500


class FolderWatching(QObject):
    """Watches from the opening of a project to its closing. The changes wait while another scan runs."""

    unwatched = Signal(object)
    """A dict of the folders that are only looked at now and then, with the reason."""

    def __init__(
        self, session: "ProjectSession", jobs: "JobController", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._wanted = False
        self._watch: FolderWatch | None = None
        self._told = False
        self._touched: set[tuple[int, str]] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        session.opened.connect(self._begin)
        session.closing.connect(self.end)
        jobs.succeeded.connect(self._follow_job)

    def set_wanted(self, wanted: bool) -> None:
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if wanted:
            self._begin(self._session.info)
        else:
            self.end()

    @property
    def watching(self) -> bool:
        return self._watch is not None

    @Slot(object)
    def _begin(self, info: ProjectInfo | None) -> None:
        self.end()
        if self._wanted and info is not None and info.read_only is None:
            self._session.ask(lambda store: store.folder_watch(), then=self._take_watch, key="folder-watch")

    def _take_watch(self, watch: "FolderWatch") -> None:
        if not self._wanted or self._session.info is None or self._watch is not None:
            return
        self._watch, self._told = watch, False
        watch.begin()
        self._timer.start()

    @Slot()
    def end(self) -> bool:
        """Whether the threads have ended."""
        self._timer.stop()
        self._touched.clear()
        watch, self._watch = self._watch, None
        return watch is None or watch.close()

    @Slot()
    def _look(self) -> None:
        watch, info = self._watch, self._session.info
        if watch is None or info is None:
            return
        if not self._told and watch.wait_until_ready(0):
            self._told = True
            if found := watch.unwatched():
                self.unwatched.emit(found)
        self._touched |= watch.take()
        if self._touched and not any(job.kind in {SCAN.name, RELOCATE.name} for job in self._jobs.running()):
            work = scan_work(Path(info.folder), only=frozenset(self._touched))
            if self._jobs.begin(SCAN, work) is not None:
                self._touched.clear()

    @Slot(object, object)
    def _follow_job(self, job: JobInfo, _result: object) -> None:
        if job.kind == RELOCATE.name:
            self._begin(self._session.info)

"""The image folders in the window: the result of a scan, and locating a folder that was moved."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from app.domain.query import Query, to_text
from app.domain.query.nodes import Is, Property
from app.gui.notifications import Action, Notifications
from app.gui.widgets.words import counted
from app.gui.window.workspace import Workspace
from app.jobs.project.session import ProjectSession
from app.jobs.values.session import FolderInfo, JobInfo
from app.jobs.work.controller import JobController
from app.jobs.work.kinds import RELOCATE, SCAN

CHANGED = to_text(Query(Is(Property.CHANGED)))


class ImageFolders(QObject):
    """Reports the results of scans, and asks for the new place of an image folder."""

    def __init__(
        self,
        session: ProjectSession,
        jobs: JobController,
        workspace: Workspace,
        bus: Notifications,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._jobs, self._workspace, self._bus = session, jobs, workspace, bus
        self._window = window
        jobs.succeeded.connect(self._report)

    @Slot()
    def locate(self) -> None:
        """Ask which folder was moved, if there are several, and where it is now."""
        self._session.ask_folders(self._ask_place)

    def _ask_place(self, folders: Sequence[FolderInfo]) -> None:
        missing = [folder for folder in folders if not folder.there]
        old = self._choose(missing or folders)
        if old is None:
            return
        words = self.tr("Where is {folder} now?").format(folder=old.name)
        new = QFileDialog.getExistingDirectory(self._window, words, str(old.parent))
        if new:
            self._jobs.relocate(old, Path(new))

    def _choose(self, folders: Sequence[FolderInfo]) -> Path | None:
        if len(folders) == 1:
            return folders[0].path
        paths = [str(folder.path) for folder in folders]
        words = self.tr("Which image folder was moved?")
        chosen, agreed = QInputDialog.getItem(self._window, words, words, paths, editable=False)
        return Path(chosen) if agreed else None

    @Slot(object, object)
    def _report(self, job: JobInfo, result: Any) -> None:
        if job.kind == RELOCATE.name:
            self._bus.done(job.message)
            self._jobs.start_scan()
        elif job.kind == SCAN.name:
            self._bus.done(self.tr("Image folders scanned. {result}").format(result=job.message))
            self._report_changed(len(result.changed_labelled))

    def _report_changed(self, count: int) -> None:
        if not count:
            return
        what = counted(
            count,
            self.tr("{n} image file was replaced after it was labelled."),
            self.tr("{n} image files were replaced after they were labelled."),
        )
        self._bus.warning(
            what,
            labels=self.tr("Labels are kept, but reviews do not count until you have checked the images."),
            action=Action(self.tr("Show"), self._show_changed),
        )

    def _show_changed(self) -> None:
        self._workspace.show_library()
        self._session.set_query(CHANGED)

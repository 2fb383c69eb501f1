"""The image folders in the window: what a scan has found, and where a folder is now that was moved."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from app.domain.query import Query, to_text
from app.domain.query.nodes import Is, Property
from app.gui.frame.workspace import Workspace
from app.gui.notifications import Action, Notifications
from app.jobs.job_controller import JobController
from app.jobs.project_session import ProjectSession
from app.jobs.session_values import FolderInfo, JobInfo
from app.jobs.work_kinds import RELOCATE, SCAN

CHANGED = to_text(Query(Is(Property.CHANGED)))


class ImageFolders(QObject):
    """Tells how scans ended, and asks for the new place of an image folder."""

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
        jobs.succeeded.connect(self._tell)

    @Slot()
    def locate(self) -> None:
        """Ask which folder was moved, where there are several, and where it is now."""
        self._session.ask_folders(self._ask_place)

    def _ask_place(self, folders: Sequence[FolderInfo]) -> None:
        missing = [folder for folder in folders if not folder.there]
        old = self._choose(missing or folders)
        if old is None:
            return
        words = f"Where is {old.name} now?"
        new = QFileDialog.getExistingDirectory(self._window, words, str(old.parent))
        if new:
            self._jobs.relocate(old, Path(new))

    def _choose(self, folders: Sequence[FolderInfo]) -> Path | None:
        if len(folders) == 1:
            return folders[0].path
        paths = [str(folder.path) for folder in folders]
        words = "Which image folder was moved?"
        chosen, agreed = QInputDialog.getItem(self._window, words, words, paths, editable=False)
        return Path(chosen) if agreed else None

    @Slot(object, object)
    def _tell(self, job: JobInfo, result: Any) -> None:
        if job.kind == RELOCATE.name:
            self._bus.done(job.message)
            self._jobs.start_scan()
        elif job.kind == SCAN.name:
            self._bus.done(f"The image folders were scanned. {job.message}")
            self._tell_changed(len(result.changed_labelled))

    def _tell_changed(self, count: int) -> None:
        if not count:
            return
        shows = "1 image shows" if count == 1 else f"{count:,} images show"
        self._bus.warning(
            f"{shows} another picture than when labelled.",
            labels="The labels are kept; a review does not count until you have looked.",
            action=Action("Show them", self._show_changed),
        )

    def _show_changed(self) -> None:
        self._workspace.show_library()
        self._session.set_query(CHANGED)

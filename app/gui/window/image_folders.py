"""The image folders in the window: results of scans, a folder that was moved, missing images in new files."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from app.domain.query import Query, to_text
from app.domain.query.nodes import Is, Property
from app.gui.notifications import Action, Notice, Notifications
from app.gui.widgets.words import counted
from app.gui.window.duplicates_panel import DuplicatesPanel
from app.gui.window.locate_panel import LocatePanel
from app.gui.window.panels import Panels
from app.gui.window.relink_panel import RelinkPanel
from app.gui.window.workspace import Workspace
from app.jobs.project.session import ProjectSession
from app.jobs.values.session import FolderInfo, JobInfo, Location
from app.jobs.work.comparisons import FoundDuplicates, RelinkOffer
from app.jobs.work.controller import JobController
from app.jobs.work.kinds import COMPARE, DUPLICATES, LOCATE, RELOCATE, SCAN

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
        self._asked = Path()
        self._told = 0
        self._told_notice: Notice | None = None
        self.locate_panel: LocatePanel | None = None
        self.relink_panel: RelinkPanel | None = None
        self.duplicates_panel: DuplicatesPanel | None = None
        self.panels: Panels | None = None
        """Where the panels are shown; set once, before the first job ends."""
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
        self._choose_place(old)

    @Slot(object)
    def _choose_place(self, old: Path) -> None:
        words = self.tr("Where is {folder} now?").format(folder=old.name)
        new = QFileDialog.getExistingDirectory(self._window, words, str(old.parent))
        if new:
            self._asked = Path(new)
            self._jobs.locate(old, self._asked)

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
        elif job.kind == LOCATE.name:
            self._show_location(result)
        elif job.kind == DUPLICATES.name:
            self._show_duplicates(result)
        elif job.kind == COMPARE.name:
            self._show_pairs(result)
        elif job.kind == SCAN.name and (result.found_news or not result.partial):
            self._bus.done(self.tr("Image folders scanned. {result}").format(result=job.message))
            self._report_changed(len(result.changed_labelled))
            self._report_relinkable(len(result.relinkable))

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

    def _report_relinkable(self, count: int) -> None:
        """Once for the same pairs; the command offers them again at any time."""
        told, self._told = self._told, count
        if not count or count == told:
            return
        what = counted(
            count,
            self.tr("{n} missing image seems to have been moved and changed."),
            self.tr("{n} missing images seem to have been moved and changed."),
        )
        self._told_notice = self._bus.warning(
            what,
            labels=self.tr("Its labels are kept. Say whether the new file shows the same image.")
            if count == 1
            else self.tr("Their labels are kept. Say which new files show the same images."),
            action=Action(self.tr("Show…"), self._jobs.compare_missing),
        )

    def _show_location(self, location: Location) -> None:
        assert self.panels is not None
        if self.locate_panel is None:
            made = self.locate_panel = LocatePanel(self._session)
            made.left.connect(self.panels.close_all)
            made.chosen.connect(self._jobs.relocate)
            made.other_wanted.connect(self._choose_place)
        self.locate_panel.begin(location, self._asked)
        self.panels.open("locate", self.locate_panel, 560, 340)

    def _show_duplicates(self, found: FoundDuplicates) -> None:
        assert self.panels is not None
        if self.duplicates_panel is None:
            made = self.duplicates_panel = DuplicatesPanel(self._session)
            made.left.connect(self.panels.close_all)
            made.library_wanted.connect(self._workspace.show_query)
        self.duplicates_panel.begin(found)
        self.panels.open("duplicates", self.duplicates_panel, 860, 520)

    def _show_pairs(self, offer: RelinkOffer) -> None:
        assert self.panels is not None
        if self._told_notice is not None:
            self._bus.withdraw(self._told_notice)
            self._told_notice = None
        if self.relink_panel is None:
            made = self.relink_panel = RelinkPanel(self._session)
            made.left.connect(self.panels.close_all)
            made.more_wanted.connect(self._jobs.compare_missing)
        self.relink_panel.begin(offer)
        self.panels.open("relink", self.relink_panel, 860, 620)

    @Slot(object)
    def tell_unwatched(self, folders: Mapping[Path, str]) -> None:
        """Some folders do not report changes; they are looked at every few minutes."""
        names = ", ".join(sorted(folder.name for folder in folders))
        reasons = "; ".join(sorted(set(folders.values())))
        words = self.tr("Looked at every five minutes only: {folders} ({reasons}).")
        self._bus.info(words.format(folders=names, reasons=reasons))

    def _show_changed(self) -> None:
        self._workspace.show_query(CHANGED)

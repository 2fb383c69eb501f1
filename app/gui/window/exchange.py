"""Imports and exports in the window: their panels, dropped files, and what was done."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from app.gui.exchange.export_panel import ExportPanel, Shown
from app.gui.exchange.import_panel import ImportPanel
from app.gui.exchange.words import exported_words, imported_words, imports_something
from app.gui.notifications import Action, Notifications
from app.gui.widgets.drop_hint import DropHint, take_as_copy
from app.gui.widgets.words import counted
from app.gui.window.panels import Panels
from app.gui.window.workspace import Workspace
from app.jobs.project.session import ProjectSession
from app.jobs.values.session import JobInfo, JobPhase
from app.jobs.work.controller import JobController
from app.jobs.work.label_files import LabelFiles

if TYPE_CHECKING:
    from app.jobs.work.label_files import ExportReport, ImportReport

IMPORT_PANEL, EXPORT_PANEL = "import", "export"


class Exchange(QObject):
    """The owner calls close()."""

    def __init__(
        self,
        window: QWidget,
        *,
        session: ProjectSession,
        jobs: JobController,
        workspace: Workspace,
        panels: Panels,
        bus: Notifications,
    ) -> None:
        super().__init__(window)
        self._session, self._workspace, self._panels, self._bus = session, workspace, panels, bus
        self.files = LabelFiles(session, jobs, self)
        self.import_panel: ImportPanel | None = None
        self.export_panel: ExportPanel | None = None
        self.files.imported.connect(self._tell_imported)
        self.files.exported.connect(self._tell_exported)
        self.files.refused.connect(self._tell_refused)
        self.files.bug.connect(bus.bug)
        self.drop_hint = DropHint(window)
        # Of the window, so that files can be dropped beside and onto a panel, too.
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        for field in (workspace.top.query.edit, workspace.library.inspector.tags.line):
            field.setAcceptDrops(False)  # a dropped file is not text

    def close(self) -> bool:
        """Whether everything has ended in time. Idempotent."""
        return self.files.close()

    @Slot()
    def show_import(self) -> None:
        self._open_import(None)

    def _open_import(self, path: Path | None) -> None:
        if self.import_panel is None:
            made = self.import_panel = ImportPanel(self._session, self.files)
            made.left.connect(self._panels.close_all)
        # Before it is begun: only a visible panel looks at files.
        self._panels.open(IMPORT_PANEL, self.import_panel, 720, 760)
        if path is not None:
            self.import_panel.begin(path)

    @Slot()
    def show_export(self) -> None:
        if self.export_panel is None:
            made = self.export_panel = ExportPanel(self._session, self.files, self._shown)
            made.left.connect(self._panels.close_all)
        self._panels.open(EXPORT_PANEL, self.export_panel, 600, 620)

    def _shown(self) -> Shown:
        gallery = self._workspace.library.gallery
        return Shown(self._session.query, tuple(gallery.ids()), tuple(gallery.selected_ids()))

    # --- dropped files

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave:
            self.drop_hint.tell("")
        if not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        path = _dropped(event)
        if path is None or self._session.info is None or not take_as_copy(event):
            return super().eventFilter(watched, event)
        dropped = event.type() == QEvent.Type.Drop
        words = self.tr("Drop to look for labels in {name}; nothing is imported yet")
        self.drop_hint.tell("" if dropped else words.format(name=path.name))
        if dropped:
            self._open_import(path)
        return True

    # --- what was done

    @Slot(object, object)
    def _tell_imported(self, report: "ImportReport", folder: Path) -> None:
        """A project that is no longer open is named."""
        info, words = self._session.info, imported_words(report)
        if info is None or info.folder != folder:
            self._bus.done(self.tr("{project}: {words}").format(project=folder, words=words))
            return
        parts = []
        if imports_something(report):
            parts.append(self.tr("Undo reverts all of it."))
        if report.left_out:
            parts.append(
                counted(
                    len(report.left_out),
                    self.tr("{n} entry was left out."),
                    self.tr("{n} entries were left out."),
                )
            )
        self._bus.done(words, labels=" ".join(parts))

    @Slot(object)
    def _tell_exported(self, report: "ExportReport") -> None:
        panel = self.export_panel
        if panel is None or not panel.isVisible():
            action = Action(self.tr("Show folder"), panel.open_folder) if panel is not None else None
            self._bus.done(exported_words(report), action=action)

    @Slot(object)
    def _tell_refused(self, job: JobInfo) -> None:
        """Unless the panel says it."""
        shown = self._panels.shown()
        if job.state is JobPhase.FAILED and shown != job.kind:
            self._bus.error(f"{job.name}: {job.message}", labels=self.tr("Nothing was changed."))


def _dropped(event: QDropEvent) -> Path | None:
    """The first file or folder of a drag."""
    urls = event.mimeData().urls()
    local = [url.toLocalFile() for url in urls if url.isLocalFile()]
    return Path(local[0]) if local else None

"""The main window: start page or workspace, notices, closing."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from app.gui.notifications import Action, Notifications
from app.gui.start.controller import StartController
from app.gui.start.start_page import StartPage
from app.gui.start.strip import SHOWN
from app.gui.theme import Mode, theme
from app.gui.theme.application_icon import application_icon
from app.gui.widgets.accessible import install_painted_widgets
from app.gui.widgets.crash_dialog import CrashDialog
from app.gui.widgets.focus_order import move_focus
from app.gui.widgets.pressing import press_with_enter
from app.gui.widgets.screen_fit import place_first, room_on, size_that_fits
from app.gui.widgets.toasts import ToastStack
from app.gui.window.closing import Closing
from app.gui.window.crash_handler import CrashHandler, about
from app.gui.window.exchange import Exchange
from app.gui.window.image_folders import ImageFolders
from app.gui.window.many_notices import ManyNotices
from app.gui.window.model_notices import ModelNotices
from app.gui.window.mouse_buttons import MouseButtons
from app.gui.window.nothing_suggested import NothingSuggested
from app.gui.window.project_settings import ProjectSettings
from app.gui.window.system_information import SystemInformation
from app.gui.window.training_notices import TrainingNotices
from app.gui.window.window_commands import WindowCommands
from app.gui.window.workspace import Workspace
from app.jobs.project.session import ProjectSession
from app.jobs.settings.preferences import Preferences
from app.jobs.settings.recent_projects import LastView, RecentProjects
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.training.session import TrainingSession
from app.jobs.values.session import JobInfo, JobPhase, ProjectInfo
from app.jobs.work.controller import JobController, NewProject
from app.jobs.work.folder_watching import FolderWatching
from app.jobs.work.kinds import EXPORT, IMPORT
from app.jobs.work.model_list import ModelList

TITLE: Final = "Tailspotter"
SMALLEST: Final = QSize(640, 420)
USUAL: Final = QSize(1280, 800)
LOG_LINES_SHOWN: Final = 4
KEPT_MS: Final = 10_000
"""How often is stored what is shown, for the case that the window does not end by itself."""


class MainWindow(QMainWindow):
    """Shows one project at a time. Closing it closes what it was given."""

    def __init__(
        self,
        session: ProjectSession,
        jobs: JobController,
        models: ModelQueue,
        preferences: Preferences,
        recent: RecentProjects,
        *,
        demo_folder: Path,
    ) -> None:
        super().__init__()
        self.session, self.jobs, self.preferences = session, jobs, preferences
        self._models = models
        self._demo_folder = demo_folder
        self._device_reason = ""
        self.crash_dialog: CrashDialog | None = None
        self._shut = False
        self._dress()
        self.notifications = Notifications(self)
        self.faults = CrashHandler(self)
        self.training = TrainingSession(session, jobs, models, preferences, self)
        self.workspace = Workspace(session, preferences, self.training, jobs)
        self.training_notices = TrainingNotices(self.training, self.workspace, self.notifications, self)
        self.models = ModelList(jobs, self)
        self.start = StartPage(self.models)
        self.start_controller = StartController(self.start, recent, preferences)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self.workspace)
        self.setCentralWidget(self._stack)
        self.toasts = ToastStack(self.notifications, self)
        library = self.workspace.library
        self.nothing_suggested = NothingSuggested(session, library.inspector, library.controller)
        self.folders = ImageFolders(session, jobs, self.workspace, self.notifications, self)
        self.closing = Closing(self, session, jobs)
        calls = {
            "relocate": self.folders.locate,
            "new_project": self.new_project,
            "demo": self.open_demo,
            "start_page": self.close_project,
            "notice": self.toasts.focus_newest,
            "quit": self.close,
        }
        self.commands = WindowCommands(
            self,
            session=session,
            jobs=jobs,
            preferences=preferences,
            start=self.start,
            workspace=self.workspace,
            models=self.models,
            calls=calls,
        )
        self.mouse = MouseButtons(self, self.commands.frame)
        self.exchange = Exchange(
            self,
            session=session,
            jobs=jobs,
            workspace=self.workspace,
            panels=self.commands.panels,
            bus=self.notifications,
        )
        self.information = SystemInformation(self, session, models, self.commands.panels, self.notifications)
        self.project_settings = ProjectSettings(self, session, self.commands.panels, self.notifications)
        self.project_settings.open_wanted.connect(self.open_project)
        self.commands.menu.open_wanted.connect(self.open_project)
        self.project_settings.command_wanted.connect(self.workspace.command_wanted)
        self.commands.frame.connect_all(
            {
                "import_labels": self.exchange.show_import,
                "export_labels": self.exchange.show_export,
                "project_settings": self.project_settings.show,
                "system_information": self.information.show,
            }
        )
        library.facets.deleted.connect(self._tell_deleted)
        self.toasts.keep_beside(library.facets)
        self.toasts.keep_clear(library.single.foot)
        self.folders.panels = self.commands.panels
        self.watching = FolderWatching(session, jobs, self)
        self.watching.unwatched.connect(self.folders.tell_unwatched)
        self.many_notices = ManyNotices(session, self.workspace.library.controller, self.notifications, self)
        self.model_notices = ModelNotices(jobs, self.commands.panels, self.notifications, self)
        self._connect_session()
        self._connect_jobs(models)
        self._connect_start()
        self._connect_preferences()
        self._restore_geometry()
        for sentence in preferences.notices:
            self.notifications.warning(sentence)

    def _dress(self) -> None:
        install_painted_widgets()
        theme().set_mode(Mode(self.preferences.theme))
        theme().set_text_size(self.preferences.value("text_size"))
        self.setWindowTitle(TITLE)
        self.setWindowIcon(application_icon())
        self.setMinimumSize(size_that_fits(SMALLEST, room_on(self.screen())))

    def _connect_session(self) -> None:
        session, bus = self.session, self.notifications
        session.opened.connect(self._opened)
        session.open_failed.connect(self._open_failed)
        session.lock_held.connect(self._open_failed)
        session.closed.connect(self._show_start)
        session.closed.connect(self.toasts.close_passing)
        session.known_error.connect(bus.known_error)
        session.left_unsaved.connect(bus.known_error)
        session.bug.connect(bus.bug)
        session.info_changed.connect(self._follow_info)
        self.preferences.known_error.connect(bus.known_error)
        self.faults.fault.connect(bus.bug)
        bus.crashed.connect(self._report)

    def _connect_jobs(self, models: ModelQueue) -> None:
        jobs, pill = self.jobs, self.workspace.top.pill
        jobs.jobs_changed.connect(self._show_jobs)
        jobs.failed.connect(self._report_failure)
        jobs.bug.connect(self.notifications.bug)
        jobs.project_ready.connect(self.open_project)
        self.models.bug.connect(self.notifications.bug)
        models.device_known.connect(self._show_device)
        for source in (pill, self.start):
            source.cancel_requested.connect(jobs.cancel)
            source.dismissed.connect(jobs.dismiss)
        for shown in (pill, self.workspace.preparing):
            shown.pause_requested.connect(jobs.pause)
            shown.resume_requested.connect(jobs.resume)

    def _connect_start(self) -> None:
        start = self.start
        self._kept: LastView | None = None
        self._keeping = QTimer(self)
        self._keeping.setInterval(KEPT_MS)
        self._keeping.timeout.connect(self._keep_view)
        self._keeping.start()
        start.open_wanted.connect(self.open_project)
        start.create_wanted.connect(self._create)
        start.form.cancelled.connect(self._leave_form)
        start.demo_wanted.connect(self.open_demo)
        self.start_controller.open_wanted.connect(self.open_project)
        self.start_controller.view_ready.connect(self._restore_view)
        self.workspace.device_asked.connect(self._explain_device)
        self.workspace.buttons_made.connect(self.toasts.keep_clear)
        self.workspace.content_changed.connect(self.toasts.keep_over)
        self.toasts.keep_over(self.workspace.library.content)
        self.workspace.library.scan_wanted.connect(self.jobs.start_scan)
        self.workspace.features_wanted.connect(self.jobs.start_indexing)
        self.workspace.patches_wanted.connect(self.jobs.start_indexing_for_training)
        self.nothing_suggested.features_wanted.connect(self.jobs.start_indexing)

    def _connect_preferences(self) -> None:
        self.preferences.changed.connect(self._follow_preference)
        for name in ("motion", "device", "watch_folders"):
            self._follow_preference(name)

    @Slot(str)
    def _follow_preference(self, name: str) -> None:
        value = self.preferences.value(name)
        if name == "theme":
            theme().set_mode(Mode(value))
        elif name == "text_size":
            theme().set_text_size(value)
        elif name == "motion":
            theme().set_reduce_motion(True if value == "none" else None)
        elif name == "device":
            self._models.use_device(None if value == "auto" else value)
        elif name == "watch_folders":
            self.watching.set_wanted(value)
        elif name == "shortcuts":
            self.commands.frame.set_shortcuts(value)

    # --- commands

    def begin(self) -> None:
        """Open the latest project where the preferences say so; else the start page stays."""
        latest = next(iter(self.preferences.recent()), None)
        if latest is not None and self.preferences.value("reopen_last_project"):
            self.open_project(latest)

    @Slot()
    def new_project(self) -> None:
        """Show the form; an open project is closed once the new one is created."""
        self.start.show_form()
        self._show(self.start)

    @Slot()
    def _leave_form(self) -> None:
        """Back to the open project, or to the choices of the start page; the next form is empty."""
        self.start.form.clear()
        self.start.show_choices()
        if self.session.info is not None:
            self._show(self.workspace)
            self.workspace.library.focus_images()

    def _show(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        working = page is self.workspace
        self.toasts.set_insets(
            self.workspace.rail.sizeHint().width() if working else 0,
            self.workspace.foot.sizeHint().height() if working else 0,
        )
        self.commands.follow()

    @Slot()
    def close_project(self) -> None:
        """Go back to the start page, whose card shows the project as it is now."""
        self._keep_card()
        self.session.close()

    # --- opening

    @Slot(object)
    def open_project(self, folder: Path) -> None:
        """Open a project instead of the one that is open."""
        self.start.show_problem("")
        self.start.show_opening(folder)
        self.commands.panels.close_all()
        self._keep_card()
        self.session.open(folder)

    @Slot()
    def open_demo(self) -> None:
        """Open the demo; the first time it is created by a job."""
        self.start.show_problem("")
        self.jobs.prepare_demo(self._demo_folder)

    @Slot(object)
    def _create(self, wanted: NewProject) -> None:
        self.start.show_problem("")
        self.jobs.create_project(wanted)

    @Slot(object)
    def _opened(self, info: ProjectInfo) -> None:
        self.preferences.remember_project(info.folder)
        self.setWindowTitle(self.tr("{project} - Tailspotter").format(project=info.name))
        self.notifications.project = info.name
        self.start.form.clear()
        self.start.show_choices()
        for job in self.jobs.jobs():
            if job.kind in {"create", "demo"}:
                self.jobs.dismiss(job.id)
        self._show(self.workspace)
        self.start_controller.ask_view(info.folder)

    @Slot(object, object)
    def _restore_view(self, folder: Path, view: LastView) -> None:
        """Show what was shown when the project was last closed, unless the person has begun already."""
        info = self.session.info
        if info is not None and info.folder == folder and not self.session.query:
            self.workspace.reopen(view)

    @Slot(object)
    def _follow_info(self, _info: ProjectInfo) -> None:
        self.commands.follow()

    @Slot(str)
    def _open_failed(self, sentence: str) -> None:
        self.start.show_choices()
        self._show_start()
        self.start.show_problem(sentence)

    @Slot()
    def _show_start(self) -> None:
        self.setWindowTitle(TITLE)
        self.notifications.project = ""
        self.start_controller.refresh()
        self._show(self.start)

    def _keep_card(self) -> None:
        info = self.session.info
        if info is not None:
            pictures = self.workspace.library.first_pictures(SHOWN)
            self._kept = self.workspace.view_shown()
            self.start_controller.keep(info, pictures, self._kept)

    @Slot()
    def _keep_view(self) -> None:
        if self.workspace.view_shown() != self._kept:
            self._keep_card()

    # --- jobs

    @Slot(object)
    def _show_jobs(self, jobs: list[JobInfo]) -> None:
        self.workspace.top.pill.set_jobs(jobs)
        self.start.set_jobs([job for job in jobs if job.kind in {"create", "demo"}])
        self.workspace.preparing.set_jobs(jobs)
        self.workspace.library.set_scanning(any(job.kind == "scan" and job.state.active for job in jobs))
        if any(job.kind == "index" and job.state.active for job in jobs):
            self.jobs.set_in_view(self.workspace.library.in_view())
        self.nothing_suggested.follow_jobs(jobs)
        self.commands.follow()

    @Slot(object)
    def _report_failure(self, job: JobInfo) -> None:
        if job.subject or job.kind in {IMPORT.name, EXPORT.name}:
            return  # the notices of image models, and the exchange, say it
        if self._stack.currentWidget() is self.start:
            self.start.show_problem(job.message)
            if job.state is JobPhase.FAILED:
                self.jobs.dismiss(job.id)  # the start page says it already
            return
        crashed = job.state is JobPhase.CRASHED
        last = "\n".join(job.log[-LOG_LINES_SHOWN:])
        action = Action(self.tr("Resume"), lambda: self.jobs.resume(job.id)) if crashed else None
        todo = self.tr("End of the log:\n{lines}").format(lines=last) if last else ""
        self.notifications.error(f"{job.name}: {job.message}", todo=todo, action=action)

    @Slot(str, str)
    def _show_device(self, name: str, reason: str) -> None:
        self._device_reason = reason
        self.workspace.status.set_device(name, reason)

    @Slot()
    def _explain_device(self) -> None:
        self.notifications.info(self._device_reason)

    @Slot(str, str)
    def _tell_deleted(self, name: str, query: str) -> None:
        """A saved query was deleted; it can be taken back."""
        finding = self.workspace.library.finding
        undo = Action(self.tr("Undo"), lambda: finding.save(name, query))
        self.notifications.info(self.tr("Deleted the saved query: {name}").format(name=name), action=undo)

    # --- bugs

    @Slot(str)
    def _report(self, traceback: str) -> None:
        if self.crash_dialog is None:
            self.crash_dialog = CrashDialog(about(), self)
        self.crash_dialog.report(traceback)

    # --- geometry and closing

    def _restore_geometry(self) -> None:
        kept = self.preferences.value("window_geometry")
        # Qt fits the geometry to the screens of today, and refuses one that is far from them.
        if not kept or not self.restoreGeometry(QByteArray.fromBase64(QByteArray(kept.encode()))):
            place_first(self, USUAL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses a focused button; Esc also goes up where nothing has the focus."""
        if press_with_enter(self, event):
            return
        if event.key() == Qt.Key.Key_Escape and self._stack.currentWidget() is self.workspace:
            self.workspace.go_up()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return move_focus(self, forward=forward)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.mouse.watch()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._shut and not self.closing.may_close():
            event.ignore()
            return
        self.shut()
        event.accept()

    def shut(self) -> None:
        """Save what is pending, end every thread and process. Idempotent."""
        if self._shut:
            return
        self._shut = True
        self._keeping.stop()
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.preferences.set(window_geometry=geometry)
        self._keep_card()
        self.information.close()
        self.exchange.close()
        self.project_settings.close()
        self.jobs.close()
        self.models.close()
        self.session.close()
        self.start_controller.close()
        self.start.form.shut()
        self.workspace.shut()
        self.faults.release()

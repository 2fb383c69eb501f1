"""The window: start page or workspace, notices, and a clean end."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QSize, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from app.gui.frame.closing import Closing
from app.gui.frame.faults import FaultCatcher, about
from app.gui.frame.image_folders import ImageFolders
from app.gui.frame.job_items import job_items
from app.gui.frame.nothing_suggested import NothingSuggested
from app.gui.frame.training_news import TrainingNews
from app.gui.frame.window_commands import WindowCommands
from app.gui.frame.workspace import Workspace
from app.gui.notifications import Action, Notifications
from app.gui.start.desk import StartDesk
from app.gui.start.start_page import StartPage
from app.gui.start.strip import SHOWN
from app.gui.theme import Mode, theme
from app.gui.widgets.crash_dialog import CrashDialog
from app.gui.widgets.screen_fit import place_first, room_on, size_that_fits
from app.gui.widgets.toasts import ToastStack
from app.jobs.job_controller import JobController, NewProject
from app.jobs.model_queue import ModelQueue
from app.jobs.preferences import Preferences
from app.jobs.project_session import ProjectSession
from app.jobs.recent_projects import RecentProjects
from app.jobs.session_values import JobInfo, JobPhase, ProjectInfo
from app.jobs.training_session import TrainingSession

SMALLEST: Final = QSize(640, 420)
USUAL: Final = QSize(1280, 800)
LOG_LINES_SHOWN: Final = 4


class MainWindow(QMainWindow):
    """One project at a time. What it was given it closes when it is closed."""

    def __init__(
        self,
        session: ProjectSession,
        jobs: JobController,
        models: ModelQueue,
        preferences: Preferences,
        recent: RecentProjects,
        *,
        demo_folder: Path,
        known_errors: tuple[type[Exception], ...],
    ) -> None:
        super().__init__()
        theme().set_mode(Mode(preferences.theme))
        self.session, self.jobs, self.preferences = session, jobs, preferences
        self._models = models
        self._demo_folder = demo_folder
        self._device_reason = ""
        self._crash: CrashDialog | None = None
        self._shut = False
        self.setWindowTitle("Tailspotter")
        self.setMinimumSize(size_that_fits(SMALLEST, room_on(self.screen())))
        self.notifications = Notifications(self)
        self.faults = FaultCatcher(self)
        self.training = TrainingSession(session, jobs, models, preferences, self, known_errors=known_errors)
        self.workspace = Workspace(session, preferences, known_errors, self.training)
        self.training_news = TrainingNews(self.training, self.workspace, self.notifications, self)
        self.start = StartPage()
        self.desk = StartDesk(self.start, recent, preferences)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self.workspace)
        self.setCentralWidget(self._stack)
        self.toasts = ToastStack(self.notifications, self)
        library = self.workspace.library
        self.nothing_suggested = NothingSuggested(session, library.inspector, library.controller)
        self.folders = ImageFolders(session, jobs, self.workspace, self.notifications, self)
        self.closing = Closing(self)
        self.commands = WindowCommands(self)
        self._connect_session()
        self._connect_jobs(models)
        self._connect_start()
        self._connect_preferences()
        self._restore_place()
        for sentence in preferences.notices:
            self.notifications.warning(sentence)

    def _connect_session(self) -> None:
        session, bus = self.session, self.notifications
        session.opened.connect(self._opened)
        session.open_failed.connect(self._open_failed)
        session.lock_held.connect(self._open_failed)
        session.closed.connect(self._show_start)
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
        jobs.failed.connect(self._tell_failure)
        jobs.bug.connect(self.notifications.bug)
        jobs.project_ready.connect(self.open_project)
        models.device_known.connect(self._show_device)
        for source in (pill, self.start):
            source.cancel_requested.connect(jobs.cancel)
            source.dismissed.connect(jobs.dismiss)
        pill.pause_requested.connect(jobs.pause)
        pill.resume_requested.connect(jobs.resume)

    def _connect_start(self) -> None:
        start = self.start
        start.open_wanted.connect(self.open_project)
        start.create_wanted.connect(self._create)
        start.demo_wanted.connect(self.open_demo)
        self.desk.open_wanted.connect(self.open_project)
        self.workspace.device_asked.connect(self._tell_device)
        self.workspace.library.scan_wanted.connect(self.jobs.start_scan)
        self.workspace.features_wanted.connect(self.start_indexing)
        self.workspace.patches_wanted.connect(self.jobs.start_indexing_for_training)
        self.nothing_suggested.features_wanted.connect(self.start_indexing)

    def _connect_preferences(self) -> None:
        self.preferences.changed.connect(self._follow_preference)
        for name in ("motion", "device"):
            self._follow_preference(name)

    @Slot(str)
    def _follow_preference(self, name: str) -> None:
        value = self.preferences.value(name)
        if name == "theme":
            theme().set_mode(Mode(value))
        elif name == "motion":
            theme().set_reduce_motion(True if value == "none" else None)
        elif name == "device":
            self._models.use_device(None if value == "auto" else value)
        elif name == "shortcuts":
            self.commands.frame.set_shortcuts(value)

    # --- commands

    def begin(self) -> None:
        """What the person wants at the start: the latest project, or the start page."""
        latest = next(iter(self.preferences.recent()), None)
        if latest is not None and self.preferences.value("reopen_last_project"):
            self.open_project(latest)

    @Slot()
    def new_project(self) -> None:
        self.close_project()
        self.start.show_form()

    @Slot()
    def close_project(self) -> None:
        """Back to the start page, which tells of the project as it is now."""
        self._keep_card()
        self.session.close()

    def project_shown(self) -> bool:
        return self._stack.currentWidget() is self.workspace

    # --- opening

    @Slot(object)
    def open_project(self, folder: Path) -> None:
        """Open a project in place of the one that is open."""
        self.start.show_problem("")
        self.commands.panels.close_all()
        self._keep_card()
        self.session.open(folder)

    @Slot()
    def open_demo(self) -> None:
        """Open the demo; the first time it is made, which takes a while and is shown."""
        self.start.show_problem("")
        self.jobs.prepare_demo(self._demo_folder)

    @Slot(object)
    def _create(self, wanted: NewProject) -> None:
        self.start.show_problem("")
        self.jobs.create_project(wanted)

    @Slot(object)
    def _opened(self, info: ProjectInfo) -> None:
        self.preferences.remember_project(info.folder)
        self.setWindowTitle(f"{info.name} - Tailspotter")
        self._stack.setCurrentWidget(self.workspace)
        self.toasts.set_bottom_inset(self.workspace.foot.sizeHint().height())
        self.start.show_choices()
        for job in self.jobs.jobs():
            if job.kind in {"create", "demo"}:
                self.jobs.dismiss(job.id)
        self.commands.follow()

    @Slot(object)
    def _follow_info(self, _info: ProjectInfo) -> None:
        self.commands.follow()

    @Slot(str)
    def _open_failed(self, sentence: str) -> None:
        self._show_start()
        self.start.show_problem(sentence)

    @Slot()
    def _show_start(self) -> None:
        self.setWindowTitle("Tailspotter")
        self.desk.refresh()
        self._stack.setCurrentWidget(self.start)
        self.toasts.set_bottom_inset(0)
        self.commands.follow()

    def _keep_card(self) -> None:
        info = self.session.info
        if info is not None:
            self.desk.keep(info, self.workspace.library.first_pictures(SHOWN))

    # --- jobs

    @Slot()
    def start_indexing(self) -> None:
        self.jobs.start_indexing()

    @Slot(object)
    def _show_jobs(self, jobs: list[JobInfo]) -> None:
        items = job_items(jobs)
        self.workspace.top.pill.set_jobs(items)
        leading = [item for item, job in zip(items, jobs, strict=True) if job.kind in {"create", "demo"}]
        self.start.set_jobs(leading)
        self.nothing_suggested.follow_jobs(jobs)
        self.commands.follow()

    @Slot(object)
    def _tell_failure(self, job: JobInfo) -> None:
        if self.session.info is None:
            self.start.show_problem(job.message)
            if job.state is JobPhase.FAILED:
                self.jobs.dismiss(job.id)  # said once is enough
            return
        crashed = job.state is JobPhase.CRASHED
        last = "\n".join(job.log[-LOG_LINES_SHOWN:])
        action = Action("Resume", lambda: self.jobs.resume(job.id)) if crashed else None
        todo = f"The end of its log:\n{last}" if last else ""
        self.notifications.error(f"{job.name}: {job.message}", todo=todo, action=action)

    @Slot(str, str)
    def _show_device(self, name: str, reason: str) -> None:
        self._device_reason = reason
        self.workspace.status.set_device(name, reason)

    @Slot()
    def _tell_device(self) -> None:
        self.notifications.info(self._device_reason)

    # --- faults

    @Slot(str)
    def _report(self, traceback: str) -> None:
        if self._crash is None:
            self._crash = CrashDialog(about(), self)
        self._crash.report(traceback)

    def crash_dialog(self) -> CrashDialog | None:
        return self._crash

    # --- place on the screen, and the end

    def _restore_place(self) -> None:
        kept = self.preferences.value("window_geometry")
        # Qt gives back only what the screens of today have room for, and refuses what is far from it.
        if not kept or not self.restoreGeometry(QByteArray.fromBase64(QByteArray(kept.encode()))):
            place_first(self, USUAL)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._shut and not self.closing.may_close():
            event.ignore()
            return
        self.shut()
        event.accept()

    def shut(self) -> None:
        """Write what waits, end every thread and process. Idempotent."""
        if self._shut:
            return
        self._shut = True
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.preferences.set(window_geometry=geometry)
        self._keep_card()
        self.jobs.close()
        self.session.close()
        self.desk.close()
        self.workspace.shut()
        self.faults.release()

    def current_page(self) -> QWidget:
        return self._stack.currentWidget()

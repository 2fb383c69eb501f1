"""The window: start page or workspace, notices, and a clean end."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QSize, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from app.gui.frame.faults import FaultCatcher, about
from app.gui.frame.job_items import job_items
from app.gui.frame.workspace import Workspace
from app.gui.notifications import Action, Notice, Notifications
from app.gui.start.start_page import StartPage
from app.gui.theme import Mode, theme
from app.gui.widgets.crash_dialog import CrashDialog
from app.gui.widgets.toasts import ToastStack
from app.jobs.job_controller import JobController, NewProject
from app.jobs.model_queue import ModelQueue
from app.jobs.preferences import Preferences
from app.jobs.project_session import ProjectSession
from app.jobs.session_values import JobInfo, JobPhase, ProjectInfo

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
        *,
        demo_folder: Path,
        known_errors: tuple[type[Exception], ...],
    ) -> None:
        super().__init__()
        theme().set_mode(Mode(preferences.theme))
        self.session, self.jobs, self.preferences = session, jobs, preferences
        self._demo_folder = demo_folder
        self._device_reason = ""
        self._missing: Notice | None = None
        self._crash: CrashDialog | None = None
        self._shut = False
        self.setWindowTitle("Tailspotter")
        self.setMinimumSize(SMALLEST)
        self.notifications = Notifications(self)
        self.faults = FaultCatcher(self)
        self.workspace = Workspace(session, preferences, known_errors)
        self.start = StartPage()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self.workspace)
        self.setCentralWidget(self._stack)
        self.toasts = ToastStack(self.notifications, self)
        self._connect_session()
        self._connect_jobs(models)
        self._connect_start()
        self._restore_place()
        self.start.set_recent(preferences.recent())
        for sentence in preferences.notices:
            self.notifications.warning(sentence)

    def _connect_session(self) -> None:
        session, bus = self.session, self.notifications
        session.opened.connect(self._opened)
        session.open_failed.connect(self._open_failed)
        session.lock_held.connect(self._open_failed)
        session.closed.connect(self._show_start)
        session.known_error.connect(bus.known_error)
        session.bug.connect(bus.bug)
        session.suggestions_missing.connect(self._offer_indexing)
        session.scores_changed.connect(self._withdraw_offer)
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
        pill.resume_requested.connect(jobs.resume)

    def _connect_start(self) -> None:
        start, top = self.start, self.workspace.top
        start.open_wanted.connect(self.open_project)
        start.create_wanted.connect(self._create)
        start.demo_wanted.connect(self.open_demo)
        top.start_page_wanted.connect(self.session.close)
        top.indexing_wanted.connect(self.start_indexing)
        self.workspace.device_asked.connect(self._tell_device)

    # --- opening

    @Slot(object)
    def open_project(self, folder: Path) -> None:
        """Open a project in place of the one that is open."""
        self.start.show_problem("")
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
            if job.kind != "index":
                self.jobs.dismiss(job.id)
        if info.warning:
            self.notifications.warning(info.warning)

    @Slot(str)
    def _open_failed(self, sentence: str) -> None:
        self._show_start()
        self.start.show_problem(sentence)

    @Slot()
    def _show_start(self) -> None:
        self._withdraw_offer()
        self.setWindowTitle("Tailspotter")
        self.start.set_recent(self.preferences.recent())
        self._stack.setCurrentWidget(self.start)
        self.toasts.set_bottom_inset(0)

    # --- jobs

    @Slot()
    def start_indexing(self) -> None:
        self._withdraw_offer()
        self.jobs.start_indexing()

    @Slot(object)
    def _show_jobs(self, jobs: list[JobInfo]) -> None:
        items = job_items(jobs)
        self.workspace.top.pill.set_jobs(items)
        self.start.set_jobs([item for item, job in zip(items, jobs, strict=True) if job.kind != "index"])
        indexing = any(job.kind == "index" and job.state.going_on for job in jobs)
        self.workspace.top.index_action.setEnabled(not indexing)

    @Slot(object)
    def _tell_failure(self, job: JobInfo) -> None:
        if self.session.info is None:
            self.start.show_problem(job.message)
            return
        crashed = job.state is JobPhase.CRASHED
        last = "\n".join(job.log[-LOG_LINES_SHOWN:])
        action = Action("Resume", self.start_indexing) if crashed and job.kind == "index" else None
        todo = f"The end of its log:\n{last}" if last else ""
        self.notifications.error(f"{job.name}: {job.message}", todo=todo, action=action)

    @Slot(str)
    def _offer_indexing(self, _sentence: str) -> None:
        info = self.session.info
        if info is None or not info.images or self.jobs.running():
            return
        self._withdraw_offer()
        self._missing = self.notifications.info(
            "There are no suggestions yet.",
            todo="Compute the features of the images once; it goes on beside your work.",
            action=Action("Compute features", self.start_indexing),
        )

    @Slot()
    def _withdraw_offer(self) -> None:
        if self._missing is not None:
            self.notifications.withdraw(self._missing)
            self._missing = None

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
        if not kept or not self.restoreGeometry(QByteArray.fromBase64(QByteArray(kept.encode()))):
            self.resize(USUAL)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.shut()
        event.accept()

    def shut(self) -> None:
        """Write what waits, end every thread and process. Idempotent."""
        if self._shut:
            return
        self._shut = True
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.preferences.set(window_geometry=geometry)
        self.jobs.close()
        self.session.close()
        self.workspace.shut()
        self.faults.release()

    def current_page(self) -> QWidget:
        return self._stack.currentWidget()

"""The composition root: the only place that knows every room, and wires them."""

import atexit
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.gui.window.main_window import MainWindow
    from app.services.runner.runner import Runner

LOG_NAME = "tailspotter.log"
LOG_BYTES = 1_000_000
SIGNAL_MS: Final = 300
PREPARE_MS: Final = 50
"""After the window has been asked to show itself, which it does first."""
SWITCH_SECONDS: Final = 0.001
OWN_LOGGERS = ("app", "cprfl_core")


def run_command_line(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status: 0, 1 known error, 2 usage, 130 interrupted."""
    from app.cli.context import CommandLine
    from app.cli.main import run

    with _own_logging() as log:

        def open_window(project: Path | None, demo: Path | None) -> int:
            log.start(platformdirs.user_log_path("tailspotter", appauthor=False), False)
            return run_window(project, demo)

        return run(
            arguments,
            CommandLine(
                make_runner,
                log.start,
                open_window=open_window if has_display() else None,
            ),
        )


def run_window(project: Path | None = None, demo: Path | None = None) -> int:
    """Show the window until it is closed; with ``project``, or the demo in the folder ``demo``, at once.

    Raises KnownError where Qt cannot open a window; nothing has been changed then.
    """
    from app.jobs.display import DisplayProbe, require_display_libraries
    from cprfl_core.common.memory import share_heaps

    share_heaps()
    require_display_libraries()
    with DisplayProbe() as probe:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from app.gui.theme import install

        # Only loaded here, while the probe runs: it takes as long.
        from app.gui.window import main_window  # noqa: F401
        from app.jobs.qt_messages import qt_messages_logged
        from app.jobs.threads.process_end import end_if_computing

        probe.require()
    # Before the handler below: a display that Qt cannot open is told on the terminal.
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("tailspotter")
    application.setApplicationDisplayName("Tailspotter")
    application.setDesktopFileName("tailspotter")
    with qt_messages_logged():
        install(application)
        speak(application)
        # A thread that wants Python's lock gets it after this long: no frame and no decision waits for more.
        sys.setswitchinterval(SWITCH_SECONDS)
        window = make_window(demo)
        told: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            # A handler interrupts whatever runs, such as a lock that closing would take again: only note it.
            signal.signal(number, lambda number, _frame: told.append(number))

        def listen_for_signals() -> None:
            if told:
                told.clear()
                window.closing.close_now()

        listen = QTimer(window)  # Python hears of a signal only while its own code runs
        listen.start(SIGNAL_MS)
        listen.timeout.connect(listen_for_signals)
        window.show()
        QTimer.singleShot(PREPARE_MS, window.session.prepare)
        if project is not None:
            window.open_project(project)
        elif demo is not None:
            window.open_demo()
        else:
            window.begin()
        try:
            status = application.exec()
        finally:
            window.shut()
    atexit.register(end_if_computing, status)
    return status


def speak(application: "QApplication", settings: Path | None = None) -> None:
    """The language of the settings, a file, before a widget has a text."""
    from app.gui import language
    from app.services.settings import SettingsFile

    language.install(application, SettingsFile(settings).load().settings.language)


def make_window(
    demo: Path | None = None,
    *,
    worker_command: Sequence[str] | None = None,
    settings: Path | None = None,
) -> "MainWindow":
    """The window with everything that it needs, not shown yet; its shut() ends what was started here.

    ``worker_command`` and ``settings``, a file, take the place of the usual ones.
    """
    from app.gui.window.main_window import MainWindow
    from app.jobs.project.session import ProjectSession
    from app.jobs.settings.preferences import Preferences
    from app.jobs.settings.recent_projects import RecentProjects
    from app.jobs.threads.model_queue import ModelQueue
    from app.jobs.work.controller import JobController
    from app.services.runner.subprocess_runner import SubprocessRunner
    from app.services.settings import SettingsFile

    preferences = Preferences(SettingsFile(settings))
    models = ModelQueue(SubprocessRunner(worker_command))
    data = platformdirs.user_data_path("tailspotter", appauthor=False)
    session = ProjectSession(
        models,
        disk_cache_bytes=preferences.value("disk_cache_mb") << 20,
        unsaved_folder=(data if settings is None else settings.parent) / "unsaved",
    )
    jobs = JobController(models, session)
    folder = demo or data / "demo"
    return MainWindow(
        session,
        jobs,
        models,
        preferences,
        RecentProjects(preferences.folder / "recent"),
        demo_folder=folder,
    )


def has_display() -> bool:
    """Whether a window can be shown; where X11 or Wayland is spoken, the environment names a display."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def make_runner(separate_process: bool) -> "Runner":
    """Runs the model in this process, or in a child process that cannot take this one down with it."""
    if separate_process:
        from app.services.runner.subprocess_runner import SubprocessRunner

        return SubprocessRunner()
    from app.worker.inprocess import InProcessRunner

    return InProcessRunner()


def _log_file(folder: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler

    class LogFile(RotatingFileHandler):
        def _open(self) -> TextIOWrapper:
            folder.mkdir(parents=True, exist_ok=True)
            return super()._open()

        def handleError(self, record: logging.LogRecord) -> None:
            if not isinstance(sys.exc_info()[1], OSError):
                super().handleError(record)

        def close(self) -> None:
            with contextlib.suppress(OSError):
                super().close()

    return LogFile(
        folder / LOG_NAME,
        maxBytes=LOG_BYTES,
        backupCount=3,
        encoding="utf-8",
        errors="backslashreplace",
        delay=True,
    )


class _Log:
    def __init__(self) -> None:
        self.handlers: list[logging.Handler] = []

    def start(self, folder: Path | None, verbose: bool) -> None:
        """Log to a file in ``folder`` from now on and, when verbose, to stderr.

        The file is made with the first line of the log. Where it cannot be written nothing fails: the disk
        may be read-only or full.
        """
        if folder is not None:
            self._add(_log_file(folder))
        if verbose:
            self._add(logging.StreamHandler(sys.stderr))
        for name in OWN_LOGGERS:
            logging.getLogger(name).setLevel(logging.INFO)

    def _add(self, handler: logging.Handler) -> None:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.getLogger().addHandler(handler)
        self.handlers.append(handler)


@contextlib.contextmanager
def _own_logging() -> Iterator[_Log]:
    """Logging for the length of one command. Until it is started somewhere, nothing is printed."""
    log = _Log()
    silent = logging.NullHandler()
    logging.getLogger().addHandler(silent)
    logging.captureWarnings(True)
    try:
        yield log
    finally:
        logging.captureWarnings(False)
        for handler in (silent, *log.handlers):
            logging.getLogger().removeHandler(handler)
            handler.close()

"""Uncaught exceptions: they are shown in the crash report, and the window keeps running."""

import logging
import platform
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion

from app import __version__

log = logging.getLogger(__name__)


class CrashHandler(QObject):
    """Replaces sys.excepthook and threading.excepthook until release()."""

    fault = Signal(str)
    """A traceback, emitted on the window's thread."""
    _caught = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._caught.connect(self.fault, Qt.ConnectionType.QueuedConnection)
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def release(self) -> None:
        sys.excepthook, threading.excepthook = self._before

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        log.error("%s", text)
        self._caught.emit(text)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def about() -> str:
    """The versions that a report needs besides the traceback."""
    return (
        f"Tailspotter {__version__}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"{platform.platform()}"
    )

"""The child process that opens Qt's display and ends. Qt aborts where it cannot; here that hurts nobody."""

import os
import sys
from typing import Final, NoReturn

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

FAILED: Final = 1


def main() -> NoReturn:
    """Exit with 0 where a window can be opened; else with another status, and Qt's reasons on stderr."""
    _dump_no_core()
    qInstallMessageHandler(_tell)
    application = QGuiApplication(["tailspotter"])
    if not application.screens():
        _end("no screen was found", FAILED)
    _end("", 0)


def _tell(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if kind == QtMsgType.QtFatalMsg:
        # Qt aborts once this returns, and the system would report a crash of Tailspotter.
        _end(message, FAILED)
    _write(message)


def _end(message: str, status: int) -> NoReturn:
    """Without the clean-up of Qt and Python, which takes time and can fail as well."""
    _write(message)
    os._exit(status)


def _write(message: str) -> None:
    if message:
        sys.stderr.write(f"{message.strip()}\n")
        sys.stderr.flush()


def _dump_no_core() -> None:
    """A fault in a graphics driver is told by the exit status; it needs no file of the size of the memory."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))

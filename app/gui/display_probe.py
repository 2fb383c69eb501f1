"""Child process that opens Qt's display and exits: where Qt aborts, only this process dies."""

import os
import sys
from typing import Final, NoReturn

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

FAILED: Final = 1


def main() -> NoReturn:
    """Exit with 0 if a window can be opened, else with FAILED and Qt's reasons on stderr."""
    _dump_no_core()
    qInstallMessageHandler(_handle_message)
    application = QGuiApplication(["tailspotter"])
    if not application.screens():
        _end("no screen was found", FAILED)
    _end("", 0)


def _handle_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if kind == QtMsgType.QtFatalMsg:
        # Qt aborts when this returns, and the system would report a crash of Tailspotter.
        _end(message, FAILED)
    _write(message)


def _end(message: str, status: int) -> NoReturn:
    """Exit without the clean-up of Qt and Python, which takes time and can fail."""
    _write(message)
    os._exit(status)


def _write(message: str) -> None:
    if message:
        sys.stderr.write(f"{message.strip()}\n")
        sys.stderr.flush()


def _dump_no_core() -> None:
    """The exit status reports a fault in a graphics driver; a core file would be as large as the memory."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))

"""Sends Qt's own messages to the log instead of the terminal."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

log = logging.getLogger("qt")


@contextmanager
def qt_messages_logged() -> Iterator[None]:
    """Within the block, Qt's messages are records of the logger "qt"."""
    before = qInstallMessageHandler(_log)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _log(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    category = context.category or "default"
    log.log(_LEVELS.get(kind, logging.WARNING), "%s: %s", category, message)

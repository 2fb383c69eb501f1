"""Every thread, timer, process and window has an owner and is proven dead after each test."""

import gc
import os
import threading
import time
from pathlib import Path

import psutil
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QProcess, QThread, QTimer
from PySide6.QtWidgets import QApplication

from app.gui.theme import Mode, theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

GRACE_SECONDS = 2.0
_PLATFORM_WITHOUT_A_SCREEN = ("This plugin does not support",)


def pytest_collection_modifyitems(items):
    """A warning of Qt is a failure here, as a warning of Python is everywhere."""
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(*_PLATFORM_WITHOUT_A_SCREEN))


def _running() -> dict[str, set]:
    """What would outlive a test, as descriptions that name the culprit."""
    objects = [o for o in shiboken6.getAllValidWrappers() if isinstance(o, QObject)]
    return {
        "QThread": {repr(o) for o in objects if isinstance(o, QThread) and o.isRunning() and _ours(o)},
        "QTimer": {f"{o!r} of {o.parent()!r}" for o in objects if isinstance(o, QTimer) and o.isActive()},
        "QProcess": {
            repr(o)
            for o in objects
            if isinstance(o, QProcess) and o.state() != QProcess.ProcessState.NotRunning
        },
        "thread": {
            f"{thread.name} {thread.ident}"
            for thread in threading.enumerate()
            if thread is not threading.main_thread() and thread.name not in _FOREIGN_THREADS
        },
        "process": {f"{child.pid} {child.name()}" for child in psutil.Process().children(recursive=True)},
        "window": {
            f"{widget!r} {widget.objectName()}" for widget in QApplication.topLevelWidgets() if _owned(widget)
        },
    }


# pytest-timeout and the test distribution keep threads of their own.
_FOREIGN_THREADS = frozenset({"pytest_timeout", "execnet-main"})


def _ours(thread: QThread) -> bool:
    return thread is not QThread.currentThread() and thread != QCoreApplication.instance().thread()


def _owned(widget) -> bool:
    """Qt keeps the last tool tip and the like for the next time."""
    return type(widget).__name__ not in {"QTipLabel", "QComboBoxPrivateContainer"} and widget.parent() is None


@pytest.fixture(autouse=True)
def nothing_leaks(qapp):
    """Fail a test that leaves a running QThread, QTimer, QProcess, thread, child process or window behind."""
    before = _running()
    yield
    deadline = time.monotonic() + GRACE_SECONDS
    while left := _left(before):
        if time.monotonic() > deadline:
            pytest.fail(f"the test left behind: {left}")
        gc.collect()
        time.sleep(0.01)


def _left(before: dict[str, set]) -> dict[str, set]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    now = _running()
    return {kind: now[kind] - before[kind] for kind in now if now[kind] - before[kind]}


@pytest.fixture(autouse=True)
def plain_look(qapp):
    """Each test starts with the light theme and the system's font, whatever the one before has done."""
    font = QApplication.font()
    theme().set_mode(Mode.LIGHT)
    theme().set_reduce_motion(True)
    yield
    theme().set_reduce_motion(True)
    theme().set_text_size(100)
    if QApplication.font() != font:
        QApplication.setFont(font)
    theme().set_mode(Mode.LIGHT)


@pytest.fixture
def large_font(qapp):
    """A system font of twice the size."""
    font = QApplication.font()
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * 2)
    else:
        font.setPixelSize(font.pixelSize() * 2)
    QApplication.setFont(font)

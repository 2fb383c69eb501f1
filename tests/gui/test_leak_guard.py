"""The guard against leaks is itself tested: a guard that sees nothing would let everything through."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")

LEAKS = {
    "QTimer": """
        from PySide6.QtCore import QTimer
        kept = []
        def test_leak(qtbot):
            timer = QTimer(); timer.start(1000); kept.append(timer)
    """,
    "window": """
        from PySide6.QtWidgets import QWidget
        kept = []
        def test_leak(qtbot):
            kept.append(QWidget())
    """,
    "thread": """
        import threading
        stop = threading.Event()
        def test_leak(qtbot):
            threading.Thread(target=stop.wait, args=(20,), daemon=True).start()
    """,
    "QThread": """
        from PySide6.QtCore import QThread
        kept = []
        def test_leak(qtbot):
            thread = QThread(); thread.start(); kept.append(thread)
        import atexit
        atexit.register(lambda: [(thread.quit(), thread.wait()) for thread in kept])
    """,
    "process": """
        import subprocess, sys, atexit
        kept = []
        def test_leak(qtbot):
            kept.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"]))
        atexit.register(lambda: [child.kill() for child in kept])
    """,
    "Qt message": """
        from PySide6.QtCore import qWarning
        def test_leak(qtbot):
            qWarning("something is wrong")
    """,
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """All leaking tests run in one session of their own; what it printed."""
    folder = tmp_path_factory.mktemp("leaks")
    (folder / "conftest.py").write_text(
        CONFTEST.read_text().replace("GRACE_SECONDS = 2.0", "GRACE_SECONDS = 0.05")
    )
    for number, code in enumerate(LEAKS.values()):
        (folder / f"test_leak_{number}.py").write_text(textwrap.dedent(code))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "qt_api=pyside6",
        str(folder),
    ]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("kind", LEAKS)
def test_a_test_that_leaves_something_behind_fails_and_names_it(report, kind):
    number = list(LEAKS).index(kind)
    lines = [line for line in report.splitlines() if f"test_leak_{number}.py" in line]
    assert any(line.startswith(("ERROR", "FAILED")) for line in lines), report
    if kind != "Qt message":
        assert f"'{kind}'" in report, report

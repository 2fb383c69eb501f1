"""The window and its parts lie on the screen, whatever its size; each screen in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from app.gui.widgets.screen_fit import pull_inside, room_on, size_that_fits

PROGRAM = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from app.bootstrap import make_window
application = QApplication([])
window = make_window(None, settings=Path(sys.argv[1]))
window.show()
if len(sys.argv) > 2:
    window.setGeometry(*json.loads(sys.argv[2]))
window._stack.setCurrentWidget(window.workspace)
panels = window.commands.panels
panels.toggle_help()
panels.toggle_preferences()
window._report("a traceback")
application.processEvents()
work = window.workspace
parts = {
    "inspector": work.library.inspector,
    "foot": work.foot,
    "preferences of the rail": work.rail.button("preferences"),
    "panel": panels._overlays["preferences"].panel,
}
places = {
    name: [*part.mapTo(window, QPoint(0, 0)).toTuple(), *part.size().toTuple()]
    for name, part in parts.items()
}
crash = window.crash_dialog
screen = window.screen().availableGeometry()
print(json.dumps([window.geometry().getRect(), crash.size().toTuple(), screen.getRect(), places]))
window.close()
"""


@pytest.fixture
def on_screen(tmp_path):
    """``on_screen(width, height)``: places of window, crash report, screen, and parts in the window."""

    def run(width, height, *, place=None, factor=1):
        screen = {"name": "one", "x": 0, "y": 0, "width": width, "height": height, "dpr": 1}
        screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}
        chosen = tmp_path / "screens.json"
        chosen.write_text(json.dumps({"screens": [screen]}))
        arguments = [str(tmp_path / "settings.json"), *([json.dumps(place)] if place else [])]
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *arguments],
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
            env=os.environ
            | {"QT_QPA_PLATFORM": f"offscreen:configfile={chosen}", "QT_SCALE_FACTOR": str(factor)},
            cwd=Path(__file__).parents[3],
        )
        assert done.returncode == 0, done.stderr
        window, crash, available, places = json.loads(done.stdout)
        return QRect(*window), QSize(*crash), QRect(*available), {n: QRect(*p) for n, p in places.items()}

    return run


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1024, 600), (1366, 768), (683, 384)])
def test_the_first_window_and_its_parts_lie_on_the_screen(on_screen, size):
    window, crash, screen, parts = on_screen(*size)
    assert screen.size() == QSize(*size)
    assert screen.contains(window)
    assert crash.width() <= screen.width() and crash.height() <= screen.height()
    inside = QRect(0, 0, window.width(), window.height())
    assert {name: part for name, part in parts.items() if not inside.contains(part)} == {}
    assert all(part.width() > 20 and part.height() > 10 for part in parts.values())


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_at_twice_the_size_the_window_and_its_parts_lie_on_the_screen(on_screen, size):
    window, crash, screen, parts = on_screen(*size, factor=2)
    assert screen.size() == QSize(*size) / 2
    assert screen.contains(window)
    assert crash.width() <= screen.width() and crash.height() <= screen.height()
    inside = QRect(0, 0, window.width(), window.height())
    assert {name: part for name, part in parts.items() if not inside.contains(part)} == {}
    assert all(part.width() > 20 and part.height() > 10 for part in parts.values())


@pytest.mark.slow
def test_on_a_large_screen_the_first_window_has_its_usual_size(on_screen):
    window, _, screen, _ = on_screen(1920, 1080)
    assert window.size() == QSize(1280, 800)
    assert screen.contains(window)


@pytest.mark.slow
def test_a_window_comes_back_where_it_was_or_smaller_where_the_screen_is(on_screen):
    on_screen(1920, 1080, place=[200, 100, 1500, 900])
    assert on_screen(1920, 1080)[0] == QRect(200, 100, 1500, 900)
    for size in ((1600, 900), (1366, 768), (1024, 600)):
        window, _, screen, _ = on_screen(*size)
        # Qt restores before it knows the frame, which this platform makes two pixels wide.
        assert screen.adjusted(-2, -2, 2, 2).contains(window), size


def test_without_a_screen_nothing_is_limited():
    assert size_that_fits(QSize(5000, 4000), room_on(None)) == QSize(5000, 4000)


def test_a_list_that_opens_at_an_edge_is_pulled_inside_the_screen(qtbot, qapp):
    screen = qapp.primaryScreen().availableGeometry()
    popup = QWidget()
    qtbot.addWidget(popup)
    popup.setGeometry(screen.right() - 50, screen.bottom() - 20, 300, screen.height() + 100)
    pull_inside(popup)
    assert screen.contains(popup.geometry())
    assert popup.size() == QSize(300, screen.height())
    inside = QRect(10, 10, 40, 40)
    popup.setGeometry(inside)
    pull_inside(popup)
    assert popup.geometry() == inside

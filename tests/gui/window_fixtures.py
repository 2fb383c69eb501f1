"""The real window on small projects, with a worker process that knows colours."""

import gc
import sys
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from app.bootstrap import make_window
from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.project.project import open_project

WORKER = Path(__file__).parents[1] / "jobs" / "colour_worker.py"
PATIENCE = 20_000


@pytest.fixture
def make(qtbot, tmp_path):
    """``make(seconds=0.0)``: a shown, active window whose model takes that long for each image."""
    windows = []

    def start(seconds: float = 0.0):
        window = make_window(
            tmp_path / "demo",
            worker_command=[sys.executable, str(WORKER), str(seconds)],
            settings=tmp_path / "settings" / "settings.json",
        )
        windows.append(window)
        window.resize(1200, 760)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield start
    for window in windows:
        window.closing.close_now()
        assert window.jobs.running() == []
        window.deleteLater()
    windows.clear()
    # QObjects must not become garbage that another thread collects.
    gc.collect()


@pytest.fixture
def folder(tmp_path, make_image):
    """Six red and six blue images, scanned; the categories "red thing" and "serval"."""
    for i in range(6):
        make_image(tmp_path / "photos" / f"red{i}.png", size=(60, 40), colour=(200 + i, 10, 10))
        make_image(tmp_path / "photos" / f"blue{i}.png", size=(60, 40), colour=(10, 10, 200 + i))
    with create_project(tmp_path / "savanna", [tmp_path / "photos"], ["red thing", "serval"]) as project:
        scan(project)
    return project.folder


@pytest.fixture
def opened(qtbot, make, folder):
    """``opened(seconds=0.0)``: the window with the project, its images in the grid."""

    def start(seconds: float = 0.0):
        window = make(seconds)
        open_in(qtbot, window, folder)
        return window

    return start


def open_in(qtbot, window, folder):
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        window.open_project(folder)
    gallery = window.workspace.library.gallery
    qtbot.waitUntil(lambda: gallery.current_id() is not None, timeout=PATIENCE)
    settle(qtbot, window)


def settle(qtbot, window):
    qtbot.waitUntil(lambda: window.session.pending == 0, timeout=PATIENCE)


def index(qtbot, window):
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        window.jobs.start_indexing()
    settle(qtbot, window)


def press(qtbot, window, key, modifier=None):
    """A key as a person presses it: to the widget that has the focus."""
    target = window.focusWidget() or window
    if modifier is None:
        qtbot.keyClick(target, key)
    else:
        qtbot.keyClick(target, key, modifier)


def type_text(window, text):
    QTest.keyClicks(window.focusWidget(), text)


def stored(folder):
    """What is on the disk: {(path, category): state} and the set of reviewed paths."""
    from app.services.labelling.decisions import label_states
    from app.storage import categories, images, labels

    with open_project(folder) as project:
        label_states(project)
        with project.db.read() as s:
            paths = {one.id: one for one in images.all_images(s)}
            names = {one.id: one.name for one in categories.all_categories(s)}
            said = {
                (paths[number].path, names[label.category_id]): label.state.value
                for number in paths
                for label in labels.explicit_of(s, number)
            }
    return said, {one.path for one in paths.values() if one.reviewed_at is not None}

"""The real window on a small project with features and labels, and a worker that tunes as a script says."""

import gc
import json
import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from tuning_projects import patchy_project, patchy_runner
from window_fixtures import PATIENCE, open_in, press, settle

from app.bootstrap import make_window
from app.services.indexing import ensure_text_features

SCRIPTED = Path(__file__).parents[1] / "services" / "scripted_training_worker.py"
IMAGES, REVIEWED = 90, 60
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="session")
def patchy(tmp_path_factory):
    """Features of ninety images, labels on sixty; copied by each test."""
    base = tmp_path_factory.mktemp("training-window")
    with patchy_project(base, count=IMAGES, reviewed=REVIEWED) as project:
        ensure_text_features(project, patchy_runner())
    return base


@pytest.fixture
def folder(patchy, tmp_path):
    shutil.copytree(patchy, tmp_path / "copy")
    return tmp_path / "copy" / "project"


@pytest.fixture
def make(qtbot, tmp_path):
    """``make(**script)``: a shown, active window whose worker follows the script."""
    windows = []

    def start(**script):
        window = make_window(
            tmp_path / "demo",
            worker_command=[sys.executable, str(SCRIPTED), str(tmp_path / "script.json")],
            settings=tmp_path / "settings" / "settings.json",
        )
        windows.append(window)
        tell(tmp_path, **script)
        window.resize(1280, 800)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield start
    for window in windows:
        window.shut()
        window.close()
        window.deleteLater()
    windows.clear()
    gc.collect()


@pytest.fixture
def opened(qtbot, make, folder):
    """``opened(**script)``: the window with the project and its suggestions."""

    def start(**script):
        window = make(**script)
        with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
            open_in(qtbot, window, folder)
        settle(qtbot, window)
        return window

    return start


def tell(tmp_path, **script):
    """What the worker is to do in the runs from now on."""
    (tmp_path / "script.json").write_text(json.dumps(script), "utf-8")


def show_train(qtbot, window):
    """Through the rail, as with the mouse; the place, with the counts."""
    qtbot.mouseClick(window.workspace.rail.button("train"), LEFT)
    qtbot.waitUntil(lambda: window.training.overview is not None, timeout=PATIENCE)
    settle(qtbot, window)
    return window.workspace.train


def train(qtbot, window):
    """Start a run with the button and wait for its end."""
    place = show_train(qtbot, window)
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE) as ended:
        qtbot.mouseClick(place.setup.start, LEFT)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.training.versions != [] or ended.args[0].version is None, timeout=PATIENCE)
    return place


__all__ = ["LEFT", "PATIENCE", "folder", "make", "opened", "patchy", "press", "settle", "show_train", "tell"]

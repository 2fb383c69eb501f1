"""The real window on a small project with features and labels, and a worker that tunes as a script says."""

import gc
import json
import shutil
import sys
from pathlib import Path

import pytest
import scripted_training_worker as scripted
from PySide6.QtCore import Qt
from tuning_projects import patchy_project, patchy_runner
from window_fixtures import PATIENCE, open_in, press, settle

from app.bootstrap import make_window
from app.services.features.indexing import ensure_text_features
from app.services.project.project import open_project
from app.services.training.training import train as tune

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


@pytest.fixture(scope="session")
def tuned_base(patchy, tmp_path_factory):
    """As patchy, with v1, which is in use, and v2, which is worse."""
    base = tmp_path_factory.mktemp("tuned-window") / "copy"
    shutil.copytree(patchy, base)
    scripted.SCRIPT = base / "script.json"
    with open_project(base / "project") as project:
        runner = patchy_runner(TrainHead=scripted.train_head)
        for gain in (3.0, -2.0):
            scripted.SCRIPT.write_text(json.dumps({"gain": gain}), "utf-8")
            tune(project, runner)
    scripted.SCRIPT = None
    return base


@pytest.fixture
def tuned(tuned_base, tmp_path, qtbot, make):
    """``tuned(**script)``: the window with a project that has two versions."""
    shutil.copytree(tuned_base, tmp_path / "tuned")

    def start(**script):
        return open_with(qtbot, make(**script), tmp_path / "tuned" / "project")

    return start


@pytest.fixture
def worker(tmp_path):
    """The command of the worker."""
    return [sys.executable, str(SCRIPTED), str(tmp_path / "script.json")]


@pytest.fixture
def make(qtbot, tmp_path, worker):
    """``make(**script)``: a shown, active window whose worker follows the script."""
    windows = []

    def start(**script):
        window = make_window(
            tmp_path / "demo",
            worker_command=worker,
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
        return open_with(qtbot, make(**script), folder)

    return start


def open_with(qtbot, window, folder):
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        open_in(qtbot, window, folder)
    settle(qtbot, window)
    return window


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
    """Start a run with the button and wait for its end; the place."""
    place = show_train(qtbot, window)
    with qtbot.waitSignal(window.training.ended, timeout=PATIENCE):
        qtbot.mouseClick(place.setup.start, LEFT)
    settle(qtbot, window)
    return place


def model_in_use(window):
    """The version of which the suggestions of the open project make use."""
    live = window.session._storage.store._created().state.live
    return None if live is None else live.model


__all__ = ["LEFT", "PATIENCE", "press", "settle"]

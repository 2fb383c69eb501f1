"""A small project for the Review place: a circle of hues, indexed by a backbone that knows colours."""

import gc
import math
import shutil
import sys
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, WORKER, make, open_in, press, settle, stored, type_text  # noqa: F401

from app.services.features.indexing import ensure_text_features, index
from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.runner.subprocess_runner import SubprocessRunner

HUES = 21


@pytest.fixture(scope="session")
def indexed(tmp_path_factory):
    """Eleven hues nearer to red and ten nearer to cyan, called blue; the reddest three times."""
    base = tmp_path_factory.mktemp("review-window")
    (base / "photos").mkdir()
    counts = {"red": 0, "blue": 0}
    for i in range(HUES):
        angles = (2 * math.pi * (i / HUES + third / 3) for third in (0, -1, 1))
        colour = tuple(round(128 + 100 * math.cos(angle)) for angle in angles)
        kind = "red" if math.cos(2 * math.pi * i / HUES) > 0 else "blue"
        for copy in ("", "a", "b") if i == 0 else ("",):
            Image.new("RGB", (60, 45), colour).save(base / "photos" / f"{kind}{counts[kind]:02}{copy}.png")
        counts[kind] += 1
    names = ["red thing", "serval", "grass"]
    with create_project(base / "savanna", [base / "photos"], names) as project:
        scan(project)
        runner = SubprocessRunner([sys.executable, str(WORKER)])
        index(project, runner)
        ensure_text_features(project, runner)
    return base


@pytest.fixture
def folder(indexed, tmp_path):
    shutil.copytree(indexed, tmp_path / "copy")
    return tmp_path / "copy" / "savanna"


@pytest.fixture
def opened(qtbot, make, folder):  # noqa: F811
    """``opened()``: the window with the project and its suggestions."""

    def start():
        window = make()
        with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
            open_in(qtbot, window, folder)
        settle(qtbot, window)
        return window

    return start


def show_board(qtbot, window):
    """Through the rail, as with the mouse; the board with its estimates."""
    qtbot.mouseClick(window.workspace.rail.button("review"), Qt.MouseButton.LeftButton)
    place = window.workspace.review
    qtbot.waitUntil(lambda: place.board.model.rowCount() > 0, timeout=PATIENCE)
    settle(qtbot, window)
    return place


def start_round(qtbot, window, name="red thing"):
    """Start a round with Enter on the board; returns the place with the first page shown."""
    place = show_board(qtbot, window)
    row = next(one for one in place.review.board.rows if one.name == name)
    assert place.board.table.show_category(row.category_id)
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    return place


def path_of(window, image_id):
    from app.storage import images

    with window.session.project.db.read() as s:
        return images.get(s, image_id).path


def end(window):
    window.close()
    gc.collect()


def photos(folder):
    return Path(folder).parent / "photos"

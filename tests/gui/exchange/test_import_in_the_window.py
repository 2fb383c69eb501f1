# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Importing labels in the real window, with real keys, clicks and drops."""

import json

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle, stored

from app.domain.labels import Decision, LabelState
from app.gui.exchange import import_panel as panel_module
from app.services.labelling.decisions import decide, next_undo
from app.services.project.project import open_project
from app.storage import images

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


def coco(path, labels, names=("red thing", "serval"), extra=()):
    """A COCO file: ``labels`` maps file names to the positions of categories."""
    file_names = list(labels)
    content = {
        "images": [{"id": at, "file_name": name} for at, name in enumerate(file_names)],
        "categories": [{"id": at, "name": name} for at, name in enumerate(names)],
        "annotations": [
            {"id": at * 10 + position, "image_id": at, "category_id": position}
            for at, name in enumerate(file_names)
            for position in labels[name]
        ]
        + list(extra),
    }
    path.write_text(json.dumps(content))
    return path


def answer(folder, name, state):
    with open_project(folder) as project:
        with project.db.read() as s:
            number = images.find(s, name).id
        decide(project, [Decision(number, 1, state)])


def choose(monkeypatch, path):
    monkeypatch.setattr(panel_module, "ask_file", lambda *_: path)


def open_panel(qtbot, window):
    press(qtbot, window, Qt.Key.Key_I, CTRL)
    return window.exchange.import_panel


def tried(qtbot, panel):
    qtbot.waitUntil(lambda: panel._report is not None, timeout=PATIENCE)


def notices(window):
    return [toast.notice.words() for toast in window.toasts.toasts()]


def test_a_file_is_tried_imported_and_undone_with_one_undo(qtbot, opened, folder, tmp_path, monkeypatch):
    window = opened()
    path = coco(
        tmp_path / "labels.json",
        {"red0.png": [0], "red1.png": [0, 2], "gone.png": [1]},
        ("red thing", "serval", "owl"),
    )
    choose(monkeypatch, path)
    panel = open_panel(qtbot, window)
    assert not panel.start.isEnabled() and panel.focusProxy().hasFocus()
    qtbot.mouseClick(panel.choose_file, LEFT)
    tried(qtbot, panel)
    assert panel.findings.headline.text() == "3 labels on 2 images; 1 new category"
    assert "2 of 3 images in the file" in panel.findings.facts.text()
    assert panel.start.text() == "Import 3 labels"
    assert stored(folder)[0] == {}
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(lambda: not panel.isVisible(), timeout=PATIENCE)
    assert stored(folder)[0] == {
        ("red0.png", "red thing"): "yes",
        ("red1.png", "red thing"): "yes",
        ("red1.png", "owl"): "yes",
    }
    assert notices(window)[-1] == ("Imported 3 labels on 2 images; 1 new category. Undo reverts all of it.")
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: stored(folder)[0] == {}, timeout=PATIENCE)
    settle(qtbot, window)

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Exporting labels in the real window, with real keys and clicks."""

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle

from app.domain.labels import Decision, LabelState
from app.gui.exchange import export_panel as panel_module
from app.services.labelling.decisions import decide
from app.services.project.project import open_project
from app.storage import images

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def labelled(folder):
    """Two images with yes, one with no."""
    with open_project(folder) as project:
        with project.db.read() as s:
            ids = [images.find(s, name).id for name in ("red0.png", "red1.png", "blue0.png")]
        states = (LabelState.YES, LabelState.YES, LabelState.NO)
        decide(project, [Decision(one, 1, state) for one, state in zip(ids, states, strict=True)])
    return folder


def open_panel(qtbot, window):
    press(qtbot, window, Qt.Key.Key_E, CTRL)
    panel = window.exchange.export_panel
    qtbot.waitUntil(panel.start.isEnabled, timeout=PATIENCE)
    return panel


def pick(qtbot, panel, name):
    panel.format.setCurrentIndex(panel.format.findData(name))
    qtbot.waitUntil(panel.start.isEnabled, timeout=PATIENCE)


def export_to(qtbot, panel, monkeypatch, target):
    monkeypatch.setattr(panel_module, "ask_target", lambda *_: target)
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(panel.result.isVisible, timeout=PATIENCE)


def click(qtbot, button):
    qtbot.mouseClick(button, LEFT, pos=QPoint(8, button.height() // 2))


def names_in(path):
    return {one["file_name"] for one in json.loads(path.read_text())["images"]}


def test_all_labels_are_counted_written_and_their_folder_is_shown(
    qtbot, labelled, opened, tmp_path, monkeypatch
):
    window = opened()
    panel = open_panel(qtbot, window)
    pick(qtbot, panel, "coco")
    assert panel.counts.text() == "2 yes labels on 12 images, 2 categories."
    assert not panel.losses.isVisible() and not panel.query.isVisible() and not panel.selection.isVisible()
    export_to(qtbot, panel, monkeypatch, tmp_path / "out.json")
    assert panel.result.text().startswith("Exported 2 labels on 12 images to out.json (")
    assert len(names_in(tmp_path / "out.json")) == 12
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    qtbot.mouseClick(panel.show_folder, LEFT)
    assert shown == [str(tmp_path)]
    settle(qtbot, window)


def test_the_images_of_the_query_or_the_selected_ones_are_exported(
    qtbot, labelled, opened, tmp_path, monkeypatch
):
    window = opened()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        window.session.set_query('"red thing"')
    settle(qtbot, window)
    panel = open_panel(qtbot, window)
    pick(qtbot, panel, "coco")
    assert panel.query.text() == 'Of the query "red thing" (2 images)' and panel.all.isChecked()
    click(qtbot, panel.query)
    qtbot.waitUntil(lambda: "on 2 images" in panel.counts.text(), timeout=PATIENCE)
    export_to(qtbot, panel, monkeypatch, tmp_path / "query.json")
    assert names_in(tmp_path / "query.json") == {"red0.png", "red1.png"}
    press(qtbot, window, Qt.Key.Key_Escape)
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        window.session.set_query("")
    gallery = window.workspace.library.gallery
    gallery.select(0)
    gallery.select(2, extend=True)
    panel = open_panel(qtbot, window)
    assert panel.selection.text() == "Selected (3 images)" and not panel.query.isVisible()
    assert panel.all.isChecked()
    click(qtbot, panel.selection)
    qtbot.waitUntil(lambda: "on 3 images" in panel.counts.text(), timeout=PATIENCE)
    export_to(qtbot, panel, monkeypatch, tmp_path / "selected.json")
    assert len(names_in(tmp_path / "selected.json")) == 3
    settle(qtbot, window)


@pytest.mark.slow
def test_what_a_format_loses_is_told_before_anything_is_written(qtbot, labelled, opened, monkeypatch):
    from app.services.interchange import preview

    window = opened()
    monkeypatch.setattr(preview, "losses", lambda *_: ["1 answer of no is left out"])
    panel = open_panel(qtbot, window)
    qtbot.waitUntil(panel.losses.isVisible, timeout=PATIENCE)
    assert panel.losses.text() == "1 answer of no is left out."
    settle(qtbot, window)


@pytest.mark.slow
def test_an_export_that_cannot_be_written_is_told_and_another_place_chosen(
    qtbot, labelled, opened, tmp_path, monkeypatch
):
    window = opened()
    panel = open_panel(qtbot, window)
    pick(qtbot, panel, "coco")
    monkeypatch.setattr(panel_module, "ask_target", lambda *_: tmp_path / "gone" / "out.json")
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(panel.problem.isVisible, timeout=PATIENCE)
    assert "does not exist" in panel.problem.text() and not panel.result.isVisible()
    export_to(qtbot, panel, monkeypatch, tmp_path / "out.json")
    assert not panel.problem.isVisible()
    settle(qtbot, window)


@pytest.mark.slow
def test_every_format_that_is_written_can_be_chosen_and_says_what_it_holds(qtbot, labelled, opened):
    from app.services.interchange.registry import writable

    window = opened()
    panel = open_panel(qtbot, window)
    offered = [panel.format.itemData(at) for at in range(panel.format.count())]
    assert offered == [one.name for one in writable()]
    for name in offered:
        pick(qtbot, panel, name)
        assert panel.holds.text().startswith("Holds yes")
        assert set(panel.options.fields) <= next(one for one in writable() if one.name == name).options
    settle(qtbot, window)


@pytest.mark.slow
def test_a_split_and_a_data_card_are_written_beside_and_never_over_other_files(
    qtbot, labelled, opened, tmp_path, monkeypatch
):
    window = opened()
    panel = open_panel(qtbot, window)
    pick(qtbot, panel, "coco")
    panel.split.lineEdit().clear()
    qtbot.keyClicks(panel.split.lineEdit(), "50/50")
    click(qtbot, panel.card)
    click(qtbot, panel.answered)
    qtbot.waitUntil(lambda: "on 3 images" in panel.counts.text(), timeout=PATIENCE)
    assert "9 images without an answer are left out." in panel.counts.text()
    (tmp_path / "out-val.json").write_text("mine")
    monkeypatch.setattr(panel_module, "ask_target", lambda *_: tmp_path / "out.json")
    qtbot.mouseClick(panel.start, LEFT)
    qtbot.waitUntil(panel.problem.isVisible, timeout=PATIENCE)
    assert panel.problem.text() == "out-val.json is there already. Choose another name for the export."
    assert (tmp_path / "out-val.json").read_text() == "mine"
    export_to(qtbot, panel, monkeypatch, tmp_path / "new.json")
    parts = [names_in(tmp_path / f"new-{part}.json") for part in ("train", "val")]
    assert sorted([*parts[0], *parts[1]]) == ["blue0.png", "red0.png", "red1.png"]
    assert (tmp_path / "new-card.md").exists() and "new-card.md" in panel.result.text()
    settle(qtbot, window)


@pytest.mark.slow
def test_an_impossible_split_is_told_before_anything_is_written(qtbot, labelled, opened):
    window = opened()
    panel = open_panel(qtbot, window)
    panel.split.lineEdit().clear()
    qtbot.keyClicks(panel.split.lineEdit(), "lots")
    qtbot.waitUntil(panel.problem.isVisible, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "'lots' is not a split" in panel.problem.text(), timeout=PATIENCE)
    assert not panel.start.isEnabled()
    settle(qtbot, window)

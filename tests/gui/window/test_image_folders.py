# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Changed pictures and moved image folders in the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog
from window_fixtures import PATIENCE, folder, index, make, open_in, opened, press, settle, stored

from app.domain.labels import Decision, LabelState
from app.services.images.scan import scan
from app.services.labelling.decisions import decide, review
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.storage import images

LEFT = Qt.MouseButton.LeftButton
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def answer(folder, name):
    """Say yes to the first category on an image, and review it."""
    with open_project(folder) as project:
        with project.db.read() as s:
            number = images.find(s, name).id
        decide(project, [Decision(number, 1, LabelState.YES)])
        review(project, [number])
    return number


def notices(window):
    return [toast.notice for toast in window.toasts.toasts()]


@pytest.mark.slow
def test_a_scan_reports_changed_pictures_and_its_button_shows_them(qtbot, opened, folder, make_image):
    number = answer(folder, "red0.png")
    window = opened()
    library = window.workspace.library
    library.gallery.select(library.gallery.ids().index(number))
    settle(qtbot, window)
    assert library.inspector.facts.text().endswith("· reviewed")
    make_image(folder.parent / "photos" / "red0.png", size=(80, 40))
    press(qtbot, window, Qt.Key.Key_S, CTRL_SHIFT)
    qtbot.waitUntil(lambda: any(one.action for one in notices(window)), timeout=PATIENCE)
    told = next(one for one in notices(window) if one.action)
    assert told.what == "1 image file was replaced after it was labelled."
    qtbot.waitUntil(lambda: "was replaced" in library.inspector.problem.text(), timeout=PATIENCE)
    assert library.inspector.facts.text().endswith("not reviewed")
    told.action.run()
    qtbot.waitUntil(lambda: list(library.gallery.ids()) == [number], timeout=PATIENCE)
    assert window.session.query == "is:changed"
    library.gallery.select(0)
    settle(qtbot, window)
    library.focus_images()
    press(qtbot, window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: library.inspector.problem.text() == "", timeout=PATIENCE)
    settle(qtbot, window)
    assert stored(folder) == ({("red0.png", "red thing"): "yes"}, {"red0.png"})


@pytest.mark.slow
def test_a_window_follows_a_scan_of_the_command_line_that_finds_another_picture(
    qtbot, opened, folder, make_image
):
    number = answer(folder, "red0.png")
    window = opened()
    index(qtbot, window)
    library = window.workspace.library
    library.gallery.select(library.gallery.ids().index(number))
    qtbot.waitUntil(lambda: library.inspector.facts.text().endswith("· reviewed"), timeout=PATIENCE)

    def no_of_serval():
        return next(one.no for one in window.session.info.categories if one.name == "serval")

    assert no_of_serval() == 1
    make_image(folder.parent / "photos" / "red0.png", size=(80, 40))
    with open_project(folder) as project:
        scan(project)
    qtbot.waitUntil(lambda: "was replaced" in library.inspector.problem.text(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: no_of_serval() == 0, timeout=PATIENCE)
    settle(qtbot, window)


@pytest.mark.slow
def test_a_missing_folder_is_located_by_the_button_of_the_banner(qtbot, make, folder, monkeypatch):
    photos = folder.parent / "photos"
    photos.rename(photos.with_name("elsewhere"))
    window = make()
    open_in(qtbot, window, folder)
    banner = window.workspace.warning
    assert "12 images cannot be shown" in banner.text()
    assert banner.second.isVisible()
    asked = []

    def choose(parent, words, place):
        asked.append((words, place))
        return str(photos.with_name("elsewhere"))

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    qtbot.mouseClick(banner.second, LEFT)
    qtbot.waitUntil(lambda: window.commands.panels.shown() == "locate", timeout=PATIENCE)
    assert window.folders.locate_panel.result.text() == "12 of 12 images are there."
    qtbot.mouseClick(window.folders.locate_panel.use, LEFT)
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=PATIENCE)
    assert asked == [("Where is photos now?", str(folder.parent))]
    qtbot.waitUntil(lambda: not window.jobs.running(), timeout=PATIENCE)
    loader, first = window.workspace.library.loader, window.workspace.library.gallery.current_id()
    qtbot.waitUntil(lambda: loader.picture(first) is not None, timeout=PATIENCE)
    assert any("12 of 12 images were found there" in one.what for one in notices(window))
    settle(qtbot, window)


@pytest.mark.slow
def test_a_wrong_place_is_refused_and_nothing_is_changed(qtbot, opened, folder, monkeypatch, tmp_path):
    (tmp_path / "empty").mkdir()
    window = opened()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "empty"))
    window.commands.frame.action("relocate").trigger()
    qtbot.waitUntil(lambda: window.commands.panels.shown() == "locate", timeout=PATIENCE)
    panel = window.folders.locate_panel
    assert panel.result.text() == "0 of 12 images are there."
    assert not panel.use.isEnabled()
    qtbot.mouseClick(panel.cancel, LEFT)
    assert window.commands.panels.shown() is None
    assert window.workspace.library.gallery.count() == 12
    settle(qtbot, window)


def test_with_several_folders_the_person_says_which_was_moved(qtbot, make, tmp_path, monkeypatch, make_image):
    for name in ("north", "south"):
        make_image(tmp_path / name / "a.png")
    with create_project(tmp_path / "p", [tmp_path / "north", tmp_path / "south"], ["fox"]) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, project.folder)
    library = window.workspace.library
    library.show_single()
    qtbot.waitUntil(lambda: library.single.name.text() == "north/a.png", timeout=PATIENCE)
    assert not window.workspace.warning.second.isVisible()
    offered = []

    def choose(_parent, _title, _words, paths, *, editable):
        offered.extend(paths)
        assert not editable
        return "", False

    monkeypatch.setattr(QInputDialog, "getItem", choose)
    window.commands.frame.action("relocate").trigger()
    qtbot.waitUntil(lambda: bool(offered), timeout=PATIENCE)
    assert offered == [str(tmp_path / "north"), str(tmp_path / "south")]
    assert window.jobs.running() == []
    settle(qtbot, window)

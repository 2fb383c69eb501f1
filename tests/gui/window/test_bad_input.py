# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Hard cases in the window: usable, or a clear sentence; nothing clipped, never a traceback."""

import dataclasses
import time

import pytest
from clipping import clipped
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from window_fixtures import PATIENCE, folder, index, make, open_in, opened, press, settle, stored, type_text

from app.domain.labels import LabelState
from app.services.images.scan import scan
from app.services.project.categories import add_categories
from app.services.project.creation import create_project
from app.services.project.project import open_project

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
MANY = 3000


@pytest.mark.slow
def test_a_photograph_of_40_megapixels_shows_large_and_is_labelled(qtbot, make, tmp_path):
    (tmp_path / "photos").mkdir()
    Image.effect_noise((77, 52), 60).resize((7700, 5200)).convert("RGB").save(
        tmp_path / "photos" / "large.jpg", quality=60
    )
    with create_project(tmp_path / "project", [tmp_path / "photos"], ["cloud"]) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, project.folder)
    library = window.workspace.library
    press(qtbot, window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: library.single.canvas.picture() is not None, timeout=PATIENCE)
    picture = library.single.canvas.picture()
    assert (picture.width, picture.height) == (7700, 5200)
    assert picture.image.width() < 3000, "only what can be seen is decoded"
    press(qtbot, window, Qt.Key.Key_1, CTRL)
    qtbot.waitUntil(lambda: library.single.canvas.picture().image.width() > 3000, timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "cloud")
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    window.close()
    assert stored(project.folder)[0] == {("large.jpg", "cloud"): "yes"}


@pytest.mark.slow
def test_three_thousand_categories_are_typed_for_and_suggested_without_a_wait(qtbot, make, folder):
    with open_project(folder) as project:
        add_categories(project, [f"species {number:04} of the long list" for number in range(MANY)])
    window = make()
    open_in(qtbot, window, folder)
    index(qtbot, window)
    library = window.workspace.library
    qtbot.waitUntil(lambda: len(library.inspector.suggestions.rows()) == 10, timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_T)
    began = time.thread_time()
    type_text(window, "species 2718")
    spent = (time.thread_time() - began) / len("species 2718")
    assert spent < 0.1, f"{spent:.3f} s of the window's processor time for each key"
    assert library.inspector.tags.list.item(0).text() == "species 2718 of the long list"
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    press(qtbot, window, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert [one.name for one in library.controller.sheet.labels] == ["species 2718 of the long list"]
    assert len(library.inspector.suggestions.rows()) == 10


def read_only(window, reason):
    """What the session says of a project that cannot be written to."""
    info = dataclasses.replace(window.session.info, read_only=reason)
    window.session._info = info
    window.session.info_changed.emit(info)


def test_a_project_that_cannot_be_written_says_why_and_offers_nothing_that_would_fail(qtbot, opened):
    window = opened()
    reason = "the folder /media/archive cannot be written"
    read_only(window, reason)
    banner, library = window.workspace.read_only, window.workspace.library
    assert banner.isVisible()
    assert reason in banner.text()
    assert not any(window.commands.frame.action(name).isEnabled() for name in ("scan", "index"))
    buttons = ("accept", "reject", "unknown", "reviewed", "repeat")
    assert not any(library.inspector.button(name).isEnabled() for name in buttons)
    assert not library.inspector.offer.isVisible()
    press(qtbot, window, Qt.Key.Key_R)
    assert "read-only" in window.workspace.message.text()
    press(qtbot, window, Qt.Key.Key_Right)
    press(qtbot, window, Qt.Key.Key_E)
    assert library.single_shown
    read_only(window, None)
    assert not banner.isVisible()
    assert library.inspector.button("accept").isEnabled()


def test_a_project_in_a_place_that_cannot_be_written_opens_for_reading(qtbot, make, folder, monkeypatch):
    reason = "its disk or share is mounted read-only"
    monkeypatch.setattr("app.services.project.project.write_obstacle", lambda _database: reason)
    window = make()
    open_in(qtbot, window, folder)
    assert reason in window.workspace.read_only.text()
    assert window.workspace.library.gallery.count() == 12
    press(qtbot, window, Qt.Key.Key_R)
    settle(qtbot, window)
    assert window.session.info.reviewed == 0
    assert window.toasts.toasts() == []
    window.close()
    monkeypatch.undo()
    assert stored(folder) == ({}, set())


def show_everything(qtbot, window):
    """Each screen and panel in turn, by its name."""
    library = window.workspace.library
    yield "the grid"
    press(qtbot, window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: library.single.canvas.picture() is not None, timeout=PATIENCE)
    yield "the single view"
    press(qtbot, window, Qt.Key.Key_G)
    for key, name in ((Qt.Key.Key_F1, "help"), (Qt.Key.Key_Comma, "preferences"), (Qt.Key.Key_K, "commands")):
        press(qtbot, window, key, CTRL if key != Qt.Key.Key_F1 else None)
        yield name
        if name == "preferences":
            window.commands.panels.preferences.show_keys()
            yield "keys"
            window.commands.panels.show_models()
            wait_for_models(qtbot, window)
            yield "image models"
        press(qtbot, window, Qt.Key.Key_Escape)
    window.session.set_query("is:missing")
    qtbot.waitUntil(lambda: library.gallery.count() == 0, timeout=PATIENCE)
    yield "no results"
    read_only(window, "the disk of the archive is mounted read-only")
    window.workspace.warning.tell("The image folder /media/archive/savanna/2026 is not there.")
    yield "banners"
    window.close_project()
    yield "the start page"
    qtbot.mouseClick(window.start.new_button, LEFT)
    wait_for_models(qtbot, window)
    yield "the form of a new project"


def wait_for_models(qtbot, window):
    qtbot.waitUntil(lambda: len(window.models.entries()) > 10, timeout=PATIENCE)


@pytest.mark.parametrize("size", [(900, 600), pytest.param((1200, 760), marks=pytest.mark.slow)])
def test_nothing_is_clipped_in_a_small_window(qtbot, opened, size):
    assert_whole(qtbot, opened(), size)


@pytest.mark.parametrize("size", [(900, 600), pytest.param((1400, 900), marks=pytest.mark.slow)])
def test_nothing_is_clipped_with_a_system_font_of_twice_the_size(qtbot, large_font, opened, size):
    assert_whole(qtbot, opened(), size)


def assert_whole(qtbot, window, size):
    window.resize(*size)
    qtbot.wait(20)
    problems = {}
    for name in show_everything(qtbot, window):
        qtbot.wait(60)
        assert (window.width(), window.height()) == size, name
        if cut := clipped(window):
            problems[name] = cut
    settle(qtbot, window)
    assert problems == {}


def test_a_file_that_vanishes_while_it_is_shown_is_said_in_place_and_can_be_labelled(
    qtbot, opened, folder, tmp_path
):
    window = opened()
    library = window.workspace.library
    press(qtbot, window, Qt.Key.Key_E)
    single = library.single
    qtbot.waitUntil(lambda: single.canvas.picture() is not None, timeout=PATIENCE)
    shown = library.controller.sheet.image
    (tmp_path / "photos" / shown.path).unlink()
    single.reload()
    qtbot.waitUntil(single.problem.isVisible, timeout=PATIENCE)
    assert "Its labels are kept" in single.problem.accessibleDescription()
    library.controller.decide(2, LabelState.YES)
    settle(qtbot, window)
    assert stored(folder)[0] == {(shown.path, "serval"): "yes"}

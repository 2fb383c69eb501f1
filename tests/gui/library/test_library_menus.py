# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Context menus of images, selections, labels and suggestions in the real window, by mouse and by key."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window_fixtures import PATIENCE, folder, index, make, opened, press, settle, stored

from app.domain.labels import LabelState

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot, opened):
    window = opened()
    yield window
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


def by_mouse(widget, place=None):
    place = widget.rect().center() if place is None else place
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(widget, QContextMenuEvent(reason, place, widget.mapToGlobal(place)))
    return QApplication.activePopupWidget()


def choose(qtbot, window, menu, words):
    chosen = next(one for one in menu.actions() if one.text().partition("\t")[0] == words)
    assert chosen.isEnabled()
    with qtbot.waitSignal(menu.destroyed):
        qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(chosen).center())
    window.activateWindow()  # as a window manager does
    qtbot.waitUntil(window.isActiveWindow)
    settle(qtbot, window)


def test_the_menu_of_an_image_has_the_commands_with_their_keys_and_carries_them_out(qtbot, window, folder):
    gallery = window.workspace.library.gallery
    menu = by_mouse(gallery.viewport(), gallery.cell_rect(0).center())
    texts = [one.text() for one in menu.actions()]
    assert {"Single image\tE", "Reviewed\tR", "Copy labels\tCtrl+C", "Copy file path"} <= set(texts)
    choose(qtbot, window, menu, "Reviewed")
    assert len(stored(folder)[1]) == 1
    menu = by_mouse(gallery.viewport(), gallery.cell_rect(0).center())
    assert "Unmark reviewed" in menu.words()


def test_between_the_images_there_is_no_menu(window):
    assert by_mouse(window.workspace.library.gallery.viewport(), QPoint(2, 2)) is None


@pytest.mark.parametrize("single", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_key_for_menus_opens_that_of_the_current_image_with_its_suggestion_in_it(qtbot, window, single):
    library = window.workspace.library
    index(qtbot, window)
    if single:
        press(qtbot, window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: library.controller.highlight is not None, timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_F10, SHIFT)
    menu = QApplication.activePopupWidget()
    assert menu.words()[0] == ("Image grid" if single else "Single image")
    name = library.controller.sheet.name_of(library.controller.highlight)
    inner = next(one.menu() for one in menu.actions() if one.menu() is not None)
    assert inner.title() == name
    assert inner.actions()[0].text() == "Yes\tY"


def test_the_menu_has_the_highlighted_one_of_all_categories_too(qtbot, window):
    library = window.workspace.library
    qtbot.waitUntil(lambda: library.controller.sheet.loaded and library.gallery.count() > 0, timeout=PATIENCE)
    library.controller.set_rows_shown(1)
    library.controller.unfold(True)
    settle(qtbot, window)
    category = library.controller.sheet.other_ids[-1]
    library.controller.set_highlight(category)
    menu = by_mouse(library.gallery.viewport(), library.gallery.cell_rect(0).center())
    inner = next(one.menu() for one in menu.actions() if one.menu() is not None)
    assert inner.title() == library.controller.category_name(category)


@pytest.mark.slow
def test_a_suggestion_is_answered_and_its_images_are_shown_from_its_menu(qtbot, window, folder):
    library = window.workspace.library
    index(qtbot, window)
    qtbot.waitUntil(lambda: len(library.inspector.suggestions.rows()) == 2, timeout=PATIENCE)
    row = library.inspector.suggestions.rows()[1]
    name = row.row().name
    choose(qtbot, window, by_mouse(row), "Yes")
    assert [(category, state) for (_, category), state in stored(folder)[0].items()] == [(name, "yes")]
    qtbot.waitUntil(lambda: len(library.inspector.labels.chips()) == 1, timeout=PATIENCE)
    chip = library.inspector.labels.chips()[0]
    chip.button.setFocus()
    press(qtbot, window, Qt.Key.Key_F10, SHIFT)
    menu = QApplication.activePopupWidget()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        choose(qtbot, window, menu, "Show images labelled yes")
    assert library.gallery.count() == 1


def test_paths_and_labels_are_copied(qtbot, window, folder, tmp_path):
    library, clipboard = window.workspace.library, QGuiApplication.clipboard()
    gallery = library.gallery
    gallery.select(0)
    settle(qtbot, window)
    library.controller.decide(2, LabelState.YES)
    library.controller.decide(1, LabelState.YES)
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_C, CONTROL)
    qtbot.waitUntil(lambda: clipboard.text() == "red thing, serval", timeout=PATIENCE)
    choose(qtbot, window, by_mouse(gallery.viewport(), gallery.cell_rect(0).center()), "Copy file path")
    qtbot.waitUntil(lambda: Path(clipboard.text()).is_file(), timeout=PATIENCE)
    gallery.select(2, extend=True)
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_C, CONTROL)
    qtbot.waitUntil(lambda: clipboard.text().count("\n") == 2, timeout=PATIENCE)
    assert clipboard.text().splitlines()[0].endswith("\tred thing, serval")
    assert window.workspace.message.text() == "Copied the labels of 3 images"


def test_the_folder_of_an_image_is_shown_or_said_to_be_missing(qtbot, window, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toLocalFile()) or True)
    window.commands.frame.action("show_in_folder").trigger()
    qtbot.waitUntil(lambda: bool(asked), timeout=PATIENCE)
    assert Path(asked[0]) == (tmp_path / "photos").resolve()
    (tmp_path / "photos").rename(tmp_path / "elsewhere")
    window.commands.frame.action("show_in_folder").trigger()
    missing = "The folder of this image is missing."
    qtbot.waitUntil(lambda: window.workspace.message.text() == missing, timeout=PATIENCE)
    assert len(asked) == 1


@pytest.mark.slow
def test_the_inspector_takes_at_most_a_third_of_the_window(qtbot, window):
    library = window.workspace.library
    window.resize(1440, 700)
    library.splitter.setSizes([200, 300, 860])
    for width in (900, 1400):
        window.resize(width, 700)
        qtbot.waitUntil(lambda: library.inspector.width() <= 0.35 * window.width(), timeout=PATIENCE)
        assert sum(library.splitter.sizes()) <= library.width()
        assert library.splitter.sizes()[2] == library.inspector.width()

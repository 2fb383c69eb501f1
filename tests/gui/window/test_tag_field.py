# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Typing tags in the real window: slips of Enter, pasted pictures, odd names."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from window_fixtures import PATIENCE, folder, make, opened, press, settle, stored, type_text

from app.gui.labelling.tag_field import ENTER_PAUSE_MS

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ENTER = Qt.Key.Key_Return


@pytest.fixture
def window(qtbot, opened):
    return opened()


def names(folder):
    return {name: state for (_, name), state in stored(folder)[0].items()}


def test_enter_pressed_once_too_often_opens_no_image_and_a_moment_later_it_does(qtbot, window, folder):
    library = window.workspace.library
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "serval")
    press(qtbot, window, ENTER)
    press(qtbot, window, ENTER)  # leaves the empty field
    assert library.gallery.hasFocus()
    press(qtbot, window, ENTER)
    settle(qtbot, window)
    assert not library.single_shown and names(folder) == {"serval": "yes"}
    press(qtbot, window, Qt.Key.Key_Right)  # other keys are not held up
    assert library.gallery.current_id() != library.gallery.id_at(0)
    qtbot.wait(ENTER_PAUSE_MS + 50)
    press(qtbot, window, ENTER)
    assert library.single_shown


def test_shift_enter_right_after_a_tag_is_done(qtbot, window, folder):
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "serval")
    press(qtbot, window, ENTER)
    press(qtbot, window, ENTER)
    press(qtbot, window, ENTER, SHIFT)
    settle(qtbot, window)
    assert len(stored(folder)[1]) == 1


def test_a_pasted_picture_types_nothing_and_pasted_lines_are_one_name(qtbot, window, folder):
    clipboard, line = QGuiApplication.clipboard(), window.workspace.library.inspector.tags.line
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    clipboard.setImage(picture)
    press(qtbot, window, Qt.Key.Key_T)
    press(qtbot, window, Qt.Key.Key_V, CONTROL)
    assert line.text() == ""
    press(qtbot, window, ENTER)
    settle(qtbot, window)
    assert stored(folder)[0] == {}
    clipboard.setText("red\nfox\t")
    press(qtbot, window, Qt.Key.Key_T)
    press(qtbot, window, Qt.Key.Key_V, CONTROL)
    assert line.text() == "red fox"
    press(qtbot, window, ENTER)
    settle(qtbot, window)
    assert names(folder) == {"red fox": "yes"}


@pytest.mark.parametrize("name", ["x" * 200, "\U0001f98a", "\u05d7\u05ea\u05d5\u05dc", "a & b <i>c</i>"])
def test_a_name_of_any_letters_is_created_labelled_and_shown(qtbot, window, folder, name):
    press(qtbot, window, Qt.Key.Key_T)
    window.workspace.library.inspector.tags.line.setText(name)
    press(qtbot, window, ENTER, SHIFT)
    settle(qtbot, window)
    assert names(folder) == {name: "yes"}
    chips = window.workspace.library.inspector.labels.chips
    qtbot.waitUntil(lambda: [one.label.name for one in chips()] == [name], timeout=PATIENCE)
    window.grab()

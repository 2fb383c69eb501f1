# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Many images changed in one step, in the real window: asked first, told afterwards, with the way back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from window_fixtures import PATIENCE, folder, index, make, opened, press, settle, stored

from app.services.labelling.decisions import decide
from app.services.project.project import open_project

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot, opened, monkeypatch):
    monkeypatch.setattr("app.gui.labelling.controller.MOST_UNASKED", 5)
    monkeypatch.setattr("app.gui.window.many_notices.MOST_UNASKED", 5)
    window = opened()
    press(qtbot, window, Qt.Key.Key_A, CONTROL)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.workspace.library.controller.sheet.loaded, timeout=PATIENCE)
    return window


def buttons(window):
    return {one.text(): one for one in window.toasts.findChildren(QPushButton) if one.isVisible()}


def test_a_decision_on_a_selection_is_asked_told_and_undone_from_the_notice(qtbot, window, folder):
    press(qtbot, window, Qt.Key.Key_Y)
    assert window.workspace.library.inspector.confirm.isVisible()
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Undo" in buttons(window), timeout=PATIENCE)
    settle(qtbot, window)
    assert len(stored(folder)[0]) == 12
    assert window.workspace.library.gallery.hasFocus()
    qtbot.mouseClick(buttons(window)["Undo"], LEFT)
    settle(qtbot, window)
    assert stored(folder)[0] == {}
    qtbot.waitUntil(lambda: "Redo" in buttons(window), timeout=PATIENCE)
    qtbot.mouseClick(buttons(window)["Redo"], LEFT)
    settle(qtbot, window)
    assert len(stored(folder)[0]) == 12


def test_the_offer_to_undo_goes_when_something_else_is_changed(qtbot, window, folder):
    press(qtbot, window, Qt.Key.Key_Y)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Undo" in buttons(window), timeout=PATIENCE)
    window.workspace.library.gallery.select(3)
    press(qtbot, window, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: "Undo" not in buttons(window), timeout=PATIENCE)


@pytest.mark.slow
def test_suggestions_of_a_selection_say_on_how_many_images_they_are_likely(qtbot, window, folder):
    index(qtbot, window)
    session, library = window.session, window.workspace.library
    for number in range(12):
        library.gallery.select(number)
        settle(qtbot, window)
        name = library.controller.sheet.image.name
        if number < 9:
            session.decide([library.gallery.current_id()], 1, _answer(name))
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_A, CONTROL)
    settle(qtbot, window)
    rows = library.inspector.suggestions.rows
    words = "likely in 3 of 12"
    qtbot.waitUntil(lambda: any(words in one.accessibleName() for one in rows()), timeout=PATIENCE)
    first = rows()[0].row()
    assert (first.name, first.likely) == ("red thing", 3)


def _answer(name):
    from app.domain.labels import LabelState

    return LabelState.YES if "red" in name else LabelState.NO

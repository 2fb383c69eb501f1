# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Accepting likely images in the window: the numbers come first, nothing is written before the button."""

import pytest
from PySide6.QtCore import Qt
from review_fixtures import folder, indexed, make, opened, press, settle, show_board, start_round, stored
from window_fixtures import PATIENCE

from app.domain.labels import LabelState

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def paths(window):
    from app.storage import images

    with window.session.project.db.read() as s:
        return {one.path: one.id for one in images.all_images(s)}


@pytest.fixture
def labelled(qtbot, opened):
    """The window; six reds and six blues are decided, the others open."""
    window = opened()
    numbers = paths(window)
    for colour, state in (("red", LabelState.YES), ("blue", LabelState.NO)):
        with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
            window.session.decide([numbers[f"{colour}{i:02}.png"] for i in range(0, 10) if i % 3], 1, state)
    settle(qtbot, window)
    return window


def planned(qtbot, window):
    panel = window.commands.accept_panel
    qtbot.waitUntil(lambda: panel.plan() is not None, timeout=PATIENCE)
    settle(qtbot, window)
    return panel


def open_panel(qtbot, window, precision=70):
    press(qtbot, window, Qt.Key.Key_A, CTRL | SHIFT)
    panel = planned(qtbot, window)
    assert panel.isVisible()
    if precision != panel.precision.value():
        panel.precision.setValue(precision)
        qtbot.waitUntil(lambda: panel.plan().precision == precision / 100, timeout=PATIENCE)
    return panel


def test_numbers_come_first_and_one_undo_takes_all_of_it_back(qtbot, labelled, folder):
    window = labelled
    start_round(qtbot, window)
    panel = open_panel(qtbot, window)
    plan = panel.plan()
    assert plan.images >= 2
    assert panel.first.text() == f"{plan.images} undecided images would become yes for 'red thing'."
    assert "expected to be wrong" in panel.words()
    assert panel.when.text().startswith("as of ")
    assert panel.accept.text() == f"Accept {plan.images} images"
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE) as done:
        qtbot.mouseClick(panel.accept, LEFT)
    settle(qtbot, window)
    assert {one.image_id for one in done.args[0].change.labels} == set(plan.image_ids)
    assert not panel.isVisible()
    assert f"{plan.images} images accepted for red thing" in window.workspace.message.text()
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE) as undone:
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert len(undone.args[0].change.labels) == plan.images
    settle(qtbot, window)
    window.close()
    said, _ = stored(folder)
    assert len(said) == 12


@pytest.mark.slow
def test_looking_and_leaving_writes_nothing(qtbot, labelled, folder):
    window = labelled
    show_board(qtbot, window)
    board = window.workspace.review.board
    assert (board.accept.words(), board.accept.key()) == ("Accept likely images…", "Ctrl+Shift+A")
    board.table.show_category(1)
    qtbot.mouseClick(board.accept, LEFT)
    panel = planned(qtbot, window)
    assert not panel.isModal()
    assert panel.title.text() == "Accept likely images: red thing"
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    window.close()
    assert len(stored(folder)[0]) == 12


@pytest.mark.slow
def test_the_numbers_follow_a_decision_of_somebody_else(qtbot, labelled):
    window = labelled
    start_round(qtbot, window)
    panel = open_panel(qtbot, window)
    plan = panel.plan()
    window.session.decide([plan.image_ids[0]], 1, LabelState.NO)
    qtbot.waitUntil(
        lambda: panel.plan() is not None and plan.image_ids[0] not in panel.plan().image_ids, timeout=PATIENCE
    )
    panel.cancel.click()
    assert not panel.isVisible()


def test_too_few_examples_is_a_sentence_and_the_button_is_off(qtbot, labelled):
    window = labelled
    window.workspace.library.gallery.setFocus()
    qtbot.waitUntil(lambda: window.workspace.library.controller.highlight is not None, timeout=PATIENCE)
    panel = open_panel(qtbot, window, precision=95)
    assert "at least 32 are needed" in panel.first.text()
    assert panel.accept.text() == "Accept"
    assert not panel.accept.isEnabled()

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Going up, back and forward in the window, and pressing what has the focus, with real keys and clicks."""

import warnings

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QToolButton
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle, type_text

from app.gui.window.closing import ClosingQuestion
from app.gui.window.workspace import LIBRARY, REVIEW, TRAIN

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def ask(qtbot, window, text):
    """A query, typed."""
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    window.workspace.top.query.edit.selectAll()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        type_text(window, text)
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.wait(1)


def shown(window):
    """Place, query, whether one image is shown large, and which."""
    library = window.workspace.library
    image, single = library.view_shown()
    return window.workspace.place, window.session.query, single, image if single else None


def step(qtbot, window, go):
    """Go, and wait for the list of another query."""
    go()
    settle(qtbot, window)
    qtbot.wait(1)
    return shown(window)


def test_back_and_forward_lead_through_queries_images_and_places(qtbot, opened):
    window = opened()
    qtbot.wait(1)
    passed = [shown(window)]
    ask(qtbot, window, 'path:"red*"')
    passed.append(shown(window))
    for key in (Qt.Key.Key_E, Qt.Key.Key_Right, Qt.Key.Key_V):
        press(qtbot, window, key)
        settle(qtbot, window)
        qtbot.wait(1)
        passed.append(shown(window))
    assert [one[0] for one in passed] == [LIBRARY] * 4 + [REVIEW]
    assert [one[2] for one in passed[:4]] == [False, False, True, True]
    assert passed[2][3] != passed[3][3]

    def turn(key):
        return step(qtbot, window, lambda: press(qtbot, window, key, ALT))

    assert [turn(Qt.Key.Key_Left) for _ in range(4)] == passed[3::-1]
    assert not window.commands.frame.action("back").isEnabled()
    assert [turn(Qt.Key.Key_Right) for _ in range(4)] == passed[1:]
    assert not window.commands.frame.action("forward").isEnabled()
    turn(Qt.Key.Key_Left)
    press(qtbot, window, Qt.Key.Key_M)
    qtbot.wait(1)
    assert window.workspace.place == TRAIN
    assert not window.commands.frame.action("forward").isEnabled()


def test_the_buttons_of_a_mouse_go_back_and_forward_but_not_behind_a_panel(qtbot, opened):
    window = opened()
    qtbot.wait(1)
    press(qtbot, window, Qt.Key.Key_E)
    qtbot.wait(1)
    library, middle = window.workspace.library, window.rect().center()
    press(qtbot, window, Qt.Key.Key_F1)
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.BackButton, pos=middle)
    assert library.single_shown
    press(qtbot, window, Qt.Key.Key_Escape)
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.BackButton, pos=middle)
    assert not library.single_shown
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.ForwardButton, pos=middle)
    assert library.single_shown
    settle(qtbot, window)


@pytest.mark.slow
def test_a_project_opened_next_has_no_past(qtbot, opened, folder):
    window = opened()
    qtbot.wait(1)
    press(qtbot, window, Qt.Key.Key_E)
    qtbot.wait(1)
    press(qtbot, window, Qt.Key.Key_G)
    qtbot.wait(1)
    assert window.commands.history.can_go_back
    window.close_project()
    open_in(qtbot, window, folder)
    qtbot.wait(1)
    assert not window.commands.history.can_go_back


def test_escape_goes_one_place_up_from_everywhere(qtbot, opened):
    window = opened()
    workspace, library = window.workspace, window.workspace.library

    def escape():
        press(qtbot, window, Qt.Key.Key_Escape)

    press(qtbot, window, Qt.Key.Key_E)
    press(qtbot, window, Qt.Key.Key_T)
    escape()
    assert library.single_shown
    assert library.single.canvas.hasFocus()
    escape()
    assert not library.single_shown
    assert library.gallery.hasFocus()
    places = (
        workspace.show_review,
        workspace.show_train,
        workspace.show_categories,
        workspace.show_insights,
    )
    for show in places:
        show()
        escape()
        assert workspace.place == LIBRARY
        assert library.gallery.hasFocus()
    workspace.rail.button(REVIEW).setFocus()
    escape()
    assert library.gallery.hasFocus()
    press(qtbot, window, Qt.Key.Key_N, CTRL)
    assert window.start.form_shown
    escape()
    assert workspace.isVisible()
    settle(qtbot, window)


@pytest.mark.slow
def test_keys_act_after_a_panel_although_what_had_the_focus_is_no_longer_shown(qtbot, opened):
    window = opened()
    window.workspace.show_train()
    window.workspace.train.tabs.setFocus()
    press(qtbot, window, Qt.Key.Key_F1)
    window.workspace.show_library()  # as a notice or a job might
    window.workspace.train.tabs.hide()
    press(qtbot, window, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_I, CTRL)
    assert window.commands.panels.shown() == "import"
    press(qtbot, window, Qt.Key.Key_Escape)
    window.workspace.show_train()
    window.focusWidget().clearFocus()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.workspace.place == LIBRARY
    settle(qtbot, window)


def test_escape_leaves_the_form_of_a_first_project(qtbot, make):
    window = make()
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.start.form_shown
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not window.start.form_shown
    assert window.start.new_button.hasFocus()


@pytest.mark.slow
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_every_visible_button_reacts_to_enter_and_space(qtbot, opened, key):
    window = opened()
    workspace, heard, silent = window.workspace, [], []
    for show in (workspace.show_library, workspace.show_review, workspace.show_train):
        show()
        qtbot.wait(1)
        for button in workspace.findChildren(QAbstractButton):
            opens_a_menu = isinstance(button, QToolButton) and button.menu() is not None
            if opens_a_menu or not (button.isVisible() and button.isEnabled()):
                continue
            button.setFocus()
            if button.hasFocus():
                # Only that it is pressed: what they do is tested elsewhere, and would change what is shown.
                with warnings.catch_warnings():  # of those that only open a menu
                    warnings.simplefilter("ignore", RuntimeWarning)
                    button.clicked.disconnect()
                button.clicked.connect(lambda *_, button=button: heard.append(button))
                press(qtbot, window, key)
                silent += [] if heard[-1:] == [button] else [button.accessibleName() or button.text()]
    assert silent == []
    assert len(set(heard)) > 15
    settle(qtbot, window)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, pytest.param(Qt.Key.Key_Space, marks=pytest.mark.slow)])
def test_the_project_menu_opens_by_key(qtbot, opened, key):
    window = opened()
    top, seen = window.workspace.top, []

    def close():
        seen.append(top.menu.isVisible())
        top.menu.close()

    top.menu.aboutToShow.connect(lambda: QTimer.singleShot(0, close))
    top.project.setFocus()
    press(qtbot, window, key)
    assert seen == [True]
    settle(qtbot, window)


@pytest.mark.slow
def test_enter_presses_the_buttons_of_a_job_in_the_list_of_jobs(qtbot, opened):
    window = opened(0.3)
    window.jobs.start_indexing()
    pill = window.workspace.top.pill
    qtbot.waitUntil(lambda: bool(pill.list.rows()), timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_J, CTRL)
    row = pill.list.rows()[0]
    qtbot.waitUntil(row.button.isEnabled, timeout=PATIENCE)
    row.button.setFocus()
    with qtbot.waitSignal(pill.cancel_requested, timeout=PATIENCE):
        qtbot.keyClick(row.button, Qt.Key.Key_Return)
    pill.list.close()
    qtbot.waitUntil(lambda: window.jobs.running() == [], timeout=PATIENCE)
    settle(qtbot, window)


def test_enter_on_the_other_button_of_the_closing_question_presses_that_one(qtbot):
    question = ClosingQuestion([], [])
    qtbot.addWidget(question)
    question.show()
    question.stop_button.setFocus()
    with qtbot.waitSignal(question.accepted, timeout=PATIENCE):
        qtbot.keyClick(question.stop_button, Qt.Key.Key_Return)

"""Notices: what happened, what it means for the labels, what to do; never in the way, always in reach."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.gui import notifications
from app.gui.notifications import Action, Level, Notifications
from app.gui.theme import theme
from app.gui.widgets import toasts
from app.gui.widgets.crash_dialog import CrashDialog
from app.gui.widgets.overlay import Overlay
from app.gui.widgets.text import ElidedText
from app.gui.widgets.toasts import MAX_SHOWN, ToastStack

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.editor = QLineEdit()
    QVBoxLayout(window).addWidget(window.editor)
    window.resize(900, 600)
    window.bus = Notifications()
    window.stack = ToastStack(window.bus, window)
    window.show()
    qtbot.waitExposed(window)
    window.editor.setFocus()
    return window


@pytest.fixture
def quick(monkeypatch):
    """Notices that pass go after a blink."""
    times = {Level.INFO: 30, Level.DONE: 30, Level.WARNING: 30, Level.ERROR: None}
    monkeypatch.setattr(toasts, "SHOWN_MS", times)


def shown(window):
    return [toast.notice.what for toast in window.stack.toasts()]


def test_a_notice_shows_all_three_parts_and_leaves_the_focus_where_it_was(window):
    window.bus.error("The worker ended.", labels="No label is affected.", todo="Start the indexing again.")
    toast = window.stack.toasts()[0]
    texts = {label.text() for label in toast.findChildren(type(toast._what))}
    assert texts == {"The worker ended.", "No label is affected.", "Start the indexing again."}
    assert toast.accessibleName() == "Error: The worker ended."
    assert toast.accessibleDescription() == "No label is affected. Start the indexing again."
    assert window.editor.hasFocus()
    assert window.stack.isVisible()


def test_a_notice_that_passes_goes_by_itself_and_an_error_stays(qtbot, window, quick):
    window.bus.info("a")
    window.bus.done("b")
    window.bus.warning("c")
    window.bus.error("d")
    qtbot.waitUntil(lambda: shown(window) == ["d"], timeout=2000)
    qtbot.wait(80)
    assert shown(window) == ["d"]
    window.stack.toasts()[0].findChild(QToolButton, "close").click()
    assert shown(window) == []
    assert not window.stack.isVisible()


def test_a_warning_with_a_button_stays_until_somebody_has_seen_it(qtbot, window, quick):
    acted = []
    window.bus.warning("2 images show another picture", action=Action("Show them", lambda: acted.append(1)))
    window.bus.done("a", action=Action("Show", lambda: None))
    qtbot.waitUntil(lambda: shown(window) == ["2 images show another picture"], timeout=2000)
    qtbot.wait(80)
    window.stack.toasts()[0].action_button().click()
    assert (shown(window), acted) == ([], [1])


def test_a_notice_that_has_the_focus_or_the_mouse_waits(qtbot, window, quick):
    window.bus.info("read me")
    toast = window.stack.toasts()[0]
    toast.setFocus()
    qtbot.wait(80)
    assert shown(window) == ["read me"]
    window.editor.setFocus()
    qtbot.waitUntil(lambda: shown(window) == [], timeout=2000)


def test_the_action_is_run_once_and_the_notice_goes(window):
    ran = []
    window.bus.done("12 images were marked.", action=Action("Undo", lambda: ran.append(True)))
    QTest.mouseClick(window.stack.toasts()[0].action_button(), LEFT)
    assert ran == [True]
    assert shown(window) == []


def test_the_keyboard_reaches_the_newest_action_and_escape_closes_and_gives_the_focus_on(window):
    window.bus.error("first")
    window.bus.error("second", action=Action("Try again", lambda: None))
    assert window.stack.focus_newest()
    button = window.stack.toasts()[1].action_button()
    assert button.hasFocus()
    QTest.keyClick(button, Qt.Key.Key_Escape)
    assert shown(window) == ["first"]
    assert window.stack.toasts()[0].hasFocus()
    QTest.keyClick(window.stack.toasts()[0], Qt.Key.Key_Escape)
    assert shown(window) == []
    assert not window.stack.focus_newest()


def test_the_same_notice_again_is_counted_and_not_stacked(window):
    for _ in range(3):
        window.bus.error("The disk is full.")
    assert len(window.stack.toasts()) == 1
    assert window.stack.toasts()[0].accessibleName() == "Error: The disk is full. (3 times)"
    window.bus.warning("The disk is full.")
    assert len(window.stack.toasts()) == 2


def test_the_stack_is_bounded_and_errors_outlive_what_passes(window):
    window.bus.error("error 1")
    for number in range(6):
        window.bus.info(f"info {number}")
    assert shown(window) == ["error 1", "info 3", "info 4", "info 5"]
    for number in range(2, 8):
        window.bus.error(f"error {number}")
    assert len(shown(window)) == MAX_SHOWN
    assert shown(window)[-1] == "error 7"


def test_a_notice_that_no_longer_holds_is_withdrawn(window):
    notice = window.bus.warning("No connection.")
    window.bus.withdraw(notice)
    assert shown(window) == []


def test_toasts_stay_inside_the_window_and_whole_when_it_shrinks(qtbot, window, large_font):
    window.bus.error(
        "A long sentence about what has happened. " * 3, labels="None is affected.", todo="Wait."
    )
    window.bus.done("Done.", action=Action("Undo", lambda: None))
    for size in ((900, 600), (500, 500), (320, 480)):
        window.resize(*size)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        assert window.rect().contains(window.stack.geometry())
        visible = [toast for toast in window.stack.toasts() if toast.isVisible()]
        assert window.stack.toasts()[-1] in visible
        assert all(toast.height() >= toast.heightForWidth(toast.width()) for toast in visible)
    assert visible == window.stack.toasts()[-1:]
    window.resize(900, 600)
    assert all(toast.isVisible() for toast in window.stack.toasts())


def test_room_for_the_rail_and_the_status_line_is_left(window):
    window.bus.info("a")
    before = window.stack.geometry()
    window.stack.set_insets(60, 40)
    after = window.stack.geometry()
    assert (after.left(), after.bottom()) == (before.left() + 60, before.bottom() - 40)


def test_notices_stay_above_the_buttons_of_a_place_while_these_are_visible(qtbot, window):
    buttons = QPushButton("Yes", window)
    buttons.setGeometry(0, 540, 100, 30)
    window.stack.keep_clear(buttons)
    window.bus.info("a")
    before = window.stack.geometry().bottom()
    buttons.show()
    assert window.stack.geometry().bottom() < 540 < before
    buttons.hide()
    assert window.stack.geometry().bottom() == before


@pytest.mark.parametrize(("tell", "above"), [("info", False), ("warning", True)])
def test_a_hint_stays_below_an_open_panel_and_anything_else_is_above_it(window, tell, above):
    panel = Overlay(window, QLineEdit(), 880, 580)
    panel.open()
    getattr(window.bus, tell)("a")
    siblings = window.children()
    assert (siblings.index(window.stack) > siblings.index(panel)) is above


def test_a_closed_project_takes_its_notices_along_but_no_error(window):
    window.bus.done("Imported")
    window.bus.warning("3 images changed")
    window.bus.known_error("The folder is gone; choose another.")
    window.stack.close_passing()
    assert shown(window) == ["The folder is gone; choose another."]


def test_a_notice_names_its_project_also_when_another_one_is_open(window):
    window.bus.project = "savanna"
    window.bus.known_error("The folder is gone; choose another.")
    window.bus.project = "forest"
    window.bus.known_error("The folder is gone; choose another.")
    names = [[text.text() for text in toast.findChildren(ElidedText)] for toast in window.stack.toasts()]
    assert names == [["savanna"], ["forest"]]
    assert window.stack.toasts()[0].accessibleDescription() == "savanna"


def test_notices_stand_over_the_content_and_not_over_the_controls_beside_it(qtbot, window):
    facets, images = QLineEdit(window), QLineEdit(window)
    facets.setGeometry(0, 0, 200, 600)
    images.setGeometry(200, 0, 500, 600)
    for part in (facets, images):
        part.show()
    window.stack.set_insets(60, 40)
    window.stack.keep_over(images)
    window.bus.info("a")
    place = window.stack.geometry()
    assert not place.intersects(facets.geometry())
    assert images.geometry().contains(place)
    images.setGeometry(300, 0, 260, 600)
    assert images.geometry().contains(window.stack.geometry())
    images.hide()
    assert window.stack.geometry().left() < 200


def test_toasts_move_only_when_motion_is_wanted_and_then_briefly(qtbot, window):
    window.bus.info("still")
    assert window.stack._movement is None
    theme().set_reduce_motion(False)
    window.bus.info("moving")
    movement = window.stack._movement
    assert 0 < movement.duration() <= 120
    qtbot.waitUntil(lambda: movement.state() == movement.State.Stopped)
    corner = window.stack.geometry().bottomLeft()
    assert window.rect().contains(corner)
    assert corner - window.rect().bottomLeft() == QPoint(12, -12)


def test_known_errors_and_bugs_take_their_own_ways(window):
    crashed = []
    window.bus.crashed.connect(crashed.append)
    window.bus.known_error("The folder is gone; choose another.")
    window.bus.bug("Traceback ...")
    assert shown(window) == ["The folder is gone; choose another."]
    assert crashed == ["Traceback ..."]


def test_notices_are_numbered_apart():
    bus = Notifications()
    numbers = [bus.info("a").number for _ in range(3)]
    assert len(set(numbers)) == 3
    assert notifications.SHOWN_MS[Level.ERROR] is None


def test_the_crash_report_gathers_tracebacks_and_can_be_copied(qtbot):
    dialog = CrashDialog("Tailspotter 0.1.0")
    qtbot.addWidget(dialog)
    dialog.report("Traceback one")
    dialog.report("Traceback two")
    dialog.report("Traceback one")
    assert dialog.text() == "Tailspotter 0.1.0\n\nTraceback one\n\nTraceback two\n"
    assert not dialog.isModal()
    QTest.mouseClick(dialog.findChild(QPushButton, "copy"), LEFT)
    assert QGuiApplication.clipboard().text() == dialog.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()

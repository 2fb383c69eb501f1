"""Context menus, opened with the mouse and with the keyboard."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.gui.commands.actions import FrameActions
from app.gui.commands.context_menu import ContextMenu, ask_for_menu

PLACE = QRect(30, 40, 10, 10)


class Corner(QWidget):
    """A widget with a menu, as a place has one."""

    def __init__(self):
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.commands = FrameActions(self)
        self.done = []

    def contextMenuEvent(self, event):
        menu = ContextMenu(self, "serval" * 40)
        menu.add_commands(self.commands, ["grid", "single"], {"single": "Open"})
        menu.add_commands(self.commands, ["relocate"])
        menu.add_group()
        menu.add("Salt & pepper", lambda: self.done.append("salt"), key="Ctrl+1")
        menu.add_submenu("More").add("Deep", lambda: self.done.append("deep"))
        menu.open_for(event, PLACE)


@pytest.fixture
def corner(qtbot):
    widget = Corner()
    qtbot.addWidget(widget)
    widget.resize(300, 200)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    widget.setFocus()
    yield widget
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


def open_by_mouse(widget):
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(widget, QContextMenuEvent(reason, QPoint(5, 5), QPoint(105, 106)))
    return QApplication.activePopupWidget()


def test_a_menu_prints_titles_and_keys_of_commands_and_stands_at_the_pointer(corner):
    menu = open_by_mouse(corner)
    assert menu.pos() == QPoint(105, 106)
    assert menu.words() == ["Image grid", "Open", "Locate an image folder…", "Salt & pepper", "More"]
    texts = [one.text() for one in menu.actions() if one.text()]
    assert texts[:2] == ["Image grid\tG", "Open\tE"]
    assert texts[3] == "Salt && pepper\tCtrl+1"
    assert menu.accessibleName() == "serval" * 40


def test_choosing_an_item_triggers_the_command_and_deletes_the_menu(qtbot, corner):
    menu = open_by_mouse(corner)
    with (
        qtbot.waitSignal(menu.destroyed),
        qtbot.waitSignal(corner.commands.action("grid").triggered),
    ):
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.actions()[0]).center())
    assert corner.findChildren(ContextMenu) == []


def test_a_command_that_is_off_is_off_in_the_menu(qtbot, corner):
    corner.commands.set_enabled(["grid"], False)
    menu = open_by_mouse(corner)
    assert not menu.actions()[0].isEnabled()
    assert menu.actions()[1].isEnabled()


def test_asked_for_by_key_a_menu_stands_at_its_object_with_the_first_item_marked(qtbot, corner):
    ask_for_menu()
    menu = QApplication.activePopupWidget()
    assert menu.pos() == PLACE.center()
    assert menu.activeAction().text() == "Image grid\tG"
    ask_for_menu()  # some systems send both the key and a request
    assert QApplication.activePopupWidget() is menu
    qtbot.keyClick(menu, Qt.Key.Key_Up)
    qtbot.keyClick(menu, Qt.Key.Key_Up)
    with qtbot.waitSignal(menu.destroyed):
        qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert corner.done == ["salt"]


def test_the_key_of_a_command_acts_after_a_menu_has_shown_it(qtbot, corner):
    menu = open_by_mouse(corner)
    with qtbot.waitSignal(menu.destroyed):
        qtbot.keyClick(menu, Qt.Key.Key_Escape)
    corner.activateWindow()  # as a window manager does
    qtbot.waitUntil(corner.isActiveWindow)
    with qtbot.waitSignal(corner.commands.action("grid").triggered):
        qtbot.keyClick(corner, Qt.Key.Key_G)

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The menu of the project's name."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle

from app.gui.commands.table import COMMANDS, keys_of
from app.gui.window.project_menu import SECTIONS
from app.services.images.scan import scan
from app.services.project.creation import create_project

NATIVE = QKeySequence.SequenceFormat.PortableText


def test_every_entry_is_a_command_with_its_key_printed_and_can_be_chosen(qtbot, opened):
    window = opened()
    window.workspace.top.project.setFocus()
    entries = [one for one in window.workspace.top.menu.actions() if not one.isSeparator() and not one.menu()]
    commands = {one.name: one for one in COMMANDS}
    wanted = [commands[name] for names in SECTIONS for name in names]
    assert [one.text() for one in entries] == [one.words for one in wanted]
    for entry, command in zip(entries, wanted, strict=True):
        assert entry.isEnabled(), command.name
        printed = entry.shortcut().toString(NATIVE)
        assert printed == (keys_of(command, {})[0] if command.keys else ""), command.name
    for name in ("import_labels", "export_labels", "image_model", "project_settings", "duplicates", "relink"):
        assert commands[name] in wanted


@pytest.mark.slow
def test_other_projects_are_opened_from_it(qtbot, opened, folder, tmp_path, make_image):
    make_image(tmp_path / "other photos" / "one.png")
    with create_project(tmp_path / "other & more", [tmp_path / "other photos"], []) as project:
        scan(project)
    window = opened()
    open_in(qtbot, window, project.folder)
    menu = window.workspace.top.menu
    QTimer.singleShot(0, menu.close)
    menu.exec()
    recent = window.commands.menu.recent
    assert [one.text() for one in recent.actions()] == ["savanna"]
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        recent.actions()[0].trigger()
    assert window.session.info.folder == folder
    menu.aboutToShow.emit()
    assert [one.text() for one in recent.actions()] == ["other && more"]
    settle(qtbot, window)


def test_the_window_has_the_icon_of_the_application(make):
    assert not make().windowIcon().isNull()

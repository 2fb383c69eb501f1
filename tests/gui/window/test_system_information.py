# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The text for a bug report: reachable from the help, and copied with one button."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from window_fixtures import PATIENCE, folder, make, opened, press, settle

from app import __version__
from app.services.doctor import check_lines

LEFT = Qt.MouseButton.LeftButton


@pytest.mark.slow
def test_the_help_leads_to_a_text_with_versions_device_platform_disk_and_memory(qtbot, opened, folder):
    window = opened()
    press(qtbot, window, Qt.Key.Key_F1)
    qtbot.mouseClick(window.commands.panels.help.report, LEFT)
    panel = window.information.panel
    assert panel.isVisible()
    assert f"Tailspotter {__version__}" in panel.text.toPlainText()
    assert "Qt platform: offscreen" in panel.text.toPlainText()
    qtbot.waitUntil(lambda: panel.state.text() == "", timeout=PATIENCE)
    text = panel.text.toPlainText()
    for part in ("Python", "memory:", "cpu", "disk:", "free on the disk", str(folder), "features:"):
        assert part in text, part
    assert panel.copy_button.hasFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == text
    assert panel.copy_button.text() == "Copied"
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    settle(qtbot, window)


def test_it_is_there_without_a_project_and_leaving_it_ends_the_checks(qtbot, make):
    window = make()
    press(qtbot, window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    for letter in "bug":
        qtbot.keyClicks(window.focusWidget(), letter)
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.information.panel.isVisible()
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.information.close()


def test_a_check_is_written_as_on_the_command_line():
    check = {"name": "disk", "state": "warn", "detail": "1 GB free\non /srv", "advice": "Free some space."}
    assert check_lines(check) == ["warn  disk: 1 GB free", "      on /srv", "      -> Free some space."]
    assert check_lines(check | {"advice": None, "detail": ""}) == ["warn  disk: "]

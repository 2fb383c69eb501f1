# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The table of commands, the palette, the help and the keys that a person changes, with real keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from window_fixtures import PATIENCE, folder, make, opened, press, settle, type_text

from app.gui.commands.table import COMMANDS, find, keys_of, owner_of
from app.gui.commands.texts import SYNONYMS, TITLES

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
DESIGN = {
    "previous": {"Left", "A"},
    "next": {"Right", "D", "Space"},
    "accept": {"Y"},
    "done": {"Shift+Enter"},
    "heat": {"H"},
    "reject": {"N", "X"},
    "unknown": {"U"},
    "tag": {"T", "/"},
    "repeat": {"."},
    "reviewed": {"R"},
    "undo": {"Ctrl+Z"},
    "redo": {"Ctrl+Shift+Z"},
    "grid": {"G"},
    "single": {"E"},
    "similar": {"S"},
    "query": {"Ctrl+F"},
    "palette": {"Ctrl+K"},
    "help": {"?"},
} | {f"toggle_{rank}": {rank} for rank in "1234567890"}
"""The keys of the design."""


@pytest.mark.slow
def test_the_keys_are_those_of_the_design_and_none_is_given_twice():
    keys = {command.name: set(command.keys) for command in COMMANDS}
    assert {name: wanted - keys[name] for name, wanted in DESIGN.items() if wanted - keys[name]} == {}
    owned = [(command.place, key) for command in COMMANDS for key in command.keys]
    assert len(set(owned)) == len(owned)


@pytest.mark.slow
def test_each_command_has_a_different_title():
    names = {command.name for command in COMMANDS}
    assert len(names) == len({command.words for command in COMMANDS}) == len(COMMANDS)
    assert {name for name in names if not name.startswith("toggle_")} == set(TITLES) >= set(SYNONYMS)


def test_a_command_is_found_by_the_beginnings_of_its_words_its_own_words_first():
    names = [command.name for command in find("pr", COMMANDS)]
    assert set(names[:4]) == {"previous", "highlight_previous", "project_settings", "preferences"}
    assert [command.name for command in find("dark", COMMANDS)] == ["preferences"]
    assert [command.name for command in find("similar im", COMMANDS)] == ["similar"]
    assert find("zzz", COMMANDS) == []
    assert find("", COMMANDS) == list(COMMANDS)


def test_a_key_belongs_to_the_command_that_the_person_gave_it_to():
    assert owner_of("Y", {}).name == "accept"
    assert owner_of("Y", {"accept": "P", "similar": "Y"}).name == "similar"
    accept = next(one for one in COMMANDS if one.name == "accept")
    assert keys_of(accept, {"accept": "P; no such key"}) == ("P",)


@pytest.mark.slow
def test_the_palette_runs_what_was_typed_and_gives_the_focus_back(qtbot, opened):
    window = opened()
    library = window.workspace.library
    press(qtbot, window, Qt.Key.Key_K, CTRL)
    palette = window.commands.panels.palette
    assert palette.line.hasFocus()
    assert "Yes" in palette.words()
    type_text(window, "single im")
    assert palette.words() == ["Single image"]
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.commands.panels.shown() is None
    assert library.single_shown
    assert library.single.canvas.hasFocus()
    press(qtbot, window, Qt.Key.Key_K, CTRL)
    press(qtbot, window, Qt.Key.Key_Escape)
    assert library.single.canvas.hasFocus()


def test_the_palette_offers_only_what_can_be_done(qtbot, make):
    window = make()
    press(qtbot, window, Qt.Key.Key_K, CTRL)
    words = window.commands.panels.palette.words()
    assert "New project…" in words
    assert not {"Yes", "Image grid", "Scan image folders again", "Close project"} & set(words)
    press(qtbot, window, Qt.Key.Key_Escape)


def test_help_lists_every_key_and_its_search_leaves_what_fits(qtbot, opened):
    window = opened()
    press(qtbot, window, Qt.Key.Key_Question)
    page = window.commands.panels.help
    assert page.line.hasFocus()
    rows = page.rows()
    listed = {command.words: list(command.keys) for command in COMMANDS if command.name[:7] != "toggle_"}
    assert {words: rows[words] for words in listed} == listed
    type_text(window, "undo")
    assert list(page.rows()) == ["Undo"]
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert window.workspace.library.gallery.hasFocus()


@pytest.mark.slow
def test_no_key_decides_on_images_that_a_panel_covers_and_tab_stays_inside(qtbot, opened, folder):
    window = opened()
    press(qtbot, window, Qt.Key.Key_F1)
    page = window.commands.panels.help
    for _ in range(6):
        press(qtbot, window, Qt.Key.Key_Tab)
        assert page.isAncestorOf(window.focusWidget())
    page.change.setFocus()
    for key in (Qt.Key.Key_R, Qt.Key.Key_Y, Qt.Key.Key_E, Qt.Key.Key_Period, Qt.Key.Key_M, Qt.Key.Key_V):
        press(qtbot, window, key)
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    settle(qtbot, window)
    assert window.workspace.place == "library"
    assert page.isAncestorOf(window.focusWidget())
    assert not window.workspace.library.single_shown
    assert window.session.info.reviewed == 0
    press(qtbot, window, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_E)
    assert window.workspace.library.single_shown


def test_enter_presses_the_focused_button_of_a_panel(qtbot, opened):
    window = opened()
    press(qtbot, window, Qt.Key.Key_F1)
    page = window.commands.panels.help
    next(one for one in page.findChildren(QPushButton) if one.text() == "Close").setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.commands.panels.shown() is None


def test_letters_are_off_in_the_query_and_commands_with_ctrl_are_not(qtbot, opened):
    window = opened()
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    type_text(window, "gs?")
    assert window.workspace.top.query.edit.text() == "gs?"
    assert window.commands.panels.shown() is None
    press(qtbot, window, Qt.Key.Key_K, CTRL)
    assert window.commands.panels.shown() == "palette"
    press(qtbot, window, Qt.Key.Key_Escape)


def test_a_click_beside_a_panel_closes_it(qtbot, make):
    window = make()
    press(qtbot, window, Qt.Key.Key_F1)
    overlay = window.commands.panels.help.parentWidget().parentWidget()
    qtbot.mouseClick(overlay.panel, LEFT)
    assert overlay.isVisible()
    qtbot.mouseClick(overlay, LEFT, pos=QPoint(6, 6))
    assert not overlay.isVisible()


@pytest.mark.slow
def test_similar_orders_by_likeness_or_says_what_is_missing(qtbot, opened):
    window = opened()
    with qtbot.waitSignal(window.session.query_failed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_S)
    assert "features" in window.workspace.problem.text()
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        window.jobs.start_indexing()
    settle(qtbot, window)
    name = window.workspace.library.controller.sheet.image.path
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        press(qtbot, window, Qt.Key.Key_S)
    assert shown.args[1] == f'similar:"{name}"'
    assert shown.args[0][0] == window.workspace.library.controller.current
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        window.session.set_query("path:red* sort:name")
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_E)
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        press(qtbot, window, Qt.Key.Key_S)
    assert shown.args[1].startswith("path:red* similar:")
    assert window.workspace.library.keeper.match_count() == 6  # near-duplicates, behind one
    assert not window.workspace.library.single_shown


@pytest.fixture
def keys_page(qtbot, opened):
    window = opened()
    press(qtbot, window, Qt.Key.Key_F1)
    qtbot.mouseClick(window.commands.panels.help.change, LEFT)
    assert window.commands.panels.shown() == "preferences"
    window.keys_page = window.commands.panels.preferences.keys
    return window


def listen(qtbot, window, name):
    row = window.keys_page.row(name)
    qtbot.mouseClick(row.change, LEFT)
    assert row.field.hasFocus()
    return row


@pytest.mark.slow
def test_a_changed_key_acts_shows_on_its_button_and_is_kept(qtbot, keys_page, make):
    window = keys_page
    listen(qtbot, window, "accept")
    press(qtbot, window, Qt.Key.Key_P)
    assert window.preferences.shortcuts == {"accept": "P"}
    press(qtbot, window, Qt.Key.Key_Escape)
    inspector = window.workspace.library.inspector
    assert inspector.button("accept").key() == "P"
    window.close()
    assert make().preferences.shortcuts == {"accept": "P"}


@pytest.mark.slow
def test_a_key_that_is_taken_is_refused_with_a_sentence(qtbot, keys_page):
    window = keys_page
    row = listen(qtbot, window, "single")
    press(qtbot, window, Qt.Key.Key_Y)
    assert window.keys_page.problem.text() == "Y is already used for “Yes”; change that key first."
    assert window.preferences.shortcuts == {}
    assert not row.field.isVisible()


@pytest.mark.slow
def test_a_key_of_the_frame_is_changed_while_it_is_a_shortcut_and_reset_again(qtbot, keys_page):
    window = keys_page
    row = listen(qtbot, window, "single")
    press(qtbot, window, Qt.Key.Key_L, CTRL)
    assert window.preferences.shortcuts == {"single": "Ctrl+L"}
    qtbot.mouseClick(row.reset, LEFT)
    assert window.preferences.shortcuts == {}
    row = listen(qtbot, window, "palette")
    press(qtbot, window, Qt.Key.Key_K, CTRL)  # its own key: nothing changes, and no palette opens
    assert window.commands.panels.shown() == "preferences"
    assert not row.field.isVisible()
    listen(qtbot, window, "grid")
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.preferences.shortcuts == {}
    assert window.commands.panels.shown() == "preferences"

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Keys of other layouts: the character comes first, and what has no command acts by its place."""

import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from window_fixtures import PATIENCE, folder, make, opened, press, settle, stored, type_text

from app.domain.category_properties import CategoryEdit
from app.gui.commands import positions
from app.gui.commands.positions import key_at_position
from app.services.project.categories import edit_category
from app.services.project.project import open_project

NONE, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
NUMBERS = {character: number for number, character in positions._PC.items()}
APPLE = {character: number for number, character in positions._APPLE.items()}


def pressed(place, types, held=NONE, *, repeat=False, kind=QEvent.Type.KeyPress):
    """The press of the key that lies where a US keyboard has ``place`` and that types ``types``."""
    number = {"darwin": 1, "win32": NUMBERS.get(place, 0)}.get(sys.platform, NUMBERS.get(place, 51) + 8)
    code = types if isinstance(types, Qt.Key) else ord(types.upper()[0])
    text = "" if isinstance(types, Qt.Key) or held & CTRL else types
    return QKeyEvent(kind, code, held, number, APPLE.get(place, 41), 0, text, repeat)


def send(window, *args, **more):
    """As it reaches the widget with the focus when no shortcut of Qt's has matched."""
    event = pressed(*args, **more)
    QApplication.sendEvent(window.focusWidget() or window, event)
    return event


ROWS = {
    "russian": [("Y", "н", "Y"), ("N", "т", "N"), ("A", "ф", "A"), ("H", "р", "H"), ("M", "ь", "M")],
    "russian, no letter there": [(";", "ж", None), (",", "б", None)],
    "greek": [("N", "ν", "N"), ("Y", "υ", "Y"), ("W", "ς", "W"), ("Q", ";", None)],
    "hebrew": [("Y", "ט", "Y"), ("N", "מ", "N"), ("W", "'", None), ("Q", "/", None)],
    "arabic": [("Y", "غ", "Y"), ("R", "ق", "R"), ("B", "ﻻ", "B")],
    "thai": [("Y", "ั", "Y"), ("N", "ื", "N"), ("K", "า", "K"), ("4", "ภ", "4")],
    "persian": [("1", "۱", "1"), ("Y", "غ", "Y")],
    "kana": [("Y", "ん", "Y"), ("3", "あ", "3")],
    "azerty": [("1", "&", "1"), ("2", "é", "2"), ("0", "à", "0"), ("Q", "a", None), ("M", ",", None)],
    "german": [("Y", "z", None), ("Z", "y", None), ("1", "1", None)],
    "czech": [("2", "ě", "2"), ("0", "é", "0"), ("Y", "z", None)],
    "lithuanian": [("1", "ą", "1"), ("8", "ū", "8")],
    "turkish": [("I", "ı", None), ("Y", "y", None)],
    "dvorak": [("Y", "f", None), ("N", "b", None), ("E", ".", None), ("Q", "'", None)],
    "us": [("Y", "y", None), ("1", "1", None), ("-", "-", None)],
}


@pytest.mark.parametrize(("layout", "rows"), ROWS.items())
@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_the_key_meant_is_that_of_the_character_or_that_of_the_place(monkeypatch, system, layout, rows):
    monkeypatch.setattr(sys, "platform", system)
    for place, types, meant in rows:
        key = key_at_position(pressed(place, types))
        assert (key and chr(key.value)) == meant, (place, types)


@pytest.mark.parametrize(
    ("place", "types", "held"),
    [
        ("1", "!", SHIFT),  # US
        ("7", "/", SHIFT),  # German, Spanish
        ("1", "1", SHIFT),  # AZERTY
        ("1", "1", Qt.KeyboardModifier.KeypadModifier),
        ("Y", Qt.Key.Key_Dead_Circumflex, NONE),
        ("Y", Qt.Key.Key_Return, NONE),
        ("Y", Qt.Key.Key_Multi_key, NONE),
    ],
)
def test_shifted_digits_the_keypad_and_keys_that_type_nothing_are_what_they_are(place, types, held):
    assert key_at_position(pressed(place, types, held)) is None


def test_every_letter_and_digit_has_one_place_in_both_tables():
    wanted = sorted("ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890")
    assert sorted(positions._PC.values()) == sorted(positions._APPLE.values()) == wanted
    assert (NUMBERS["1"] + 8, NUMBERS["Y"] + 8, NUMBERS["M"] + 8) == (10, 29, 58)


@pytest.fixture
def window(qtbot, opened):
    window = opened()
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        window.jobs.start_indexing()
    settle(qtbot, window)
    library = window.workspace.library
    qtbot.waitUntil(lambda: len(library.inspector.suggestions.rows()) == 2, timeout=PATIENCE)
    return window


def answers(window, folder):
    return {(name, state) for (_, name), state in stored(folder)[0].items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "count"),
    [
        ([("Y", "н")], 1),
        ([("N", "ν")], 1),
        ([("1", "&"), ("2", "é")], 2),
        (
            [
                ("1", "!", SHIFT),
                ("7", "/", SHIFT),
                ("6", "-"),
                ("1", "+"),
                ("Y", "z", SHIFT),
                ("Y", "н", ALT),
            ],
            0,
        ),
        ([("Y", "н", ALT), ("Y", "н", CTRL | ALT)], 0),
        ([("Y", "н", Qt.KeyboardModifier.GroupSwitchModifier)], 0),
    ],
)
def test_answers_are_written_by_place_and_only_those_announced(qtbot, window, folder, sent, count):
    for one in sent:
        send(window, *one)
    settle(qtbot, window)
    assert len(answers(window, folder)) == count


@pytest.mark.slow
def test_a_key_that_is_held_answers_once_and_ctrl_takes_it_back_once(qtbot, window, folder):
    send(window, "Y", "н")
    for _ in range(5):
        assert send(window, "Y", "н", repeat=True).isAccepted()
    settle(qtbot, window)
    assert len(answers(window, folder)) == 1
    send(window, "Z", "я", CTRL)
    settle(qtbot, window)
    assert answers(window, folder) == set()


@pytest.mark.slow
def test_keys_of_the_person_come_first_and_act_by_place_too(qtbot, window, folder):
    library = window.workspace.library
    window.preferences.set(shortcuts={"single": "L", "grid": "Н"})
    send(window, "L", "д")
    assert library.single_shown
    send(window, "Y", "н")  # the key of the grid: it is no longer Y
    settle(qtbot, window)
    assert answers(window, folder) == set()
    window.preferences.set(shortcuts={"single": "1", "toggle_1": ""})
    library.show_grid()
    send(window, "1", "&")
    assert library.single_shown


@pytest.mark.slow
def test_a_digit_whose_key_types_the_key_of_another_command_says_so(qtbot, window, folder):
    send(window, "6", "-")  # AZERTY; the grid does not zoom
    assert window.workspace.message.text() == "- is used for “Zoom out”; hold Shift to type 6."
    settle(qtbot, window)
    assert answers(window, folder) == set()


@pytest.mark.slow
def test_text_fields_get_what_is_typed_and_their_own_undo(qtbot, window, folder):
    library = window.workspace.library
    send(window, "T", "е")
    line = library.inspector.tags.line
    assert line.hasFocus()
    for place, types in (("Y", "н"), ("N", "т"), ("1", "&"), ("A", "ф")):
        send(window, place, types)
    assert line.text() == "нт&ф"
    send(window, "A", "ф", CTRL)
    assert line.selectedText() == "нт&ф"
    send(window, "Z", "я", CTRL)
    assert line.text() != "нт&ф"
    settle(qtbot, window)
    assert answers(window, folder) == set()


@pytest.mark.slow
def test_commands_of_the_grid_itself_and_of_panels_follow_the_layout(qtbot, window, folder):
    gallery = window.workspace.library.gallery
    send(window, "A", "ф", CTRL)
    assert gallery.selected_count() == 12
    send(window, "K", "л", CTRL)
    assert window.commands.panels.shown() == "palette"
    send(window, "Y", "н")
    assert window.commands.panels.palette.line.text() == "н"
    press(qtbot, window, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_F1)
    window.commands.panels.help.change.setFocus()
    send(window, "Y", "н")
    send(window, "E", "у")
    settle(qtbot, window)
    assert not window.workspace.library.single_shown
    assert answers(window, folder) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shortcuts", "key"),
    [
        ({"red thing": "2", "serval": "1"}, ("1", "&")),  # AZERTY
        ({"red thing": "1", "serval": "2"}, ("2", "ě")),  # Czech
        ({"red thing": "1", "serval": "B"}, ("B", "и")),  # Russian
        ({"red thing": "1", "serval": "0"}, ("0", "à")),
    ],
)
def test_a_key_that_a_category_owns_acts_by_place_and_for_it_alone(qtbot, window, folder, shortcuts, key):
    numbers = {one.name: one.id for one in window.session.info.categories}
    with open_project(folder) as project:
        for name in shortcuts:
            edit_category(project, numbers[name], CategoryEdit(shortcut=""))
        for name, owned in shortcuts.items():
            edit_category(project, numbers[name], CategoryEdit(shortcut=owned))
    window.session.look_for_changes()
    qtbot.waitUntil(
        lambda: {one.name: one.shortcut for one in window.session.info.categories} == shortcuts,
        timeout=PATIENCE,
    )
    send(window, *key)
    settle(qtbot, window)
    assert answers(window, folder) == {("serval", "yes")}

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The whole window in another language: every text is marked for translation, and none is cut off."""

import re

import pytest
from clipping import clipped
from languages import shown_texts, speaking_german, speaking_pseudo, unmarked, walk
from PySide6.QtWidgets import QApplication, QFileDialog
from window_fixtures import PATIENCE, folder, index, make, open_in, opened, settle

KNOWN = re.compile(
    r"Tailspotter|savanna|photo-lite\d|\S+[@:]\S+|photos|red thing|serval|bundled|\b(red|blue)\d+\.png|/\S+"
    r"|\b(Ctrl|Shift|Alt|Space|Del|Esc|Enter|Return|Tab|Home|End|PgUp|PgDown|Up|Down|Left|Right|F\d+|Backspace)\b"
    r"|\b(CPU|English|Deutsch|px|MB)\b|is:\w+|sort:\w+"
)
"""Names that a person or a file gave, keys, and names of things that are the same in every language."""


BESIDE_A_MESSAGE = re.compile(r"ElidedText '\d+ Bild")
"""The counts of the status line, which give way for the seconds of a long message."""
GIVES_WAY = re.compile(r"(ElidedText|StatusMessage) .*: too narrow")
"""Lines that end in an ellipsis and have the whole text in their tool tip: enough for 40 % more letters."""


@pytest.fixture
def no_dialogs(monkeypatch):
    """Native file dialogs are the system's; here each is cancelled."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("", ""))
    monkeypatch.setattr(QFileDialog, "exec", lambda *_: 0)


def walked(qtbot, window, folder):
    def quiet():
        settle(qtbot, window)
        qtbot.wait(100)

    quiet()
    yield "start page"
    window.commands.frame.action("new_project").trigger()
    quiet()
    yield "new project"
    open_in(qtbot, window, folder)
    index(qtbot, window)
    yield from walk(qtbot, window, quiet)


@pytest.mark.slow
def test_every_text_of_every_place_and_panel_is_marked_for_translation(qtbot, make, folder, no_dialogs):
    with speaking_pseudo(QApplication.instance()):
        window = make()
        found = {}
        for where in walked(qtbot, window, folder):
            for who, text in shown_texts(window):
                if left := unmarked(text, KNOWN):
                    found.setdefault(f"{who}: {text!r} ({left})", where)
        assert not found, "\n".join(f"{where}: {what}" for what, where in found.items())


@pytest.mark.slow
@pytest.mark.parametrize("speaking", [speaking_german, speaking_pseudo], ids=["German", "40 % longer"])
def test_nothing_is_cut_off_in_a_longer_language(qtbot, make, folder, no_dialogs, speaking):
    with speaking(QApplication.instance()):
        window = make()
        window.resize(1280, 800)
        found = {}
        for where in walked(qtbot, window, folder):
            for what in clipped(window):
                if BESIDE_A_MESSAGE.match(what) and window.workspace.message.isVisible():
                    continue
                if speaking is speaking_german or not GIVES_WAY.match(what):
                    found.setdefault(what, where)
        assert not found, "\n".join(f"{where}: {what}" for what, where in found.items())

import io
import signal
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.progress import ProgressPrinter, describe
from app.cli.stopping import Interrupted, Stopper, interrupts
from app.cli.text import duration, listing, printable
from app.domain.counting import count
from app.domain.progress import Progress


@given(st.text())
def test_printable_text_cannot_move_the_cursor_or_fail_to_encode(text):
    shown = printable(text)
    shown.encode("utf-8")
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in shown)


def test_printable_keeps_letters_signs_and_emoji():
    assert printable("Füchse 🦊👩‍🌾 [red]\u00a0x") == "Füchse 🦊👩‍🌾 [red]\u00a0x"
    assert printable("a\nb\x1b[0m\u202e") == "a\\nb\\x1b[0m\\u202e"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.04, "0.0 s"),
        (8.24, "8.2 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (200, "3 min 20 s"),
        (3599.7, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_durations_are_as_precise_as_a_person_wants(seconds, words):
    assert duration(seconds) == words


def test_counts_have_separators_and_plurals():
    assert [count(1, "image"), count(1200, "image"), count(0, "category", "categories")] == [
        "1 image",
        "1,200 images",
        "0 categories",
    ]


def test_a_long_listing_says_how_many_are_left_out():
    assert listing(["a", "b\n", "c", "d"], limit=2) == ["  a", "  b\\n", "  ... and 2 more"]


def test_progress_has_rate_and_remaining_time_if_they_are_known():
    assert describe(Progress("indexing", 320, 1200, 45.21, 20.4)) == (
        "indexing: 320 of 1,200, 45.2/s, 20 s left"
    )
    assert describe(Progress("looking", 3, None)) == "looking: 3"
    received = Progress("receiving", 120_000_000, 605_000_000, 12_300_000, 39.4, in_bytes=True)
    assert describe(received) == "receiving: 120 MB of 605 MB, 12.3 MB/s, 39 s left"
    assert describe(Progress("looking", 0, None)) == "looking ..."
    assert describe(Progress("indexing", 1200, 1200, 45.21, 0.0)) == "indexing: 1,200 of 1,200, 45.2/s"


def test_without_a_terminal_a_line_appears_for_each_stage_and_now_and_then(capsys):
    with ProgressPrinter(interval=3600) as printer:
        for done in range(4):
            printer(Progress("one", done, 3))
        printer(Progress("two", 1, 9))
        printer(Progress("two", 2, 9))
    assert capsys.readouterr().err == "one: 3 of 3\ntwo: 2 of 9\n"
    with ProgressPrinter(interval=0) as printer:
        printer(Progress("one", 1, 2))
        printer(Progress("one", 2, 2))
    assert capsys.readouterr().err == "one: 1 of 2\none: 2 of 2\n"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_a_bar_shows_count_rate_and_remaining_time(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with ProgressPrinter() as printer:
        printer(Progress("indexing [x]", 320, 1200, 45.21, 20.4))
    shown = stream.getvalue()
    assert "indexing [x]" in shown
    assert "320/1200" in shown
    assert "45.2/s, 20 s left" in shown


def test_the_first_ctrl_c_asks_and_the_second_insists(capsys):
    stopper = Stopper()
    with interrupts(stopper):
        assert not stopper()
        signal.raise_signal(signal.SIGINT)
        assert stopper()
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGINT)
    assert "Ctrl+C again stops immediately" in capsys.readouterr().err

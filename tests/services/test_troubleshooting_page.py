"""docs/troubleshooting.md has every check of the doctor, and pages quote sentences that the program says."""

import ast
import re
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from app.services import doctor

ROOT = Path(__file__).parents[2]
PAGES = ("troubleshooting.md", "protocol.md", "data-model.md")
ENGLISH = (
    "app/jobs/display.py",
    "app/cli/windows.py",
    "app/domain/stored_words.py",
    "cprfl_core/common/device.py",
)
"""Modules with sentences that are not translated."""
PLACE = re.compile(r"(?:\{[^{}]*\})+")


def page(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def checks():
    """The states of each check, from every place in the doctor that makes one."""
    found = {}
    for function in ast.parse(Path(doctor.__file__).read_text(encoding="utf-8")).body:
        if not isinstance(function, ast.FunctionDef):
            continue
        nodes = list(ast.walk(function))
        named = {one.attr for one in nodes if isinstance(one, ast.Attribute) and is_state(one)}
        for call in nodes:
            match call:
                case ast.Call(func=ast.Name(id="Check"), args=[ast.Constant(value=name), state, *_]):
                    states = {state.attr} if isinstance(state, ast.Attribute) else named
                    found.setdefault(name, set()).update(states)
    return found


def is_state(node):
    return isinstance(node.value, ast.Name) and node.value.id == "State"


def test_every_check_is_in_the_table_with_the_states_that_it_can_have():
    rows = re.findall(
        r"^\| ([a-z ]+) \| (.+?) \| (.+?) \| (.+?) \|$", page("troubleshooting.md"), re.MULTILINE
    )
    said = {
        name: {state for state, cell in (("WARN", warn), ("FAIL", fail)) if cell != "–"}
        for name, _, warn, fail in rows
        if name != "check"
    }
    assert said == {name: states - {"OK"} for name, states in checks().items()}


def test_the_limits_of_the_page_are_those_of_the_doctor():
    text = page("troubleshooting.md")
    assert f"older than {doctor.OLDEST_SQLITE[0]}.{doctor.OLDEST_SQLITE[1]}." in text
    assert (doctor.LITTLE_DISK, doctor.NO_DISK, doctor.LITTLE_MEMORY) == (1 << 30, 100 << 20, 1 << 30)
    assert doctor.WORKER_SECONDS == 120


@cache
def templates():
    """What the program says: translated sentences, and those of some modules that speak English only."""
    texts = [
        node.text or "" for node in parse(ROOT / "resources/translations/tailspotter_de.ts").iter("source")
    ]
    for name in ENGLISH:
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            match node:
                case ast.JoinedStr(values=values):
                    texts.append(
                        "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in values)
                    )
                case ast.Constant(value=str(value)):
                    texts.append(value)
    texts += re.findall(r'echo "([^"]+)"', (ROOT / "Makefile").read_text(encoding="utf-8"))
    useful = [text for text in texts if len(PLACE.sub("", text)) >= 8]
    return [
        re.compile(place.join(map(re.escape, PLACE.split(text))))
        for text in useful
        for place in ("(.*?)", "(.*)")
    ]


def is_said(text):
    """Whether a template gives this text, with what is filled in."""
    return any(
        all(is_filled_in(part) for part in found.groups())
        for found in (one.fullmatch(text) for one in templates())
        if found
    )


def is_filled_in(part):
    """A name or a number of at most three words, or such a one and something that is said itself."""
    begins = (at for at in range(len(part) + 1) if len(part[:at].split()) <= 3)
    return any(at == len(part) or is_said(part[at:]) for at in begins)


def quotes(name):
    prose = re.sub(r"^```.*?^```", "", page(name), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^> (.+)$", prose, re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_every_quoted_sentence_is_one_that_the_program_says(name):
    assert [text for text in quotes(name) if not is_said(text)] == []


def test_a_sentence_that_nobody_says_is_noticed():
    assert len(quotes("troubleshooting.md")) > 20
    assert not is_said(
        "The project P was written by a newer release of Tailspotter; update Tailspotter to open it."
    )
    assert not is_said(
        "The disk that contains P is full; free some space and try again (the work so far is safe)."
    )

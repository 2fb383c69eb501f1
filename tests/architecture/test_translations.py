"""The translations are complete and compiled, and sentences of errors can be translated."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from defusedxml import ElementTree
from PySide6.QtCore import QTranslator

from app.domain.counting import COUNTED
from app.domain.stored_words import CORE, DEVICES, LOCKS, PROBLEMS, STAGES, STEPS, VERDICTS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = sorted(FOLDER.glob("*.ts"))
PLACEHOLDER = re.compile(r"\{\w*\}")
ACCELERATOR = re.compile(r"&(?=\w)")
TRANSLATORS = {"translate", "translated", "tr", "QT_TRANSLATE_NOOP"}
ENGLISH_ROOMS = (
    "cli",
    "worker",
    "protocol",
    "services/doctor",
    "services/safety",
    "services/simulation",
    "jobs/display",
)
"""The command line stays English, and so do the worker process and what only the terminal shows."""


def messages(path: Path) -> list[tuple[str, str, str, str | None]]:
    """(context, source, translation, type) of each message."""
    found = []
    for context in ElementTree.parse(path).getroot().iter("context"):
        for one in context.iter("message"):
            text = one.find("translation")
            found.append(
                (context.findtext("name"), one.findtext("source"), text.text or "", text.get("type"))
            )
    return found


def tool(name: str, *arguments: str | Path) -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name(name), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def in_the_program(tmp_path_factory) -> set[tuple[str, str]]:
    """(context, text) of everything that the program marks."""
    path = tmp_path_factory.mktemp("texts") / "all.ts"
    said = tool("pyside6-lupdate", *sorted((ROOT / "app").rglob("*.py")), "-ts", path)
    assert "warning" not in said.lower()
    return {(context, source) for context, source, *_ in messages(path)}


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_every_text_is_translated_and_none_is_left_over(path, in_the_program):
    found = messages(path)
    assert [source for _, source, text, kind in found if kind or not text] == []
    translated = {(context, source) for context, source, *_ in found}
    assert in_the_program - translated == set(), "run `make translations` and translate what is new"
    assert translated - in_the_program == set(), "run `make translations`"


def spaced(text: str) -> str:
    """With a usual space for the narrow one before a percent sign."""
    return text.replace("\u202f", " ")


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_a_translation_keeps_placeholders_keys_and_spaces_at_its_ends(path):
    wrong = [
        (source, text)
        for _, source, text, _ in messages(path)
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text))
        or len(ACCELERATOR.findall(source)) != len(ACCELERATOR.findall(text))
        or source[: len(source) - len(source.lstrip())] != spaced(text)[: len(text) - len(text.lstrip())]
        or source[len(source.rstrip()) :] != spaced(text)[len(text.rstrip()) :]
    ]
    assert wrong == []


def test_german_is_typeset_as_german_is():
    wrong = [
        text
        for _, _, text, _ in messages(FOLDER / "tailspotter_de.ts")
        if "..." in text
        or re.search(r"\d %|\} %", text)
        or "”" in text
        or (re.search(r"“[^„”]*$", text) is None and "“" in text)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_the_compiled_file_is_that_of_the_texts(path):
    """`make translations` was run: the compiled file translates every text, and to what the texts say."""
    translator = QTranslator()
    assert translator.load(str(path.with_suffix(".qm")))
    old = [
        source for context, source, text, _ in messages(path) if translator.translate(context, source) != text
    ]
    assert old == []


def test_what_is_stored_in_english_is_marked():
    for context, text in (*STEPS, *COUNTED, *PROBLEMS, *STAGES, *VERDICTS, *DEVICES, *LOCKS, *CORE):
        assert context and text


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@cache
def calls_and_classes(path: Path) -> tuple[list[ast.Call], dict[str, set[str]]]:
    """The calls in a file, and the names of the bases of its classes; none where no error is made."""
    text = path.read_text("utf-8")
    if "Error" not in text:
        return [], {}
    nodes = list(ast.walk(ast.parse(text)))
    classes = {one.name: set(map(name_of, one.bases)) for one in nodes if isinstance(one, ast.ClassDef)}
    return [one for one in nodes if isinstance(one, ast.Call)], classes


def known_errors() -> set[str]:
    """Names of the errors that a person reads as one sentence."""
    bases: dict[str, set[str]] = {}
    for path in FILES:
        bases |= calls_and_classes(path)[1]
    known = {"KnownError", "UnusableError"}
    while more := {name for name, above in bases.items() if above & known} - known:
        known |= more
    return known


FILES = [
    path
    for path in sorted((ROOT / "app").rglob("*.py"))
    if not str(path.relative_to(ROOT / "app")).startswith(ENGLISH_ROOMS)
]


def unmarked(node: ast.AST) -> list[ast.expr]:
    """Texts with a word, in an argument of an error, that no translator wraps."""
    if isinstance(node, ast.Call):
        name = name_of(node.func)
        if name in TRANSLATORS:
            return []
        return unmarked(node.func.value) if isinstance(node.func, ast.Attribute) else []
    if isinstance(node, ast.Constant):
        return [node] if isinstance(node.value, str) and re.search(r"[A-Za-z]{2}", node.value) else []
    if isinstance(node, ast.JoinedStr):
        words = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        return [node] if re.search(r"[A-Za-z]{2}", words) else []
    parts = (node.body, node.orelse) if isinstance(node, ast.IfExp) else ()
    parts = (node.left, node.right) if isinstance(node, ast.BinOp) else parts
    return [text for part in parts for text in unmarked(part)]


def unmarked_errors(calls: list[ast.Call], known: set[str]) -> list[str]:
    return [
        f"{text.lineno}: {ast.unparse(text)}"
        for call in calls
        if name_of(call.func) in known
        for sentence in call.args[:1]
        for text in unmarked(sentence)
    ]


def test_the_sentence_of_every_known_error_is_marked():
    known = known_errors()
    found = {
        str(path.relative_to(ROOT)): faults
        for path in FILES
        if (faults := unmarked_errors(calls_and_classes(path)[0], known))
    }
    assert found == {}


def test_an_unmarked_sentence_is_found():
    source = 'raise KnownError(f"No file {name}."); BadInputError("Too" if n else translate("A", "fine"))'
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    assert len(unmarked_errors(calls, {"KnownError", "BadInputError"})) == 2


@pytest.mark.parametrize(
    ("rooms", "pattern", "known"),
    [
        (("app/worker", "cprfl_core"), r'progress\(\s*"([^"{]+)"', STAGES),
        (("app/services",), r'(?:job_lock\(|recorded_job\([^"]*)"([^"]+)"', LOCKS),
    ],
    ids=["stages", "locks"],
)
def test_what_the_worker_and_locks_say_is_known_to_the_window(rooms, pattern, known):
    said = {
        words
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        for words in re.findall(pattern, path.read_text(encoding="utf-8"))
    }
    assert said
    assert said - {template for _, template in known} == set()

"""Texts that the window shows can be extracted and translated."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

GUI = Path(__file__).parents[2] / "app" / "gui"
FILES = sorted(GUI.rglob("*.py"))
SETTERS = re.compile(
    r"^(set(Text|ToolTip|StatusTip|WhatsThis|WindowTitle|Title|PlaceholderText|AccessibleName"
    r"|AccessibleDescription|InformativeText|Prefix|Suffix|LabelText|HeaderLabels?|TabText)"
    r"|addAction|addMenu|addTab|addItem|addButton|addRow|showMessage"
    r"|Q(Label|PushButton|ToolButton|CheckBox|RadioButton|GroupBox|Action|Menu|MessageBox))$"
)
TRANSLATORS = {"tr", "translate", "QT_TRANSLATE_NOOP", "QT_TR_NOOP"}
WORD = re.compile(r"[A-Za-z]{2,}")


def name_of(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def literals(node: ast.expr) -> Iterator[ast.expr]:
    """Texts in an argument that no translator wraps; arguments of other calls are not looked into."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if WORD.search(node.value):
            yield node
    elif isinstance(node, ast.JoinedStr):
        if any(isinstance(part, ast.Constant) and WORD.search(str(part.value)) for part in node.values):
            yield node
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from literals(node.left)
        yield from literals(node.right)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from literals(value)
    elif isinstance(node, ast.List | ast.Tuple):
        for element in node.elts:
            yield from literals(element)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield from literals(node.func.value)


def faults(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = name_of(node)
        if SETTERS.match(name):
            for argument in node.args:
                for text in literals(argument):
                    yield f"{text.lineno}: not translatable: {ast.unparse(text)}"
        elif name in TRANSLATORS:
            texts = node.args[:1] if name in {"tr", "QT_TR_NOOP"} else node.args[:2]
            if not texts or not all(isinstance(text, ast.Constant) for text in texts):
                yield f"{node.lineno}: cannot be extracted: {ast.unparse(node)}"
        elif name.lstrip("_") == "translated":
            for text in literals(node.args[-1]):
                yield f"{text.lineno}: marked nowhere, use translate: {ast.unparse(text)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(GUI)))
def test_every_text_of_the_window_goes_through_the_translator(path: Path) -> None:
    found = list(faults(ast.parse(path.read_text("utf-8"))))
    assert not found, "\n".join(found)


def test_a_text_that_nobody_can_translate_is_found() -> None:
    source = 'label.setText(f"{n} images"); QLabel("Two words" if n else self.tr("fine")); self.tr(text); '
    source += 'translated("Two words")'
    assert len(list(faults(ast.parse(source)))) == 4


def test_qts_own_tool_extracts_the_texts_without_a_complaint(tmp_path: Path) -> None:
    tool = Path(sys.executable).with_name("pyside6-lupdate")
    texts = tmp_path / "window.ts"
    done = subprocess.run(
        [str(tool), *map(str, FILES), "-ts", str(texts)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()
    assert texts.read_text("utf-8").count("<source>") > 700

"""Pages that are written from the program say what the program says; their examples run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TOOLS = (
    "command_reference.py",
    "format_table.py",
    "key_table.py",
    "library_reference.py",
    "menu_table.py",
    "message_reference.py",
    "table_reference.py",
)
SLOW = ("library_reference.py", "menu_table.py")


@pytest.mark.parametrize(
    "tool",
    [pytest.param(tool, marks=pytest.mark.slow if tool in SLOW else ()) for tool in TOOLS],
)
def test_a_generated_part_is_not_an_old_one(tool):
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / tool, "--check"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_generated_part_has_its_tool():
    pages = [page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md")]
    named = {name for text in pages for name in re.findall(r"<!-- written by tools/(\S+) -->", text)}
    assert named == set(TOOLS)


@pytest.mark.slow
def test_the_examples_of_the_library_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 2
    shared = {}
    for block in blocks:
        exec(compile(block, "library.md", "exec"), shared)
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == 2
    assert shared["report"]["head"] > 0.9, "the example does not learn what it shows"
    assert float(shown[1]) > 0.7
    assert shared["again"].names == shared["suggester"].names


def test_the_site_lists_every_page():
    listed = yaml.safe_load((ROOT / "tools" / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    pages = {
        page
        for part in listed
        for value in part.values()
        for page in ([value] if isinstance(value, str) else value)
    }
    there = {page.name for page in (ROOT / "docs").glob("*.md")}
    assert pages == there | {"decisions/README.md"}

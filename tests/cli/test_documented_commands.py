"""Every command that the README and the guide show does what they say, on a little project."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/guide.md")
PROGRAM = ".venv/bin/tailspotter"
REMOTE = "ViT-B-32@laion2b_s34b_b79k"


def commands_of(page):
    """The lines of the blocks without a language, comments removed."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]


def shown():
    return [words for page in PAGES for words in commands_of(page)]


def test_the_pages_show_commands_of_make_and_of_the_program_only():
    assert len(shown()) > 10
    assert {words[0] for words in shown()} == {"make", PROGRAM}
    targets = re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    asked = {word for words in shown() if words[0] == "make" for word in words[1:] if "=" not in word}
    assert asked <= set(targets)


@pytest.mark.slow
@pytest.mark.timeout(600)  # dozens of processes, one of which trains
def test_the_commands_of_the_pages_run_one_after_the_other(tmp_path, make_image):
    for at in (41, 42, 43):
        make_image(tmp_path / "photos" / f"img_{at:04}.jpg", size=(64, 48), colour=(40 * at % 255, 90, 30))
    (tmp_path / "old-labels.csv").write_text("image,fox,badger\nimg_0042.jpg,1,0\n", encoding="utf-8")
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(tmp_path / "hub"),
        "HOME": str(tmp_path),
    }
    ran = []
    for words in shown():
        arguments = [word.replace("~/", f"{tmp_path}/") for word in words[1:]]
        if words[0] == "make" or not arguments:
            continue  # makes an environment, opens the window
        done = subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            cwd=tmp_path,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        without_network = REMOTE in arguments
        assert done.returncode == (1 if without_network else 0), f"{words}\n{done.stdout}{done.stderr}"
        if without_network:
            assert "Traceback" not in done.stderr
            assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        ran.append(arguments[0])
    assert {"new", "index", "suggest", "label", "import", "export", "backbones", "stats", "backup"} <= set(
        ran
    )
    assert (tmp_path / "labels.json").exists()

"""An import opens nothing outside its own file or folder, the project and the image folders.

Each format of the registry is tried: what the program itself exports, with the names of images led outside. A
hook on the interpreter's audit events, in a process of its own, notes every file and folder that is opened.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.labels import Decision, LabelState
from app.services.interchange.exporting import export_labels
from app.services.interchange.registry import FORMATS, writable
from app.services.labelling.decisions import decide

ROOT = Path(__file__).parents[3]
OUTSIDE = "outside"
SCRIPT = """
import json, os, sys

outside, opened = sys.argv[1], []


def note(event, arguments):
    if event in {"open", "os.listdir", "os.scandir", "os.walk"} and arguments:
        path = arguments[0]
        if isinstance(path, (str, bytes, os.PathLike)):
            real = os.path.realpath(os.fsdecode(path))
            if real == outside or real.startswith(outside + os.sep):
                opened.append([event, os.fsdecode(path)])


sys.addaudithook(note)
from app.cli.context import CommandLine
from app.cli.main import run

known = CommandLine(make_runner=None, start_log=lambda folder, verbose: None)
codes = [run(arguments, known) for arguments in json.loads(sys.stdin.read())]
print("\\n" + json.dumps({"codes": codes, "opened": opened}))
"""


def run_all(outside: Path, commands: list[list[str]]) -> dict[str, list]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(outside)],
        input=json.dumps([[str(word) for word in command] for command in commands]),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=110,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def formats() -> list[str]:
    return [one.name for one in writable() if one.read is not None]


@pytest.fixture
def outside(tmp_path, make_image):
    """A folder that no import may look into, with files of the names that the imports will ask for."""
    folder = tmp_path / OUTSIDE
    make_image(folder / "one.png")
    for suffix in ("json", "xml", "txt", "csv", "xmp", "jpg.xmp", "png.xmp", "yaml"):
        (folder / f"one.{suffix}").write_text("cat")
    return folder


def sample_of(project, format_name: str, folder: Path) -> Path:
    """An export: a file or a folder."""
    folder.mkdir()
    suffixes = FORMATS[format_name].suffixes
    target = folder / f"sample{suffixes[0] if suffixes else ''}"
    export_labels(project, format_name, target)
    return target


def led_outside(sample: Path, target: Path, name: str, outside: Path) -> Path:
    """A copy of the sample in which the image one.png has another name, and links that lead outside."""
    for path in [sample] if sample.is_file() else sorted(sample.rglob("*")):
        copy = target / path.relative_to(sample.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            copy.write_bytes(path.read_bytes().replace(b"one.png", name.encode()))
    copy = target / sample.name
    if copy.is_dir():
        (copy / "link").symlink_to(outside, target_is_directory=True)
        for path in outside.iterdir():
            (copy / f"linked-{path.name}").symlink_to(path)
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("format_name", formats())
def test_names_that_lead_outside_open_nothing_there(project, tmp_path, outside, images_folder, format_name):
    decide(project, [Decision(image, 1, LabelState.YES) for image in (1, 2, 3)])
    sample = sample_of(project, format_name, tmp_path / "samples")
    project.close()
    (images_folder / "link").symlink_to(outside, target_is_directory=True)
    commands = [["import", project.folder, format_name, sample, "--dry-run"]]
    names = (
        f"../{OUTSIDE}/one.png",
        f"{outside}/one.png",
        f"file://{outside}/one.png",
        "link/one.png",
        "a/../../outside/one.png",
        "..\\\\outside\\\\one.png",
    )
    for number, name in enumerate(names):
        damaged = led_outside(sample, tmp_path / f"led{number}", name, outside)
        for mode in ([], ["--match-names"]):
            commands.append(["import", project.folder, format_name, damaged, *mode])
    told = run_all(outside, commands)
    assert told["codes"][0] == 0
    assert set(told["codes"]) <= {0, 1}
    assert told["opened"] == []


def test_the_hook_notes_what_is_opened(project, tmp_path, outside):
    project.close()
    told = run_all(outside, [["import", project.folder, "coco", outside / "one.json"]])
    assert told["opened"]

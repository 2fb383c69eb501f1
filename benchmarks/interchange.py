"""Measure export and import of many labels: seconds and peak memory of the whole command.

    python benchmarks/interchange.py [--json] [--formats coco,csv] [--images N] [--labels M]

A project of N images without files gets M labels of 80 categories. For each format it is exported, and the
file is imported into a project of the same images without labels. Every command runs in a process of its own.
Beside the seconds stands what Python's json module takes to read a COCO file of the same labels, so that
machines can be compared. Exits with 1 if a goal (20 s, 500 MB) is missed, where N and M are the default.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

GOAL_SECONDS, GOAL_MEGABYTES = 20.0, 500.0
IMAGES, LABELS, CATEGORIES = 100_000, 300_000, 80
ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure export and import of many labels.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--formats", default="coco", help="separated by commas")
    parser.add_argument("--images", type=int, default=IMAGES)
    parser.add_argument("--labels", type=int, default=LABELS)
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.prepare is not None:
        prepare(asked.prepare, asked.images, asked.labels)
        return 0
    with tempfile.TemporaryDirectory(prefix="tailspotter-interchange-") as folder:
        found = measured(Path(folder), asked.formats.split(","), asked.images, asked.labels)
    if asked.json:
        print(json.dumps(found))
    else:
        print(f"reading a COCO file of them with json: {found['json_seconds']:.2f} s")
        for one in found["commands"]:
            print(
                f"{one['format']:14} {one['command']:7} {one['seconds']:7.1f} s "
                f"({one['cpu_seconds']:.1f} s of one core) {one['megabytes']:7.0f} MB"
            )
    usual = asked.images >= IMAGES and asked.labels >= LABELS
    missed = any(
        one["seconds"] > GOAL_SECONDS or one["megabytes"] > GOAL_MEGABYTES for one in found["commands"]
    )
    return int(usual and missed)


def measured(place: Path, formats: list[str], images: int, labels: int) -> dict:
    """``commands``: format, command, seconds, cpu_seconds (of all cores), megabytes, the number of yes, and
    ``ratio``, cpu_seconds as a multiple of ``json_seconds``.
    """
    # The projects are made in another process: what this one holds would count as memory of its children.
    command = [sys.executable, __file__, "--prepare", place, "--images", str(images), "--labels", str(labels)]
    subprocess.run([str(part) for part in command], check=True, env=environment())
    commands = []
    for name in formats:
        target = place / f"labels-{name}{suffix(name)}"
        fresh = place / f"fresh-{name}"
        shutil.copytree(place / "empty", fresh)
        commands.append({"format": name, "command": "export"} | timed("export", place / "full", name, target))
        commands.append({"format": name, "command": "import"} | timed("import", fresh, name, target))
        shutil.rmtree(fresh)
    seconds = json_seconds(place)
    for one in commands:
        one["ratio"] = round(one["cpu_seconds"] / seconds, 2)
    return {"images": images, "labels": labels, "json_seconds": round(seconds, 3), "commands": commands}


def timed(command: str, project: Path, name: str, path: Path) -> dict[str, float]:
    """Raises RuntimeError if the command fails."""
    used, report = timed_command([command, project, name, path])
    return used | {"yes": report["yes"] if command == "import" else report["labels"]}


def timed_command(words: Sequence[str | Path]) -> tuple[dict[str, float], dict[str, Any]]:
    """Run a command of the program in a process of its own: what it used, and its report.

    Raises RuntimeError if it fails.
    """
    begin = time.perf_counter()
    command = [sys.executable, "-m", "app", *(str(word) for word in words), "--json"]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, cwd=ROOT, env=environment())
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - begin
        if process.returncode != 0:
            raise RuntimeError(f"{command[3:]} ended with {process.returncode}")
        output.seek(0)
        report = json.loads(output.read())
    unit = 1 if sys.platform == "darwin" else 1024
    found = {
        "seconds": round(took, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "megabytes": round(used.ru_maxrss * unit / 1e6, 1),
    }
    return found, report


def suffix(name: str) -> str:
    code = f"from app.services.interchange.registry import FORMATS as f; print(*f[{name!r}].suffixes[:1])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=environment()
    )
    return done.stdout.strip()


def json_seconds(place: Path) -> float:
    path = place / "reference.json"
    timed("export", place / "full", "coco", path)
    text = path.read_bytes()
    begin = time.process_time()
    json.loads(text)
    return time.process_time() - begin


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def prepare(place: Path, count: int, labels: int) -> None:
    """The projects "full" and "empty" in ``place``: the same images, with and without labels."""
    from app.domain.labels import Decision, LabelState, Source
    from app.services.labelling.decisions import decide
    from app.services.project.creation import create_project
    from app.storage import images

    (place / "images").mkdir()
    names = [f"species {number:02}" for number in range(CATEGORIES)]
    row = {"root_id": 1, "size": 1, "mtime_ns": 1, "state": "ok"}
    for name in ("full", "empty"):
        with create_project(place / name, [place / "images"], names) as project:
            with project.db.write() as s:
                images.add_many(s, [{**row, "path": f"site {i % 9}/{i:06}.jpg"} for i in range(count)])
            if name == "full":
                answers = (
                    Decision(
                        1 + number % count,
                        1 + (number % count + 7 * (number // count)) % CATEGORIES,
                        LabelState.NO if number % 10 == 9 else LabelState.YES,
                    )
                    for number in range(labels)
                )
                decide(project, list(answers), source=Source.IMPORT)


if __name__ == "__main__":
    raise SystemExit(main())

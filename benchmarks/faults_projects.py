"""Projects to break, how commands are run on them, and what must hold whatever happened."""

import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from PIL import Image

ROOT = Path(__file__).parents[1]
APP = (sys.executable, "-m", "app")
CHILD = (sys.executable, str(Path(__file__).with_name("faults_child.py")))
REUSED = (".db-wal", ".db-shm", ".lock", "index-items.jsonl")
"""Ends of the names of files that the next use of a project writes again or removes: they do not pile up."""
CATEGORIES = ("red", "green", "blue", "deer", "fox")
ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


@dataclass(slots=True)
class Part:
    """What one part of the benchmark did: ``counts`` of what was tried, and ``failures``."""

    counts: dict[str, Any] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    skipped: str | None = None
    """Why the part cannot run on this machine."""
    seconds: float = 0.0

    def failed(self, what: Iterable[str], **reproduce: Any) -> None:
        """Note each fault, with what is needed to see it again."""
        self.failures += [{"what": one, **reproduce} for one in what]

    def count(self, name: str, more: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + more

    def to_json(self) -> dict[str, Any]:
        return {
            "ok": not self.failures,
            "skipped": self.skipped,
            "seconds": round(self.seconds, 1),
            "counts": self.counts,
            "failures": self.failures,
        }


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @classmethod
    def of(cls, *arguments: object, timeout: float = 300, file_bytes: int | None = None) -> Self:
        """Run ``tailspotter`` with these arguments, in a process of its own.

        ``file_bytes``: no file can grow beyond this size.
        """

        def limit() -> None:
            assert file_bytes is not None
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

        try:
            done = subprocess.run(
                [*APP, *map(str, arguments)],
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                env=ENVIRONMENT,
                cwd=ROOT,
                timeout=timeout,
                check=False,
                preexec_fn=limit if file_bytes is not None else None,
            )
        except subprocess.TimeoutExpired:
            return cls(-9, "", f"it did not end within {timeout:g} s")
        return cls(done.returncode, done.stdout, done.stderr)

    def manners(self) -> list[str]:
        """What is wrong with how the command ended: it must succeed, or say one sentence and exit with 1."""
        return bad_manners(self.code, self.err)

    def demand_success(self) -> Self:
        """Raises RuntimeError if the command failed: the benchmark itself is wrong then."""
        if self.code:
            raise RuntimeError(f"a command of the benchmark failed ({self.code}): {self.err[-2000:]}")
        return self


def bad_manners(code: int, err: str) -> list[str]:
    """As Done.manners."""
    if "Traceback" in err:
        return [f"a traceback: {err.strip().splitlines()[-1]}"]
    if code not in (0, 1):
        return [f"exit status {code}: {err.strip()[-300:]}"]
    sentences = [line for line in err.splitlines() if line.startswith("tailspotter: ")]
    if code == 1 and not sentences:
        return ["exit status 1 without a sentence"]
    return []


@dataclass(frozen=True, slots=True)
class Labels:
    """What a project says: the explicit ``states`` (1, 0, -1) by image and category, and reviewed images."""

    states: dict[tuple[str, str], int]
    reviewed: frozenset[str]

    @classmethod
    def of(cls, project: Path) -> Self:
        with closing(sqlite3.connect(project / "project.db")) as database:
            states = database.execute(
                "SELECT image.path, category.name, label.state FROM label "
                "JOIN image ON image.id = label.image_id JOIN category ON category.id = label.category_id"
            )
            held = {(path, name): state for path, name, state in states}
            marks = database.execute("SELECT path FROM image WHERE reviewed_batch_id IS NOT NULL")
            return cls(held, frozenset(path for (path,) in marks))

    def lost_in(self, later: Self) -> list[str]:
        """The answers and review marks here that ``later`` does not have, or has otherwise."""
        lost = [
            f"{path}: {name} was {state} and is {later.states.get((path, name))}"
            for (path, name), state in self.states.items()
            if later.states.get((path, name)) != state
        ]
        lost += [f"{path} is no longer reviewed" for path in sorted(self.reviewed - later.reviewed)]
        return lost[:3]


def database_faults(project: Path) -> list[str]:
    """What is wrong with the database: its pages, references, and whether the ledger replays to its rows."""
    with closing(sqlite3.connect(project / "project.db", timeout=20)) as database:
        checked = [row[0] for row in database.execute("PRAGMA integrity_check")]
        faults = [] if checked == ["ok"] else [f"integrity_check: {checked[:3]}"]
        broken = database.execute("PRAGMA foreign_key_check").fetchall()
        faults += [f"foreign_key_check: {broken[:3]}"] if broken else []
        return faults + _replay_faults(database)


def _replay_faults(database: sqlite3.Connection) -> list[str]:
    """Rows that differ from what the entries of the ledger lead to."""
    labels: dict[tuple[int, int], int] = {}
    marks: dict[int, int] = {}
    names: dict[int, str] = {}
    entries = database.execute(
        "SELECT kind, image_id, category_id, after, after_category FROM ledger ORDER BY id"
    )
    for kind, image, category, after, described in entries:
        holder, key, value = {
            "label": (labels, (image, category), after),
            "review": (marks, image, after),
            "category": (names, category, described and (json.loads(described) or {}).get("name")),
        }[kind]
        if value is None:
            holder.pop(key, None)
        else:
            holder[key] = value
    rows = {
        "labels": (labels, "SELECT image_id || ' ' || category_id, state FROM label"),
        "reviews": (
            marks,
            "SELECT id, reviewed_batch_id FROM image WHERE reviewed_batch_id IS NOT NULL",
        ),
        "categories": (names, "SELECT id, name FROM category"),
    }
    faults = []
    for what, (replayed, query) in rows.items():
        stored = {str(key): value for key, value in database.execute(query)}
        expected = {
            " ".join(map(str, key)) if isinstance(key, tuple) else str(key): value
            for key, value in replayed.items()
        }
        differing = [key for key in stored.keys() | expected.keys() if stored.get(key) != expected.get(key)]
        if differing:
            faults.append(f"{len(differing)} {what} differ from the ledger, for example {differing[0]}")
    return faults


def file_patterns(folder: Path) -> set[str]:
    """The files below a folder, with the changing parts of their names (digits, random letters) left out."""
    return {pattern_of(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file()}


def leftovers(folder: Path, patterns: set[str]) -> list[str]:
    """Files that an undisturbed run does not leave; ``patterns`` as from file_patterns."""
    found = sorted(
        name
        for path in folder.rglob("*")
        if path.is_file() and pattern_of(name := path.relative_to(folder).as_posix()) not in patterns
    )
    found = [name for name in found if not name.endswith(REUSED)]
    return [f"{len(found)} files are left behind: {', '.join(found[:4])}"] if found else []


def pattern_of(name: str) -> str:
    return re.sub(r"[0-9a-f]{8,}|[0-9]+", "#", name)


def make_pictures(folder: Path, count: int, *, seed: int = 0) -> Path:
    """``count`` images of coloured blocks, each with its own content, named 0000.png and so on."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    for number in range(count):
        blocks = rng.integers(0, 255, (6, 6, 3), np.uint8)
        Image.fromarray(blocks).resize((48, 48), Image.Resampling.NEAREST).save(folder / f"{number:04}.png")
    return folder


def make_project(place: Path, count: int) -> Path:
    """A scanned project of the small drawing model in ``place``/project over images beside it."""
    pictures = make_pictures(place / "images", count)
    project = place / "project"
    categories = ",".join(CATEGORIES)
    new = ("new", project, "--images", pictures, "--categories", categories, "--backbone", "bundled")
    Done.of(*new).demand_success()
    return project


def write_coco(path: Path, names: Sequence[str], *, seed: int, extra: int = 0) -> Path:
    """A file that says yes or no to all categories, and to ``extra`` new ones, for each image."""
    rng = np.random.default_rng(seed)
    known = [*CATEGORIES, *(f"extra {number}" for number in range(extra))]
    yes = rng.random((len(names), len(known))) < 0.35
    document = {
        "images": [
            {
                "id": row + 1,
                "file_name": name,
                "neg_category_ids": (np.nonzero(~yes[row])[0] + 1).tolist(),
            }
            for row, name in enumerate(names)
        ],
        "categories": [{"id": place + 1, "name": name} for place, name in enumerate(known)],
        "annotations": [
            {"id": at + 1, "image_id": int(row) + 1, "category_id": int(column) + 1}
            for at, (row, column) in enumerate(zip(*np.nonzero(yes), strict=True))
        ],
    }
    path.write_text(json.dumps(document))
    return path


def copy_of(project: Path, target: Path) -> Path:
    """A fresh copy of a closed project folder; the images are shared."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(project, target)
    return target


@cache
def commands() -> frozenset[str]:
    """The names of the commands of this version."""
    import typer

    from app.cli.main import build

    group = typer.main.get_command(build())
    return frozenset(group.commands)  # type: ignore[attr-defined]


def stopwatch() -> float:
    return time.perf_counter()

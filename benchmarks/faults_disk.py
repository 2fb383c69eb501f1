"""Every command that writes, on a disk that is full or nearly full, and on one that cannot be written to.

The disk is a small one in memory (tmpfs) mounted for this, which needs root; a file of zeros fills it.
Without root a limit on the size of files stands in for the full disk, and the permissions of the folder for
the read-only one. A command has to succeed, or to say one sentence and exit with 1 with all labels as they
were; after space was freed it has to give what it gives on any disk.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from faults_projects import (
    Done,
    Labels,
    Part,
    commands,
    copy_of,
    database_faults,
    file_patterns,
    leftovers,
    make_project,
    write_coco,
)

DISK_BYTES = 300 << 20
ROOMS = (0, 4, 12, 40, 100, 300, 1000)
"""Kilobytes left on the disk."""
SLOW_ROOMS = (0, 40, 300)
SMALL_ROOMS = (0, 40)
SLOW = frozenset({"index", "train"})
BALLAST = "ballast"

WRITING = {
    "label": ["{project}", "0001.png", "--yes", "fox", "--no", "red"],
    "reviewed": ["{project}", "0001.png", "0002.png"],
    "undo": ["{project}"],
    "redo": ["{project}"],
    "category": ["{project}", "red", "--rename", "pink"],
    "scan": ["{project}"],
    "index": ["{project}"],
    "import": ["{project}", "coco", "{labels}"],
    "export": ["{project}", "coco", "{disk}/out.json"],
    "train": ["{project}", "--epochs", "1"],
    "new": ["{disk}/second", "--images", "{images}", "--categories", "red,blue", "--backbone", "bundled"],
    "backup": ["{project}"],
    "check": ["{project}", "--repair"],
    "models": ["activate", "{project}", "none"],
}
READING = {
    "stats": ["{project}"],
    "list": ["{project}"],
    "roots": ["{project}"],
    "suggest": ["{project}", "--top", "2"],
    "review": ["{project}", "red"],
    "export": ["{project}", "csv", "{elsewhere}/out.csv"],
    "doctor": ["{project}"],
}


@dataclass(slots=True)
class Place:
    """``disk`` is the folder that fills up; ``base`` a project to copy there."""

    disk: Path
    base: Path
    images: Path
    labels: Path
    mounted: bool

    @property
    def project(self) -> Path:
        return self.disk / "project"

    def fresh(self) -> None:
        for path in self.disk.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        copy_of(self.base, self.project)

    def words(self, given: list[str]) -> list[str]:
        names = {
            "project": self.project,
            "disk": self.disk,
            "images": self.images,
            "labels": self.labels,
            "elsewhere": self.base.parent,
        }
        return [word.format(**names) for word in given]

    @contextlib.contextmanager
    def full(self, room_kb: int) -> Iterator[int | None]:
        """Leave this much space; gives the limit on the size of files that stands in for it, if any."""
        if not self.mounted:
            yield (16 + room_kb) << 10
            return
        ballast = self.disk / BALLAST
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as stream:
            while stream.write(bytes(1 << 16)):
                pass
        with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as stream:
            while stream.write(bytes(1 << 9)):
                pass
        os.truncate(ballast, max(0, ballast.stat().st_size - (room_kb << 10)))
        try:
            yield None
        finally:
            ballast.unlink()


def disk(place: Path, part: Part, say: Callable[[str], None], *, small: bool) -> None:
    """Fill ``part`` in; ``small`` leaves out commands with a model, and most sizes of the space left."""
    base = make_project(place / "made", 24)
    names = [f"{number:04}.png" for number in range(24)]
    Done.of("import", base, "coco", write_coco(place / "first.json", names, seed=2)).demand_success()
    Done.of("index", base).demand_success()
    Done.of("label", base, "0003.png", "--yes", "deer").demand_success()
    Done.of("label", base, "0004.png", "--yes", "fox", "--no", "deer").demand_success()
    Done.of("undo", base).demand_success()
    labels = write_coco(place / "labels.json", names, seed=3, extra=2)
    folder = place / "disk"
    folder.mkdir()
    with small_disk(folder) as mounted:
        here = Place(folder, base, base.parent / "images", labels, mounted)
        part.counts["full disk"] = "a small disk in memory" if mounted else "a limit on the size of files"
        part.counts["commands not tried"] = sorted(commands() - WRITING.keys() - READING.keys())
        for number, (name, given) in enumerate(WRITING.items()):
            if name not in commands() or (small and name in SLOW):
                continue
            usual = undisturbed(here, name, given)
            few = SMALL_ROOMS[number % 2 :][:1]
            for room_kb in few if small else SLOW_ROOMS if name in SLOW else ROOMS:
                faults = filled(here, name, given, room_kb, usual, part=part)
                part.failed(faults, command=name, room_kb=room_kb)
            say(f"full disk: {name}, {len(part.failures)} failures so far")
        with contextlib.ExitStack() as stack:
            here.fresh()
            refusal = read_only(here, stack)
            part.counts["read-only place"] = refusal or "tried"
            if refusal is None:
                read_only_faults(here, part, small)
        say(f"read-only: {len(part.failures)} failures so far")
        if mounted or refusal is None:
            part.failed(usable(here), command="label", after="read-only")


@dataclass(frozen=True, slots=True)
class Usual:
    """What a command leaves where there is space."""

    labels: Labels
    files: set[str]


def undisturbed(here: Place, name: str, given: list[str]) -> Usual:
    here.fresh()
    prepare(here, name)
    Done.of(name, *here.words(given)).demand_success()
    return Usual(Labels.of(here.project), file_patterns(here.disk) | {"project/logs/tailspotter.log"})


def filled(here: Place, name: str, given: list[str], room_kb: int, usual: Usual, *, part: Part) -> list[str]:
    """Run one command with this space, then again with enough; return what is wrong."""
    words = here.words(given)
    here.fresh()
    prepare(here, name)
    before = Labels.of(here.project)
    with here.full(room_kb) as limit:
        done = Done.of(name, *words, file_bytes=limit)
    part.count("commands on a full disk")
    part.count("of these refused, with a sentence" if done.code else "of these succeeded all the same")
    faults = done.manners() + database_faults(here.project)
    after = Labels.of(here.project)
    if after != (before if done.code else usual.labels):
        faults.append(f"exit status {done.code}, but the labels changed: {before.lost_in(after)}")
    if done.code:
        again = Done.of(name, *words)
        if again.code:
            faults.append(f"with space again it fails: {again.err.strip()[-300:]}")
        if Labels.of(here.project) != usual.labels:
            faults.append("with space again the labels are others than usual")
    return faults + leftovers(here.disk, usual.files)


def prepare(here: Place, name: str) -> None:
    """What a command needs to have something to do."""
    if name == "index":
        shutil.rmtree(here.project / "features")


def read_only_faults(here: Place, part: Part, small: bool) -> None:
    before = {path: path.read_bytes() for path in here.project.rglob("*") if path.is_file()}
    for kind, table in (("writing", WRITING), ("reading", READING)):
        for name, given in table.items():
            if name not in commands() or (small and name in SLOW):
                continue
            done = Done.of(name, *here.words(given))
            part.count(f"{kind} commands on a read-only disk")
            faults = done.manners()
            if done.code == 0 and kind == "writing" and name not in {"scan", "index", "check"}:
                faults.append("it says that it succeeded where nothing can be written")
            if done.code and kind == "reading" and name != "doctor":  # one of its checks is for this
                faults.append(f"it only reads, and fails: {done.err.strip()[-300:]}")
            part.failed(faults, command=name, place="read-only")
    after = {path: path.read_bytes() for path in here.project.rglob("*") if path.is_file()}
    if after != before:
        part.failed(["files changed in a read-only place"])


def usable(here: Place) -> list[str]:
    done = Done.of("label", here.project, "0001.png", "--yes", "fox")
    return [] if done.code == 0 else [f"not usable afterwards: {done.err.strip()[-300:]}"]


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount a small disk at the folder if that is allowed; gives whether it is."""
    options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    mounted = allowed(["mount", *options])
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def read_only(here: Place, stack: contextlib.ExitStack) -> str | None:
    """Make the place read-only until the stack ends; the reason why that is impossible, else None."""
    if here.mounted:
        if not allowed(["mount", "-o", "remount,ro", str(here.disk)]):
            return "the disk cannot be mounted again"
        stack.callback(allowed, ["mount", "-o", "remount,rw", str(here.disk)])
        return None
    if getattr(os, "geteuid", lambda: 1)() == 0:
        return "permissions do not bind root, and mounting is not allowed"
    modes = {path: path.stat().st_mode for path in (here.disk, *here.disk.rglob("*"))}
    for path in sorted(modes, reverse=True):
        path.chmod(modes[path] & ~0o222)
        stack.callback(path.chmod, modes[path])
    return None


def allowed(command: list[str]) -> bool:
    """Run a command; whether it succeeded."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False

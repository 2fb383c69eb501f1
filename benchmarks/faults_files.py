"""Damaged image files and import files: no crash, no hang, no lost label, bounded memory.

Files are read in child processes that tell each result; one that is silent for more than LIMIT_SECONDS hangs.
A child's address space is limited (faults_child.MEMORY_BYTES), and the highest resident memory is reported.
Image files are read as the scan, the thumbnails and the model do, and then scanned by the command line in the
place of labelled images. Import files go through ``import`` in all its modes, then ``undo``.
"""

import json
import random
import selectors
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from faults_mutations import mutated
from faults_projects import (
    CHILD,
    ENVIRONMENT,
    ROOT,
    Done,
    Labels,
    Part,
    bad_manners,
    copy_of,
    database_faults,
    make_project,
    write_coco,
)
from faults_samples import image_samples, import_samples

LIMIT_SECONDS = 5.0
SLACK_SECONDS = 3.0
"""For a machine that is busy with other work; what takes longer than the limit itself is counted as slow."""
PER_SCAN = 250
PER_COPY = 100
"""Imports into one copy of the project."""
MODES = ([], [], ["--complete"], ["--overwrite"], ["--match-names"], ["--dry-run"])


def files(place: Path, count: int, seed: int, part: Part, say: Callable[[str], None]) -> None:
    """Half of ``count`` are image files, half are import files."""
    with Child("images") as child:
        damaged_images(place, count // 2, seed, child=child, part=part, say=say)
    with Child("commands") as child:
        damaged_imports(place, count - count // 2, seed, child=child, part=part, say=say)


class Child:
    """A process that answers each line with one line."""

    def __init__(self, what: str) -> None:
        self._what = what
        self.starts = 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def ask(self, question: object) -> dict[str, Any]:
        """The answer; ``crash`` is in it if there was none in time, or the process died."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(question).encode() + b"\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            if not ready.select(LIMIT_SECONDS + SLACK_SECONDS):
                self._end()
                return {"crash": f"no answer within {LIMIT_SECONDS + SLACK_SECONDS:g} s"}
        line = process.stdout.readline()
        if not line:
            code = process.wait()
            self._end()
            return {"crash": f"the process died with status {code}"}
        answer: dict[str, Any] = json.loads(line)
        if answer["seconds"] > LIMIT_SECONDS:
            answer["crash"] = f"it took {answer['seconds']:.1f} s"
        return answer

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self.starts += 1
            self._process = subprocess.Popen(
                [*CHILD, self._what],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # libtiff and libjpeg complain there
                env=ENVIRONMENT,
                cwd=ROOT,
            )
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@dataclass(slots=True)
class Peaks:
    """The slowest file and the highest memory."""

    seconds: float = 0.0
    peak_mb: float = 0.0
    kinds: dict[str, int] = field(default_factory=dict)

    def note(self, answer: dict[str, Any]) -> None:
        self.seconds = max(self.seconds, answer.get("seconds", 0.0))
        self.peak_mb = max(self.peak_mb, answer.get("peak_mb", 0.0))

    def into(self, part: Part, name: str) -> None:
        part.counts[f"{name}: slowest, seconds"] = round(self.seconds, 2)
        part.counts[f"{name}: most memory, MB"] = round(self.peak_mb)


def damaged_images(
    place: Path, count: int, seed: int, *, child: Child, part: Part, say: Callable[[str], None]
) -> None:
    samples = image_samples()
    part.counts["image formats"] = sorted(samples)
    base = make_project(place / "scanned", min(count, PER_SCAN))
    names = [f"{number:04}.png" for number in range(min(count, PER_SCAN))]
    Done.of("import", base, "coco", write_coco(place / "first.json", names, seed=1)).demand_success()
    peaks = Peaks()
    folder = base.parent / "images"
    for batch_start in range(0, count, PER_SCAN):
        batch = range(batch_start, min(count, batch_start + PER_SCAN))
        for number, path in zip(batch, sorted(folder.iterdir()), strict=False):
            rng = random.Random(f"{seed} image {number}")
            name = rng.choice(sorted(samples))
            others = [data for other, data in samples.items() if other != name]
            data, done = mutated(rng, samples[name], others)
            path.write_bytes(data)  # under a .png name: the suffix is that of another format
            answer = child.ask(str(path))
            peaks.note(answer)
            part.count("image files")
            part.count("image files read" if "read" in answer else "image files refused")
            faults = [answer["crash"]] if "crash" in answer else sentence_faults(answer.get("refused"))
            part.failed(faults, file="image", number=number, seed=seed, sample=name, mutation=done)
        project = copy_of(base, place / "project")
        part.failed(scan_faults(project, len(list(folder.iterdir()))), batch=batch_start, seed=seed)
        say(f"images: {batch.stop} of {count}, {len(part.failures)} failures so far")
    part.failed(index_faults(place / "project"), what_next="index after the last batch", seed=seed)
    part.counts["image files: child processes"] = child.starts
    peaks.into(part, "image files")


def sentence_faults(reason: str | None) -> list[str]:
    """A reason is a few printable words."""
    if reason is None:
        return []
    return [] if reason.isprintable() and 0 < len(reason) < 200 else [f"a strange reason: {reason[:200]!r}"]


def scan_faults(project: Path, count: int) -> list[str]:
    """Scan the damaged files in the place of labelled images."""
    before = Labels.of(project)
    done = Done.of("scan", project, "--json")
    faults = done.manners() or ([f"the scan failed: {done.err[-300:]}"] if done.code else [])
    listed = Done.of("stats", project, "--json")
    if listed.code == 0:
        told = json.loads(listed.out)["images"]
        if told["total"] < count or told["ok"] + told["unreadable"] + told["missing"] != told["total"]:
            faults.append(f"the scan has lost images: {told}, of {count}")
    else:
        faults.append(f"stats failed: {listed.err[-300:]}")
    return faults + before.lost_in(Labels.of(project)) + database_faults(project)


def index_faults(project: Path) -> list[str]:
    """The model reads what the scan has found readable."""
    before = Labels.of(project)
    done = Done.of("index", project)
    return (
        done.manners()
        + ([f"index failed: {done.err[-300:]}"] if done.code else [])
        + before.lost_in(Labels.of(project))
    )


def damaged_imports(
    place: Path, count: int, seed: int, *, child: Child, part: Part, say: Callable[[str], None]
) -> None:
    base = make_project(place / "imported", 12)
    names = [f"{number:04}.png" for number in range(12)]
    Done.of("import", base, "coco", write_coco(place / "half.json", names[:8], seed=5)).demand_success()
    Done.of("reviewed", base, "0001.png", "0009.png").demand_success()
    rich = copy_of(base, place / "rich")  # has more answers than the base, so that an import has work to do
    Done.of("import", rich, "coco", write_coco(place / "all.json", names, seed=5, extra=1)).demand_success()
    samples, missing = import_samples(rich, place)
    part.counts["import formats"] = sorted(samples)
    if missing:
        part.counts["import formats without a sample"] = missing
    peaks = Peaks()
    project = place / "target"
    for turn, number in enumerate(range(count)):
        if turn % PER_COPY == 0:
            copy_of(base, project)
            before = Labels.of(project)
        rng = random.Random(f"{seed} import {number}")
        told = one_import(place, project, before, samples, rng, child=child, peaks=peaks, part=part)
        if told:
            part.failed(told.faults, file="import", number=number, seed=seed, **told.how)
            copy_of(base, project)
        if turn % 500 == 499 or turn == count - 1:
            say(f"imports: {turn + 1} of {count}, {len(part.failures)} failures so far")
    part.failed(database_faults(project), what_next="the database after the last imports")
    part.counts["import files: child processes"] = child.starts
    peaks.into(part, "import files")


@dataclass(frozen=True, slots=True)
class Told:
    faults: list[str]
    how: dict[str, Any]


def one_import(
    place: Path,
    project: Path,
    before: Labels,
    samples: dict[str, Path],
    rng: random.Random,
    *,
    child: Child,
    peaks: Peaks,
    part: Part,
) -> Told | None:
    """Import one damaged file and undo it; None if all is well."""
    format_name = rng.choice(sorted(samples))
    path, done = damaged(rng, samples, format_name, place / "damaged")
    mode = rng.choice(MODES)
    arguments = ["import", str(project), format_name, str(path), *mode]
    answer = child.ask(arguments)
    peaks.note(answer)
    part.count("import files")
    faults = answer_faults(answer)
    part.count("import files read" if answer.get("code") == 0 else "import files refused")
    after = Labels.of(project)
    if "--overwrite" not in mode:
        faults += before.lost_in(after)
    if "--dry-run" in mode and after != before:
        faults.append("a dry run has changed labels")
    if answer.get("code") == 1 and after != before:
        faults.append("it was refused and has changed labels all the same")
    if after != before and not faults:
        faults += answer_faults(child.ask(["undo", str(project)]))
        if Labels.of(project) != before:
            faults.append("an undo does not give the labels before the import")
    return Told(faults, {"format": format_name, "mutation": done, "mode": mode}) if faults else None


def answer_faults(answer: dict[str, Any]) -> list[str]:
    if "crash" in answer:
        return [answer["crash"]]
    return bad_manners(-1 if answer["code"] is None else answer["code"], answer["err"])


def damaged(rng: random.Random, samples: dict[str, Path], format_name: str, target: Path) -> tuple[Path, str]:
    """A damaged copy of a sample; of a folder, one of its files is damaged. Some have another suffix."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    sample = samples[format_name]
    others = [next(one_file(path)).read_bytes() for path in samples.values()] + [
        b"\x89PNG\r\n\x1a\n" * 9,
        b"PK\x03\x04" * 9,
        b"\x1f\x8b\x08" * 9,
    ]
    copy = target / sample.name
    if sample.is_dir():
        shutil.copytree(sample, copy)
        chosen = rng.choice(sorted(one_file(copy)))
    else:
        shutil.copy(sample, copy)
        chosen = copy
    data, done = mutated(rng, chosen.read_bytes(), others)
    chosen.write_bytes(data)
    if rng.random() < 0.1:
        renamed = chosen.with_suffix(rng.choice((".png", ".csv", ".json", ".xml", "", ".txt")))
        chosen.rename(renamed)
        done += f" + named {renamed.name}"
        copy = renamed if chosen == copy else copy
    return copy, done


def one_file(path: Path) -> Iterator[Path]:
    """The file itself, or the files below a folder."""
    if path.is_dir():
        yield from (one for one in sorted(path.rglob("*")) if one.is_file())
    else:
        yield path

"""Do to projects what happens to them: kill, fill the disk, damage files, write from several processes.

    python benchmarks/faults.py [--json] [--kills 200] [--files 10000] [--seed 0] [--parts kills,disk,...]
                                [--acts labelling,importing,...]

Every part counts what it tried and lists each failure with its seed. The exit status is 1 if anything failed.
Parts that cannot run on this machine say why. For the parts see the modules ``faults_*``.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import faults_disk
import faults_files
import faults_kills
import faults_together
from faults_projects import Part, stopwatch

Say = Callable[[str], None]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--kills", type=int, default=200, help="interrupted commands")
    parser.add_argument("--files", type=int, default=10_000, help="damaged image and import files")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--parts", default="kills,disk,files,together", help="separated by commas")
    acts = ",".join(faults_kills.ACTS)
    parser.add_argument("--acts", default=acts, help="what to interrupt, separated by commas")
    asked = parser.parse_args(arguments)
    small = asked.kills < 50
    work: dict[str, Callable[[Path, Part, Say], None]] = {
        "kills": lambda place, part, say: faults_kills.kills(
            place, asked.kills, asked.seed, acts=listed(asked.acts), part=part, say=say
        ),
        "disk": lambda place, part, say: faults_disk.disk(place, part, say, small=small),
        "files": lambda place, part, say: faults_files.files(place, asked.files, asked.seed, part, say),
        "together": lambda place, part, say: faults_together.together(place, part, say, small=small),
    }
    chosen = listed(asked.parts)
    for given, known in ((chosen, work), (listed(asked.acts), faults_kills.ACTS)):
        if unknown := [name for name in given if name not in known]:
            parser.error(f"there is no {unknown[0]!r}; there are {', '.join(known)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that disks are unmounted and folders removed
    report = {name: measured(name, work[name]) for name in chosen}
    if asked.json:
        print(json.dumps({name: part.to_json() for name, part in report.items()}, indent=1))
    else:
        show(report)
    return int(any(part.failures for part in report.values()))


def listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",")]


def measured(name: str, work: Callable[[Path, Part, Say], None]) -> Part:
    part = Part()
    begin = stopwatch()

    def say(sentence: str) -> None:
        print(f"{stopwatch() - begin:6.0f} s  {sentence}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix=f"tailspotter-faults-{name}-") as folder:
        work(Path(folder), part, say)
    part.seconds = stopwatch() - begin
    return part


def show(report: dict[str, Part]) -> None:
    for name, part in report.items():
        words = part.skipped or ("failed" if part.failures else "nothing lost")
        print(f"{name}: {words}, {part.seconds:.0f} s")
        for what, count in part.counts.items():
            print(f"    {what:45} {count}")
        for failure in part.failures:
            print(f"    FAILED {failure}")


if __name__ == "__main__":
    raise SystemExit(main())

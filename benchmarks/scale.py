"""Measure how the program grows with the number of images, without its window.

    python benchmarks/scale.py [--json] [--sizes 10000 100000 1000000] [--categories 300] [--width 1280]

For each size a synthetic project is made under ``--folder`` (kept for the next run) and every operation is
measured as the window's storage thread and the commands do it. Beside each figure: the same per image, and
how it has grown since the size before (with ten times the images, 1 is not at all and 10 in proportion).
Exits with 1 if a goal is missed by more than half. ``--quick`` uses two small projects, to test the benchmark
itself.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import psutil
from interchange import environment, timed_command
from window import machine

PARTS = Path(__file__).with_name("scale_parts.py")
GOALS = {
    "open": 10.0,
    "filter_p95": 2.0,
    "decision_p95": 0.03,
    "resident_mb": 3000.0,
}
"""Seconds, or MB."""
FAILING = 1.5
CHILD_SECONDS = 7200
SIZES = (10_000, 100_000)
QUICK_SIZES = (60, 180)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure how the program grows with the number of images.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of images")
    parser.add_argument("--categories", type=int, default=300)
    parser.add_argument("--width", type=int, default=1280, help="of the embeddings; 0: no live suggestions")
    parser.add_argument("--labelled", type=float, default=1.0, help="share of the images with labels")
    parser.add_argument("--bulk", type=int, default=10_000, help="images of one answer on many")
    parser.add_argument("--steps", type=int, default=40, help="pages, and decisions")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tailspotter-benchmark")
    parser.add_argument("--quick", action="store_true", help="small projects, for tests of the benchmark")
    asked = parser.parse_args(arguments)
    if asked.quick:
        asked.sizes, asked.categories, asked.width, asked.bulk, asked.steps = list(QUICK_SIZES), 4, 16, 30, 4
    if min(*asked.sizes, asked.categories, asked.bulk, asked.steps) < 1 or asked.width < 0:
        parser.error("sizes, categories, bulk and steps must be 1 or more, the width 0 or more")
    load = psutil.getloadavg()
    runs = {size: measured(asked, size) for size in sorted(set(asked.sizes))}
    report = {
        "machine": {**machine(), "load_average": [round(load[0], 2), round(psutil.getloadavg()[0], 2)]},
        "project": {"categories": asked.categories, "width": asked.width, "labelled": asked.labelled},
        "sizes": with_growth(runs),
        "goals": GOALS,
    }
    report["met"] = not any(misses(runs, 1.0))
    print(json.dumps(report) if asked.json else as_text(report))
    return int(not asked.quick and any(misses(runs, FAILING)))


def measured(asked: argparse.Namespace, size: int) -> dict[str, float]:
    """Seconds by operation, and MB by ``*_mb``, of a project of this size."""
    wanted = {"images": size, "categories": asked.categories, "width": asked.width}
    wanted |= {"labelled": asked.labelled, "folder": str(asked.folder.resolve())}
    made = child({"act": "make", **wanted})
    project = Path(made["project"])
    found = child({"act": "session", "project": str(project), "bulk": asked.bulk, "steps": asked.steps})
    child({"act": "make", **wanted})  # as at first
    with tempfile.TemporaryDirectory(prefix="tailspotter-scale-") as folder:
        labels = Path(folder) / "labels.csv"
        one_label_each(labels, size)
        exported = Path(folder) / "export.csv"
        commands = {
            "scan": ["scan", project],
            "export": ["export", project, "long", exported],
            "backup": ["backup", project],
            "import": ["import", project, "long", labels],
        }
        for name, words in commands.items():
            used, _ = timed_command(words)
            found[name], found[f"{name}_mb"] = used["seconds"], used["megabytes"]
    return found


def child(wanted: dict[str, Any]) -> dict[str, Any]:
    """Run scale_parts in a process of its own, so that memory is measured correctly."""
    with tempfile.TemporaryDirectory(prefix="tailspotter-scale-") as folder:
        out = Path(folder) / "found.json"
        command = [sys.executable, str(PARTS), json.dumps({**wanted, "out": str(out)})]
        done = subprocess.run(
            command, env=environment(), capture_output=True, text=True, timeout=CHILD_SECONDS, check=False
        )
        if done.returncode:
            raise SystemExit(f"{wanted['act']} failed ({done.returncode}):\n{done.stderr[-3000:]}")
        return dict(json.loads(out.read_text()))


def one_label_each(path: Path, size: int) -> None:
    """A file in the long format with a yes for a new category on each image."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write("image,category,state\n")
        stream.writelines(
            f"{number // 1000:03}/{number:06}.jpg,imported category,yes\n" for number in range(size)
        )


def with_growth(runs: dict[int, dict[str, float]]) -> dict[str, dict[str, Any]]:
    """By size and operation: the value, ``per_image`` in microseconds or kB, and ``growth`` since the size
    before."""
    found: dict[str, dict[str, Any]] = {}
    before: dict[str, float] = {}
    for size, run in runs.items():
        found[str(size)] = {
            name: {
                "value": round(value, 4),
                "per_image": round(value * (1e3 if name.endswith("_mb") else 1e6) / size, 4),
                "growth": round(value / before[name], 2) if before.get(name) else None,
            }
            for name, value in run.items()
        }
        before = run
    return found


def misses(runs: dict[int, dict[str, float]], share: float) -> list[str]:
    """The goals that are missed by more than ``share``."""
    return [
        f"{name} at {size}"
        for size, run in runs.items()
        for name, goal in GOALS.items()
        if run[name] > share * goal
    ]


def as_text(report: dict[str, Any]) -> str:
    sizes = list(report["sizes"])
    lines = [f"{'':28}" + "".join(f"{int(size):>12,} images  growth" for size in sizes) + "   per image"]
    for name in report["sizes"][sizes[-1]]:
        unit = "MB" if name.endswith("_mb") else "s"
        line = f"{name:28}"
        for size in sizes:
            one = report["sizes"][size][name]
            growth = "" if one["growth"] is None else f"x{one['growth']:.1f}"
            line += f"{one['value']:16.3f} {unit:2}{growth:>8}"
        last = report["sizes"][sizes[-1]][name]["per_image"]
        line += f"{last:10.2f} {'kB' if unit == 'MB' else 'us'}"
        goal = GOALS.get(name)
        lines.append(line + ("" if goal is None else f"   goal {goal:g} {unit}"))
    return "\n".join(lines)


if __name__ == "__main__":
    begin = time.monotonic()
    status = main()
    print(f"{time.monotonic() - begin:.0f} s", file=sys.stderr)
    sys.exit(status)

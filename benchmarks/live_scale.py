"""Measure live learning in a large collection: loading, decisions, undo, category scores, memory.

    python benchmarks/live_scale.py [--json] [--images 100000] [--width 512] [--labelled 300 3000 20000]

A synthetic long-tailed collection with features; each number of labelled images runs in a separate process.
Exits with 1 if a goal is missed by more than half, or if undo does not restore the scores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

PARTS = Path(__file__).with_name("live_scale_parts.py")
# Seconds, MB or milliseconds, according to the suffix.
GOALS = {
    "ready_s": 10.0,
    "memory_mb": 500.0,
    "decision_p95_ms": 40.0,
    "undo_p95_ms": 40.0,
    "category_ms": 200.0,
}
# Maximum difference of probabilities after an undo.
UNDO_ERROR = 1e-6
FAILING = 1.5
CHILD_SECONDS = 1800


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure live learning in a large collection.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--width", type=int, default=512, help="of an embedding")
    parser.add_argument("--categories", type=int, default=80)
    parser.add_argument("--labelled", type=int, nargs="+", default=[300, 3_000, 20_000])
    parser.add_argument("--steps", type=int, default=60, help="decisions, each undone afterwards")
    parser.add_argument("--quick", action="store_true", help="a small collection, for tests of the benchmark")
    asked = parser.parse_args(arguments)
    if asked.quick:
        asked.images, asked.width, asked.categories = 600, 16, 6
        asked.labelled, asked.steps = [40, 200], 10
    if min(asked.images, asked.width, asked.categories, asked.steps, *asked.labelled) < 1:
        parser.error("every number must be 1 or more")
    if max(asked.labelled) >= asked.images:
        parser.error("--labelled must be less than --images")
    begin, load = time.perf_counter(), psutil.getloadavg()
    runs = {str(count): judged(run(asked, count)) for count in asked.labelled}
    report = {
        "images": asked.images,
        "width": asked.width,
        "categories": asked.categories,
        "threads": os.environ.get("OMP_NUM_THREADS"),
        "load_average": [round(load[0], 2), round(psutil.getloadavg()[0], 2)],
        "seconds": round(time.perf_counter() - begin, 1),
        "labelled": runs,
        "met": all(one["met"] for run in runs.values() for one in run["goals"].values()),
    }
    print(json.dumps(report) if asked.json else as_text(report))
    return int(any(failing(one) for one in runs.values()))


def run(asked: argparse.Namespace, labelled: int) -> dict[str, float]:
    """Run live_scale_parts.measure in a separate process."""
    with tempfile.TemporaryDirectory(prefix="tailspotter-scale-") as folder:
        out = Path(folder) / "found.json"
        wanted = {"images": asked.images, "width": asked.width, "categories": asked.categories}
        wanted |= {"labelled": labelled, "steps": asked.steps, "out": str(out)}
        done = subprocess.run(
            [sys.executable, str(PARTS), json.dumps(wanted)],
            capture_output=True,
            text=True,
            timeout=CHILD_SECONDS,
            check=False,
        )
        if done.returncode or not out.is_file():
            raise SystemExit(f"a run failed ({done.returncode}):\n{done.stderr[-3000:]}")
        return dict(json.loads(out.read_text()))


def judged(found: dict[str, float]) -> dict[str, Any]:
    """The measurements, and each goal with its ratio to the measurement: above 1 it is missed."""
    found["ready_s"] = found["load_s"] + found["first_scores_s"]
    goals = {
        name: {"value": round(found[name], 3), "goal": goal, "ratio": round(found[name] / goal, 3)}
        for name, goal in GOALS.items()
    }
    for one in goals.values():
        one["met"] = one["ratio"] <= 1
    undone = bool(np.isfinite(found["undo_error"])) and found["undo_error"] <= UNDO_ERROR
    return {"goals": goals, "undone": undone, "figures": found}


def failing(one: dict[str, Any]) -> bool:
    return not one["undone"] or any(goal["ratio"] > FAILING for goal in one["goals"].values())


def as_text(report: dict[str, Any]) -> str:
    lines = [f"{report['images']:,} images of width {report['width']}, {report['categories']} categories"]
    for count, one in report["labelled"].items():
        lines.append(
            f"{int(count):,} labelled" + ("" if one["undone"] else "; undo did not restore the scores")
        )
        for name, goal in one["goals"].items():
            word = "met" if goal["met"] else "missed"
            lines.append(f"  {name:18}{goal['value']:10.2f}  goal {goal['goal']:5.0f}  {word}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

"""Measure the window on a synthetic project: start, opening, scrolling, finding, decisions, memory.

    python benchmarks/window.py [--json] [--images 100000] [--categories 300] [--no-features]

The program runs in child processes with Qt's offscreen platform, or that of QT_QPA_PLATFORM. The project is
created once, under ``--folder``; its creation is not measured. Exits with 1 if a goal is missed by more than
half.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import psutil
from synthetic_project import WIDTH, Wanted, facts_of, prepared

PROBE = Path(__file__).with_name("window_probe.py")
GOALS: dict[str, tuple[float, str]] = {
    "start_to_usable_window": (2.0, "s"),
    "open_to_first_thumbnails": (2.0, "s"),
    "scroll_frame_lateness_p99": (33.0, "ms"),
    "next_image_p95": (50.0, "ms"),
    "decision_durable_p95": (20.0, "ms"),
    "filter_p95": (200.0, "ms"),
    "sort_p95": (200.0, "ms"),
    "facet_p95": (200.0, "ms"),
    "similar_p95": (100.0, "ms"),
    "threshold_tick_p95": (50.0, "ms"),
    "bulk": (0.5, "s"),
    "bulk_undo": (0.5, "s"),
    "resident_memory": (800.0, "MB"),
}
FAILING = 1.5
CHILD_SECONDS = 3600


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measure the window on a synthetic project.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--categories", type=int, default=300)
    parser.add_argument("--starts", type=int, default=3, help="number of measurements of start and opening")
    parser.add_argument("--seconds", type=float, default=6.0, help="duration of each kind of scrolling")
    parser.add_argument("--steps", type=int, default=40, help="images to go through, and decisions")
    parser.add_argument("--pause", type=float, default=0.15, help="seconds between two keys")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "tailspotter-benchmark")
    parser.add_argument(
        "--features",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="with embeddings, so that live suggestions are loaded too",
    )
    asked = parser.parse_args(arguments)
    if min(asked.images, asked.categories, asked.steps) < 1 or asked.starts < 0:
        parser.error("images, categories and steps must be 1 or more, starts 0 or more")
    wanted = Wanted(asked.images, asked.categories, width=WIDTH if asked.features else 0)
    project = prepared(asked.folder.resolve(), wanted)
    load_before = _load()
    measures, extra = measure(project, asked)
    report = {
        "machine": {**machine(), "load_average_before": load_before, "load_average_after": _load()},
        "project": facts_of(project),
        **extra,
        "measures": measures,
        "met": all(one["met"] for one in measures.values()),
    }
    print(json.dumps(report) if asked.json else as_text(report))
    return int(any(one["value"] > FAILING * one["goal"] for one in measures.values()))


def measure(project: Path, asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """The measurements by name, and further details."""
    (project / "thumbnails.db").unlink(missing_ok=True)
    first, *later = [run("open", project, asked) for _ in range(asked.starts + 1)]
    full = run("full", project, asked)
    opened = [*later, full]
    scroll = full["scroll"]
    late = scroll["steady"]["late"] + scroll["through"]["late"]
    values: dict[str, tuple[float, dict[str, Any]]] = {
        "start_to_usable_window": (
            statistics.median(one["start"] for one in opened),
            {
                "each": _rounded([one["start"] for one in (first, *opened)]),
                "processor": _rounded([one["start_processor"] for one in (first, *opened)]),
            },
        ),
        "open_to_first_thumbnails": (
            statistics.median(one["open_first"] for one in opened),
            {
                "each": _rounded([one["open_first"] for one in opened]),
                "processor": _rounded([one["open_first_processor"] for one in opened]),
                "all_visible": _rounded([one["open_all"] for one in opened]),
                "ids_listed": _rounded([one["open_listed"] for one in opened]),
                "without_kept_thumbnails": _rounded([first["open_first"], first["open_all"]]),
            },
        ),
        "scroll_frame_lateness_p99": (
            _quantile(late, 0.99),
            {"p50": _quantile(late, 0.5), "frames": len(late)}
            | {
                name: {
                    "late_p50": _quantile(one["late"], 0.5),
                    "late_p99": _quantile(one["late"], 0.99),
                    "window_thread_busy_p99": _quantile(one["busy"], 0.99),
                }
                for name, one in scroll.items()
            },
        ),
        "next_image_p95": (
            _quantile(full["next"]["seconds"], 0.95),
            {
                "p50": _quantile(full["next"]["seconds"], 0.5),
                "images": len(full["next"]["seconds"]),
                "not_decoded_ahead": full["next"]["not_decoded_ahead"],
            },
        ),
        "decision_durable_p95": (
            _quantile(full["decide"]["seconds"], 0.95),
            {
                "p50": _quantile(full["decide"]["seconds"], 0.5),
                "decisions": len(full["decide"]["seconds"]),
                "heard_by_the_window_p95": _quantile(full["decide"]["heard"], 0.95),
            },
        ),
        **_work(full),
        "resident_memory": (
            round(full["resident_end"] / 1e6, 1),
            {
                "with_project_open": round(full["resident_opened"] / 1e6, 1),
                "after_bulk": round(full["resident_last"] / 1e6, 1),
                "without_files": _megabytes(full["anonymous_end"]),
                "peak": _megabytes(full["peak"]),
            },
        ),
    }
    measures = {name: _judged(name, value, details) for name, (value, details) in values.items()}
    extra = {
        "screen": full["platform"],
        "suggestions": {
            "state": full["suggestions"]["state"],
            "seconds": round(full["suggestions"]["seconds"], 1),
        },
        "heavy_modules_in_the_window": full["heavy"],
    }
    return measures, extra


def _work(full: dict[str, Any]) -> dict[str, tuple[float, dict[str, Any]]]:
    """The measures of window_tasks; those that need suggestions are missing without them."""
    found = {}
    for kind, by_query in full["finding"].items():
        slowest = sorted(by_query.items(), key=lambda one: -one[1])[:5]
        details = {"p50": _quantile(list(by_query.values()), 0.5), "queries": len(by_query)}
        details["slowest"] = {text: round(seconds * 1e3, 1) for text, seconds in slowest}
        found[f"{kind}_p95"] = _quantile(list(by_query.values()), 0.95), details
    for name, key in (
        ("facet_p95", "facets"),
        ("similar_p95", "similar"),
        ("threshold_tick_p95", "threshold"),
    ):
        if key in full:
            found[name] = _quantile(full[key], 0.95), {"p50": _quantile(full[key], 0.5)}
    bulk = full["bulk"]
    shown = {"settled_after": _rounded(bulk["settled"])}
    found["bulk"] = max(bulk["said"]), {"each": _rounded(bulk["said"]), **shown}
    found["bulk_undo"] = max(bulk["undone"]), {"each": _rounded(bulk["undone"])}
    return found


def _megabytes(count: int | None) -> float | None:
    return None if count is None else round(count / 1e6, 1)


def _judged(name: str, value: float, details: dict[str, Any]) -> dict[str, Any]:
    goal, unit = GOALS[name]
    rounded = round(value, 3 if unit == "s" else 1)
    return {"value": rounded, "unit": unit, "goal": goal, "met": value <= goal, **details}


def run(mode: str, project: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Run the program in a separate process with its own settings and log."""
    with tempfile.TemporaryDirectory(prefix="tailspotter-benchmark-run-") as folder:
        out = Path(folder) / "found.json"
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM") or "offscreen",
            "TAILSPOTTER_CONFIG_DIR": str(Path(folder) / "settings"),
            "XDG_STATE_HOME": str(Path(folder) / "state"),
        }
        wanted = {"mode": mode, "project": str(project), "out": str(out)}
        wanted |= {"seconds": asked.seconds, "steps": asked.steps, "pause": asked.pause}
        wanted["started"] = time.monotonic()
        done = subprocess.run(
            [sys.executable, str(PROBE), json.dumps(wanted)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=CHILD_SECONDS,
            check=False,
        )
        if done.returncode or not out.is_file():
            raise SystemExit(f"the window could not be measured ({done.returncode}):\n{done.stderr[-3000:]}")
        return dict(json.loads(out.read_text()))


def machine() -> dict[str, Any]:
    import PySide6

    return {
        "processor": _processor(),
        "cores": psutil.cpu_count(),
        "python": platform.python_version(),
        "pyside": PySide6.__version__,
        "system": platform.platform(),
    }


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.processor()


def _load() -> list[float]:
    return [round(value, 2) for value in psutil.getloadavg()]


def _quantile(seconds: list[float], share: float) -> float:
    """In milliseconds."""
    return round(float(np.quantile(seconds, share)) * 1e3, 1) if seconds else float("inf")


def _rounded(seconds: list[float]) -> list[float]:
    return [round(one, 3) for one in seconds]


def as_text(report: dict[str, Any]) -> str:
    load = report["machine"]["load_average_before"]
    lines = [
        f"{report['project']['images']:,} images, {report['project']['categories']} categories, "
        f"screen {report['screen']}, load {load[0]} on {report['machine']['cores']} cores"
    ]
    for name, one in report["measures"].items():
        word = "met" if one["met"] else "missed"
        lines.append(f"{name:28}{one['value']:10.3f} {one['unit']:3} goal {one['goal']:6.0f}  {word}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

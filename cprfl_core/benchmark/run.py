"""A complete benchmark run in its folder: started, resumed, reported."""

import json
from pathlib import Path
from typing import Any, Final

from cprfl_core.benchmark.bench import Bench, identity, prepare
from cprfl_core.benchmark.options import BenchmarkOptions, Places
from cprfl_core.benchmark.progress import Watcher
from cprfl_core.benchmark.protocols import run_seed
from cprfl_core.benchmark.report import WARNINGS, as_json, make_report
from cprfl_core.common.array_files import write_atomically
from cprfl_core.common.errors import DatasetError

RUN_FILE: Final = "run.json"
REPORT_FILE: Final = "report.json"


def run_benchmark(options: BenchmarkOptions, places: Places, watcher: Watcher) -> dict[str, Any]:
    """Train and test according to `options`, and write ``report.json`` atomically.

    The folder ``places.out`` keeps finished parts: with ``resume``, an interrupted run continues from its
    last checkpoint and gives the same results as an uninterrupted one (on the CPU, bitwise).

    Raises:
        CoreError: a known error; finished parts are kept.
    """
    _claim(places.out, resume=places.resume)
    bench = prepare(options, places, watcher)
    _same_run(bench)
    watcher.write(f"{options.protocol} protocol: {WARNINGS[options.protocol]}")
    results = [run_seed(bench, seed, places.out / f"seed-{seed}") for seed in options.seeds]
    watcher.title = ""
    report = make_report(bench, results)
    write_atomically(places.out / REPORT_FILE, as_json(report).encode())
    return report


def _claim(out: Path, *, resume: bool) -> None:
    """Raise DatasetError for a folder that is in use, before anything slow."""
    if out.exists() and not out.is_dir():
        raise DatasetError(f"{out} is a file; give a folder as --out.")
    held = out.is_dir() and any(out.iterdir())
    if held and not (out / RUN_FILE).exists():
        raise DatasetError(f"{out} contains other files; give an empty folder, or a new one, as --out.")
    if held and not resume:
        raise DatasetError(f"{out} contains a run; give --resume to continue it, or another --out.")


def _same_run(bench: Bench) -> None:
    """Write the identity of this run, or compare it with the folder's."""
    file = bench.places.out / RUN_FILE
    here = json.loads(json.dumps(identity(bench)))
    if not file.exists():
        write_atomically(file, json.dumps(here, indent=1).encode())
        return
    try:
        there = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DatasetError(f"{file} cannot be read ({error}); give another --out.") from error
    for name, value in here.items():
        if there.get(name) != value:
            raise DatasetError(
                f"{bench.places.out} contains a run with {name} {there.get(name)}, but this one has {value}; "
                "give the same options, or another --out."
            )

"""A whole benchmark run in its folder: begun, taken up again, reported."""

import json
from pathlib import Path
from typing import Any, Final

from cprfl_core.array_files import write_atomically
from cprfl_core.benchmark.bench import Bench, identity, prepare
from cprfl_core.benchmark.options import BenchmarkOptions, Places
from cprfl_core.benchmark.progress import Watcher
from cprfl_core.benchmark.protocols import run_seed
from cprfl_core.benchmark.report import WARNINGS, as_json, make_report
from cprfl_core.errors import DatasetError

RUN_FILE: Final = "run.json"
REPORT_FILE: Final = "report.json"


def run_benchmark(options: BenchmarkOptions, places: Places, watcher: Watcher) -> dict[str, Any]:
    """Train and test as `options` say, and write ``report.json``, complete or not at all.

    The folder ``places.out`` keeps what is finished: with ``resume``, a run that was interrupted goes on
    from its last checkpoint and gives the numbers of one that was not (on the CPU, to the last bit).

    Raises:
        CoreError: of the kind that tells what is wrong. What is finished stays.
    """
    _claim(places.out, resume=places.resume)
    bench = prepare(options, places, watcher)
    _same_run(bench)
    watcher.say(f"{options.protocol} protocol: {WARNINGS[options.protocol]}")
    results = [run_seed(bench, seed, places.out / f"seed-{seed}") for seed in options.seeds]
    watcher.title = ""
    report = make_report(bench, results)
    write_atomically(places.out / REPORT_FILE, as_json(report).encode())
    return report


def _claim(out: Path, *, resume: bool) -> None:
    """Refuse a folder that is in use, before anything slow."""
    if out.exists() and not out.is_dir():
        raise DatasetError(f"{out} is a file; give a folder as --out.")
    held = out.is_dir() and any(out.iterdir())
    if held and not (out / RUN_FILE).exists():
        raise DatasetError(f"{out} holds other things; give an empty folder, or a new one, as --out.")
    if held and not resume:
        raise DatasetError(f"{out} holds a run; give --resume to go on with it, or another --out.")


def _same_run(bench: Bench) -> None:
    """Write what this run is, or compare it with what the folder says."""
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
                f"{bench.places.out} holds a run with {name} {there.get(name)}, and this one has {value}; "
                "give the same options, or another --out."
            )

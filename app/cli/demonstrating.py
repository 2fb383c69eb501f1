"""The command demo: the whole loop on a generated collection."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.context import Call, JsonFlag
from app.cli.text import count, duration, printable

PANEL = "Begin"
LEARNERS = {
    "zero_shot": "text alone, no labels",
    "live": "live, after the reviews",
    "tuned": "tuned and blended",
    "cprfl_alone": "tuned network alone",
}
BANDS = ("total", "head", "medium", "tail")


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(demo)


def demo(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="Keep everything in this new folder; without it nothing is kept."
        ),
    ] = None,
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="Only print the report, which is all there is as yet.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Generate a collection, let a simulated person review it, and measure what was learned."""
    from app.services.demo import PROJECT, run_demo

    del headless  # accepted for scripts; there is no window that it could keep shut
    call = Call(context, as_json)
    call.log_to(None)
    with _place(folder) as place:
        kept = f"what is finished lies in {printable(str(place))}" if folder else "nothing was kept"
        with call.long_work(kept) as (progress, stopper):
            report = run_demo(place, runner=call.runner(), on_progress=progress, should_stop=stopper)
            value = report.to_json()
        if as_json:
            call.output.json(value)
        else:
            _print(call, value)
            if folder:
                call.output.lines([f"Its project: {printable(str(place / PROJECT))}"])


@contextlib.contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="tailspotter-demo-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)


def _print(call: Call, value: dict[str, Any]) -> None:
    out = call.output
    out.lines(
        [
            f"{count(value['images'], 'image')}, {count(value['categories'], 'category', 'categories')}; "
            f"judged on {count(value['test_images'], 'other image')} that never enter the project",
            f"{count(value['reviews'], 'simulated review')}, {count(value['decisions'], 'decision')}"
            + (f", {value['decision_ms']:.1f} ms each at the median" if value["decision_ms"] else ""),
            "",
        ]
    )
    rows = [
        [words, *(_score(value[key][band]) for band in BANDS)]
        for key, words in LEARNERS.items()
        if value[key]
    ]
    out.table(["mean average precision", *BANDS], rows, numeric=range(1, 5))
    stages = ", ".join(f"{name} {duration(seconds)}" for name, seconds in value["seconds"].items())
    out.lines(["", f"Time: {stages}; together {duration(sum(value['seconds'].values()))}"])


def _score(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"

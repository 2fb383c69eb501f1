"""The command demo: the whole workflow on a generated collection."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import platformdirs
import typer

from app.cli.context import Call, JsonFlag, Options
from app.cli.output import complain
from app.cli.parameters import given_path
from app.cli.text import duration, printable
from app.domain.counting import count
from app.domain.errors import NoDisplayError
from app.domain.models import BANDS

PANEL = "Begin"
LEARNERS = {
    "zero_shot": "text alone, no labels",
    "live": "live, after the reviews",
    "tuned": "tuned and blended",
    "cprfl_alone": "tuned network alone",
}


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(demo)


def demo(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", parser=given_path, help="Keep everything in this folder."),
    ] = None,
    *,
    headless: Annotated[
        bool,
        typer.Option("--headless", help="No window: simulate reviews, and print what was learned."),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Generate a collection and open it; without a window, simulate a person who reviews it."""
    from app.services.simulation.demo import run_demo
    from app.services.simulation.demo_test_set import PROJECT

    assert isinstance(context.obj, Options)
    open_window = context.obj.command_line.open_window
    if open_window is not None and not headless and not as_json:
        try:
            status = open_window(None, folder or default_demo_folder())
        except NoDisplayError as error:
            complain(f"{error} The demo runs without a window.")
        else:
            raise typer.Exit(status)
    call = Call(context, as_json)
    call.log_to(None)
    with _place(folder) as place:
        kept = f"what is finished is in {printable(str(place))}" if folder else "nothing was kept"
        with call.long_work(kept) as (progress, stopper):
            report = run_demo(place, runner=call.runner(), on_progress=progress, should_stop=stopper)
            value = report.to_json()
        if as_json:
            call.output.json(value)
        else:
            _print(call, value)
            if folder:
                call.output.lines([f"Its project: {printable(str(place / PROJECT))}"])


def default_demo_folder() -> Path:
    """Where the window's demo is stored, so that it is created only once."""
    return platformdirs.user_data_path("tailspotter", appauthor=False) / "demo"


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
            f"evaluated on {count(value['test_images'], 'other image')} that are not in the project",
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
    out.lines(["", f"Time: {stages}; total {duration(sum(value['seconds'].values()))}"])


def _score(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"

"""The command simulate: replays an annotator who knows the ground truth, with different queues."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.output import complain
from app.cli.parameters import MAX_COUNT, MAX_SEED, given_path, share
from app.cli.text import printable
from app.domain.counting import count

if TYPE_CHECKING:
    from app.services.simulation.replay import ReplayReport

PANEL = "Look"

Truth = Annotated[
    Path,
    typer.Option("--truth", metavar="FILE", parser=given_path, help="The ground truth: a COCO file."),
]
Queues = Annotated[
    list[str] | None,
    typer.Option(
        "--queue", metavar="QUEUE", help="rare, uncertainty or random. May be repeated; default: all."
    ),
]
Until = Annotated[
    float,
    typer.Option("--until", metavar="SHARE", parser=share, help="Stop after this share of the images."),
]
Page = Annotated[int, typer.Option("--page", metavar="N", min=1, max=MAX_COUNT, help="Images per ranking.")]
Seed = Annotated[
    int, typer.Option("--seed", metavar="S", min=0, max=MAX_SEED, help="Seed for the random choices.")
]
Plot = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE", parser=given_path, help="Draw the curves into an SVG file."),
]


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(simulate)


def simulate(
    context: typer.Context,
    project: ProjectArgument,
    *,
    truth: Truth,
    queue: Queues = None,
    until: Until = 0.5,
    page: Page = 12,
    seed: Seed = 0,
    plot: Plot = None,
    as_json: JsonFlag = False,
) -> None:
    """Replay an annotator who knows the ground truth, starting without labels; the project is not changed.

    Prints the rare positives that each queue finds, and the mean average precision of the suggestions, by the
    number of images reviewed.
    """
    from app.services.simulation.replay import order_named, replay
    from app.services.simulation.replay_plot import write_plot
    from app.services.simulation.truth import read_truth

    call = Call(context, as_json)
    orders = [order_named(name) for name in queue or ["rare", "uncertainty", "random"]]
    with call.open(project) as opened:
        known = read_truth(opened, truth)
        with call.long_work("the project is unchanged.") as (progress, stopper):
            report = replay(
                opened,
                known,
                call.runner(),
                orders=list(dict.fromkeys(orders)),
                until=until,
                page=page,
                seed=seed,
                on_progress=progress,
                should_stop=stopper,
            )
    if known.left_out:
        complain(f"{count(known.left_out, 'image')} of the project are not in the file and were ignored.")
    if plot is not None:
        write_plot(report, plot)
    _print(call, report, plot)


def _print(call: Call, report: "ReplayReport", plot: Path | None) -> None:
    if call.output.as_json:
        call.output.json(report.to_json())
        return
    call.output.lines(
        [
            f"{count(report.images, 'image')}, {count(report.categories, 'category', 'categories')}; "
            f"{count(report.rare_categories, 'rare category', 'rare categories')} with "
            f"{count(report.rare_positives, 'positive')}",
            "",
        ]
    )
    rows: list[list[Any]] = [
        [
            name,
            f"{point.reviewed:,}",
            f"{point.share:.0%}",
            f"{point.rare_found:,}",
            "-" if point.rare_share is None else f"{point.rare_share:.0%}",
            *("-" if one is None else f"{one:.3f}" for one in (point.total, point.tail)),
        ]
        for name, points in report.queues.items()
        for point in points
    ]
    header = ["queue", "reviewed", "share", "rare found", "of all rare", "mAP", "mAP tail"]
    call.output.table(header, rows, numeric=range(1, 7))
    if plot is not None:
        call.output.lines(["", f"Plot: {printable(str(plot))}"])

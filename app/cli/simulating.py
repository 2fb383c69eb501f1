"""The command simulate: an annotator who knows the truth, under different queues."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.output import complain
from app.cli.parameters import MAX_COUNT, MAX_SEED, given_path, share
from app.cli.text import count, printable

if TYPE_CHECKING:
    from app.services.replay import ReplayReport

PANEL = "Look"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(simulate)


def simulate(
    context: typer.Context,
    project: ProjectArgument,
    *,
    truth: Annotated[
        Path,
        typer.Option(
            "--truth", metavar="FILE", parser=given_path, help="What is on every image: a COCO file."
        ),
    ],
    queue: Annotated[
        list[str] | None,
        typer.Option(
            "--queue", metavar="QUEUE", help="rare, uncertainty or random; repeatable, default all."
        ),
    ] = None,
    until: Annotated[
        float,
        typer.Option(
            "--until",
            metavar="SHARE",
            parser=share,
            help="Stop after this share of the images.",
        ),
    ] = 0.5,
    page: Annotated[
        int,
        typer.Option("--page", metavar="N", min=1, max=MAX_COUNT, help="Images between two rankings."),
    ] = 12,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", min=0, max=MAX_SEED, help="Of the random choices.")
    ] = 0,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", parser=given_path, help="Draw the curves into an SVG file."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Replay an annotator from known truth, starting without labels; the project stays as it is.

    Prints how many rare positives each queue has found, and the mean average precision of the suggestions,
    against the images reviewed.
    """
    from app.services.replay import order_named, replay
    from app.services.replay_plot import write_plot
    from app.services.truth import read_truth

    call = Call(context, as_json)
    orders = [order_named(name) for name in queue or ["rare", "uncertainty", "random"]]
    with call.open(project) as opened:
        known = read_truth(opened, truth)
        with call.long_work("the project is as it was.") as (progress, stopper):
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
        complain(f"{count(known.left_out, 'image')} of the project stand not in the file and took no part.")
    if plot is not None:
        write_plot(report, plot)
    if as_json:
        call.output.json(report.to_json())
    else:
        _print(call, report, plot)


def _print(call: Call, report: "ReplayReport", plot: Path | None) -> None:
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

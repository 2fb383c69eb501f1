"""Commands that change nothing: stats, list, doctor."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.parameters import given_path
from app.cli.text import printable
from app.domain.counting import count

if TYPE_CHECKING:
    from app.services.insights import Stats

PANEL = "Look"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(stats)
    app.command("list", rich_help_panel=PANEL)(list_images)
    app.command(rich_help_panel=PANEL)(doctor)


def stats(context: typer.Context, project: ProjectArgument, as_json: JsonFlag = False) -> None:
    """Count images and labels, and report how good the suggestions are."""
    from app.services.insights import cached_suggestions
    from app.services.insights import stats as count_all

    call = Call(context, as_json)
    with call.open(project) as opened:
        learned = cached_suggestions(opened)
        found = count_all(opened, learned)
    if as_json:
        call.output.json(found.to_json())
        return
    _print_stats(call, found)
    if learned is None and found.categories:
        call.output.lines(["AP and threshold are known once 'tailspotter index' has encoded all categories"])


def _print_stats(call: Call, found: "Stats") -> None:
    images = found.images
    parts = [count(images.total, "image"), f"{images.reviewed:,} reviewed"]
    parts += [f"{number:,} {word}" for word, number in _troubles(found) if number]
    call.output.lines([", ".join(parts)])
    if found.model:
        call.output.lines([f"the tuned model {found.model} is in use"])
    if not found.categories:
        call.output.lines(["no categories"])
        return
    rows = [
        [
            one.name,
            one.band,
            f"{one.yes:,}",
            f"{one.no:,}",
            f"{one.unknown:,}",
            _number(one.ap),
            _number(one.threshold),
        ]
        for one in found.categories
    ]
    headings = ["category", "band", "yes", "no", "unknown", "AP", "threshold"]
    call.output.table(headings, rows, numeric=range(2, 7))


def _troubles(found: "Stats") -> list[tuple[str, int]]:
    images = found.images
    return [
        ("unreadable", images.unreadable),
        ("missing", images.missing),
        ("changed since they were labelled", images.changed),
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def list_images(
    context: typer.Context,
    project: ProjectArgument,
    query: Annotated[
        str, typer.Argument(metavar="[QUERY]", help="Only these images, for example 'is:missing'.")
    ] = "",
    saved: Annotated[
        str | None,
        typer.Option(
            "--saved", metavar="NAME", help="The images of a saved query; see queries.", show_default=False
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """List the images that a query selects, with their problems; without a query, all readable images.

    'is:missing', 'is:unreadable' and 'is:changed' (a different picture than when labelled) list those that
    need attention.
    """
    from app.services.query.image_list import listed
    from app.services.query.saved import saved_query

    if query and saved is not None:
        raise typer.BadParameter("give a query or --saved, not both.")
    call = Call(context, as_json)
    with call.open(project) as opened:
        query = query if saved is None else saved_query(opened, saved).query
        found = listed(opened, query, call.runner)
    for one in found:
        value = {
            "image": one.image.name,
            "state": one.image.state,
            "problem": one.image.problem,
            "reviewed": one.image.reviewed_at is not None,
            "changed": one.changed,
            "note": one.note,
        }
        changed = "changed since it was labelled" if one.changed else None
        words = "; ".join(note for note in (one.image.problem, one.note, changed) if note)
        call.output.result(value, [printable(f"{one.image.name}: {words}" if words else one.image.name)])


def doctor(
    context: typer.Context,
    project: Annotated[
        Path | None,
        typer.Argument(metavar="[PROJECT]", parser=given_path, help="A project to check as well."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Check this installation: versions, device, backbone, disk. Exit status 1 if a check fails."""
    from app.services.doctor import check_lines, report

    call = Call(context, as_json)
    call.log_to(None)
    with call.long_work("nothing was changed") as (_, stopper):
        found = report(call.runner(separate=True), project, should_stop=stopper)
        if as_json:
            call.output.json(found)
        else:
            for check in found["checks"]:
                call.output.lines([printable(line) for line in check_lines(check)])
    if not found["ok"]:
        from app.domain.errors import KnownError

        failed = sum(check["state"] == "fail" for check in found["checks"])
        raise KnownError(f"{count(failed, 'check')} failed; the lines marked fail say what to do.")

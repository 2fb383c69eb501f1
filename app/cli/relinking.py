"""Commands about likeness of pictures: relink, duplicates."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.text import printable
from app.domain.counting import count

if TYPE_CHECKING:
    from app.domain.relinking import Candidate

PANEL = "Begin"
KEPT = "nothing was changed; what was compared is kept"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(relink)
    app.command(rich_help_panel="Look")(duplicates)


def relink(
    context: typer.Context,
    project: ProjectArgument,
    *,
    accept: Annotated[
        tuple[str, str] | None,
        typer.Option("--accept", metavar="OLD NEW", help="Link the missing image OLD to the file NEW."),
    ] = None,
    accept_all: Annotated[bool, typer.Option("--accept-all", help="Link all pairs that are listed.")] = False,
    least: Annotated[
        float,
        typer.Option("--least", min=0.0, max=1.0, help="List only pairs with at least this likeness."),
    ] = 0.0,
    refuse: Annotated[
        tuple[str, str] | None,
        typer.Option("--refuse", metavar="OLD NEW", help="Never list this pair again."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the last relink.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """List missing images with the new file that each may be, and link those that are accepted.

    Such files were moved and changed by another program at once, so that a scan finds a missing image and a
    new one. Labels, reviews and history stay with the image.
    """
    from app.services.images import relinking

    if sum(map(bool, (accept, accept_all, refuse, undo))) > 1:
        raise typer.BadParameter("--accept, --accept-all, --refuse and --undo cannot be combined.")
    call = Call(context, as_json)
    with call.open(project) as opened:
        if undo:
            number = relinking.undo_relink(opened)
            words = f"undone: {count(number, 'image')} {'is' if number == 1 else 'are'} missing again"
            call.output.result({"undone": number}, [words])
            return
        if refuse:
            relinking.refuse(opened, [relinking.find_pair(opened, *refuse)])
            call.output.result({"refused": 1}, ["this pair will not be listed again"])
            return
        if accept:
            _linked(call, relinking.relink(opened, [relinking.find_pair(opened, *accept)]))
            return
        with call.long_work(KEPT) as (progress, stopper):
            found = [one for one in relinking.candidates(opened, progress, stopper) if one.value >= least]
        if accept_all:
            _linked(call, relinking.relink(opened, [(one.missing.id, one.new.id) for one in found]))
            return
    for one in found:
        call.output.result(candidate_json(one), [candidate_words(one)])
    if not found and not as_json:
        call.output.lines(["no missing image has the picture of a new file"])


def _linked(call: Call, report: Any) -> None:
    value = {"linked": report.linked, "answered": report.answered}
    words = (
        f"{count(report.linked, 'image')} linked to a new file, {report.answered:,} with labels or a review"
    )
    call.output.result(value, [words, *(["'relink PROJECT --undo' takes it back"] if report.linked else [])])


def candidate_json(one: "Candidate") -> dict[str, Any]:
    return {
        "missing": one.missing.name,
        "new": one.new.name,
        "likeness": round(one.value, 3),
        "reason": one.likeness.value,
        "answered": one.answered,
    }


def candidate_words(one: "Candidate") -> str:
    answered = "" if one.answered else ", without labels"
    return printable(
        f"{one.missing.name} -> {one.new.name}: {one.likeness.value} ({one.value:.0%}){answered}"
    )


def duplicates(
    context: typer.Context,
    project: ProjectArgument,
    *,
    near: Annotated[
        bool,
        typer.Option("--near", help="Also pictures that look alike; reads those not compared yet."),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """List groups of images with the same file, the same picture, or (with --near) similar pictures.

    Nothing is changed or deleted.
    """
    from app.services.images.duplicates import find_duplicates

    call = Call(context, as_json)
    with call.open(project) as opened, call.long_work(KEPT) as (progress, stopper):
        groups = find_duplicates(opened, progress, stopper, near=near)
    for group in groups:
        value = {"kind": group.kind.value, "images": list(group.names)}
        lines = [f"{group.kind.value}:", *(f"  {printable(name)}" for name in group.names)]
        call.output.result(value, lines)
    if not groups and not as_json:
        call.output.lines(["no duplicates"])

"""The command accept: accepts all likely images of a category."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.output import complain
from app.cli.parameters import share
from app.domain.auto_accept import USUAL_PRECISION, plan_sentences
from app.domain.errors import BadInputError

if TYPE_CHECKING:
    from app.domain.auto_accept import AcceptPlan

PANEL = "Label"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(accept)


def accept(
    context: typer.Context,
    project: ProjectArgument,
    category: Annotated[str, typer.Argument(metavar="CATEGORY", help="Name or alias.")],
    *,
    precision: Annotated[
        float,
        typer.Option(
            "--precision",
            metavar="P",
            parser=share,
            help="The precision that the labels must support.",
        ),
    ] = USUAL_PRECISION,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write the labels; 'undo' reverts them.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Label all likely undecided images of a category yes, and report how many errors to expect."""
    from app.services.labelling.naming import find_category
    from app.services.review import auto_accept
    from app.services.suggestions.suggestions import LiveSuggestions

    if yes and dry_run:
        raise typer.BadParameter("--dry-run writes nothing and --yes writes; give one of them.")
    call = Call(context, as_json)
    with call.open(project) as opened:
        wanted = find_category(opened, category)
        live = LiveSuggestions.load(opened, call.runner())
        for problem in live.problems:
            complain(problem)
        plan = auto_accept.plan(opened, live, wanted.id, precision)
        accepted = len(auto_accept.apply(opened, plan).labels) if yes else 0
    words = plan_sentences(plan)
    if yes:
        words.append(f"Accepted {accepted:,}; 'tailspotter undo' reverts all of them.")
    call.output.result(plan_json(plan, accepted, applied=yes), words)
    if not (yes or dry_run):
        raise BadInputError(
            "Nothing was written; add --yes to accept these images, or --dry-run for only this preview."
        )


def plan_json(plan: "AcceptPlan", accepted: int, *, applied: bool) -> dict[str, Any]:
    """``images`` counts the plan's images, ``accepted`` those written; the errors are the plan's."""
    return {
        "category": plan.category,
        "precision": plan.precision,
        "threshold": None if plan.threshold is None else round(plan.threshold, 4),
        "images": plan.images,
        "expected_errors": round(plan.errors, 2),
        "errors_at_most": plan.errors_high,
        "missed": round(plan.missed, 2),
        "evidence": plan.evidence,
        "reason": plan.trouble,
        "applied": applied,
        "accepted": accepted,
    }

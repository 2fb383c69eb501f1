"""The command that accepts all likely images of a category: accept."""

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
            help="Share of right ones that the labels promise.",
        ),
    ] = USUAL_PRECISION,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would happen.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write the labels; 'undo' takes them back.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Say yes to all likely undecided images of a category, and how many errors to expect."""
    from app.services import auto_accept
    from app.services.naming import find_category
    from app.services.suggestions import LiveSuggestions

    if yes and dry_run:
        raise typer.BadParameter("--dry-run writes nothing and --yes writes; give one of them.")
    call = Call(context, as_json)
    with call.open(project) as opened:
        wanted = find_category(opened, category)
        live = LiveSuggestions.load(opened, call.runner())
        if live.model_problem:
            complain(live.model_problem)
        plan = auto_accept.plan(opened, live, wanted.id, precision)
        accepted = len(auto_accept.apply(opened, plan).labels) if yes else 0
    words = plan_sentences(plan)
    if yes:
        words.append(f"Accepted {accepted:,}; 'tailspotter undo' takes all of them back.")
    call.output.result(plan_json(plan, accepted, applied=yes), words)
    if not (yes or dry_run):
        raise BadInputError("Nothing was written; add --yes to accept these images, or --dry-run to look.")


def plan_json(plan: "AcceptPlan", accepted: int, *, applied: bool) -> dict[str, Any]:
    """``images`` that the plan names, ``accepted`` that were written; errors are those of the plan."""
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

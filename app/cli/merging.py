"""The command merge."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.parameters import given_path
from app.cli.text import listing, printable
from app.domain.counting import count

if TYPE_CHECKING:
    from app.domain.merging import Conflict, MergeReport

PANEL = "Exchange"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(merge)


def merge(
    context: typer.Context,
    project: ProjectArgument,
    other: Annotated[
        Path,
        typer.Argument(
            metavar="OTHER", parser=given_path, help="A copy of this project, or the database of one."
        ),
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")] = False,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="In conflicts, use the other project's answer.")
    ] = False,
    conflicts: Annotated[
        Path | None,
        typer.Option(
            "--conflicts", metavar="FILE", parser=given_path, help="Write the conflicts to a CSV file."
        ),
    ] = None,
    decide: Annotated[
        Path | None,
        typer.Option(
            "--decide", metavar="FILE", parser=given_path, help="Decide conflicts as filled in in this file."
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Take over what somebody else changed in a copy of this project, as one undo step.

    Where both changed the same thing differently, this project's answer is kept, and the conflict is listed.
    """
    from app.domain.merging import Choice
    from app.services.safety.conflict_file import read_decisions, write_conflicts
    from app.services.safety.merge import merge as merge_project

    call = Call(context, as_json)
    decisions = {} if decide is None else read_decisions(decide)
    with call.open(project) as opened:
        report = merge_project(
            opened,
            other,
            decisions=decisions,
            default=Choice.THEIRS if theirs else Choice.MINE,
            dry_run=dry_run,
        )
    written = None if conflicts is None else write_conflicts(conflicts, report.conflicts)
    call.output.result(_json(report, written, dry_run), _lines(report, written, dry_run))


def _json(report: "MergeReport", written: Path | None, dry_run: bool) -> dict[str, Any]:
    return {
        "other": str(report.other),
        "dry_run": dry_run,
        "applied": report.applied,
        "common_steps": report.common_steps,
        "their_steps": report.their_steps,
        "images": report.images,
        "unmatched": report.unmatched,
        "labels": report.labels,
        "reviews": report.reviews,
        "categories_created": report.categories_created,
        "categories_changed": report.categories_changed,
        "conflicts": [
            {
                **asdict(one.key),
                "before": one.base,
                "mine": one.mine,
                "theirs": one.theirs,
                "decision": one.decided,
            }
            for one in report.conflicts
        ],
        "unused_decisions": [asdict(one) for one in report.unused],
        "suggestions_not_merged": report.suggestions,
        "conflicts_file": None if written is None else str(written),
        "backup": None if report.backup is None else str(report.backup),
    }


def _lines(report: "MergeReport", written: Path | None, dry_run: bool) -> list[str]:
    verb = "would be merged" if dry_run else "merged"
    lines = [
        f"{count(report.common_steps, 'step')} in common, {report.their_steps:,} of theirs since: "
        f"{count(report.labels, 'label')} and {count(report.reviews, 'review')} "
        f"on {count(report.images, 'image')} {verb}"
    ]
    for what, names in (
        ("new categories", report.categories_created),
        ("changed categories", report.categories_changed),
    ):
        if names:
            lines += [f"{what}:", *listing(names)]
    if report.unmatched:
        lines.append(
            f"{count(len(report.unmatched), 'image')} of theirs not found here (scan, then merge again):"
        )
        lines += listing(report.unmatched)
    if report.suggestions:
        lines.append("imported suggestions are not merged; import their files here as well:")
        lines += listing([f"{model}: {number:,}" for model, number in report.suggestions.items()])
    if report.conflicts:
        lines.append(f"{count(len(report.conflicts), 'conflict')}:")
        lines += listing([_conflict_words(one) for one in report.conflicts])
    if report.unused:
        lines.append(
            f"{count(len(report.unused), 'decision')} of the file not used: there is no such conflict"
        )
    if written is not None:
        lines.append(f"the conflicts are in {printable(str(written))}")
    if report.backup is not None:
        lines.append(f"'tailspotter undo' takes it back; backup: {printable(str(report.backup))}")
    elif not dry_run:
        lines.append("nothing was changed")
    return lines


def _conflict_words(one: "Conflict") -> str:
    key = one.key
    what = f"{key.image}, {key.category}" if key.image else f"{key.category}, {key.field}"
    return (
        f"{what}: mine {one.mine or '(empty)'}, theirs {one.theirs or '(empty)'}; {one.decided.value} is used"
    )

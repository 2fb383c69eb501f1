"""The command for the settings of a project: project-settings."""

from typing import Annotated

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.domain.project_settings import MOST_YES, ThresholdAim

PANEL = "Label"


def register(app: typer.Typer) -> None:
    app.command("project-settings", rich_help_panel=PANEL)(project_settings)


def project_settings(
    context: typer.Context,
    project: ProjectArgument,
    *,
    medium: Annotated[
        int | None,
        typer.Option(
            "--medium-from",
            min=1,
            max=MOST_YES,
            metavar="N",
            help="Images labelled yes from which a category is medium; with fewer it is tail.",
            show_default=False,
        ),
    ] = None,
    head: Annotated[
        int | None,
        typer.Option(
            "--head-from",
            min=1,
            max=MOST_YES,
            metavar="N",
            help="Images labelled yes from which a category is head.",
            show_default=False,
        ),
    ] = None,
    suggestions: Annotated[
        ThresholdAim | None,
        typer.Option(
            "--suggestions",
            help="What the thresholds weigh more: that suggestions are right (precision), or that none is "
            "missed (recall).",
            show_default=False,
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show or change when a category counts as rare, and which suggestions are checked."""
    from app.services.project.project_settings import change_settings

    call = Call(context, as_json)
    with call.open(project) as opened:
        found = opened.settings
        if (medium, head, suggestions) != (None, None, None):
            found = change_settings(opened, medium=medium, head=head, aim=suggestions)
        value = {
            "medium_from": found.cuts.medium,
            "head_from": found.cuts.head,
            "suggestions": found.aim.value,
        }
        lines = [
            f"medium from {found.cuts.medium:,} images labelled yes, head from {found.cuts.head:,}",
            f"thresholds of suggestions: {found.aim.value}",
        ]
        call.output.result(value, lines)

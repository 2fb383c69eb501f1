"""The command open: a project in the window."""

import typer

from app.cli.context import Options, ProjectArgument
from app.domain.errors import NoDisplayError

PANEL = "Begin"


def register(app: typer.Typer) -> None:
    app.command("open", rich_help_panel=PANEL)(open_project)


def open_project(context: typer.Context, project: ProjectArgument) -> None:
    """Open a project in the window."""
    assert isinstance(context.obj, Options)
    open_window = context.obj.command_line.open_window
    if open_window is None:
        raise NoDisplayError("There is no display to open a window on; the other commands work without one.")
    raise typer.Exit(open_window(project, None))

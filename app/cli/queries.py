"""The command for saved queries: queries."""

from typing import Annotated

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.text import printable

PANEL = "Look"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(queries)


def queries(
    context: typer.Context,
    project: ProjectArgument,
    *,
    save: Annotated[
        str | None,
        typer.Option("--save", metavar="NAME", help="Save the query of --query.", show_default=False),
    ] = None,
    query: Annotated[
        str | None,
        typer.Option("--query", metavar="Q", help="The query to save.", show_default=False),
    ] = None,
    rename: Annotated[
        str | None,
        typer.Option("--rename", metavar="NAME", help="Rename this query.", show_default=False),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="NAME", help="The new name.", show_default=False)
    ] = None,
    delete: Annotated[
        str | None,
        typer.Option("--delete", metavar="NAME", help="Delete this query.", show_default=False),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """List, save, rename or delete the saved queries of a project; 'list --saved NAME' runs one.

    Saving under a name that is taken replaces its query.
    """
    from app.services.query import saved

    if sum(one is not None for one in (save, rename, delete)) > 1:
        raise typer.BadParameter("--save, --rename and --delete cannot be combined.")
    if (save is None) != (query is None):
        raise typer.BadParameter("--save and --query belong together.")
    if (rename is None) != (to is None):
        raise typer.BadParameter("--rename and --to belong together.")
    call = Call(context, as_json)
    with call.open(project) as opened:
        if save is not None and query is not None:
            saved.save_query(opened, save, query, over=True)
        elif rename is not None and to is not None:
            saved.rename_query(opened, rename, to)
        elif delete is not None:
            saved.delete_query(opened, delete)
        found = saved.queries(opened)
    for one in found.saved:
        line = f"{printable(one.name)}: {printable(one.query)}"
        call.output.result({"name": one.name, "query": one.query}, [line])

"""The command insights: the numbers behind the plots of the window."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.parameters import MAX_COUNT, given_path
from app.domain.insights import MOST_TOGETHER, Cell, Insight, MapMethod, Table

if TYPE_CHECKING:
    from app.services.insights.work import Sources
    from app.services.project.project import Project
    from app.services.suggestions.suggestions import LiveSuggestions

PANEL = "Look"
_OVERVIEW = tuple(one for one in Insight if one is not Insight.MAP)


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(insights)


def insights(
    context: typer.Context,
    project: ProjectArgument,
    plot: Annotated[
        Insight | None, typer.Argument(metavar="[PLOT]", help="One of them, with all its numbers.")
    ] = None,
    *,
    most: Annotated[
        int, typer.Option("--most", min=2, max=MAX_COUNT, help="For together: how many categories to show.")
    ] = MOST_TOGETHER,
    compute: Annotated[
        bool, typer.Option("--compute", help="For map: compute it by t-SNE first, and keep it.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE.csv", parser=given_path, help="Write the numbers of PLOT to a file."
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show the numbers behind the plots of the Insights place.

    The plots are counts, together (categories on the same images), quality, reliability, agreement (with the
    suggestions), days, sessions and map. Without PLOT all but the map are shown.
    """
    call = Call(context, as_json)
    with call.open(project) as opened:
        if plot is None and out is not None:
            raise typer.BadParameter("--out writes one table; name the PLOT.")
        if compute and plot is not Insight.MAP:
            raise typer.BadParameter("--compute belongs to the plot map.")
        if compute:
            _compute_map(call, opened)
        sources = _sources(opened)
        if plot is None:
            _show_all(call, sources, most)
            return
        table = _table(sources, plot, most)
    if out is not None:
        from app.services.insights.files import csv_bytes, save

        save(out, csv_bytes(table))
        value = {"plot": plot.value, "path": str(out), "rows": len(table.rows)}
        call.output.result(value, [f"{len(table.rows):,} rows written to {out}"])
    else:
        call.output.result({"plot": plot.value, "rows": _objects(table)}, [])
        if not as_json:
            _print(call, table)


def _sources(project: "Project") -> "Sources":
    from app.services.features.indexing import NotIndexedError
    from app.services.insights import cached_suggestions
    from app.services.insights.work import Sources
    from app.services.query.find import build_context

    @cache
    def live() -> "LiveSuggestions":
        found = cached_suggestions(project)
        if found is None:
            raise NotIndexedError("This needs the features of the images; run 'tailspotter index' first.")
        return found

    return Sources(project, build_context(project), live)


def _compute_map(call: Call, project: "Project") -> None:
    from app.services.insights.image_map import make_map

    with call.long_work("the map is not computed") as (progress, stopper):
        make_map(project, call.runner(), progress, stopper)


def _table(sources: "Sources", plot: Insight, most: int) -> Table:
    from app.services.insights.work import finish, table_of, work_of

    methods = (MapMethod.TSNE, MapMethod.PCA) if plot is Insight.MAP else (MapMethod.PCA,)
    for method in methods:  # a map that was computed is preferred
        table = table_of(sources, plot, finish(work_of(sources, plot, most=most, method=method)))
        if table.rows:
            break
    return table


def _show_all(call: Call, sources: "Sources", most: int) -> None:
    from app.services.features.indexing import NotIndexedError

    found: dict[str, Any] = {}
    for plot in _OVERVIEW:
        try:
            table = _table(sources, plot, most)
        except NotIndexedError as error:
            found[plot.value] = None
            if not call.output.as_json:
                call.output.lines([f"{plot.value}: {error}", ""])
            continue
        found[plot.value] = _objects(table)
        if not call.output.as_json:
            call.output.lines([plot.value])
            _print(call, table)
            call.output.lines([""])
    if call.output.as_json:
        call.output.json(found)


def _print(call: Call, table: Table) -> None:
    if not table.rows:
        call.output.lines(["nothing yet"])
        return
    rows = [[_words(cell) for cell in row] for row in table.rows]
    numeric = [at for at, cell in enumerate(table.rows[0]) if not isinstance(cell, str)]
    call.output.table([name.replace("_", " ") for name in table.columns], rows, numeric=numeric)


def _words(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _objects(table: Table) -> list[dict[str, Cell]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]

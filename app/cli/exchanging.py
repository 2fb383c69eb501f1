"""Commands that exchange labels: import, export."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.import_report import import_lines, nothing_imported
from app.cli.output import complain
from app.cli.parameters import given_path
from app.cli.text import count, printable

PANEL = "Exchange"
FormatArgument = Annotated[str, typer.Argument(metavar="FORMAT", help="coco, or csv (export only).")]


def register(app: typer.Typer) -> None:
    app.command("import", rich_help_panel=PANEL)(import_labels)
    app.command("export", rich_help_panel=PANEL)(export_labels)


def import_labels(
    context: typer.Context,
    project: ProjectArgument,
    format_name: FormatArgument,
    path: Annotated[Path, typer.Argument(metavar="PATH", parser=given_path, help="File to read.")],
    *,
    complete: Annotated[
        bool, typer.Option("--complete", help="Categories without an answer in the file are no.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="In conflicts, use the file's answer.")
    ] = False,
    match_names: Annotated[
        bool,
        typer.Option(
            "--match-names",
            help="Also match unique file names in other folders; each is listed.",
        ),
    ] = False,
    allow_empty: Annotated[
        bool,
        typer.Option("--allow-empty", help="Exit with 0 even if no image of the file is in the project."),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Import labels from a file, as one undo step; missing categories that are used are created.

    What the file does not say stays unknown, unless --complete. If no image of the file is in the project,
    nothing is imported and the exit status is 1.
    """
    from app.services.interchange.registry import importer

    call = Call(context, as_json)
    read = importer(format_name)
    with call.open(project) as opened:
        report = read(
            opened,
            path,
            complete=complete,
            dry_run=dry_run,
            overwrite=overwrite,
            match_names=match_names,
        )
    call.output.result(report.to_json(), import_lines(report))
    if not report.matched:
        complain(nothing_imported(report))
        if not allow_empty:
            raise typer.Exit(1)


def export_labels(
    context: typer.Context,
    project: ProjectArgument,
    format_name: FormatArgument,
    path: Annotated[Path, typer.Argument(metavar="PATH", parser=given_path, help="File to write.")],
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Include images whose file is missing or cannot be read.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write the labels to a file, completely or not at all."""
    from app.services.interchange.registry import exporter

    call = Call(context, as_json)
    write = exporter(format_name)
    with call.open(project) as opened:
        report = write(opened, path, everything=everything)
    lines = [
        f"{count(report.labels, 'yes label')} on {count(report.images, 'image')} "
        f"({report.reviewed:,} reviewed), {count(report.categories, 'category', 'categories')}, "
        f"written to {printable(str(report.path))}"
    ]
    if report.left_out:
        lines.append(
            f"{count(report.left_out, 'image')} left out: the file is missing or cannot be read (--all)"
        )
    call.output.result(report.to_json(), lines)

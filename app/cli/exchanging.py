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
ImportFormat = Annotated[
    str, typer.Argument(metavar="FORMAT", help="auto, or the name of a format (docs/formats.md).")
]
ExportFormat = Annotated[str, typer.Argument(metavar="FORMAT", help="Name of a format (docs/formats.md).")]


def register(app: typer.Typer) -> None:
    app.command("import", rich_help_panel=PANEL)(import_labels)
    app.command("export", rich_help_panel=PANEL)(export_labels)


def import_labels(
    context: typer.Context,
    project: ProjectArgument,
    format_name: ImportFormat,
    path: Annotated[Path, typer.Argument(metavar="PATH", parser=given_path, help="File or folder to read.")],
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
    nothing: Annotated[
        list[str] | None,
        typer.Option(
            "--nothing", metavar="NAME", help="This category of the file means that nothing is there."
        ),
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of the text, for example cp1252.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="What separates the columns of a table.")] = None,
    separator: Annotated[str | None, typer.Option(help="What separates the categories in one cell.")] = None,
    keywords: Annotated[
        str | None, typer.Option(help="Of a keyword tree: leaf (the last part) or all (parents too).")
    ] = None,
    confidence: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Least confidence of a model's detections that are suggested."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Import labels from a file or folder, as one undo step; missing categories that are used are created.

    What the file does not say stays unknown, unless --complete. If no image of the file is in the project,
    nothing is imported and the exit status is 1.
    """
    from app.services.interchange.format import ReadOptions
    from app.services.interchange.importing import import_labels as read
    from app.services.interchange.registry import importer

    call = Call(context, as_json)
    importer(format_name, path)
    with call.open(project) as opened:
        report = read(
            opened,
            format_name,
            path,
            nothing=nothing or (),
            options=ReadOptions(encoding, delimiter, separator, keywords, confidence),
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
    format_name: ExportFormat,
    path: Annotated[Path, typer.Argument(metavar="PATH", parser=given_path, help="New file or folder.")],
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Include images whose file is missing or cannot be read.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write the labels to a file, completely or not at all."""
    from app.services.interchange.exporting import export_labels as write
    from app.services.interchange.registry import exporter

    call = Call(context, as_json)
    exporter(format_name)
    with call.open(project) as opened:
        report = write(opened, format_name, path, everything=everything)
    lines = [
        f"{count(report.labels, 'yes label')} on {count(report.images, 'image')} "
        f"({report.reviewed:,} reviewed), {count(report.categories, 'category', 'categories')}, "
        f"written to {printable(str(report.path))}"
    ]
    if report.left_out:
        lines.append(
            f"{count(report.left_out, 'image')} left out: the file is missing or cannot be read (--all)"
        )
    lines += [f"{sentence[0].upper()}{sentence[1:]}." for sentence in report.losses]
    call.output.result(report.to_json(), lines)

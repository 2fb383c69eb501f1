"""Commands that exchange labels: import, export."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.export_report import export_lines
from app.cli.import_report import check_report, import_lines, nothing_imported, partly_imported, save_report
from app.cli.output import complain
from app.cli.parameters import given_path

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
            help="Also match likely names: unique file names in other folders, names without what an upload "
            "added. Each is listed.",
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
    report_file: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FILE",
            parser=given_path,
            help="Save the whole report to a new .txt or .json file.",
        ),
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
    chosen = importer(format_name, path)
    target = None if report_file is None else check_report(report_file, path)
    with call.open(project) as opened:
        report = read(
            opened,
            chosen.name,
            path,
            nothing=nothing or (),
            options=ReadOptions(encoding, delimiter, separator, keywords, confidence),
            complete=complete,
            dry_run=dry_run,
            overwrite=overwrite,
            match_names=match_names,
        )
    call.output.result(report.to_json(), import_lines(report))
    if target is not None:
        save_report(report, target)
    if not report.matched:
        complain(nothing_imported(report))
        if not allow_empty:
            raise typer.Exit(1)
    elif report.unmatched:
        complain(partly_imported(report))


def export_labels(
    context: typer.Context,
    project: ProjectArgument,
    format_name: ExportFormat,
    path: Annotated[Path, typer.Argument(metavar="PATH", parser=given_path, help="New file or folder.")],
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Include images whose file is missing or cannot be read.")
    ] = False,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin with the byte order mark, by which Excel recognises UTF-8.")
    ] = False,
    query: Annotated[
        str | None, typer.Option("--query", metavar="QUERY", help="Only images that fit (docs/query.md).")
    ] = None,
    labelled_only: Annotated[
        bool, typer.Option("--labelled-only", help="Leave out images without an answer or a review.")
    ] = False,
    split: Annotated[
        str | None,
        typer.Option(
            "--split",
            metavar="SHARES",
            help="Divide the images into train/val/test, for example 80/10/10; rare categories are kept in "
            "each part. A format that cannot name the parts is written once for each.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Of the split.")] = 0,
    image_files: Annotated[
        str | None,
        typer.Option("--images", metavar="HOW", help="Image files in an export: none, copy or link."),
    ] = None,
    separator: Annotated[str | None, typer.Option(help="What separates the categories in one cell.")] = None,
    card: Annotated[
        Path | None,
        typer.Option(
            "--card",
            metavar="FILE",
            parser=given_path,
            help="Also write a data card (.md or .json): counts, sources, model, expected errors.",
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Write the labels to a file or folder, completely or not at all."""
    from app.services.interchange.exporting import export_labels as write
    from app.services.interchange.format import WriteOptions, image_files_of
    from app.services.interchange.registry import exporter
    from app.services.interchange.splitting import parse_split
    from app.services.query.image_list import listed

    call = Call(context, as_json)
    exporter(format_name)
    options = WriteOptions(bom or None, separator, image_files_of(image_files))
    divided = None if split is None else parse_split(split, seed)
    with call.open(project) as opened:
        ids = None if query is None else [one.image.id for one in listed(opened, query, call.runner)]
        report = write(
            opened,
            format_name,
            path,
            everything=everything,
            image_ids=ids,
            query=query,
            answered=labelled_only,
            split=divided,
            card_path=card,
            options=options,
        )
    call.output.result(report.to_json(), export_lines(report))

"""Commands that take labels in and hand them out: import, export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.text import count, listing, printable

if TYPE_CHECKING:
    from app.services.interchange.reports import ImportReport

PANEL = "Exchange"
FormatArgument = Annotated[str, typer.Argument(metavar="FORMAT", help="coco, or csv (export only).")]


def register(app: typer.Typer) -> None:
    app.command("import", rich_help_panel=PANEL)(import_labels)
    app.command("export", rich_help_panel=PANEL)(export_labels)


def import_labels(
    context: typer.Context,
    project: ProjectArgument,
    format_name: FormatArgument,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="File to read.")],
    *,
    complete: Annotated[
        bool, typer.Option("--complete", help="What the file does not say about its images is no.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would happen.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Where file and project disagree, take the file's answer.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Take labels from a file, as one step of undo; categories are created as needed.

    What the file does not say stays unknown, unless --complete.
    """
    from app.services.interchange.registry import importer

    call = Call(context, as_json)
    read = importer(format_name)
    with call.open(project) as opened:
        report = read(opened, path, complete=complete, dry_run=dry_run, overwrite=overwrite)
    call.output.result(report.to_json(), _import_lines(report))


def export_labels(
    context: typer.Context,
    project: ProjectArgument,
    format_name: FormatArgument,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="File to write.")],
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also images whose file is missing or cannot be read.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Write the labels to a file; it appears whole or not at all."""
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


def _import_lines(report: "ImportReport") -> list[str]:
    verb = "would set" if report.dry_run else "set"
    lines = [
        f"{report.matched:,} of {count(report.images, 'image')} in the file found in the project",
        f"{verb} {report.yes:,} yes and {report.no:,} no; {report.reviewed:,} images marked as reviewed; "
        f"{report.unchanged:,} statements were known already",
    ]
    if report.created:
        lines.append(f"{count(len(report.created), 'new category', 'new categories')}:")
        lines += listing(report.created)
    if report.unmatched:
        lines.append("in the file, not in the project (or not unique there):")
        lines += listing(report.unmatched)
    if report.conflicts:
        lines.append(
            f"{count(len(report.conflicts), 'conflict')}, "
            + ("the file's answer taken:" if report.overwrite else "the project's answer kept (--overwrite):")
        )
        lines += listing(
            [
                f"{one.image}: {one.category} is {one.project} here, {one.file} in the file"
                for one in report.conflicts
            ]
        )
    if report.dry_run:
        lines.append("dry run: nothing was changed")
    return lines

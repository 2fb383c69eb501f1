"""Commands for the image folders of a project: roots, relocate."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.parameters import given_path
from app.cli.projects import KEPT_SCAN, scan_json, scan_lines
from app.cli.text import printable
from app.domain.counting import count

PANEL = "Begin"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(roots)
    app.command(rich_help_panel=PANEL)(relocate)


def roots(context: typer.Context, project: ProjectArgument, as_json: JsonFlag = False) -> None:
    """List the image folders of a project, and whether each exists."""
    from app.services.project.image_folders import image_folders

    call = Call(context, as_json)
    with call.open(project) as opened:
        found = image_folders(opened)
    for one in found:
        value = {"path": str(one.path), "name": one.name, "images": one.images, "there": one.there}
        words = f"{printable(str(one.path))}: {count(one.images, 'image')}"
        call.output.result(value, [words if one.there else f"{words}, missing"])


def relocate(
    context: typer.Context,
    project: ProjectArgument,
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="The former path of the image folder, or its name.")
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", parser=given_path, help="The new path.")],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Even if none of the known images is found there.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Record the new path of a moved or renamed image folder and scan it; labels stay."""
    from app.services.images.scan import scan
    from app.services.project.image_folders import relocate as relocate_folder

    call = Call(context, as_json)
    with call.open(project) as opened, call.long_work(KEPT_SCAN) as (progress, stopper):
        done = relocate_folder(opened, old, new, force=force, on_progress=progress, should_stop=stopper)
        report = scan(opened, progress, stopper)
        value = {
            "old": str(done.old),
            "new": str(done.new),
            "found": done.found,
            "known": done.known,
            **scan_json(report),
        }
        lines = [
            f"{printable(str(done.old))} is now {printable(str(done.new))}: "
            f"{done.found:,} of {count(done.known, 'known image')} found there"
        ]
        call.output.result(value, lines + scan_lines(report))

"""Importing labels in any format."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.categories import name_key
from app.domain.errors import BadInputError
from app.services.interchange.format import ReadOptions
from app.services.interchange.merging import merge
from app.services.interchange.registry import importer
from app.services.interchange.reports import ImportReport
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.project.project import Project

_DEFAULTS = ReadOptions()


def import_labels(
    project: Project,
    format_name: str,
    path: Path,
    *,
    complete: bool = False,
    dry_run: bool = False,
    overwrite: bool = False,
    match_names: bool = False,
    nothing: Sequence[str] = (),
    options: ReadOptions = _DEFAULTS,
) -> ImportReport:
    """Read ``path`` into the project as one step of undo; see :func:`merge` for the rules.

    ``nothing``: categories of the file that mean "nothing is here" (the "empty" of camera traps); an image
    with one of them counts as reviewed. Raises BadInputError, with nothing changed.
    """
    chosen = importer(format_name, path)
    assert chosen.read is not None  # importer() gives only formats that are read
    chosen.check(options)
    file = chosen.read(path, options)
    return merge(
        project,
        _with_nothing(file, nothing, path) if nothing else file,
        format_name=chosen.name,
        path=path,
        complete=complete,
        dry_run=dry_run,
        overwrite=overwrite,
        match_names=match_names,
    )


def _with_nothing(file: LabelFile, nothing: Sequence[str], path: Path) -> LabelFile:
    """Turn a yes to one of the categories ``nothing`` into a review."""
    keys = [name_key(name) for name in file.categories]
    absent: set[int] = set()
    for name in nothing:
        found = {at for at, key in enumerate(keys) if key == name_key(name)}
        if not found:
            raise BadInputError(f"{path} has no category {name!r}, which would mean that nothing is there.")
        absent |= found
    return replace(file, images=[_reviewed_if_empty(one, absent) for one in file.images])


def _reviewed_if_empty(one: ImageStatement, absent: set[int]) -> ImageStatement:
    return replace(
        one,
        reviewed=one.reviewed or bool(one.yes & absent),
        yes=one.yes - absent,
        no=one.no - absent,
        open=one.open - absent,
        suggested={at: score for at, score in one.suggested.items() if at not in absent},
    )

"""Importing labels in any format."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.categories import name_key
from app.domain.errors import BadInputError, CancelledError
from app.domain.language import translate
from app.domain.progress import StopCheck
from app.services.fewer_collections import fewer_collections
from app.services.interchange.format import Format, ReadOptions
from app.services.interchange.merging import merge
from app.services.interchange.nothing import perhaps_nothing
from app.services.interchange.registry import explained, importer, other_kind
from app.services.interchange.reports import ImportReport
from app.services.interchange.statements import ImageStatement, LabelFile, LeftOut
from app.services.project.project import Project
from app.storage import settings

_DEFAULTS = ReadOptions()
_KEYWORDS = "keywords"
"""The project's setting for keyword trees."""


@fewer_collections()
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
    should_stop: StopCheck | None = None,
) -> ImportReport:
    """Read ``path`` into the project as one step of undo; see :func:`merge` for the rules.

    ``nothing``: categories of the file that mean "nothing is here" (the "empty" of camera traps); an image
    with one of them counts as reviewed. Raises BadInputError, or CancelledError if it was stopped while the
    file was read; then nothing is changed.
    """
    chosen = importer(format_name, path)
    assert chosen.read is not None  # importer() gives only formats that are read
    chosen.check(options)
    try:
        file = chosen.read(path, _with_kept_keywords(project, chosen, options))
    except BadInputError as error:
        raise explained(error, path, chosen) from None
    if len(file.left_out) > len(file.images) and path.is_file():
        kind = other_kind(path, chosen)
        if kind is not None:
            raise BadInputError(f"{path} {kind}.")
    if should_stop is not None and should_stop():
        raise CancelledError(translate("Interchange", "The import was stopped; nothing was changed."))
    report = merge(
        project,
        _with_nothing(file, nothing, path) if nothing else file,
        format_name=chosen.name,
        path=path,
        complete=complete,
        dry_run=dry_run,
        overwrite=overwrite,
        match_names=match_names,
    )
    if options.keywords is not None and not dry_run:
        with project.db.write() as session:
            settings.set(session, _KEYWORDS, options.keywords)
    used = {file.categories[position] for image in file.images for position in image.yes}
    return replace(report, perhaps_nothing=perhaps_nothing(sorted(used.difference(nothing))))


def _with_kept_keywords(project: Project, chosen: Format, options: ReadOptions) -> ReadOptions:
    """What a keyword tree means is said once; the project keeps the answer of its latest import."""
    if "keywords" not in chosen.options or options.keywords is not None:
        return options
    with project.db.read() as session:
        return replace(options, keywords=settings.get(session, _KEYWORDS))


def _with_nothing(file: LabelFile, nothing: Sequence[str], path: Path) -> LabelFile:
    """Turn a yes to one of the categories ``nothing`` into a review."""
    keys = [name_key(name) for name in file.categories]
    absent: set[int] = set()
    for name in nothing:
        found = {at for at, key in enumerate(keys) if key == name_key(name)}
        if not found:
            raise BadInputError(
                translate(
                    "Interchange", "{path} has no category {name}, which would mean that nothing is there."
                ).format(path=path, name=repr(name))
            )
        absent |= found
    # A review answers for all categories of the file, but these are none.
    return replace(
        file,
        images=[_reviewed_if_empty(one, absent) for one in file.images],
        groups=file.groups | absent,
        left_out=[
            *file.left_out,
            *(
                LeftOut(
                    one.place,
                    translate(
                        "Interchange", "it has a category and also the one that means that nothing is there"
                    ),
                )
                for one in file.images
                if one.yes & absent and one.yes - absent
            ),
        ],
    )


def _reviewed_if_empty(one: ImageStatement, absent: set[int]) -> ImageStatement:
    return replace(
        one,
        reviewed=one.reviewed or (bool(one.yes & absent) and not one.yes - absent),
        yes=one.yes - absent,
        no=one.no - absent,
        open=one.open - absent,
        suggested={at: score for at, score in one.suggested.items() if at not in absent},
    )

"""Reading labels from a table: a column for each category, or rows that name them."""

from pathlib import Path

from app.domain.errors import BadInputError
from app.domain.language import translate
from app.services.interchange.delimited import listing, wide
from app.services.interchange.delimited.records import choose_delimiter, open_delimited, parse, sep_line
from app.services.interchange.delimited.survey import Column, Survey, names, survey
from app.services.interchange.delimited.words import Role, role
from app.services.interchange.format import ReadOptions
from app.services.interchange.sample import Sample
from app.services.interchange.statements import LabelFile
from app.services.text_encoding import marked_encoding


def read_table(path: Path, options: ReadOptions, *, named: bool = False) -> LabelFile:
    """Read a table. ``named``: its rows name categories, even if its headings do not say so.

    Raises BadInputError for what is unclear: no column names images, no column has answers, answers without
    a category.
    """
    table = open_delimited(path, encoding=options.encoding, delimiter=options.delimiter)
    found = survey(table)
    if found.image is None:
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: no column names the images; columns are {columns} ({lower}{note}). Give "
                "that column the heading image.",
            ).format(
                path=path, columns=names(found.columns), lower=table.note[0].lower(), note=table.note[1:]
            )
        )
    if not found.rows:
        raise BadInputError(_no_rows(path, found))
    if named or _names_categories(path, found):
        return listing.read_listing(path, found, options)
    return wide.read_wide(path, found, options)


def is_certain(sample: Sample) -> bool:
    """Whether a file is certainly a table with a column of images."""
    if sample.suffix not in (".csv", ".tsv", ".txt") or sample.path.name.lower() == "metadata.csv":
        return False
    encoding = marked_encoding(sample.head) or "utf-8"
    lines = sample.head.decode(encoding, "replace").removeprefix("\ufeff").splitlines(keepends=True)[:200]
    declared = sep_line(lines[0]) if lines else None
    try:
        delimiter = declared or choose_delimiter(sample.path, lines)
        _, heading = next(parse(sample.path, lines[declared is not None :], delimiter, padded=False))
    except (BadInputError, StopIteration):
        return False
    announced = sample.suffix != ".txt" or declared is not None or delimiter == "\t"
    return announced and len(heading) > 1 and any(role(cell) is Role.IMAGE for cell in heading)


def _no_rows(path: Path, found: Survey) -> str:
    wrong = next(((line, cells) for line, row, cells in found.records() if row is None), None)
    if wrong is None:
        return translate("Interchange", "{path} has headings, but no rows.").format(path=path)
    line, cells = wrong
    return translate(
        "Interchange", "{path}: line {line} has {cells} cells, the first row {n}; no row fits."
    ).format(path=path, line=line, cells=cells, n=len(found.columns))


def _names_categories(path: Path, found: Survey) -> bool:
    """Whether rows name categories; otherwise the headings do."""
    others = [one for one in found.columns if one is not found.image]
    if wide.is_own(found) or listing.is_own(found):
        return listing.is_own(found)
    named = [one for one in others if one.role is Role.CATEGORY]
    if any(not one.is_state or not one.filled for one in named):
        return True
    states = [one for one in others if one.is_state and one.filled and one.role not in wide.NO_CATEGORY]
    if len(states) == 1 and states[0].role in (Role.CATEGORY, Role.STATE):
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: the column {states} has {spellings}; of which category is unclear. Give the "
                "column the name of the category as its heading.",
            ).format(path=path, states=states[0], spellings=wide.spellings(states))
        )
    if not found.first:
        _refuse_without_headings(path, others)
    return False


def _refuse_without_headings(path: Path, others: list[Column]) -> None:
    if any(one.filled and one.is_state for one in others):
        raise BadInputError(
            translate(
                "Interchange",
                "{path} has no headings, so the categories of {columns} are unclear; add a first "
                "line with the name of each category.",
            ).format(path=path, columns=names(others))
        )
    raise BadInputError(
        translate(
            "Interchange",
            "{path} has no headings, so the meaning of {columns} is unclear; add a first line, "
            "for example: image,category.",
        ).format(path=path, columns=names(others))
    )

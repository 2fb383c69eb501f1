"""The rows of a delimited text file, with what separates its columns found out."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path

from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, number, translate, translated
from app.services.interchange.delimited.words import Role, role, share_of_images
from app.services.interchange.sample import Sample
from app.services.text_files import TextFile, text_file

Cells = list[str]
DELIMITERS = {
    ",": QT_TRANSLATE_NOOP("Interchange", "commas"),
    ";": QT_TRANSLATE_NOOP("Interchange", "semicolons"),
    "\t": QT_TRANSLATE_NOOP("Interchange", "tabs"),
    "|": QT_TRANSLATE_NOOP("Interchange", "vertical bars"),
}
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "bar": "|", "space": " "}
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 400, 1 << 18
_MOST_IN_A_CELL = 1 << 17
_OTHER_KINDS = {
    "PK\x03\x04": QT_TRANSLATE_NOOP("Interchange", "a workbook or a zip file; save the sheet as CSV"),
    "\xd0\xcf\x11\xe0": QT_TRANSLATE_NOOP("Interchange", "an old workbook; save the sheet as CSV"),
    "\x1f\x8b": QT_TRANSLATE_NOOP("Interchange", "a gzip file; unpack it first"),
    "SQLite format 3": QT_TRANSLATE_NOOP("Interchange", "a database"),
    "\xff\xd8\xff": QT_TRANSLATE_NOOP("Interchange", "a JPEG image"),
    "\x89PNG": QT_TRANSLATE_NOOP("Interchange", "a PNG image"),
    "%PDF": QT_TRANSLATE_NOOP("Interchange", "a PDF"),
    "PAR1": QT_TRANSLATE_NOOP("Interchange", "Parquet; save the table as CSV"),
    "version https://git-lfs": QT_TRANSLATE_NOOP(
        "Interchange", "a pointer of Git LFS; fetch the file itself"
    ),
    "<": QT_TRANSLATE_NOOP("Interchange", "a web page or XML"),
    "{": "JSON",
}
_JSON = re.compile(r'\[\s*([\[{"\]]|$)')
_END = "\x1cend\x1c"
"""A last line that is added: if it ends up inside a cell, a quotation mark was not closed."""


@dataclass(frozen=True, slots=True)
class Delimited:
    """``skipped``: lines before the first row (``sep=;``). ``padded``: cells have blanks around them that do
    not belong to them.
    """

    text: TextFile
    delimiter: str
    skipped: int
    padded: bool

    @property
    def path(self) -> Path:
        return self.text.path

    def records(self) -> Iterator[tuple[int, Cells]]:
        """The rows that are not blank, each with the line on which it begins.

        Raises BadInputError for a quotation mark that is never closed, and as :meth:`TextFile.lines`.
        """
        lines = islice(self.text.lines(), self.skipped, None)
        return parse(self.path, lines, self.delimiter, self.padded, self.skipped)

    @property
    def note(self) -> str:
        name = _delimiter_words(self.delimiter)
        return translate("Interchange", "{note}, columns separated by {name}").format(
            note=self.text.note, name=name
        )


def parse(
    path: Path, lines: Iterable[str], delimiter: str, padded: bool, skipped: int = 0
) -> Iterator[tuple[int, Cells]]:
    reader = csv.reader(_ended(lines), delimiter=delimiter, skipinitialspace=padded)
    before, ended = 0, False
    start = 0
    try:
        for row in reader:
            start, before = before + 1 + skipped, reader.line_num
            if row == [_END]:
                ended = True
            elif any(row):
                if _END in row[-1]:
                    break
                yield start, [cell.strip() for cell in row] if padded else row
    except csv.Error:
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: line {before} has a cell of more than {most_in_a_cell} characters; perhaps "
                "a quotation mark is not closed.",
            ).format(path=path, before=before + 1 + skipped, most_in_a_cell=number(_MOST_IN_A_CELL))
        ) from None
    if not ended:
        raise BadInputError(
            translate(
                "Interchange", "{path}: a quotation mark opens on line {start} and is never closed."
            ).format(path=path, start=start)
        )


def _ended(lines: Iterable[str]) -> Iterator[str]:
    last = "\n"
    for last in lines:
        yield last if last[-1] in "\r\n" else last + "\n"
    yield _END + "\n"


def open_delimited(path: Path, *, encoding: str | None, delimiter: str | None) -> Delimited:
    """Raises BadInputError for a file that is not a table, or whose separator is not certain."""
    kind = other_kind(Sample(path).head[:200].decode("latin-1"))
    if kind is not None:
        raise BadInputError(
            translate("Interchange", "{path} is not a table; it looks like {kind}.").format(
                path=path, kind=kind
            )
        )
    text = text_file(path, encoding)
    sample = _sample(text.lines())
    if not any(map(str.strip, sample)):
        raise BadInputError(translate("Interchange", "{path} is empty.").format(path=path))
    declared = sep_line(sample[0])
    rest = sample[1:] if declared else sample
    given = declared if delimiter is None else _given(delimiter)
    chosen = given or choose_delimiter(path, rest)
    rows = _sample_rows(path, rest, chosen)
    title = _title_rows([row for _, row in rows])
    line, heading = rows[title] if rows else (1, [])
    skipped = (declared is not None) + (line - 1 if title else 0)
    return Delimited(text, chosen, skipped, padded=any(cell != cell.strip() for cell in heading))


def sep_line(first: str) -> str | None:
    """The separator that the first line declares as Excel does: ``sep=;``."""
    found = _SEP_LINE.fullmatch(first)
    return found.group(1) if found else None


def _given(delimiter: str) -> str:
    found = _NAMES.get(delimiter.casefold(), delimiter)
    if len(found) != 1 or found in '\r\n"':
        raise BadInputError(
            translate("Interchange", "The delimiter {delimiter} is not one character, or tab.").format(
                delimiter=repr(delimiter)
            )
        )
    return found


def _sample(lines: Iterable[str]) -> list[str]:
    """The first lines, without what is behind the last whole one."""
    left = _SAMPLE_CHARACTERS

    def fits(line: str) -> bool:
        nonlocal left
        left -= len(line)
        return left > 0

    return list(takewhile(fits, islice(lines, _SAMPLE_LINES)))


def _delimiter_words(delimiter: str) -> str:
    known = DELIMITERS.get(delimiter)
    return repr(delimiter) if known is None else translated("Interchange", known)


def other_kind(start: str) -> str | None:
    """What a file that is no table looks like, by its first bytes as Latin-1."""
    text = start.removeprefix("\xef\xbb\xbf").lstrip()
    for beginning, kind in _OTHER_KINDS.items():
        if text.startswith(beginning):
            return translated("Interchange", kind)
    return "JSON" if _JSON.match(text) else None


def choose_delimiter(path: Path, sample: list[str]) -> str:
    """The separator with which the rows have equally many cells and one column names images."""
    fits = {}
    for one in DELIMITERS:
        rows = [row for _, row in _sample_rows(path, sample, one)]
        score = _fit(rows[_title_rows(rows) :])
        if score is not None:
            fits[one] = score
    if not fits and not any(one in line for line in sample for one in DELIMITERS):
        raise BadInputError(
            translate("Interchange", "{path} has one column only, so it says nothing about images.").format(
                path=path
            )
        )
    if not fits and (headings := _headings(path, sample)):
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: no column names the images; the columns seem to be {headings}. Give the "
                "column with the names of the image files the heading image.",
            ).format(path=path, headings=headings)
        )
    if not fits:
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: no separator gives columns of which one names the images; columns may be "
                "separated by commas, semicolons, tabs or vertical bars, or name another one with "
                "--delimiter.",
            ).format(path=path)
        )
    best = max(fits.values())
    leading = [one for one, score in fits.items() if score == best]
    if len(leading) > 1:
        names = translate("Interchange", " or ").join(map(_delimiter_words, leading))
        raise BadInputError(
            translate(
                "Interchange",
                "{path}: the columns could be separated by {names}; say which one with --delimiter.",
            ).format(path=path, names=names)
        )
    return leading[0]


def _headings(path: Path, sample: list[str]) -> str | None:
    """The first row, as separated by what gives most rows equally many cells; None if nothing does."""
    best: tuple[float, list[Cells]] = (0.5, [])
    for one in DELIMITERS:
        rows = [row for _, row in _sample_rows(path, sample, one)]
        if rows and len(rows[0]) > 1:
            share = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
            best = max(best, (share, rows), key=lambda found: found[0])
    return ", ".join(f'"{cell.strip()[:40]}"' for cell in best[1][0][:8]) if best[1] else None


def _sample_rows(path: Path, sample: list[str], delimiter: str) -> list[tuple[int, Cells]]:
    """As far as the sample goes: it may end inside a quoted cell."""
    rows = []
    try:
        for record in parse(path, sample, delimiter, padded=False):
            rows.append(record)
    except BadInputError:
        pass
    return rows


def _title_rows(rows: list[Cells]) -> int:
    """The number of rows with a title before the headings, if these name a column of images."""
    for count, row in enumerate(rows[:10]):
        if sum(bool(cell.strip()) for cell in row) > 1:
            return count if any(role(cell) is Role.IMAGE for cell in row) else 0
    return 0


def _fit(rows: list[Cells]) -> tuple[int, float, float] | None:
    """How well rows fit together, None for not at all: a known heading of an image column, the share of rows
    as wide as the first one, the share of image names in the best column."""
    if not rows or len(rows[0]) < 2:
        return None
    width = len(rows[0])
    even = [row for row in rows if len(row) == width or not any(row[width:])]
    known = any(role(heading) is Role.IMAGE for heading in rows[0])
    names = max(share_of_images(row[at] for row in even if at < len(row)) for at in range(min(width, 50)))
    share = len(even) / len(rows)
    if share < 0.5 or not (known or names >= 0.5):
        return None
    return int(known), round(share, 2), float(names >= 0.5)

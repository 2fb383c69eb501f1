"""The rows of a delimited text file, with what separates its columns found out."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path

from app.domain.errors import BadInputError
from app.services.interchange.delimited.words import Role, role, share_of_images
from app.services.interchange.sample import Sample
from app.services.text_files import TextFile, text_file

Cells = list[str]
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with a byte order mark", "utf-16": "UTF-16"}
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "bar": "|", "space": " "}
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 400, 1 << 18
_MOST_IN_A_CELL = 1 << 17
_OTHER_KINDS = {
    "PK\x03\x04": "a workbook or a zip file; save the sheet as CSV",
    "\xd0\xcf\x11\xe0": "an old workbook; save the sheet as CSV",
    "\x1f\x8b": "a gzip file; unpack it first",
    "SQLite format 3": "a database",
    "\xff\xd8\xff": "a JPEG image",
    "\x89PNG": "a PNG image",
    "%PDF": "a PDF",
    "PAR1": "Parquet; save the table as CSV",
    "version https://git-lfs": "a pointer of Git LFS; fetch the file itself",
    "<": "a web page or XML",
    "{": "JSON",
}
_JSON = re.compile(r'\[\s*([\[{"\]]|$)')
GUESSED = " (a guess: give --encoding if letters are wrong)"
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
        encoding = _ENCODINGS.get(self.text.encoding, self.text.encoding)
        name = DELIMITERS.get(self.delimiter, repr(self.delimiter))
        guess = GUESSED if self.text.guessed else ""
        return f"Encoding {encoding}{guess}, columns separated by {name}"


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
            f"{path}: line {before + 1 + skipped} has a cell of more than {_MOST_IN_A_CELL:,} characters; "
            "perhaps a quotation mark is not closed."
        ) from None
    if not ended:
        raise BadInputError(f"{path}: a quotation mark opens on line {start} and is never closed.")


def _ended(lines: Iterable[str]) -> Iterator[str]:
    last = "\n"
    for last in lines:
        yield last if last[-1] in "\r\n" else last + "\n"
    yield _END + "\n"


def open_delimited(path: Path, *, encoding: str | None, delimiter: str | None) -> Delimited:
    """Raises BadInputError for a file that is not a table, or whose separator is not certain."""
    kind = other_kind(Sample(path).head[:200].decode("latin-1"))
    if kind is not None:
        raise BadInputError(f"{path} is not a table; it looks like {kind}.")
    text = text_file(path, encoding)
    sample = _sample(text.lines())
    if not any(map(str.strip, sample)):
        raise BadInputError(f"{path} is empty.")
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
        raise BadInputError(f"The delimiter {delimiter!r} is not one character, or tab.")
    return found


def _sample(lines: Iterable[str]) -> list[str]:
    """The first lines, without what is behind the last whole one."""
    left = _SAMPLE_CHARACTERS

    def fits(line: str) -> bool:
        nonlocal left
        left -= len(line)
        return left > 0

    return list(takewhile(fits, islice(lines, _SAMPLE_LINES)))


def other_kind(start: str) -> str | None:
    """What a file that is no table looks like, by its first bytes as Latin-1."""
    text = start.removeprefix("\xef\xbb\xbf").lstrip()
    for beginning, kind in _OTHER_KINDS.items():
        if text.startswith(beginning):
            return kind
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
        raise BadInputError(f"{path} has one column only, so it says nothing about images.")
    if not fits:
        raise BadInputError(
            f"{path}: no separator gives columns of which one names the images; columns may be separated by "
            "commas, semicolons, tabs or vertical bars, or name another one with --delimiter."
        )
    best = max(fits.values())
    leading = [one for one, score in fits.items() if score == best]
    if len(leading) > 1:
        names = " or ".join(DELIMITERS[one] for one in leading)
        raise BadInputError(
            f"{path}: the columns could be separated by {names}; say which one with --delimiter."
        )
    return leading[0]


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

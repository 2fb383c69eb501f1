"""CSV for spreadsheets and data frames: one row per image, one column per category.

Cells are 1 yes, 0 no (explicit, or implied by a review), empty unknown. The text is UTF-8 with the line ends
and quotes of RFC 4180. Spreadsheets treat a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula.
So such a path is written with ``./`` before it, which names the same file, and such a category with ``'``.
Different categories have different headings.
"""

import csv
import io
import re
import sys
from typing import IO

from app.services.interchange.format import Format, Holds, Reviews, WriteOptions
from app.services.interchange.sample import Sample
from app.services.interchange.table import ExportTable

PATH, REVIEWED = "path", "reviewed"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_GUARD, _SUFFIX = "'", " (category)"
_GUARDED = re.compile(f"{_GUARD}*[{re.escape(''.join(_FORMULA))}]")
"""Names that are written with a guard: those that look like a formula, and those that look guarded."""
_OTHER_COLUMN = re.compile(rf"({PATH}|{REVIEWED})({re.escape(_SUFFIX)})*", re.IGNORECASE)
"""Names that are written with the suffix: those of the other columns, with or without the suffix."""
_CELLS = {1: "1", 0: "0", -1: ""}


def _recognise(sample: Sample) -> bool:  # noqa: ARG001
    return False


def _write(table: ExportTable, stream: IO[bytes], options: WriteOptions) -> None:  # noqa: ARG001
    # A file name that is not valid text is written as the bytes that it has on the disk.
    errors = sys.getfilesystemencodeerrors()
    text = io.TextIOWrapper(stream, encoding="utf-8", errors=errors, newline="")
    writer = csv.writer(text)
    writer.writerow([PATH, *(heading(category.name) for category in table.categories), REVIEWED])
    for row in table.rows:
        name = "./" + row.name if row.name.startswith(_FORMULA) else row.name
        cells = [_CELLS[state] for state in row.states.tolist()]
        writer.writerow([name, *cells, int(row.reviewed)])
    text.detach()


def heading(category: str) -> str:
    """The heading of a category's column, which is never a formula or the heading of a different column."""
    if _OTHER_COLUMN.fullmatch(category):
        return category + _SUFFIX
    return _GUARD + category if _GUARDED.match(category) else category


CSV = Format(
    name="csv",
    title="CSV, a column for each category",
    suffixes=(".csv",),
    holds=Holds(no=True, reviews=Reviews.ALL),
    recognise=_recognise,
    write=_write,
)

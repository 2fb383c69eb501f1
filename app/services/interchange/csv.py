"""CSV for spreadsheets and data frames: one row an image, one column a category.

Cells are 1 yes, 0 no (said, or implied by a review), empty unknown. The text is UTF-8 with the line ends and
quotes of RFC 4180. Spreadsheets run a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula. So a
path that does is written with ``./`` before it, which names the same file, and a category with ``'``.
Different categories have different headings, and :func:`category_of` gives the category of a heading.
"""

import csv
import io
import re
import sys
from pathlib import Path

from app.services.interchange.files import atomic_writer, check_target
from app.services.interchange.reports import ExportReport
from app.services.interchange.table import read_table
from app.services.project import Project

SUFFIX = ".csv"
PATH, REVIEWED = "path", "reviewed"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_GUARD, _SUFFIX = "'", " (category)"
_GUARDED = re.compile(f"{_GUARD}*[{re.escape(''.join(_FORMULA))}]")
"""Names that are written with a guard: those that begin like a formula, and those that look guarded."""
_OTHER_COLUMN = re.compile(rf"({PATH}|{REVIEWED})({re.escape(_SUFFIX)})*", re.IGNORECASE)
"""Names that are written with the suffix: those of the other columns, with or without it."""
_CELLS = {1: "1", 0: "0", -1: ""}


def export_csv(project: Project, path: Path, *, everything: bool = False) -> ExportReport:
    """Write the labels to ``path``, whole or not at all.

    Raises KnownError where the file cannot be written.
    """
    target = check_target(path, SUFFIX)
    table = read_table(project, everything)
    with atomic_writer(target) as binary:
        # A file name that is no valid text is written as the bytes that it has on the disk.
        errors = sys.getfilesystemencodeerrors()
        text = io.TextIOWrapper(binary, encoding="utf-8", errors=errors, newline="")
        writer = csv.writer(text)
        writer.writerow([PATH, *(heading(category.name) for category in table.categories), REVIEWED])
        for row in table.rows:
            name = "./" + row.name if row.name.startswith(_FORMULA) else row.name
            cells = [_CELLS[state] for state in row.states.tolist()]
            writer.writerow([name, *cells, int(row.reviewed)])
        text.detach()
    return ExportReport(
        format="csv",
        path=target,
        images=len(table.rows),
        categories=len(table.categories),
        labels=sum(int((row.states == 1).sum()) for row in table.rows),
        reviewed=sum(row.reviewed for row in table.rows),
        left_out=table.left_out,
        size=target.stat().st_size,
    )


def heading(category: str) -> str:
    """The heading of a category's column: never a formula, nor the heading of another column."""
    if _OTHER_COLUMN.fullmatch(category):
        return category + _SUFFIX
    return _GUARD + category if _GUARDED.match(category) else category


def category_of(column: str) -> str | None:
    """The category whose heading this is, None for the columns that are no category's."""
    if _OTHER_COLUMN.fullmatch(column):
        return column.removesuffix(_SUFFIX) if column.endswith(_SUFFIX) else None
    return column[1:] if column.startswith(_GUARD) and _GUARDED.match(column) else column

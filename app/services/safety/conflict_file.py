"""Conflicts of a merge as a CSV file with a column for the person's decisions."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.domain.disk import fault
from app.domain.errors import BadInputError
from app.domain.merging import Choice, Conflict, ConflictKey
from app.services.text_files import atomic_writer, check_target, decode_text, without_surrogates

SUFFIX: Final = ".csv"
COLUMNS: Final = ("kind", "image", "category", "field", "before", "mine", "theirs", "decision")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")
"""Beginnings that a spreadsheet takes for a formula, and the mark that prevents it."""


def write_conflicts(path: Path, conflicts: Sequence[Conflict]) -> Path:
    """Write the conflicts, to be decided with "mine" or "theirs" in the last column. Raises KnownError."""
    target = check_target(path, SUFFIX)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in conflicts:
        key = one.key
        cells = (key.kind, key.image, key.category, key.field, one.base, one.mine, one.theirs, "")
        writer.writerow([_guarded(cell) for cell in cells])
    with atomic_writer(target) as stream:
        stream.write(text.getvalue().encode("utf-8-sig"))
    return target


def read_decisions(path: Path) -> dict[ConflictKey, Choice]:
    """The decisions in such a file; rows without one are left out.

    Raises BadInputError, naming the line, for a missing column and for a decision that is neither.
    """
    try:
        if not path.is_file():
            raise BadInputError(f"There is no file {path}.")
        text = decode_text(path, path.read_bytes())
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {fault(error)}.") from error
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise BadInputError(
                f"{path} has no column {missing[0]!r}; use a file that 'tailspotter merge' has written with "
                "--conflicts."
            )
        return dict(_decision(path, rows.line_num, row) for row in rows if (row["decision"] or "").strip())
    except csv.Error as error:
        raise BadInputError(f"{path}, line {rows.line_num}: {error}.") from error


def _decision(path: Path, line: int, row: dict[str, str | None]) -> tuple[ConflictKey, Choice]:
    given = (row["decision"] or "").strip().lower()
    if given not in set(Choice):
        raise BadInputError(
            f"{path}, line {line}: the decision {given!r} is neither 'mine' nor 'theirs'; nothing was "
            "changed."
        )
    kind, category, image, name = (
        _unguarded(row[column] or "") for column in ("kind", "category", "image", "field")
    )
    return ConflictKey(kind, category, image, name), Choice(given)


def _guarded(cell: str) -> str:
    cell = without_surrogates(cell)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell

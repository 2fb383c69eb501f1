"""Reading the rows of a damaged database, as far as their pages can be read, into a sound one."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import JSON, DateTime, Integer, Numeric, String, Table

from app.domain.images import GONE, ImageState
from app.storage import ledger_state
from app.storage.backup_contents import raise_sequences
from app.storage.database import Database, connect
from app.storage.layout import database_files
from app.storage.models import BATCH, CATEGORY, IMAGE, LABEL, LEDGER, Base

_STEP: Final = 2048
"""Rows that are read at once, before a range that cannot be read is halved."""
_HEADER: Final = 100
_REPLACED: Final = ("root", "picture", "image", "relink", "saved_query", "setting", "model", "job")
"""Tables whose rows in the damaged database are newer than those of the base."""
_OF_STEPS: Final = ("prediction_batch", "prediction")
"""Likewise; they refer to steps of the ledger."""

Row = dict[str, Any]


@dataclass(slots=True)
class Salvage:
    """``taken``: rows that were read and differ from the base, by table; ``lost``: rows that are known to
    have existed and could not be read. ``dropped``: labels and reviews that could not be kept, as JSON lines.
    """

    taken: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    dropped: str = ""


def salvage(damaged: Path, base: Path, bases: Iterable[Path], work: Path) -> Salvage:
    """Add what can be read in ``damaged`` to ``base``, a sound database of this version's schema.

    The damaged file is not changed. ``bases``: databases of the same project, whose first page may replace
    one that is destroyed. ``work``: an empty folder for copies. Afterwards everything in ``base`` follows
    from its ledger.
    """
    result = Salvage()
    with closing(connect(base)) as target:
        target.execute("PRAGMA foreign_keys = OFF")
        source = _opened(damaged, [*bases, base], work)
        sequences: dict[str, int] | None = None
        if source is not None:
            with closing(source):
                sequences = _sequences(source)
                target.execute("BEGIN")
                _take_all(source, target, sequences or {}, result)
                target.execute("COMMIT")
        raise_sequences(target, sequences)
    db = Database(base)
    try:
        with db.write() as s:
            dropped = ledger_state.repair(s)
            result.dropped = ledger_state.lines(dropped, {})
    finally:
        db.close()
    return result


# --- opening


def _opened(damaged: Path, bases: Iterable[Path], work: Path) -> sqlite3.Connection | None:
    """The first way of opening it that shows its tables; None if there is none."""
    if not damaged.is_file() or damaged.stat().st_size == 0:
        return None
    for number, base in enumerate([None, *bases]):
        copy = work / f"{number}.db"
        for path, beside in zip(database_files(damaged), database_files(copy), strict=True):
            if path.exists() and not path.name.endswith("-shm"):
                shutil.copyfile(path, beside)
        if base is not None:
            _replace_first_page(copy, base)
        with suppress(sqlite3.Error):
            source = sqlite3.connect(copy, isolation_level=None)
            source.text_factory = lambda data: data.decode("utf-8", "replace")
            try:
                # Accepts a schema with errors and a file that is shorter than its header says.
                source.execute("PRAGMA writable_schema = ON")
                source.execute("PRAGMA cell_size_check = ON")
                for table in (BATCH, LEDGER):
                    source.execute(f'SELECT count(*) FROM pragma_table_info("{table.name}")').fetchone()
                    if not _columns(source, table.name):
                        raise sqlite3.DatabaseError("no such table")
            except sqlite3.Error:
                source.close()
                raise
            return source
    return None


def _replace_first_page(copy: Path, base: Path) -> None:
    """Take the header and the list of tables from a database of the same project.

    Tables keep their first page for ever, so the list is right for them. The length of the file and the free
    pages are not: they are set to what is there, and to none.
    """
    with base.open("rb") as stream:
        header = stream.read(_HEADER)
        size = int.from_bytes(header[16:18], "big")
        page_size = 65536 if size == 1 else size
        page = bytearray(header + stream.read(page_size - _HEADER))
    pages = max(1, copy.stat().st_size // page_size)
    page[28:32] = pages.to_bytes(4, "big")
    page[32:40] = bytes(8)
    page[92:96] = page[24:28]
    with copy.open("r+b") as stream:
        stream.write(page)


def _columns(source: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in source.execute(f'PRAGMA table_info("{table}")')]


def _sequences(source: sqlite3.Connection) -> dict[str, int] | None:
    """The last id of each table; None if it cannot be read."""
    with suppress(sqlite3.Error):
        found = dict(source.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        if found and all(isinstance(last, int) and 0 <= last < 1 << 40 for last in found.values()):
            return {str(name): last for name, last in found.items() if name in Base.metadata.tables}
    return None


# --- reading


def _take_all(
    source: sqlite3.Connection, target: sqlite3.Connection, sequences: dict[str, int], result: Salvage
) -> None:
    displaced: set[int] = set()
    for name in _REPLACED:
        table = Base.metadata.tables[name]
        for row in _rows(source, table, sequences.get(name, 0)):
            if table is IMAGE:
                displaced |= _free_path(target, row)
                displaced.discard(row["id"])
            _put(target, table, row, result, replacing=True)
    last_entry = target.execute("SELECT coalesce(max(id), 0) FROM ledger").fetchone()[0]
    for table in (BATCH, LEDGER):
        first = target.execute(f"SELECT coalesce(max(id), 0) FROM {table.name}").fetchone()[0]
        for row in _rows(source, table, sequences.get(table.name, 0)):
            _put(target, table, row, result, replacing=False)
        missing = sequences.get(table.name, 0) - first - result.taken.get(table.name, 0)
        if missing > 0:
            result.lost[table.name] = missing
    for row in _rows(source, CATEGORY, sequences.get("category", 0)):
        _put(target, CATEGORY, row, result, replacing=False)
    _remove_unanswered(target, displaced)
    for name in _OF_STEPS:
        table = Base.metadata.tables[name]
        for row in _rows(source, table, 0):
            _put(target, table, row, result, replacing=True)
    for row in _rows(source, LABEL, 0):
        if row["entry_id"] > last_entry:  # an older one is in the ledger of the base
            _put(target, LABEL, row, result, replacing=True)


def _free_path(target: sqlite3.Connection, row: Row) -> set[int]:
    """Mark another image of the base as missing that has the path of this image of the damaged database.

    Its file was moved, or linked to this image, after the backup. Returns its id.
    """
    if row["state"] == ImageState.MISSING.value:
        return set()
    query = "SELECT id FROM image WHERE root_id = ? AND path = ? AND state <> ? AND id <> ?"
    place = (row["root_id"], row["path"], ImageState.MISSING.value, row["id"])
    found = {number for (number,) in target.execute(query, place).fetchall()}
    for number in found:
        words = (ImageState.MISSING.value, GONE, number)
        target.execute("UPDATE image SET state = ?, problem = ? WHERE id = ?", words)
    return found


def _remove_unanswered(target: sqlite3.Connection, image_ids: set[int]) -> None:
    """Delete those of these images that nobody has answered about, as linking their file to another does."""
    for number in image_ids:
        if target.execute("SELECT 1 FROM ledger WHERE image_id = ?", (number,)).fetchone() is None:
            target.execute("DELETE FROM prediction WHERE image_id = ?", (number,))
            target.execute("DELETE FROM relink WHERE image_id = ?", (number,))
            target.execute("DELETE FROM image WHERE id = ?", (number,))


def _rows(source: sqlite3.Connection, table: Table, last: int) -> Iterator[Row]:
    """The rows of a table that can be read; in ascending order where its key is one whole number."""
    if "id" not in table.c:
        yield from _scanned_twice(source, table)
        return
    columns = [name for name in _columns(source, table.name) if name in table.c]
    if not columns:
        return
    listed = ", ".join(f'"{name}"' for name in columns)
    query = f'SELECT {listed} FROM "{table.name}" NOT INDEXED WHERE id BETWEEN ? AND ?'
    end = max(last, _highest(source, table.name))
    todo = [(low, min(low + _STEP - 1, end)) for low in range(1, end + 1, _STEP)][::-1]
    while todo:
        low, high = todo.pop()
        try:
            found = source.execute(query, (low, high)).fetchall()
        except sqlite3.Error:
            if low < high:
                middle = (low + high) // 2
                todo += [(middle + 1, high), (low, middle)]
            continue
        for row in found:
            values = dict(zip(columns, row, strict=True))
            if _plausible(table, values):
                yield values


def _highest(source: sqlite3.Connection, table: str) -> int:
    """The highest id that can be found, from either end."""
    highest = 0
    for query in (f'SELECT max(id) FROM "{table}"', f'SELECT id FROM "{table}" NOT INDEXED'):
        with suppress(sqlite3.Error):
            for (number,) in source.execute(query):
                if isinstance(number, int):
                    highest = max(highest, number)
    return min(highest, 1 << 40)


def _scanned(source: sqlite3.Connection, table: Table, order: str) -> Iterator[Row]:
    """The rows of any table up to the first page that cannot be read."""
    columns = [name for name in _columns(source, table.name) if name in table.c]
    listed = ", ".join(f'"{name}"' for name in columns)
    with suppress(sqlite3.Error):
        for row in source.execute(f'SELECT {listed} FROM "{table.name}" ORDER BY {order}'):
            values = dict(zip(columns, row, strict=True))
            if _plausible(table, values):
                yield values


def _scanned_twice(source: sqlite3.Connection, table: Table) -> Iterator[Row]:
    """From both ends: between them may be pages that cannot be read."""
    keys = [column.name for column in table.primary_key]
    seen: set[tuple[Any, ...]] = set()
    for direction in ("ASC", "DESC"):
        for row in _scanned(source, table, ", ".join(f'"{key}" {direction}' for key in keys)):
            key = tuple(row[name] for name in keys)
            if key in seen and direction == "DESC":
                break
            seen.add(key)
            yield row


_CHECKS: Final[list[tuple[Any, Callable[[Any], bool]]]] = [
    (DateTime, lambda value: isinstance(value, str) and bool(datetime.fromisoformat(value))),
    (JSON, lambda value: isinstance(value, str) and (json.loads(value) is not None or True)),
    (Integer, lambda value: type(value) is int),
    (Numeric, lambda value: isinstance(value, int | float)),
    (String, lambda value: isinstance(value, str) and "\N{REPLACEMENT CHARACTER}" not in value),
]


def _plausible(table: Table, row: Row) -> bool:
    """Whether each value has the type of its column; the content of a torn page need not."""
    try:
        for column in table.c:
            value = row.get(column.name)
            if value is None:
                if not column.nullable and column.name in row:
                    return False
                continue
            kind = getattr(column.type, "impl", column.type)
            check = next((check for of, check in _CHECKS if isinstance(kind, of)), None)
            if check is not None and not check(value):
                return False
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def _put(target: sqlite3.Connection, table: Table, row: Row, result: Salvage, *, replacing: bool) -> None:
    """Insert a row; with ``replacing`` in place of one with its key. Rows that break a rule are left out."""
    keys = [column.name for column in table.primary_key]
    same = " AND ".join(f'"{key}" = ?' for key in keys)
    present = target.execute(
        f'SELECT {", ".join(row)} FROM "{table.name}" WHERE {same}', [row[key] for key in keys]
    ).fetchone()
    if present is not None and (not replacing or list(present) == list(row.values())):
        return
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join("?" for _ in row)
    rule = ", ".join(f'"{name}" = excluded."{name}"' for name in row if name not in keys)
    conflict = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {rule}" if replacing and rule else ""
    try:
        target.execute(
            f'INSERT INTO "{table.name}" ({names}) VALUES ({places}) {conflict}', list(row.values())
        )
    except sqlite3.IntegrityError:
        return
    result.taken[table.name] = result.taken.get(table.name, 0) + 1

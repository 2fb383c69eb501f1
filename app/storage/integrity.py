"""Whether SQLite can read all of a database, and its indexes are there and right."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.storage.database import connect, translated_errors
from app.storage.models import Base
from app.storage.read_only import ReadOnlyFile

_MOST: Final = 20
_DAMAGED: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
_OF_INDEXES: Final = ("missing from index", "wrong # of entries in index", "non-unique entry in index")


TABLES_GONE: Final = "its tables are gone"
EMPTY: Final = "it is empty"


def damage(path: Path) -> str | None:
    """What SQLite finds wrong with the file, as the end of a sentence; None if all of it can be read.

    Wrong indexes are not damage: they can be made again. Raises ProjectError if the disk fails.
    """
    if not path.is_file():
        return "it is gone"
    if path.stat().st_size == 0:
        return EMPTY
    try:
        with closing(connect(path)) as connection:
            return _damage(connection)
    except sqlite3.DatabaseError as error:
        if _code(error) in _DAMAGED:
            return str(error)
    # The disk is full or read-only: a log that another program needs cannot be opened.
    file = ReadOnlyFile(path)
    try:
        with translated_errors(path), closing(file.connect()) as connection:
            return _damage(connection)
    finally:
        file.close()


def _damage(connection: sqlite3.Connection) -> str | None:
    try:
        found = [row[0] for row in connection.execute(f"PRAGMA integrity_check({_MOST})")]
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as error:
        if _code(error) not in _DAMAGED:
            raise
        return str(error)
    bad = [line for line in found if line != "ok" and not any(words in line for words in _OF_INDEXES)]
    if bad:
        return next((line for line in str(bad[0]).splitlines() if not line.startswith("***")), str(bad[0]))
    return None if {"alembic_version", "setting", "ledger"} <= tables else TABLES_GONE


def _code(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def wrong_indexes(s: Session) -> list[str]:
    """The names of indexes that are missing, or that do not agree with their table."""
    found = [row[0] for row in s.connection().exec_driver_sql("PRAGMA integrity_check(1000)")]
    wrong = {line.rpartition(" ")[2] for line in found if any(words in line for words in _OF_INDEXES)}
    return sorted(wrong | {index.name or "" for index in _missing(s)})


def rebuild_indexes(s: Session) -> None:
    for index in _missing(s):
        index.create(s.connection())
    s.connection().exec_driver_sql("REINDEX")


def broken_references(s: Session) -> list[str]:
    """Rows that refer to rows that do not exist, as ``label.entry_id``, each kind once."""
    kinds = set()
    for table, _row, parent, number in s.connection().exec_driver_sql("PRAGMA foreign_key_check"):
        keys = s.connection().exec_driver_sql(f'PRAGMA foreign_key_list("{table}")').fetchall()
        column = next((key[3] for key in keys if key[0] == number), parent)
        kinds.add(f"{table}.{column}")
    return sorted(kinds)


def _missing(s: Session) -> list:  # type: ignore[type-arg]
    there = inspect(s.connection())
    return [
        index
        for table in Base.metadata.sorted_tables
        for known in [{one["name"] for one in there.get_indexes(table.name)}]
        for index in table.indexes
        if index.name not in known
    ]

"""Reading a database in a place that cannot be written to, without writing there.

SQLite shares a write-ahead log through a file beside the database, and makes that file even to read. So it
depends on what lies there how the database is opened (docs/decisions/0101).
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

from app.domain.errors import ProjectError

_WAL_BYTE = 18
"""Offset in the header of what a reader must know: 1 rollback journal, 2 write-ahead log."""


def write_obstacle(database: Path) -> str | None:
    """Why nothing can be written beside this database, in words that go on a sentence; None where it can."""
    folder = database.parent
    if _mounted_read_only(folder):
        return "its disk or share is mounted read-only"
    if not _may_write(folder):
        return "you may not write into its folder"
    if not _may_write(database):
        return f"you may not write to {database.name}"
    return None


class ReadOnlyFile:
    """Opens connections to one database that can only be read. Close it after them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._copy: tempfile.TemporaryDirectory[str] | None = None

    def connect(self) -> sqlite3.Connection:
        """A connection for reading: live where others may write, on a copy where a log cannot be read there.

        Raises sqlite3.Error, and ProjectError when the file cannot be read or copied.
        """
        try:
            return self._connected()
        except OSError as error:
            raise ProjectError(f"The database {self._path} cannot be opened: {error.strerror}.") from error

    def _connected(self) -> sqlite3.Connection:
        if self._copy is None:
            log, journal = self._beside("-wal"), self._beside("-journal")
            logged = _uses_log(self._path)
            if logged and not _has_content(log):
                return _open(self._path, "immutable=1")
            with contextlib.suppress(sqlite3.OperationalError):
                if (not logged and not _has_content(journal)) or self._beside("-shm").exists():
                    return _open(self._path, "mode=ro&readonly_shm=1")
            self._copy = self._copied()
        return _open(Path(self._copy.name) / self._path.name, "mode=rw")

    def version(self) -> int:
        """Another number when somebody has written, as far as the files tell; a copy never changes."""
        if self._copy is not None:
            return 0
        marks = []
        for path in (self._path, self._beside("-wal")):
            with contextlib.suppress(OSError):
                status = path.stat()
                marks += [status.st_mtime_ns, status.st_size]
        return hash(tuple(marks))

    def close(self) -> None:
        if self._copy is not None:
            self._copy.cleanup()

    def _copied(self) -> tempfile.TemporaryDirectory[str]:
        """What a crash has left in the log belongs to the database: SQLite takes it in on the copy."""
        copy = tempfile.TemporaryDirectory(prefix="tailspotter-", ignore_cleanup_errors=True)
        for path in (self._path, self._beside("-wal"), self._beside("-journal")):
            if path.exists():
                shutil.copyfile(path, Path(copy.name) / path.name)
        return copy

    def _beside(self, suffix: str) -> Path:
        return self._path.with_name(self._path.name + suffix)


class MemoryCopy:
    """A copy of a database in memory that several connections share. Close it after them."""

    def __init__(self, source: sqlite3.Connection, prepare: Callable[[str], None]) -> None:
        """``prepare`` is given the URI of the copy, to change it before anybody reads it."""
        self._uri = f"file:tailspotter-{uuid.uuid4().hex}?mode=memory&cache=shared"
        self._kept = self.connect()  # the copy lasts as long as a connection to it
        try:
            source.backup(self._kept)
            prepare(self._uri)
        except BaseException:
            self._kept.close()
            raise

    def connect(self) -> sqlite3.Connection:
        """A connection to the copy."""
        return sqlite3.connect(self._uri, uri=True, isolation_level=None, check_same_thread=False)

    def version(self) -> int:
        """Always the same number: nobody else writes to the copy."""
        return 0

    def close(self) -> None:
        self._kept.close()


def open_fixed(path: Path) -> sqlite3.Connection:
    """A connection that takes the file as it is, whatever lies beside it. Raises sqlite3.Error."""
    return _open(path, "immutable=1")


def _open(path: Path, options: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _uses_log(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(_WAL_BYTE + 1)
    return len(header) > _WAL_BYTE and header[_WAL_BYTE] == 2


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _mounted_read_only(folder: Path) -> bool:
    if not hasattr(os, "statvfs"):
        return False
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False

"""Reading a database in a place that cannot be written to.

SQLite shares a write-ahead log through a file beside the database, and creates that file even for reading. So
how the database is opened depends on the files beside it (docs/decisions/0101).
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
from app.domain.language import translate

_WAL_BYTE = 18
"""Offset of the read version in the header: 1 rollback journal, 2 write-ahead log."""


def write_obstacle(database: Path) -> str | None:
    """Why nothing can be written beside this database, as the end of a sentence; None if it can."""
    folder = database.parent
    if _mounted_read_only(folder):
        return translate("Storage", "its disk or share is mounted read-only")
    if not _may_write(folder):
        return translate("Storage", "you may not write into its folder")
    if not _may_write(database):
        return translate("Storage", "you may not write to {database}").format(database=database.name)
    return None


class ReadOnlyFile:
    """Opens connections to a read-only database. Close it after them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._copy: tempfile.TemporaryDirectory[str] | None = None

    def connect(self) -> sqlite3.Connection:
        """A connection for reading: to the file itself, or to a copy if its log cannot be read in place.

        Raises sqlite3.Error, and ProjectError if the file cannot be read or copied.
        """
        try:
            return self._connected()
        except OSError as error:
            raise ProjectError(
                translate("Storage", "The database {path} cannot be opened: {reason}.").format(
                    path=self._path, reason=error.strerror
                )
            ) from error

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
        """A number that changes when the files have changed; constant for a copy."""
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
        """Copy the database with its logs: SQLite merges what a crash left in them, in the copy."""
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
        """``prepare`` is called with the URI of the copy, to change it before it is read."""
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
        """Constant: nobody else writes to the copy."""
        return 0

    def close(self) -> None:
        self._kept.close()


def open_immutable(path: Path) -> sqlite3.Connection:
    """A connection that reads the file as it is and ignores the files beside it. Raises sqlite3.Error."""
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

"""One SQLite file, its connections and its transactions."""

import contextlib
import errno
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.domain.disk import is_full
from app.domain.errors import (
    DamagedError,
    DatabaseBusyError,
    DiskError,
    KnownError,
    ProjectError,
    ReadOnlyError,
)
from app.domain.language import QT_TRANSLATE_NOOP, translate, translated
from app.storage.disk import SPACE_BYTES, reason_of, write_error
from app.storage.filesystem import is_network_folder
from app.storage.read_only import MemoryCopy, ReadOnlyFile

__all__ = ["BUSY_SECONDS", "Database", "Session", "connect", "damaged", "translated_errors"]

BUSY_SECONDS = 10
NETWORK_WARNING = QT_TRANSLATE_NOOP(
    "Storage",
    "This project is in a network folder, where its database works without a write-ahead "
    "log and is slower; keep the project on a local disk and only the images on the "
    "network.",
)
CHECK_DISK = QT_TRANSLATE_NOOP("Storage", "check the disk and the connection to it")
FREE_SPACE = QT_TRANSLATE_NOOP("Storage", "free some space and try again")
COPY_IT = QT_TRANSLATE_NOOP("Storage", "copy it to a place that you can write to and open the copy")


class Database:
    """The connections of one process to one database file. Safe to share between threads.

    All writes go through a single connection, one transaction at a time, so :meth:`data_version` changes only
    with other writers. ``warning`` is a sentence for the person if the file system does not allow a
    write-ahead log, else None. ``read_only`` is the reason why nothing can be written, or None; with a reason
    only :meth:`read` works, and no file is written beside the database. ``remedy`` is what to do about it.

    Opening changes nothing in a database that has the right journal, and waits for no writer. Raises
    ProjectError if the file is damaged or cannot be opened, ReadOnlyError if it turns out to be read-only,
    DiskError if the disk is full or fails.
    """

    def __init__(
        self,
        path: Path,
        read_only: str | None = None,
        remedy: str = COPY_IT,
        *,
        copy: MemoryCopy | None = None,
    ) -> None:
        """``copy``, of a read-only file, is read in its place and closed with this."""
        self.path = path
        self.read_only = read_only
        self._remedy = remedy
        self._fixed = None if read_only is None else copy or ReadOnlyFile(path)
        self.warning: str | None = None
        self.journal_mode = "none"
        if self._fixed is None:
            with translated_errors(path):
                self.journal_mode, lasting = _choose_journal(path)
            self.warning = (
                translated("Storage", NETWORK_WARNING) if lasting and self.journal_mode != "wal" else None
            )
        self._file = _identity(path)
        opening = partial(connect, path) if self._fixed is None else self._fixed.connect
        self._waits = threading.local()
        kind = (self.journal_mode, self._busy_seconds)
        self._reader = _engine(opening, "BEGIN", *kind, pool_size=4, max_overflow=12)
        self._writer = _engine(opening, "BEGIN IMMEDIATE", *kind, pool_size=1, max_overflow=0)
        self._version = 0
        self._write_lock = threading.RLock()
        self._writing = False
        self.before_first_write: Callable[[], object] | None = None
        """Called once, before the first change by this object; what it raises prevents the change."""

    def wait_at_most(self, seconds: float) -> None:
        """Make the calling thread wait this long for other processes, instead of BUSY_SECONDS."""
        self._waits.seconds = seconds

    def _busy_seconds(self) -> float:
        return getattr(self._waits, "seconds", BUSY_SECONDS)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on a consistent snapshot. Changes made through it are discarded."""
        with translated_errors(self.path), self._session(self._reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in a write transaction: committed, and on the disk, when the block ends without an error.

        Raises DatabaseBusyError if another process holds the database longer than the calling thread waits
        (10 seconds, or see :meth:`wait_at_most`), ReadOnlyError, ProjectError if the file was replaced.
        """
        self.require_writable()
        with self._write_lock:
            if self._writing:
                raise RuntimeError("Database.write() inside Database.write() of the same thread")
            if self.before_first_write is not None:
                self.before_first_write()
                self.before_first_write = None
            self._writing = True
            try:
                with translated_errors(self.path), self._session(self._writer) as session:
                    session.connection()  # BEGIN IMMEDIATE now, so that nothing changes while the block reads
                    self._require_same_file()
                    yield session
                    session.commit()
            finally:
                self._writing = False

    @contextmanager
    def trial(self) -> Iterator[Session]:
        """A session on a copy in memory, whose changes are discarded.

        Works for a read-only database, and while another process writes.
        """
        with translated_errors(self.path), contextlib.closing(self._copied()) as copy:
            engine = _engine(lambda: copy, "BEGIN", "memory", self._busy_seconds, pool_size=1, max_overflow=0)
            try:
                with self._session(engine) as session:
                    yield session
            finally:
                engine.dispose()

    def _copied(self) -> sqlite3.Connection:
        opening = connect(self.path) if self._fixed is None else self._fixed.connect()
        with contextlib.closing(opening) as source:
            copy = connect(":memory:")
            try:
                source.backup(copy)
            except BaseException:
                copy.close()
                raise
        return copy

    def require_writable(self) -> None:
        """Raises ReadOnlyError if nothing can be written."""
        if self.read_only is not None:
            raise ReadOnlyError(
                translate(
                    "Storage",
                    "The project {parent} is read-only here ({read_only}): nothing was changed; {remedy}.",
                ).format(parent=self.path.parent, read_only=self.read_only, remedy=self._remedy)
            )

    def _require_same_file(self) -> None:
        """A repair may have put another file in its place; what is written into the former one is lost.

        SQLite checks this by itself, but not with a write-ahead log.
        """
        if _identity(self.path) != self._file:
            error = ProjectError(
                translate(
                    "Storage",
                    "The database {path} was replaced by another file, perhaps by a repair, so nothing "
                    "was written; open the project again.",
                ).format(path=self.path)
            )
            error.retry_helps = True
            raise error

    def data_version(self) -> int:
        """A number that changes when another process, or another Database, has written."""
        if self._fixed is not None:
            version = self._fixed.version()
            if version != self._version:
                self._version = version
                self._reader.dispose()  # its connections have cached the old content
            return version
        with self._write_lock, translated_errors(self.path):
            raw = self._writer.raw_connection()
            try:
                return int(raw.cursor().execute("PRAGMA data_version").fetchone()[0])
            finally:
                raw.close()

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()
        if self._fixed is not None:
            self._fixed.close()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        with Session(engine, autoflush=False, expire_on_commit=False) as session:
            session.info["folder"] = self.path.parent
            yield session


def _identity(path: Path) -> tuple[int, int] | None:
    """Of a file, under whatever name; None if it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def connect(path: Path | str) -> sqlite3.Connection:
    """A bare connection without an implicit transaction, for pragmas, backups and migrations.

    ``path``: a Path, ``:memory:``, or the URI of a MemoryCopy.
    """
    is_uri = isinstance(path, str) and path.startswith("file:")
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=is_uri
    )
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Turn errors of the environment into known errors; other exceptions pass unchanged."""
    try:
        yield
    except DBAPIError as error:
        known = _known_error(path, error.orig)
        if known is None:
            raise
        raise known from error
    except sqlite3.Error as error:
        known = _known_error(path, error)
        if known is None:
            raise
        raise known from error


def _known_error(path: Path, error: BaseException | None) -> KnownError | None:
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    folder = path.parent
    sentences: dict[int, KnownError] = {
        sqlite3.SQLITE_BUSY: DatabaseBusyError(
            translate(
                "Storage",
                "Another program has been writing to the project {folder} for more than "
                "{busy_seconds} seconds; wait until it has finished and try again.",
            ).format(folder=folder, busy_seconds=BUSY_SECONDS)
        ),
        sqlite3.SQLITE_READONLY: ReadOnlyError(
            translate(
                "Storage",
                "The project {folder} cannot be written to; make the folder writable or copy it to a "
                "place that is.",
            ).format(folder=folder)
        ),
        sqlite3.SQLITE_FULL: _full(folder, OSError(errno.ENOSPC, "")),
        sqlite3.SQLITE_PERM: ProjectError(
            translate(
                "Storage", "You have no permission to use the database {path}; check its permissions."
            ).format(path=path)
        ),
        sqlite3.SQLITE_NOTADB: damaged(path),
        sqlite3.SQLITE_CORRUPT: damaged(path),
    }
    if primary in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}:
        known: KnownError | None = _disk_fault(path, primary, error)
    else:
        known = None if primary is None else sentences.get(primary)
    if known is not None:
        known.retry_helps = True
    return known


def _full(folder: Path, error: OSError) -> DiskError:
    reason = reason_of(error)
    what = (
        translate("Storage", "The disk that holds {folder} is full").format(folder=folder)
        if error.errno == errno.ENOSPC
        else f"{folder}: {reason}"
    )
    return DiskError(
        translate("Storage", "{what}; {free_space} (the work so far is safe).").format(
            what=what, free_space=translated("Storage", FREE_SPACE)
        ),
        reason,
        translated("Storage", FREE_SPACE),
    )


def _disk_fault(path: Path, code: int, error: BaseException | None) -> KnownError:
    """SQLite does not say whether a disk is full or broken; writing a small file shows it."""
    folder = path.parent
    refused = write_error(folder)
    if refused is not None and is_full(refused):
        return _full(folder, refused)
    if not folder.exists():
        return ProjectError(
            translate(
                "Storage", "The folder {folder} is no longer there; connect its disk and try again."
            ).format(folder=folder)
        )
    if code == sqlite3.SQLITE_CANTOPEN:  # also the log of a database in a folder that cannot be written to
        return ReadOnlyError(
            translate(
                "Storage",
                "The database {path} cannot be opened; check that the folder exists and that you may "
                "read and write it.",
            ).format(path=path)
        )
    return DiskError(
        translate(
            "Storage", "The disk that holds {folder} reported an error ({error}); {check_disk}."
        ).format(folder=folder, error=error, check_disk=translated("Storage", CHECK_DISK)),
        translate("Storage", "its disk reports errors"),
        translated("Storage", CHECK_DISK),
    )


def damaged(path: Path) -> DamagedError:
    """The error for a database that cannot be read."""
    return DamagedError(
        translate(
            "Storage",
            "The database {path} is damaged; 'tailspotter check {parent} --repair' sets it aside "
            "and recovers what can be read.",
        ).format(path=path, parent=path.parent)
    )


def _engine(
    opening: Callable[[], sqlite3.Connection],
    begin: str,
    journal_mode: str,
    busy_seconds: Callable[[], float],
    *,
    pool_size: int,
    max_overflow: int,
) -> Engine:
    engine = create_engine(
        "sqlite://",
        creator=opening,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=max_overflow,
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        # A commit returns once it has reached the disk: FULL does that in WAL mode; with a rollback journal
        # only EXTRA also makes the removal of the journal durable. macOS needs fullfsync for the same.
        connection.execute(f"PRAGMA synchronous = {'FULL' if journal_mode == 'wal' else 'EXTRA'}")
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.execute("PRAGMA cache_size = -32000")
        connection.execute("PRAGMA temp_store = MEMORY")

    @event.listens_for(engine, "checkout")
    def set_timeout(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(f"PRAGMA busy_timeout = {round(1000 * busy_seconds())}")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _choose_journal(path: Path) -> tuple[str, bool]:
    """Choose WAL if the file system allows it, else DELETE.

    Returns the mode in use, and whether the place allows no other. Nothing is written if the mode is right
    already; if it cannot be changed now, because of another writer or a full disk, it stays as it is.
    """
    network = is_network_folder(path.parent)
    with contextlib.closing(connect(path)) as connection:
        mode = _journal(connection, path)
        if mode == ("delete" if network else "wal"):
            _refuse_unwritable(connection)
            return mode, network
        if mode is not None and not network:
            try:
                with _without_waiting(connection):
                    mode = _set_journal(connection, "WAL")
                return mode, mode != "wal"
            except sqlite3.OperationalError as error:
                if _primary(error) == sqlite3.SQLITE_READONLY:
                    raise
                if _primary(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL} or write_error(path.parent):
                    return mode, False
        try:
            return _set_journal(connection, "DELETE"), True
        except sqlite3.OperationalError:
            # Without shared memory, only an exclusive connection can merge the write-ahead log.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            return _set_journal(connection, "DELETE"), True


def require_space(path: Path) -> None:
    """Raises DiskError if the disk has no space for the files that SQLite needs to open a database.

    SQLite would leave empty files behind.
    """
    if path.with_name(f"{path.name}-shm").exists():  # another process has it open
        return
    with contextlib.suppress(OSError):
        disk = shutil.disk_usage(path.parent)
        if disk.free < SPACE_BYTES and (error := write_error(path.parent)) is not None and is_full(error):
            raise _full(path.parent, error)


def _journal(connection: sqlite3.Connection, path: Path) -> str | None:
    """The current journal mode; None if the file system does not allow reading with it."""
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])
    except sqlite3.OperationalError as error:
        if _primary(error) == sqlite3.SQLITE_BUSY or write_error(path.parent):
            raise
        return None


def _refuse_unwritable(connection: sqlite3.Connection) -> None:
    """Begin and roll back a write: on some systems only trying shows that a file is read-only."""
    with _without_waiting(connection):
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if _primary(error) != sqlite3.SQLITE_BUSY:
                raise
        else:
            connection.execute("ROLLBACK")


@contextmanager
def _without_waiting(connection: sqlite3.Connection) -> Iterator[None]:
    """Do not wait for other writers inside the block."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {round(1000 * BUSY_SECONDS)}")


def _primary(error: sqlite3.Error) -> int:
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def _set_journal(connection: sqlite3.Connection, mode: str) -> str:
    return str(connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()[0])

"""One SQLite file, its connections and its transactions."""

import contextlib
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

from app.domain.errors import BusyError, KnownError, ProjectError, ReadOnlyError
from app.storage.filesystem import is_network_folder
from app.storage.read_only import ReadOnlyFile

__all__ = ["BUSY_SECONDS", "Database", "Session", "connect", "translated_errors"]

BUSY_SECONDS = 10
NETWORK_WARNING = (
    "This project lies on a network folder: its database works without a write-ahead log there, which is "
    "slower; keep the project on a local disk and let only the images stay on the network."
)


class Database:
    """The connections of one process to one database file. Safe to share between threads.

    All writes of a handle go through a single connection, one transaction at a time, so that
    :meth:`data_version` speaks of other writers only. ``warning`` is a sentence for the person when the file
    system does not allow a write-ahead log, else None. ``read_only`` says why nothing can be written, None
    where it can: then only :meth:`read` works, and nothing is written beside the file either.

    Raises ProjectError when the file is damaged or cannot be opened, ReadOnlyError when it turns out that
    it cannot be written.
    """

    def __init__(self, path: Path, read_only: str | None = None) -> None:
        self.path = path
        self.read_only = read_only
        self._fixed = None if read_only is None else ReadOnlyFile(path)
        self.warning: str | None = None
        self.journal_mode = "none"
        if self._fixed is None:
            with translated_errors(path):
                self.journal_mode = _settle_journal(path)
            self.warning = None if self.journal_mode == "wal" else NETWORK_WARNING
        opening = partial(connect, path) if self._fixed is None else self._fixed.connect
        self._reader = _engine(opening, "BEGIN", self.journal_mode, pool_size=4, max_overflow=12)
        self._writer = _engine(opening, "BEGIN IMMEDIATE", self.journal_mode, pool_size=1, max_overflow=0)
        self._version = 0
        self._write_lock = threading.RLock()
        self._writing = False

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one consistent snapshot. Nothing that is changed through it is kept."""
        with translated_errors(self.path), self._session(self._reader) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in a write transaction: committed, and on the disk, when the block ends without an error.

        Raises BusyError when another process keeps the database for longer than 10 seconds, ReadOnlyError
        where nothing can be written.
        """
        self.require_writable()
        with self._write_lock:
            if self._writing:
                raise RuntimeError("Database.write() inside Database.write() of the same thread")
            self._writing = True
            try:
                with translated_errors(self.path), self._session(self._writer) as session:
                    session.connection()  # BEGIN IMMEDIATE now: what the block reads cannot change under it
                    yield session
                    session.commit()
            finally:
                self._writing = False

    def require_writable(self) -> None:
        """Raises ReadOnlyError where nothing can be written."""
        if self.read_only is not None:
            raise ReadOnlyError(
                f"The project {self.path.parent} is read-only here ({self.read_only}): nothing was changed; "
                "copy it to a place that you can write to and open the copy."
            )

    def data_version(self) -> int:
        """A number that changes when another process (or another Database) has written."""
        if self._fixed is not None:
            version = self._fixed.version()
            if version != self._version:
                self._version = version
                self._reader.dispose()  # what the connections have read is no longer what the file holds
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


def connect(path: Path) -> sqlite3.Connection:
    """A bare connection without an implicit transaction, for pragmas, backups and migrations."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Turn what the environment did wrong into one sentence; everything else passes unchanged."""
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
        sqlite3.SQLITE_BUSY: BusyError(
            f"Another program has been writing to the project {folder} for more than {BUSY_SECONDS} seconds; "
            "wait until it has finished and try again."
        ),
        sqlite3.SQLITE_READONLY: ReadOnlyError(
            f"The project {folder} cannot be written to; make the folder writable or copy it "
            "to a place that is."
        ),
        # Also the log of a database in a folder that cannot be written to.
        sqlite3.SQLITE_CANTOPEN: ReadOnlyError(
            f"The database {path} cannot be opened; check that the folder exists and that you may "
            "read and write it."
        ),
        sqlite3.SQLITE_FULL: ProjectError(
            f"The disk that holds {folder} is full; free some space and try again (the work so far is safe)."
        ),
        sqlite3.SQLITE_IOERR: ProjectError(
            f"The disk that holds {folder} reported an error ({error}); check the disk and the connection "
            "to it."
        ),
        sqlite3.SQLITE_PERM: ProjectError(f"You may not use the database {path}; check its permissions."),
        sqlite3.SQLITE_NOTADB: _damaged(path),
        sqlite3.SQLITE_CORRUPT: _damaged(path),
    }
    return None if primary is None else sentences.get(primary)


def _damaged(path: Path) -> ProjectError:
    return ProjectError(
        f"The database {path} is damaged; copy the newest file of {path.parent / 'backups'} over it, "
        "if there is one."
    )


def _engine(
    opening: Callable[[], sqlite3.Connection],
    begin: str,
    journal_mode: str,
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
        # A commit returns when it has reached the disk: FULL does that in WAL mode; with a rollback journal
        # only EXTRA also makes the removal of the journal last. fullfsync is what macOS needs for the same.
        connection.execute(f"PRAGMA synchronous = {'FULL' if journal_mode == 'wal' else 'EXTRA'}")
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.execute("PRAGMA cache_size = -32000")
        connection.execute("PRAGMA temp_store = MEMORY")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _settle_journal(path: Path) -> str:
    """Choose WAL where the file system allows it, DELETE where not; return the mode in force."""
    with contextlib.closing(connect(path)) as connection:
        if not is_network_folder(path.parent):
            with contextlib.suppress(sqlite3.OperationalError):
                if (mode := _set_journal(connection, "WAL")) == "wal":
                    return mode
        try:
            return _set_journal(connection, "DELETE")
        except sqlite3.OperationalError:
            # A write-ahead log without shared memory can only be folded in by an exclusive holder.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            return _set_journal(connection, "DELETE")


def _set_journal(connection: sqlite3.Connection, mode: str) -> str:
    return str(connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()[0])

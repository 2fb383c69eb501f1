"""thumbnails.db: a bounded cache of small encoded pictures by content, least recently used out first.

A damaged file is deleted and started again; on a full or read-only disk, pictures are simply made again.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    QueuePool,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from app.storage.chunks import chunks
from app.storage.filesystem import is_network_folder
from app.storage.layout import database_files
from app.storage.read_only import open_immutable

BUCKETS: Final = (320, 640)
"""Long sides in pixels of kept thumbnails; the larger one is for high-density screens."""

FORMAT: Final = 1
DEFAULT_MAX_BYTES: Final = 4 << 30
BUSY_SECONDS: Final = 2
FRESH_SECONDS: Final = 3600
"""A use is recorded only if the last recorded one is older than this."""

_DAMAGE: Final = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
_READ_ONLY: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
_ENVIRONMENT: Final = (
    _DAMAGE
    | _READ_ONLY
    | {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
    | {sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS}
)
_FREED_SHARE: Final = 0.1
_FILLED_AHEAD: Final = 0.9
_EVICTED_AT_ONCE: Final = 256

T = TypeVar("T")
log = logging.getLogger(__name__)
_metadata = MetaData()
_table = Table(
    "thumbnail",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("bucket", Integer, nullable=False),
    Column("used_at", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("content_hash", "bucket", name="uq_thumbnail_content_hash_bucket"),
    # Covering, so that eviction does not read the pictures.
    Index("ix_thumbnail_used_at", "used_at", "id", "bytes"),
)


class ThumbnailStore:
    """Encoded pictures by (content hash, bucket). Safe to share between threads.

    ``max_bytes`` bounds the pages in use; above it, the least recently used pictures are evicted until a
    tenth is free. ``clock`` gives seconds since the epoch. ``writable`` turns False if the place does not
    allow a cache; then nothing is stored. With ``read_only`` the existing pictures are used and nothing is
    written.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_bytes: int = DEFAULT_MAX_BYTES,
        clock: Callable[[], float] = time.time,
        read_only: bool = False,
    ) -> None:
        self.path = path
        self.writable = not read_only
        self._read_only = read_only
        self._max_bytes = max_bytes
        self._clock = clock
        self._damaged = False
        self._write_lock = threading.Lock()
        self._uses: dict[int, int] = {}
        self._engine = _engine(partial(open_immutable if read_only else _connect, path))
        if read_only:
            self._damaged = not path.is_file() or self._ask(_format, 0) != FORMAT
            return
        self._prepare()
        if self._damaged:
            self._delete_file()
            self._prepare()

    def get(self, content_hash: str, bucket: int) -> bytes | None:
        """The picture, None if it is not in the cache."""
        if self._read_only and self._damaged:
            return None
        query = select(_table.c.id, _table.c.used_at, _table.c.data).where(
            _table.c.content_hash == content_hash, _table.c.bucket == bucket
        )
        row = self._ask(lambda connection: connection.execute(query).first(), None)
        if row is None:
            return None
        now = int(self._clock())
        if now - row.used_at > FRESH_SECONDS:
            with self._write_lock:
                self._uses[row.id] = now
        return bytes(row.data)

    def put(self, content_hash: str, bucket: int, data: bytes) -> None:
        """Store a picture, replacing one with the same key."""
        self.put_all({content_hash: data}, bucket)

    def put_all(self, pictures: Mapping[str, bytes], bucket: int) -> None:
        """Store pictures by content hash in one transaction, replacing those with the same key."""
        now = int(self._clock())
        rows = [
            {"content_hash": content_hash, "bucket": bucket, "used_at": now, "bytes": len(data), "data": data}
            for content_hash, data in pictures.items()
        ]
        added = insert(_table)
        replaced = {name: added.excluded[name] for name in ("used_at", "bytes", "data")}
        statement = added.on_conflict_do_update(("content_hash", "bucket"), set_=replaced)

        def store(connection: Connection) -> None:
            connection.execute(statement, rows)
            self._note_uses(connection)
            self._evict(connection)

        self._change(store)

    def used_bytes(self) -> int:
        """Bytes of the pages in use; the file may be larger, as freed pages are reused."""
        return self._ask(_used_bytes, 0)

    def room(self) -> int:
        """Bytes left for pictures made ahead, which fill nine tenths, so that they push out no others."""
        return int(_FILLED_AHEAD * self._max_bytes) - self.used_bytes()

    def hashes(self, bucket: int, among: Iterable[str] | None = None) -> set[str]:
        """The content hashes of the pictures of this bucket, all or those that are ``among`` these."""
        query = select(_table.c.content_hash).where(_table.c.bucket == bucket)
        if among is None:
            return self._ask(lambda connection: set(connection.execute(query).scalars()), set())
        some = query.where(_table.c.content_hash.in_(bindparam("hashes", expanding=True)))

        def look_up(connection: Connection) -> set[str]:
            return {
                one for part in chunks(among) for one in connection.execute(some, {"hashes": part}).scalars()
            }

        return self._ask(look_up, set())

    def count(self) -> int:
        query = select(func.count()).select_from(_table)
        return self._ask(lambda connection: connection.execute(query).scalar_one(), 0)

    def clear(self) -> None:
        """Delete every picture."""
        self._change(lambda connection: connection.execute(delete(_table)))

    def close(self) -> None:
        """Record the last uses and close the file; a damaged file is deleted."""
        if self._uses:
            self._change(self._note_uses)
        self._engine.dispose()
        if self._damaged and not self._read_only:
            self._delete_file()

    def _prepare(self) -> None:
        self._damaged = False
        self._change(_create_tables)

    def _delete_file(self) -> None:
        self._engine.dispose()
        try:
            for path in database_files(self.path):
                path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the damaged thumbnail store %s could not be removed: %s", self.path, error)

    def _note_uses(self, connection: Connection) -> None:
        """Call it in a write transaction, with the write lock held."""
        uses, self._uses = self._uses, {}
        for number, used_at in uses.items():
            connection.execute(update(_table).where(_table.c.id == number).values(used_at=used_at))

    def _evict(self, connection: Connection) -> None:
        surplus = _used_bytes(connection) - self._max_bytes
        if surplus <= 0:
            return
        surplus += int(self._max_bytes * _FREED_SHARE)
        oldest = (
            select(_table.c.id, _table.c.bytes)
            .order_by(_table.c.used_at, _table.c.id)
            .limit(_EVICTED_AT_ONCE)
        )
        while surplus > 0 and (rows := connection.execute(oldest).all()):
            evicted = []
            for number, size in rows:
                evicted.append(number)
                surplus -= size
                if surplus <= 0:
                    break
            connection.execute(delete(_table).where(_table.c.id.in_(evicted)))

    def _ask(self, question: Callable[[Connection], T], otherwise: T) -> T:
        try:
            with self._engine.connect() as connection:
                return question(connection)
        except (DBAPIError, sqlite3.Error) as error:
            self._tolerate(error)
            return otherwise

    def _change(self, action: Callable[[Connection], object]) -> None:
        """Run one write transaction; only one runs at a time."""
        if not self.writable or self._damaged:
            return
        with self._write_lock:
            try:
                with self._engine.begin() as connection:
                    action(connection)
            except (DBAPIError, sqlite3.Error) as error:
                self._tolerate(error)

    def _tolerate(self, error: DBAPIError | sqlite3.Error) -> None:
        """Log an error of the environment: the program works without the cache. Raise any other error."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorcode", None)
        if code is None or code & 0xFF not in _ENVIRONMENT:
            raise error
        self._damaged |= code & 0xFF in _DAMAGE
        self.writable &= code & 0xFF not in _READ_ONLY
        log.warning("the thumbnail store %s: %s", self.path, cause)


def _create_tables(connection: Connection) -> None:
    if _format(connection) == FORMAT:
        return
    connection.exec_driver_sql("DROP TABLE IF EXISTS thumbnail")
    _metadata.create_all(connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")


def _format(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _used_bytes(connection: Connection) -> int:
    pages, free, size = (
        int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _engine(opening: Callable[[], sqlite3.Connection]) -> Engine:
    engine = create_engine("sqlite://", creator=opening, poolclass=QueuePool, pool_size=4, max_overflow=4)

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    # With a write-ahead log, NORMAL does not wait for the disk at each commit; a power loss may cost the last
    # pictures, which are simply made again.
    mode = "DELETE" if is_network_folder(path.parent) else "WAL"
    try:
        for pragma in (f"journal_mode = {mode}", "synchronous = NORMAL", "journal_size_limit = 16777216"):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:  # a file that is open cannot be deleted everywhere
        connection.close()
        raise
    return connection

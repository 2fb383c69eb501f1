"""What is in a backup, how that differs from the project, and putting it back."""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.domain.backups import Contents, Difference
from app.domain.errors import (
    BadInputError,
    DamagedError,
    DiskError,
    KnownError,
    NotFoundError,
    VersionError,
)
from app.domain.language import translate
from app.storage import migrate
from app.storage.backup import back_up, copy_content
from app.storage.database import connect, translated_errors
from app.storage.layout import database_files
from app.storage.read_only import open_immutable

JUMP: Final = 1_000_000
"""Added to the last ids where those of the present database are unknown, so that none is used twice."""


def contents(path: Path) -> Contents:
    """What a file of backups holds. Raises NotFoundError, BadInputError, DamagedError or VersionError."""
    if not path.is_file():
        raise NotFoundError(translate("Storage", "There is no backup {path}.").format(path=path))
    try:
        with closing(open_immutable(path)) as connection:
            _require_usable(path, connection)
            return contents_of(connection)
    except sqlite3.DatabaseError as error:
        raise _unreadable(path, error) from error
    except OSError as error:
        raise BadInputError(
            translate("Storage", "{path} cannot be read: {reason}.").format(
                path=path, reason=error.strerror or error
            )
        ) from error


def contents_of(connection: sqlite3.Connection) -> Contents:
    """Raises sqlite3.Error."""

    def one(query: str) -> int:
        return int(connection.execute(query).fetchone()[0])

    project = connection.execute("SELECT value FROM setting WHERE key = 'project_id'").fetchone()
    last = connection.execute("SELECT created_at FROM batch ORDER BY id DESC LIMIT 1").fetchone()
    return Contents(
        project_id="" if project is None else str(project[0]).strip('"'),
        images=one("SELECT count(*) FROM image"),
        reviewed=one("SELECT count(reviewed_batch_id) FROM image"),
        categories=one("SELECT count(*) FROM category"),
        yes=one("SELECT count(*) FROM label WHERE state = 1"),
        no=one("SELECT count(*) FROM label WHERE state = 0"),
        steps=one("SELECT count(*) FROM batch"),
        last_change=None if last is None else datetime.fromisoformat(last[0]).replace(tzinfo=UTC),
    )


def difference(present: Path, backup: Path) -> Difference:
    """What differs in the backup. Raises DamagedError about the present database."""
    with (
        closing(sqlite3.connect("file::memory:", uri=True, isolation_level=None)) as both,
        translated_errors(present),
    ):
        both.execute("ATTACH ? AS old", (f"{backup.absolute().as_uri()}?immutable=1",))
        _attach_present(both, present)

        def one(query: str) -> int:
            return int(both.execute(query).fetchone()[0])

        def only_in(side: str, other: str, table: str, what: str, *keys: str, condition: str = "1") -> str:
            same = " AND ".join(f"b.{key} = a.{key}" for key in keys)
            return (
                f"SELECT {what} FROM {side}.{table} a WHERE {condition} AND NOT EXISTS "
                f"(SELECT 1 FROM {other}.{table} b WHERE {same} AND {condition.replace('a.', 'b.')})"
            )

        def numbers(table: str, *keys: str, condition: str = "1") -> tuple[int, int]:
            return (
                one(only_in("now", "old", table, "count(*)", *keys, condition=condition)),
                one(only_in("old", "now", table, "count(*)", *keys, condition=condition)),
            )

        def names(side: str, other: str) -> list[str]:
            query = only_in(side, other, "category", "a.name", "name_key")
            return [str(row[0]) for row in both.execute(f"{query} ORDER BY a.id")]

        labels = numbers("label", "image_id", "category_id")
        reviews = numbers("image", "id", condition="a.reviewed_batch_id IS NOT NULL")
        images = numbers("image", "id")
        changed = one(
            "SELECT count(*) FROM now.label a JOIN old.label b "
            "ON b.image_id = a.image_id AND b.category_id = a.category_id WHERE a.state <> b.state"
        )
        steps = numbers("batch", "id", "created_at")
        files = one(
            "SELECT count(*) FROM now.image a JOIN old.image b ON b.id = a.id WHERE b.root_id <> a.root_id "
            "OR b.path <> a.path OR b.state <> a.state OR b.content_hash IS NOT a.content_hash"
        )
        return Difference(
            *labels, changed, *reviews, *images, names("now", "old"), names("old", "now"), *steps, files
        )


def put_back(backup: Path, database: Path, backups: Path, folder: Path) -> Path:
    """Replace the content of the database by that of a backup, in one transaction; return a new backup of
    what it held before.

    Other programs that have the database open see the new content. Ids that were given since the backup are
    not given again. Raises what :func:`back_up` raises, and VersionError; then nothing is changed.
    """
    if not migrate.is_current(database):
        migrate.bring_up_to_date(database, backups)
    with (
        current_copy(backup, folder) as copy,
        translated_errors(database),
        closing(connect(database)) as target,
    ):
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("PRAGMA synchronous = EXTRA")
        target.execute("ATTACH ? AS old", (str(copy),))
        # From here on nobody else writes, so that the backup holds every change that the restore takes back.
        target.execute("BEGIN IMMEDIATE")
        try:
            before = back_up(database, backups, "before-restore")
            _copy_tables(target)
        except BaseException:
            if target.in_transaction:  # a full disk has ended it already
                target.execute("ROLLBACK")
            raise
        target.execute("COMMIT")
    return before


def _copy_tables(target: sqlite3.Connection) -> None:
    """Replace the rows of every table by those of the attached database of the same schema."""
    tables = [row[0] for row in target.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
    for table in tables:
        if not table.startswith("sqlite_"):
            columns = ", ".join(f'"{row[1]}"' for row in target.execute(f'PRAGMA main.table_info("{table}")'))
            target.execute(f'DELETE FROM main."{table}"')
            target.execute(f'INSERT INTO main."{table}" ({columns}) SELECT {columns} FROM old."{table}"')
    raise_sequences(target, dict(target.execute("SELECT name, seq FROM old.sqlite_sequence")))


@contextmanager
def current_copy(backup: Path, folder: Path) -> Iterator[Path]:
    """A temporary copy of a backup in ``folder``, migrated to the schema of this version."""
    copy = folder / f"project.db.{uuid.uuid4().hex}"
    try:
        with closing(open_immutable(backup)) as source, closing(connect(copy)) as target:
            copy_content(source, target, copy)
        if not migrate.is_current(copy):
            migrate.upgrade(copy)
        yield copy
    finally:
        for path in database_files(copy):
            with suppress(OSError):
                path.unlink()


def raise_sequences(connection: sqlite3.Connection, sequences: dict[str, int] | None) -> None:
    """Let new rows get ids above these, by table; far above the present ones if they are unknown (None)."""
    if sequences is None:
        connection.execute("UPDATE main.sqlite_sequence SET seq = seq + ?", (JUMP,))
        return
    known = dict(connection.execute("SELECT name, seq FROM main.sqlite_sequence"))
    for table, last in sequences.items():
        if table not in known:
            connection.execute("INSERT INTO main.sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
        elif last > known[table]:
            connection.execute("UPDATE main.sqlite_sequence SET seq = ? WHERE name = ?", (last, table))


def _attach_present(both: sqlite3.Connection, present: Path) -> None:
    place = present.absolute().as_uri()
    try:
        both.execute("ATTACH ? AS now", (f"{place}?mode=rw",))
        both.execute("SELECT count(*) FROM now.sqlite_master").fetchone()
    except sqlite3.OperationalError:  # a log that cannot be read in a read-only place
        with suppress(sqlite3.OperationalError):
            both.execute("DETACH now")
        both.execute("ATTACH ? AS now", (f"{place}?immutable=1",))


def _require_usable(path: Path, connection: sqlite3.Connection) -> None:
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "setting", "batch", "ledger", "label"} <= tables:
        raise BadInputError(
            translate("Storage", "{path} is not a backup of a Tailspotter project.").format(path=path)
        )
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise DamagedError(
            translate("Storage", "The backup {path} is damaged; choose another one.").format(path=path)
        )
    try:
        migrate.require_known(path, connection)
    except VersionError:
        raise VersionError(
            translate(
                "Storage",
                "The backup {path} was made by a newer version of Tailspotter; update Tailspotter to "
                "restore it.",
            ).format(path=path)
        ) from None


def _unreadable(path: Path, error: sqlite3.DatabaseError) -> KnownError:
    code = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
    if code == sqlite3.SQLITE_NOTADB:
        return BadInputError(
            translate("Storage", "{path} is not a backup of a Tailspotter project.").format(path=path)
        )
    if code in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return DiskError(
            translate("Storage", "The backup {path} cannot be read ({error}); check the disk.").format(
                path=path, error=error
            ),
            str(error),
            "",
        )
    return DamagedError(
        translate("Storage", "The backup {path} is damaged; choose another one.").format(path=path)
    )

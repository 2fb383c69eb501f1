"""Migrates a database to the schema of this version, after a backup."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, NullPool, create_engine, event

from app.domain.errors import KnownError, NotAProjectError, OlderVersionError, VersionError
from app.domain.language import translate
from app.storage.backup import back_up
from app.storage.database import connect, translated_errors
from app.storage.read_only import MemoryCopy

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0007"
SCHEMA_MAJOR = 1
"""Increased when older versions could no longer read what this one writes; stored in the settings."""

WAIT_SECONDS = 2
"""How long a migration waits for another writer."""

MIGRATIONS = Path(__file__).parent / "migrations"


def create_tables(path: Path) -> None:
    """Create the tables of a new project in the file ``path``."""
    upgrade(path, HEAD)


def is_current(path: Path) -> bool:
    """Whether a project has the schema of this version; False for an older one.

    Raises ProjectError if the database is not a project's or was written by a newer version.
    """
    with translated_errors(path), closing(connect(path)) as connection:
        return _is_current(path, connection)


def bring_up_to_date(path: Path, backups: Path) -> Path:
    """Migrate an older project; return the backup.

    Raises DatabaseBusyError if another program keeps writing, DiskError if the disk is full; the project is
    then unchanged, and no backup is left.
    """
    with translated_errors(path), closing(connect(path)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {round(1000 * WAIT_SECONDS)}")
        connection.execute("BEGIN IMMEDIATE")  # fails now if it is busy, before a useless backup
        connection.execute("ROLLBACK")
    backup = back_up(path, backups, f"before-{HEAD}")
    try:
        upgrade(path, HEAD)
    except KnownError:
        backup.unlink(missing_ok=True)
        raise
    return backup


def refuse_older(path: Path) -> None:
    """Raises OlderVersionError for a project of an older version, ProjectError as :func:`is_current`."""
    if not is_current(path):
        raise OlderVersionError(
            translate(
                "Storage",
                "The project {parent} was written by an older version; the next command that opens "
                "it brings it up to date, after a backup.",
            ).format(parent=path.parent)
        )


def copy_for_reading(path: Path, opening: Callable[[], sqlite3.Connection]) -> MemoryCopy | None:
    """A migrated copy in memory of an older project that cannot itself be migrated; None for a current one.

    ``opening`` connects to the database. Raises as :func:`is_current`.
    """
    with translated_errors(path), closing(opening()) as connection:
        return None if _is_current(path, connection) else MemoryCopy(connection, upgrade)


def require_known(path: Path, connection: sqlite3.Connection) -> None:
    """Raises VersionError for the database of a newer version, ProjectError if it is no project's."""
    _is_current(path, connection)


def _is_current(path: Path, connection: sqlite3.Connection) -> bool:
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "setting"} <= tables:
        raise NotAProjectError(
            translate("Storage", "{path} is not the database of a Tailspotter project.").format(path=path)
        )
    revision = _only(connection.execute("SELECT version_num FROM alembic_version").fetchone())
    major = _only(connection.execute("SELECT value FROM setting WHERE key = 'schema_major'").fetchone())
    if int(major or SCHEMA_MAJOR) > SCHEMA_MAJOR:
        raise _newer(path)
    if revision != HEAD and revision not in revisions():
        raise _newer(path)
    return revision == HEAD


def upgrade(path: Path | str, revision: str = HEAD) -> None:
    """Run the migrations up to ``revision`` in one transaction."""
    from alembic import command

    with _migrating(path) as (config, _):
        command.upgrade(config, revision)


def downgrade(path: Path, revision: str) -> None:
    """Run the migrations back to ``revision`` (``base``: no tables) in one transaction."""
    from alembic import command

    with _migrating(path) as (config, _):
        command.downgrade(config, revision)


def revisions() -> list[str]:
    """The revisions this version knows, newest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


@contextmanager
def _migrating(path: Path | str) -> "Iterator[tuple[Config, Connection]]":
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    engine = create_engine("sqlite://", creator=lambda: connect(path), poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with translated_errors(Path(path)), engine.connect() as connection:
        # Rebuilding a table drops it first; with foreign keys enforced that would delete the rows that refer
        # to it. The pragma has no effect inside a transaction, so it is set before, on the bare connection.
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.cursor().execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            yield config, connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration left {len(broken)} broken references: {broken[:3]}")


def _only(row: tuple[str] | None) -> str | None:
    return None if row is None else row[0]


def _newer(path: Path) -> VersionError:
    return VersionError(
        translate(
            "Storage",
            "The project {parent} was written by a newer version of Tailspotter; update "
            "Tailspotter to open it.",
        ).format(parent=path.parent)
    )

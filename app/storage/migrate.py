"""Brings a database to the schema of this version, with a backup first."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, NullPool, create_engine, event

from app.domain.errors import NotAProjectError, VersionError
from app.storage.backup import back_up
from app.storage.database import connect, translated_errors
from app.storage.read_only import ReadOnlyFile

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0002"
SCHEMA_MAJOR = 1
"""Raised when an older version could no longer read what this one writes; stored in the settings."""

MIGRATIONS = Path(__file__).parent / "migrations"


def create_tables(path: Path) -> None:
    """Create the tables of a new project in the file ``path``."""
    upgrade(path, HEAD)


def bring_up_to_date(path: Path, backups: Path) -> Path | None:
    """Migrate an older project; return the backup that was made, None if nothing had to be done.

    Raises ProjectError when the database is no project's or was written by a newer version.
    """
    with translated_errors(path), closing(connect(path)) as connection:
        current = _is_current(path, connection)
    if current:
        return None
    backup = back_up(path, backups, f"before-{HEAD}")
    upgrade(path, HEAD)
    return backup


def refuse_older(path: Path) -> None:
    """For who only looks. Raises ProjectError as above, VersionError for a project of an older version."""
    with translated_errors(path), closing(connect(path)) as connection:
        if not _is_current(path, connection):
            raise VersionError(
                f"The project {path.parent} was written by an older version; the next command that opens it "
                "brings it up to date, after a backup."
            )


def require_current(path: Path, reason: str, remedy: str) -> None:
    """For a project that can only be read for this ``reason``; ``remedy`` is what to do about it.

    Raises ProjectError as above, and when it is an older one.
    """
    file = ReadOnlyFile(path)
    try:
        with translated_errors(path), closing(file.connect()) as connection:
            current = _is_current(path, connection)
    finally:
        file.close()
    if not current:
        raise VersionError(
            f"The project {path.parent} was written by an older version and is read-only here ({reason}), "
            f"so it cannot be brought up to date; {remedy}."
        )


def _is_current(path: Path, connection: sqlite3.Connection) -> bool:
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {"alembic_version", "setting"} <= tables:
        raise NotAProjectError(f"{path} is not the database of a Tailspotter project.")
    revision = _only(connection.execute("SELECT version_num FROM alembic_version").fetchone())
    major = _only(connection.execute("SELECT value FROM setting WHERE key = 'schema_major'").fetchone())
    if int(major or SCHEMA_MAJOR) > SCHEMA_MAJOR:
        raise _newer(path)
    if revision != HEAD and revision not in revisions():
        raise _newer(path)
    return revision == HEAD


def upgrade(path: Path, revision: str = HEAD) -> None:
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
def _migrating(path: Path) -> "Iterator[tuple[Config, Connection]]":
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    engine = create_engine("sqlite://", creator=lambda: connect(path), poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with translated_errors(path), engine.connect() as connection:
        # Rebuilding a table drops it first; with foreign keys enforced that would take the rows that refer to
        # it along. The pragma has no effect inside a transaction, hence before it, on the bare connection.
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
        f"The project {path.parent} was written by a newer version of Tailspotter; update Tailspotter "
        "to open it."
    )

"""Backups of the database, consistent even while another process writes."""

from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from app.storage.abandoned import remove_abandoned
from app.storage.database import connect, translated_errors
from app.storage.disk import disk_error
from app.storage.layout import database_files


def back_up(database: Path, folder: Path, reason: str = "manual") -> Path:
    """Copy the database into ``folder`` and return the copy.

    It is written under a temporary name first, so a backup is always complete. Raises ProjectError.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    target = folder / f"project-{stamp}-{reason}.db"
    partial = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_abandoned(folder, "project-*.part*")
        with (
            translated_errors(target),
            closing(connect(database)) as source,
            closing(connect(partial)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        partial.replace(target)
    except OSError as error:
        raise disk_error(f"The backup {target} cannot be written", error) from error
    finally:
        for path in database_files(partial):  # a full disk leaves SQLite's own files behind too
            with suppress(OSError):
                path.unlink()
    return target


def newest(folder: Path) -> Path | None:
    """The newest backup in the folder, if there is one."""
    with suppress(OSError):
        return max(folder.glob("project-*.db"), key=lambda path: path.name, default=None)
    return None

"""Copies of the database that are whole even while somebody writes."""

from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from app.storage.database import connect, translated_errors
from app.storage.disk import disk_error


def back_up(database: Path, folder: Path, reason: str = "manual") -> Path:
    """Copy the database into ``folder`` and return the copy.

    It is written under a temporary name first, so that a file that is there is a whole one. Raises
    ProjectError.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    target = folder / f"project-{stamp}-{reason}.db"
    partial = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
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
        for suffix in ("", "-wal", "-shm", "-journal"):  # a full disk leaves SQLite's own files behind too
            with suppress(OSError):
                partial.with_name(partial.name + suffix).unlink()
    return target


def newest(folder: Path) -> Path | None:
    """The newest backup in the folder, None where there is none."""
    with suppress(OSError):
        return max(folder.glob("project-*.db"), key=lambda path: path.name, default=None)
    return None

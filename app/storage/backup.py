"""Backups of the database, consistent even while another process writes."""

import json
import logging
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from app.domain.backups import Backup
from app.domain.errors import BusyError, DamagedError, ProjectError
from app.domain.language import translate
from app.storage.abandoned import remove_abandoned
from app.storage.database import BUSY_SECONDS, connect, damaged, translated_errors
from app.storage.disk import disk_error
from app.storage.layout import database_files

DAILY: Final = "daily"
DAYS: Final = 7
WEEKS: Final = 4
"""Daily backups that are kept: the newest of each of the last 7 days and 4 weeks that have one."""
SPARE_BYTES: Final = 100 << 20
"""A daily backup leaves this much and another copy's size free on the disk."""
_NAME: Final = re.compile(r"project-(\d{8}-\d{6}-\d{6})-([\w.-]+)\.db")
RESTORES: Final = "restores.jsonl"
"""In the folder of backups: when which one was restored."""
_STAMP: Final = "%Y%m%d-%H%M%S-%f"

log = logging.getLogger(__name__)


def stamp() -> str:
    """The present time, for the name of a file."""
    return datetime.now(UTC).strftime(_STAMP)


def back_up(database: Path, folder: Path, reason: str = "manual") -> Path:
    """Copy the database into ``folder`` and return the copy.

    It is written under a temporary name first and checked, so a backup is always complete. Raises
    ProjectError, DamagedError if the database is damaged, DatabaseBusyError.
    """
    target = folder / f"project-{stamp()}-{reason}.db"
    partial = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_abandoned(folder, "project-*.part*")
        with (
            translated_errors(database),
            closing(connect(database)) as source,
            closing(connect(partial)) as copy,
        ):
            copy_content(source, copy, database)
            copy.execute("PRAGMA journal_mode = DELETE")
            sound = copy.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        if not sound:
            raise damaged(database)
        partial.replace(target)
    except OSError as error:
        raise disk_error(
            translate("Storage", "The backup {target} cannot be written").format(target=target), error
        ) from error
    finally:
        for path in database_files(partial):  # a full disk leaves SQLite's own files behind too
            with suppress(OSError):
                path.unlink()
    return target


def copy_content(source: sqlite3.Connection, copy: sqlite3.Connection, database: Path) -> None:
    """Replace all content of ``copy`` in one transaction. Raises DatabaseBusyError about ``database``."""
    deadline = time.monotonic() + BUSY_SECONDS

    def give_up(status: int, _remaining: int, _total: int) -> None:
        # Python itself would try for ever.
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > deadline:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error

    with translated_errors(database):
        source.backup(copy, progress=give_up, sleep=0.05)


def listed(folder: Path) -> list[Backup]:
    """The backups in the folder, newest first. Raises ProjectError if it cannot be read."""
    found = []
    try:
        for path in folder.glob("project-*.db"):
            match = _NAME.fullmatch(path.name)
            with suppress(ValueError, FileNotFoundError):
                if match is not None:
                    made = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                    found.append(Backup(path, made, match[2], path.stat().st_size))
    except OSError as error:
        raise disk_error(
            translate("Storage", "The backups in {folder} cannot be read").format(folder=folder), error
        ) from error
    return sorted(found, key=lambda one: one.name, reverse=True)


def note_restore(folder: Path, made_at: datetime) -> None:
    """Record that the backup of this time was restored now. Raises ProjectError."""
    record = {"at": datetime.now(UTC).isoformat(), "restored": made_at.isoformat()}
    try:
        with (folder / RESTORES).open("a", encoding="ascii") as stream:
            stream.write(json.dumps(record) + "\n")
    except OSError as error:
        raise disk_error(
            translate("Storage", "{folder} cannot be written").format(folder=folder / RESTORES), error
        ) from error


def ancestors(folder: Path) -> list[Backup]:
    """The backups that the present state descends from, newest first.

    A restore takes back what was done since; backups from between are of a state that was given up.
    """
    records: list[tuple[datetime, datetime]] = []
    with suppress(OSError):
        for line in (folder / RESTORES).read_text("ascii", "replace").splitlines():
            with suppress(ValueError, KeyError, TypeError):
                found = json.loads(line)
                records.append(
                    (datetime.fromisoformat(found["at"]), datetime.fromisoformat(found["restored"]))
                )
    kept: list[Backup] = []
    backups, end = listed(folder), datetime.max.replace(tzinfo=UTC)
    for at, restored in sorted(records, reverse=True):
        if at <= end:
            kept += [one for one in backups if at < one.made_at <= end]
            end = restored
    return kept + [one for one in backups if one.made_at <= end]


def newest(folder: Path) -> Path | None:
    """The newest backup in the folder, if there is one."""
    with suppress(OSError):
        return max(folder.glob("project-*.db"), key=lambda path: path.name, default=None)
    return None


def back_up_daily(
    database: Path, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Path | None:
    """The first backup of this day if the project has changes from earlier days; None if none was made.

    Older daily backups are thinned out. On a disk that has too little space, or that fails, nothing is made,
    and the log says why. Raises DamagedError if the database is damaged.
    """
    try:
        today = _day(now())
        known = listed(folder)
        if any(_day(one.made_at) == today for one in known) or not _older_changes(database, today):
            return None
        free, needed = shutil.disk_usage(database.parent).free, database.stat().st_size
        if free < 2 * needed + SPARE_BYTES:
            log.warning("no daily backup of %s: only %s bytes are free on its disk", database, f"{free:,}")
            return None
        made = back_up(database, folder, DAILY)
        for old in surplus(listed(folder)):
            old.path.unlink(missing_ok=True)
    except DamagedError:
        raise
    except (ProjectError, BusyError, OSError) as error:
        log.warning("no daily backup of %s: %s", database, error)
        return None
    return made


def surplus(backups: Iterable[Backup]) -> list[Backup]:
    """The daily backups that are not kept; every other backup is kept."""
    daily = sorted((one for one in backups if one.reason == DAILY), key=lambda one: one.name, reverse=True)
    days: dict[object, Backup] = {}
    weeks: dict[object, Backup] = {}
    for one in daily:
        day = _day(one.made_at)
        days.setdefault(day, one)
        weeks.setdefault(day.isocalendar()[:2], one)
    kept = {one.name for one in [*list(days.values())[:DAYS], *list(weeks.values())[:WEEKS]]}
    return [one for one in daily if one.name not in kept]


def _day(moment: datetime) -> date:
    return moment.astimezone().date()


def _older_changes(database: Path, today: date) -> bool:
    """Whether there is anything to protect: a new project gets its first backup on the next day."""
    with translated_errors(database), closing(connect(database)) as connection:
        row = connection.execute("SELECT created_at FROM batch ORDER BY id LIMIT 1").fetchone()
    return row is not None and _day(datetime.fromisoformat(row[0]).replace(tzinfo=UTC)) < today

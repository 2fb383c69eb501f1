"""Recovering a database that cannot be read: the newest backup, and what is newer and still readable."""

import shutil
import tempfile
import uuid
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from app import __version__
from app.domain.errors import KnownError, ProjectError
from app.domain.findings import Finding, FindingState
from app.services.project.project import BUNDLED
from app.services.safety.database_faults import NOT_KEPT
from app.services.safety.file_faults import WORK
from app.services.text_files import atomic_writer
from app.storage import backup, backup_contents, integrity, migrate, salvage, settings
from app.storage.backup import stamp
from app.storage.database import Database, connect, translated_errors
from app.storage.disk import disk_error
from app.storage.layout import ProjectLayout
from app.storage.set_aside import replace_database

_ROWS: Final = {
    "batch": ("step", "steps"),
    "ledger": ("decision or other entry", "decisions and other entries"),
    "image": ("image", "images"),
    "prediction": ("row of imported suggestions", "rows of imported suggestions"),
}


def recover(layout: ProjectLayout, damage: str) -> list[Finding]:
    """Set a damaged database aside and put a recovered one in its place; what was recovered and what not.

    Raises ProjectError if nothing can be recovered, DiskError; then nothing is changed.
    """
    try:
        work = Path(tempfile.mkdtemp(prefix=WORK, dir=layout.folder))
    except OSError as error:
        raise disk_error(f"The project {layout.folder} cannot be recovered", error) from error
    try:
        base, used = _base(layout, work)
        others = [one.path for one in backup.listed(layout.backups)]
        (work / "copies").mkdir()
        with translated_errors(layout.database):
            found = salvage.salvage(layout.database, base, others, work / "copies")
        if used is None and not found.taken:
            raise ProjectError(
                f"Nothing can be read in {layout.database} ({damage}) and there is no backup, so nothing was "
                "changed; look for a copy of the project elsewhere."
            )
        _complete(base)
        if (still := integrity.damage(base)) is not None:
            raise RuntimeError(f"the recovered database is damaged: {still}")
        not_kept = _write_not_kept(layout, found.dropped)
        aside = replace_database(base, layout.database)
    except OSError as error:
        raise disk_error(f"The project {layout.folder} cannot be recovered", error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return _report(layout, damage, found, used=used, aside=aside, not_kept=not_kept)


def _base(layout: ProjectLayout, work: Path) -> tuple[Path, Path | None]:
    """A copy of the newest backup that can be used, else a new database; and that backup.

    Only of a state from which the damaged one descends: what a restore took back must not return.
    """
    path = work / "base.db"
    for one in backup.ancestors(layout.backups):
        with suppress(KnownError):
            backup_contents.contents(one.path)
            with backup_contents.current_copy(one.path, work) as copy:
                copy.replace(path)
            return path, one.path
    migrate.create_tables(path)
    return path, None


def _complete(base: Path) -> None:
    """What every project needs, where it could not be read."""
    db = Database(base)
    try:
        with db.write() as s:
            wanted = {
                "schema_major": migrate.SCHEMA_MAJOR,
                "project_id": uuid.uuid4().hex,
                "backbone": BUNDLED,
            }
            for key, value in wanted.items():
                if settings.get(s, key) is None:
                    settings.set(s, key, value)
            settings.set(s, "version", __version__)
    finally:
        db.close()
    with closing(connect(base)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _write_not_kept(layout: ProjectLayout, lines: str) -> Path | None:
    if not lines:
        return None
    path = layout.folder / NOT_KEPT.format(stamp()[:15])
    with atomic_writer(path) as stream:
        stream.write(lines.encode())
    return path


def _report(
    layout: ProjectLayout,
    damage: str,
    found: salvage.Salvage,
    *,
    used: Path | None,
    aside: Path | None,
    not_kept: Path | None,
) -> list[Finding]:
    read = _counted(found.taken) or "nothing"
    if used is None:
        remedy = f"recovered from what could be read: {read}"
    else:
        remedy = f"recovered from the backup {used.name} and what was newer and could be read: {read}"
    if aside is not None:
        remedy += f"; the damaged database is kept as {aside.name}"
    if not_kept is not None:
        remedy += f"; labels that could not be kept are in {not_kept.name}"
    sentence = f"The database {layout.database} could not be read: {damage}."
    findings = [Finding("database_damaged", sentence, remedy, FindingState.REPAIRED)]
    if lost := _counted(found.lost):
        findings.append(
            Finding(
                "history_lost",
                f"Could not be read, and are lost: {lost}.",
                "look at the newest labels; a copy of the project elsewhere may still have them "
                "('tailspotter merge')",
                FindingState.LEFT,
            )
        )
    return findings


def _counted(rows: dict[str, int]) -> str:
    counts = [(rows[table], *words) for table, words in _ROWS.items() if table in rows]
    return ", ".join(f"{number:,} {one if number == 1 else many}" for number, one, many in counts)

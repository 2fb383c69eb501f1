"""Backups of a project: making, listing, restoring one after a preview."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.domain.backups import Backup, Contents, Difference
from app.domain.errors import (
    BadInputError,
    DamagedError,
    KnownError,
    NotAProjectError,
    NotFoundError,
    ReadOnlyError,
)
from app.domain.language import translate
from app.services.project.project import Project, find_layout
from app.storage import backup, backup_contents, locks, migrate
from app.storage.database import connect
from app.storage.layout import ProjectLayout
from app.storage.read_only import write_obstacle
from app.storage.set_aside import replace_database

MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class ListedBackup:
    """A backup and what it holds; ``problem`` is a sentence if it cannot be used."""

    backup: Backup
    contents: Contents | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Restoration:
    """What restoring a backup changes, or has changed.

    ``present`` and ``difference`` are None where the present database cannot be read. ``kept``: where its
    state is kept, None before it was replaced.
    """

    backup: Backup
    contents: Contents
    present: Contents | None
    difference: Difference | None
    kept: Path | None = None


def back_up(project: Project, reason: str = MANUAL) -> Backup:
    """A backup of the present state. Raises ReadOnlyError, DiskError, DamagedError, BusyError."""
    project.db.require_writable()
    return _described(backup.back_up(project.layout.database, project.layout.backups, reason))


def backups(folder: Path) -> list[ListedBackup]:
    """The backups of a project, newest first; its database may be damaged. Raises as open_project."""
    found = []
    for one in backup.listed(find_layout(folder).backups):
        try:
            found.append(ListedBackup(one, backup_contents.contents(one.path), None))
        except KnownError as error:
            found.append(ListedBackup(one, None, str(error)))
    return found


def preview(folder: Path, wanted: Path) -> Restoration:
    """What restoring a backup would change. ``wanted``: a path, or a name from the list.

    Raises NotFoundError, BadInputError, DamagedError or VersionError about the backup, and as open_project.
    """
    return _previewed(find_layout(folder), wanted)


def restore(folder: Path, wanted: Path) -> Restoration:
    """Put a backup in place of the present state, which is backed up before; all of it or nothing.

    A damaged database is set aside instead. Raises as :func:`preview`, BusyError while a window or a job uses
    the project, ReadOnlyError, DiskError.
    """
    layout = find_layout(folder)
    with exclusive(layout, "a restore"):
        plan = _previewed(layout, wanted)
        source, database = plan.backup.path, layout.database
        if plan.present is not None:
            kept: Path | None = backup_contents.put_back(source, database, layout.backups, layout.folder)
        else:
            with backup_contents.current_copy(source, layout.folder) as copy:
                with closing(connect(copy)) as connection:
                    backup_contents.raise_sequences(connection, None)
                kept = replace_database(copy, database)
        layout.backups.mkdir(parents=True, exist_ok=True)
        backup.note_restore(layout.backups, plan.backup.made_at)
    return Restoration(plan.backup, plan.contents, plan.present, plan.difference, kept)


@contextmanager
def exclusive(layout: ProjectLayout, what: str) -> Iterator[None]:
    """Keep windows, scans and jobs out. Raises BusyError, naming who is in, ReadOnlyError, DiskError."""
    obstacle = write_obstacle(layout.database) if layout.database.exists() else None
    if obstacle is not None:
        raise ReadOnlyError(
            translate(
                "Project",
                "The project {folder} is read-only here ({obstacle}): nothing was changed; make it "
                "writable or copy it to a place that is.",
            ).format(folder=layout.folder, obstacle=obstacle)
        )
    with ExitStack() as stack:
        for path in (layout.window_lock, layout.scan_lock, layout.job_lock):
            stack.enter_context(locks.lock(None, path, what))
        yield


def _previewed(layout: ProjectLayout, wanted: Path) -> Restoration:
    found = _find(layout, wanted)
    holds = backup_contents.contents(found.path)
    present, changes = None, None
    if layout.database.exists():
        try:
            migrate.is_current(layout.database)
            with closing(connect(layout.database)) as connection:
                present = backup_contents.contents_of(connection)
            changes = backup_contents.difference(layout.database, found.path)
        except (DamagedError, NotAProjectError):
            present = None
    if present is not None and present.project_id != holds.project_id:
        raise BadInputError(
            translate(
                "Project",
                "{path} is a backup of another project, so it cannot be restored here; to use it, "
                "copy it as project.db into an empty folder.",
            ).format(path=found.path)
        )
    return Restoration(found, holds, present, changes)


def _find(layout: ProjectLayout, wanted: Path) -> Backup:
    """By path, else by the name in the folder of backups, with or without its suffix."""
    try:
        for path in (wanted, layout.backups / wanted, layout.backups / f"{wanted}.db"):
            if path.is_file():
                return _described(path)
    except (OSError, ValueError):  # a name that no file can have
        pass
    newest = backup.newest(layout.backups)
    hint = (
        translate("Project", "the newest one is {newest}").format(newest=newest.name)
        if newest
        else translate("Project", "the project has none")
    )
    raise NotFoundError(
        translate("Project", "There is no backup {wanted}; {hint}.").format(wanted=wanted, hint=hint)
    )


def _described(path: Path) -> Backup:
    for one in backup.listed(path.parent):
        if one.path == path:
            return one
    status = path.stat()
    return Backup(path, datetime.fromtimestamp(status.st_mtime, UTC), "", status.st_size)

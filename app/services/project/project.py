"""Opening projects."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from app import __version__
from app.domain.categories import BandCuts
from app.domain.errors import (
    DatabaseBusyError,
    DiskError,
    NotAProjectError,
    NotFoundError,
    ProjectError,
    ReadOnlyError,
)
from app.domain.language import QT_TRANSLATE_NOOP, translate, translated
from app.domain.project_settings import ProjectSettings
from app.storage import backup, image_models, jobs, locks, migrate, project_settings, settings
from app.storage.database import COPY_IT, Database, connect, require_space
from app.storage.layout import ProjectLayout, default_folder, project_name
from app.storage.read_only import ReadOnlyFile, write_obstacle
from cprfl_core.backbone.names import expanded

BUNDLED = "bundled"
MIGRATION_BLOCKED: Final = (
    QT_TRANSLATE_NOOP(
        "Project", "another program is writing to it, so it could not be updated to this version"
    ),
    QT_TRANSLATE_NOOP("Project", "wait until that program has finished and try again"),
)


class _MigrationBlockedError(Exception):
    """An older project can be read but not migrated, because another program is writing to it."""


@dataclass(slots=True)
class CurrentSettings:
    """The settings of an open project, which can change while it is open."""

    settings: ProjectSettings


@dataclass(frozen=True, slots=True)
class Project:
    """An open project; close it, or use it as a context manager.

    ``warning`` is a sentence for the person about the disk it is on, or None; ``read_only`` is the reason why
    nothing can be written, as the end of a sentence, or None.
    """

    folder: Path
    id: str
    db: Database
    layout: ProjectLayout
    current: CurrentSettings

    @property
    def settings(self) -> ProjectSettings:
        return self.current.settings

    @property
    def cuts(self) -> BandCuts:
        return self.settings.cuts

    @property
    def name(self) -> str:
        return project_name(self.folder)

    @property
    def backbone(self) -> str:
        """The name of the image model in use, which can be changed while the project is open."""
        with self.db.read() as s:
            return image_models.current(s).name

    @property
    def warning(self) -> str | None:
        return self.db.warning

    @property
    def read_only(self) -> str | None:
        return self.db.read_only

    def close(self) -> None:
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def window_lock(self) -> Iterator[None]:
        """One window at a time. Raises BusyError, naming the holder."""
        with locks.lock(self.db, self.layout.window_lock, "another window"):
            yield

    @contextmanager
    def scan_lock(self) -> Iterator[None]:
        """One scan at a time. Raises BusyError, naming the holder."""
        with locks.lock(self.db, self.layout.scan_lock, "a scan for images"):
            yield

    @contextmanager
    def job_lock(self, what: str) -> Iterator[None]:
        """One job that writes array files at a time; ``what`` names it (``"indexing"``). Raises BusyError.

        Jobs recorded as running by a dead process are marked as interrupted.
        """
        with locks.lock(self.db, self.layout.job_lock, what):
            with self.db.write() as s:
                jobs.interrupt_running(s)
            yield


def open_project(folder: Path, obstacle: DiskError | None = None, *, migrating: bool = True) -> Project:
    """Open a project by its folder, or by an image folder that contains ``.tailspotter``.

    Opening waits for no writer and writes nothing, except that an older project is migrated, after a backup.
    If nothing can be written, or with ``obstacle``, it is opened for reading: nothing is written, and every
    change raises ReadOnlyError. Without ``migrating``, an older one raises OlderVersionError. Raises
    ProjectError, NotFoundError or BusyError.
    """
    layout = _find(expanded(folder).absolute())
    reason = obstacle.reason if obstacle else write_obstacle(layout.database)
    remedy = obstacle.remedy if obstacle else translated("Storage", COPY_IT)
    if reason is None:
        try:
            return _open_for_writing(layout, migrating)
        except ReadOnlyError:  # on some systems only trying shows it
            reason = translate("Project", "it cannot be written to")
        except DiskError as error:
            reason, remedy = error.reason, error.remedy
        except _MigrationBlockedError:
            reason, remedy = (translated("Project", words) for words in MIGRATION_BLOCKED)
            return _open_for_reading(layout, reason, remedy, lambda: connect(layout.database))
    file = ReadOnlyFile(layout.database)
    try:
        return _open_for_reading(layout, reason, remedy, file.connect)
    finally:
        file.close()


@contextmanager
def open_for_window(folder: Path) -> Iterator[Project]:
    """An open project with its window lock; opened for reading, without the lock, if that cannot be written.

    Any number of windows may read. The daily backup is left to the caller: a decision must not wait for it.
    Raises what open_project raises, and BusyError if another window has the
    project open for writing.
    """
    with ExitStack() as stack:
        project = stack.enter_context(open_project(folder))
        if project.read_only is None:
            try:
                stack.enter_context(project.window_lock())
            except DiskError as error:
                project = stack.enter_context(open_project(folder, error))
            except ReadOnlyError as error:
                obstacle = DiskError(
                    str(error),
                    translate("Project", "you may not write into its folder"),
                    translated("Storage", COPY_IT),
                )
                project = stack.enter_context(open_project(folder, obstacle))
        project.db.before_first_write = None
        yield project


def _open_for_reading(
    layout: ProjectLayout, reason: str, remedy: str, opening: Callable[[], sqlite3.Connection]
) -> Project:
    copy = migrate.copy_for_reading(layout.database, opening)
    return _load(layout, Database(layout.database, reason, remedy, copy=copy))


def _open_for_writing(layout: ProjectLayout, migrating: bool) -> Project:
    require_space(layout.database)
    if not migrating:
        migrate.refuse_older(layout.database)
    migrated = not migrate.is_current(layout.database)
    if migrated:
        try:
            migrate.bring_up_to_date(layout.database, layout.backups)
        except DatabaseBusyError as error:
            raise _MigrationBlockedError from error
    db = Database(layout.database)
    try:
        if migrated:
            with db.write() as s:
                settings.set(s, "version", __version__)
    except BaseException:
        db.close()
        raise
    db.before_first_write = partial(backup.back_up_daily, layout.database, layout.backups)
    return _load(layout, db)


def _load(layout: ProjectLayout, db: Database) -> Project:
    try:
        with db.read() as s:
            project_id = settings.get(s, "project_id")
            current = CurrentSettings(project_settings.read(s))
        if not project_id:
            raise NotAProjectError(
                translate("Project", "{database} is not the database of a Tailspotter project.").format(
                    database=layout.database
                )
            )
    except BaseException:
        db.close()
        raise
    return Project(layout.folder, project_id, db, layout, current)


def users(folder: Path) -> list[str]:
    """Who is using a project, as text, without opening it. Raises as open_project for a wrong folder."""
    layout = _find(expanded(folder).absolute())
    holders = map(locks.holder, (layout.window_lock, layout.job_lock, layout.scan_lock))
    return [one.describe() for one in holders if one is not None]


def back_up_daily(project: Project) -> Path | None:
    """The daily backup, if one is due; on any thread. Raises DamagedError if the database is damaged."""
    if project.read_only is not None:
        return None
    return backup.back_up_daily(project.layout.database, project.layout.backups)


def find_layout(folder: Path) -> ProjectLayout:
    """The files of a project, without opening it; also of one whose database is gone and that has backups.

    Raises as open_project for a wrong folder.
    """
    wanted = expanded(folder).absolute()
    try:
        return _find(wanted)
    except (NotFoundError, NotAProjectError):
        for layout in (ProjectLayout(wanted), ProjectLayout(default_folder(wanted))):
            if backup.newest(layout.backups) is not None:
                return layout
        raise


def newest_backup(folder: Path) -> Path | None:
    """The newest backup of a project, without opening it. Raises as open_project for a wrong folder."""
    return backup.newest(_find(expanded(folder).absolute()).backups)


def _find(folder: Path) -> ProjectLayout:
    try:
        layout = ProjectLayout.find(folder)
        exists = folder.exists()
    except OSError as error:
        raise ProjectError(
            translate("Project", "The project {folder} cannot be opened: {reason}.").format(
                folder=folder, reason=error.strerror
            )
        ) from error
    if layout is not None:
        return layout
    if not exists:
        raise NotFoundError(translate("Project", "There is no folder {folder}.").format(folder=folder))
    raise NotAProjectError(
        translate(
            "Project", "{folder} is not a Tailspotter project; create one with 'tailspotter new'."
        ).format(folder=folder)
    )

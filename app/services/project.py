"""Creating and opening projects."""

import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from app import __version__
from app.domain.categories import BandCuts, clean_name
from app.domain.disk import fault_and_remedy
from app.domain.errors import (
    DatabaseBusyError,
    DiskError,
    NotAProjectError,
    NotFoundError,
    ProjectError,
    ReadOnlyError,
)
from app.services.categories import add_categories
from app.storage import backup, jobs, locks, migrate, settings
from app.storage import images as image_store
from app.storage.database import COPY_IT, Database, connect, require_room
from app.storage.layout import ProjectLayout, default_folder
from app.storage.read_only import ReadOnlyFile, write_obstacle
from cprfl_core.backbone_names import absolute_name, expanded

BUNDLED = "bundled"
WAITS: Final = (
    "another program is writing to it, so it could not be brought up to date",
    "wait until that program has finished and try again",
)


class _WaitsForMigrationError(Exception):
    """An older project can be read, but another program keeps it from being migrated."""


@dataclass(frozen=True, slots=True)
class Project:
    """An open project. ``warning`` is a sentence for the person about the place it lies on, or None;
    ``read_only`` says why nothing can be written there, in words that go on a sentence, None where it can.

    Close it, or use it as a context manager.
    """

    folder: Path
    id: str
    db: Database
    layout: ProjectLayout
    backbone: str
    cuts: BandCuts

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
        """One window at a time. Raises BusyError, naming the other one."""
        with locks.lock(self.db, self.layout.window_lock, "another window"):
            yield

    @contextmanager
    def scan_lock(self) -> Iterator[None]:
        """One scan at a time. Raises BusyError, naming the other one."""
        with locks.lock(self.db, self.layout.scan_lock, "a scan for images"):
            yield

    @contextmanager
    def job_lock(self, what: str) -> Iterator[None]:
        """One job that writes array files at a time; ``what`` names it (``"indexing"``). Raises BusyError.

        Jobs that a dead process left running are marked interrupted.
        """
        with locks.lock(self.db, self.layout.job_lock, what):
            with self.db.write() as s:
                jobs.interrupt_running(s)
            yield


def create_project(
    folder: Path,
    images: Sequence[Path],
    categories: Sequence[str] = (),
    backbone: str = BUNDLED,
    *,
    check_model: Callable[[str], str] = absolute_name,
) -> Project:
    """Create a project over one or several folders of images and open it.

    A project asked for in an image folder itself goes into its default place, ``.tailspotter``. The image
    folders may be read-only. ``check_model`` is given ``backbone`` and returns what to store, or raises.
    Raises ProjectError, NotFoundError, BadInputError or what ``check_model`` raises, and then leaves nothing.
    """
    folder = expanded(folder).absolute()
    try:
        roots = _checked_roots(images)
        if folder.resolve() in roots:
            folder = default_folder(folder)
        layout = ProjectLayout(folder)
        _refuse_occupied(layout)
    except OSError as error:
        raise ProjectError(f"{error.filename} cannot be looked into: {error.strerror}.") from error
    names = [clean_name(name) for name in categories]
    backbone = check_model(backbone)
    created = _make_folder(folder)
    try:
        _fill(layout, roots, backbone)
    except BaseException:
        if created is not None:
            shutil.rmtree(created, ignore_errors=True)
        raise
    try:
        project = open_project(folder)
        if names:
            add_categories(project, names)
    except BaseException:
        _remove_database(layout.database)
        if created is not None:
            shutil.rmtree(created, ignore_errors=True)
        raise
    return project


def open_project(folder: Path, obstacle: DiskError | None = None, *, migrating: bool = True) -> Project:
    """Open a project by its folder, or by an image folder that contains ``.tailspotter``.

    Opening waits for no writer and writes nothing, except that an older project is migrated, after a backup.
    Where nothing can be written, or with ``obstacle``, it is opened for reading: nothing is written there,
    and every change is refused with a ReadOnlyError. Without ``migrating`` an older project is refused with a
    VersionError. Raises ProjectError, NotFoundError or BusyError.
    """
    layout = _find(expanded(folder).absolute())
    reason = obstacle.reason if obstacle else write_obstacle(layout.database)
    remedy = obstacle.remedy if obstacle else COPY_IT
    if reason is None:
        try:
            return _open_for_writing(layout, migrating)
        except ReadOnlyError:  # some systems tell it only to who tries
            reason = "it cannot be written to"
        except DiskError as error:
            reason, remedy = error.reason, error.remedy
        except _WaitsForMigrationError:
            return _open_for_reading(layout, *WAITS, lambda: connect(layout.database))
    file = ReadOnlyFile(layout.database)
    try:
        return _open_for_reading(layout, reason, remedy, file.connect)
    finally:
        file.close()


@contextmanager
def open_for_window(folder: Path) -> Iterator[Project]:
    """An open project with its window lock; for reading, and then without, where the lock cannot be written.

    Where nothing is written, any number of windows may look. Raises what open_project raises, and BusyError
    when another window has the project.
    """
    with ExitStack() as stack:
        project = stack.enter_context(open_project(folder))
        if project.read_only is None:
            try:
                stack.enter_context(project.window_lock())
            except DiskError as error:
                project = stack.enter_context(open_project(folder, error))
            except ReadOnlyError as error:
                obstacle = DiskError(str(error), "you may not write into its folder", COPY_IT)
                project = stack.enter_context(open_project(folder, obstacle))
        yield project


def _open_for_reading(
    layout: ProjectLayout, reason: str, remedy: str, opening: Callable[[], sqlite3.Connection]
) -> Project:
    copy = migrate.copy_for_reading(layout.database, opening)
    return _filled(layout, Database(layout.database, reason, remedy, copy=copy))


def _open_for_writing(layout: ProjectLayout, migrating: bool) -> Project:
    require_room(layout.database)
    if not migrating:
        migrate.refuse_older(layout.database)
    migrated = not migrate.is_current(layout.database)
    if migrated:
        try:
            migrate.bring_up_to_date(layout.database, layout.backups)
        except DatabaseBusyError as error:
            raise _WaitsForMigrationError from error
    db = Database(layout.database)
    try:
        if migrated:
            with db.write() as s:
                settings.set(s, "version", __version__)
    except BaseException:
        db.close()
        raise
    return _filled(layout, db)


def _filled(layout: ProjectLayout, db: Database) -> Project:
    try:
        with db.read() as s:
            project_id = settings.get(s, "project_id")
            backbone = settings.get(s, "backbone", BUNDLED)
            cuts = BandCuts(**settings.get(s, "band_cuts", {}))
        if not project_id:
            raise NotAProjectError(f"{layout.database} is not the database of a Tailspotter project.")
    except BaseException:
        db.close()
        raise
    return Project(layout.folder, project_id, db, layout, backbone, cuts)


def users(folder: Path) -> list[str]:
    """Who works in a project now, in words; it is not opened. Raises as open_project for a wrong folder."""
    layout = _find(expanded(folder).absolute())
    holders = map(locks.holder, (layout.window_lock, layout.job_lock, layout.scan_lock))
    return [one.describe() for one in holders if one is not None]


def newest_backup(folder: Path) -> Path | None:
    """The newest backup of a project, which is not opened. Raises as open_project for a wrong folder."""
    return backup.newest(_find(expanded(folder).absolute()).backups)


def _find(folder: Path) -> ProjectLayout:
    try:
        for candidate in (ProjectLayout(folder), ProjectLayout(default_folder(folder))):
            if candidate.database.is_file():
                return candidate
        exists = folder.exists()
    except OSError as error:
        raise ProjectError(f"The project {folder} cannot be opened: {error.strerror}.") from error
    if not exists:
        raise NotFoundError(f"There is no folder {folder}.")
    raise NotAProjectError(f"{folder} is not a Tailspotter project; create one with 'tailspotter new'.")


def _checked_roots(images: Sequence[Path]) -> list[Path]:
    if not images:
        raise ProjectError("A project needs at least one folder of images.")
    roots: list[Path] = []
    for path in images:
        root = expanded(path).absolute()
        if not root.exists():
            raise NotFoundError(f"There is no image folder {root}.")
        if not root.is_dir():
            raise ProjectError(f"{root} is a file; give the folder that holds the images.")
        resolved = root.resolve()
        for other in roots:
            if resolved.is_relative_to(other) or other.is_relative_to(resolved):
                outer, inner = sorted((other, resolved), key=lambda p: len(p.parts))
                raise ProjectError(f"The image folder {inner} lies inside {outer}; give only the outer one.")
        roots.append(resolved)
    return roots


def _refuse_occupied(layout: ProjectLayout) -> None:
    if layout.folder.exists() and not layout.folder.is_dir():
        raise ProjectError(f"{layout.folder} is a file; a project needs a folder.")
    if layout.database.exists():
        raise ProjectError(f"There is a project in {layout.folder} already; open it or take another folder.")


def _make_folder(folder: Path) -> Path | None:
    """Create the folder with its parents; return the topmost that was not there, None if all were."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        for path in missing:
            if path.is_dir():
                path.rmdir()
        raise ProjectError(
            f"The project folder {folder} cannot be created: {fault_and_remedy(error)}."
        ) from error
    return missing[-1] if missing else None


def _fill(layout: ProjectLayout, roots: Sequence[Path], backbone: str) -> None:
    """Build the database under another name, so that a project is there either wholly or not at all."""
    partial = layout.folder / f"project.db.{uuid.uuid4().hex}"
    try:
        migrate.create_tables(partial)
        db = Database(partial)
        try:
            with db.write() as s:
                settings.set(s, "schema_major", migrate.SCHEMA_MAJOR)
                settings.set(s, "project_id", uuid.uuid4().hex)
                settings.set(s, "backbone", backbone)
                settings.set(s, "version", __version__)
                for root in roots:
                    image_store.add_root(s, root)
        finally:
            db.close()
        _refuse_occupied(layout)  # asked again: somebody else may have been faster
        partial.replace(layout.database)
    finally:
        _remove_database(partial)


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)

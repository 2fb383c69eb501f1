"""Creating a project."""

import shutil
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from app import __version__
from app.domain.categories import clean_name
from app.domain.disk import fault_and_remedy
from app.domain.errors import NotFoundError, ProjectError
from app.domain.language import translate
from app.services.project.categories import add_categories
from app.services.project.project import BUNDLED, Project, open_project
from app.storage import images as image_store
from app.storage import ledger, migrate, settings
from app.storage.abandoned import remove_abandoned
from app.storage.database import Database
from app.storage.layout import ProjectLayout, database_files, default_folder
from cprfl_core.backbone.names import absolute_name, expanded

MOST_WITH_KEYS: Final = 10
"""Up to so many categories of a new project each own a digit."""


def create_project(
    folder: Path,
    images: Sequence[Path],
    categories: Sequence[str] = (),
    backbone: str = BUNDLED,
    *,
    check_model: Callable[[str], str] = absolute_name,
) -> Project:
    """Create a project for one or several folders of images and open it.

    If ``folder`` is one of the image folders, the project goes into ``.tailspotter`` inside it. The image
    folders may be read-only. ``check_model`` gets ``backbone`` and returns what to store, or raises. Raises
    ProjectError, NotFoundError, BadInputError or what ``check_model`` raises; then no file is left.
    """
    folder = expanded(folder).absolute()
    try:
        roots = checked_roots(images)
        if folder.resolve() in roots:
            folder = default_folder(folder)
        layout = ProjectLayout(folder)
        _refuse_occupied(layout)
    except OSError as error:
        raise ProjectError(
            translate("Project", "{filename} cannot be read: {reason}.").format(
                filename=error.filename, reason=error.strerror
            )
        ) from error
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
            add_categories(project, names, with_keys=len(names) <= MOST_WITH_KEYS)
            with project.db.write() as s:
                ledger.keep_from_undo(s)
    except BaseException:
        _remove_database(layout.database)
        if created is not None:
            shutil.rmtree(created, ignore_errors=True)
        raise
    return project


def checked_roots(images: Sequence[Path], known: Sequence[Path] = ()) -> list[Path]:
    """The image folders as they are stored. ``known``: those that the project has already.

    Raises NotFoundError, or ProjectError for a file or a folder inside another one.
    """
    if not images:
        raise ProjectError(translate("Project", "A project needs at least one folder of images."))
    roots = list(known)
    for path in images:
        root = expanded(path).absolute()
        if not root.exists():
            raise NotFoundError(translate("Project", "There is no image folder {root}.").format(root=root))
        if not root.is_dir():
            raise ProjectError(
                translate("Project", "{root} is a file; give the folder that holds the images.").format(
                    root=root
                )
            )
        resolved = root.resolve()
        for other in roots:
            if resolved.is_relative_to(other) or other.is_relative_to(resolved):
                outer, inner = sorted((other, resolved), key=lambda p: len(p.parts))
                raise ProjectError(
                    translate(
                        "Project", "The image folder {inner} is inside {outer}; give only the outer one."
                    ).format(inner=inner, outer=outer)
                )
        roots.append(resolved)
    return roots[len(known) :]


def _refuse_occupied(layout: ProjectLayout) -> None:
    if layout.folder.exists() and not layout.folder.is_dir():
        raise ProjectError(
            translate("Project", "{folder} is a file; a project needs a folder.").format(folder=layout.folder)
        )
    if layout.database.exists():
        raise ProjectError(
            translate(
                "Project", "There is already a project in {folder}; open it or choose a different folder."
            ).format(folder=layout.folder)
        )


def _make_folder(folder: Path) -> Path | None:
    """Create the folder with its parents; return the topmost one created, None if it already existed."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        for path in missing:
            if path.is_dir():
                path.rmdir()
        raise ProjectError(
            translate("Project", "The project folder {folder} cannot be created: {reason}.").format(
                folder=folder, reason=fault_and_remedy(error)
            )
        ) from error
    return missing[-1] if missing else None


def _fill(layout: ProjectLayout, roots: Sequence[Path], backbone: str) -> None:
    """Build the database under a temporary name, so that a project is never left incomplete."""
    partial = layout.folder / f"project.db.{uuid.uuid4().hex}"
    remove_abandoned(layout.folder, f"project.db.{'[0-9a-f]' * 32}*")
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
        _refuse_occupied(layout)  # again: another program may have created one meanwhile
        partial.replace(layout.database)
    finally:
        _remove_database(partial)


def _remove_database(path: Path) -> None:
    for file in database_files(path):
        file.unlink(missing_ok=True)

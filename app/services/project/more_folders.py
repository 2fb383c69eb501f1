"""Adding an image folder to a project."""

from pathlib import Path

from app.services.project.creation import checked_roots
from app.services.project.project import Project
from app.storage import images


def add_folder(project: Project, path: Path) -> Path:
    """Add a folder, whose images the next scan finds; a folder that is known is only returned.

    Raises NotFoundError, ProjectError for a file or a folder inside another one, ReadOnlyError, BusyError
    while a scan runs.
    """
    project.db.require_writable()
    with project.scan_lock():
        with project.db.read() as s:
            known = list(images.roots(s).values())
        if path.resolve() in known:
            return path.resolve()
        (added,) = checked_roots([path], known)
        with project.db.write() as s:
            images.add_root(s, added)
    return added

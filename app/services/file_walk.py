"""Finding the image files below the roots of a project."""

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.errors import CancelledError
from app.domain.progress import StopCheck
from cprfl_core.images import IMAGE_SUFFIXES

STOPPED = "The scan was stopped; what it had found by then is kept."

FileKey = tuple[int, str]
"""A root's number and the path below it, with forward slashes."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    root_id: int
    path: str
    absolute: str
    size: int
    mtime_ns: int

    @property
    def key(self) -> FileKey:
        return self.root_id, self.path


@dataclass(slots=True)
class Walk:
    """All image files that were found, and what could not be looked into, as (path, reason).

    ``closed_roots`` and ``closed_folders`` (with their root) cannot be looked into: nobody knows what is in
    them now.
    """

    files: dict[FileKey, FoundFile] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    closed_roots: set[int] = field(default_factory=set)
    closed_folders: set[FileKey] = field(default_factory=set)

    def can_see(self, key: FileKey) -> bool:
        """Whether a file's absence means that it is gone."""
        root_id, path = key
        if root_id in self.closed_roots:
            return False
        return not any(
            root == root_id and path.startswith(folder + "/") for root, folder in self.closed_folders
        )


def walk_roots(
    roots: Mapping[int, Path],
    project_folder: Path,
    on_found: Callable[[int], None] = lambda _: None,
    should_stop: StopCheck | None = None,
) -> Walk:
    """Walk all roots. Hidden files and folders and the project's own folder are left out.

    Links to folders are followed after everything else, each folder is visited once, so a link neither runs
    in a circle nor takes an image away from its real place. ``on_found`` hears the number of files so far.
    Raises CancelledError.
    """
    walk = Walk()
    visited = {_identity(project_folder)}
    pending = [(root_id, "", str(root)) for root_id, root in reversed(list(roots.items()))]
    links: list[tuple[int, str, str]] = []
    while pending or links:
        if should_stop is not None and should_stop():
            raise CancelledError(STOPPED)
        root_id, relative, absolute = pending.pop() if pending else links.pop(0)
        try:
            identity = _identity(absolute)
            if identity in visited:
                continue
            visited.add(identity)
            with os.scandir(absolute) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            _close(walk, root_id, relative, absolute, error)
            continue
        folders: list[tuple[int, str, str]] = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = f"{relative}/{entry.name}" if relative else entry.name
            if entry.is_dir(follow_symlinks=False):
                folders.append((root_id, path, entry.path))
            elif entry.is_symlink() and _is_folder(entry):
                links.append((root_id, path, entry.path))
            else:
                _add_file(walk, root_id, path, entry)
        pending.extend(reversed(folders))
        on_found(len(walk.files))
    return walk


def _close(walk: Walk, root_id: int, relative: str, absolute: str, error: OSError) -> None:
    if relative:
        walk.closed_folders.add((root_id, relative))
        reason = f"the folder cannot be read ({error.strerror})"
    else:
        walk.closed_roots.add(root_id)
        reason = f"the image folder cannot be read ({error.strerror})"
        if isinstance(error, FileNotFoundError):
            reason = "the image folder is not there"
    walk.problems.append((absolute, reason))


def _add_file(walk: Walk, root_id: int, path: str, entry: os.DirEntry[str]) -> None:
    if os.path.splitext(entry.name)[1].lower() not in IMAGE_SUFFIXES:  # noqa: PTH122  # a million times
        return
    try:
        status = entry.stat()
    except OSError as error:
        broken = entry.is_symlink() and isinstance(error, FileNotFoundError)
        reason = "a link to nothing" if broken else f"cannot be read ({error.strerror})"
        walk.problems.append((entry.path, reason))
        return
    if not stat.S_ISREG(status.st_mode):
        walk.problems.append((entry.path, "not a file"))
        return
    file = FoundFile(root_id, path, entry.path, status.st_size, status.st_mtime_ns)
    walk.files[file.key] = file


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _identity(folder: str | Path) -> tuple[int, int] | str:
    status = os.stat(folder)  # noqa: PTH116  # strings: paths may be millions
    # Some network file systems number nothing.
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(folder)

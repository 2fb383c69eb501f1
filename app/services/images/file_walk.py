"""Finding the image files below the roots of a project."""

import os
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.errors import CancelledError
from app.domain.language import QT_TRANSLATE_NOOP, translated
from app.domain.passed_over import PassedOver, suffix_of
from app.domain.progress import StopCheck
from cprfl_core.images.content import PREFIX_BYTES, image_format, unsupported_format
from cprfl_core.images.reading import IMAGE_SUFFIXES

STOPPED = QT_TRANSLATE_NOOP("Images", "The scan was stopped; everything found so far is kept.")

_LOOK_UP_EVERY = 512
"""Files of one folder between two calls of ``on_found``."""

_SAMPLE = 20
"""Files without a suffix whose first bytes are read."""

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
    """All image files found, and what could not be read as ``problems`` (path, reason).

    ``closed_roots`` and ``closed_folders`` (with their root) could not be read, so their content is unknown.
    ``other_files`` counts the files passed over by suffix; ``without_suffix`` has the first ones without one.
    """

    files: dict[FileKey, FoundFile] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    closed_roots: set[int] = field(default_factory=set)
    closed_folders: set[FileKey] = field(default_factory=set)
    other_files: Counter[str] = field(default_factory=Counter)
    without_suffix: list[str] = field(default_factory=list)

    def passed_over(self) -> PassedOver:
        """The files passed over. Reads the first bytes of a few files without a suffix."""
        kind, readable = _first_kind(self.without_suffix)
        return PassedOver.of(self.other_files, kind, readable=readable)

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
    project_folder: Path | None,
    on_found: Callable[["Walk"], None] = lambda _: None,
    should_stop: StopCheck | None = None,
    *,
    only: Collection[FileKey] | None = None,
) -> Walk:
    """Walk all roots, except hidden files and folders and the project's own folder, if there is one yet.

    ``only``: the folders to walk, with what is below them, instead of the roots; some may be gone.

    Links to folders are followed last and each folder is visited once, so that a link neither loops nor
    replaces the real path of an image. ``on_found`` gets what is found so far. Raises CancelledError.
    """
    walk = Walk()
    visited = set() if project_folder is None else {_identity(project_folder)}
    starts = [(root_id, "") for root_id in roots] if only is None else sorted(only)
    pending = [
        (root_id, path, str(roots[root_id] / path)) for root_id, path in reversed(starts) if root_id in roots
    ]
    may_be_gone = set() if only is None else {key for key in only if key[1]}
    links: list[tuple[int, str, str]] = []
    while pending or links:
        _look_up(walk, on_found, should_stop)
        root_id, relative, absolute = pending.pop() if pending else links.pop(0)
        try:
            identity = _identity(absolute)
            if identity in visited:
                continue
            visited.add(identity)
            with os.scandir(absolute) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            gone = isinstance(error, FileNotFoundError | NotADirectoryError)
            if not (gone and (root_id, relative) in may_be_gone and roots[root_id].is_dir()):
                _close(walk, root_id, relative, absolute, error)
            continue
        folders: list[tuple[int, str, str]] = []
        for place, entry in enumerate(entries):
            if place % _LOOK_UP_EVERY == 0 and place:
                _look_up(walk, on_found, should_stop)
            if is_hidden(entry.name):
                continue
            path = f"{relative}/{entry.name}" if relative else entry.name
            if entry.is_dir(follow_symlinks=False):
                folders.append((root_id, path, entry.path))
            elif entry.is_symlink() and _is_folder(entry):
                links.append((root_id, path, entry.path))
            else:
                _add_file(walk, root_id, path, entry)
        pending.extend(reversed(folders))
    on_found(walk)
    return walk


def is_hidden(name: str) -> bool:
    """Whether a name begins with one dot; people begin names with two or three."""
    return name.startswith(".") and not name.startswith("..")


def _look_up(walk: Walk, on_found: Callable[[Walk], None], should_stop: StopCheck | None) -> None:
    if should_stop is not None and should_stop():
        raise CancelledError(translated("Images", STOPPED))
    on_found(walk)


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
    if "." + entry.name.rpartition(".")[2].lower() not in IMAGE_SUFFIXES or "." not in entry.name:
        _pass_over(walk, entry)
        return
    try:
        status = entry.stat()
    except OSError as error:
        broken = entry.is_symlink() and isinstance(error, FileNotFoundError)
        reason = "a broken link" if broken else f"cannot be read ({error.strerror})"
        walk.problems.append((entry.path, reason))
        return
    if not stat.S_ISREG(status.st_mode):
        walk.problems.append((entry.path, "not a file"))
        return
    file = FoundFile(root_id, path, entry.path, status.st_size, status.st_mtime_ns)
    walk.files[file.key] = file


def _pass_over(walk: Walk, entry: os.DirEntry[str]) -> None:
    """Count a file by its name alone: a network folder may hold a million of them."""
    try:
        if not entry.is_file():
            return
    except OSError:  # a link to itself
        return
    suffix = suffix_of(entry.name)
    walk.other_files[suffix] += 1
    if not suffix and len(walk.without_suffix) < _SAMPLE:
        walk.without_suffix.append(entry.path)


def _first_kind(paths: Iterable[str]) -> tuple[str | None, bool]:
    """The format of the first picture among these files, and whether it can be read."""
    for path in paths:
        try:
            with open(path, "rb") as stream:  # noqa: PTH123  # names may hold any byte
                prefix = stream.read(PREFIX_BYTES)
        except OSError:  # the file is passed over anyway
            continue
        if (name := image_format(prefix)) is not None:
            return name, True
        if (name := unsupported_format(prefix)) is not None:
            return name, False
    return None, False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _identity(folder: str | Path) -> tuple[int, int] | str:
    status = os.stat(folder)  # noqa: PTH116  # strings: paths may be millions
    # Some network file systems have no inode numbers.
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(folder)

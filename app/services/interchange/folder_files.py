"""The files of a folder of labels: listed, named and read without leaving the folder."""

import codecs
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO

from app.domain.disk import fault
from app.domain.errors import BadInputError
from app.domain.language import number, translate
from app.services.interchange.collector import LabelCollector, kinds
from cprfl_core.images.reading import IMAGE_SUFFIXES

MAX_TEXT_BYTES = 1 << 20
"""Of a text about one image."""

SPLITS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}
"""What folders and lists of the parts of a data set are called."""

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]|%(?=[0-9A-Fa-f]{2})|^\.|[ .]$')
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


class UnusableError(Exception):
    """Why one file cannot be read, as the end of a sentence."""


@dataclass(slots=True)
class _Folder:
    """The files directly in one folder. ``images`` by name without suffix, in composed form."""

    path: str
    files: set[str] = field(default_factory=set)
    images: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class FolderFiles:
    """``files`` below ``folder``, relative to it with forward slashes, without hidden ones and what is behind
    links to folders: ``hidden`` and ``linked`` count those. ``closed``: folders that cannot be read, and why.
    """

    folder: Path
    files: list[str]
    hidden: int
    linked: int
    closed: list[tuple[str, str]]

    @cached_property
    def folders(self) -> dict[str, _Folder]:
        """By path in composed form; the folder itself is ""."""
        found: dict[str, _Folder] = {}
        for path in self.files:
            inside, _, name = path.rpartition("/")
            one = found.setdefault(nfc(inside), _Folder(inside))
            one.files.add(name)
            stem, suffix = split_suffix(name)
            if suffix:
                one.images.setdefault(nfc(stem), []).append(name)
        return found

    @cached_property
    def base(self) -> Path | None:
        """The folder, if there are images in it; without them names in it are those of images elsewhere."""
        return self.folder if any(split_suffix(one)[1] for one in self.files) else None

    @cached_property
    def _spellings(self) -> dict[str, str]:
        return {nfc(path): path for path in self.files}

    def spelled(self, path: str) -> str | None:
        """A file's path as it is on the disk, whatever the form of its accents; None if it is not there."""
        return self._spellings.get(nfc(path))

    def images(self, path: str) -> list[str]:
        """The images with this path but for the suffix."""
        inside, _, stem = nfc(path).rpartition("/")
        folder = self.folders.get(inside)
        names = [] if folder is None else folder.images.get(stem, [])
        return [f"{folder.path}/{name}" if folder and folder.path else name for name in names]

    def data(self, path: str, limit: int = MAX_TEXT_BYTES) -> bytes:
        """The content of a file. Raises UnusableError, also for a link that leads out of the folder."""
        return read_file(self.inside(path), limit)

    def text(self, path: str, encoding: str | None = None, limit: int = MAX_TEXT_BYTES) -> str:
        """The content of a text file; without ``encoding`` UTF-8, or UTF-16 with its mark."""
        return decoded(self.data(path, limit), encoding)

    def inside(self, path: str) -> Path:
        """The real path of a file. Raises UnusableError if a link leads out of the folder."""
        whole = self.folder / path
        if not whole.is_symlink():
            return whole
        real = Path(os.path.realpath(whole))
        if not real.is_relative_to(self.folder):
            raise UnusableError(translate("Interchange", "is a link that leads out of the folder"))
        return real

    def tell(self, collector: LabelCollector, used: Iterable[str]) -> None:
        """Add to ``collector`` what was passed over; ``used``: the files that were read."""
        for path, reason in self.closed:
            collector.leave_out(path, reason)
        seen = set(used)
        others = [path for path in self.files if path not in seen and not split_suffix(path)[1]]
        parts = [kinds(others)] if others else []
        if self.hidden:
            parts.append(translate("Interchange", "{hidden} hidden").format(hidden=number(self.hidden)))
        if self.linked:
            parts.append(
                translate("Interchange", "{linked} linked folders").format(linked=number(self.linked))
            )
        if parts:
            collector.notes.append(
                translate("Interchange", "Passed over: {names}.").format(names=", ".join(parts))
            )


def list_folder(path: Path, reader: str) -> FolderFiles:
    """Raises BadInputError if ``path`` is no folder or cannot be listed. ``reader``: the format's name."""
    if not path.is_dir():
        problem = (
            translate("Interchange", "is a file; the format {reader} reads a folder").format(reader=reader)
            if path.exists()
            else translate("Interchange", "does not exist")
        )
        raise BadInputError(f"{path} {problem}.")
    folder = Path(os.path.realpath(path))
    files: list[str] = []
    closed: list[tuple[str, str]] = []
    hidden = linked = 0

    def fail(error: OSError) -> None:
        place = Path(error.filename or folder)
        if place == folder:
            raise BadInputError(
                translate("Interchange", "{path} cannot be read: {reason}.").format(
                    path=path, reason=fault(error)
                )
            ) from error
        closed.append(
            (
                place.relative_to(folder).as_posix(),
                translate("Interchange", "cannot be read: {reason}").format(reason=fault(error)),
            )
        )

    for place, folders, names in os.walk(folder, onerror=fail):
        start = len(str(folder)) + (0 if str(folder).endswith(os.sep) else 1)
        inside = place[start:].replace(os.sep, "/")
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        linked += len(links)
        hidden += sum(name.startswith(".") for name in (*folders, *names))
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in links)
        prefix = inside + "/" if inside else ""
        files += [prefix + name for name in sorted(names) if not name.startswith(".")]
    return FolderFiles(folder, files, hidden, linked, closed)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file for reading. Raises UnusableError, also for what the block cannot read."""
    try:
        # Without O_NONBLOCK opening a pipe would wait for a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise UnusableError(translate("Interchange", "is not a file"))
            yield stream
    except FileNotFoundError:
        raise UnusableError(translate("Interchange", "is no longer there")) from None
    except OSError as error:
        raise UnusableError(
            translate("Interchange", "cannot be read: {reason}").format(reason=fault(error))
        ) from None


def read_file(path: Path, limit: int) -> bytes:
    """The content of a file with at most ``limit`` bytes. Raises UnusableError."""
    with opened(path) as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise UnusableError(
            translate("Interchange", "has more than {limit} bytes").format(limit=number(limit))
        )
    return data


def decoded(data: bytes, encoding: str | None = None) -> str:
    """Raises UnusableError."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        raise UnusableError(
            translate("Interchange", "is not {encoding} text").format(encoding=encoding or "UTF-8")
        ) from None
    except LookupError:
        raise BadInputError(
            translate("Interchange", "There is no encoding {encoding}.").format(encoding=repr(encoding))
        ) from None
    if "\0" in text:
        raise UnusableError(translate("Interchange", "is not text"))
    return text


def nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def split_suffix(path: str) -> tuple[str, str]:
    """A path and its suffix, if that is an image's: ("sub/a", ".jpg"), ("readme.md", "")."""
    stem, dot, suffix = path.rpartition(".")
    if not stem or stem.endswith("/") or "." + suffix.lower() not in IMAGE_SUFFIXES:
        return path, ""
    return stem, dot + suffix


def path_inside(name: str, folder: str = "") -> str | None:
    """A path in a file that is in ``folder``, normal and with forward slashes; None if it is absolute, leaves
    the whole folder or is no path."""
    text = name.replace("\\", "/")
    if not text.strip() or "\0" in text or text.startswith("/") or re.match("[A-Za-z]:", text):
        return None
    parts = folder.split("/") if folder else []
    for part in text.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or None


def safe_path(name: str) -> str:
    """The name of an image in exports as a path inside a folder."""
    parts = [part for part in PurePosixPath(name.replace(":", "")).parts if part not in ("/", "..")]
    return "/".join(parts)


def file_name(name: str) -> str:
    """A category's name or a path as the name of one file or folder on every system; characters that are not
    allowed are percent-encoded."""
    text = _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", name)
    return f"%{ord(text[0]):02X}{text[1:]}" if _RESERVED.match(text) else text


def original_name(name: str) -> str:
    """What :func:`file_name` made this name of; any other name is unchanged."""
    if "%" not in name:
        return name
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), name)
    return text if file_name(text) == name else name

"""The beginning of a file, or the names in a folder: enough to tell which format it is."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath

from app.domain.disk import fault
from app.domain.errors import BadInputError
from app.domain.language import translate

_HEAD_BYTES = 1 << 16
_MOST_NAMES = 20_000
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Sample:
    """Reads at most 64 KB of a file, or 20,000 names of a folder."""

    path: Path

    @cached_property
    def is_folder(self) -> bool:
        return self.path.is_dir()

    @cached_property
    def suffix(self) -> str:
        return self.path.suffix.lower()

    @cached_property
    def head(self) -> bytes:
        """The first bytes of the file, none of a folder. Raises BadInputError if it cannot be read."""
        if self.is_folder:
            return b""
        try:
            if not stat.S_ISREG(self.path.stat().st_mode):  # reading a pipe would wait, or empty it
                raise BadInputError(
                    translate("Interchange", "{path} is neither a file nor a folder.").format(path=self.path)
                )
            with self.path.open("rb") as file:
                return file.read(_HEAD_BYTES)
        except FileNotFoundError:
            raise BadInputError(
                translate("Interchange", "{path} does not exist.").format(path=self.path)
            ) from None
        except OSError as error:
            raise BadInputError(
                translate("Interchange", "{path} cannot be read: {reason}.").format(
                    path=self.path, reason=fault(error)
                )
            ) from None

    @cached_property
    def text(self) -> str:
        """The head as text; bytes that are not UTF-8, or the encoding of its mark, are replaced."""
        encoding = next((name for mark, name in _MARKS.items() if self.head.startswith(mark)), "utf-8")
        return self.head.decode(encoding, "replace")

    @cached_property
    def names(self) -> tuple[PurePosixPath, ...]:
        """The files in the folder and the folders in it, relative to it, in no certain order."""
        return tuple(islice(_names(self.path), _MOST_NAMES)) if self.is_folder else ()

    @cached_property
    def keys(self) -> tuple[frozenset[str], ...]:
        """The keys of a JSON text's head by depth: ``keys[0]`` is empty for a list, ``keys[1]`` has the keys
        of the objects in the outer object or list, ``keys[2]`` of those in them."""
        found: tuple[set[str], ...] = (set(), set(), set())
        for depth, key in _keys(self.text):
            if 0 <= depth < len(found):  # more brackets may be closed than opened
                found[depth].add(key)
        return tuple(map(frozenset, found))

    @property
    def is_utf16(self) -> bool:
        """Whether it is text that begins with a mark of UTF-16."""
        return any(self.head.startswith(mark) for mark, name in _MARKS.items() if name == "utf-16")

    @property
    def is_json(self) -> bool:
        return self.text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def _names(folder: Path) -> Iterator[PurePosixPath]:
    for place, folders, files in os.walk(folder):
        folders.sort()
        inside = PurePosixPath(Path(place).relative_to(folder).as_posix())
        for name in sorted(files):
            yield inside / name


def _keys(text: str) -> Iterator[tuple[int, str]]:
    """The keys of a JSON text that may be cut anywhere, each with its depth: containers around its object."""
    depth, position = -1, 0
    key: str | None = None
    while position < len(text):
        character = text[position]
        position += 1
        if character == '"':
            end = _end_of_string(text, position)
            key = text[position:end]
            position = end + 1
            continue
        if character == ":" and key is not None:
            yield depth, key
        elif character in "{[":
            depth += 1
        elif character in "}]":
            depth -= 1
        if not character.isspace():
            key = None


def _end_of_string(text: str, start: int) -> int:
    position = start
    while position < len(text) and text[position] != '"':
        position += 2 if text[position] == "\\" else 1
    return min(position, len(text))

"""Images of a project, and their names."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

GONE: Final = "the file is gone"
HIDDEN: Final = "its folder cannot be read"
"""Why an image is missing."""


class ImageState(StrEnum):
    OK = "ok"
    UNREADABLE = "unreadable"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Image:
    """One image file. ``path`` is relative to its root, with forward slashes.

    ``width`` and ``height`` are pixels after the EXIF rotation; ``content_hash`` is the hex BLAKE2b-128
    of the file's bytes and of how they are decoded (None while unreadable); ``problem`` is the reason if the
    state is not ok. ``reviewed_at`` is None if no review counts. ``prefix`` distinguishes the root from
    others; see :func:`root_prefixes`.
    """

    id: int
    root_id: int
    path: str
    size: int
    mtime_ns: int
    width: int | None
    height: int | None
    content_hash: str | None
    state: ImageState
    problem: str | None
    reviewed_at: datetime | None
    prefix: str = ""

    @property
    def name(self) -> str:
        """The name by which the image is shown, unique among images that are not missing."""
        return image_name(self.prefix, self.path)


def root_prefixes(roots: Mapping[int, Path]) -> dict[int, str]:
    """The prefix of each root, which makes the names of images unique.

    Empty with one root. With several, the path of the root relative to their common parent, with forward
    slashes; without a common parent (several drives), the absolute path (docs/decisions/0233).
    """
    if len(roots) <= 1:
        return dict.fromkeys(roots, "")
    try:
        shared = Path(os.path.commonpath(list(roots.values())))
    except ValueError:
        return {number: root.as_posix() for number, root in roots.items()}
    return {number: root.relative_to(shared).as_posix() for number, root in roots.items()}


def image_name(prefix: str, path: str) -> str:
    """The name of an image from the prefix of its root and its path inside it."""
    return f"{prefix.rstrip('/')}/{path}" if prefix else path

"""Images as the project knows them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ImageState(StrEnum):
    OK = "ok"
    UNREADABLE = "unreadable"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Image:
    """One image file. ``path`` is relative to its root, with forward slashes.

    ``width`` and ``height`` are pixels after the EXIF rotation; ``content_hash`` is the hex BLAKE2b-128
    of the file's bytes and of how they are read (None while unreadable); ``problem`` is the reason when the
    state is not ok.
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

"""What is known of a folder that may become an image folder."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

PREVIEWS: Final = 8


class Fault(StrEnum):
    """Why a folder cannot be an image folder."""

    MISSING = "missing"
    FILE = "file"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FolderSurvey:
    """``folder`` as it was given, ``real`` without links. ``images`` so far, all of them once ``finished``.

    ``passed_over`` lists the other files, as text. ``sample``: paths of at most PREVIEWS images, empty until
    they are chosen. ``project``: the project that the folder is or contains. ``reason``: for UNREADABLE.
    """

    folder: Path
    real: Path
    images: int = 0
    finished: bool = False
    passed_over: str = ""
    sample: tuple[str, ...] = ()
    project: Path | None = None
    writable: bool = True
    fault: Fault | None = None
    reason: str = ""

"""Whether a disk can be written to, and its errors as known errors."""

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from app.domain.disk import english_fault, fault, fault_and_remedy, is_full, remedy
from app.domain.errors import DiskError, ProjectError, ReadOnlyError
from app.domain.language import QT_TRANSLATE_NOOP, translate, translated

SPACE_BYTES: Final = 1 << 16
"""Disk space that SQLite needs beside a database to open it, rounded up."""
_OF_A_PROJECT: Final = {
    "the disk is full": QT_TRANSLATE_NOOP("Storage", "its disk is full"),
    "the disk is mounted read-only": QT_TRANSLATE_NOOP("Storage", "its disk is mounted read-only"),
    "the disk reported an error": QT_TRANSLATE_NOOP("Storage", "its disk reported an error"),
    "the disk is no longer connected": QT_TRANSLATE_NOOP("Storage", "its disk is no longer connected"),
}
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def disk_error(what: str, error: OSError) -> ProjectError:
    """The known error for a failed file operation; ``what`` begins the sentence: "X cannot be written"."""
    sentence = f"{what}: {fault_and_remedy(error)}."
    if error.errno in _FORBIDDEN:
        return ReadOnlyError(sentence)
    if is_full(error) or error.errno in {errno.EFBIG, errno.EIO}:
        return DiskError(sentence, reason_of(error), remedy(error) or translate("Storage", "check the disk"))
    return ProjectError(sentence)


def folder_bytes(folder: Path) -> int:
    """Bytes of the files below a folder; links, and files that disappear meanwhile, count nothing."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            found = path.lstat()
            total += found.st_size if stat.S_ISREG(found.st_mode) else 0
    return total


def reason_of(error: OSError) -> str:
    """As :func:`fault`, to follow the name of a project: ``its disk is full``."""
    words = english_fault(error)
    return translated("Storage", _OF_A_PROJECT[words]) if words in _OF_A_PROJECT else fault(error)


def write_error(folder: Path) -> OSError | None:
    """Why a small file cannot be written in this folder; None if it can.

    SQLite does not report the system's error, so this tries it with a temporary file.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(bytes(SPACE_BYTES))
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        return error
    return None

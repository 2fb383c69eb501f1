"""Whether a disk can be written to, and what its refusals are as known errors."""

import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from app.domain.disk import fault, fault_and_remedy, is_full, remedy
from app.domain.errors import DiskError, ProjectError, ReadOnlyError

ROOM_BYTES: Final = 1 << 16
"""What SQLite needs beside a database to open it, a little much."""
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def disk_error(what: str, error: OSError) -> ProjectError:
    """The known error for what the system refused; ``what`` begins the sentence: "X cannot be written"."""
    sentence = f"{what}: {fault_and_remedy(error)}."
    if error.errno in _FORBIDDEN:
        return ReadOnlyError(sentence)
    if is_full(error) or error.errno in {errno.EFBIG, errno.EIO}:
        return DiskError(sentence, reason_of(error), remedy(error) or "check the disk")
    return ProjectError(sentence)


def reason_of(error: OSError) -> str:
    """As :func:`fault`, in words that follow the name of a project: ``its disk is full``."""
    words = fault(error)
    return "its" + words.removeprefix("the") if words.startswith("the disk") else words


def refusal(folder: Path) -> OSError | None:
    """Why a small file cannot be written in this folder; None where it can.

    SQLite does not pass on what the system said. This tries it, and leaves nothing.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(bytes(ROOM_BYTES))
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        return error
    return None

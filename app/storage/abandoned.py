"""Temporary files that a killed process has left behind."""

import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

ABANDONED_SECONDS: Final = 3600
"""Nothing here is written for this long without its file being touched."""


def remove_abandoned(folder: Path, pattern: str) -> None:
    """Remove the files and folders in a folder that match and have not been written to for an hour.

    Younger ones may belong to a process that is still writing. What cannot be removed stays.
    """
    with suppress(OSError):
        for path in folder.glob(pattern):
            with suppress(OSError):
                if time.time() - path.lstat().st_mtime <= ABANDONED_SECONDS:
                    continue
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()

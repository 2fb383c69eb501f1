"""The operating system's lock on an open file: it is released when the last process closes the file.

It depends on neither clock nor pid. A second open file, even in the same process, competes for the lock. Not
every network file system supports it.
"""

import errno
import os
import sys
from typing import Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_HELD: Final = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK})
_LOCKED_BYTE: Final = 1 << 30
"""Windows locks bytes against reading too, so this one is far beyond the end of the file."""


def try_lock(descriptor: int, *, shared: bool = False) -> bool | None:
    """Whether the lock was free and is now held; None if the file system does not support locks.

    ``shared`` locks do not exclude each other. Closing the descriptor releases the lock.
    """
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _HELD else None
    return True

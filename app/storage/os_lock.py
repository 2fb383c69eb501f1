"""The operating system's lock on an open file: it ends with the last process that has the file open.

It depends on no clock and no process number. Whoever opens the file again, in this process too, is another
candidate. Not every network file system has it.
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
"""Windows locks bytes against reading too: one far behind the end, so that the content stays readable."""


def try_lock(descriptor: int, *, shared: bool = False) -> bool | None:
    """Whether the lock was free and is now held; None where the file system has no such locks.

    ``shared`` is for looking: lookers do not exclude each other. Closing the descriptor releases the lock.
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

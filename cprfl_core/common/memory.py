"""Returns unused memory to the system."""

import ctypes
import sys


def trim_heap() -> None:
    """Return freed memory to the system: glibc keeps a few hundred MB after a large collection was loaded.

    Does nothing with other C libraries.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc only
        if trim is not None:
            trim(0)

"""Give memory that is no longer used back to the system."""

import ctypes
import sys


def give_back() -> None:
    """After work that took much for a moment: the C library of Linux keeps what was freed, a few hundred MB
    after a large collection has been loaded. Elsewhere, and where it cannot be asked, nothing happens."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if trim is not None:
            trim(0)

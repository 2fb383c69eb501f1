"""Keeps unused memory small."""

import ctypes
import sys
from typing import Final

HEAPS: Final = 2
_M_ARENA_MAX: Final = -8


def share_heaps() -> None:
    """Let all threads share two heaps, before the first of them begins: glibc gives each its own, up to eight
    for each core, and what is freed in one is not used by another.

    Does nothing with other C libraries.
    """
    if sys.platform == "linux":
        option = getattr(ctypes.CDLL(None), "mallopt", None)
        if option is not None:
            option(_M_ARENA_MAX, HEAPS)


def trim_heap() -> None:
    """Return freed memory to the system: glibc keeps a few hundred MB after a large collection was loaded.

    Does nothing with other C libraries.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc only
        if trim is not None:
            trim(0)

"""Fewer runs of the garbage collector while millions of values are made that all stay until the end."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_BETWEEN = 1_000_000
"""New containers between two runs. With Python's 700 a large import spends a fifth of its time on them."""
_lock = threading.Lock()
_usual: list[tuple[int, int, int]] = []
"""The thresholds before, once for each block that is running: the window runs several at a time."""


@contextmanager
def fewer_collections() -> Iterator[None]:
    """For the whole process, so only around work of seconds. Until the last block ends."""
    with _lock:
        before = _usual[0] if _usual else gc.get_threshold()
        _usual.append(before)
        gc.set_threshold(max(before[0], _BETWEEN), *before[1:])
    try:
        yield
    finally:
        with _lock:
            before = _usual.pop()
            if not _usual:
                gc.set_threshold(*before)

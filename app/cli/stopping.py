"""Ctrl+C: the first press ends long work at a safe point, a second one at once."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

INTERRUPTED = 130


class Interrupted(BaseException):
    """Ctrl+C outside of long work, or twice. Not a KeyboardInterrupt, which typer would swallow."""


class Stopper:
    """Called as a StopCheck; ``requested`` says afterwards whether the person wanted to stop."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __call__(self) -> bool:
        return self._event.is_set()

    @property
    def requested(self) -> bool:
        return self._event.is_set()

    def request(self) -> None:
        self._event.set()


@contextlib.contextmanager
def interrupts(stopper: Stopper | None = None) -> Iterator[None]:
    """Within the block Ctrl+C asks ``stopper`` to stop; a second time, or without one, it raises Interrupted.

    Outside the main thread signals cannot be handled and the block changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_signal: int, _frame: FrameType | None) -> None:
        if stopper is None or stopper.requested:
            raise Interrupted
        stopper.request()
        with contextlib.suppress(OSError, RuntimeError):
            sys.stderr.write("\nStopping at the next safe point. Ctrl+C again stops at once.\n")

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

"""Ctrl+C: the first press ends long work at a safe point, a second one immediately."""

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
    """A StopCheck; ``requested``: whether the person pressed Ctrl+C."""

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
    """Within the block, Ctrl+C requests a stop; a second one, or one without ``stopper``, raises Interrupted.

    Has no effect outside the main thread, where signals cannot be handled.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_signal: int, _frame: FrameType | None) -> None:
        if stopper is None or stopper.requested:
            raise Interrupted
        stopper.request()
        with contextlib.suppress(OSError, RuntimeError):
            sys.stderr.write("\nStopping at the next safe point. Ctrl+C again stops immediately.\n")

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

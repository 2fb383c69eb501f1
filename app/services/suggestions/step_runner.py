"""Runs long work in slices, and what cannot be cut on a thread of its own."""

import threading
import time

from cprfl_core.live.steps import Steps


class StepRunner:
    def __init__(self, steps: Steps[None]) -> None:
        self._steps = steps
        self._thread: threading.Thread | None = None
        self._ended = False

    def run(self, seconds: float) -> bool:
        """Run steps for about ``seconds``; True if none are left. Raises what a step raises."""
        end = time.monotonic() + seconds
        while not self._ended:
            if self._thread is not None:
                self._thread.join(max(0.0, end - time.monotonic()))
                if self._thread.is_alive():
                    return False
                self._thread = None
            try:
                piece = next(self._steps)
            except StopIteration:
                self._ended = True
                break
            if piece is not None:
                self._thread = threading.Thread(target=piece.run, name="learning", daemon=True)
                self._thread.start()
            if time.monotonic() >= end:
                return False
        return True

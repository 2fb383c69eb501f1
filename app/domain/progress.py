"""Progress of long work, with a rate and a remaining time."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

SHORTEST_MEASURE = 0.25
"""Seconds between two measurements of a rate; over less it is noise."""


@dataclass(frozen=True, slots=True)
class Progress:
    """``rate`` in items per second, ``remaining`` in seconds; None while nothing is known yet."""

    stage: str
    done: int
    total: int | None
    rate: float | None = None
    remaining: float | None = None


ProgressCallback = Callable[[Progress], None]
StopCheck = Callable[[], bool]


class RateMeter:
    """Turns counts of finished items into :class:`Progress`.

    The rate is a moving average in which a moment ``memory`` seconds ago weighs e times less than now, so it
    follows a disk that slows down and does not jump with every item.
    """

    def __init__(
        self,
        stage: str,
        total: int | None = None,
        *,
        memory: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stage = stage
        self.total = total
        self._memory = memory
        self._clock = clock
        self._at = clock()
        self._done = 0
        self._rate: float | None = None

    def progress(self, done: int) -> Progress:
        """The state after ``done`` items in all."""
        self._measure(done)
        remaining = None
        if self.total is not None and self._rate:
            remaining = max(0.0, (self.total - done) / self._rate)
        return Progress(self._stage, done, self.total, self._rate, remaining)

    def _measure(self, done: int) -> None:
        now = self._clock()
        elapsed = now - self._at
        if elapsed < SHORTEST_MEASURE:
            return
        rate = (done - self._done) / elapsed
        if self._rate is None:
            self._rate = rate
        else:
            self._rate += (1 - math.exp(-elapsed / self._memory)) * (rate - self._rate)
        self._at, self._done = now, done

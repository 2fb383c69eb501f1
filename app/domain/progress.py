"""Progress of long work, with a rate and a remaining time."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

SHORTEST_MEASURE = 0.25
"""Seconds between two measurements of a rate; over less it is noise."""


class Phase(StrEnum):
    """The long phases of a training run."""

    LEARNING = "learning"
    JUDGING = "judging"


@dataclass(frozen=True, slots=True)
class Progress:
    """``rate`` in items per second, ``remaining`` in seconds; None while nothing is known yet.

    The items are bytes if ``in_bytes``.

    ``stage`` is a caption to show, never to compare. In a training run ``phase`` says what it does, None for
    a short step, and ``part`` of ``parts`` counts from 1 while it learns.
    """

    stage: str
    done: int
    total: int | None
    rate: float | None = None
    remaining: float | None = None
    phase: Phase | None = None
    part: int = 0
    parts: int = 0
    in_bytes: bool = False


ProgressCallback = Callable[[Progress], None]
StopCheck = Callable[[], bool]


class RateMeter:
    """Turns counts of finished items into `Progress`.

    The rate is an exponential moving average with a time constant of ``memory`` seconds, so it follows a disk
    that slows down but does not jump with every item. ``done`` items were finished before.
    """

    def __init__(
        self,
        stage: str,
        total: int | None = None,
        *,
        done: int = 0,
        in_bytes: bool = False,
        memory: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stage = stage
        self.total = total
        self._memory = memory
        self._clock = clock
        self._at = clock()
        self._done = done
        self._in_bytes = in_bytes
        self._rate: float | None = None

    def progress(self, done: int) -> Progress:
        """The progress after ``done`` items in total."""
        self._measure(done)
        remaining = None
        if self.total is not None and self._rate:
            remaining = max(0.0, (self.total - done) / self._rate)
        return Progress(self._stage, done, self.total, self._rate, remaining, in_bytes=self._in_bytes)

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

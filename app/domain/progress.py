"""Progress of long work, with a rate and a remaining time."""

from collections.abc import Callable
from dataclasses import dataclass


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

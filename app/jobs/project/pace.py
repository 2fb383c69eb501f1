"""How fast the person decides."""

from collections import deque
from collections.abc import Callable
from typing import Final

SECONDS: Final = 60.0
MIN_SECONDS: Final = 10.0


class Pace:
    """Decisions per minute, over the last minute. ``clock`` returns seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._moments: deque[float] = deque()

    def note(self) -> None:
        """Count one decision, made now."""
        self._moments.append(self._clock())

    def forget(self) -> None:
        self._moments.clear()

    def per_minute(self) -> float | None:
        """None with too few decisions."""
        now = self._clock()
        while self._moments and now - self._moments[0] > SECONDS:
            self._moments.popleft()
        if len(self._moments) < 2:
            return None
        return 60.0 * len(self._moments) / max(MIN_SECONDS, now - self._moments[0])

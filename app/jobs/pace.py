"""How fast a person decides."""

from collections import deque
from collections.abc import Callable
from typing import Final

SECONDS: Final = 60.0
LEAST_SECONDS: Final = 10.0


class Pace:
    """Decisions a minute over the last minute. ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._moments: deque[float] = deque()

    def note(self) -> None:
        """A decision was made."""
        self._moments.append(self._clock())

    def forget(self) -> None:
        self._moments.clear()

    def per_minute(self) -> float | None:
        """None while there are too few to say."""
        now = self._clock()
        while self._moments and now - self._moments[0] > SECONDS:
            self._moments.popleft()
        if len(self._moments) < 2:
            return None
        return 60.0 * len(self._moments) / max(LEAST_SECONDS, now - self._moments[0])

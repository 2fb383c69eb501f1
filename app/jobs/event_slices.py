"""Events from a worker in portions that leave the window time to breathe."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator

from app.protocol.framing import GarbageLine, decode_event
from app.protocol.messages import Event, Progress

SLICE_SECONDS = 0.008
LOGGED_GARBAGE = 20

log = logging.getLogger(__name__)


class EventBacklog:
    """Lines that have arrived and not been told yet. Decoding happens in the slices, not on arrival."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._lines: deque[bytes | GarbageLine] = deque()
        self._clock = clock
        self._garbage = 0

    def __len__(self) -> int:
        return len(self._lines)

    def extend(self, lines: list[bytes | GarbageLine]) -> None:
        self._lines.extend(lines)

    def take(self, seconds: float = SLICE_SECONDS) -> Iterator[Event]:
        """Events until the time is over; of progress in a row only the newest.

        A consumer that runs an event loop of its own may start another slice inside this one: every event
        still comes once and in order.
        """
        deadline = self._clock() + seconds
        held: Progress | None = None
        while self._lines and self._clock() < deadline:
            line = self._lines.popleft()
            event = line if isinstance(line, GarbageLine) else decode_event(line)
            if isinstance(event, GarbageLine):
                self._tell_garbage(event)
            elif isinstance(event, Progress):
                held = event
            elif held is not None:
                self._lines.appendleft(line)
                told, held = held, None
                yield told
            else:
                yield event
        if held is not None:
            yield held

    def _tell_garbage(self, line: GarbageLine) -> None:
        self._garbage += 1
        if self._garbage <= LOGGED_GARBAGE:
            log.warning("the worker sent garbage (%s): %s", line.reason, line.text)

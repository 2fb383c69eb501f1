"""Fetches and decodes pictures on its own threads: only those that are wanted, most urgent first."""

import logging
import os
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.errors import DatabaseBusyError, is_known
from app.domain.language import QT_TRANSLATE_NOOP, translated
from app.domain.stored_words import problem_words

DEFAULT_CACHE_BYTES: Final = 77 << 20
CLOSE_SECONDS: Final = 3.0
MAX_REASONS: Final = 20_000
BUG_REASON: Final = QT_TRANSLATE_NOOP(
    "Jobs", "it cannot be shown because something went wrong in Tailspotter; see the log"
)

log = logging.getLogger(__name__)


class Decoded(NamedTuple):
    """A decoded picture and its size in bytes."""

    picture: Any
    cost: int


@dataclass(frozen=True, slots=True)
class _Result:
    image_id: int
    size: int
    decoded: Decoded | None
    reason: str
    generation: int


@dataclass(frozen=True, slots=True)
class _Held:
    decoded: Decoded
    size: int


class ThumbnailLoader(QObject):
    """Pictures by image id, decoded outside the window's thread, in a cache limited in bytes.

    ``decode(fetch(image_id, size), size)`` makes a picture, on the loader's threads; ``size`` is in device
    pixels. Everything else belongs to the thread that created the loader. Has no parent; the owner closes it.
    """

    loaded = Signal(object)
    """The ids of images that now have a picture."""
    failed = Signal(object)
    """The ids of images for which reason() now says why there is no picture."""
    _arrived = Signal()

    def __init__(
        self,
        fetch: Callable[[int, int], Any],
        decode: Callable[[Any, int], Decoded],
        *,
        cache_bytes: int = DEFAULT_CACHE_BYTES,
        threads: int | None = None,
    ) -> None:
        super().__init__()
        self._fetch = fetch
        self._decode = decode
        self._cache_bytes = cache_bytes
        self._held: OrderedDict[int, _Held] = OrderedDict()
        self._held_bytes = 0
        self._reasons: OrderedDict[int, str] = OrderedDict()
        self._urgency: dict[int, int] = {}
        self._size = 0
        self._condition = threading.Condition()
        self._waiting: deque[int] = deque()
        self._working: dict[int, int] = {}
        self._generation = 0
        self._results: deque[_Result] = deque()
        self._announced = False
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        count = threads or max(2, min(4, (os.cpu_count() or 2) // 2))
        self._threads = [
            threading.Thread(target=self._work, name=f"thumbnails-{index}", daemon=True)
            for index in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def want(self, image_ids: Sequence[int], size: int) -> None:
        """Load these pictures at ``size``, in this order, and nothing else.

        Other waiting pictures are dropped; pictures that are loaded or have failed are not loaded again.
        """
        self._urgency = {image_id: rank for rank, image_id in enumerate(image_ids)}
        needed = [
            image_id
            for image_id in self._urgency
            if image_id not in self._reasons
            and ((held := self._held.get(image_id)) is None or held.size != size)
        ]
        with self._condition:
            if self._closed:
                return
            self._size = size
            self._waiting = deque(i for i in needed if self._working.get(i) != size)
            self._condition.notify_all()

    def picture(self, image_id: int) -> Any | None:
        """The picture at the size last loaded, or None."""
        held = self._held.get(image_id)
        if held is None:
            return None
        self._held.move_to_end(image_id)
        return held.decoded.picture

    def reason(self, image_id: int) -> str | None:
        """Why there is no picture, or None."""
        return self._reasons.get(image_id)

    def forget(self, image_ids: Iterable[int] | None = None) -> None:
        """Drop the pictures and reasons of all images, or of these.

        want() loads them again.
        """
        with self._condition:
            self._generation += 1
            self._waiting.clear()
            self._working.clear()
        for image_id in list(self._held) + list(self._reasons) if image_ids is None else image_ids:
            self._drop(image_id)
            self._reasons.pop(image_id, None)

    @property
    def cache_bytes(self) -> int:
        """The limit of the cache."""
        return self._cache_bytes

    @property
    def cached_bytes(self) -> int:
        return self._held_bytes

    @property
    def pending(self) -> int:
        """Pictures that are waiting, being decoded or about to be delivered."""
        with self._condition:
            return len(self._waiting) + len(self._working)

    def close(self, limit: float = CLOSE_SECONDS) -> bool:
        """Drop what waits and end the threads. Idempotent.

        False if one is still decoding after ``limit`` seconds; it ends later, and its result is dropped.
        """
        with self._condition:
            self._closed = True
            self._waiting.clear()
            self._condition.notify_all()
        end = time.monotonic() + limit
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        self._results.clear()
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            image_id, size, generation = job
            result = self._make(image_id, size, generation)
            with self._condition:
                if self._closed:
                    return
                self._results.append(result)
                if not self._announced:
                    self._announced = True
                    self._arrived.emit()

    def _next(self) -> tuple[int, int, int] | None:
        with self._condition:
            while not self._waiting:
                if self._closed:
                    return None
                self._condition.wait()
            image_id = self._waiting.popleft()
            self._working[image_id] = self._size
            return image_id, self._size, self._generation

    def _make(self, image_id: int, size: int, generation: int) -> _Result:
        while True:
            try:
                decoded = self._decode(self._fetch(image_id, size), size)
            except DatabaseBusyError as error:
                # Another program is writing; try again.
                if self._closed:
                    return _Result(image_id, size, None, problem_words(str(error)), generation)
            except Exception as error:
                if is_known(error):
                    return _Result(image_id, size, None, problem_words(str(error)), generation)
                log.exception("image %s", image_id)
                return _Result(image_id, size, None, translated("Jobs", BUG_REASON), generation)
            else:
                return _Result(image_id, size, decoded, "", generation)

    @Slot()
    def _deliver(self) -> None:
        with self._condition:
            self._announced = False
            results, self._results = self._results, deque()
            for result in results:
                if self._working.get(result.image_id) == result.size:
                    del self._working[result.image_id]
        loaded, failed = [], []
        for result in results:
            if result.generation != self._generation:
                continue
            if result.decoded is None:
                self._remember_reason(result)
                failed.append(result.image_id)
            elif self._is_late(result):
                continue
            elif self._keep(result.image_id, _Held(result.decoded, result.size)):
                loaded.append(result.image_id)
        if loaded:
            self.loaded.emit(loaded)
        if failed:
            self.failed.emit(failed)

    def _is_late(self, result: _Result) -> bool:
        """Whether it was begun for another size, and the picture of the wanted size is there already."""
        held = self._held.get(result.image_id)
        return held is not None and held.size == self._size != result.size

    def _remember_reason(self, result: _Result) -> None:
        self._drop(result.image_id)
        self._reasons[result.image_id] = result.reason
        if len(self._reasons) > MAX_REASONS:
            self._reasons.popitem(last=False)

    def _keep(self, image_id: int, held: _Held) -> bool:
        """Put a picture into the cache. False if more urgent ones leave no room for it."""
        self._drop(image_id)
        surplus = self._held_bytes + held.decoded.cost - self._cache_bytes
        leaving = []
        for other in self._dispensable(image_id) if surplus > 0 else ():
            leaving.append(other)
            surplus -= self._held[other].decoded.cost
            if surplus <= 0:
                break
        if surplus > 0 and len(leaving) < len(self._held):
            return False
        for other in leaving:
            self._drop(other)
        self._held[image_id] = held
        self._held_bytes += held.decoded.cost
        return True

    def _dispensable(self, image_id: int) -> Iterator[int]:
        """What may be evicted for this picture: first unwanted ones, by last use, then less urgent ones."""
        yield from (other for other in self._held if other not in self._urgency)
        own = self._urgency.get(image_id, len(self._urgency))
        less_urgent = [other for other in self._held if self._urgency.get(other, -1) > own]
        yield from sorted(less_urgent, key=self._urgency.__getitem__, reverse=True)

    def _drop(self, image_id: int) -> None:
        held = self._held.pop(image_id, None)
        if held is not None:
            self._held_bytes -= held.decoded.cost

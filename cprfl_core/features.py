"""Embeds images into a feature store: decoded in threads ahead of the model, written every few hundred.

Torch-free itself: the model is anything that turns pixels into embeddings, as a Backbone does.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from cprfl_core.errors import DeviceMemoryError, ImageError
from cprfl_core.feature_store import FeatureStore
from cprfl_core.images import open_image
from cprfl_core.preprocessing import Preprocessing

Pixels = NDArray[np.uint8]

_FLUSH_ROWS: Final = 512
_FLUSH_SECONDS: Final = 30.0
_RATE_SECONDS: Final = 15.0
_HALVINGS: Final = 3
_BATCH_SIZES: Final = {"cuda": 128, "mps": 32, "cpu": 16}
_MOST_THREADS: Final = 16

ProgressCallback = Callable[[int, int, float | None, float | None], None]
"""done, total, images a second, seconds left; the last two None until they are known."""
FailedCallback = Callable[[int, str], None]
"""Image id and the reason, a fragment that follows the file's name."""


class ImageEncoder(Protocol):
    """The part of a Backbone that indexing needs."""

    @property
    def preprocessing(self) -> Preprocessing: ...

    @property
    def device(self) -> str: ...

    def embed_pixels(self, pixels: Pixels) -> NDArray[np.float32]:
        """uint8 [B,3,H,W] to float32 [B,D]; DeviceMemoryError when B is too large."""
        ...


@dataclass(frozen=True, slots=True)
class ImageItem:
    """``stamp`` stands for the content of the file: a row of another stamp is out of date."""

    id: int
    path: Path
    stamp: int


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """Numbers of images; ``skipped`` had a row of their stamp already, ``stopped`` tells of a cancel."""

    embedded: int
    skipped: int
    failed: int
    stopped: bool
    seconds: float


def index_images(
    backbone: ImageEncoder,
    items: Sequence[ImageItem],
    store: FeatureStore,
    *,
    batch_size: int | None = None,
    threads: int | None = None,
    on_progress: ProgressCallback | None = None,
    on_failed: FailedCallback | None = None,
    on_warning: Callable[[str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> IndexSummary:
    """Embed the items whose row is absent or out of date, and append them to ``store``.

    A file that cannot be read is reported through ``on_failed`` and the rest goes on. ``should_stop`` is
    asked before each image; what was embedded until then is kept, and so it is after an error: the next run
    goes on from there. All callbacks come from the calling thread. Raises FeatureStoreError when the store
    cannot be written, DeviceMemoryError when even an eighth of the batch does not fit.
    """
    began = time.monotonic()
    outdated = store.outdated([item.id for item in items], [item.stamp for item in items])
    todo = [item for item, needed in zip(items, outdated, strict=True) if needed]
    run = _Run(
        backbone,
        store,
        batch_size=batch_size,
        total=len(todo),
        on_progress=on_progress,
        on_failed=on_failed,
        on_warning=on_warning,
    )
    stopped = run.over(todo, threads or _thread_count(), should_stop or (lambda: False))
    seconds = time.monotonic() - began
    return IndexSummary(run.embedded, len(items) - len(todo), run.failed, stopped, seconds)


class _Run:
    """State of one indexing run: the batch in the making and the rows not yet written."""

    def __init__(
        self,
        backbone: ImageEncoder,
        store: FeatureStore,
        *,
        batch_size: int | None,
        total: int,
        on_progress: ProgressCallback | None,
        on_failed: FailedCallback | None,
        on_warning: Callable[[str], None] | None,
    ) -> None:
        self.embedded = 0
        self.failed = 0
        self._backbone = backbone
        self._store = store
        self._batch_size = batch_size or _BATCH_SIZES.get(backbone.device.partition(":")[0], 16)
        self._halvings = 0
        self._total = total
        self._rate = _Rate(total)
        self._told = -1
        self._on_progress = on_progress
        self._on_failed = on_failed
        self._on_warning = on_warning
        self._rows: list[tuple[ImageItem, NDArray[np.float32]]] = []
        self._written = time.monotonic()

    def over(self, items: list[ImageItem], threads: int, should_stop: Callable[[], bool]) -> bool:
        """Embed the items; True when stopped before the end. Rows are written in any case."""
        self._tell_progress()
        batch: list[tuple[ImageItem, Pixels]] = []
        ahead = 2 * max(self._batch_size, threads)
        try:
            with closing(_decode_ahead(items, self._backbone.preprocessing, threads, ahead)) as decoded:
                for item, result in decoded:
                    if should_stop():
                        return True
                    if isinstance(result, ImageError):
                        self._fail(item, result.reason)
                    else:
                        batch.append((item, result))
                    if len(batch) >= self._batch_size:
                        self._embed(batch)
                        batch = []
                self._embed(batch)
            return False
        finally:
            self._write()

    def _embed(self, batch: list[tuple[ImageItem, Pixels]]) -> None:
        at = 0
        while at < len(batch):
            part = batch[at : at + self._batch_size]
            try:
                embeddings = self._backbone.embed_pixels(np.stack([pixels for _, pixels in part]))
            except DeviceMemoryError as error:
                self._halve(error)
                continue
            at += len(part)
            self._keep([item for item, _ in part], embeddings)
        self._tell_progress()
        if len(self._rows) >= _FLUSH_ROWS or time.monotonic() - self._written > _FLUSH_SECONDS:
            self._write()

    def _keep(self, items: list[ImageItem], embeddings: NDArray[np.float32]) -> None:
        for item, row in zip(items, embeddings, strict=True):
            if np.isfinite(row).all():
                self._rows.append((item, row))
                self.embedded += 1
            else:
                self._fail(item, "the model gave no finite numbers")

    def _halve(self, error: DeviceMemoryError) -> None:
        if self._halvings == _HALVINGS or self._batch_size == 1:
            raise error
        self._halvings += 1
        self._batch_size //= 2
        if self._on_warning is not None:
            self._on_warning(f"{error.sentence} Going on with batches of {self._batch_size}.")

    def _fail(self, item: ImageItem, reason: str) -> None:
        self.failed += 1
        if self._on_failed is not None:
            self._on_failed(item.id, reason)

    def _tell_progress(self) -> None:
        done = self.embedded + self.failed
        if self._on_progress is None or done == self._told:
            return
        self._told = done
        self._on_progress(done, self._total, *self._rate.at(done))

    def _write(self) -> None:
        self._written = time.monotonic()
        if not self._rows:
            return
        ids = [item.id for item, _ in self._rows]
        stamps = np.array([item.stamp for item, _ in self._rows], dtype=np.uint64)
        self._store.append(ids, stamps, np.stack([row for _, row in self._rows]))
        self._rows = []


class _Rate:
    """Images a second over the last seconds, so that a slow start is soon forgotten."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._marks: deque[tuple[float, int]] = deque()

    def at(self, done: int) -> tuple[float | None, float | None]:
        now = time.monotonic()
        self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[0][0] > _RATE_SECONDS:
            self._marks.popleft()
        since, before = self._marks[0]
        if done == before or now <= since:
            return None, None
        rate = (done - before) / (now - since)
        return rate, (self._total - done) / rate


def _decode_ahead(
    items: list[ImageItem], preprocessing: Preprocessing, threads: int, ahead: int
) -> Generator[tuple[ImageItem, Pixels | ImageError], None, None]:
    """Items in order with their pixels or what is wrong with them; at most ``ahead`` are held in memory.

    The threads have ended when the iterator is closed.
    """

    def decode(item: ImageItem) -> Pixels | ImageError:
        try:
            return preprocessing.to_uint8(open_image(item.path, draft=preprocessing.draft))
        except ImageError as error:
            return error

    waiting: deque[tuple[ImageItem, Future[Pixels | ImageError]]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(decode, item)))
                if len(waiting) == ahead:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def _thread_count() -> int:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(_MOST_THREADS, usable or 1))

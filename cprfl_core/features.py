"""Embeds images into a feature store: decoded in threads ahead of the model, written every few hundred.

Torch-free itself: the model is anything that turns pixels into embeddings, as a Backbone does.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from cprfl_core.decoding import Pixels, decode_ahead, read_pixels, thread_count
from cprfl_core.errors import DeviceMemoryError, ImageError
from cprfl_core.feature_store import FeatureStore
from cprfl_core.feature_writer import Row, RowWriter
from cprfl_core.preprocessing import Preprocessing
from cprfl_core.token_basis import PatchChoice, TokenBasis

Float32 = NDArray[np.float32]

_RATE_SECONDS: Final = 15.0
_HALVINGS: Final = 3
_BATCH_SIZES: Final = {"cuda": 128, "mps": 32, "cpu": 16}
# What the scales of int8 tokens can hold.
_LARGEST_TOKEN: Final = 8e6

ProgressCallback = Callable[[int, int, float | None, float | None], None]
"""done, total, images a second, seconds left; the last two None until they are known."""
FailedCallback = Callable[[int, str], None]
"""Image id and the reason, a fragment that follows the file's name."""
Encoded = tuple[Float32, Float32 | None]
"""Embeddings [B,D] of length 1 and, where a basis was given, patch tokens [B,p,R]."""


class ImageEncoder(Protocol):
    """The part of a Backbone that indexing needs."""

    @property
    def preprocessing(self) -> Preprocessing: ...

    @property
    def device(self) -> str: ...

    @property
    def grid(self) -> tuple[int, int]: ...

    @property
    def patch_width(self) -> int: ...

    @property
    def overlaps(self) -> bool:
        """Whether :meth:`begin` returns before the work is done."""
        ...

    def begin(self, pixels: Sequence[Pixels], basis: TokenBasis | None) -> Callable[[], Encoded]:
        """Start on B images, uint8 [3,H,W] each; what is returned waits for the result.

        DeviceMemoryError, from either call, when B is too large.
        """
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
    patches: PatchChoice | None = None,
    batch_size: int | None = None,
    threads: int | None = None,
    on_progress: ProgressCallback | None = None,
    on_failed: FailedCallback | None = None,
    on_warning: Callable[[str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> IndexSummary:
    """Embed the items whose row is absent or out of date, and append them to ``store``.

    With ``patches`` their patch tokens are kept too, from the same pass, and rows without count as absent.
    A file that cannot be read is reported through ``on_failed`` and the rest goes on. ``should_stop`` is
    asked before each image; what was embedded until then is kept, and so it is after an error: the next run
    goes on from there. All callbacks come from the calling thread. Raises FeatureStoreError when the store
    cannot be written, DeviceMemoryError when even an eighth of the batch does not fit.
    """
    began = time.monotonic()
    ids, stamps = [item.id for item in items], [item.stamp for item in items]
    outdated = store.outdated(ids, stamps, patches=patches)
    todo = [item for item, needed in zip(items, outdated, strict=True) if needed]
    writer = RowWriter(store, patches, backbone.grid, backbone.patch_width, len(todo))
    run = _Run(
        backbone,
        writer,
        batch_size=batch_size,
        total=len(todo),
        on_progress=on_progress,
        on_failed=on_failed,
        on_warning=on_warning,
    )
    stopped = run.over(todo, threads or thread_count(), should_stop or (lambda: False))
    seconds = time.monotonic() - began
    return IndexSummary(run.embedded, len(items) - len(todo), run.failed, stopped, seconds)


Decoded = tuple[ImageItem, Pixels]


class _Run:
    """State of one indexing run: the batch in the making, and what the model is working on."""

    def __init__(
        self,
        backbone: ImageEncoder,
        writer: RowWriter,
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
        self._writer = writer
        self._batch_size = batch_size or _BATCH_SIZES.get(backbone.device.partition(":")[0], 16)
        self._halvings = 0
        self._total = total
        self._rate = _Rate(total)
        self._told = -1
        self._on_progress = on_progress
        self._on_failed = on_failed
        self._on_warning = on_warning
        self._working: tuple[list[Decoded], Callable[[], Encoded]] | None = None

    def over(self, items: list[ImageItem], threads: int, should_stop: Callable[[], bool]) -> bool:
        """Embed the items; True when stopped before the end. Rows are written in any case."""
        complete = False
        try:
            self._tell_progress()
            stopped = self._embed_all(items, threads, should_stop)
            self._finish()
            complete = not stopped
            return stopped
        finally:
            self._writer.close(complete=complete)

    def _embed_all(self, items: list[ImageItem], threads: int, should_stop: Callable[[], bool]) -> bool:
        preprocessing, batch = self._backbone.preprocessing, list[Decoded]()
        ahead = 2 * max(self._batch_size, threads)
        ordered = self._writer.sample_first(items)
        reading = decode_ahead(ordered, lambda item: read_pixels(item.path, preprocessing), threads, ahead)
        with closing(reading) as decoded:
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

    def _embed(self, batch: list[Decoded]) -> None:
        """Give the batch to the model; a device that works by itself gets it before the last one is read."""
        at = 0
        while at < len(batch):
            part = batch[at : at + self._batch_size]
            try:
                pending = self._backbone.begin([pixels for _, pixels in part], self._writer.basis)
            except DeviceMemoryError as error:
                self._finish()
                self._halve(error)
                continue
            at += len(part)
            self._finish()
            self._working = part, pending
            if not self._backbone.overlaps:
                self._finish()
        self._tell_progress()

    def _finish(self) -> None:
        """Wait for what the model is working on, and keep it."""
        working, self._working = self._working, None
        if working is None:
            return
        part, pending = working
        try:
            encoded = pending()
        except DeviceMemoryError as error:
            # The batch size may have been halved since this one was begun.
            if len(part) <= self._batch_size:
                self._halve(error)
            self._embed(part)
            self._finish()
        else:
            self._keep([item for item, _ in part], *encoded)

    def _keep(self, items: list[ImageItem], embeddings: Float32, tokens: Float32 | None) -> None:
        rows = []
        for at, item in enumerate(items):
            kept = None if tokens is None else tokens[at]
            if np.isfinite(embeddings[at]).all() and (kept is None or np.abs(kept).max() < _LARGEST_TOKEN):
                rows.append(Row(item.id, item.stamp, embeddings[at], kept))
            else:
                self._fail(item, "the model gave no finite numbers")
        self.embedded += len(rows)
        self._writer.add(rows)

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

"""Embeds images into a feature store: decodes in threads ahead of the model, writes every few hundred images.

Torch-free itself: the model is an ImageEncoder, such as a Backbone.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from threadpoolctl import threadpool_limits

from cprfl_core.common.errors import DeviceMemoryError, ImageError
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import PatchChoice, TokenCompression
from cprfl_core.features.writer import Row, RowWriter
from cprfl_core.images.decoding import Pixels, decode_ahead, read_pixels, thread_count
from cprfl_core.images.preprocessing import Preprocessing
from cprfl_core.nouns.classifier import Classifier

Float32 = NDArray[np.float32]

_RATE_SECONDS: Final = 15.0
_HALVINGS: Final = 3
_BATCH_SIZES: Final = {"cuda": 128, "mps": 32, "cpu": 16}
# Limit of the float16 scales of int8 tokens.
_LARGEST_TOKEN: Final = 8e6

ProgressCallback = Callable[[int, int, float | None, float | None], None]
"""done, total, images per second, seconds left; the last two are None until known."""
FailedCallback = Callable[[int, str], None]
"""Image id and the reason, a fragment that follows the file name."""
PictureCallback = Callable[[int, Image.Image], None]
"""Image id and the picture as it was decoded for the model, upright RGB, a JPEG perhaps at a reduced size."""
Encoded = tuple[Float32, Float32 | None]
"""L2-normalised embeddings [B,D] and, with a basis, patch tokens [B,p,R]."""


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
        """True if :meth:`begin` returns before the computation has finished."""
        ...

    def begin(self, pixels: Sequence[Pixels], basis: TokenCompression | None) -> Callable[[], Encoded]:
        """Start encoding B images, uint8 [3,H,W] each; the returned function waits for the result.

        Either call raises DeviceMemoryError if B is too large.
        """
        ...


@dataclass(frozen=True, slots=True)
class ImageItem:
    """``stamp`` identifies the content of the file: a row with a different stamp is outdated."""

    id: int
    path: Path
    stamp: int


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """Numbers of images; ``skipped`` were up to date. ``stopped``: the run was cancelled."""

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
    classifier: Classifier | None = None,
    batch_size: int | None = None,
    threads: int | None = None,
    accept_cut: bool = False,
    on_progress: ProgressCallback | None = None,
    on_failed: FailedCallback | None = None,
    on_warning: Callable[[str], None] | None = None,
    on_picture: PictureCallback | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> IndexSummary:
    """Embed the items whose row is missing or outdated, and append them to ``store``.

    With ``patches`` patch tokens are stored too, from the same pass, and rows without them count as missing.
    ``classifier``, that of a photo model, is written first if the store has none.
    Files that cannot be read are reported through ``on_failed`` and skipped; ``accept_cut`` as in
    cprfl_core.images.reading.open_image. ``should_stop`` is checked before each image. After a stop or an
    error everything embedded so far is kept, and the next run continues from there. Callbacks are called
    from the calling thread, only ``on_picture`` from those that decode. Raises FeatureStoreError if the store
    cannot be written, DeviceMemoryError if even an eighth of the batch does not fit.
    """
    began = time.monotonic()
    ids, stamps = [item.id for item in items], [item.stamp for item in items]
    outdated = store.outdated(ids, stamps, patches=patches)
    todo = [item for item, needed in zip(items, outdated, strict=True) if needed]
    if classifier is not None and not store.has_classifier():
        store.save_classifier(classifier)
    writer = RowWriter(store, patches, backbone.grid, backbone.patch_width, len(todo))
    run = _Run(
        backbone,
        writer,
        batch_size=batch_size,
        total=len(todo),
        accept_cut=accept_cut,
        on_progress=on_progress,
        on_failed=on_failed,
        on_warning=on_warning,
        on_picture=on_picture,
    )
    # NumPy's threads spin while they wait for each other, which decoding and the model would pay for.
    with threadpool_limits(1, user_api="blas"):
        stopped = run.over(todo, threads or thread_count(), should_stop or (lambda: False))
    seconds = time.monotonic() - began
    return IndexSummary(run.embedded, len(items) - len(todo), run.failed, stopped, seconds)


Decoded = tuple[ImageItem, Pixels]


class _Run:
    """State of one indexing run: the pending batch, and the one that the model is computing."""

    def __init__(
        self,
        backbone: ImageEncoder,
        writer: RowWriter,
        *,
        batch_size: int | None,
        total: int,
        accept_cut: bool,
        on_progress: ProgressCallback | None,
        on_failed: FailedCallback | None,
        on_warning: Callable[[str], None] | None,
        on_picture: PictureCallback | None,
    ) -> None:
        self.embedded = 0
        self.failed = 0
        self._backbone = backbone
        self._writer = writer
        self._batch_size = batch_size or _BATCH_SIZES.get(backbone.device.partition(":")[0], 16)
        self._halvings = 0
        self._total = total
        self._accept_cut = accept_cut
        self._rate = _Rate(total)
        self._last_done = -1
        self._on_progress = on_progress
        self._on_failed = on_failed
        self._on_warning = on_warning
        self._on_picture = on_picture
        self._working: tuple[list[Decoded], Callable[[], Encoded]] | None = None

    def over(self, items: list[ImageItem], threads: int, should_stop: Callable[[], bool]) -> bool:
        """Embed the items; returns True if stopped early. Rows are written in any case."""
        complete = False
        try:
            self._report_progress()
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

        def read(item: ImageItem) -> Pixels:
            use = None if self._on_picture is None else partial(self._on_picture, item.id)
            return read_pixels(item.path, preprocessing, accept_cut=self._accept_cut, on_picture=use)

        reading = decode_ahead(ordered, read, threads, ahead)
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
        """Pass the batch to the model; an asynchronous device gets it before the last result is fetched."""
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
        self._report_progress()

    def _finish(self) -> None:
        """Wait for the running computation, and keep its result."""
        working, self._working = self._working, None
        if working is None:
            return
        part, pending = working
        try:
            encoded = pending()
        except DeviceMemoryError as error:
            # The batch size may have been halved since this computation began.
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
                self._fail(item, "the model returned NaN or infinite numbers")
        self.embedded += len(rows)
        self._writer.add(rows)

    def _halve(self, error: DeviceMemoryError) -> None:
        if self._halvings == _HALVINGS or self._batch_size == 1:
            raise error
        self._halvings += 1
        self._batch_size //= 2
        if self._on_warning is not None:
            self._on_warning(f"{error.sentence} Continuing with batches of {self._batch_size}.")

    def _fail(self, item: ImageItem, reason: str) -> None:
        self.failed += 1
        if self._on_failed is not None:
            self._on_failed(item.id, reason)

    def _report_progress(self) -> None:
        done = self.embedded + self.failed
        if self._on_progress is None or done == self._last_done:
            return
        self._last_done = done
        self._on_progress(done, self._total, *self._rate.at(done))


class _Rate:
    """Images per second over the last seconds, so that a slow start does not matter for long."""

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

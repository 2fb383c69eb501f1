"""Rows on their way from the model to the store: patch tokens made small, a shard at a time, in a thread.

Writing in the calling thread would let an accelerator wait for the disk.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.feature_store import FeatureStore
from cprfl_core.token_basis import (
    SAMPLE,
    Grid,
    PatchChoice,
    TokenBasis,
    fit_basis,
    needs_fit,
    plain_basis,
    quantise,
)

Float32 = NDArray[np.float32]
Item = TypeVar("Item")

FLUSH_ROWS: Final = 512
FLUSH_SECONDS: Final = 30.0
_FLUSH_BYTES: Final = 128 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One image: embedding [D], and patch tokens [p,R] or as they are pooled [p,W]."""

    id: int
    stamp: int
    embedding: Float32
    tokens: Float32 | None


class RowWriter:
    """Takes rows, writes them in shards. One thread uses it; the store is its own until :meth:`close`.

    ``choice``: which patch tokens are kept of a tower of this ``grid`` and ``width``, None for none. Where
    they are too wide, the first images (SAMPLE of them, or all of ``expected``) decide the basis, and
    :attr:`basis` changes when it is found.
    """

    def __init__(
        self, store: FeatureStore, choice: PatchChoice | None, grid: Grid, width: int, expected: int
    ) -> None:
        self._store = store
        self._rows: list[Row] = []
        self._bytes = 0
        self._since = time.monotonic()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._writing: Future[None] | None = None
        self._sample: list[Row] | None = None
        self._sample_target = min(SAMPLE, expected)
        self._sample_saved = 0
        self.basis: TokenBasis | None = None
        """What the tokens of the next rows should be in; None when no tokens are wanted."""
        if choice is None or not expected:
            return
        self.basis = plain_basis(grid, width, choice)
        if not needs_fit(self.basis, choice):
            self._settle(self.basis)
        elif (held := store.basis) is not None and held.answers(choice) and not held.outgrown(expected):
            self.basis = held
        else:
            self._sample = []

    def sample_first(self, items: Sequence[Item]) -> list[Item]:
        """The order to come in: where a basis has to be found, images from everywhere before the rest."""
        if self._sample is None or len(items) <= self._sample_target:
            return list(items)
        drawn = np.random.default_rng(0).choice(len(items), self._sample_target, replace=False)
        chosen = set(drawn.tolist())
        return [*(items[at] for at in sorted(chosen)), *(x for at, x in enumerate(items) if at not in chosen)]

    def add(self, rows: Sequence[Row]) -> None:
        """Rows whose tokens are in :attr:`basis`, or were when the model began with them.

        Raises FeatureStoreError when an earlier write failed.
        """
        if self._sample is None:
            rows = [self._projected(row) for row in rows]
            self._rows += rows
            self._bytes += sum(row.tokens.nbytes for row in rows if row.tokens is not None)
        else:
            self._sample += rows
            if len(self._sample) >= self._sample_target:
                self._fit()
        late = time.monotonic() - self._since > FLUSH_SECONDS
        if late or len(self._rows) >= FLUSH_ROWS or self._bytes > _FLUSH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Begin to write what there is. Rows of the sample are written without their tokens for now."""
        self._since = time.monotonic()
        self._wait()
        rows, self._rows, self._bytes = self._rows, [], 0
        if self._sample is not None:
            fresh, self._sample_saved = self._sample[self._sample_saved :], len(self._sample)
            rows = [replace(row, tokens=None) for row in fresh]
        if rows:
            self._writing = self._pool.submit(_write, self._store, rows)

    def close(self, *, complete: bool) -> None:
        """Write the rest and wait for it; ``complete``: there are no more images for the sample."""
        try:
            if complete and self._sample:
                self._fit()
            self.flush()
            self._wait()
        finally:
            self._pool.shutdown()

    def _fit(self) -> None:
        assert self.basis is not None and self._sample is not None
        sample, self._sample = self._sample, None
        found = fit_basis(self.basis, (row.tokens for row in sample if row.tokens is not None))
        self._settle(replace(found, sampled=self._sample_target))
        self._rows = [self._projected(row) for row in sample]

    def _projected(self, row: Row) -> Row:
        """With tokens that are only pooled brought into the basis."""
        if row.tokens is None or self.basis is None or row.tokens.shape == self.basis.shape:
            return row
        return replace(row, tokens=self.basis.project(row.tokens))

    def _settle(self, basis: TokenBasis) -> None:
        self.basis = basis
        if self._store.basis is None or self._store.basis.key != basis.key:
            self._wait()
            self._store.set_basis(basis)

    def _wait(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()


def _write(store: FeatureStore, rows: Sequence[Row]) -> None:
    patches: tuple[ArrayLike, ...] = ()
    if rows[0].tokens is not None:
        patches = quantise(np.stack([row.tokens for row in rows if row.tokens is not None]))
    store.append(
        [row.id for row in rows],
        np.array([row.stamp for row in rows], dtype=np.uint64),
        np.stack([row.embedding for row in rows]),
        *patches,
    )

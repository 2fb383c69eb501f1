"""Writes rows from the model to the store, one shard at a time, and fits the basis of the patch tokens.

Shards are written in a thread, so that an accelerator does not wait for the disk.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import (
    SAMPLE,
    Grid,
    PatchChoice,
    TokenCompression,
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
_PROJECTED_AT_ONCE: Final = 32


@dataclass(frozen=True, slots=True)
class Row:
    """One image: embedding [D], and patch tokens [p,R], or pooled only [p,W]."""

    id: int
    stamp: int
    embedding: Float32
    tokens: Float32 | None


class RowWriter:
    """Collects rows and writes them in shards. Not thread-safe; uses the store alone until :meth:`close`.

    ``choice``: the patch tokens to keep of a tower with this ``grid`` and ``width``, None for none. If they
    are too wide, the basis is fitted on the first images (SAMPLE, or all of ``expected``), and :attr:`basis`
    changes.
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
        self.basis: TokenCompression | None = None
        """The basis for the tokens of the next rows; None if no tokens are wanted."""
        if choice is None or not expected:
            return
        self.basis = plain_basis(grid, width, choice)
        if not needs_fit(self.basis, choice):
            self._settle(self.basis)
        elif (held := store.basis) is not None and held.matches(choice) and not held.outgrown(expected):
            self.basis = held
        else:
            self._sample = []

    def sample_first(self, items: Sequence[Item]) -> list[Item]:
        """The items in the order to process: if a basis has to be fitted, a spread-out sample comes first."""
        if self._sample is None or len(items) <= self._sample_target:
            return list(items)
        drawn = np.random.default_rng(0).choice(len(items), self._sample_target, replace=False)
        chosen = set(drawn.tolist())
        return [*(items[at] for at in sorted(chosen)), *(x for at, x in enumerate(items) if at not in chosen)]

    def add(self, rows: Sequence[Row]) -> None:
        """Add rows whose tokens are in :attr:`basis`, or were when the model began to compute them.

        Raises FeatureStoreError if an earlier write failed.
        """
        if self._sample is None:
            rows = self._projected(rows)
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
        """Start writing the collected rows. Rows of the sample are written without tokens for now."""
        self._since = time.monotonic()
        self._wait()
        rows, self._rows, self._bytes = self._rows, [], 0
        if self._sample is not None:
            fresh, self._sample_saved = self._sample[self._sample_saved :], len(self._sample)
            rows = [replace(row, tokens=None) for row in fresh]
        if rows:
            self._writing = self._pool.submit(_write, self._store, rows)

    def close(self, *, complete: bool) -> None:
        """Write the rest and wait; ``complete``: no more images will come for the sample."""
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
        self._rows = self._projected(sample)

    def _projected(self, rows: Sequence[Row]) -> list[Row]:
        """The rows, with pooled tokens projected to the basis: many at once, which takes much less time."""
        basis, done = self.basis, list(rows)
        if basis is None:
            return done
        todo = [
            at for at, row in enumerate(done) if row.tokens is not None and row.tokens.shape != basis.shape
        ]
        for start in range(0, len(todo), _PROJECTED_AT_ONCE):
            part = todo[start : start + _PROJECTED_AT_ONCE]
            tokens = [tokens for at in part if (tokens := done[at].tokens) is not None]
            for at, reduced in zip(part, basis.project(np.stack(tokens)), strict=True):
                done[at] = replace(done[at], tokens=reduced)
        return done

    def _settle(self, basis: TokenCompression) -> None:
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

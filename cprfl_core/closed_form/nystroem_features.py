"""Nyström features ``L^-1 k(landmarks, x)``: stored in float32, summed in float64.

Those of many images lie in a temporary file and take memory only while they are read.

Shapes: n slots, M landmarks, D embedding width, k rows, T right-hand sides.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.linalg  # type: ignore[import-untyped]
from numpy.typing import NDArray

from cprfl_core.closed_form.direction_rows import DirectionRows
from cprfl_core.closed_form.gaussian_kernel import rbf
from cprfl_core.closed_form.side_rows import SideRows, YesRows
from cprfl_core.common.blocks import blocks
from cprfl_core.common.mapped_arrays import (
    LARGE_NUMBERS,
    is_mapped,
    mapped_zeros,
    release,
    released_blocks,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_JITTER = 1e-6
# Rows processed together: 16 MB in float64 at a thousand landmarks.
_BLOCK_ROWS = 2048
_MANY_ROWS, _MAP_COLUMNS = 64, 128
_PRODUCT_ROWS = 65_536


class NystroemFeatures:
    """Features float32 [n, M] by slot; many rows are processed in blocks."""

    def __init__(self, basis: Floats, gamma: float) -> None:
        """``basis`` [M, D] are the landmarks."""
        count = len(basis)
        self._basis, self._gamma = basis, gamma
        factor = np.linalg.cholesky(rbf(basis, basis, gamma) + _JITTER * np.eye(count))
        found = scipy.linalg.solve_triangular(factor, np.eye(count), lower=True)
        self._map: Floats = np.asfortranarray(np.tril(found))
        self._rows: NDArray[np.float32] = np.zeros((0, count), dtype=np.float32)

    def grow(self, more: int) -> None:
        """Make room for more slots."""
        held = self._rows
        shape = len(held) + more, held.shape[1]
        self._rows = mapped_zeros(shape, np.float32, above=LARGE_NUMBERS)
        for at in self._passed(len(held)):
            self._rows[at] = held[at]
            release(held)

    def fill(self, embeddings: NDArray[np.floating] | DirectionRows, rows: Ints) -> None:
        """Fill the first slots with these rows [k] of embeddings [N, D]."""
        for at in self._passed(len(rows)):
            block = embeddings[rows[at]].astype(np.float64)
            self._rows[at] = self.of_kernel(rbf(block, self._basis, self._gamma))
            if isinstance(embeddings, DirectionRows):
                embeddings.release()

    def put(self, slot: int, embedding: Floats) -> None:
        self._rows[slot] = self._map @ rbf(embedding[None], self._basis, self._gamma)[0]

    def forget(self, slot: int) -> None:
        self._rows[slot] = 0.0

    def of_kernel(self, kernel: Floats) -> Floats:
        """Features [R, M] from kernel values [R, M]."""
        if len(kernel) < _MANY_ROWS:
            found: Floats = scipy.linalg.blas.dtrmm(1.0, self._map, kernel.T, lower=1).T
            return found
        # SciPy's product keeps Python's lock, NumPy's does not; in parts, to leave out the zeros.
        found = np.empty(kernel.shape)
        for at in range(0, len(self._map), _MAP_COLUMNS):
            end = at + _MAP_COLUMNS
            np.matmul(kernel[:, :end], self._map[at:end, :end].T, out=found[:, at:end])
        return found

    def of(self, slot: int) -> Floats:
        """[M]."""
        found: Floats = self._rows[slot].astype(np.float64)
        return found

    def rows(
        self, slots: Ints, width: int, kind: type[np.float32] | type[np.float64] = np.float64
    ) -> NDArray[Any]:
        """The first ``width`` features of some slots, [k, width]."""
        return self._rows[slots, :width].astype(kind, copy=False)

    def expansion(self, weights: Floats) -> Floats:
        """Kernel coefficients [M] of weights on the first features, at most M of them."""
        found: Floats = self._map[: len(weights)].T @ weights
        return found

    def products(self, vectors: Floats) -> NDArray[np.float32]:
        """The first ``width`` features times vectors [width, T], by slot: float32 [n, T]."""
        singles = vectors.astype(np.float32)
        if not is_mapped(self._rows):
            whole: NDArray[np.float32] = self._rows[:, : len(vectors)] @ singles
            return whole
        found = np.empty((len(self._rows), vectors.shape[1]), dtype=np.float32)
        for at in released_blocks(self._rows, _PRODUCT_ROWS):
            found[at] = self._rows[at, : len(vectors)] @ singles
        return found

    def gram(self, slots: Ints, width: int) -> Floats:
        """Sum of the outer products of the first ``width`` features, [width, width]."""
        total = np.zeros((width, width))
        for at in self._passed(len(slots)):
            block = self.rows(slots[at], width)
            total += block.T @ block
        return total

    def sums(self, slots: Ints, values: NDArray[np.floating] | SideRows | YesRows, width: int) -> Floats:
        """Sum over some slots of the first ``width`` features times their values [n, T], [width, T]."""
        total = np.zeros((width, values.shape[1]))
        for at in self._passed(len(slots)):
            total += self.rows(slots[at], width).T @ values[slots[at]].astype(np.float64)
        return total

    def leverages(self, inverse: Floats, of: NDArray[np.bool_]) -> Floats:
        """``phi . inverse phi`` [n] for the slots ``of`` [n]; 0 for the others."""
        found = np.zeros(len(of))
        slots = np.flatnonzero(of)
        for at in self._passed(len(slots)):
            block = self.rows(slots[at], len(inverse))
            found[slots[at]] = np.einsum("km,km->k", block @ inverse, block)
        return found

    def release(self) -> None:
        """After reading rows of many slots: take what is in a file out of memory."""
        release(self._rows)

    def _passed(self, count: int) -> Iterator[slice]:
        """Slices of so many slots; of features in a file, only a block is in memory at a time."""
        for at in blocks(count, _BLOCK_ROWS):
            yield at
            release(self._rows)

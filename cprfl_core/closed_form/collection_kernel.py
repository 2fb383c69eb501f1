"""Kernel expansions over a whole collection: exact where that is cheap, otherwise for the best candidates."""

import numpy as np
from numpy.typing import NDArray

from cprfl_core.closed_form.direction_rows import DirectionRows
from cprfl_core.closed_form.kernel_ridge import KernelRidge
from cprfl_core.closed_form.nystroem_ridge import NystroemRidge

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

# Maximum size of the cache in float32 kernel entries: 256 MB.
CACHE_ENTRIES = 64_000_000
# Kernel entries computed for one query when the cache is too small.
CANDIDATE_ENTRIES = 2_000_000
_SAMPLE = 256
Ridge = KernelRidge | NystroemRidge
_BLOCK_ENTRIES = 4_000_000


class CollectionKernel:
    """Evaluates kernel expansions at all N images of a collection for one category at a time.

    While the kernel columns of all labelled images fit in the cache, each is computed once. Beyond that, the
    sum is approximated by a linear function of ``x . sum_i g_i x_i``, which ranks almost like the kernel (98
    to 100 % of its top 20 are in the first 5 %), and then computed exactly for the best candidates.
    """

    def __init__(self, rows: DirectionRows, cache_entries: int = CACHE_ENTRIES) -> None:
        self._rows = rows
        self._cache_entries = cache_entries
        self._columns: Singles = np.zeros((len(rows), 0), dtype=np.float32, order="F")
        self._valid: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        # With landmarks: the images that are not labelled, ascending, and their kernel [n, M].
        self._beside_rows: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self._beside_kernel: Singles = np.zeros((0, 0), dtype=np.float32)
        self._sample = np.unique(np.linspace(0, len(rows) - 1, min(_SAMPLE, len(rows))).astype(np.intp))

    def holds(self, basis: int) -> bool:
        """Whether the kernel of all images with a basis of this size fits in the cache."""
        return len(self._rows) * basis <= self._cache_entries

    def forget(self, slot: int) -> None:
        """Drop the cached column of a slot that now holds another image."""
        if slot < len(self._valid):
            self._valid[slot] = False

    def forget_all(self) -> None:
        self._valid[:] = False
        self._beside_rows = np.zeros(0, dtype=np.intp)
        self._beside_kernel = np.zeros((0, 0), dtype=np.float32)

    def lines(self, ridge: Ridge, both: Floats) -> Singles:
        """The directions [D, T] whose products with all images sums() needs; none where it is exact."""
        active, used = np.flatnonzero(both.any(axis=1)), np.flatnonzero(both.any(axis=0))
        if self.holds(len(both)):
            used = used[:0]
        return (ridge.basis[active].T @ both[np.ix_(active, used)]).astype(np.float32)

    def sums(
        self,
        ridge: Ridge,
        both: Floats,
        floor: float,
        other: Singles,
        products: Singles,
        *,
        fitted: tuple[NDArray[np.intp], Singles] | None = None,
    ) -> Singles:
        """``other + max(kernel @ both[:, 0], floor) + kernel @ both[:, 1]`` [N].

        ``both`` [capacity, 2], ``other`` [N], ``products`` [N, T] with lines(). ``fitted``: images [k] whose
        two sums [k, 2] are known already; with landmarks these are most images of a collection whose kernel
        fits in the cache.
        """
        active = np.flatnonzero(both.any(axis=1))
        if not active.size:
            return other
        if self.holds(len(both)):
            if fitted is not None and isinstance(ridge, NystroemRidge):
                return _floored(self._beside(ridge, both, fitted), floor) + other
            self._refresh(ridge, active)
            values: Singles = self._columns[:, : len(both)] @ both.astype(np.float32)
            return _floored(values, floor) + other
        return self._by_candidates(ridge, both, floor, other, products)

    def _refresh(self, ridge: Ridge, active: NDArray[np.intp]) -> None:
        if self._columns.shape[1] < len(ridge.basis):
            wider = np.zeros((len(self._rows), len(ridge.basis)), dtype=np.float32, order="F")
            wider[:, : self._columns.shape[1]] = self._columns
            self._columns = wider
            self._valid = np.append(
                self._valid, np.zeros(len(ridge.basis) - len(self._valid), dtype=np.bool_)
            )
        stale = active[~self._valid[active]]
        if stale.size and isinstance(ridge, KernelRidge):
            # A pass over the collection takes about as long for few columns as for many: take all at once.
            stale = np.flatnonzero(ridge.used & ~self._valid[: len(ridge.used)])
        step = max(1, _BLOCK_ENTRIES // max(len(stale), 1))
        for start in range(0, len(self._rows) if stale.size else 0, step):
            block = slice(start, start + step)
            self._columns[block, stale] = self._kernel(ridge, self._rows[block], stale)
        self._valid[stale] = True
        self._rows.release()

    def _beside(
        self, ridge: NystroemRidge, both: Floats, fitted: tuple[NDArray[np.intp], Singles]
    ) -> Singles:
        """The two sums [N, 2], from the kernel only for images whose sums are not ``fitted``."""
        known, values = fitted
        sums = np.empty((len(self._rows), 2), dtype=np.float32)
        sums[known] = values
        beside = np.ones(len(self._rows), dtype=np.bool_)
        beside[known] = False
        wanted = np.flatnonzero(beside)
        held = np.isin(wanted, self._beside_rows, assume_unique=True)
        new = self._beside_kernel.shape[1] != len(both)
        if new or not held.all() or 2 * len(wanted) < len(self._beside_rows):
            kernel = np.empty((len(wanted), len(both)), dtype=np.float32)
            if held.any():
                kernel[held] = self._beside_kernel[np.isin(self._beside_rows, wanted, assume_unique=True)]
            fresh, every = np.flatnonzero(~held), np.arange(len(both))
            step = max(1, _BLOCK_ENTRIES // max(len(both), 1))
            for start in range(0, len(fresh), step):
                block = fresh[start : start + step]
                kernel[block] = self._kernel(ridge, self._rows[wanted[block]], every)
            self._beside_rows, self._beside_kernel = wanted, kernel
            self._rows.release()
        found = self._beside_kernel @ both.astype(np.float32)
        sums[self._beside_rows] = np.where(beside[self._beside_rows, None], found, sums[self._beside_rows])
        return sums

    def _by_candidates(
        self, ridge: Ridge, both: Floats, floor: float, other: Singles, products: Singles
    ) -> Singles:
        active = np.flatnonzero(both.any(axis=1))
        weights = both[active].astype(np.float32)
        lines = np.zeros((len(self._rows), 2), dtype=np.float32)
        lines[:, both.any(axis=0)] = products
        exact = self._kernel(ridge, self._rows[self._sample], active) @ weights
        values = np.empty_like(lines)
        for at in range(2):
            known = lines[self._sample, at].astype(np.float64), exact[:, at].astype(np.float64)
            slope, level = np.polyfit(*known, 1) if both[:, at].any() else (0.0, 0.0)
            values[:, at] = slope * lines[:, at] + level
        found = _floored(values, floor) + other
        wanted = min(len(found), max(CANDIDATE_ENTRIES // len(active), 64))
        best = np.argpartition(-found, wanted - 1)[:wanted]
        candidates: Singles = self._kernel(ridge, self._rows[best], active) @ weights
        found[best] = _floored(candidates, floor) + other[best]
        return found

    @staticmethod
    def _kernel(ridge: Ridge, rows: Singles, slots: NDArray[np.intp]) -> Singles:
        """Kernel [R, n] in float32, which is precise enough for ranking."""
        basis = ridge.basis[slots].astype(np.float32)
        squared = rows @ basis.T
        squared *= -2.0
        squared += np.einsum("rd,rd->r", rows, rows)[:, None]
        squared += np.einsum("nd,nd->n", basis, basis)[None, :]
        np.maximum(squared, 0.0, out=squared)
        squared *= -np.float32(ridge.gamma)
        found: Singles = np.exp(squared, out=squared)
        return found


def _floored(values: Singles, floor: float) -> Singles:
    """The sum of two columns [R, 2], the first clipped from below at the floor."""
    found: Singles = np.maximum(values[:, 0], np.float32(floor)) + values[:, 1]
    return found

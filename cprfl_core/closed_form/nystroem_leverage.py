"""Leverage of the shared rows of Nyström ridge: how much each decides its own prediction, updated lazily."""

import numpy as np
from numpy.typing import NDArray

from cprfl_core.closed_form.nystroem_features import NystroemFeatures

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Up to this many rows are computed directly; up to this many changes of the inverse are accumulated.
_DIRECT_ROWS = 8
_MAX_PENDING = 64


class Leverage:
    """``phi . inverse phi`` by slot, on the first ``width`` features, for an inverse with rank-one updates.

    A change of the inverse changes all of them, which costs a pass over all features; so changes are
    accumulated until many leverages are needed.
    """

    def __init__(self, features: NystroemFeatures, width: int) -> None:
        self._features, self._width = features, width
        self._values: Floats = np.zeros(0)
        self._images: list[Floats] = []
        self._scales: list[float] = []
        self._changed: set[int] = set()
        # The last direct result, because many categories ask for the same image.
        self._last: tuple[Ints, Floats] | None = None

    def grow(self, more: int) -> None:
        """Make room for more slots."""
        self._values = np.pad(self._values, (0, more))

    def solve(self, inverse: Floats, slots: NDArray[np.bool_]) -> None:
        """Recompute those of the ``slots`` (mask [n])."""
        self._values = self._features.leverages(inverse, slots)
        self._clear()

    def update(self, inverse: Floats, slot: int, image: Floats, scale: float) -> None:
        """Note that this slot was added or removed, which changed the inverse to ``inverse`` by subtracting
        ``scale`` times the outer product of ``image`` [width]."""
        self._images.append(image)
        self._scales.append(scale)
        self._changed.add(slot)
        self._last = None
        if len(self._images) >= _MAX_PENDING:
            self._apply_changes(inverse)

    def of(self, slots: Ints, inverse: Floats) -> Floats:
        """The leverages [k] of some slots under the current inverse."""
        some = np.unique(slots)
        if len(some) <= _DIRECT_ROWS:
            if self._last is None or not np.array_equal(self._last[0], some):
                self._last = some, self._direct(some, inverse)
            return self._last[1][np.searchsorted(some, slots)]
        self._apply_changes(inverse)
        return self._values[slots]

    def _apply_changes(self, inverse: Floats) -> None:
        if not self._images:
            return
        products = self._features.products(np.stack(self._images, axis=1))
        self._values -= (products.astype(np.float64) ** 2) @ np.array(self._scales)
        changed = np.array(sorted(self._changed), dtype=np.intp)
        self._values[changed] = self._direct(changed, inverse)
        self._clear()

    def _direct(self, slots: Ints, inverse: Floats) -> Floats:
        rows = self._features.rows(slots, self._width)
        found: Floats = np.einsum("km,km->k", rows @ inverse, rows)
        return found

    def _clear(self) -> None:
        self._images, self._scales, self._changed, self._last = [], [], set(), None

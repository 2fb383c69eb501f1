"""How far each shared row of landmark ridge decides its own prediction, kept up to date without haste."""

import numpy as np
from numpy.typing import NDArray

from cprfl_core.landmark_features import LandmarkFeatures

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# So few rows are worked out by themselves; changes of the inverse are gathered up to so many.
_DIRECT_ROWS = 8
_GATHERED = 64


class Levers:
    """``phi . inverse phi`` by slot, on the first ``width`` features, for an inverse that moves by rank one.

    A change of the inverse moves all of them, which costs a pass over all features; so changes are gathered
    until somebody asks for many.
    """

    def __init__(self, features: LandmarkFeatures, width: int) -> None:
        self._features, self._width = features, width
        self._values: Floats = np.zeros(0)
        self._images: list[Floats] = []
        self._scales: list[float] = []
        self._touched: set[int] = set()
        # What was worked out last, for the many categories that ask about one image.
        self._last: tuple[Ints, Floats] | None = None

    def grow(self, more: int) -> None:
        """Make room for more slots."""
        self._values = np.pad(self._values, (0, more))

    def solve(self, inverse: Floats, slots: NDArray[np.bool_]) -> None:
        """Work out those of the ``slots`` [n] anew."""
        self._values = self._features.levers(inverse, slots)
        self._clear()

    def moved(self, inverse: Floats, slot: int, image: Floats, scale: float) -> None:
        """The inverse has become ``inverse``, less by ``scale`` times the outer product of ``image``
        [width], because this slot has come or gone."""
        self._images.append(image)
        self._scales.append(scale)
        self._touched.add(slot)
        self._last = None
        if len(self._images) >= _GATHERED:
            self._settle(inverse)

    def of(self, slots: Ints, inverse: Floats) -> Floats:
        """The levers [k] of some slots under the inverse at hand."""
        some = np.unique(slots)
        if len(some) <= _DIRECT_ROWS:
            if self._last is None or not np.array_equal(self._last[0], some):
                self._last = some, self._direct(some, inverse)
            return self._last[1][np.searchsorted(some, slots)]
        self._settle(inverse)
        return self._values[slots]

    def _settle(self, inverse: Floats) -> None:
        if not self._images:
            return
        moved = self._features.products(np.stack(self._images, axis=1))
        self._values -= (moved.astype(np.float64) ** 2) @ np.array(self._scales)
        touched = np.array(sorted(self._touched), dtype=np.intp)
        self._values[touched] = self._direct(touched, inverse)
        self._clear()

    def _direct(self, slots: Ints, inverse: Floats) -> Floats:
        rows = self._features.rows(slots, self._width)
        found: Floats = np.einsum("km,km->k", rows @ inverse, rows)
        return found

    def _clear(self) -> None:
        self._images, self._scales, self._touched, self._last = [], [], set(), None

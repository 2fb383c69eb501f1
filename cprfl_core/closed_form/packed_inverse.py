"""Symmetric inverses with rank-one updates, two packed in one array, for categories with their own rows.

A symmetric matrix needs only one triangle. Two of them share an array [m, m + 1]: one in the lower triangle
of its first m columns, the other in the upper triangle of its last m. BLAS updates either in place; 80
categories with m = 512 take 84 MB.
"""

from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import blas  # type: ignore[import-untyped]

Floats = NDArray[np.float64]

_MANY_ROWS = 64


Number = TypeVar("Number", np.float32, np.float64)


def row_products(rows: NDArray[Number], matrix: NDArray[Number]) -> NDArray[Number]:
    """``row . matrix row`` of each of the rows [k, m], in their precision."""
    found: NDArray[Number] = np.einsum("km,km->k", rows @ matrix, rows)
    return found


class TriangleStore:
    """Allocates storage for symmetric matrices [m, m]."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._arrays: list[Floats] = []
        self._free: list[int] = []

    def take(self) -> int:
        """A free place, uninitialised."""
        if not self._free:
            first = 2 * len(self._arrays)
            self._arrays.append(np.zeros((self.width, self.width + 1), order="F"))
            self._free = [first + 1, first]
        return self._free.pop()

    def release(self, place: int) -> None:
        self._free.append(place)

    def at(self, place: int) -> tuple[Floats, int]:
        """The array that holds the matrix, and 1 for its lower triangle or 0 for its upper."""
        array = self._arrays[place // 2]
        return (array[:, : self.width], 1) if place % 2 == 0 else (array[:, 1:], 0)


class CategoryInverse:
    """The inverse Gram matrix [m, m] of one category's known rows, and its weights [m, 3].

    The three right-hand sides are those of the ridge: targets, side information, ones. A row is a feature
    vector [m] with its three values. A change costs O(m^2); the opposite change undoes it up to rounding.
    """

    def __init__(self, store: TriangleStore, inverse: Floats, right: Floats) -> None:
        """``inverse`` [m, m] in full, ``right`` [m, 3]: sums of features times values."""
        self._store, self._place = store, store.take()
        matrix, lower = store.at(self._place)
        triangle = np.tril_indices(store.width) if lower else np.triu_indices(store.width)
        matrix[triangle] = inverse[triangle]
        # The last vector and its product, which a decision needs more than once.
        self._last: tuple[Floats, Floats] | None = None
        self.weights: Floats = inverse @ right

    def close(self) -> None:
        """Free the storage; the object must not be used afterwards."""
        self._store.release(self._place)

    def times(self, feature: Floats) -> Floats:
        """The inverse times a vector [m]."""
        if self._last is None or not np.array_equal(self._last[0], feature):
            matrix, lower = self._store.at(self._place)
            self._last = feature.copy(), blas.dsymv(1.0, matrix, feature, lower=lower)
        return self._last[1]

    def leverages(self, features: NDArray[np.floating]) -> Floats:
        """Leverage of each of the rows [k, m], [k]."""
        rows = features.astype(np.float64, copy=False)
        if len(rows) == 1:
            return np.array([rows[0] @ self.times(rows[0])])
        if len(rows) >= _MANY_ROWS:  # SciPy's product keeps Python's lock, NumPy's does not
            return row_products(rows, self.whole())
        matrix, lower = self._store.at(self._place)
        products = blas.dsymm(1.0, matrix, rows.T, lower=lower).T
        found: Floats = np.einsum("km,km->k", products, rows)
        return found

    def whole(self) -> Floats:
        """The inverse with both triangles."""
        matrix, lower = self._store.at(self._place)
        half = np.tril(matrix) if lower else np.triu(matrix)
        return half + half.T - np.diag(np.diag(half))

    def add(self, feature: Floats, values: Floats) -> Self:
        """Add a row."""
        return self._rank_one(feature, values, 1.0)

    def remove(self, feature: Floats, values: Floats) -> Self:
        """Remove a row that was added before."""
        return self._rank_one(feature, values, -1.0)

    def change(self, feature: Floats, differences: Floats) -> Self:
        """Change the values of a row by ``differences`` [3]."""
        self.weights += np.outer(self.times(feature), differences)
        return self

    def solve(self, right: Floats, column: int) -> None:
        """Replace the right-hand side [m] of one of the three columns."""
        self.weights[:, column] = self.times(right)

    def _rank_one(self, feature: Floats, values: Floats, sign: float) -> Self:
        """Rank-one update (Sherman and Morrison 1950)."""
        matrix, lower = self._store.at(self._place)
        image = self.times(feature)
        scale = sign / (1 + sign * float(feature @ image))
        self.weights += np.outer(image, scale * (values - feature @ self.weights))
        blas.dsyr(-scale, image, a=matrix, lower=lower, overwrite_a=1)
        self._last = feature.copy(), image * (1 - scale * float(feature @ image))
        return self

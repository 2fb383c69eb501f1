"""The rows that most categories of landmark ridge know, and the solution for all who know just them.

Shapes: n slots, M landmarks, m features that inverses of single categories stand on, C categories, k rows.
The three right-hand sides are targets, side information and ones, [M, C], [M, C] and [M, 1].
"""

import numpy as np
import scipy.linalg  # type: ignore[import-untyped]
from numpy.typing import NDArray

from cprfl_core.landmark_features import LandmarkFeatures
from cprfl_core.landmark_levers import Levers
from cprfl_core.sweep_tableau import positive_inverse

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

TARGETS, SIDE, ONES = 0, 1, 2


class SharedRows:
    """``there`` [n] tells which slots are shared, ``solution`` are the weights of the three right-hand sides.

    Everything follows single rows by rank one, O(M^2 + M C).
    """

    def __init__(self, features: LandmarkFeatures, shape: tuple[int, int, int], alpha: float) -> None:
        """``shape``: M, m and C."""
        count, self._width, categories = shape
        self._features, self._alpha = features, alpha
        self.there: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        # Inverse Gram matrix over all features, and over the first m.
        self._inverse: Floats = np.asfortranarray(np.eye(count) / alpha)
        self.leading: Floats = np.asfortranarray(np.eye(self._width) / alpha)
        self._levers = Levers(features, count), Levers(features, self._width)
        self._right: list[Floats] = [np.zeros((count, n)) for n in (categories, categories, 1)]
        self.solution: list[Floats] = [np.zeros((count, n)) for n in (categories, categories, 1)]

    def grow(self, more: int) -> None:
        """Make room for more slots."""
        self.there = np.pad(self.there, (0, more))
        for levers in self._levers:
            levers.grow(more)

    def solve(self, there: NDArray[np.bool_], given: tuple[NDArray[np.floating], ...]) -> Floats:
        """Solve anew for the slots ``there`` [n]; ``given`` are the right-hand sides by slot, [n, C], [n, C]
        and [n, 1]. Returns the Gram matrix [m, m] of the first m features."""
        self.there = there
        rows, m, count = np.flatnonzero(there), self._width, len(self._inverse)
        gram, alpha = self._features.gram(rows, count), self._alpha * np.eye(count)
        self._inverse = np.asfortranarray(positive_inverse(gram + alpha))
        self.leading = np.asfortranarray(positive_inverse((gram + alpha)[:m, :m]))
        self._right = [self._features.sums(rows, values, count) for values in given]
        self.solution = [self._inverse @ right for right in self._right]
        for levers, inverse in zip(self._levers, (self._inverse, self.leading), strict=True):
            levers.solve(inverse, there)
        return gram[:m, :m]

    def turn(self, slot: int, feature: Floats, given: tuple[Floats, ...]) -> None:
        """Take a row in, or out where it is among them (Sherman, Morrison); ``given`` [C], [C], [1]."""
        sign = -1.0 if self.there[slot] else 1.0
        image = self._inverse @ feature
        scale = sign / (1 + sign * float(feature @ image))
        for at, values in enumerate(given):
            self._right[at] += np.outer(sign * feature, values)
            self.solution[at] += np.outer(scale * image, values - feature @ self.solution[at])
        self._inverse = scipy.linalg.blas.dger(-scale, image, image, a=self._inverse, overwrite_a=1)
        self._levers[0].moved(self._inverse, slot, image, scale)
        part = feature[: self._width]
        image = self.leading @ part
        scale = sign / (1 + sign * float(part @ image))
        self.leading = scipy.linalg.blas.dger(-scale, image, image, a=self.leading, overwrite_a=1)
        self._levers[1].moved(self.leading, slot, image, scale)
        self.there[slot] = not self.there[slot]

    def move_targets(self, feature: Floats, differences: Floats) -> None:
        """The targets [C] of one of them change."""
        moved = np.flatnonzero(differences)
        if moved.size:
            self._right[TARGETS][:, moved] += np.outer(feature, differences[moved])
            self.solution[TARGETS][:, moved] += np.outer(self._inverse @ feature, differences[moved])

    def add_category(self) -> None:
        """A category more, with nothing given."""
        empty = np.zeros((len(self._inverse), 1))
        for columns in (self._right, self.solution):
            columns[:2] = [np.hstack([one, empty]) for one in columns[:2]]

    def set_side(self, category: int, given: NDArray[np.floating]) -> None:
        """Other side information by slot, [n, 1]."""
        right = self._features.sums(np.flatnonzero(self.there), given, len(self._inverse))[:, 0]
        self._right[SIDE][:, category] = right
        self.solution[SIDE][:, category] = self._inverse @ right

    def weights(self, category: int) -> Floats:
        """[M, 3]"""
        targets, side, ones = self.solution
        return np.stack([targets[:, category], side[:, category], ones[:, 0]], axis=1)

    def leading_right(self, category: int) -> Floats:
        """The right-hand sides [m, 3] over the first m features."""
        targets, side, ones = (right[: self._width] for right in self._right)
        return np.stack([targets[:, category], side[:, category], ones[:, 0]], axis=1)

    def levers(self, rows: Ints) -> Floats:
        """How far each of some shared rows decides its own prediction, [k]."""
        return self._levers[0].of(rows, self._inverse)

    def leading_levers(self, rows: Ints) -> Floats:
        """The same by the first m features."""
        return self._levers[1].of(rows, self.leading)

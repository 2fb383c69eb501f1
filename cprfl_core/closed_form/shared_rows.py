"""The rows known for most categories of Nyström ridge, and their common solution.

Shapes: n slots, M landmarks, m features of the category inverses, C categories, k rows.
The three right-hand sides are targets, side information and ones, [M, C], [M, C] and [M, 1].
"""

import numpy as np
import scipy.linalg  # type: ignore[import-untyped]
from numpy.typing import NDArray

from cprfl_core.closed_form.nystroem_features import NystroemFeatures
from cprfl_core.closed_form.nystroem_leverage import Leverage
from cprfl_core.closed_form.side_rows import SideRows, YesRows
from cprfl_core.closed_form.sweep_tableau import positive_inverse

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

TARGETS, SIDE, ONES = 0, 1, 2


class SharedRows:
    """``mask`` [n] marks the shared slots, ``solution`` holds the weights of the three right-hand sides.

    Adding or removing a row is a rank-one update, O(M^2 + M C).
    """

    def __init__(self, features: NystroemFeatures, shape: tuple[int, int, int], alpha: float) -> None:
        """``shape``: M, m and C."""
        count, self._width, categories = shape
        self._features, self._alpha = features, alpha
        self.mask: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        # Inverse Gram matrix over all features, and over the first m.
        self._inverse: Floats = np.asfortranarray(np.eye(count) / alpha)
        self.leading: Floats = np.asfortranarray(np.eye(self._width) / alpha)
        self._leverages = Leverage(features, count), Leverage(features, self._width)
        self._right: list[Floats] = [np.zeros((count, n)) for n in (categories, categories, 1)]
        self.solution: list[Floats] = [np.zeros((count, n)) for n in (categories, categories, 1)]

    def grow(self, more: int) -> None:
        """Make room for more slots."""
        self.mask = np.pad(self.mask, (0, more))
        for leverages in self._leverages:
            leverages.grow(more)

    def solve(
        self, mask: NDArray[np.bool_], given: tuple[NDArray[np.floating] | SideRows | YesRows, ...]
    ) -> Floats:
        """Solve from scratch for the slots ``mask`` [n]; ``given`` are the right-hand sides by slot, [n, C],
        [n, C] and [n, 1]. Returns the Gram matrix [m, m] of the first m features."""
        self.mask = mask
        rows, m, count = np.flatnonzero(mask), self._width, len(self._inverse)
        gram, alpha = self._features.gram(rows, count), self._alpha * np.eye(count)
        self._inverse = np.asfortranarray(positive_inverse(gram + alpha))
        self.leading = np.asfortranarray(positive_inverse((gram + alpha)[:m, :m]))
        self._right = [self._features.sums(rows, values, count) for values in given]
        self.solution = [self._inverse @ right for right in self._right]
        for leverages, inverse in zip(self._leverages, (self._inverse, self.leading), strict=True):
            leverages.solve(inverse, mask)
        return gram[:m, :m]

    def toggle(self, slot: int, feature: Floats, given: tuple[Floats, ...]) -> None:
        """Add a row, or remove it if it is shared (Sherman-Morrison); ``given`` [C], [C], [1]."""
        sign = -1.0 if self.mask[slot] else 1.0
        image = self._inverse @ feature
        scale = sign / (1 + sign * float(feature @ image))
        for at, values in enumerate(given):
            self._right[at] += np.outer(sign * feature, values)
            self.solution[at] += np.outer(scale * image, values - feature @ self.solution[at])
        self._inverse = scipy.linalg.blas.dger(-scale, image, image, a=self._inverse, overwrite_a=1)
        self._leverages[0].update(self._inverse, slot, image, scale)
        part = feature[: self._width]
        image = self.leading @ part
        scale = sign / (1 + sign * float(part @ image))
        self.leading = scipy.linalg.blas.dger(-scale, image, image, a=self.leading, overwrite_a=1)
        self._leverages[1].update(self.leading, slot, image, scale)
        self.mask[slot] = not self.mask[slot]

    def change_targets(self, feature: Floats, differences: Floats) -> None:
        """Change the targets [C] of a shared row."""
        changed = np.flatnonzero(differences)
        if changed.size:
            self._right[TARGETS][:, changed] += np.outer(feature, differences[changed])
            self.solution[TARGETS][:, changed] += np.outer(self._inverse @ feature, differences[changed])

    def add_category(self) -> None:
        """Append a category with zero targets and side information."""
        empty = np.zeros((len(self._inverse), 1))
        for columns in (self._right, self.solution):
            columns[:2] = [np.hstack([one, empty]) for one in columns[:2]]

    def set_side(self, category: int, given: NDArray[np.floating]) -> None:
        """Replace the side information, by slot, [n, 1]."""
        right = self._features.sums(np.flatnonzero(self.mask), given, len(self._inverse))[:, 0]
        self._right[SIDE][:, category] = right
        self.solution[SIDE][:, category] = self._inverse @ right

    def weights(self, category: int) -> Floats:
        """Weights [M, 3] of one category."""
        targets, side, ones = self.solution
        return np.stack([targets[:, category], side[:, category], ones[:, 0]], axis=1)

    def leading_right(self, category: int) -> Floats:
        """The right-hand sides [m, 3] over the first m features."""
        targets, side, ones = (right[: self._width] for right in self._right)
        return np.stack([targets[:, category], side[:, category], ones[:, 0]], axis=1)

    def leverages(self, rows: Ints) -> Floats:
        """Leverage of some shared rows, [k]."""
        return self._leverages[0].of(rows, self._inverse)

    def leading_leverages(self, rows: Ints) -> Floats:
        """The same with the first m features."""
        return self._leverages[1].of(rows, self.leading)

"""The scores of a tuned head, and how they are added to those of the live learner."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.blend import Shares, TunedWeights
from cprfl_core.common.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class TunedPart:
    """Standardised scores float16 [C, N] of C categories and N images, or none at all.

    ``covered`` bool [C]: the categories that the head covers. ``start``: its last weights, which speed up
    the next fit.
    """

    def __init__(self, categories: int, images: int) -> None:
        self._images = images
        self._values: NDArray[np.float16] | None = None
        self.covered = np.zeros(categories, dtype=np.bool_)
        self.start = TunedWeights.zero(categories)

    @property
    def present(self) -> bool:
        """True if there are scores."""
        return self._values is not None

    def set(self, scores: ArrayLike | None) -> None:
        """Set scores [N, C]; a column of NaN is a category that the head does not cover. None: no head."""
        if scores is None:
            self._values, self.covered = None, np.zeros(len(self.covered), dtype=np.bool_)
            return
        given = np.asarray(scores)
        if given.shape != (self._images, len(self.covered)):
            raise InputError(
                f"Tuned scores {given.shape} do not match {self._images} images and {len(self.covered)} "
                "categories."
            )
        known = np.isfinite(given)
        self.covered = known.any(axis=0)
        self._values = np.where(known, given, 0.0).T.astype(np.float16)

    def append_category(self) -> None:
        """Add a category, which the head does not cover."""
        self.covered = np.append(self.covered, False)
        if self._values is not None:
            zero = np.zeros((1, self._images), dtype=np.float16)
            self._values = np.concatenate([self._values, zero])

    def extend(self, images: int) -> None:
        """Add images without scores; they count as the mean."""
        self._images += images
        if self._values is not None:
            zero = np.zeros((len(self._values), images), dtype=np.float16)
            self._values = np.concatenate([self._values, zero], axis=1)

    def of_category(self, category: int) -> NDArray[np.float16]:
        """Scores [N] of a category; requires ``present``."""
        assert self._values is not None
        found: NDArray[np.float16] = self._values[category]
        return found

    def at(self, categories: Ints, images: Ints) -> Floats | None:
        """Scores at single entries [E]."""
        return None if self._values is None else self._values[categories, images].astype(np.float64)

    def of_rows(self, rows: Ints) -> Floats | None:
        """Scores [R, C] of some images."""
        return None if self._values is None else self._values[:, rows].T.astype(np.float64)

    def outside(self, scores: ArrayLike | None, shape: tuple[int, ...]) -> Floats | None:
        """Scores [M, C] of images outside the collection; None without a head."""
        if scores is None or self._values is None:
            return None
        given = np.asarray(scores, dtype=np.float64)
        if given.shape != shape:
            raise InputError(f"Tuned scores {given.shape} must have shape {shape}.")
        return np.nan_to_num(given)


def join(
    weights: TunedWeights,
    others: tuple[Floats, Floats, Floats],
    tuned: Floats | None,
    counts: Floats,
    categories: Ints,
) -> Shares:
    """Scores and shares with the tuned head, or without it if there are no tuned scores."""
    if tuned is None:
        return Shares(*others, np.zeros_like(others[0]))
    return weights.join(others, tuned, counts, categories)

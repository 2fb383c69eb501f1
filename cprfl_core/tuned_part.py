"""The scores of a tuned head beside a live learner, and how they join what the learner says."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.blend import Shares, TunedWeights
from cprfl_core.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class TunedPart:
    """Standardised scores float16 [C, N] of C categories and N images, or none at all.

    ``spoken`` bool [C]: the categories that the head speaks about. ``start`` is how it joined last; it only
    saves steps.
    """

    def __init__(self, categories: int, images: int) -> None:
        self._images = images
        self._values: NDArray[np.float16] | None = None
        self.spoken = np.zeros(categories, dtype=np.bool_)
        self.start = TunedWeights.silent(categories)

    @property
    def there(self) -> bool:
        """Whether there are scores."""
        return self._values is not None

    def set(self, scores: ArrayLike | None) -> None:
        """Take scores [N, C]; a column of NaN: nothing is said of that category. None: no head."""
        if scores is None:
            self._values, self.spoken = None, np.zeros(len(self.spoken), dtype=np.bool_)
            return
        given = np.asarray(scores)
        if given.shape != (self._images, len(self.spoken)):
            raise InputError(
                f"Tuned scores {given.shape} do not fit {self._images} images and {len(self.spoken)} "
                "categories."
            )
        known = np.isfinite(given)
        self.spoken = known.any(axis=0)
        self._values = np.where(known, given, 0.0).T.astype(np.float16)

    def append_category(self) -> None:
        """A category that came later: the head does not speak about it."""
        self.spoken = np.append(self.spoken, False)
        if self._values is not None:
            silent = np.zeros((1, self._images), dtype=np.float16)
            self._values = np.concatenate([self._values, silent])

    def extend(self, images: int) -> None:
        """More images, on which the head has said nothing: they count as average."""
        self._images += images
        if self._values is not None:
            silent = np.zeros((len(self._values), images), dtype=np.float16)
            self._values = np.concatenate([self._values, silent], axis=1)

    def of_category(self, category: int) -> NDArray[np.float16]:
        """Scores [N]; there must be some."""
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
        """Scores [M, C] of images outside the collection; None where there is no head to join."""
        if scores is None or self._values is None:
            return None
        given = np.asarray(scores, dtype=np.float64)
        if given.shape != shape:
            raise InputError(f"Tuned scores {given.shape} must be {shape} here.")
        return np.nan_to_num(given)


def join(
    weights: TunedWeights,
    others: tuple[Floats, Floats, Floats],
    tuned: Floats | None,
    counts: Floats,
    categories: Ints,
) -> Shares:
    """Scores and shares with the tuned head, or without it where its scores are not known."""
    if tuned is None:
        return Shares(*others, np.zeros_like(others[0]))
    return weights.join(others, tuned, counts, categories)

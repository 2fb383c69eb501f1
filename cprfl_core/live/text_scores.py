"""Zero-shot text scores of a collection, standardised by the collection itself."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.errors import InputError
from cprfl_core.common.mapped_arrays import LARGE_NUMBERS, mapped_zeros, release

Floats = NDArray[np.float64]

_SPARE_CATEGORIES = 16


class TextScores:
    """Cosines of N images and C category texts, standardised for each category.

    Raw cosines are not comparable between categories: some texts are closer to all images than others. Mean
    and standard deviation come from the collection, without labels, and also apply to images added later. A
    category without a text scores 0 everywhere. ``values`` float32 [N, C], in a file for a large
    collection (see :meth:`release`).

    A category's ``trust``, 1 by default, is its standard deviation afterwards: a text that is known to say
    less begins with less weight.
    """

    def __init__(
        self,
        images: int,
        zero_shot: ArrayLike | None,
        categories: int | None,
        trust: ArrayLike | None = None,
    ) -> None:
        """``zero_shot`` [N, C], a column of NaN where there is no text; or None, with ``categories``.
        ``trust`` [C]."""
        text = None if zero_shot is None else np.asarray(zero_shot)
        if text is not None and (text.ndim != 2 or len(text) != images):
            raise InputError(f"Zero-shot scores {text.shape} must have {images} rows, one for each image.")
        if text is not None and categories not in (None, text.shape[1]):
            raise InputError(f"{text.shape[1]} zero-shot columns do not match {categories} categories.")
        count = (categories or 0) if text is None else text.shape[1]
        self._held: NDArray[np.float32] = _room(images, count)
        self.values: NDArray[np.float32] = self._held[:, :count]
        self._images = images
        self._means, self._spreads = np.zeros(count), np.ones(count)
        trusted = np.ones(count) if trust is None else np.asarray(trust, dtype=np.float64)
        if trusted.shape != (count,) or not (np.isfinite(trusted) & (trusted >= 0)).all():
            raise InputError(f"Trust in texts must be {count} numbers of 0 or more, got {trusted.shape}.")
        if text is not None:
            for category in range(count):
                self.replace(category, text[:, category], trusted[category])
                if category % _SPARE_CATEGORIES == 0:
                    release(text)
                    self.release()
            release(text)
        self.release()

    @property
    def categories(self) -> int:
        return int(self.values.shape[1])

    def append(self, column: ArrayLike | None, trust: float = 1.0) -> None:
        """Add a category with cosines [N], or None without a text."""
        if self.categories == self._held.shape[1]:
            self._hold(self.values)
        self.values = self._held[:, : self.categories + 1]
        self._means, self._spreads = np.append(self._means, 0.0), np.append(self._spreads, 1.0)
        self.replace(self.categories - 1, column, trust)

    def replace(self, category: int, column: ArrayLike | None, trust: float = 1.0) -> None:
        """Replace a category's cosines [N]; None removes its text."""
        found = np.full(len(self.values), np.nan) if column is None else np.asarray(column, dtype=np.float64)
        if found.shape != (len(self.values),):
            raise InputError(f"A category needs {len(self.values)} text scores, got {found.shape}.")
        scale = found[: self._images]
        mean, spread = float(scale.mean()), float(scale.std())
        constant = not np.isfinite(mean) or spread < 1e-9 or trust == 0
        self._means[category], self._spreads[category] = (0.0, np.inf) if constant else (mean, spread / trust)
        scaled = np.nan_to_num((found - mean) / self._spreads[category])
        self.values[:, category] = 0.0 if constant else scaled

    def extend(self, zero_shot: ArrayLike | None, count: int) -> None:
        """Add ``count`` images with cosines [count, C], on the scale of the first ones; None: no text."""
        more = self.of_others(zero_shot, count).astype(np.float32)
        first, columns = len(self.values), self.categories
        self._hold(self.values, count)
        self.values = self._held[:, :columns]
        self.values[first:] = more

    def release(self) -> None:
        """After reading scores of many images: take what is in a file out of memory."""
        release(self._held)

    def _hold(self, values: NDArray[np.float32], more: int = 0) -> None:
        """Copy the scores to where there is room for another category and ``more`` images."""
        self._held = _room(len(values) + more, values.shape[1] + 1)
        for category in range(values.shape[1]):
            self._held[: len(values), category] = values[:, category]
        self.release()

    def of_others(self, zero_shot: ArrayLike | None, count: int) -> Floats:
        """Standardise cosines [M, C] of images outside the collection; 0 without text."""
        if zero_shot is None:
            return np.zeros((count, self.categories))
        given = np.asarray(zero_shot, dtype=np.float64)
        if given.shape != (count, self.categories):
            raise InputError(f"Zero-shot scores {given.shape} must have shape {(count, self.categories)}.")
        scaled = np.nan_to_num(given - self._means) / self._spreads
        # Rounded like the collection's scores, so that an image has the same score in both places.
        rounded: Floats = scaled.astype(np.float32).astype(np.float64)
        return rounded


def _room(images: int, categories: int) -> NDArray[np.float32]:
    """Zeros [images, categories or more]; in a large collection by category, because a category of all images
    is read more often than most of a table."""
    if images * categories <= LARGE_NUMBERS:
        return np.zeros((images, categories), dtype=np.float32)
    shape = images, categories + _SPARE_CATEGORIES
    found: NDArray[np.float32] = mapped_zeros(shape, np.float32, "F", above=LARGE_NUMBERS)
    return found

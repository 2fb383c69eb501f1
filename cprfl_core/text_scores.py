"""Zero-shot text scores of a collection, standardised by the collection itself."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.errors import InputError

Floats = NDArray[np.float64]


class TextScores:
    """Cosines of N images and C category texts, each category brought to mean 0 and spread 1.

    Raw cosines are not comparable between categories: some texts lie closer to all images than others. The
    collection itself gives the scale, without a label; images that come later are told on it. A category
    without a text scores 0 everywhere. ``values`` float32 [N, C].
    """

    def __init__(self, images: int, zero_shot: ArrayLike | None, categories: int | None) -> None:
        """``zero_shot`` [N, C], a column of NaN where there is no text; or None, with ``categories``."""
        text = None if zero_shot is None else np.asarray(zero_shot)
        if text is not None and (text.ndim != 2 or len(text) != images):
            raise InputError(f"Zero-shot scores {text.shape} must have {images} rows.")
        if text is not None and categories not in (None, text.shape[1]):
            raise InputError(f"{text.shape[1]} zero-shot columns do not fit {categories} categories.")
        count = (categories or 0) if text is None else text.shape[1]
        self.values: NDArray[np.float32] = np.zeros((images, count), dtype=np.float32)
        self._images = images
        self._means, self._spreads = np.zeros(count), np.ones(count)
        if text is not None:
            for category in range(count):
                self.replace(category, text[:, category])

    @property
    def categories(self) -> int:
        return int(self.values.shape[1])

    def append(self, column: ArrayLike | None) -> None:
        """A new category with cosines [N], or without a text."""
        self.values = np.hstack([self.values, np.zeros((len(self.values), 1), dtype=np.float32)])
        self._means, self._spreads = np.append(self._means, 0.0), np.append(self._spreads, 1.0)
        self.replace(self.categories - 1, column)

    def replace(self, category: int, column: ArrayLike | None) -> None:
        """Other cosines [N] for a category; None takes its text away."""
        found = np.full(len(self.values), np.nan) if column is None else np.asarray(column, dtype=np.float64)
        if found.shape != (len(self.values),):
            raise InputError(f"A category needs {len(self.values)} text scores, got {found.shape}.")
        scale = found[: self._images]
        mean, spread = float(scale.mean()), float(scale.std())
        silent = not np.isfinite(mean) or spread < 1e-9
        self._means[category], self._spreads[category] = (0.0, np.inf) if silent else (mean, spread)
        self.values[:, category] = 0.0 if silent else np.nan_to_num((found - mean) / spread)

    def extend(self, zero_shot: ArrayLike | None, count: int) -> None:
        """``count`` more images with cosines [count, C], on the scale of the first ones; None: no text."""
        more = self.of_others(zero_shot, count).astype(np.float32)
        self.values = np.concatenate([self.values, more])

    def of_others(self, zero_shot: ArrayLike | None, count: int) -> Floats:
        """Cosines [M, C] of images outside the collection on the same scale; 0 without text."""
        if zero_shot is None:
            return np.zeros((count, self.categories))
        given = np.asarray(zero_shot, dtype=np.float64)
        if given.shape != (count, self.categories):
            raise InputError(f"Zero-shot scores {given.shape} must be {(count, self.categories)} here.")
        scaled = np.nan_to_num(given - self._means) / self._spreads
        # Rounded as the collection's own scores are, so that one image has one score in either place.
        rounded: Floats = scaled.astype(np.float32).astype(np.float64)
        return rounded

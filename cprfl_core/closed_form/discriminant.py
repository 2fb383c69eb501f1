"""A live linear discriminant for every category: one shared covariance, one mean per category.

Shapes: N images, D embedding width, C categories, R rows to score.
"""

from typing import TypeVar

import numpy as np
import scipy.linalg  # type: ignore[import-untyped]
from numpy.typing import ArrayLike, NDArray

from cprfl_core.closed_form.direction_rows import DirectionRows
from cprfl_core.common.errors import InputError

Floats = NDArray[np.float64]
Number = TypeVar("Number", np.float32, np.float64)

_CHUNK_ROWS = 8192
# Sums are fixed-point, so that adding and subtracting is exact in any order. The largest coordinate of the
# collection takes 30 bits: a million yes labels fit easily into a 64-bit sum.
_FIXED_POINT_BITS = 30


class Discriminant:
    """Gaussian discriminant with a shared shrunk covariance, exact under undo at any size.

    Mean and covariance are computed once over all embeddings of the collection, without labels. A category
    keeps the sum and the count of its yes embeddings. Its weight vector is
    ``(Sigma + shrinkage * tr(Sigma)/D * I)^-1 (mean_yes - mean_all)``, where ``mean_yes`` is shrunk towards
    ``mean_all`` by ``prior_count`` pseudo-images. A *no* is ignored: using the negatives that a queue picked
    as the negative class makes frequent categories worse.

    Sums are fixed-point integers, so undoing a decision restores every bit.
    """

    def __init__(
        self,
        embeddings: ArrayLike | DirectionRows,
        categories: int = 0,
        *,
        shrinkage: float = 1.0,
        prior_count: float = 1.0,
    ) -> None:
        """``embeddings`` [N, D] of the whole collection, labelled or not; at least one row."""
        rows = embeddings if isinstance(embeddings, DirectionRows) else np.asarray(embeddings)
        if len(rows.shape) != 2 or not rows.shape[0] * rows.shape[1]:
            raise InputError(f"Embeddings must be [images, width] with at least one image, got {rows.shape}.")
        if shrinkage <= 0 or prior_count < 0:
            raise InputError("The discriminant needs shrinkage > 0 and prior_count >= 0.")
        self.width = rows.shape[1]
        self.mean, covariance, largest = _moments(rows)
        average_variance = float(np.trace(covariance)) / self.width
        ridge = shrinkage * average_variance if average_variance > 0 else 1.0
        self._precision: Floats = scipy.linalg.inv(covariance + ridge * np.eye(self.width))
        self._precision = (self._precision + self._precision.T) / 2
        self._prior_count = prior_count
        self._step = largest / 2.0**_FIXED_POINT_BITS if largest > 0 else 1.0
        # Mean squared distance of the collection from its mean: the unit of the scores, which makes them
        # comparable between collections and backbones.
        self.scale = float(np.sum(self._precision * covariance)) or 1.0
        self._sums: NDArray[np.int64] = np.zeros((categories, self.width), dtype=np.int64)
        self.counts: NDArray[np.int64] = np.zeros(categories, dtype=np.int64)
        self._weights: Floats = np.zeros((categories, self.width))

    @property
    def categories(self) -> int:
        return len(self.counts)

    def add_category(self) -> int:
        """Append a category without yes labels and return its index."""
        self._sums = np.vstack([self._sums, np.zeros((1, self.width), dtype=np.int64)])
        self._weights = np.vstack([self._weights, np.zeros((1, self.width))])
        self.counts = np.append(self.counts, 0)
        return len(self.counts) - 1

    def add(self, category: int, embeddings: ArrayLike) -> None:
        """Add embeddings, [D] or [R, D], as yes for the category."""
        self._change(category, embeddings, 1)

    def remove(self, category: int, embeddings: ArrayLike) -> None:
        """Remove embeddings, [D] or [R, D], that were added before."""
        self._change(category, embeddings, -1)

    def weights(self) -> Floats:
        """Weight vectors [C, D], zero for a category without yes labels; read only."""
        return self._weights

    def scores(self, embeddings: ArrayLike) -> Floats:
        """Scores [R, C] of embeddings [R, D], in units of ``scale`` where 0 is the collection's mean."""
        return (np.asarray(embeddings, dtype=np.float64) - self.mean) @ self._weights.T

    def score_all(
        self, category: int, rows: DirectionRows, beside: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores [N] of one category for the whole collection, and the products [N, T] of its rows with the
        vectors ``beside`` [D, T], in one pass."""
        weight = self._weights[category]
        found = rows.products(np.column_stack([weight.astype(np.float32), beside]))
        return found[:, 0] - np.float32(self.mean @ weight), found[:, 1:]

    def score_category(self, category: int, embeddings: NDArray[Number]) -> NDArray[Number]:
        """Scores [R] of one category for many embeddings [R, D], in their precision."""
        weight = self._weights[category]
        kind = embeddings.dtype.type
        scores: NDArray[Number] = embeddings @ weight.astype(kind)
        scores -= kind(self.mean @ weight)
        return scores

    def self_scores(self, embeddings: ArrayLike, kind: type[np.floating] = np.float64) -> Floats:
        """The score [R] that each embedding gives itself as a category's only yes, without a prior count.

        ``kind``: float32 takes half the time, with six digits.
        """
        rows = np.asarray(embeddings)
        found = np.empty(len(rows))
        precision, mean = self._precision.astype(kind, copy=False), self.mean.astype(kind, copy=False)
        for start in range(0, len(rows), _CHUNK_ROWS):
            centred = rows[start : start + _CHUNK_ROWS].astype(kind) - mean
            own = np.einsum("rd,rd->r", centred @ precision, centred)
            found[start : start + _CHUNK_ROWS] = own / self.scale
        return found

    def leave_one_out_scores(
        self, scores: Floats, self_scores: Floats, counts: NDArray[np.int64] | Floats
    ) -> Floats:
        """Scores of yes images without their own label (exact).

        ``scores``, ``self_scores`` and ``counts`` (the category's yes labels, including this one) broadcast.
        """
        with_own = counts + self._prior_count
        return (scores * with_own - self_scores) / np.maximum(with_own - 1, 1e-12) * (counts > 1)

    def _change(self, category: int, embeddings: ArrayLike, sign: int) -> None:
        rows = np.atleast_2d(np.asarray(embeddings))
        if not rows.size:
            return
        if rows.shape[1] != self.width:
            raise InputError(f"The discriminant expects width {self.width}, got {rows.shape[1]}.")
        if self.counts[category] + sign * len(rows) < 0:
            raise InputError(
                f"Category {category} has {self.counts[category]} yes labels; {len(rows)} cannot be removed."
            )
        for start in range(0, len(rows), _CHUNK_ROWS):
            steps = np.rint(rows[start : start + _CHUNK_ROWS].astype(np.float64) / self._step)
            self._sums[category] += sign * steps.astype(np.int64).sum(axis=0)
        self.counts[category] += sign * len(rows)
        count = int(self.counts[category])
        shift = self._sums[category] * self._step - count * self.mean
        if count:
            self._weights[category] = self._precision @ shift / ((count + self._prior_count) * self.scale)
        else:
            self._weights[category] = 0.0


def _moments(rows: NDArray[np.generic] | DirectionRows) -> tuple[Floats, Floats, float]:
    """Mean [D], covariance [D, D] and the largest absolute coordinate, in bounded memory."""
    total = np.zeros(rows.shape[1])
    largest = 0.0
    for start in range(0, len(rows), _CHUNK_ROWS):
        chunk = rows[start : start + _CHUNK_ROWS].astype(np.float64)
        summed = chunk.sum(axis=0)
        if not np.isfinite(summed).all() and not np.isfinite(chunk).all():
            bad = start + int(np.flatnonzero(~np.isfinite(chunk).all(axis=1))[0])
            raise InputError(f"Embedding row {bad} holds a NaN or an infinity.")
        total += summed
        largest = max(largest, float(chunk.max()), -float(chunk.min()))
        _release(rows)
    mean = total / len(rows)
    covariance = np.zeros((rows.shape[1], rows.shape[1]))
    for start in range(0, len(rows), _CHUNK_ROWS):
        # Products in float32 halve the time; the sum over chunks stays in float64.
        chunk32 = (rows[start : start + _CHUNK_ROWS].astype(np.float64) - mean).astype(np.float32)
        covariance += chunk32.T @ chunk32
        _release(rows)
    return mean, covariance / len(rows), largest


def _release(rows: NDArray[np.generic] | DirectionRows) -> None:
    if isinstance(rows, DirectionRows):
        rows.release()

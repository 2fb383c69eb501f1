"""Platt scaling: from scores to probabilities.

Shapes: N images, C categories, E entries (one image and one category each). Targets are 1, 0 and -1 (unknown,
ignored). Weights are inverse inclusion probabilities: a sample picked by a queue is biased, and an entry with
an inclusion probability of 1 in 10 counts as ten.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.calibration.logistic import fit_groups, fit_one_slope, sigmoid
from cprfl_core.common.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

OWN_CURVE_FROM = 30
SHARED_CURVE_FROM = 3
# Standard deviation of a category's intercept around the common one, in logits, with few yes labels.
INTERCEPT_SPREAD = 1.0
MIN_SLOPE = 1e-3
_FREE = 1e-6  # practically no prior, but enough to keep every curve finite


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt curves ``p = 1 / (1 + exp(-(slope * score + intercept)))`` of all categories.

    ``slopes`` and ``intercepts`` [C]; ``positives`` [C] the number of yes entries of each; ``common`` slope
    and intercept of all categories together. ``unsure`` [C], 0 to 1, is how little evidence a category has:
    p becomes p / (1 + unsure p), which leaves small ones as they are; at 1 it is never above 0.5, whatever
    the score.
    """

    slopes: Floats
    intercepts: Floats
    positives: NDArray[np.int64]
    common: tuple[float, float] = (1.0, 0.0)
    unsure: Floats | None = None

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Categories [C] with enough yes labels for their own intercept; the others use the common curve."""
        return self.positives >= SHARED_CURVE_FROM

    def probabilities(self, scores: ArrayLike) -> Floats:
        """Calibrated probabilities [N, C] of scores [N, C]."""
        found = sigmoid(np.asarray(scores, dtype=np.float64) * self.slopes + self.intercepts)
        return found if self.unsure is None else found / (1 + found * self.unsure)

    def category_probabilities(self, category: int, scores: ArrayLike) -> Floats:
        """Calibrated probabilities [N] of one category's scores [N]."""
        found = sigmoid(
            np.asarray(scores, dtype=np.float64) * self.slopes[category] + self.intercepts[category]
        )
        return found if self.unsure is None else found / (1 + found * self.unsure[category])


def fit_calibration(scores: ArrayLike, targets: ArrayLike, weights: ArrayLike | None = None) -> Calibration:
    """Calibrate on out-of-fold or leave-one-out scores [N, C].

    ``targets`` [N, C] in {1, 0, -1}; ``weights`` [N] or [N, C], positive, default 1. A category with at least
    30 yes labels gets its own curve, one with 3 to 29 the common slope and an intercept shrunk towards the
    common one, and one with fewer the common curve (Platt 1999, with his smoothed targets).
    """
    score, target = np.asarray(scores, dtype=np.float64), np.asarray(targets)
    if score.ndim != 2 or score.shape != target.shape:
        raise InputError(
            f"Scores {score.shape} and targets {target.shape} must both be [images, categories]."
        )
    weight = np.ones(len(score)) if weights is None else np.asarray(weights, dtype=np.float64)
    weight = np.broadcast_to(weight[:, None] if weight.ndim == 1 else weight, score.shape)
    rows, categories = np.nonzero(target >= 0)
    return fit_calibration_entries(
        score[rows, categories],
        target[rows, categories],
        categories,
        score.shape[1],
        weight[rows, categories],
    )


def fit_calibration_entries(
    scores: ArrayLike,
    targets: ArrayLike,
    categories: ArrayLike,
    count: int,
    weights: ArrayLike | None = None,
) -> Calibration:
    """The same from E entries, all [E]: scores, targets in {0, 1}, categories below ``count``, weights."""
    score, yes = np.asarray(scores, dtype=np.float64), np.asarray(targets) == 1
    category = np.asarray(categories, dtype=np.intp)
    weight = np.ones(len(score)) if weights is None else np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(score).all() and np.isfinite(weight).all() and (weight > 0).all()):
        raise InputError("Calibration needs finite scores and positive finite weights.")
    positives = np.bincount(category[yes], minlength=count).astype(np.int64)
    slopes, intercepts = np.ones(count), np.zeros(count)
    if not yes.any() or yes.all():
        return Calibration(slopes, intercepts, positives)
    one_group = np.zeros(len(score), dtype=np.intp)
    slope, levels = _increasing_curve(
        score,
        _smoothed(yes, weight, one_group, 1),
        weight,
        groups=one_group,
        prior=(1.0, 0.0),
        strength=(_FREE, _FREE),
        start=(1.0, np.zeros(1)),
    )
    common = slope, float(levels[0])
    slopes[:], intercepts[:] = common
    soft_targets = _smoothed(yes, weight, category, count)
    some = np.flatnonzero(positives >= SHARED_CURVE_FROM)
    if some.size:
        among = np.isin(category, some)
        slopes[some], intercepts[some] = _increasing_curve(
            score[among],
            soft_targets[among],
            weight[among],
            groups=np.searchsorted(some, category[among]),
            prior=common,
            strength=(_FREE, 1 / INTERCEPT_SPREAD**2),
            start=(1.0, np.zeros(len(some))),
        )
    own = np.flatnonzero(positives >= OWN_CURVE_FROM)
    if own.size:
        found = _own_curves(score, soft_targets, weight, category, own=own)
        rising = found[:, 0] >= MIN_SLOPE
        slopes[own[rising]], intercepts[own[rising]] = found[rising].T
    return Calibration(slopes, intercepts, positives, common)


def _smoothed(yes: NDArray[np.bool_], weight: Floats, category: Ints, count: int) -> Floats:
    """Platt's targets: (n+ + 1)/(n+ + 2) for yes and 1/(n- + 2) for no, counted by category."""
    positive = np.bincount(category[yes], weight[yes], minlength=count)[category]
    negative = np.bincount(category[~yes], weight[~yes], minlength=count)[category]
    return np.where(yes, (positive + 1) / (positive + 2), 1 / (negative + 2))


def _increasing_curve(
    score: Floats,
    soft_targets: Floats,
    weight: Floats,
    *,
    groups: Ints,
    prior: tuple[float, float],
    strength: tuple[float, float],
    start: tuple[float, Floats],
) -> tuple[float, Floats]:
    """One slope and a level for each group. The slope is positive even for scores worse than chance."""
    found = fit_one_slope(
        score, soft_targets, weight, groups=groups, prior=prior, strength=strength, start=start
    )
    if found[0] >= MIN_SLOPE:
        return found
    held = (MIN_SLOPE, prior[1]), (1e12, strength[1])
    return fit_one_slope(
        score, soft_targets, weight, groups=groups, prior=held[0], strength=held[1], start=found
    )


def _own_curves(score: Floats, soft_targets: Floats, weight: Floats, category: Ints, *, own: Ints) -> Floats:
    """Slope and intercept, [G, 2], of each of the categories ``own`` (ascending), fitted separately."""
    chosen = np.flatnonzero(np.isin(category, own))
    chosen = chosen[np.argsort(category[chosen], kind="stable")]
    return fit_groups(
        np.stack([score[chosen], np.ones(len(chosen))], axis=1),
        soft_targets[chosen],
        weight[chosen],
        offsets=np.zeros(len(chosen)),
        bounds=np.append(np.searchsorted(category[chosen], own), len(chosen)),
        strength=np.full(2, _FREE),
        start=np.stack([np.ones(len(own)), np.zeros(len(own))], axis=1),
    )

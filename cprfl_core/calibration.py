"""From scores to probabilities.

Shapes: N images, C categories, E entries (one image and one category each). Targets are 1, 0 and -1
(unknown, left out). Weights are inverse inclusion probabilities: a sample picked by a queue is biased, and an
entry that had a chance of 1 in 10 to be looked at stands for ten.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.errors import InputError
from cprfl_core.logistic import fit_groups, fit_one_slope, sigmoid

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

OWN_CURVE_FROM = 30
SHARED_CURVE_FROM = 3
# Spread of a category's intercept around the common one, in logits, for categories with few yes labels.
INTERCEPT_SPREAD = 1.0
MIN_SLOPE = 1e-3
_FREE = 1e-6  # as good as no prior, and yet every curve is finite


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt curves ``p = 1 / (1 + exp(-(slope * score + intercept)))`` of all categories.

    ``slopes`` and ``intercepts`` [C]; ``positives`` [C] the number of yes entries each was fitted on;
    ``common`` slope and intercept of all categories taken together.
    """

    slopes: Floats
    intercepts: Floats
    positives: NDArray[np.int64]
    common: tuple[float, float] = (1.0, 0.0)

    @property
    def enough(self) -> NDArray[np.bool_]:
        """Categories [C] with enough yes labels to say anything of their own; others use the common curve."""
        return self.positives >= SHARED_CURVE_FROM

    def probabilities(self, scores: ArrayLike) -> Floats:
        """Calibrated probabilities [N, C] of scores [N, C]."""
        return sigmoid(np.asarray(scores, dtype=np.float64) * self.slopes + self.intercepts)

    def category_probabilities(self, category: int, scores: ArrayLike) -> Floats:
        """Calibrated probabilities [N] of one category's scores [N]."""
        return sigmoid(
            np.asarray(scores, dtype=np.float64) * self.slopes[category] + self.intercepts[category]
        )


def fit_calibration(scores: ArrayLike, targets: ArrayLike, weights: ArrayLike | None = None) -> Calibration:
    """Calibrate on scores [N, C] that have not seen their targets (out of fold or leave one out).

    ``targets`` [N, C] in {1, 0, -1}; ``weights`` [N] or [N, C], positive, by default 1. A category with at
    least 30 yes labels gets a curve of its own, one with 3 to 29 the common slope and an intercept drawn
    towards the common one, and one with fewer the common curve (Platt 1999 with his smoothed targets).
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
    nobody = np.zeros(len(score), dtype=np.intp)
    slope, levels = _rising_curve(
        score,
        _smoothed(yes, weight, nobody, 1),
        weight,
        groups=nobody,
        prior=(1.0, 0.0),
        strength=(_FREE, _FREE),
        start=(1.0, np.zeros(1)),
    )
    common = slope, float(levels[0])
    slopes[:], intercepts[:] = common
    goal = _smoothed(yes, weight, category, count)
    some = np.flatnonzero(positives >= SHARED_CURVE_FROM)
    if some.size:
        among = np.isin(category, some)
        slopes[some], intercepts[some] = _rising_curve(
            score[among],
            goal[among],
            weight[among],
            groups=np.searchsorted(some, category[among]),
            prior=common,
            strength=(_FREE, 1 / INTERCEPT_SPREAD**2),
            start=(1.0, np.zeros(len(some))),
        )
    own = np.flatnonzero(positives >= OWN_CURVE_FROM)
    if own.size:
        found = _own_curves(score, goal, weight, category, own=own)
        rising = found[:, 0] >= MIN_SLOPE
        slopes[own[rising]], intercepts[own[rising]] = found[rising].T
    return Calibration(slopes, intercepts, positives, common)


def _smoothed(yes: NDArray[np.bool_], weight: Floats, category: Ints, count: int) -> Floats:
    """Platt's targets: (n+ + 1)/(n+ + 2) for yes and 1/(n- + 2) for no, counted by category."""
    positive = np.bincount(category[yes], weight[yes], minlength=count)[category]
    negative = np.bincount(category[~yes], weight[~yes], minlength=count)[category]
    return np.where(yes, (positive + 1) / (positive + 2), 1 / (negative + 2))


def _rising_curve(
    score: Floats,
    goal: Floats,
    weight: Floats,
    *,
    groups: Ints,
    prior: tuple[float, float],
    strength: tuple[float, float],
    start: tuple[float, Floats],
) -> tuple[float, Floats]:
    """One slope and a level for each group; scores that say less than nothing never turn the order round."""
    found = fit_one_slope(score, goal, weight, groups=groups, prior=prior, strength=strength, start=start)
    if found[0] >= MIN_SLOPE:
        return found
    held = (MIN_SLOPE, prior[1]), (1e12, strength[1])
    return fit_one_slope(score, goal, weight, groups=groups, prior=held[0], strength=held[1], start=found)


def _own_curves(score: Floats, goal: Floats, weight: Floats, category: Ints, *, own: Ints) -> Floats:
    """A slope and an intercept of its own, [G, 2], for each of the categories ``own`` (ascending)."""
    mine = np.flatnonzero(np.isin(category, own))
    mine = mine[np.argsort(category[mine], kind="stable")]
    return fit_groups(
        np.stack([score[mine], np.ones(len(mine))], axis=1),
        goal[mine],
        weight[mine],
        offsets=np.zeros(len(mine)),
        bounds=np.append(np.searchsorted(category[mine], own), len(mine)),
        strength=np.full(2, _FREE),
        start=np.stack([np.ones(len(own)), np.zeros(len(own))], axis=1),
    )

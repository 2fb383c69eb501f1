"""From scores to probabilities and thresholds.

Shapes: N images, C categories, E entries (one image and one category each). Targets are 1, 0 and -1
(unknown, left out). Weights are inverse inclusion probabilities: a sample picked by a queue is biased, and an
entry that had a chance of 1 in 10 to be looked at stands for ten.
"""

from dataclasses import dataclass
from statistics import NormalDist

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
# Strength of the prior slope 1 and intercept 0 of scores that are log-odds already.
LOGIT_STRENGTH = (10.0, 2.0)
_MIN_SLOPE = 1e-3
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
    *,
    logits: bool = False,
    start: Calibration | None = None,
) -> Calibration:
    """The same from E entries, all [E]: scores, targets in {0, 1}, categories below ``count``, weights.

    With ``logits`` the scores are log-odds already, and curves are drawn to leave them as they are.
    ``start``, a calibration of the same categories, only saves steps.
    """
    score, yes = np.asarray(scores, dtype=np.float64), np.asarray(targets) == 1
    category = np.asarray(categories, dtype=np.intp)
    weight = np.ones(len(score)) if weights is None else np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(score).all() and np.isfinite(weight).all() and (weight > 0).all()):
        raise InputError("Calibration needs finite scores and positive finite weights.")
    positives = np.bincount(category[yes], minlength=count).astype(np.int64)
    slopes, intercepts = np.ones(count), np.zeros(count)
    if not yes.any() or yes.all():
        return Calibration(slopes, intercepts, positives)
    begin = start or Calibration(slopes, intercepts, positives)
    nobody = np.zeros(len(score), dtype=np.intp)
    slope, levels = _rising_curve(
        score,
        _smoothed(yes, weight, nobody, 1),
        weight,
        groups=nobody,
        prior=(1.0, 0.0),
        strength=LOGIT_STRENGTH if logits else (_FREE, _FREE),
        start=(begin.common[0], np.array([begin.common[1]])),
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
            strength=(LOGIT_STRENGTH[0] if logits else _FREE, 1 / INTERCEPT_SPREAD**2),
            start=(begin.common[0], begin.intercepts[some]),
        )
    own = np.flatnonzero(positives >= OWN_CURVE_FROM)
    if own.size:
        curves = np.stack([begin.slopes[own], begin.intercepts[own]], axis=1)
        found = _own_curves(score, goal, weight, category, own=own, start=curves)
        rising = found[:, 0] >= _MIN_SLOPE
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
    if found[0] >= _MIN_SLOPE:
        return found
    held = (_MIN_SLOPE, prior[1]), (1e12, strength[1])
    return fit_one_slope(score, goal, weight, groups=groups, prior=held[0], strength=held[1], start=found)


def _own_curves(
    score: Floats, goal: Floats, weight: Floats, category: Ints, *, own: Ints, start: Floats
) -> Floats:
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
        start=start,
    )


def best_f1_threshold(probabilities: ArrayLike) -> float:
    """The threshold on calibrated probabilities [N] that maximises the expected F1.

    It equals half of the best F1 (Lipton, Elkan and Narayanaswamy 2014). Returns 1.0 for an empty input.
    """
    chance = np.sort(np.ravel(np.asarray(probabilities, dtype=np.float64)))[::-1]
    if not chance.size or chance[0] <= 0:
        return 1.0
    found = np.cumsum(chance)
    best = float((2 * found / (np.arange(1, len(chance) + 1) + found[-1])).max())
    return best / 2


def precision_threshold(
    probabilities: ArrayLike,
    targets: ArrayLike,
    precision: float,
    *,
    confidence: float = 0.9,
    weights: ArrayLike | None = None,
) -> float | None:
    """The lowest threshold whose precision is at least ``precision`` with one-sided ``confidence``.

    ``probabilities`` [N] out of fold, ``targets`` [N] in {1, 0, -1}. Uses the Wilson lower bound (with
    weights: on the effective number of entries). None when no threshold can promise it.
    """
    chance, target = np.asarray(probabilities, dtype=np.float64), np.asarray(targets)
    weight = np.ones(len(chance)) if weights is None else np.asarray(weights, dtype=np.float64)
    known = target >= 0
    order = np.argsort(-chance[known], kind="stable")
    chance, yes, weight = chance[known][order], target[known][order] == 1, weight[known][order]
    if not yes.any():
        return None
    total = np.cumsum(weight)
    effective = total**2 / np.cumsum(weight**2)
    lower = wilson_lower_bound(np.cumsum(weight * yes) / total, effective, confidence)
    last_of_ties = np.append(chance[1:] != chance[:-1], True)
    good = np.flatnonzero((lower >= precision) & last_of_ties)
    return float(chance[good[-1]]) if good.size else None


def wilson_lower_bound(rate: ArrayLike, count: ArrayLike, confidence: float = 0.9) -> Floats:
    """One-sided lower bound of a proportion seen as ``rate`` among ``count`` (Wilson 1927)."""
    seen, n = np.asarray(rate, dtype=np.float64), np.asarray(count, dtype=np.float64)
    z = NormalDist().inv_cdf(confidence)
    centre = seen + z**2 / (2 * n)
    margin = z * np.sqrt(seen * (1 - seen) / n + z**2 / (4 * n**2))
    bound: Floats = np.maximum((centre - margin) / (1 + z**2 / n), 0.0)
    return bound


def expected_calibration_error(
    probabilities: ArrayLike, targets: ArrayLike, bins: int = 15, weights: ArrayLike | None = None
) -> float:
    """Mean distance between said and seen probability over bins of equal width; NaN without known entries.

    ``probabilities`` and ``targets`` of any one shape; targets in {1, 0, -1}.
    """
    chance, target = np.ravel(np.asarray(probabilities, dtype=np.float64)), np.ravel(np.asarray(targets))
    weight = np.ones(len(chance)) if weights is None else np.ravel(np.asarray(weights, dtype=np.float64))
    known = target >= 0
    chance, yes, weight = chance[known], target[known] == 1, weight[known]
    if not chance.size:
        return float("nan")
    bucket = np.minimum((chance * bins).astype(np.intp), bins - 1)
    gap = np.bincount(bucket, weight * (chance - yes), minlength=bins)
    return float(np.abs(gap).sum() / weight.sum())


def asymmetric_loss_inverse(
    outputs: ArrayLike, gamma_neg: float = 4.0, gamma_pos: float = 0.0, clip: float = 0.05
) -> Floats:
    """True probability behind a sigmoid output that minimises the asymmetric loss (exact inverse link).

    At the optimum ``eta * d(-L+)/dp = (1 - eta) * dL-/dp``; for the usual setting a true 1 % shows as 0.32.
    With a clip the output reaches 1 before the truth does (at 0.964 for the usual one): more cannot be told.
    """
    p = np.clip(np.asarray(outputs, dtype=np.float64), 0.0, 1.0)
    shifted = np.clip(p - clip, 0.0, 1.0 - 1e-15)
    silent = np.log1p(-shifted)
    if gamma_neg > 0:
        against = gamma_neg * shifted ** (gamma_neg - 1) * -silent + shifted**gamma_neg / (1 - shifted)
    else:
        against = np.where(p >= clip, 1 / (1 - shifted), 0.0)
    inner = np.clip(p, 1e-300, 1.0)
    rest = 1 - inner
    with np.errstate(divide="ignore", invalid="ignore"):
        if gamma_pos > 0:
            pull = rest**gamma_pos / inner - gamma_pos * rest ** (gamma_pos - 1) * np.log(inner)
        else:
            pull = 1 / inner
        eta = against / (against + pull)
    result: Floats = np.nan_to_num(eta)
    return result


def asymmetric_loss_link(
    probabilities: ArrayLike, gamma_neg: float = 4.0, gamma_pos: float = 0.0, clip: float = 0.05
) -> Floats:
    """The sigmoid output that minimises the asymmetric loss at true probabilities (by bisection)."""
    eta = np.asarray(probabilities, dtype=np.float64)
    low, high = np.zeros(eta.shape), np.ones(eta.shape)
    for _ in range(60):
        middle = (low + high) / 2
        below = asymmetric_loss_inverse(middle, gamma_neg, gamma_pos, clip) < eta
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2

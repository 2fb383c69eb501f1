"""One calibration curve for all categories, from which those with many yes labels may depart.

A separate curve for a category with five yes labels would fit noise: its level and slope would change with
every new label, and scores of two versions, or of the folds of a cross-validation, would not be comparable.
So all categories share one curve over a score whose unit does not grow with their labels. How far a category
may depart from it grows smoothly with its yes labels. docs/decisions/0151 has reasons and measurements.

Shapes: E entries sorted by category, C categories.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cprfl_core.calibration.logistic import fit_groups, fit_logistic
from cprfl_core.calibration.platt import MIN_SLOPE, Calibration

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Slope and intercept without any labels: scores of the prior weights are halved, and the best matches of a
# text get a probability of about one half (docs/decisions/0150).
COLD_CURVE = (0.5, -1.45)
# Prior of a category's share of yes: half a yes among twenty images.
PRIOR_YES, PRIOR_IMAGES = 0.5, 20.0
# A category without a yes counts as having one: nobody adds a category that no image has.
LEAST_YES = 1.0
# Scores of the live learners grow with the number of yes labels; this many are the unit.
REFERENCE_YES = 20.0
# More yes labels than this give a category no more weight in the shared curve, which is for rare categories.
SHARED_YES = 8.0
# Strength of the prior of the shared curve: slope and level of the log-odds, rarity counted once.
CURVE_STRENGTH = np.array([30.0, 10.0, 30.0])
RARITY = 1.0
# Strength of the prior of a category's departures in level and slope at OWN_YES yes labels, and the power
# with which it decreases.
DEPARTURE_STRENGTH, OWN_YES, FADING = np.array([1.0, 10.0]), 30.0, 4.0
# Beyond this many yes it stays constant: without a prior the curve diverges if scores separate yes and no.
MAX_YES = 1_300
# Grid points on which the many no of a category are binned.
GRID = 64


@dataclass(frozen=True, slots=True)
class PooledCurve:
    """``common`` [3]: slope, level and weight of rarity; ``departures`` [C, 2] in level and slope."""

    common: Floats
    departures: Floats
    calibration: Calibration

    def with_category(self) -> "PooledCurve":
        """This curve with one more category, which has the cold curve."""
        before = self.calibration
        more = Calibration(
            np.append(before.slopes, COLD_CURVE[0]),
            np.append(before.intercepts, COLD_CURVE[1]),
            np.append(before.positives, 0),
            before.common,
        )
        return PooledCurve(self.common, np.vstack([self.departures, np.zeros((1, 2))]), more)


@dataclass(frozen=True, slots=True)
class CurveEntries:
    """Leave-one-out scores in log-odds with the contributions of text and labels, all [E]."""

    categories: Ints
    targets: Floats
    importance: Floats
    scores: Floats
    by_text: Floats
    by_live: Floats


def fit_pooled_curve(
    entries: CurveEntries, yes_counts: NDArray[np.int64], start: PooledCurve | None = None
) -> PooledCurve:
    """Calibrate C categories; ``yes_counts`` [C] are all their yes labels, ``start`` speeds up convergence.

    A category without entries keeps the cold curve.
    """
    count = len(yes_counts)
    slopes, intercepts = np.full(count, COLD_CURVE[0]), np.full(count, COLD_CURVE[1])
    has_entries = np.bincount(entries.categories, minlength=count) > 0
    if not has_entries.any():
        cold = Calibration(slopes, intercepts, yes_counts.copy(), COLD_CURVE)
        return PooledCurve(np.array([COLD_CURVE[0], COLD_CURVE[1], 0.0]), np.zeros((count, 2)), cold)
    scales = _scales(entries, yes_counts, has_entries)
    points = _binned(entries, scales)
    common = _common_curve(points, scales, yes_counts, start)
    departures = _departures(points, scales, common, yes_counts, start)
    slope = (common[0] + departures[:, 1]) / scales.unit
    intercept = common[1] + common[2] * scales.rarity + departures[:, 0] - slope * scales.level
    slopes[has_entries], intercepts[has_entries] = slope[has_entries], intercept[has_entries]
    middle = float(np.median(slopes[has_entries])), float(np.median(intercepts[has_entries]))
    return PooledCurve(common, departures, Calibration(slopes, intercepts, yes_counts.copy(), middle))


@dataclass(frozen=True, slots=True)
class _Scales:
    """Level and unit of each category's scores and the log-odds of its share of yes, each [C]."""

    level: Floats
    unit: Floats
    rarity: Floats


def _scales(entries: CurveEntries, yes_counts: NDArray[np.int64], has_entries: NDArray[np.bool_]) -> _Scales:
    """The unit is the standard deviation of a category's scores, with the part of the variance that comes
    from labels multiplied by the number of yes labels. The scores of a yes grow with this number, their
    standard deviation only with its square root; in this unit a yes has the same effect however many there
    are.
    """
    count = len(yes_counts)

    def mean(values: Floats) -> Floats:
        summed = np.bincount(entries.categories, entries.importance * values, minlength=count)
        return summed / np.where(has_entries, known, 1.0)

    def variance(values: Floats) -> Floats:
        return mean((values - mean(values)[entries.categories]) ** 2)

    known = np.bincount(entries.categories, entries.importance, minlength=count)
    level, spread = mean(entries.scores), np.sqrt(variance(entries.scores))
    by_text, by_live = variance(entries.by_text), variance(entries.by_live)
    live = by_live / np.maximum(by_text + by_live, 1e-12)
    unit = spread * np.sqrt(1 - live + live * (yes_counts + 1) / REFERENCE_YES)
    # Without its only yes, a category without a text has the same score everywhere.
    flat = has_entries & (spread < 1e-6)
    median = float(np.median(unit[has_entries & ~flat])) if (has_entries & ~flat).any() else 1.0
    unit = np.where(has_entries & ~flat, unit, median)
    yes = np.bincount(entries.categories, entries.importance * entries.targets, minlength=count)
    share = (np.maximum(yes, LEAST_YES) + PRIOR_YES) / (known + PRIOR_IMAGES)
    return _Scales(level, unit, np.log(share / (1 - share)))


@dataclass(frozen=True, slots=True)
class _Points:
    """The data for the curves, sorted by category: scores in units, targets and weights."""

    categories: Ints
    places: Floats
    targets: Floats
    weights: Floats


def _binned(entries: CurveEntries, scales: _Scales) -> _Points:
    """Each yes unchanged; the many no of a category binned on a grid.

    The weight of a no is split linearly between the two neighbouring grid points, which keeps the result
    continuous.
    """
    count = len(scales.unit)
    place = (entries.scores - scales.level[entries.categories]) / scales.unit[entries.categories]
    yes = entries.targets == 1
    category, at, weight = entries.categories[~yes], place[~yes], entries.importance[~yes]
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, category, at)
    np.maximum.at(high, category, at)
    some = np.isfinite(low)
    low, width = np.where(some, low, 0.0), np.where(some, high - low, 0.0)
    step = np.where(width > 0, width, 1.0) / (GRID - 1)
    steps = (at - low[category]) / step[category]
    below = np.minimum(steps.astype(np.intp), GRID - 2)
    fraction = steps - below
    cell = category * GRID + below
    mass = np.bincount(cell, weight * (1 - fraction), minlength=count * GRID)
    mass += np.bincount(cell + 1, weight * fraction, minlength=count * GRID)
    filled = np.flatnonzero(mass > 0)
    owner = filled // GRID
    categories = np.concatenate([owner, entries.categories[yes]])
    places = np.concatenate([low[owner] + (filled % GRID) * step[owner], place[yes]])
    targets = np.concatenate([np.zeros(len(filled)), np.ones(int(yes.sum()))])
    weights = np.concatenate([mass[filled], entries.importance[yes]])
    order = np.argsort(categories, kind="stable")
    return _Points(categories[order], places[order], targets[order], weights[order])


def _common_curve(
    points: _Points, scales: _Scales, yes_counts: NDArray[np.int64], start: PooledCurve | None
) -> Floats:
    """Slope, level and weight of rarity, [3]; the slope is positive."""
    category = points.categories
    rare = scales.rarity[category]
    weight = points.weights * np.minimum(1.0, SHARED_YES / np.maximum(yes_counts, 1))[category]
    features = np.stack([points.places, np.ones_like(points.places), rare], axis=1)
    root, score = np.sqrt(weight), points.places * scales.unit[category] + scales.level[category]
    as_given = np.linalg.lstsq(features[:, :2] * root[:, None], (score - RARITY * rare) * root, rcond=None)[0]
    prior, strength = np.append(as_given, RARITY), CURVE_STRENGTH
    begin = prior if start is None else start.common
    found = fit_logistic(features, points.targets, weight, prior=prior, strength=strength, start=begin)
    if found[0] >= MIN_SLOPE:
        return found
    # The slope stays positive even for scores worse than chance.
    held, stiff = np.append(MIN_SLOPE, prior[1:]), np.append(1e12, strength[1:])
    return fit_logistic(features, points.targets, weight, prior=held, strength=stiff, start=held)


def _departures(
    points: _Points,
    scales: _Scales,
    common: Floats,
    yes_counts: NDArray[np.int64],
    start: PooledCurve | None,
) -> Floats:
    """Departures in level and slope, [C, 2]."""
    count = len(yes_counts)
    begin = np.zeros((count, 2))
    if start is not None:
        kept = min(count, len(start.departures))
        begin[:kept] = start.departures[:kept]
    fading = (OWN_YES / np.clip(yes_counts, 1, MAX_YES)) ** FADING
    found = fit_groups(
        np.stack([np.ones_like(points.places), points.places], axis=1),
        points.targets,
        points.weights,
        offsets=common[0] * points.places + common[1] + common[2] * scales.rarity[points.categories],
        bounds=np.searchsorted(points.categories, np.arange(count + 1)),
        strength=DEPARTURE_STRENGTH * fading[:, None],
        start=begin,
    )
    found[common[0] + found[:, 1] < MIN_SLOPE] = 0.0
    return found

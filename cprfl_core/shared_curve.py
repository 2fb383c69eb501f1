"""One calibration curve for all categories, from which those with many yes labels depart.

A curve of its own for a category with five yes labels follows the chance that put five there and not four:
its level and its slope change with every version of the labels, and scores of two versions, or of the folds
of a cross-validation, can no longer be compared. So all categories share one curve over a score in a unit
that does not grow with their labels. How far a category may leave it grows with its yes labels, without a
step. The reasons and the measurements stand in docs/decisions/0151.

Shapes: E entries sorted by category, C categories.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cprfl_core.calibration import MIN_SLOPE, Calibration
from cprfl_core.logistic import fit_groups, fit_logistic

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Slope and intercept for what no evidence has confirmed: a score of the prior weights is believed half, and
# the best of a collection's texts means about one in two (docs/decisions/0152).
COLD_CURVE = (0.5, -1.45)
# A category's share of yes: its own, drawn towards half a yes among twenty images.
PRIOR_YES, PRIOR_IMAGES = 0.5, 20.0
# What the live learners answer to a yes grows with the yes labels, and is told in units of this many.
REFERENCE_YES = 20.0
# A category with more yes labels than this weighs no more on the shared curve: the curve is for the rare.
SHARED_YES = 8.0
# Strength of the prior of the shared curve: slope and level as the log-odds have them, rarity counted once.
CURVE_STRENGTH = np.array([30.0, 10.0, 30.0])
RARITY = 1.0
# Strength of the prior of a category's departures in level and slope at OWN_YES yes labels, and the power by
# which it fades.
DEPARTURE_STRENGTH, OWN_YES, FADING = np.array([1.0, 10.0]), 30.0, 4.0
# Beyond so many yes it fades no further: what nothing holds runs away where scores part yes and no cleanly.
MOST_YES = 1_300
# Places on which the many no of a category are gathered.
GRID = 64


@dataclass(frozen=True, slots=True)
class SharedCurve:
    """``common`` [3]: slope, level and weight of rarity; ``departures`` [C, 2] in level and slope."""

    common: Floats
    departures: Floats
    calibration: Calibration

    def with_category(self) -> "SharedCurve":
        """One category more, which has the cold curve."""
        before = self.calibration
        more = Calibration(
            np.append(before.slopes, COLD_CURVE[0]),
            np.append(before.intercepts, COLD_CURVE[1]),
            np.append(before.positives, 0),
            before.common,
        )
        return SharedCurve(self.common, np.vstack([self.departures, np.zeros((1, 2))]), more)


@dataclass(frozen=True, slots=True)
class CurveEntries:
    """Scores in log-odds that have not seen their targets, and what text and labels gave to them, all [E]."""

    categories: Ints
    targets: Floats
    importance: Floats
    scores: Floats
    by_text: Floats
    by_live: Floats


def fit_shared_curve(
    entries: CurveEntries, yes_counts: NDArray[np.int64], start: SharedCurve | None = None
) -> SharedCurve:
    """Calibrate C categories; ``yes_counts`` [C] all their yes labels, ``start`` only saves steps.

    A category without entries keeps the cold curve.
    """
    count = len(yes_counts)
    slopes, intercepts = np.full(count, COLD_CURVE[0]), np.full(count, COLD_CURVE[1])
    told = np.bincount(entries.categories, minlength=count) > 0
    if not told.any():
        cold = Calibration(slopes, intercepts, yes_counts.copy(), COLD_CURVE)
        return SharedCurve(np.array([COLD_CURVE[0], COLD_CURVE[1], 0.0]), np.zeros((count, 2)), cold)
    scales = _scales(entries, yes_counts, told)
    points = _gathered(entries, scales)
    common = _common_curve(points, scales, yes_counts, start)
    departures = _departures(points, scales, common, yes_counts, start)
    slope = (common[0] + departures[:, 1]) / scales.unit
    intercept = common[1] + common[2] * scales.rarity + departures[:, 0] - slope * scales.level
    slopes[told], intercepts[told] = slope[told], intercept[told]
    middle = float(np.median(slopes[told])), float(np.median(intercepts[told]))
    return SharedCurve(common, departures, Calibration(slopes, intercepts, yes_counts.copy(), middle))


@dataclass(frozen=True, slots=True)
class _Scales:
    """Level and unit of a category's scores and the log-odds of its share of yes, each [C]."""

    level: Floats
    unit: Floats
    rarity: Floats


def _scales(entries: CurveEntries, yes_counts: NDArray[np.int64], told: NDArray[np.bool_]) -> _Scales:
    """The unit is the spread of a category's scores, times the square root of its yes labels as far as the
    spread comes from them. The spread itself grows as that root, so that a yes is worth the same however many
    there are; a spread that the text makes does not grow.
    """
    count = len(yes_counts)

    def mean(values: Floats) -> Floats:
        summed = np.bincount(entries.categories, entries.importance * values, minlength=count)
        return summed / np.where(told, known, 1.0)

    def variance(values: Floats) -> Floats:
        return mean((values - mean(values)[entries.categories]) ** 2)

    known = np.bincount(entries.categories, entries.importance, minlength=count)
    level, spread = mean(entries.scores), np.sqrt(variance(entries.scores))
    by_text, by_live = variance(entries.by_text), variance(entries.by_live)
    live = by_live / np.maximum(by_text + by_live, 1e-12)
    unit = spread * np.sqrt(1 - live + live * (yes_counts + 1) / REFERENCE_YES)
    # Left out, the only yes of a category without a text leaves every score the same.
    flat = told & (spread < 1e-6)
    usual = float(np.median(unit[told & ~flat])) if (told & ~flat).any() else 1.0
    unit = np.where(told & ~flat, unit, usual)
    yes = np.bincount(entries.categories, entries.importance * entries.targets, minlength=count)
    share = (yes + PRIOR_YES) / (known + PRIOR_IMAGES)
    return _Scales(level, unit, np.log(share / (1 - share)))


@dataclass(frozen=True, slots=True)
class _Points:
    """What the curves are fitted on, sorted by category: places in units, targets and weights."""

    categories: Ints
    places: Floats
    targets: Floats
    weights: Floats


def _gathered(entries: CurveEntries, scales: _Scales) -> _Points:
    """Each yes as it is; the many no of a category on a grid of places.

    A no is shared out between its two neighbours on the grid, so that everything depends on it continuously.
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
    beyond = steps - below
    cell = category * GRID + below
    mass = np.bincount(cell, weight * (1 - beyond), minlength=count * GRID)
    mass += np.bincount(cell + 1, weight * beyond, minlength=count * GRID)
    filled = np.flatnonzero(mass > 0)
    owner = filled // GRID
    categories = np.concatenate([owner, entries.categories[yes]])
    places = np.concatenate([low[owner] + (filled % GRID) * step[owner], place[yes]])
    targets = np.concatenate([np.zeros(len(filled)), np.ones(int(yes.sum()))])
    weights = np.concatenate([mass[filled], entries.importance[yes]])
    order = np.argsort(categories, kind="stable")
    return _Points(categories[order], places[order], targets[order], weights[order])


def _common_curve(
    points: _Points, scales: _Scales, yes_counts: NDArray[np.int64], start: SharedCurve | None
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
    # Scores that say less than nothing never turn the order round.
    held, stiff = np.append(MIN_SLOPE, prior[1:]), np.append(1e12, strength[1:])
    return fit_logistic(features, points.targets, weight, prior=held, strength=stiff, start=held)


def _departures(
    points: _Points,
    scales: _Scales,
    common: Floats,
    yes_counts: NDArray[np.int64],
    start: SharedCurve | None,
) -> Floats:
    """Departures in level and slope, [C, 2]."""
    count = len(yes_counts)
    begin = np.zeros((count, 2))
    if start is not None:
        kept = min(count, len(start.departures))
        begin[:kept] = start.departures[:kept]
    fading = (OWN_YES / np.clip(yes_counts, 1, MOST_YES)) ** FADING
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

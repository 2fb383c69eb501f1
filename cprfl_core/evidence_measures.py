"""How good one set of scores is: mean average precision by band with intervals, and by category. NumPy only.

The same images, weights and bootstrap as where two versions are judged (evidence). Shapes: N images, C
categories.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.errors import InputError
from cprfl_core.evidence import (
    CATEGORY_POSITIVES,
    INTERVAL,
    BandName,
    bootstrap,
    by_band,
    weighted_average_precision,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BandMeasure:
    """Mean average precision over ``categories`` categories; ``low`` and ``high`` bound it at 90 %."""

    band: BandName
    categories: int
    value: float
    low: float
    high: float


def measure(
    scores: ArrayLike,
    targets: ArrayLike,
    *,
    positives: ArrayLike,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    cuts: tuple[int, int] = (20, 100),
    samples: int = 200,
    seed: int = 0,
) -> tuple[tuple[BandMeasure, ...], Floats]:
    """The bands that can be measured, and the average precision [C] of each category, NaN where too few.

    Arguments as for evidence.judge. Raises InputError when shapes differ or a score is not finite.
    """
    score, label, count = np.asarray(scores, np.float64), np.asarray(targets), np.asarray(positives)
    if score.ndim != 2 or score.shape != label.shape or count.shape != score.shape[1:]:
        raise InputError(
            f"Scores {score.shape}, labels {label.shape} and positives {count.shape} do not fit."
        )
    if not np.isfinite(score).all():
        raise InputError("The scores hold NaN or infinity, so they cannot be measured.")
    yes, no = (label == 1).sum(axis=0), (label == 0).sum(axis=0)
    judged = np.flatnonzero((yes >= CATEGORY_POSITIVES) & (no > 0))
    by_category = np.full(len(count), np.nan)
    if not len(judged):
        return (), by_category
    weight = np.ones(len(label)) if weights is None else np.asarray(weights, np.float64)
    group = np.arange(len(label)) if groups is None else np.asarray(groups, np.intp)
    drawn = np.vstack([np.ones(len(label)), bootstrap(group, samples, seed)]) * weight
    ap = np.stack([_precision(score[:, c], label[:, c], drawn) for c in judged])  # [K, 1 + B]
    by_category[judged] = ap[:, 0]
    bands = by_band(count[judged], cuts)
    return tuple(_band(name, ap[chosen]) for name, chosen in bands.items() if chosen.any()), by_category


def _precision(score: Floats, label: NDArray[np.int8], drawn: Floats) -> Floats:
    known = label >= 0
    return weighted_average_precision(score[known], label[known] == 1, drawn[:, known])


def _band(name: BandName, ap: Floats) -> BandMeasure:
    there = ~np.isnan(ap)
    mean = np.where(there, ap, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    low, high = np.quantile(mean[1:][there[:, 1:].any(axis=0)], [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    return BandMeasure(name, len(ap), float(mean[0]), float(low), float(high))

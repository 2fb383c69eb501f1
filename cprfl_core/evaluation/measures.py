"""How good one set of scores is: mean average precision by band with intervals, and by category.

On the same images, weights and bootstrap samples as the gate. Shapes: N images, C categories.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.errors import InputError
from cprfl_core.evaluation.evidence import (
    BandName,
    by_band,
    drawings,
    drawn_precisions,
    interval,
    mean_precision,
    measurable,
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

    Arguments as for `gate.judge`. Raises InputError where shapes differ or a score is not finite.
    """
    score, label, count = np.asarray(scores, np.float64), np.asarray(targets), np.asarray(positives)
    if score.ndim != 2 or score.shape != label.shape or count.shape != score.shape[1:]:
        raise InputError(
            f"Scores {score.shape}, labels {label.shape} and positives {count.shape} do not fit."
        )
    if not np.isfinite(score).all():
        raise InputError("The scores hold NaN or infinity, so they cannot be measured.")
    judged = measurable(label)
    by_category = np.full(len(count), np.nan)
    if not len(judged):
        return (), by_category
    ap = drawn_precisions(score, label, judged, drawings(len(label), weights, groups, samples, seed))
    by_category[judged] = ap[:, 0]
    bands = by_band(count[judged], cuts)
    return tuple(_band(name, ap[chosen]) for name, chosen in bands.items() if chosen.any()), by_category


def _band(name: BandName, ap: Floats) -> BandMeasure:
    """``ap`` [K, 1 + B], the first column without drawing."""
    mean = mean_precision(ap)
    return BandMeasure(name, len(ap), float(mean[0]), *interval(mean[1:]))

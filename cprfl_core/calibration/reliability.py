"""Reliability of probabilities: predicted against observed.

Shapes: N images, C categories. Targets are 1, 0 and -1 (unknown, ignored). Weights are inverse inclusion
probabilities.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.errors import InputError

Floats = NDArray[np.float64]

BINS = 15


@dataclass(frozen=True, slots=True)
class ReliabilityCurve:
    """Bins of predicted probability that are not empty, ascending: all [B].

    ``predicted`` is the mean probability and ``observed`` the share of yes, ``count`` the weight in the bin,
    and ``error`` the binomial standard error of ``observed`` for the effective number of entries.
    """

    predicted: Floats
    observed: Floats
    count: Floats
    error: Floats


def reliability_curve(
    probabilities: ArrayLike,
    targets: ArrayLike,
    edges: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> ReliabilityCurve:
    """Predicted and observed probability in bins, by default 15 of equal width.

    ``probabilities`` and ``targets`` have the same shape; ``edges`` ascend from 0 to 1. The probabilities of
    rare categories are below 0.01: use geometric edges such as ``[0, *np.geomspace(1e-3, 1, 13)]``.
    """
    chance, yes, weight = _known(probabilities, targets, weights)
    edge = np.linspace(0, 1, BINS + 1) if edges is None else np.asarray(edges, dtype=np.float64)
    if edge.ndim != 1 or len(edge) < 2 or (np.diff(edge) <= 0).any() or edge[0] > 0 or edge[-1] < 1:
        raise InputError("The edges of the bins must ascend from 0 to 1.")
    bucket = np.clip(np.searchsorted(edge, chance, side="right") - 1, 0, len(edge) - 2)

    def total(values: Floats) -> Floats:
        return np.bincount(bucket, values, minlength=len(edge) - 1).astype(np.float64)

    count, squares = total(weight), total(weight**2)
    filled = count > 0
    count, squares = count[filled], squares[filled]
    predicted, observed = total(weight * chance)[filled] / count, total(weight * yes)[filled] / count
    return ReliabilityCurve(predicted, observed, count, np.sqrt(observed * (1 - observed) * squares) / count)


def expected_calibration_error(
    probabilities: ArrayLike, targets: ArrayLike, bins: int = BINS, weights: ArrayLike | None = None
) -> float:
    """Mean distance between predicted and observed probability over bins of equal width (ECE).

    ``probabilities`` and ``targets`` have the same shape. NaN without known entries.
    """
    curve = reliability_curve(probabilities, targets, np.linspace(0, 1, bins + 1), weights)
    if not curve.count.size:
        return float("nan")
    return float((np.abs(curve.predicted - curve.observed) * curve.count).sum() / curve.count.sum())


def reliability_by_band(
    probabilities: ArrayLike, targets: ArrayLike, positives: ArrayLike, cuts: Sequence[int] = (20, 100)
) -> dict[str, float | None]:
    """Calibration error in total and for each band of the long tail; None for an empty band.

    ``probabilities`` and ``targets`` [N, C]; ``positives`` [C] decide the band as in ``long_tail_report``.
    """
    chance, target, count = np.asarray(probabilities), np.asarray(targets), np.asarray(positives)
    if chance.ndim != 2 or chance.shape != target.shape or count.shape != chance.shape[1:]:
        raise InputError(
            f"Probabilities {chance.shape}, targets {target.shape} and positives {count.shape} do not match."
        )
    low, high = cuts
    bands = {
        "total": np.ones(len(count), dtype=np.bool_),
        "head": count >= high,
        "medium": (count >= low) & (count < high),
        "tail": count < low,
    }
    found: dict[str, float | None] = {}
    for name, chosen in bands.items():
        error = expected_calibration_error(chance[:, chosen], target[:, chosen])
        found[name] = None if np.isnan(error) else error
    return found


def _known(
    probabilities: ArrayLike, targets: ArrayLike, weights: ArrayLike | None
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    chance, target = np.asarray(probabilities, dtype=np.float64), np.asarray(targets)
    if chance.shape != target.shape:
        raise InputError(f"Probabilities {chance.shape} and targets {target.shape} must have the same shape.")
    known = target >= 0
    weight = np.ones(chance.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    weight = np.broadcast_to(weight, chance.shape)
    if not np.isfinite(chance[known]).all():
        raise InputError("Probabilities must be finite, but some are NaN or infinite.")
    return chance[known], target[known] == 1, weight[known]

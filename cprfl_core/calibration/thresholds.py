"""Thresholds on calibrated probabilities, and the expected errors of accepting everything above one.

Shapes: N images. Targets are 1, 0 and -1 (unknown, ignored). Weights are inverse inclusion probabilities.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln  # type: ignore[import-untyped]

from cprfl_core.common.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AutoAccept:
    """The expected result of accepting every undecided image at or above a threshold.

    ``accepted``: number of images; ``errors``: expected number of wrong ones, with the upper bound
    ``errors_high`` (by default exceeded once in ten times); ``missed``: expected yes below the threshold;
    ``precision``: expected, None if nothing is accepted; ``evidence``: number of held-out entries at or above
    the threshold.
    """

    accepted: int
    errors: float
    errors_high: float
    missed: float
    precision: float | None
    evidence: int


def best_f_threshold(
    probabilities: ArrayLike, weights: ArrayLike | None = None, *, beta: float = 1.0
) -> float:
    """The threshold on calibrated probabilities [N] that maximises the expected F measure.

    It is the best F divided by 1 + beta^2 (Lipton, Elkan and Narayanaswamy 2014, for beta 1: half of the best
    F1; the same argument holds for any). ``beta``: the weight of recall. ``weights`` [N]: the number of
    images that each represents. Returns 1.0 for empty input. Raises InputError for a beta that is not
    positive.
    """
    if not 0 < beta < np.inf:
        raise InputError(f"The weight of recall must be positive, not {beta}.")
    given = np.ravel(np.asarray(probabilities, dtype=np.float64))
    if weights is None:
        chance = np.sort(given)[::-1]
        found, accepted = np.cumsum(chance), np.arange(1, len(chance) + 1)
    else:
        order = np.argsort(-given, kind="stable")
        chance, weight = given[order], np.asarray(weights, dtype=np.float64)[order]
        found, accepted = np.cumsum(chance * weight), np.cumsum(weight)
    if not chance.size or chance[0] <= 0:
        return 1.0
    return float((found / (accepted + beta**2 * found[-1])).max())


def precision_threshold(
    probabilities: ArrayLike,
    targets: ArrayLike,
    precision: float,
    *,
    confidence: float = 0.9,
    weights: ArrayLike | None = None,
) -> float | None:
    """The lowest threshold with a precision of at least ``precision`` at one-sided ``confidence``.

    ``probabilities`` [N] out of fold, ``targets`` [N] in {1, 0, -1}. Uses the Wilson lower bound (with
    weights: for the effective number of entries). None if no threshold reaches it.
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
    """One-sided lower bound of a proportion observed as ``rate`` among ``count`` (Wilson 1927)."""
    observed, n = np.asarray(rate, dtype=np.float64), np.asarray(count, dtype=np.float64)
    z = NormalDist().inv_cdf(confidence)
    centre = observed + z**2 / (2 * n)
    margin = z * np.sqrt(observed * (1 - observed) / n + z**2 / (4 * n**2))
    bound: Floats = np.maximum((centre - margin) / (1 + z**2 / n), 0.0)
    return bound


def expected_errors(
    probabilities: ArrayLike,
    threshold: float,
    *,
    held_out: ArrayLike | None = None,
    targets: ArrayLike | None = None,
    confidence: float = 0.9,
) -> AutoAccept:
    """The expected result of an auto-accept at a threshold.

    ``probabilities`` [N]: calibrated, of the undecided images. From these alone, the number of errors is
    Poisson-binomial with mean ``sum(1 - p)``. With ``held_out`` and ``targets`` [M], held-out probabilities
    and labels of the same category, the upper bound is the larger of that and of the bound from the labels at
    or above the threshold (error_bound), because probabilities may be miscalibrated. If no held-out entry is
    at or above the threshold, every accepted image may be an error.
    """
    chance = np.ravel(np.asarray(probabilities, dtype=np.float64))
    if not (np.isfinite(chance).all() and ((chance >= 0) & (chance <= 1)).all()):
        raise InputError("Expected errors need probabilities between 0 and 1.")
    if not 0 <= threshold <= 1 or not 0 < confidence < 1:
        raise InputError(f"Threshold {threshold} and confidence {confidence} must lie between 0 and 1.")
    if (held_out is None) != (targets is None):
        raise InputError("Held-out probabilities and their targets come together or not at all.")
    taken = chance[chance >= threshold]
    errors = float((1 - taken).sum())
    spread = float(np.sqrt((taken * (1 - taken)).sum()))
    high = errors + NormalDist().inv_cdf(confidence) * spread
    evidence = 0
    if held_out is not None and targets is not None:
        held, target = np.ravel(np.asarray(held_out, dtype=np.float64)), np.ravel(np.asarray(targets))
        if held.shape != target.shape:
            raise InputError(f"{held.size} held-out probabilities do not fit {target.size} targets.")
        above = target[(held >= threshold) & (target >= 0)]
        evidence = len(above)
        wrong = int((above == 0).sum())
        high = max(high, error_bound(len(taken), wrong, evidence, confidence) if evidence else len(taken))
    return AutoAccept(
        accepted=len(taken),
        errors=errors,
        errors_high=min(high, float(len(taken))),
        missed=float(chance[chance < threshold].sum()),
        precision=float(taken.mean()) if len(taken) else None,
        evidence=evidence,
    )


def error_bound(count: int, wrong: int, checked: int, confidence: float = 0.9) -> int:
    """Upper bound of the errors among ``count`` new entries, if ``wrong`` of ``checked`` entries were errors.

    The quantile of the beta-binomial with Jeffreys' prior: it accounts for the uncertainty of the error rate
    and for sampling.
    """
    a, b = wrong + 0.5, checked - wrong + 0.5
    number = np.arange(count + 1, dtype=np.float64)
    ways = -np.log(count + 1) - betaln(number + 1, count - number + 1)
    chances = np.exp(ways + betaln(number + a, count - number + b) - betaln(a, b))
    return int(np.searchsorted(np.cumsum(chances), confidence * (1 - 1e-12)).clip(0, count))

"""What the outputs of a model trained with the asymmetric loss mean as probabilities, and back."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


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

"""Converts outputs of a model trained with the asymmetric loss to probabilities."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def asymmetric_loss_inverse(
    outputs: ArrayLike, gamma_neg: float = 4.0, gamma_pos: float = 0.0, clip: float = 0.05
) -> Floats:
    """True probability behind a sigmoid output that minimises the asymmetric loss (exact inverse link).

    At the optimum ``eta * d(-L+)/dp = (1 - eta) * dL-/dp``; with the default settings a true 1 % shows as
    0.32. With a clip the output saturates at 1 while the true probability is still below 1 (0.964 by
    default), so larger probabilities cannot be recovered.
    """
    p = np.clip(np.asarray(outputs, dtype=np.float64), 0.0, 1.0)
    shifted = np.clip(p - clip, 0.0, 1.0 - 1e-15)
    log_no = np.log1p(-shifted)
    if gamma_neg > 0:
        no_slope = gamma_neg * shifted ** (gamma_neg - 1) * -log_no + shifted**gamma_neg / (1 - shifted)
    else:
        no_slope = np.where(p >= clip, 1 / (1 - shifted), 0.0)
    inner = np.clip(p, 1e-300, 1.0)
    rest = 1 - inner
    with np.errstate(divide="ignore", invalid="ignore"):
        if gamma_pos > 0:
            yes_slope = rest**gamma_pos / inner - gamma_pos * rest ** (gamma_pos - 1) * np.log(inner)
        else:
            yes_slope = 1 / inner
        eta = no_slope / (no_slope + yes_slope)
    result: Floats = np.nan_to_num(eta)
    return result

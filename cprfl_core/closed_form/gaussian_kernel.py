"""The kernel that both kernel ridges use, and the numbers that they use it with.

Shapes: R and n rows, D embedding width.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GAMMA = 0.7
ALPHA = 0.2


def rbf(left: Floats, right: Floats, gamma: float) -> Floats:
    """Gaussian kernel ``exp(-gamma |x - y|^2)`` between rows, [R, D] and [n, D] to [R, n]."""
    return rbf_with(left, right, np.einsum("nd,nd->n", right, right), gamma)


def rbf_with(left: Floats, right: Floats, right_squared: Floats, gamma: float) -> Floats:
    """The same with precomputed squared lengths [n] of the right rows."""
    squared: Floats = left @ right.T
    squared *= -2.0
    squared += np.einsum("rd,rd->r", left, left)[:, None]
    squared += right_squared[None, :]
    np.maximum(squared, 0.0, out=squared)
    squared *= -gamma
    np.exp(squared, out=squared)
    return squared

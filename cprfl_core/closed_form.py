"""The closed-form learners and the spaces they work in. NumPy and BLAS only; nothing here is iterative."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.discriminant import Discriminant
from cprfl_core.kernel_ridge import CategoryFit, KernelRidge
from cprfl_core.landmark_ridge import LandmarkRidge

__all__ = [
    "CategoryFit",
    "CentredDirections",
    "Discriminant",
    "KernelRidge",
    "LandmarkRidge",
    "centred_directions",
    "signed_square_root",
]

_CHUNK_ROWS = 8192


@dataclass(frozen=True, slots=True)
class CentredDirections:
    """Embeddings as directions from the collection's mean.

    Embeddings of one backbone share a large common part, above all those of a CLIP; without it the
    distances between images spread out, and one kernel width fits every backbone.
    """

    mean: NDArray[np.float64]

    def transform(self, embeddings: ArrayLike) -> NDArray[np.float32]:
        """Unit vectors [R, D] of ``embeddings - mean``; an embedding that equals the mean gives zeros."""
        rows = np.asarray(embeddings)
        found = np.empty(rows.shape, dtype=np.float32)
        for start in range(0, len(rows), _CHUNK_ROWS):
            centred = rows[start : start + _CHUNK_ROWS].astype(np.float64)
            centred -= self.mean
            length = np.linalg.norm(centred, axis=1, keepdims=True)
            there = found[start : start + _CHUNK_ROWS]
            np.divide(centred, np.maximum(length, 1e-12), out=there, casting="same_kind")
        return found


def centred_directions(embeddings: ArrayLike) -> CentredDirections:
    """The space of a collection's embeddings [N, D]."""
    rows = np.asarray(embeddings)
    total = np.zeros(rows.shape[1])
    for start in range(0, len(rows), _CHUNK_ROWS):
        total += rows[start : start + _CHUNK_ROWS].astype(np.float64).sum(axis=0)
    return CentredDirections(total / len(rows))


def signed_square_root(embeddings: ArrayLike) -> NDArray[np.float64]:
    """``sign(x) sqrt(|x|)``, then unit length, [R, D]: another space for the kernel."""
    rows = np.asarray(embeddings, dtype=np.float64)
    rooted = np.sign(rows) * np.sqrt(np.abs(rows))
    found: NDArray[np.float64] = rooted / np.maximum(np.linalg.norm(rooted, axis=1, keepdims=True), 1e-12)
    return found

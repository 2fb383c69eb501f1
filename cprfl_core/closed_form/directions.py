"""Feature spaces of the closed-form learners: centred directions, and the signed square root."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.mapped_arrays import released_blocks

_CHUNK_ROWS = 8192
_TRANSFORM_ROWS = 256  # of larger blocks each needs new memory from the system, which doubles the time


@dataclass(frozen=True, slots=True)
class CentredDirections:
    """Embeddings as unit vectors pointing away from the collection's mean.

    Embeddings of one backbone share a large common component, CLIP's in particular. Without it the distances
    between images spread out, and one kernel width suits every backbone.
    """

    mean: NDArray[np.float64]

    def transform(self, embeddings: ArrayLike) -> NDArray[np.float32]:
        """Unit vectors [R, D] of ``embeddings - mean``; an embedding that equals the mean gives zeros."""
        rows = np.asarray(embeddings)
        found = np.empty(rows.shape, dtype=np.float32)
        for start in range(0, len(rows), _TRANSFORM_ROWS):
            centred = rows[start : start + _TRANSFORM_ROWS].astype(np.float64)
            centred -= self.mean
            length = np.linalg.norm(centred, axis=1, keepdims=True)
            block = found[start : start + _TRANSFORM_ROWS]
            np.divide(centred, np.maximum(length, 1e-12), out=block, casting="same_kind")
        return found

    def lengths(self, embeddings: ArrayLike) -> NDArray[np.float32]:
        """The distance [R] of each embedding from the mean, at least 1e-12."""
        centred = np.asarray(embeddings).astype(np.float64) - self.mean
        found: NDArray[np.float32] = np.maximum(np.linalg.norm(centred, axis=1), 1e-12).astype(np.float32)
        return found


def centred_directions(embeddings: ArrayLike) -> CentredDirections:
    """The space of a collection's embeddings [N, D]."""
    rows = np.asarray(embeddings)
    total = np.zeros(rows.shape[1])
    for block in released_blocks(rows, _CHUNK_ROWS):
        total += rows[block].astype(np.float64).sum(axis=0)
    return CentredDirections(total / len(rows))


def signed_square_root(embeddings: ArrayLike) -> NDArray[np.float64]:
    """``sign(x) sqrt(|x|)``, scaled to unit length, [R, D]: another space for the kernel."""
    rows = np.asarray(embeddings, dtype=np.float64)
    rooted = np.sign(rows) * np.sqrt(np.abs(rows))
    found: NDArray[np.float64] = rooted / np.maximum(np.linalg.norm(rooted, axis=1, keepdims=True), 1e-12)
    return found

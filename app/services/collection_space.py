"""The embeddings of a collection, held once: beside the learner's directions only what these do not tell.

Shapes: R images, D embedding width.
"""

import numpy as np
from numpy.typing import NDArray

from app.services.text_scores import cosines_of
from cprfl_core.live_learner import LiveLearner

# Up to here the embeddings are kept as they were given.
SMALL_COLLECTION = 5000
_BLOCK_ROWS = 8_192


class CollectionSpace:
    """``centre`` [D] is the mean of the embeddings."""

    def __init__(self, vectors: NDArray[np.floating], learner: LiveLearner) -> None:
        """``vectors`` [R, D] are those that the learner was made from."""
        self.centre: NDArray[np.float64] = vectors.mean(axis=0, dtype=np.float64)
        self._learner = learner
        self._given = vectors if len(vectors) <= SMALL_COLLECTION else None
        self._lengths = _distances(vectors, self.centre)

    @property
    def vectors(self) -> NDArray[np.floating]:
        """The embeddings [R, D]; computed where the collection is large."""
        if self._given is not None:
            return self._given
        found: NDArray[np.float32] = self._learner.directions * self._lengths[:, None]
        found += self.centre.astype(np.float32)
        return found

    def cosines(self, text: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosines [R] of the images and one text [D]."""
        if self._given is not None:
            return cosines_of(self._given, text[None])[:, 0]
        found: NDArray[np.float32] = (self._learner.directions @ text) * self._lengths
        found += np.float32(self.centre @ text)
        return found


def _distances(vectors: NDArray[np.floating], centre: NDArray[np.float64]) -> NDArray[np.float32]:
    """How far each of the embeddings lies from the centre, [R]."""
    found = np.empty(len(vectors), dtype=np.float32)
    middle = centre.astype(np.float32)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        block = vectors[start : start + _BLOCK_ROWS].astype(np.float32) - middle
        found[start : start + len(block)] = np.sqrt(np.einsum("rd,rd->r", block, block))
    return found

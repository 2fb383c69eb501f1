"""The embeddings of a collection, stored once: the learner has their directions, this adds the rest.

Shapes: R images, D embedding width.
"""

import numpy as np
from numpy.typing import NDArray

from app.services.suggestions.text_scores import CategoryTexts
from cprfl_core.live.learner import LiveLearner

# Up to this many images the embeddings are kept as given.
SMALL_COLLECTION = 5000
_BLOCK_ROWS = 8_192


class CollectionSpace:
    """``centre`` [D] is the mean of the embeddings."""

    def __init__(self, vectors: NDArray[np.floating], learner: LiveLearner) -> None:
        """``vectors`` [R, D] are those that the learner was built from."""
        self.centre: NDArray[np.float64] = vectors.mean(axis=0, dtype=np.float64)
        self._learner = learner
        self._given = vectors if len(vectors) <= SMALL_COLLECTION else None
        self._lengths = _distances(vectors, self.centre)

    @property
    def vectors(self) -> NDArray[np.floating]:
        """The embeddings [R, D]; reconstructed if the collection is large."""
        if self._given is not None:
            return self._given
        found: NDArray[np.float32] = self._learner.directions * self._lengths[:, None]
        found += self.centre.astype(np.float32)
        return found

    def scores(self, texts: CategoryTexts, step: int = 1) -> NDArray[np.float32]:
        """Text scores [R, C] of the images, or of every ``step``-th of them."""
        if self._given is not None:
            return texts.scores(self._given[::step])
        centre, size = self.centre.astype(np.float32), _BLOCK_ROWS * step
        blocks = (slice(i, i + size, step) for i in range(0, len(self._lengths), size))
        return np.concatenate(
            [
                texts.scores(self._learner.directions[rows] * self._lengths[rows, None] + centre)
                for rows in blocks
            ]
        )


def _distances(vectors: NDArray[np.floating], centre: NDArray[np.float64]) -> NDArray[np.float32]:
    """The distance of each embedding from the centre, [R]."""
    found = np.empty(len(vectors), dtype=np.float32)
    middle = centre.astype(np.float32)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        block = vectors[start : start + _BLOCK_ROWS].astype(np.float32) - middle
        found[start : start + len(block)] = np.sqrt(np.einsum("rd,rd->r", block, block))
    return found

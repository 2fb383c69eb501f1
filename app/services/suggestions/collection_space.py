"""The embeddings of a collection, of which the learner keeps the directions.

Shapes: R images, D embedding width.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.services.suggestions.text_scores import CategoryTexts
from cprfl_core.common.half_floats import singles
from cprfl_core.common.mapped_arrays import mapped_copy, release

# Beyond this many images the embeddings are read from a file.
SMALL_COLLECTION = 5000
_BLOCK_ROWS = 1_024


class CollectionSpace:
    """``centre`` [D] is the mean of the embeddings ``vectors`` [R, D]."""

    def __init__(self, vectors: NDArray[np.floating]) -> None:
        self.vectors = mapped_copy(vectors) if len(vectors) > SMALL_COLLECTION else vectors
        self.centre: NDArray[np.float64] = self.vectors.mean(axis=0, dtype=np.float64)
        self._lengths = np.concatenate([np.linalg.norm(block, axis=1) for block in self._blocks()])
        release(self.vectors)

    def cosines(self, row: int) -> NDArray[np.float32]:
        """The cosine similarity [R] of each image to this one; 0 for an embedding of zeros."""
        wanted = self.vectors[row].astype(np.float32)
        products = np.concatenate([block @ wanted for block in self._blocks()])
        release(self.vectors)
        lengths = np.maximum(self._lengths, np.float32(1e-12))
        return np.asarray(products / (lengths * lengths[row]), dtype=np.float32)

    def scores(self, texts: CategoryTexts, step: int = 1) -> NDArray[np.float32]:
        """Text scores [R, C] of the images, or of every ``step``-th of them."""
        found = texts.scores(self.vectors[::step])
        release(self.vectors)
        return found

    def _blocks(self) -> Iterator[NDArray[np.float32]]:
        for start in range(0, len(self.vectors), _BLOCK_ROWS):
            block = self.vectors[start : start + _BLOCK_ROWS]
            yield singles(block) if block.dtype == np.float16 else block.astype(np.float32)

"""The embeddings of a collection, of which the learner keeps the directions.

Shapes: R images, D embedding width.
"""

import numpy as np
from numpy.typing import NDArray

from app.services.suggestions.text_scores import CategoryTexts
from cprfl_core.common.mapped_arrays import mapped_copy, release

# Beyond this many images the embeddings are read from a file.
SMALL_COLLECTION = 5000


class CollectionSpace:
    """``centre`` [D] is the mean of the embeddings ``vectors`` [R, D]."""

    def __init__(self, vectors: NDArray[np.floating]) -> None:
        self.vectors = mapped_copy(vectors) if len(vectors) > SMALL_COLLECTION else vectors
        self.centre: NDArray[np.float64] = self.vectors.mean(axis=0, dtype=np.float64)

    def scores(self, texts: CategoryTexts) -> NDArray[np.float32]:
        """Text scores [R, C] of the images."""
        found = texts.scores(self.vectors)
        release(self.vectors)
        return found

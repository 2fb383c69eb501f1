"""The embeddings of a collection, of which the learner keeps the directions.

Shapes: R images, D embedding width.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from app.services.suggestions.text_scores import CategoryTexts
from cprfl_core.common.half_floats import singles
from cprfl_core.common.mapped_arrays import is_mapped, mapped_copy, mapped_zeros, release, released_blocks

# Beyond this many images the embeddings are read from a file.
SMALL_COLLECTION = 5000
# Larger blocks of embeddings take several times as long: each needs new memory from the system.
_BLOCK_ROWS = 256
_TEXT_ROWS, _RELEASED_ROWS = 16_384, 32_768
THREADS = min(4, os.cpu_count() or 1)


class CollectionSpace:
    """``centre`` [D] is the mean of the embeddings ``vectors`` [R, D]."""

    def __init__(self, vectors: NDArray[np.floating]) -> None:
        kept = len(vectors) <= SMALL_COLLECTION or is_mapped(vectors)
        self.vectors = vectors if kept else mapped_copy(vectors)
        total, lengths = np.zeros(vectors.shape[1]), []
        for at in released_blocks(self.vectors, _BLOCK_ROWS):
            block = self._block(at.start)
            total += block.sum(axis=0, dtype=np.float64)
            lengths.append(np.linalg.norm(block, axis=1))
        self.centre: NDArray[np.float64] = total / len(vectors)
        self._lengths = np.concatenate(lengths)

    def cosines(self, row: int) -> NDArray[np.float32]:
        """The cosine similarity [R] of each image to this one; 0 for an embedding of zeros."""
        wanted = self.vectors[row].astype(np.float32)
        products = np.empty(len(self.vectors), dtype=np.float32)

        def multiply(start: int) -> None:
            products[start : start + _BLOCK_ROWS] = self._block(start) @ wanted
            if start % _RELEASED_ROWS == 0:
                release(self.vectors)

        starts = range(0, len(self.vectors), _BLOCK_ROWS)
        if len(self.vectors) > SMALL_COLLECTION:  # a person waits for it, and most of it needs no Python
            with ThreadPoolExecutor(THREADS, thread_name_prefix="cosines") as pool:
                list(pool.map(multiply, starts))
        else:
            for start in starts:
                multiply(start)
        release(self.vectors)
        lengths = np.maximum(self._lengths, np.float32(1e-12))
        return np.asarray(products / (lengths * lengths[row]), dtype=np.float32)

    def scores(self, texts: CategoryTexts, step: int = 1) -> NDArray[np.float32]:
        """Text scores [R, C] of the images, or of every ``step``-th of them."""
        shown = self.vectors[::step]
        found: NDArray[np.float32] = mapped_zeros((len(shown), len(texts.trust)), np.float32, "F")
        for block in released_blocks(shown, _TEXT_ROWS):
            found[block] = texts.scores(shown[block])
            release(found)
        return found

    def _block(self, start: int) -> NDArray[np.float32]:
        block = self.vectors[start : start + _BLOCK_ROWS]
        return singles(block) if block.dtype == np.float16 else block.astype(np.float32)

"""The embeddings of a collection, of which the learner keeps the directions.

Shapes: R images, D embedding width.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from app.services.suggestions.text_scores import CategoryTexts
from cprfl_core.common.blocks import blocks
from cprfl_core.common.half_floats import products, singles
from cprfl_core.common.mapped_arrays import is_mapped, mapped_copy, mapped_zeros, release, released_blocks

# Beyond this many images the embeddings are read from a file.
SMALL_COLLECTION = 5000
# Larger blocks of embeddings take several times as long: each needs new memory from the system.
_BLOCK_ROWS = 256
_PASS_ROWS = 16_384
THREADS = min(4, os.cpu_count() or 1)


class CollectionSpace:
    """``centre`` [D] is the mean of the embeddings ``vectors`` [R, D]."""

    def __init__(self, vectors: NDArray[np.floating]) -> None:
        kept = len(vectors) <= SMALL_COLLECTION or is_mapped(vectors)
        self.vectors = vectors if kept else mapped_copy(vectors)
        total, lengths = np.zeros(vectors.shape[1]), []
        for at in released_blocks(self.vectors, _BLOCK_ROWS):
            block = _singles(self.vectors[at])
            total += block.sum(axis=0, dtype=np.float64)
            lengths.append(np.linalg.norm(block, axis=1))
        self.centre: NDArray[np.float64] = total / len(vectors)
        self._lengths = np.concatenate(lengths)

    def cosines(self, row: int) -> NDArray[np.float32]:
        """The cosine similarity [R] of each image to this one; 0 for an embedding of zeros."""
        wanted = self.vectors[row].astype(np.float32)

        def multiply(part: slice) -> NDArray[np.float32]:
            rows = self.vectors[part]
            return np.concatenate([_products(rows[at], wanted) for at in released_blocks(rows, _PASS_ROWS)])

        if len(self.vectors) > SMALL_COLLECTION:  # a person waits for it, and most of it needs no Python
            parts = blocks(len(self.vectors), _BLOCK_ROWS * -(-len(self.vectors) // (_BLOCK_ROWS * THREADS)))
            with ThreadPoolExecutor(THREADS, thread_name_prefix="cosines") as pool:
                found = np.concatenate(list(pool.map(multiply, parts)))
        else:
            found = multiply(slice(None))
        lengths = np.maximum(self._lengths, np.float32(1e-12))
        return np.asarray(found / (lengths * lengths[row]), dtype=np.float32)

    def scores(self, texts: CategoryTexts, step: int = 1) -> NDArray[np.float32]:
        """Text scores [R, C] of the images, or of every ``step``-th of them."""
        shown = self.vectors[::step]
        found: NDArray[np.float32] = mapped_zeros((len(shown), len(texts.trust)), np.float32, "F")
        for block in released_blocks(shown, _PASS_ROWS):
            found[block] = texts.scores(shown[block])
            release(found)
        return found


def _products(rows: NDArray[np.floating], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return products(rows, vector) if rows.dtype == np.float16 else _singles(rows) @ vector


def _singles(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    return singles(rows) if rows.dtype == np.float16 else rows.astype(np.float32, copy=False)

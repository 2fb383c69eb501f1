"""The directions of a collection's embeddings, kept small: unit vectors, computed when they are asked for.

Shapes: N images, D embedding width, R rows.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.closed_form.directions import CentredDirections
from cprfl_core.common.half_floats import singles
from cprfl_core.common.mapped_arrays import release, released_blocks

Singles = NDArray[np.float32]

# Up to this many numbers the unit vectors themselves are kept (64 MB).
KEPT_NUMBERS = 16_000_000
# Larger blocks of embeddings take several times as long: each needs new memory from the system.
_BLOCK_ROWS = 256


class DirectionRows:
    """Unit vectors float32 [N, D], indexed like an array.

    Those of a large collection of float16 embeddings are computed from these each time: half the memory, or
    none if the embeddings are mapped from a file.
    """

    def __init__(self, space: CentredDirections, embeddings: ArrayLike) -> None:
        rows = np.asarray(embeddings)
        self._space = space
        self._halves: NDArray[np.float16] | None = None
        self._kept: Singles = np.zeros((0, rows.shape[1]), dtype=np.float32)
        if rows.dtype == np.float16 and rows.size > KEPT_NUMBERS:
            self._halves = rows
            lengths = [space.lengths(rows[block]) for block in released_blocks(rows, _BLOCK_ROWS)]
            self._scales = np.concatenate(lengths)
        else:
            self._kept = space.transform(rows)

    def __len__(self) -> int:
        return len(self._kept) + (0 if self._halves is None else len(self._halves))

    @property
    def shape(self) -> tuple[int, int]:
        return len(self), self._kept.shape[1]

    def __getitem__(self, rows: Any) -> Singles:
        """Some rows: a number, a slice, or numbers [R]. Their bits are those of the space's transform()."""
        if self._halves is None:
            found: Singles = self._kept[rows]
            return found
        first = len(self._halves)
        if not len(self._kept):
            part = self._halves[rows]
            whole = self._space.transform(part.reshape(-1, self.shape[1]))
            return whole.reshape(part.shape)
        wanted = np.arange(len(self))[rows]
        found = np.empty((wanted.size, self.shape[1]), dtype=np.float32)
        old = wanted.reshape(-1) < first
        found[old] = self._space.transform(self._halves[wanted.reshape(-1)[old]])
        found[~old] = self._kept[wanted.reshape(-1)[~old] - first]
        return found.reshape(*np.shape(wanted), self.shape[1])

    def products(self, vectors: Singles) -> Singles:
        """The products [N, T] with vectors [D, T], in float32."""
        if self._halves is None:
            # Products with one vector each are faster than one with a few.
            return np.stack([self._kept @ vector for vector in vectors.T], axis=1)
        shift = (self._space.mean @ vectors).astype(np.float32)
        found = np.empty((len(self), vectors.shape[1]), dtype=np.float32)
        for block in released_blocks(self._halves, _BLOCK_ROWS):
            products = singles(self._halves[block]) @ vectors
            found[block] = (products - shift) / self._scales[block, None]
        found[len(self._halves) :] = self._kept @ vectors
        return found

    def release(self) -> None:
        """After a pass over many rows: take what is mapped from a file out of memory."""
        if self._halves is not None:
            release(self._halves)

    def append(self, embeddings: ArrayLike) -> None:
        """Add images: embeddings [M, D]."""
        self._kept = np.concatenate([self._kept, self._space.transform(embeddings)])

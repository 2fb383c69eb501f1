"""Principal components of embeddings.

Shapes: N images, D embedding width, K components.
"""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Blocks = Callable[[slice], NDArray[np.floating]]
"""Returns some rows of the embeddings."""

SAMPLE: Final = 2_000
_ROWS: Final = 4_096
_MORE: Final = 10
_ITERATIONS: Final = 8


class Projection:
    """The first principal components of a sample of the rows: ``centre`` [D], ``axes`` [D, K].

    By subspace iteration (Halko, Martinsson and Tropp 2011) from a fixed start. The largest entry of each
    axis is positive, so the same rows always give the same map. K is smaller where the rows have less rank.
    """

    def __init__(self, rows: int, block: Blocks, components: int = 2, sample: int = SAMPLE) -> None:
        step = max(1, -(-rows // sample))
        chosen = np.asarray(block(slice(0, rows, step)), np.float32)
        self.centre: Floats = chosen.mean(axis=0)
        chosen = chosen - self.centre
        count = min(components, *chosen.shape)
        width = min(count + _MORE, *chosen.shape)
        basis: Floats = np.random.default_rng(0).normal(size=(chosen.shape[1], width)).astype(np.float32)
        for _ in range(_ITERATIONS):
            basis = np.linalg.qr(chosen.T @ (chosen @ basis)).Q.astype(np.float32)
        _, _, turned = np.linalg.svd(chosen @ basis, full_matrices=False)
        axes = basis @ turned.T[:, :count]
        largest = np.abs(axes).argmax(axis=0)
        sign = np.where(axes[largest, np.arange(count)] < 0, -1, 1)
        self.axes: Floats = (axes * sign).astype(np.float32)

    def of(self, rows: NDArray[np.floating]) -> Floats:
        """Coordinates [rows, K]."""
        moved: Floats = np.asarray(rows, np.float32) - self.centre
        found: Floats = moved @ self.axes
        return found


def pca_steps(rows: int, block: Blocks) -> Iterator[Floats]:
    """Coordinates [N, 2] by the first two principal components, in successive blocks of rows."""
    if not rows:
        return
    projection = Projection(rows, block)
    for start in range(0, rows, _ROWS):
        found = projection.of(block(slice(start, min(start + _ROWS, rows))))
        yield np.pad(found, ((0, 0), (0, 2 - found.shape[1])))

"""A perceptual hash: pictures that look the same differ in a few of its 64 bits.

The signs of the low frequencies of a 32 x 32 reduction (discrete cosine transform), against their median.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn  # type: ignore[import-untyped]

_SIDE: Final = 32
_LOW: Final = 8
_LEAST_CONTRAST: Final = 3.0

SAME_LOOK: Final = 8
"""Most bits in which two versions of one picture differ; docs/decisions/0286 has the measurement."""

PLAIN: Final = 0
"""The look of a picture without content, which is like no other."""


def look_of(picture: Image.Image) -> int:
    """Of an RGB picture of any size, as a signed 64-bit number; PLAIN if it has hardly any contrast."""
    grey = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    samples = np.asarray(grey, dtype=np.float64)
    if samples.std() < _LEAST_CONTRAST:
        return PLAIN
    low = dctn(samples, norm="ortho")[:_LOW, :_LOW].ravel()
    low[0] = 0.0  # the mean brightness
    bits = np.packbits(low > np.median(low))
    return int(bits.view(">i8")[0]) or 1


def distances(looks: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of differing bits of looks that broadcast against each other."""
    differing = np.bitwise_xor(looks, others).view(np.uint64)
    counted: NDArray[np.int64]
    if hasattr(np, "bitwise_count"):
        counted = np.bitwise_count(differing).astype(np.int64)
    else:  # before NumPy 2
        parts = np.ascontiguousarray(differing)[..., None].view(np.uint8)
        counted = np.unpackbits(parts, axis=-1).sum(axis=-1, dtype=np.int64)
    return counted

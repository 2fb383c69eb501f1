"""Converts float16 to float32 several times faster than NumPy's own conversion."""

import numpy as np
from numpy.typing import NDArray

# The exponents of float32 begin 112 powers of two lower.
_SCALE = np.float32(2.0**112)
_SIGN_AND_VALUE = np.int32(-0x70002000)  # 0x8fffe000


def singles(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """The same finite numbers in float32, exactly, in an array of its own."""
    bits = np.ascontiguousarray(halves).view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= _SIGN_AND_VALUE
    found: NDArray[np.float32] = bits.view(np.float32)
    found *= _SCALE
    return found

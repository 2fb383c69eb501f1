"""Converts float16 to float32 several times faster than NumPy's own conversion."""

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.blocks import blocks

# The exponents of float32 begin 112 powers of two lower.
_SCALE = np.float32(2.0**112)
_SIGN_AND_VALUE = np.int32(-0x70002000)  # 0x8fffe000
# In one block of memory: new memory for each would take longer than the products.
_BLOCK_ROWS = 512


def singles(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """The same finite numbers in float32, exactly, in an array of its own."""
    found = _small(np.ascontiguousarray(halves), np.empty(halves.shape, np.int32))
    found *= _SCALE
    return found


def products(halves: NDArray[np.float16], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Products float32 [R] of finite rows [R, D] with a vector [D] below 2**15, without a copy of all rows.

    As from singles(): powers of two change no bits.
    """
    scaled, found = vector * _SCALE, np.empty(len(halves), np.float32)
    memory = np.empty((min(_BLOCK_ROWS, len(halves)), len(vector)), np.int32)
    for at in blocks(len(halves), _BLOCK_ROWS):
        np.dot(_small(halves[at], memory[: at.stop - at.start]), scaled, out=found[at])
    return found


def _small(halves: NDArray[np.float16], memory: NDArray[np.int32]) -> NDArray[np.float32]:
    """The numbers divided by _SCALE, in this memory of the same shape."""
    memory[...] = halves.view(np.int16)
    memory <<= 13
    memory &= _SIGN_AND_VALUE
    return memory.view(np.float32)

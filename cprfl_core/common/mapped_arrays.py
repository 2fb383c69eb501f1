"""Arrays in a temporary file, so that they take memory only while they are read."""

import math
import mmap
import os
import tempfile
from collections.abc import Iterator
from typing import IO, Any, Final, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from cprfl_core.common.blocks import blocks

LARGE_NUMBERS: Final = 16_000_000
"""Arrays of more numbers than this are worth a file."""
RELEASED_BYTES: Final = 32 << 20
"""Releasing takes a time that grows with the whole array, so it is not done after each small block."""
_ZEROS = bytes(1 << 20)


def mapped_copy(array: NDArray[Any]) -> NDArray[Any]:
    """A read-only copy in a temporary file, which goes with it; the array itself if the disk is full."""
    if not array.size:
        return array
    try:
        with tempfile.TemporaryFile() as file:
            file.write(np.ascontiguousarray(array).data)
            file.flush()
            content = mmap.mmap(file.fileno(), array.nbytes, access=mmap.ACCESS_READ)
    except OSError:
        return array
    return np.frombuffer(content, array.dtype).reshape(array.shape)


def mapped_zeros(
    shape: tuple[int, ...], dtype: DTypeLike, order: Literal["C", "F"] = "C", *, above: int = LARGE_NUMBERS
) -> NDArray[Any]:
    """Zeros to be written to, in a temporary file if there are more than ``above`` numbers.

    In memory if there are fewer, or if the disk is full.
    """
    kind, count = np.dtype(dtype), math.prod(shape)
    if not count or count <= above:
        return np.zeros(shape, kind, order)
    try:
        with tempfile.TemporaryFile() as file:
            _reserve(file, count * kind.itemsize)
            content = mmap.mmap(file.fileno(), count * kind.itemsize)
    except OSError:
        return np.zeros(shape, kind, order)
    return np.ndarray(shape, kind, content, order=order)


def released_blocks(array: NDArray[Any], rows: int) -> Iterator[slice]:
    """Slices of so many rows that cover the array; of a mapped one, only a block is in memory at a time, or
    several small ones."""
    step = max(1, RELEASED_BYTES // max(1, rows * array[:1].nbytes))
    for at, block in enumerate(blocks(len(array), rows), 1):
        yield block
        if at % step == 0:
            release(array)
    release(array)


def is_mapped(array: NDArray[Any]) -> bool:
    """Whether an array lies in a temporary file."""
    return _content(array) is not None


def release(array: NDArray[Any]) -> None:
    """Take a mapped array out of this process's memory until it is read again; others stay as they are."""
    content = _content(array)
    if content is not None and hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED)


def _content(array: NDArray[Any]) -> mmap.mmap | None:
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    content = base.obj if isinstance(base, memoryview) else base
    return content if isinstance(content, mmap.mmap) else None


def _reserve(file: IO[bytes], size: int) -> None:
    """Take the space now: a full disk that shows only when a page is written would end the program."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    for start in range(0, size, len(_ZEROS)):
        file.write(_ZEROS[: size - start])
    file.flush()

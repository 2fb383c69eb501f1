"""Arrays in a temporary file, so that they take memory only while they are read."""

import mmap
import tempfile
from typing import Any

import numpy as np
from numpy.typing import NDArray


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


def release(array: NDArray[Any]) -> None:
    """Take a mapped array out of this process's memory until it is read again; others stay as they are."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    content = base.obj if isinstance(base, memoryview) else base
    if isinstance(content, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED)

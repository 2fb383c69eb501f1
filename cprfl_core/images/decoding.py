"""Decodes image files in threads ahead of the model. Torch-free."""

import os
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cprfl_core.common.errors import ImageError
from cprfl_core.images.preprocessing import Preprocessing
from cprfl_core.images.reading import open_image

Pixels = NDArray[np.uint8]
Item = TypeVar("Item")

_MOST_THREADS: Final = 16


def read_pixels(
    path: Path,
    preprocessing: Preprocessing,
    *,
    accept_cut: bool = False,
    on_picture: Callable[[Image.Image], None] | None = None,
) -> Pixels:
    """The model's input for a file, uint8 [3,H,W]; ``accept_cut`` as in open_image. Raises ImageError.

    ``on_picture`` gets the decoded picture first, upright RGB, a JPEG perhaps at a reduced size.
    """
    picture = open_image(path, draft=preprocessing.draft, cut=accept_cut)
    if on_picture is not None:
        on_picture(picture)
    return preprocessing.to_uint8(picture)


def decode_ahead(
    items: Sequence[Item], read: Callable[[Item], Pixels], threads: int, ahead: int
) -> Generator[tuple[Item, Pixels | ImageError], None, None]:
    """Items in order with their pixels or error; at most ``ahead`` are held in memory.

    Closing the iterator ends the threads.
    """

    def decode(item: Item) -> Pixels | ImageError:
        try:
            return read(item)
        except ImageError as error:
            return error

    waiting: deque[tuple[Item, Future[Pixels | ImageError]]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(decode, item)))
                if len(waiting) == ahead:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def thread_count() -> int:
    """The number of CPUs that this process may use, at most 16."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(_MOST_THREADS, usable or 1))

"""Indexing in parts, for somebody who is already looking at the images."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.domain.images import Image

PART_SECONDS: Final = 15.0
MOST_IN_A_PART: Final = 4096
"""Images; with PART_SECONDS for all parts of an indexing run but the first."""


@dataclass(frozen=True, slots=True)
class InParts:
    """The first part has ``first_part`` images, later ones as many or more.

    ``first`` returns the ids of the images to compute first, most urgent first; it is asked before each part.
    ``between`` is called after each part but the last. Both are called on the thread that runs index().
    """

    first: Callable[[], Sequence[int]]
    between: Callable[[], None]
    first_part: int


def parts_of(pending: Sequence[Image], in_parts: InParts | None) -> Iterator[list[Image]]:
    """The images in parts, each to be done before the next is asked for; all at once without ``in_parts``.

    At least one part, which is empty if there are no images.
    """
    if in_parts is None:
        yield list(pending)
        return
    left = {image.id: image for image in pending}
    size = in_parts.first_part
    while True:
        part = next_part(left, size, in_parts.first())
        began = time.monotonic()
        yield part
        for image in part:
            del left[image.id]
        if not left:
            return
        rate = len(part) / max(time.monotonic() - began, 1e-3)
        size = min(max(in_parts.first_part, round(rate * PART_SECONDS)), MOST_IN_A_PART)
        in_parts.between()


def next_part(left: Mapping[int, Image], size: int, first: Sequence[int]) -> list[Image]:
    """``size`` images: those of ``first``, then others from everywhere, to learn about all of them."""
    if len(left) <= size:
        return list(left.values())
    part = {number: left[number] for number in first if number in left}
    others = [number for number in left if number not in part]
    for place in np.linspace(0, len(others) - 1, max(0, size - len(part))).astype(int).tolist():
        part[others[place]] = left[others[place]]
    return list(part.values())[:size]

"""Long lists of numbers, cut to what fits into one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice


def portions(ids: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    rest = iter(ids)
    while portion := list(islice(rest, size)):
        yield portion

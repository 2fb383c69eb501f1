"""Long lists of ids, cut to what fits into one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice


def chunks(ids: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, size)):
        yield chunk

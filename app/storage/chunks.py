"""Long lists of ids, cut to what fits into one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Id = TypeVar("Id", int, str)


def chunks(ids: Iterable[Id], size: int = 500) -> Iterator[list[Id]]:
    rest = iter(ids)
    while chunk := list(islice(rest, size)):
        yield chunk

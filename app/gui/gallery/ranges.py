"""A set of positions as sorted runs: selecting a million images costs one run."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain


class Ranges:
    """An immutable set of integers from 0. ``runs`` are (first, last + 1), sorted and not adjacent."""

    __slots__ = ("_starts", "runs")

    def __init__(self, runs: Iterable[tuple[int, int]] = ()) -> None:
        """From runs in any order, which may overlap or be empty."""
        merged: list[tuple[int, int]] = []
        for start, stop in sorted(run for run in runs if run[0] < run[1]):
            if merged and start <= merged[-1][1]:
                if stop > merged[-1][1]:
                    merged[-1] = (merged[-1][0], stop)
            else:
                merged.append((start, stop))
        self.runs = tuple(merged)
        self._starts = [start for start, _ in merged]

    @classmethod
    def of_runs(cls, runs: Sequence[tuple[int, int]]) -> "Ranges":
        """From runs that are already sorted, not adjacent and not empty."""
        ranges = cls()
        ranges.runs = tuple(runs)
        ranges._starts = [start for start, _ in runs]
        return ranges

    def __len__(self) -> int:
        return sum(stop - start for start, stop in self.runs)

    def __bool__(self) -> bool:
        return bool(self.runs)

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(range(start, stop) for start, stop in self.runs)

    def __contains__(self, position: int) -> bool:
        place = bisect_right(self._starts, position) - 1
        return place >= 0 and position < self.runs[place][1]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ranges) and self.runs == other.runs

    def __hash__(self) -> int:
        return hash(self.runs)

    def __repr__(self) -> str:
        return f"Ranges({list(self.runs)})"

    def __or__(self, other: "Ranges") -> "Ranges":
        return Ranges((*self.runs, *other.runs))

    def __sub__(self, other: "Ranges") -> "Ranges":
        left: list[tuple[int, int]] = []
        cuts = iter((*other.runs, (1 << 62, 1 << 62)))
        cut = next(cuts)
        for start, stop in self.runs:
            position = start
            while cut[1] <= position:
                cut = next(cuts)
            while cut[0] < stop:
                left.append((position, cut[0]))
                position = cut[1]
                if cut[1] >= stop:
                    break
                cut = next(cuts)
            left.append((position, stop))
        return Ranges(left)

    def __xor__(self, other: "Ranges") -> "Ranges":
        return (self - other) | (other - self)

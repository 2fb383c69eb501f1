"""What stays selected and current when the list of images changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.gui.gallery.ranges import Ranges


@dataclass(frozen=True, slots=True)
class Carried:
    """Positions in the new list. ``pinned`` is the image that should keep its place on the screen."""

    selected: Ranges
    current: int | None
    pinned: int | None


def carry_over(
    old: Sequence[int], new: Sequence[int], selected: Ranges, current: int | None, pinned: int | None
) -> Carried:
    """Find the selected, the current and the pinned image of the old list (positions) in the new one.

    The successor of a removed image is the next one of the old list that is still there, else the one before.
    Removed images are no longer selected, but if only the current image was, its successor is.
    """
    successor = _Successor(old, new)
    new_current = None if current is None else successor.of(current)
    new_pinned = new_current if pinned == current else None if pinned is None else successor.of(pinned)
    alone = current is not None and selected == Ranges([(current, current + 1)])
    if alone:
        new_selected = Ranges() if new_current is None else Ranges([(new_current, new_current + 1)])
    else:
        wanted = set[int]().union(*(old[start:stop] for start, stop in selected.runs))
        new_selected = _positions(wanted, new) if wanted else Ranges()
    return Carried(new_selected, new_current, new_pinned)


class _Successor:
    def __init__(self, old: Sequence[int], new: Sequence[int]) -> None:
        self._old = old
        self._new = new
        self._there: set[int] | None = None

    def of(self, position: int) -> int | None:
        image_id = self._old[position]
        if position < len(self._new) and self._new[position] == image_id:
            return position
        place = _index(self._new, image_id)
        if place is not None or not self._new:
            return place
        if self._there is None:
            self._there = set(self._new)
        for candidates in (range(position + 1, len(self._old)), range(position - 1, -1, -1)):
            for candidate in candidates:
                if self._old[candidate] in self._there:
                    return _index(self._new, self._old[candidate])
        return None


def _index(ids: Sequence[int], image_id: int) -> int | None:
    try:
        return ids.index(image_id)
    except ValueError:
        return None


def _positions(wanted: set[int], ids: Sequence[int]) -> Ranges:
    """The positions of the wanted numbers. One byte per image, so that bytes.find looks for the runs."""
    marks = bytes(map(wanted.__contains__, ids))
    runs = []
    start = marks.find(1)
    while start >= 0:
        stop = marks.find(0, start)
        stop = len(marks) if stop < 0 else stop
        runs.append((start, stop))
        start = marks.find(1, stop)
    return Ranges.of_runs(runs)

"""Near-duplicates in the list of similar images: stacked behind their first image until they are opened."""

from collections.abc import Collection, Mapping, Sequence


class Stacks:
    """``members``: by the first image of a stack, its other images in the order of the list. ``opened``:
    images of stacks that are open."""

    def __init__(
        self, members: Mapping[int, Sequence[int]] | None = None, opened: Collection[int] = ()
    ) -> None:
        self._members = {} if members is None else dict(members)
        self._first = {one: first for first, others in self._members.items() for one in others}
        self._opened = {self._first.get(one, one) for one in opened} & self._members.keys()

    def visible(self, image_ids: Sequence[int]) -> list[int]:
        """The list without stacked images; those of an open stack follow its first image.

        Images whose first image is not in the list are not stacked.
        """
        if not self._members:
            return list(image_ids)
        there, found = set(image_ids), list[int]()
        for one in image_ids:
            if self._first.get(one) in there:
                continue
            found.append(one)
            if one in self._opened:
                found += [other for other in self._members[one] if other in there]
        return found

    def sizes(self, image_ids: Collection[int]) -> dict[int, int]:
        """The number of images of each stack, by its first image; ``image_ids``: all that the list has."""
        there = image_ids if isinstance(image_ids, set) else set(image_ids)
        found = {first: sum(one in there for one in others) for first, others in self._members.items()}
        return {first: 1 + more for first, more in found.items() if more and first in there}

    @property
    def opened(self) -> frozenset[int]:
        """The first images of the stacks that are open."""
        return frozenset(self._opened)

    def of(self, image_id: int) -> tuple[int, ...]:
        """All images of the stack with this image, the first one first; empty if it is in none."""
        first = self._first.get(image_id, image_id)
        return (first, *self._members[first]) if first in self._members else ()

    def toggle(self, image_id: int) -> None:
        """Open or close the stack with this image."""
        self._opened ^= {self._first.get(image_id, image_id)}

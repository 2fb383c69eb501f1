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

    def within(self, image_ids: Sequence[int]) -> "Stacks":
        """The stacks among these images: where the first one is not there, the next one leads."""
        if not self._members:
            return self
        there = set(image_ids)
        groups = [[one for one in self.of(first) if one in there] for first in self._members]
        opened = [one for first in self._opened for one in self.of(first)]
        return Stacks({group[0]: group[1:] for group in groups if len(group) > 1}, opened)

    def visible(self, image_ids: Sequence[int]) -> list[int]:
        """The list without stacked images; those of an open stack follow its first image."""
        stacks = self.within(image_ids)
        if not stacks._members:
            return list(image_ids)
        found: list[int] = []
        for one in image_ids:
            if one not in stacks._first:
                found.append(one)
            if one in stacks._opened:
                found += stacks._members[one]
        return found

    @property
    def sizes(self) -> dict[int, int]:
        """The number of images of each stack, by its first image."""
        return {first: 1 + len(others) for first, others in self._members.items()}

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

"""The position of the current image in the query's list, and the images next to it. No Qt."""

from collections.abc import Sequence


class ImageCursor:
    """The images of the query in order, and the place of the current one, even after it was removed."""

    def __init__(self) -> None:
        self.ids: Sequence[int] = []
        self._place = 0
        self._found: tuple[int, int | None] | None = None
        """The last image looked for, and its place: looking through 100,000 images takes a millisecond."""

    def set_list(self, ids: Sequence[int], current: int | None) -> None:
        self.ids, self._found = ids, None
        self.move_to(current)
        self._place = min(self._place, max(0, len(ids) - 1))

    def move_to(self, current: int | None) -> None:
        """An image that is not in the list leaves the place unchanged."""
        place = self.place_of(current)
        if place is not None:
            self._place = place

    def place_of(self, image_id: int | None) -> int | None:
        """Place in the list from 0; None if the image is not in it."""
        if image_id is None:
            return None
        if self._found is None or self._found[0] != image_id:
            self._found = image_id, self._look_for(image_id)
        return self._found[1]

    def _look_for(self, image_id: int) -> int | None:
        near = range(max(0, self._place - 1), min(len(self.ids), self._place + 2))
        for place in near:
            if self.ids[place] == image_id:
                return place
        try:
            return self.ids.index(image_id)
        except ValueError:
            return None

    def target(self, current: int | None, by: int) -> int | None:
        """The image ``by`` steps further on; None beyond the ends."""
        place = self.place_of(current)
        if place is not None:
            place += by
        elif current is None:
            place = 0
        else:
            # The place of a removed image is that of its successor.
            place = self._place + by - (by > 0)
        return self.ids[place] if 0 <= place < len(self.ids) else None

    def following(self, current: int | None) -> Sequence[int]:
        """The other images of the list: those behind the current one, then those from the beginning on."""
        place = self.place_of(current)
        if place is None:
            # The place of a removed image is that of its successor.
            start = 0 if current is None else self._place
            return [*self.ids[start:], *self.ids[:start]]
        return [*self.ids[place + 1 :], *self.ids[:place]]

    def neighbours(self, ahead: int, behind: int) -> list[int]:
        """The images next to the current one, the most likely next ones first."""
        place, ids = self._place, self.ids
        after = [ids[i] for i in range(place + 1, min(place + 1 + ahead, len(ids)))]
        before = [ids[i] for i in range(place - 1, max(-1, place - 1 - behind), -1)]
        return after[:1] + before[:1] + after[1:] + before[1:]

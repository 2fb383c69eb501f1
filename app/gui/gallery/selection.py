"""Which cells are chosen, which one is current, and what clicks and keys make of that. Positions, no Qt."""

from app.gui.gallery.ranges import Ranges


class GridSelection:
    """The chosen positions of ``count`` cells, the current one, and the anchor from which Shift extends."""

    def __init__(self, count: int = 0) -> None:
        self.count = count
        self.chosen = Ranges()
        self.current: int | None = None
        self._anchor: int | None = None
        self._base = Ranges()

    def reset(self, count: int, chosen: Ranges, current: int | None) -> None:
        """Take over what has survived a change of the list."""
        self.count = count
        self.chosen = chosen
        self.current = self._anchor = current
        self._base = Ranges()

    def choose(self, position: int, *, toggle: bool = False, extend: bool = False) -> None:
        """A click or a move of the keyboard: alone, with Ctrl (toggle), with Shift (extend), or both."""
        if extend and self._anchor is not None:
            low, high = sorted((self._anchor, position))
            if not toggle:
                self._base = Ranges()
            self.chosen = self._base | Ranges([(low, high + 1)])
        else:
            own = Ranges([(position, position + 1)])
            self.chosen = self.chosen ^ own if toggle else own
            self._anchor = position
            self._base = self.chosen
        self.current = position

    def move_to(self, position: int) -> None:
        """Make a cell current and leave the choice as it is."""
        self.current = self._anchor = position
        self._base = self.chosen

    def choose_all(self) -> None:
        self.chosen = Ranges([(0, self.count)])
        self._base = self.chosen

    def clear(self) -> None:
        self.chosen = self._base = Ranges()

    def begin_band(self, *, toggle: bool, extend: bool) -> Ranges:
        """What a rubber band starts from: nothing, or with Ctrl or Shift the present choice."""
        return self.chosen if toggle or extend else Ranges()

    def band(self, base: Ranges, touched: Ranges, *, toggle: bool) -> None:
        self.chosen = base ^ touched if toggle else base | touched
        self._base = self.chosen

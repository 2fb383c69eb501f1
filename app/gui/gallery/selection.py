"""Which cells are selected and which one is current, by position; how clicks and keys change that. No Qt."""

from app.gui.gallery.ranges import Ranges


class GridSelection:
    """The selected positions of ``count`` cells, the current one, and the anchor from which Shift extends."""

    def __init__(self, count: int = 0) -> None:
        self.count = count
        self.selected = Ranges()
        self.current: int | None = None
        self._anchor: int | None = None
        self._base = Ranges()

    def reset(self, count: int, selected: Ranges, current: int | None) -> None:
        """Take the selection that remains after a change of the list."""
        self.count = count
        self.selected = selected
        self.current = self._anchor = current
        self._base = Ranges()

    def select(self, position: int, *, toggle: bool = False, extend: bool = False) -> None:
        """A click or a movement key: alone, with Ctrl (toggle), Shift (extend) or both."""
        if extend and self._anchor is not None:
            low, high = sorted((self._anchor, position))
            if not toggle:
                self._base = Ranges()
            self.selected = self._base | Ranges([(low, high + 1)])
        else:
            own = Ranges([(position, position + 1)])
            self.selected = self.selected ^ own if toggle else own
            self._anchor = position
            self._base = self.selected
        self.current = position

    def move_to(self, position: int) -> None:
        """Make a cell current and keep the selection."""
        self.current = self._anchor = position
        self._base = self.selected

    def select_all(self) -> None:
        self.selected = Ranges([(0, self.count)])
        self._base = self.selected

    def clear(self) -> None:
        self.selected = self._base = Ranges()

    def begin_band(self, *, toggle: bool, extend: bool) -> Ranges:
        """What a rubber band starts from: nothing, or with Ctrl or Shift the present selection."""
        return self.selected if toggle or extend else Ranges()

    def band(self, base: Ranges, touched: Ranges, *, toggle: bool) -> None:
        self.selected = base ^ touched if toggle else base | touched
        self._base = self.selected

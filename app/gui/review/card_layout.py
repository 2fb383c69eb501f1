"""The number of cards on a page and their positions. Plain integers, no Qt."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from app.gui.theme.tokens import PICTURE_RATIO

GAP: Final = 12
PADDING: Final = 6
MOST_CARDS: Final = 12
WIDEST: Final = 420


class Place(NamedTuple):
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CardLayout:
    """``columns`` x ``rows`` cards of ``width`` x ``height`` with images ``picture`` wide, in pixels."""

    columns: int
    rows: int
    width: int
    height: int
    picture: int

    @property
    def capacity(self) -> int:
        return self.columns * self.rows

    def place(self, card: int) -> Place:
        row, column = divmod(card, self.columns)
        return Place(
            GAP + column * (self.width + GAP), GAP + row * (self.height + GAP), self.width, self.height
        )

    def hit(self, x: int, y: int, count: int) -> int | None:
        for card in range(count):
            place = self.place(card)
            if place.x <= x < place.x + place.width and place.y <= y < place.y + place.height:
                return card
        return None


def page_layout(width: int, height: int, caption: int, least: int) -> CardLayout:
    """As many cards as fit, up to twelve, with images at least ``least`` wide; of equal layouts the largest.

    ``caption``: height of the text below an image. All lengths in pixels.
    """
    found = [
        layout
        for columns in range(1, MOST_CARDS + 1)
        for rows in range(1, MOST_CARDS // columns + 1)
        if (layout := _layout(columns, rows, width, height, caption)).picture >= least
    ]
    alone = _layout(1, 1, width, height, caption)
    return max(found, key=lambda layout: (layout.capacity, layout.picture), default=alone)


def layout_for(count: int, width: int, height: int, caption: int, least: int) -> CardLayout:
    """The layout of a page; if it has no room for ``count`` cards, the largest one that has."""
    usual = page_layout(width, height, caption, least)
    if count <= usual.capacity:
        return usual
    fitting = [
        _layout(columns, -(-count // columns), width, height, caption) for columns in range(1, count + 1)
    ]
    return max(fitting, key=lambda layout: layout.picture)


def _layout(columns: int, rows: int, width: int, height: int, caption: int) -> CardLayout:
    wide = max(1, (width - GAP) // columns - GAP)
    high = max(1, (height - GAP) // rows - GAP)
    picture = min(wide - 2 * PADDING, round((high - caption - 2 * PADDING) / PICTURE_RATIO), WIDEST)
    return CardLayout(columns, rows, min(wide, WIDEST + 2 * PADDING), high, max(1, picture))

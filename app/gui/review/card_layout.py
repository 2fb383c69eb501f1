"""The number of cards on a page and their positions. Plain integers, no Qt."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from app.gui.theme.tokens import PICTURE_RATIO

GAP: Final = 12
PADDING: Final = 3
MOST_CARDS: Final = 12
WIDEST: Final = 480


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
    left: int = GAP
    """Where the first column begins: the page is centred."""

    @property
    def capacity(self) -> int:
        return self.columns * self.rows

    def place(self, card: int) -> Place:
        row, column = divmod(card, self.columns)
        return Place(
            self.left + column * (self.width + GAP), GAP + row * (self.height + GAP), self.width, self.height
        )

    def hit(self, x: int, y: int, count: int) -> int | None:
        for card in range(count):
            place = self.place(card)
            if place.x <= x < place.x + place.width and place.y <= y < place.y + place.height:
                return card
        return None


def page_layout(width: int, height: int, least: int) -> CardLayout:
    """As many cards as fit, up to twelve, with images at least ``least`` wide; of equal layouts the largest.

    All lengths in pixels.
    """
    found = [
        layout
        for columns in range(1, MOST_CARDS + 1)
        for rows in range(1, MOST_CARDS // columns + 1)
        if (layout := _layout(columns, rows, width, height)).picture >= least
    ]
    alone = _layout(1, 1, width, height)
    return max(found, key=lambda layout: (layout.capacity, layout.picture), default=alone)


def layout_for(count: int, width: int, height: int, least: int) -> CardLayout:
    """The layout of a page; if it has no room for ``count`` cards, the largest one that has."""
    usual = page_layout(width, height, least)
    if count <= usual.capacity:
        return usual
    fitting = [_layout(columns, -(-count // columns), width, height) for columns in range(1, count + 1)]
    return max(fitting, key=lambda layout: layout.picture)


def _layout(columns: int, rows: int, width: int, height: int) -> CardLayout:
    wide = max(1, (width - GAP) // columns - GAP)
    high = max(1, (height - GAP) // rows - GAP)
    picture = min(wide - 2 * PADDING, round((high - 2 * PADDING) / PICTURE_RATIO), WIDEST)
    picture = max(1, picture)
    # The picture fills the card.
    high = min(high, round(picture * PICTURE_RATIO) + 2 * PADDING)
    card = min(wide, picture + 2 * PADDING)
    left = max(GAP, (width - columns * card - (columns - 1) * GAP) // 2)
    return CardLayout(columns, rows, card, high, picture, left)

"""The geometry of the grid's cells, in content coordinates (y goes beyond the viewport)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from app.gui.theme.tokens import PICTURE_RATIO

MARGIN = 12
GAP = 8
PADDING = 6
"""Around the grid, between cells, and between a cell's edge and its picture, in pixels."""

GROWTH = 1.5
STEP = 8
"""Pictures grow with their cells up to this factor, in steps of pixels, so that few sizes are decoded."""


class Rect(NamedTuple):
    x: int
    y: int
    width: int
    height: int

    def contains(self, x: int, y: int) -> bool:
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """``count`` equal cells in as many columns as fit into ``width``, for pictures at least ``least`` wide.

    Spare width in a row widens the cells and their pictures evenly. ``caption`` is the height of what is
    below the picture. In a list (``lined``) each row is one cell, whose picture is ``least`` wide. All in
    pixels.
    """

    count: int
    width: int
    least: int
    caption: int = 0
    lined: bool = False
    columns: int = field(init=False)
    rows: int = field(init=False)
    cell_width: int = field(init=False)
    cell_height: int = field(init=False)
    picture_width: int = field(init=False)
    picture_height: int = field(init=False)

    def __post_init__(self) -> None:
        inner = self.width - 2 * MARGIN + GAP
        least = self.least + 2 * PADDING
        columns = 1 if self.lined else max(1, inner // (least + GAP))
        cell_width = max(inner // columns - GAP, least)
        room = self.least if self.lined else min(cell_width - 2 * PADDING, int(self.least * GROWTH))
        picture_width = max(self.least, room // STEP * STEP)
        picture_height = round(picture_width * PICTURE_RATIO)
        derived = {
            "columns": columns,
            "rows": -(-self.count // columns),
            "cell_width": cell_width,
            "cell_height": picture_height + 2 * PADDING + self.caption,
            "picture_width": picture_width,
            "picture_height": picture_height,
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @property
    def row_height(self) -> int:
        return self.cell_height + GAP

    @property
    def content_height(self) -> int:
        return self.rows * self.row_height - GAP + 2 * MARGIN if self.count else 0

    def cell(self, index: int) -> Rect:
        row, column = divmod(index, self.columns)
        width = self.cell_width
        return Rect(MARGIN + column * (width + GAP), MARGIN + row * self.row_height, width, self.cell_height)

    def hit(self, x: int, y: int) -> int | None:
        """The cell at a point; None between or beside the cells."""
        column, row = (x - MARGIN) // (self.cell_width + GAP), (y - MARGIN) // self.row_height
        if not (0 <= column < self.columns and row >= 0):
            return None
        index = row * self.columns + column
        return index if index < self.count and self.cell(index).contains(x, y) else None

    def visible(self, top: int, height: int) -> range:
        """The cells of every row that is visible in ``height`` pixels from ``top``."""
        if not self.count or height <= 0:
            return range(0)
        first = max(0, (top - MARGIN + GAP) // self.row_height)
        last = (top + height - 1 - MARGIN) // self.row_height
        return range(min(first * self.columns, self.count), min((last + 1) * self.columns, self.count))

    def touched(self, x: int, y: int, width: int, height: int) -> Iterator[tuple[int, int]]:
        """The cells that a rectangle touches, as (first, last + 1) runs in order."""
        step = self.cell_width + GAP
        # A cell starts at MARGIN + i * step and is `cell_width` wide: gaps belong to no cell.
        first = max(0, (x - MARGIN + GAP) // step)
        last = min(self.columns - 1, (x + width - 1 - MARGIN) // step)
        top = max(0, (y - MARGIN + GAP) // self.row_height)
        bottom = min(self.rows - 1, (y + height - 1 - MARGIN) // self.row_height)
        if first > last or top > bottom or width <= 0 or height <= 0:
            return
        if first == 0 and last == self.columns - 1:
            yield top * self.columns, min((bottom + 1) * self.columns, self.count)
            return
        for row in range(top, bottom + 1):
            start, stop = row * self.columns + first, min(row * self.columns + last + 1, self.count)
            if start < stop:
                yield start, stop

    def page_rows(self, height: int) -> int:
        """Whole rows in a viewport of that height, at least one."""
        return max(1, (height - MARGIN) // self.row_height)

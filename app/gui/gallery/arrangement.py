"""Fits the grid to its scroll area: columns, scroll range, what shows, and what stays where it was."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea

from app.gui.gallery.geometry import MARGIN, GridGeometry
from app.gui.theme.tokens import SPACE_XS

Anchor = tuple[int, int]
"""A position, and how far below the upper edge of the view its cell begins."""
BEGINNING: Final[Anchor] = (0, MARGIN)


class GridArrangement:
    """The geometry of a grid inside a QAbstractScrollArea whose bar scrolls it by pixels."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        self._area = area
        self.geometry = GridGeometry(0, 1, 1)
        self.visible = range(0)
        self.shown: dict[int, int] = {}
        self.size = 0
        """Width in device pixels of the pictures that show."""
        self.busy = False
        """While the scroll bar is set up: list and geometry do not fit together, its events are ignored."""

    @property
    def top(self) -> int:
        return self._area.verticalScrollBar().value()

    def anchor(self, current: int | None) -> Anchor | None:
        """What should stay in its place: the current image when it shows, else the first one that does."""
        if current is None or current not in self.visible:
            current = self.visible.start if self.visible else None
        return None if current is None else (current, self.geometry.cell(current).y - self.top)

    def fit(self, count: int, picture_width: int, caption: int, anchor: Anchor | None) -> bool:
        """Lay out anew and bring the anchor back to its place. True when the cells have another size."""
        full, height = self._area.contentsRect().width(), self._area.contentsRect().height()
        bar = self._area.verticalScrollBar()
        grid = GridGeometry(count, full, picture_width, caption)
        needed = grid.content_height > height
        if needed:
            grid = replace(grid, width=full - bar.sizeHint().width())
        old, self.geometry = self.geometry, grid
        self.busy = True
        always, never = Qt.ScrollBarPolicy.ScrollBarAlwaysOn, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._area.setVerticalScrollBarPolicy(always if needed else never)
        bar.setRange(0, max(0, grid.content_height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(1, grid.row_height // 4))
        if anchor is not None:
            bar.setValue(grid.cell(anchor[0]).y - anchor[1])
        self.busy = False
        return (old.cell_width, old.cell_height) != (grid.cell_width, grid.cell_height)

    def look(self, ids: Sequence[int]) -> bool:
        """Find out what shows now. True when it is something else than before."""
        visible = self.geometry.visible(self.top, self._area.viewport().height())
        size = round(self.geometry.picture_width * self._area.devicePixelRatioF())
        before = (self.visible, self.size)
        self.visible, self.size = visible, size
        self.shown = {ids[position]: position for position in visible}
        return before != (visible, size)

    def reveal(self, position: int) -> None:
        """Scroll no further than needed to show a cell whole."""
        cell, top, height = self.geometry.cell(position), self.top, self._area.viewport().height()
        if cell.y < top or cell.height > height:
            self._area.verticalScrollBar().setValue(cell.y - SPACE_XS)
        elif cell.y + cell.height > top + height:
            self._area.verticalScrollBar().setValue(cell.y + cell.height - height + SPACE_XS)

    def rect(self, position: int) -> QRect:
        """A cell in coordinates of the viewport."""
        x, y, width, height = self.geometry.cell(position)
        return QRect(x, y - self.top, width, height)

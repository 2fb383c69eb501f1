"""Fits the grid to its scroll area: columns, scroll range, visible cells, and what keeps its place."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea

from app.gui.gallery.cells import HALO
from app.gui.gallery.geometry import MARGIN, GridGeometry
from app.gui.theme.tokens import SPACE_XS

Anchor = tuple[int, int]
"""A position, and the distance of its cell from the top of the viewport in pixels."""
BEGINNING: Final[Anchor] = (0, MARGIN)


class GridArrangement:
    """The images of a grid, and where their cells lie in a QAbstractScrollArea that scrolls by pixels."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        self._area = area
        self.ids: Sequence[int] = []
        self.geometry = GridGeometry(0, 1, 1)
        self.visible = range(0)
        self.visible_ids: dict[int, int] = {}
        """Positions by image number."""
        self.size = 0
        """Width of the visible pictures in device pixels."""
        self.busy = False
        """True while the scroll bar is set up: list and geometry disagree, so its events are ignored."""

    @property
    def top(self) -> int:
        return self._area.verticalScrollBar().value()

    def anchor(self, current: int | None) -> Anchor | None:
        """What should keep its place: the current image if it is visible, else the first visible one."""
        if current is None or current not in self.visible:
            current = self.visible.start if self.visible else None
        return None if current is None else (current, self.geometry.cell(current).y - self.top)

    def fit(self, picture_width: int, caption: int, anchor: Anchor | None, *, lined: bool = False) -> bool:
        """Lay out again and move the anchor back to its place. True if the size of the cells has changed."""
        full, height = self._area.contentsRect().width(), self._area.contentsRect().height()
        bar = self._area.verticalScrollBar()
        grid = GridGeometry(len(self.ids), full, picture_width, caption, lined)
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

    def update_visible(self) -> bool:
        """Find out which cells are visible. True if they or the size of their pictures have changed."""
        visible = self.geometry.visible(self.top, self._area.viewport().height())
        size = round(self.geometry.picture_width * self._area.devicePixelRatioF())
        before = (self.visible, self.size)
        self.visible, self.size = visible, size
        self.visible_ids = {self.ids[position]: position for position in visible}
        return before != (visible, size)

    def reveal(self, position: int) -> None:
        """Scroll just far enough to show all of a cell."""
        cell, top, height = self.geometry.cell(position), self.top, self._area.viewport().height()
        if cell.y < top or cell.height > height:
            self._area.verticalScrollBar().setValue(cell.y - SPACE_XS)
        elif cell.y + cell.height > top + height:
            self._area.verticalScrollBar().setValue(cell.y + cell.height - height + SPACE_XS)

    def rect(self, position: int) -> QRect:
        """A cell in viewport coordinates."""
        x, y, width, height = self.geometry.cell(position)
        return QRect(x, y - self.top, width, height)

    def to_content(self, point: QPoint) -> QPoint:
        return point + QPoint(0, self.top)

    def position_at(self, point: QPoint) -> int | None:
        """The cell at a point of the viewport; None between the cells."""
        return self.geometry.hit(point.x(), point.y() + self.top)

    def repaint_cell(self, position: int | None) -> None:
        if position is not None and position < len(self.ids):
            self._area.viewport().update(self.rect(position).adjusted(-HALO, -HALO, HALO, HALO))

    def repaint_content(self, rect: QRect) -> None:
        self._area.viewport().update(rect.translated(0, -self.top).adjusted(-2, -2, 2, 2))

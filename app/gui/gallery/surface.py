"""Paints a part of the grid, cell by cell."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.gui.gallery.arrangement import GridArrangement
from app.gui.gallery.cells import CURRENT, FOCUSED, HALO, HOVERED, SELECTED, CellPainter, CellStack
from app.gui.gallery.feed import CellFeed
from app.gui.gallery.list_row import RowPainter
from app.gui.gallery.selection import GridSelection
from app.gui.theme import theme


class GridSurface:
    """Paints what ``view`` shows; keeps the CellPainter while size, theme and font stay the same."""

    def __init__(
        self, view: QWidget, arrangement: GridArrangement, selection: GridSelection, feed: CellFeed
    ) -> None:
        self._view, self._arrangement = view, arrangement
        self._selection, self._feed = selection, feed
        self._cells: CellPainter | RowPainter | None = None
        self.caption = 0
        """Height of the file names under the pictures, in pixels; 0 without them."""
        self.hovered: int | None = None
        self.stacks: Mapping[int, CellStack] = {}
        """By the first image of each stack."""

    def reset(self) -> None:
        """The size of the cells, the theme or the font has changed."""
        self._cells = None

    def paint(self, painter: QPainter, dirty: QRect, band: QRect | None) -> None:
        """Paint ``dirty`` (viewport coordinates), and the rubber band (content coordinates)."""
        grid, ids, top = self._arrangement.geometry, self._arrangement.ids, self._arrangement.top
        painter.fillRect(dirty, theme().colour("ground"))
        cells = self._cell_painter()
        focused, selection, feed = self._view.hasFocus(), self._selection, self._feed
        left, right = dirty.x() - HALO - grid.cell_width, dirty.right() + HALO
        for position in grid.visible(dirty.y() + top - HALO, dirty.height() + 2 * HALO):
            x, y, _, _ = grid.cell(position)
            if not left < x <= right:
                continue
            image_id = ids[position]
            look = SELECTED if position in selection.selected else 0
            if position == selection.current:
                look |= CURRENT | FOCUSED if focused else CURRENT
            if position == self.hovered:
                look |= HOVERED
            cells.paint(
                painter,
                x,
                y - top,
                info=feed.info(image_id),
                image=feed.picture(image_id),
                reason=feed.reason(image_id),
                look=look,
                stack=self.stacks.get(image_id) if self.stacks else None,
            )
        if band is not None:
            self._paint_band(painter, band.translated(0, -top))

    def stack_at(self, point: QPoint) -> int | None:
        """The first image of the stack whose number is at ``point`` (viewport coordinates)."""
        position, cells = self._arrangement.position_at(point), self._cells
        if position is None or not isinstance(cells, CellPainter):
            return None
        image_id, corner = self._arrangement.ids[position], self._arrangement.rect(position).topLeft()
        hit = image_id in self.stacks and cells.stack_place(corner.x(), corner.y()).contains(point)
        return image_id if hit else None

    def _paint_band(self, painter: QPainter, band: QRect) -> None:
        accent = theme().colour("accent")
        veil = QColor(accent)
        veil.setAlphaF(0.15)
        painter.setPen(QPen(accent, 1))
        painter.setBrush(veil)
        painter.drawRect(band.adjusted(0, 0, -1, -1))

    def _cell_painter(self) -> CellPainter | RowPainter:
        ratio = self._view.devicePixelRatioF()
        if self._cells is None or self._cells.ratio != ratio:
            grid = self._arrangement.geometry
            cell = QSize(grid.cell_width, grid.cell_height)
            picture = QSize(grid.picture_width, grid.picture_height)
            if grid.lined:
                self._cells = RowPainter(cell, picture, ratio)
            else:
                self._cells = CellPainter(cell, picture, self.caption, ratio)
        return self._cells

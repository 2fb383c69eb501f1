"""Paints the part of the grid that has to be painted, cell by cell."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPen

from app.gui.gallery.cells import CHOSEN, CURRENT, FOCUSED, HALO, HOVERED, CellPainter
from app.gui.theme import theme

if TYPE_CHECKING:
    from app.gui.gallery.feed import CellFeed
    from app.gui.gallery.view import GalleryView


class GridSurface:
    """The painter of a GalleryView; keeps what is painted the same for every cell."""

    def __init__(self, view: "GalleryView", feed: "CellFeed") -> None:
        self._view = view
        self._feed = feed
        self._cells: CellPainter | None = None
        self.hovered: int | None = None

    def reset(self) -> None:
        """The size of the cells, the theme or the font has changed."""
        self._cells = None

    def paint(self, painter: QPainter, dirty: QRect, top: int, band: QRect | None) -> None:
        """Paint ``dirty`` (coordinates of the viewport) of the content that starts at ``top``."""
        view = self._view
        painter.fillRect(dirty, theme().colour("ground"))
        cells = self._cell_painter()
        focused, current = view.hasFocus(), view.current_position()
        grid, selection = view.geometry_of_cells(), view.selection()
        left, right = dirty.x() - HALO - grid.cell_width, dirty.right() + HALO
        feed = self._feed
        for position in grid.visible(dirty.y() + top - HALO, dirty.height() + 2 * HALO):
            x, y, _, _ = grid.cell(position)
            if not left < x <= right:
                continue
            image_id = view.id_at(position)
            look = CHOSEN if position in selection.chosen else 0
            if position == current:
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
            )
        if band is not None:
            self._paint_band(painter, band.translated(0, -top))

    def _paint_band(self, painter: QPainter, band: QRect) -> None:
        accent = theme().colour("accent")
        veil = QColor(accent)
        veil.setAlphaF(0.15)
        painter.setPen(QPen(accent, 1))
        painter.setBrush(veil)
        painter.drawRect(band.adjusted(0, 0, -1, -1))

    def _cell_painter(self) -> CellPainter:
        ratio = self._view.devicePixelRatioF()
        if self._cells is None or self._cells.ratio != ratio:
            grid = self._view.geometry_of_cells()
            self._cells = CellPainter(
                QSize(grid.cell_width, grid.cell_height),
                QSize(grid.picture_width, grid.picture_height),
                grid.caption,
                ratio,
            )
        return self._cells

"""What lies under the pointer: the hovered cell, and the tip of a cell that it rests on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from app.gui.gallery.announcing import tip
from app.gui.gallery.feed import CellFeed
from app.gui.gallery.surface import GridSurface

if TYPE_CHECKING:
    from app.gui.gallery.view import GalleryView


class GridPointer:
    """The pointer over a GalleryView, in coordinates of its viewport."""

    def __init__(self, view: "GalleryView", surface: GridSurface, feed: CellFeed) -> None:
        self._view, self._surface, self._feed = view, surface, feed

    def move(self, place: QPoint) -> None:
        self._hover(self._position_at(place))

    def leave(self) -> None:
        self._hover(None)

    def show_tip(self, event: QHelpEvent) -> None:
        """What is known of the image, or why it cannot be shown."""
        position = self._position_at(event.pos())
        if position is None:
            QToolTip.hideText()
            return
        image_id = self._view.id_at(position)
        text = tip(self._feed.info(image_id), self._feed.reason(image_id))
        QToolTip.showText(event.globalPos(), text, self._view, self._view.cell_rect(position))

    def _position_at(self, place: QPoint) -> int | None:
        content = self._view.to_content(place)
        return self._view.geometry_of_cells().hit(content.x(), content.y())

    def _hover(self, position: int | None) -> None:
        if position != self._surface.hovered:
            self._view.repaint_cell(self._surface.hovered)
            self._surface.hovered = position
            self._view.repaint_cell(position)

"""The cell under the pointer, and its tooltip."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.gui.gallery.announcing import tooltip
from app.gui.gallery.arrangement import GridArrangement
from app.gui.gallery.feed import CellFeed
from app.gui.gallery.surface import GridSurface


class GridPointer:
    """The pointer over the grid, in viewport coordinates."""

    def __init__(
        self, view: QWidget, arrangement: GridArrangement, surface: GridSurface, feed: CellFeed
    ) -> None:
        self._view, self._arrangement, self._surface, self._feed = view, arrangement, surface, feed

    def move(self, point: QPoint) -> None:
        self._hover(self._arrangement.position_at(point))

    def leave(self) -> None:
        self._hover(None)

    def show_tip(self, event: QHelpEvent) -> None:
        position = self._arrangement.position_at(event.pos())
        if position is None:
            QToolTip.hideText()
            return
        image_id = self._arrangement.ids[position]
        stack = self._surface.stacks.get(image_id)
        text = tooltip(self._feed.info(image_id), self._feed.reason(image_id), stack)
        QToolTip.showText(event.globalPos(), text, self._view, self._arrangement.rect(position))

    def _hover(self, position: int | None) -> None:
        if position != self._surface.hovered:
            self._arrangement.repaint_cell(self._surface.hovered)
            self._surface.hovered = position
            self._arrangement.repaint_cell(position)

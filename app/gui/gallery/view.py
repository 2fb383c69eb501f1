"""The virtual grid: only the visible cells of a list of any length are painted."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from app.gui.gallery.announcing import announce, cell_words
from app.gui.gallery.arrangement import BEGINNING, Anchor, GridArrangement
from app.gui.gallery.cells import CellInfo, CellStack
from app.gui.gallery.chips import chip_height
from app.gui.gallery.feed import CellFeed
from app.gui.gallery.geometry import GridGeometry
from app.gui.gallery.input import GridInput
from app.gui.gallery.list_row import list_picture_width
from app.gui.gallery.pointing import GridPointer
from app.gui.gallery.ranges import Ranges
from app.gui.gallery.selection import GridSelection
from app.gui.gallery.selection_carry_over import carry_over
from app.gui.gallery.surface import GridSurface
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_XS
from app.gui.widgets.empty_state import EmptyState
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader

MIN_PICTURE: Final = 96
MAX_PICTURE: Final = 320
DEFAULT_PICTURE: Final = 160
PICTURE_STEP: Final = 16


class GalleryView(QAbstractScrollArea):
    """A grid of images, given as a list of distinct image numbers.

    ``info_wanted`` asks for the CellInfo of visible images, set_info() answers. Pictures come from a
    ThumbnailLoader whose ``size`` is the width of a cell's picture.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.List
    selection_changed = Signal(object)
    """The selected image numbers, in the order of the list."""
    current_changed = Signal(object)
    """The current image number, or None."""
    activated = Signal(object)
    """The image number that was double-clicked, or was current when Enter was pressed."""
    info_wanted = Signal(object)
    """Numbers of visible images whose CellInfo is not known."""
    menu_wanted = Signal(QPoint)
    """The place on the screen."""
    stack_pressed = Signal(object)
    """The number of near-duplicates of this image was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture_width = DEFAULT_PICTURE
        self._captions = False
        self._lined = False
        self._selection = GridSelection()
        self._announced: tuple[Ranges, int | None] = (Ranges(), None)
        self._arrangement = GridArrangement(self)
        self._feed = CellFeed(self)
        self._feed.info_wanted.connect(self.info_wanted)
        self._feed.arrived.connect(self._repaint_images)
        self._input = GridInput(self, self._arrangement, self._selection)
        self._input.selection_changed.connect(self._announce_changes)
        self._input.activated.connect(self._activate)
        self._input.zoomed.connect(self.zoom)
        self._surface = GridSurface(self, self._arrangement, self._selection, self._feed)
        self._pointer = GridPointer(self, self._arrangement, self._surface, self._feed)
        self._empty = EmptyState(parent=self)
        self._empty.hide()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Images"))
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme().changed.connect(self._restyle)

    # Content

    def set_loader(self, loader: ThumbnailLoader | None) -> None:
        self._feed.set_loader(loader)
        self._show_visible(force=True)
        self.viewport().update()

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show these images. The current one keeps its place on the screen, the selection is kept.

        If the current image is not in the list, the next one that is becomes current. A list without any of
        the images before is shown from its beginning.
        """
        new = list(ids)
        selection = self._selection
        anchor = self._arrangement.anchor(selection.current)
        if selection.current is None and self._arrangement.top == 0:
            anchor = None  # show the beginning of every list until the person has moved
        carried = carry_over(
            self._arrangement.ids, new, selection.selected, selection.current, anchor and anchor[0]
        )
        # Images can only leave the selection here, unless a successor becomes selected.
        before, count_before = self.current_id(), len(selection.selected)
        self._arrangement.ids = new
        selection.reset(len(new), carried.selected, carried.current)
        self._lay_out((carried.pinned, anchor[1]) if anchor and carried.pinned is not None else BEGINNING)
        self._show_visible(force=True)
        self._update_empty_state()
        self._announced = (selection.selected, selection.current)
        succeeded = before != self.current_id()
        if succeeded:
            self.current_changed.emit(self.current_id())
            self._announce_current()
        if succeeded or count_before != len(carried.selected):
            self.selection_changed.emit(self.selected_ids())

    def set_stacks(self, stacks: Mapping[int, CellStack]) -> None:
        """The stacks of near-duplicates, by their first image; set_ids() follows."""
        self._surface.stacks = stacks

    def stack(self, image_id: int) -> CellStack | None:
        """The stack whose first image this is."""
        return self._surface.stacks.get(image_id)

    def visible_positions(self) -> range:
        return self._arrangement.visible

    def ids(self) -> Sequence[int]:
        """The list as shown; not to be changed."""
        return self._arrangement.ids

    def count(self) -> int:
        return len(self._arrangement.ids)

    def id_at(self, position: int) -> int:
        return self._arrangement.ids[position]

    def set_info(self, info: Mapping[int, CellInfo]) -> None:
        """Take what is known of images; visible ones are repainted."""
        self._feed.learn(info)

    def refresh_info(self, image_ids: Iterable[int] | None = None) -> None:
        """The CellInfo of these images (None: of all) has changed: ask for it again once they are visible."""
        self._feed.forget(image_ids)

    def reload_pictures(self, image_ids: Iterable[int] | None = None) -> None:
        """The files of these images (None: of all) have changed, or may be readable again."""
        self._feed.reload_pictures(image_ids)
        self.viewport().update()

    def empty_state(self) -> EmptyState:
        """What is shown while there are no images."""
        return self._empty

    def picture_width(self) -> int:
        return self._picture_width

    @Slot(int)
    def set_picture_width(self, width: int) -> None:
        """In [MIN_PICTURE, MAX_PICTURE]; the current image, or the first visible one, keeps its place."""
        width = min(max(width, MIN_PICTURE), MAX_PICTURE)
        if width != self._picture_width:
            anchor = self._arrangement.anchor(self._selection.current)
            self._picture_width = width
            self._surface.reset()
            self._lay_out(anchor)
            self._show_visible(force=True)

    @Slot(int)
    def zoom(self, steps: int) -> None:
        """Larger pictures, or smaller ones, of which the smallest are those of the list."""
        smallest = self._picture_width == MIN_PICTURE
        if self._lined or (smallest and steps < 0):
            self.set_list(steps < 0)
        else:
            self.set_picture_width(self._picture_width + steps * PICTURE_STEP)

    @property
    def lined(self) -> bool:
        """Whether the images are shown as a list."""
        return self._lined

    @Slot(bool)
    def set_list(self, lined: bool) -> None:
        """A list with names in place of the grid.

        The current image, or the first visible one, keeps its place."""
        if lined != self._lined:
            anchor = self._arrangement.anchor(self._selection.current)
            self._lined = lined
            self._surface.reset()
            self._lay_out(anchor)
            self._show_visible(force=True)

    @Slot(bool)
    def set_captions(self, shown: bool) -> None:
        """File names under the pictures."""
        self._captions = shown
        self._restyle()

    # Selection

    def selected_ids(self) -> list[int]:
        result: list[int] = []
        for start, stop in self._selection.selected.runs:
            result += self._arrangement.ids[start:stop]
        return result

    def selected_count(self) -> int:
        return len(self._selection.selected)

    def current_id(self) -> int | None:
        current = self._selection.current
        return None if current is None else self._arrangement.ids[current]

    def select_all(self) -> None:
        """The first image becomes the current one."""
        if self.count():
            self.select(0)
            self._selection.select_all()
            self._announce_changes()

    def clear_selection(self) -> None:
        self._selection.clear()
        self._announce_changes()

    def set_current(self, image_id: int) -> bool:
        """Make an image current, select it alone and scroll to it. False if it is not in the list."""
        try:
            position = self._arrangement.ids.index(image_id)
        except ValueError:
            return False
        self.select(position)
        return True

    def select(self, position: int, *, toggle: bool = False, extend: bool = False) -> None:
        self._selection.select(position, toggle=toggle, extend=extend)
        self._arrangement.reveal(position)
        self._announce_changes()

    # Geometry

    def geometry_of_cells(self) -> GridGeometry:
        return self._arrangement.geometry

    def cell_rect(self, position: int) -> QRect:
        """In viewport coordinates."""
        return self._arrangement.rect(position)

    def reveal(self, position: int) -> None:
        """Scroll just far enough to show all of a cell."""
        self._arrangement.reveal(position)

    def _update_empty_state(self) -> None:
        self._empty.setVisible(not self._arrangement.ids and self._empty.has_text())

    def _lay_out(self, anchor: Anchor | None) -> None:
        font = theme().font(TypeSize.SMALL)
        caption = QFontMetrics(font).height() + SPACE_XS if self._captions else 0
        self._surface.caption = caption
        if self._lined:
            changed = self._arrangement.fit(list_picture_width(), 0, anchor, lined=True)
        else:
            chips = chip_height() + SPACE_XS
            changed = self._arrangement.fit(self._picture_width, chips + caption, anchor)
        if changed:
            self._surface.reset()
        self._empty.setGeometry(self.contentsRect())
        self.viewport().update()

    def _show_visible(self, *, force: bool = False) -> None:
        before = self._arrangement.visible
        if not self._arrangement.update_visible() and not force:
            return
        visible = self._arrangement.visible
        forwards = visible.start >= before.start
        self._feed.show(self._arrangement.ids, visible, self._arrangement.size, forwards=forwards)

    @Slot()
    def _announce_changes(self) -> None:
        """Repaint and signal what has changed since the last time."""
        selected, current = self._announced
        now = self._selection
        self._announced = (now.selected, now.current)
        if selected != now.selected:
            self.viewport().update()
            self.selection_changed.emit(self.selected_ids())
        if current != now.current:
            self._arrangement.repaint_cell(current)
            self._arrangement.repaint_cell(now.current)
            self.current_changed.emit(self.current_id())
            self._announce_current()

    def _announce_current(self) -> None:
        current = self._selection.current
        if current is None:
            announce(self, "")
            return
        info = self._feed.info(self.id_at(current))
        selected = current in self._selection.selected
        stack = self.stack(self.id_at(current))
        announce(self, cell_words(current, self.count(), info, selected=selected, stack=stack))

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        for dirty in event.region():  # type: ignore[attr-defined]  # missing in the stubs
            painter.setClipRect(dirty)
            self._surface.paint(painter, dirty, self._input.band)
        painter.end()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        if not self._arrangement.busy:
            self._lay_out(self._arrangement.anchor(self._selection.current))
            self._show_visible()

    def scrollContentsBy(self, _dx: int, dy: int) -> None:
        if not self._arrangement.busy:
            self.viewport().scroll(0, dy)
            self._show_visible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self._input.key(event))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        left = event.button() == Qt.MouseButton.LeftButton and plain
        pressed = self._surface.stack_at(event.position().toPoint()) if left else None
        if pressed is None:
            self._input.press(event)
        else:
            self.stack_pressed.emit(pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._input.move(event)
        self._pointer.move(event.position().toPoint())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._input.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._surface.stack_at(event.position().toPoint()) is None:
            self._input.double_click(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """On an image; asked for by key, on the current one."""
        current = self._selection.current
        if event.reason() != QContextMenuEvent.Reason.Keyboard:
            if self._arrangement.position_at(event.pos()) is not None:
                self.menu_wanted.emit(event.globalPos())
        elif current is not None:
            self._arrangement.reveal(current)
            self.menu_wanted.emit(self.viewport().mapToGlobal(self._arrangement.rect(current).center()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._input.zoom(event)
            event.accept()
        else:
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._arrangement.repaint_cell(self._selection.current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._arrangement.repaint_cell(self._selection.current)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._pointer.show_tip(event)
            return True
        if event.type() == QEvent.Type.Leave:
            self._pointer.leave()
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._restyle()
        return super().viewportEvent(event)

    @Slot(int)
    def _activate(self, position: int) -> None:
        self.activated.emit(self.id_at(position))

    @Slot(object)
    def _repaint_images(self, image_ids: list[int]) -> None:
        for image_id in image_ids:
            self._arrangement.repaint_cell(self._arrangement.visible_ids.get(image_id))

    @Slot()
    def _restyle(self) -> None:
        self._surface.reset()
        self._lay_out(self._arrangement.anchor(self._selection.current))
        self._show_visible()

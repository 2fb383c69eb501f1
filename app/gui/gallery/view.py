"""The virtual grid: paints the visible cells of a list of image numbers of any length."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
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
from app.gui.gallery.cells import HALO, CellInfo
from app.gui.gallery.feed import CellFeed
from app.gui.gallery.geometry import GridGeometry
from app.gui.gallery.input import GridInput
from app.gui.gallery.pointing import GridPointer
from app.gui.gallery.ranges import Ranges
from app.gui.gallery.selection import GridSelection
from app.gui.gallery.succession import carry_over
from app.gui.gallery.surface import GridSurface
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_XS
from app.gui.widgets.empty_state import EmptyState
from app.jobs.thumbnail_loader import ThumbnailLoader

MIN_PICTURE: Final = 96
MAX_PICTURE: Final = 320
DEFAULT_PICTURE: Final = 160
PICTURE_STEP: Final = 16


class GalleryView(QAbstractScrollArea):
    """A grid of images, given as a list of image numbers without repetition.

    What is known of an image is asked for through ``info_wanted``, when it shows, and told through
    set_info(). Pictures come from a ThumbnailLoader whose ``size`` is the width of a cell's picture.
    """

    selection_changed = Signal(object)
    """The chosen image numbers, in the order of the list."""
    current_changed = Signal(object)
    """The current image number, or None."""
    activated = Signal(object)
    """The image number that was double-clicked, or was current when Enter was pressed."""
    visible_range_changed = Signal(int, int)
    """Position of the first visible image, and of the one behind the last."""
    info_wanted = Signal(object)
    """Numbers of images that show and of which nothing is known yet."""
    picture_width_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ids: Sequence[int] = []
        self._picture_width = DEFAULT_PICTURE
        self._captions = True
        self._selection = GridSelection()
        self._said: tuple[Ranges, int | None] = (Ranges(), None)
        self._arrangement = GridArrangement(self)
        self._feed = CellFeed(self)
        self._feed.info_wanted.connect(self.info_wanted)
        self._feed.arrived.connect(self._repaint_images)
        self._input = GridInput(self)
        self._surface = GridSurface(self, self._feed)
        self._pointer = GridPointer(self, self._surface, self._feed)
        self._empty = EmptyState(parent=self)
        self._empty.hide()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Images")
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme().changed.connect(self._restyle)

    # What is shown

    def set_loader(self, loader: ThumbnailLoader | None) -> None:
        self._feed.set_loader(loader)
        self._show_visible(force=True)
        self.viewport().update()

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show these images. The current one keeps its place on the screen; what was chosen stays so.

        Where the current image has left, the next one that is still there takes its part. A list that has
        nothing to do with the one before is shown from its beginning.
        """
        new = list(ids)
        selection = self._selection
        anchor = self._arrangement.anchor(selection.current)
        if selection.current is None and self._arrangement.top == 0:
            anchor = None  # who has not moved yet sees the beginning of every list
        carried = carry_over(self._ids, new, selection.chosen, selection.current, anchor and anchor[0])
        # Images only ever leave the choice here, except when a successor takes over.
        before, count_before = self.current_id(), len(selection.chosen)
        self._ids = new
        selection.reset(len(new), carried.chosen, carried.current)
        self._lay_out((carried.pinned, anchor[1]) if anchor and carried.pinned is not None else BEGINNING)
        self._show_visible(force=True)
        self._show_emptiness()
        self._said = (selection.chosen, selection.current)
        succeeded = before != self.current_id()
        if succeeded:
            self.current_changed.emit(self.current_id())
            self._announce_current()
        if succeeded or count_before != len(carried.chosen):
            self.selection_changed.emit(self.selected_ids())

    def ids(self) -> Sequence[int]:
        """The list as it is shown; not to be changed."""
        return self._ids

    def count(self) -> int:
        return len(self._ids)

    def id_at(self, position: int) -> int:
        return self._ids[position]

    def set_info(self, info: Mapping[int, CellInfo]) -> None:
        """Tell what is known of images; those that show are painted again."""
        self._feed.learn(info)

    def info(self, image_id: int) -> CellInfo | None:
        return self._feed.info(image_id)

    def refresh_info(self, image_ids: Iterable[int] | None = None) -> None:
        """What is known of these images (None: of all) has changed: ask for it again, when they show."""
        self._feed.forget(image_ids)

    def reload_pictures(self, image_ids: Iterable[int] | None = None) -> None:
        """The files of these images (None: of all) have changed, or a fault may have gone."""
        self._feed.reload_pictures(image_ids)
        self.viewport().update()

    def empty_state(self) -> EmptyState:
        """What stands in the place of the images while there are none."""
        return self._empty

    def set_empty_text(self, title: str, sentence: str, button: str = "") -> None:
        """What to say while there are no images; empty_state().triggered tells of the button."""
        self._empty.set_text(title, sentence, button)
        self._show_emptiness()

    def picture_width(self) -> int:
        return self._picture_width

    @Slot(int)
    def set_picture_width(self, width: int) -> None:
        """From MIN_PICTURE to MAX_PICTURE; the current image, or the first visible one, stays in place."""
        width = min(max(width, MIN_PICTURE), MAX_PICTURE)
        if width != self._picture_width:
            anchor = self._arrangement.anchor(self._selection.current)
            self._picture_width = width
            self._surface.reset()
            self._lay_out(anchor)
            self._show_visible(force=True)
            self.picture_width_changed.emit(width)

    def zoom(self, steps: int) -> None:
        self.set_picture_width(self._picture_width + steps * PICTURE_STEP)

    @Slot(bool)
    def set_captions(self, shown: bool) -> None:
        """File names under the pictures."""
        self._captions = shown
        self._restyle()

    # What is chosen

    def selection(self) -> GridSelection:
        return self._selection

    def selected_ids(self) -> list[int]:
        result: list[int] = []
        for start, stop in self._selection.chosen.runs:
            result += self._ids[start:stop]
        return result

    def selected_count(self) -> int:
        return len(self._selection.chosen)

    def is_chosen(self, position: int) -> bool:
        return position in self._selection.chosen

    def current_id(self) -> int | None:
        current = self._selection.current
        return None if current is None else self._ids[current]

    def current_position(self) -> int | None:
        return self._selection.current

    def select_all(self) -> None:
        self._selection.choose_all()
        self._tell()

    def clear_selection(self) -> None:
        self._selection.clear()
        self._tell()

    def select_ids(self, image_ids: Iterable[int]) -> None:
        """Choose exactly these; the first of them in the list becomes current."""
        wanted = set(image_ids)
        positions = Ranges.of(i for i, image_id in enumerate(self._ids) if image_id in wanted)
        first = next(iter(positions), self._selection.current)
        self._selection.reset(len(self._ids), positions, first)
        self._tell()

    def set_current(self, image_id: int, *, choose: bool = True) -> bool:
        """Make an image current, and alone chosen; scroll to it. False when it is not in the list."""
        try:
            position = self._ids.index(image_id)
        except ValueError:
            return False
        if choose:
            self.choose(position)
        else:
            self.move_to(position)
        return True

    def choose(self, position: int, *, toggle: bool = False, extend: bool = False) -> None:
        self._selection.choose(position, toggle=toggle, extend=extend)
        self._arrangement.reveal(position)
        self._tell()

    def move_to(self, position: int) -> None:
        self._selection.move_to(position)
        self._arrangement.reveal(position)
        self._tell()

    def choose_band(self, base: Ranges, touched: Ranges, *, toggle: bool) -> None:
        self._selection.band(base, touched, toggle=toggle)
        self._tell()

    def step(self, by: int) -> bool:
        """Make the image ``by`` places on current and chosen; False at the end of the list."""
        current = self._selection.current
        target = (0 if by > 0 else len(self._ids) - 1) if current is None else current + by
        if not 0 <= target < len(self._ids):
            return False
        self.choose(target)
        return True

    # Places

    def geometry_of_cells(self) -> GridGeometry:
        return self._arrangement.geometry

    def visible_positions(self) -> range:
        return self._arrangement.visible

    def cell_rect(self, position: int) -> QRect:
        """In coordinates of the viewport."""
        return self._arrangement.rect(position)

    def to_content(self, point: QPoint) -> QPoint:
        return point + QPoint(0, self._arrangement.top)

    def repaint_content(self, rect: QRect) -> None:
        self.viewport().update(rect.translated(0, -self._arrangement.top).adjusted(-2, -2, 2, 2))

    def scroll_to(self, image_id: int) -> bool:
        """Bring an image into view; False when it is not in the list."""
        try:
            self._arrangement.reveal(self._ids.index(image_id))
        except ValueError:
            return False
        return True

    def _show_emptiness(self) -> None:
        self._empty.setVisible(not self._ids and self._empty.has_text())

    def _lay_out(self, anchor: Anchor | None) -> None:
        font = theme().font(TypeSize.SMALL)
        caption = QFontMetrics(font).height() + SPACE_XS if self._captions else 0
        if self._arrangement.fit(len(self._ids), self._picture_width, caption, anchor):
            self._surface.reset()
        self._empty.setGeometry(self.contentsRect())
        self.viewport().update()

    def _show_visible(self, *, force: bool = False) -> None:
        before = self._arrangement.visible
        if not self._arrangement.look(self._ids) and not force:
            return
        visible = self._arrangement.visible
        forwards = visible.start >= before.start
        self._feed.show(self._ids, visible, self._arrangement.size, forwards=forwards)
        self.visible_range_changed.emit(visible.start, visible.stop)

    def _tell(self) -> None:
        """Paint and signal what has changed since the last time."""
        chosen, current = self._said
        now = self._selection
        self._said = (now.chosen, now.current)
        if chosen != now.chosen:
            self.viewport().update()
            self.selection_changed.emit(self.selected_ids())
        if current != now.current:
            self.repaint_cell(current)
            self.repaint_cell(now.current)
            self.current_changed.emit(self.current_id())
            self._announce_current()

    def _announce_current(self) -> None:
        current = self._selection.current
        if current is None:
            announce(self, "")
            return
        info = self._feed.info(self._ids[current])
        announce(self, cell_words(current, len(self._ids), info, chosen=self.is_chosen(current)))

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        for dirty in event.region():
            painter.setClipRect(dirty)
            self._surface.paint(painter, dirty, self._arrangement.top, self._input.band)
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
        self._input.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._input.move(event)
        self._pointer.move(event.position().toPoint())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._input.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._input.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._input.zoom(event)
            event.accept()
        else:
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.repaint_cell(self._selection.current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.repaint_cell(self._selection.current)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._pointer.show_tip(event)
            return True
        if event.type() == QEvent.Type.Leave:
            self._pointer.leave()
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._restyle()
        return super().viewportEvent(event)

    def repaint_cell(self, position: int | None) -> None:
        """Paint one cell again, where it shows."""
        if position is not None and position < len(self._ids):
            self.viewport().update(self.cell_rect(position).adjusted(-HALO, -HALO, HALO, HALO))

    @Slot(object)
    def _repaint_images(self, image_ids: list[int]) -> None:
        for image_id in image_ids:
            self.repaint_cell(self._arrangement.shown.get(image_id))

    @Slot()
    def _restyle(self) -> None:
        self._surface.reset()
        self._lay_out(self._arrangement.anchor(self._selection.current))
        self._show_visible()

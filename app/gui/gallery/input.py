"""Keys, clicks and the rubber band of the grid."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.gui.gallery.ranges import Ranges

if TYPE_CHECKING:
    from app.gui.gallery.view import GalleryView

WHEEL_NOTCH: Final = 120
_AUTO_SCROLL_MS: Final = 16
_AUTO_SCROLL_SHARE: Final = 4

_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class GridInput(QObject):
    """Turns events of a GalleryView into moves of its selection."""

    def __init__(self, view: "GalleryView") -> None:
        super().__init__(view)
        self._view = view
        self._pressed: QPoint | None = None
        self._mouse = QPoint()
        self._corner = QPoint()
        self._toggle = False
        self._base: Ranges | None = None
        self._wheel = 0
        self._auto_scroll = QTimer(self)
        self._auto_scroll.setInterval(_AUTO_SCROLL_MS)
        self._auto_scroll.timeout.connect(self._scroll_on)

    @property
    def band(self) -> QRect | None:
        """The rubber band in content coordinates while one is drawn."""
        if self._base is None or self._pressed is None:
            return None
        return QRect(self._pressed, self._corner).normalized()

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key meant something to the grid."""
        toggle, extend = bool(event.modifiers() & _CONTROL), bool(event.modifiers() & _SHIFT)
        view, key = self._view, event.key()
        if event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
            return False
        if key == Qt.Key.Key_A and toggle and not extend:
            view.select_all()
        elif key == Qt.Key.Key_Space and toggle and view.current_position() is not None:
            view.choose(view.current_position(), toggle=True)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (toggle or extend):
            if view.current_id() is None:
                return False
            view.activated.emit(view.current_id())
        elif (target := self._target(Qt.Key(key))) is not None:
            if toggle and not extend:
                view.move_to(target)
            else:
                view.choose(target, toggle=toggle, extend=extend)
        else:
            return key in _MOVES and view.count() == 0
        return True

    def _target(self, key: Qt.Key) -> int | None:
        """Where a key of movement leads from the current cell."""
        count = self._view.count()
        if key not in _MOVES or not count:
            return None
        geometry, current = self._view.geometry_of_cells(), self._view.current_position()
        if current is None:
            return count - 1 if key == Qt.Key.Key_End else 0
        columns = geometry.columns
        page = columns * geometry.page_rows(self._view.viewport().height())
        if self._view.isRightToLeft():
            key = _MIRRORED.get(key, key)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp):
            step = columns if key == Qt.Key.Key_Up else page
            return current - step if current >= step else current % columns
        if key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown):
            return _downwards(current, columns if key == Qt.Key.Key_Down else page, columns, count)
        targets = {
            Qt.Key.Key_Left: max(0, current - 1),
            Qt.Key.Key_Right: min(count - 1, current + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1,
        }
        return targets[key]

    def press(self, event: QMouseEvent) -> None:
        view, place = self._view, self._view.to_content(event.position().toPoint())
        toggle, extend = bool(event.modifiers() & _CONTROL), bool(event.modifiers() & _SHIFT)
        position = view.geometry_of_cells().hit(place.x(), place.y())
        if event.button() == Qt.MouseButton.RightButton:
            if position is not None and not view.is_chosen(position):
                view.choose(position)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = self._corner = place
        self._toggle = toggle
        if position is not None:
            view.choose(position, toggle=toggle, extend=extend)
        elif not (toggle or extend):
            view.clear_selection()

    def move(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        mouse = self._mouse = event.position().toPoint()
        place = self._view.to_content(mouse)
        if self._base is None:
            if (place - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            extend = bool(event.modifiers() & _SHIFT)
            self._base = self._view.selection().begin_band(toggle=self._toggle, extend=extend)
        self._stretch(place)
        outside = not 0 <= mouse.y() < self._view.viewport().height()
        if outside != self._auto_scroll.isActive():
            (self._auto_scroll.start if outside else self._auto_scroll.stop)()

    def release(self) -> None:
        band = self.band
        self._auto_scroll.stop()
        self._pressed = self._base = None
        if band is not None:
            self._view.repaint_content(band)

    def double_click(self, event: QMouseEvent) -> None:
        place = self._view.to_content(event.position().toPoint())
        position = self._view.geometry_of_cells().hit(place.x(), place.y())
        if event.button() == Qt.MouseButton.LeftButton and position is not None:
            self._pressed = None
            self._view.activated.emit(self._view.id_at(position))

    def zoom(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel; fine wheels and touch pads send parts of a notch."""
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / WHEEL_NOTCH)
        if notches:
            self._wheel -= notches * WHEEL_NOTCH
            self._view.zoom(notches)

    def _stretch(self, place: QPoint) -> None:
        before = self.band
        self._corner = place
        after = self.band
        if before is None or after is None or self._base is None:
            return
        touched = self._view.geometry_of_cells().touched(*after.getRect())
        self._view.choose_band(self._base, Ranges(touched), toggle=self._toggle)
        self._view.repaint_content(before.united(after))

    @Slot()
    def _scroll_on(self) -> None:
        mouse = self._mouse
        height = self._view.viewport().height()
        beyond = mouse.y() if mouse.y() < 0 else max(0, mouse.y() - height + 1)
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + beyond // _AUTO_SCROLL_SHARE + (beyond > 0) - (beyond < 0))
        self._stretch(self._view.to_content(mouse))


_MOVES = frozenset(
    {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}
    | {Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
)
_MIRRORED = {Qt.Key.Key_Left: Qt.Key.Key_Right, Qt.Key.Key_Right: Qt.Key.Key_Left}


def _downwards(current: int, step: int, columns: int, count: int) -> int:
    """Down by whole rows; into a last row that is too short, to its end."""
    if current + step < count:
        return current + step
    last_row = (count - 1) // columns
    if current // columns == last_row:
        return current
    return min(last_row * columns + current % columns, count - 1)

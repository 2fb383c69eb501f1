"""Keys, clicks and the rubber band of the grid."""

from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from app.gui.gallery.arrangement import GridArrangement
from app.gui.gallery.ranges import Ranges
from app.gui.gallery.selection import GridSelection

WHEEL_NOTCH: Final = 120
_AUTO_SCROLL_MS: Final = 16
_AUTO_SCROLL_SHARE: Final = 4

_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class GridInput(QObject):
    """Turns keys and clicks in ``area`` into changes of the selection."""

    selection_changed = Signal()
    activated = Signal(int)
    """The position that was double-clicked, or was current when Enter was pressed."""
    zoomed = Signal(int)
    """Steps to larger pictures, negative to smaller ones."""

    def __init__(
        self, area: QAbstractScrollArea, arrangement: GridArrangement, selection: GridSelection
    ) -> None:
        super().__init__(area)
        self._area, self._arrangement, self._selection = area, arrangement, selection
        self._pressed: QPoint | None = None
        self._mouse = QPoint()
        self._corner = QPoint()
        self._toggle = False
        self._base: Ranges | None = None
        self._wheel = 0
        self._auto_scroll = QTimer(self)
        self._auto_scroll.setInterval(_AUTO_SCROLL_MS)
        self._auto_scroll.timeout.connect(self._scroll_further)

    @property
    def band(self) -> QRect | None:
        """The rubber band in content coordinates, while one is drawn."""
        if self._base is None or self._pressed is None:
            return None
        return QRect(self._pressed, self._corner).normalized()

    def key(self, event: QKeyEvent) -> bool:
        """Whether the grid has used the key."""
        toggle, extend = bool(event.modifiers() & _CONTROL), bool(event.modifiers() & _SHIFT)
        key, current = event.key(), self._selection.current
        if event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
            return False
        if key == Qt.Key.Key_A and toggle and not extend:
            self._selection.select_all()
            self.selection_changed.emit()
        elif key == Qt.Key.Key_Space and toggle and current is not None:
            self._select(current, toggle=True, extend=False)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (toggle or extend):
            if current is None:
                return False
            self.activated.emit(current)
        elif (target := self._target(Qt.Key(key))) is not None:
            if toggle and not extend:
                self._selection.move_to(target)
                self._arrangement.reveal(target)
                self.selection_changed.emit()
            else:
                self._select(target, toggle=toggle, extend=extend)
        else:
            return key in _MOVES and not self._arrangement.ids
        return True

    def _select(self, position: int, *, toggle: bool, extend: bool) -> None:
        self._selection.select(position, toggle=toggle, extend=extend)
        self._arrangement.reveal(position)
        self.selection_changed.emit()

    def _target(self, key: Qt.Key) -> int | None:
        """The position to which a movement key leads; None for other keys."""
        count = len(self._arrangement.ids)
        if key not in _MOVES or not count:
            return None
        geometry, current = self._arrangement.geometry, self._selection.current
        if current is None:
            return count - 1 if key == Qt.Key.Key_End else 0
        columns = geometry.columns
        page = columns * geometry.page_rows(self._area.viewport().height())
        if self._area.isRightToLeft():
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
        point = event.position().toPoint()
        toggle, extend = bool(event.modifiers() & _CONTROL), bool(event.modifiers() & _SHIFT)
        position = self._arrangement.position_at(point)
        if event.button() == Qt.MouseButton.RightButton:
            if position is not None and position not in self._selection.selected:
                self._select(position, toggle=False, extend=False)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = self._corner = self._arrangement.to_content(point)
        self._toggle = toggle
        if position is not None:
            self._select(position, toggle=toggle, extend=extend)
        elif not (toggle or extend):
            self._selection.clear()
            self.selection_changed.emit()

    def move(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        mouse = self._mouse = event.position().toPoint()
        place = self._arrangement.to_content(mouse)
        if self._base is None:
            if (place - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            extend = bool(event.modifiers() & _SHIFT)
            self._base = self._selection.begin_band(toggle=self._toggle, extend=extend)
        self._stretch(place)
        outside = not 0 <= mouse.y() < self._area.viewport().height()
        if outside != self._auto_scroll.isActive():
            (self._auto_scroll.start if outside else self._auto_scroll.stop)()

    def release(self) -> None:
        band = self.band
        self._auto_scroll.stop()
        self._pressed = self._base = None
        if band is not None:
            self._arrangement.repaint_content(band)

    def double_click(self, event: QMouseEvent) -> None:
        position = self._arrangement.position_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and position is not None:
            self._pressed = None
            self.activated.emit(position)

    def zoom(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel; fine wheels and touchpads send fractions of a notch."""
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / WHEEL_NOTCH)
        if notches:
            self._wheel -= notches * WHEEL_NOTCH
            self.zoomed.emit(notches)

    def _stretch(self, place: QPoint) -> None:
        before = self.band
        self._corner = place
        after = self.band
        if before is None or after is None or self._base is None:
            return
        touched = self._arrangement.geometry.touched(after.x(), after.y(), after.width(), after.height())
        self._selection.band(self._base, Ranges(touched), toggle=self._toggle)
        self.selection_changed.emit()
        self._arrangement.repaint_content(before.united(after))

    @Slot()
    def _scroll_further(self) -> None:
        mouse = self._mouse
        height = self._area.viewport().height()
        beyond = mouse.y() if mouse.y() < 0 else max(0, mouse.y() - height + 1)
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + beyond // _AUTO_SCROLL_SHARE + (beyond > 0) - (beyond < 0))
        self._stretch(self._arrangement.to_content(mouse))


_MOVES = frozenset(
    {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}
    | {Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
)
_MIRRORED = {Qt.Key.Key_Left: Qt.Key.Key_Right, Qt.Key.Key_Right: Qt.Key.Key_Left}


def _downwards(current: int, step: int, columns: int, count: int) -> int:
    """Down by whole rows; in a last row that is shorter, to its end."""
    if current + step < count:
        return current + step
    last_row = (count - 1) // columns
    if current // columns == last_row:
        return current
    return min(last_row * columns + current % columns, count - 1)

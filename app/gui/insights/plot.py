"""The widget of a plot: shows a drawing, follows the pointer and the arrow keys, and opens what is chosen."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.gallery.announcing import announce
from app.gui.insights.drawing import Drawing
from app.gui.theme import theme
from app.gui.theme.tokens import RADIUS
from app.gui.widgets.painting import draw_focus_ring, smooth_painter

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Plot(QWidget):
    """One drawing at a time. Enter, Space or a click chooses the mark that is pointed at."""

    ACCESSIBLE_ROLE = QAccessible.Role.Chart

    pointed = Signal(str)
    """What the mark that is pointed at says; empty for none."""
    chosen = Signal(object)
    """A Target."""
    moved = Signal(object)
    """The QRectF of a mark that the keys led to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._drawing: Drawing | None = None
        self._summary = ""
        self._current: int | None = None
        self._hovered: int | None = None
        theme().changed.connect(self._resize)

    def drawing(self) -> Drawing | None:
        return self._drawing

    def show_drawing(self, drawing: Drawing, summary: str, *, keep: bool = False) -> None:
        """``summary``: what a screen reader says. ``keep`` the mark that is pointed at."""
        self._drawing, self._summary = drawing, summary
        self._hovered = None
        if not keep or self._current is None or self._current >= drawing.count:
            self._current = None
        self.setAccessibleDescription(summary)
        self._resize()
        self._tell()

    def drawn_size(self) -> QSizeF:
        return QSizeF(self.size())

    @Slot()
    def _resize(self) -> None:
        if self._drawing is not None:
            self.setMinimumSize(self._drawing.natural_size().toSize())
            # Now, not with the next layout: what is painted before would have the former size.
            around = self.parentWidget()
            self.resize(
                self.minimumSize() if around is None else self.minimumSize().expandedTo(around.size())
            )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._drawing is None:
            return
        painter = smooth_painter(self)
        painter.setClipRect(event.rect())
        self._drawing.draw(painter, self.drawn_size())
        marked = self._hovered if self._hovered is not None else self._current if self.hasFocus() else None
        if marked is not None and marked < self._drawing.count:
            place = self._drawing.place(marked, self.drawn_size())
            ring = place.adjusted(-3, -3, 3, 3).intersected(QRectF(self.rect()))
            draw_focus_ring(painter, ring, RADIUS)
        elif self.hasFocus():
            draw_focus_ring(painter, self.rect().toRectF(), RADIUS)
        painter.end()

    # --- pointing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._hover(event.position())
        if event.button() == Qt.MouseButton.LeftButton and self._hovered is not None:
            self._current = self._hovered
            self._choose(self._hovered)

    def _hover(self, point: QPointF | None) -> None:
        drawing = self._drawing
        found = None if drawing is None or point is None else drawing.at(point, self.drawn_size())
        if found != self._hovered:
            self._hovered = found
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if found is not None else Qt.CursorShape.ArrowCursor
            )
            self._tell()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, drawing = Qt.Key(event.key()), self._drawing
        if drawing is None or not drawing.count:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self._go(0 if self._current is None else drawing.step(self._current, *_STEPS[key]))
        elif key == Qt.Key.Key_Home:
            self._go(0)
        elif key == Qt.Key.Key_End:
            self._go(drawing.count - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current is not None:
            self._choose(self._current)
        else:
            super().keyPressEvent(event)

    def _go(self, mark: int) -> None:
        self._current, self._hovered = mark, None
        assert self._drawing is not None
        self.moved.emit(self._drawing.place(mark, self.drawn_size()))
        self._tell()
        announce(self, self._drawing.words(mark))
        self.update()

    def _choose(self, mark: int) -> None:
        target = None if self._drawing is None else self._drawing.target(mark)
        if target is not None:
            self.chosen.emit(target)

    def _tell(self) -> None:
        shown = self._hovered if self._hovered is not None else self._current
        drawing = self._drawing
        known = drawing is not None and shown is not None and shown < drawing.count
        self.pointed.emit(drawing.words(shown) if known and drawing and shown is not None else "")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setAccessibleDescription(self._summary)
        self.update()

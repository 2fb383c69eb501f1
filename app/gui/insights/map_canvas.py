"""The map: zooming, pointing at images, drawing around some of them."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.insights import ColourBy, ImageMap, MapColours
from app.gui.gallery.announcing import announce
from app.gui.insights.drawing import small_font_metrics
from app.gui.insights.map_colours import draw_map_legend, legend_of, pixels_of
from app.gui.insights.map_points import (
    View,
    as_image,
    in_plane,
    inside_polygon,
    on_screen,
    stamped,
    whole_view,
)
from app.gui.theme import theme
from app.gui.theme.tokens import RADIUS, SPACE_S
from app.gui.widgets.painting import draw_focus_ring, smooth_painter
from app.gui.widgets.words import counted

_NEAR: Final = 12
_CLICK: Final = 4
_STEP: Final = 24
THUMBNAIL: Final = 128
"""The side of the picture of the image that is pointed at, in pixels for a 13 pixel font."""
_MANY: Final = 20_000
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class MapCanvas(QWidget):
    """Dragging draws around images; with the middle button, or with Ctrl, it moves the map. The arrow keys
    move a cross, with Shift they span a rectangle from it; Enter opens the nearest image, or shows what is
    inside."""

    ACCESSIBLE_ROLE = QAccessible.Role.Chart

    pointed = Signal(object)
    """The id of the image that is pointed at, or None."""
    opened = Signal(object)
    """The id of an image to be shown large."""
    lassoed = Signal(object)
    """A list of image ids."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Map of the images"))
        self.picture_of: Callable[[int, int], QImage | None] = lambda _number, _side: None
        """The thumbnail of an image; asked while painting."""
        self._map: ImageMap | None = None
        self._colours: MapColours | None = None
        self._chosen_view: View | None = None
        """None: the whole map."""
        self._painted: tuple[object, QImage] | None = None
        self._points: NDArray[np.float64] | None = None
        self._hovered: int | None = None
        self._caption = ""
        self._outline: list[QPointF] = []
        self._pressed: QPointF | None = None
        self._panned: QPointF | None = None
        self._cross: QPointF | None = None
        self._corner: QPointF | None = None
        theme().changed.connect(self._repaint)

    # --- content

    def show_map(self, found: ImageMap) -> None:
        """Keeps the part that is shown if the map is the same one."""
        before, self._map = self._map, found
        same = before is not None and before.method is found.method and len(before.ids) == len(found.ids)
        if not same:
            self._chosen_view = None
            self._hovered = self._cross = self._corner = None
        self._colours = None if not same else self._colours
        self._repaint()

    def show_colours(self, colours: MapColours) -> None:
        self._colours = colours
        self._repaint()

    @property
    def shown(self) -> ImageMap | None:
        return self._map

    @property
    def hovered(self) -> int | None:
        """The id of the image that is pointed at."""
        return self._hovered

    def set_caption(self, words: str) -> None:
        """What is written below the thumbnail of the image that is pointed at."""
        self._caption = words
        self.update()

    def place_of(self, image_id: int) -> QPointF:
        """Where an image is in the widget."""
        assert self._map is not None
        at = int(np.searchsorted(self._map.ids, image_id))
        x, y = self._screen_points()[at]
        return QPointF(float(x), float(y))

    @Slot()
    def _repaint(self) -> None:
        self._painted = self._points = None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(480), theme().pixels(360))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(240), theme().pixels(200))

    def _frame(self, size: QSizeF) -> QRectF:
        top = small_font_metrics().height() + 2 * SPACE_S
        return QRectF(0, top, size.width(), max(10.0, size.height() - top))

    def _view(self, frame: QRectF) -> View:
        if self._chosen_view is not None:
            return self._chosen_view
        assert self._map is not None
        return whole_view(self._map.places, frame)

    def _screen_points(self) -> NDArray[np.float64]:
        if self._points is None:
            assert self._map is not None
            frame = self._frame(QSizeF(self.size()))
            self._points = on_screen(self._map.places, self._view(frame), frame)
        return self._points

    # --- painting

    def draw(self, painter: QPainter, size: QSizeF, ratio: float) -> None:
        """The points and the legend, for the window and for files."""
        if self._map is None:
            return
        frame = self._frame(size)
        painter.drawImage(frame.topLeft(), self._image(frame, ratio))
        draw_map_legend(painter, self._colours, size.width())

    def _image(self, frame: QRectF, ratio: float) -> QImage:
        key = (frame.width(), frame.height(), ratio)
        if self._painted is not None and self._painted[0] == key:
            return self._painted[1]
        assert self._map is not None
        pixels = np.zeros(
            (max(1, round(frame.height() * ratio)), max(1, round(frame.width() * ratio))), np.uint32
        )
        moved = frame.translated(-frame.topLeft())
        points = on_screen(self._map.places, self._view(moved), moved) * ratio
        radius = (1.6 if len(points) > _MANY else 2.6 if len(points) > 2_000 else 3.6) * ratio
        for shape, chosen, colours in pixels_of(self._colours, len(points)):
            stamped(pixels, points[chosen], colours, shape, radius)
        image = as_image(pixels, ratio)
        self._painted = key, image
        return image

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._map is None:
            return
        painter = smooth_painter(self)
        self.draw(painter, QSizeF(self.size()), self.devicePixelRatioF())
        self._draw_outline(painter)
        if self._hovered is not None:
            self._draw_hovered(painter, self._hovered)
        if self.hasFocus():
            draw_focus_ring(painter, QRectF(self.rect()), RADIUS)
        painter.end()

    def _draw_outline(self, painter: QPainter) -> None:
        fill = QColor(theme().colour("accent"))
        fill.setAlphaF(0.12)
        painter.setPen(QPen(theme().colour("accent"), 1.4))
        if self._outline:
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF(self._outline))
        if self._cross is not None and self.hasFocus():
            if self._corner is not None:
                painter.setBrush(fill)
                painter.drawRect(QRectF(self._corner, self._cross).normalized())
            for across, down in ((7, 0), (0, 7)):
                painter.drawLine(self._cross - QPointF(across, down), self._cross + QPointF(across, down))

    def _draw_hovered(self, painter: QPainter, image_id: int) -> None:
        place = self.place_of(image_id)
        painter.setPen(QPen(theme().colour("text"), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place, 6, 6)
        side, metrics = theme().pixels(THUMBNAIL), small_font_metrics()
        picture = self.picture_of(image_id, side)
        size = QSizeF(side, side * 0.75) if picture is None else QSizeF(picture.deviceIndependentSize())
        wide = max(size.width(), side)
        box = QRectF(0, 0, wide + 2 * SPACE_S, size.height() + metrics.height() + 3 * SPACE_S)
        box.moveTopLeft(place + QPointF(14, 14))
        if box.right() > self.width():
            box.moveRight(place.x() - 14)
        if box.bottom() > self.height():
            box.moveBottom(max(box.height(), place.y() - 14))
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.setBrush(theme().colour("raised"))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        if picture is not None:
            left = box.center().x() - size.width() / 2
            painter.drawImage(QRectF(QPointF(left, box.top() + SPACE_S), size), picture)
        painter.setPen(theme().colour("text"))
        words = metrics.elidedText(self._caption, Qt.TextElideMode.ElideMiddle, wide)
        below = QRectF(
            box.left() + SPACE_S, box.bottom() - metrics.height() - SPACE_S, wide, metrics.height()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cross = self._corner = None
        self._repaint()

    # --- pointing, drawing around, moving

    def nearest(self, point: QPointF, within: float | None = None) -> int | None:
        """The id of the image nearest to a point; ``within`` that many pixels."""
        if self._map is None or not len(self._map.ids):
            return None
        points = self._screen_points()
        far = np.hypot(points[:, 0] - point.x(), points[:, 1] - point.y())
        at = int(far.argmin())
        return int(self._map.ids[at]) if within is None or far[at] <= within else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        controlled = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.button() == Qt.MouseButton.MiddleButton or (
            controlled and event.button() == Qt.MouseButton.LeftButton
        ):
            self._panned = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self._outline = []
            self._cross = self._corner = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position()
        if self._panned is not None and self._map is not None:
            frame = self._frame(QSizeF(self.size()))
            view = self._view(frame)
            before, now = (in_plane(point, view, frame) for point in (self._panned, here))
            self._chosen_view = view.moved(before[0] - now[0], before[1] - now[1])
            self._panned = here
            self._repaint()
        elif self._pressed is not None:
            moved = here - self._pressed
            if self._outline or moved.manhattanLength() > _CLICK:
                self._outline = [*(self._outline or [self._pressed]), here]
                self._point(None)
                self.update()
        else:
            self._point(self.nearest(here, _NEAR))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._panned is not None:
            self._panned = None
            self.unsetCursor()
            return
        pressed, self._pressed = self._pressed, None
        outline, self._outline = self._outline, []
        self.update()
        if outline:
            corners = np.array([[point.x(), point.y()] for point in outline])
            self._take(inside_polygon(self._screen_points(), corners) if self._map is not None else None)
        elif pressed is not None and (found := self.nearest(event.position(), _NEAR)) is not None:
            self.opened.emit(found)

    def _take(self, chosen: NDArray[np.bool_] | None) -> None:
        if self._map is not None and chosen is not None and chosen.any():
            self.lassoed.emit(self._map.ids[chosen].tolist())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)

    def _point(self, image_id: int | None) -> None:
        if image_id != self._hovered:
            self._hovered = image_id
            self._caption = ""
            self.pointed.emit(image_id)
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(1.2 ** (event.angleDelta().y() / 120), event.position())

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        frame = self._frame(QSizeF(self.size()))
        if self._map is not None:
            view = self._view(frame)
            self._chosen_view = view.zoomed(factor, in_plane(at or frame.center(), view, frame))
            self._repaint()

    def show_all(self) -> None:
        self._chosen_view = None
        self._repaint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._move_cross(
                *_ARROWS[key], extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            )
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._cross is not None:
            self._act_at_cross()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(1 / 1.4 if key == Qt.Key.Key_Minus else 1.4, self._cross)
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key == Qt.Key.Key_Escape and self._corner is not None:
            self._corner = None
            self.update()
        else:
            super().keyPressEvent(event)

    def _move_cross(self, across: int, down: int, *, extend: bool) -> None:
        frame = self._frame(QSizeF(self.size()))
        here = self._cross or frame.center()
        self._corner = (self._corner or here) if extend else None
        step = theme().pixels(_STEP)
        self._cross = QPointF(
            min(max(here.x() + across * step, frame.left()), frame.right()),
            min(max(here.y() + down * step, frame.top()), frame.bottom()),
        )
        if extend:
            self._point(None)
            count = int(self._in_rectangle().sum())
            words = counted(
                count, self.tr("{n} image in the rectangle"), self.tr("{n} images in the rectangle")
            )
            announce(self, words)
        else:
            self._point(self.nearest(self._cross, theme().pixels(_STEP)))
        self.update()

    def _in_rectangle(self) -> NDArray[np.bool_]:
        assert self._corner is not None and self._cross is not None
        box, points = QRectF(self._corner, self._cross).normalized(), self._screen_points()
        across = (points[:, 0] >= box.left()) & (points[:, 0] <= box.right())
        found: NDArray[np.bool_] = across & (points[:, 1] >= box.top()) & (points[:, 1] <= box.bottom())
        return found

    def _act_at_cross(self) -> None:
        assert self._cross is not None
        if self._corner is not None:
            self._take(self._in_rectangle())
        elif (found := self.nearest(self._cross, theme().pixels(_STEP))) is not None:
            self.opened.emit(found)


def map_summary(found: ImageMap, colours: MapColours | None) -> str:
    """For a screen reader: how many images there are, and what the colours say."""
    count = len(found.ids)
    translate = QCoreApplication.translate
    words = counted(
        count,
        translate("MapCanvas", "{n} image on the map."),
        translate("MapCanvas", "{n} images on the map."),
    )
    if colours is None or colours.by is ColourBy.SCORE:
        return words
    parts = ", ".join(text for _, text in legend_of(colours))
    return translate("MapCanvas", "{images} Colours: {parts}.").format(images=words, parts=parts)

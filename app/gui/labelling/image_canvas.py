"""Paints one image on a quiet ground; zooms at the cursor and pans by dragging."""

from typing import Final, Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.labelling.picture import Picture
from app.gui.labelling.viewpoint import STEP, Viewpoint
from app.gui.theme import TypeSize, theme

_NOTCH: Final = 120
# From here on a person wants to see the pixels, not a smooth guess between them.
_PIXELS_FROM: Final = 4.0


class Overlay(Protocol):
    """Paints over the picture."""

    def paint(self, painter: QPainter, view: Viewpoint) -> None: ...


class ImageCanvas(QWidget):
    """Layout and input of one picture; what to decode is asked for with ``side_wanted``."""

    side_wanted = Signal(int)
    """Device pixels that the longer side of the image now takes."""
    viewpoint_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Image")
        self._picture: Picture | None = None
        self._viewpoint: Viewpoint | None = None
        self._words = ""
        self._overlay: Overlay | None = None
        self._grabbed: QPointF | None = None
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(480), theme().pixels(360))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 80)

    def picture(self) -> Picture | None:
        return self._picture

    def viewpoint(self) -> Viewpoint | None:
        """How the picture lies in the view; None while there is none."""
        return self._viewpoint

    def set_overlay(self, overlay: Overlay | None) -> None:
        """What is painted over each picture from now on."""
        self._overlay = overlay
        self.update()

    def show_picture(self, picture: Picture, *, keep_view: bool = False) -> None:
        """Show another picture, fitted; or, with ``keep_view``, a better one of the same image in place."""
        self._picture, self._words = picture, ""
        same = self._viewpoint is not None and (self._viewpoint.width, self._viewpoint.height) == (
            picture.width,
            picture.height,
        )
        if not (keep_view and same):
            self._viewpoint = Viewpoint(
                picture.width,
                picture.height,
                max(1, self.width()),
                max(1, self.height()),
                self.devicePixelRatioF(),
            )
        self._moved()

    def show_words(self, words: str = "") -> None:
        """A quiet word in the place of a picture, such as that it is on its way."""
        self._picture = self._viewpoint = None
        self._words = words
        self._release()
        self.viewpoint_changed.emit()
        self.update()

    @Slot()
    def fit(self) -> None:
        if self._viewpoint is not None:
            self._set(self._viewpoint.fit())

    @Slot()
    def show_actual_size(self) -> None:
        if self._viewpoint is not None:
            self._set(self._viewpoint.actual(self.width() / 2, self.height() / 2))

    @Slot()
    def zoom_in(self) -> None:
        self._zoom(STEP, QPointF(self.rect().center()))

    @Slot()
    def zoom_out(self) -> None:
        self._zoom(1 / STEP, QPointF(self.rect().center()))

    def percent(self) -> int | None:
        """Magnification in device pixels for a pixel of the image; None while there is none."""
        view = self._viewpoint
        return None if view is None else max(1, round(view.scale * view.ratio * 100))

    def _zoom(self, factor: float, at: QPointF) -> None:
        if self._viewpoint is not None:
            self._set(self._viewpoint.zoomed(factor, at.x(), at.y()))

    def _set(self, viewpoint: Viewpoint) -> None:
        if viewpoint != self._viewpoint:
            self._viewpoint = viewpoint
            self._moved()

    def _moved(self) -> None:
        view = self._viewpoint
        if view is None:
            return
        can_pan = not view.fitted and self._grabbed is None
        self.setCursor(Qt.CursorShape.OpenHandCursor) if can_pan else None
        if view.fitted and self._grabbed is None:
            self.unsetCursor()
        self.viewpoint_changed.emit()
        self.side_wanted.emit(round(view.needed_side()))
        self.update()

    def _release(self) -> None:
        self._grabbed = None
        self.unsetCursor()

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().colour("ground"))
        picture, view = self._picture, self._viewpoint
        if picture is not None and view is not None:
            magnified = view.scale * view.ratio * picture.width / max(1, picture.image.width())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, magnified < _PIXELS_FROM)
            painter.drawImage(QRectF(*view.rect()), picture.image)
            if self._overlay is not None:
                self._overlay.paint(painter, view)
        elif self._words:
            painter.setFont(theme().font(TypeSize.BODY))
            painter.setPen(theme().colour("quiet"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        if self._viewpoint is not None:
            self._set(self._viewpoint.resized(self.width(), self.height(), self.devicePixelRatioF()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self._zoom(STEP ** (turned / _NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        buttons = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)
        if event.button() in buttons and self._viewpoint is not None and not self._viewpoint.fitted:
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None or self._viewpoint is None:
            return
        moved, self._grabbed = event.position() - self._grabbed, event.position()
        self._set(self._viewpoint.panned(moved.x(), moved.y()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._grabbed is not None:
            self._release()
            self._moved()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Between fitted and one to one, at the cursor."""
        if event.button() == Qt.MouseButton.LeftButton and self._viewpoint is not None:
            at = event.position()
            fitted = self._viewpoint.fitted
            self._set(self._viewpoint.actual(at.x(), at.y()) if fitted else self._viewpoint.fit())

"""Shows one image; zooms at the cursor and pans by dragging."""

from typing import Final, Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.theme import TypeSize, theme
from app.gui.widgets.pictures import Picture
from app.gui.widgets.zoom_transform import STEP, ZoomTransform

_NOTCH: Final = 120
# From this magnification on, pixels are shown as they are, without smoothing.
_PIXELS_FROM: Final = 4.0


class Overlay(Protocol):
    """Painted over the image."""

    def paint(self, painter: QPainter, view: ZoomTransform) -> None: ...


class ImageCanvas(QWidget):
    """Layout and input of one image; ``side_wanted`` asks for a size to decode."""

    ACCESSIBLE_ROLE = QAccessible.Role.Graphic
    side_wanted = Signal(int)
    """Device pixels now taken by the longer side of the image."""
    transform_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Image"))
        self._picture: Picture | None = None
        self.transform: ZoomTransform | None = None
        """None while there is no image."""
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

    def set_overlay(self, overlay: Overlay | None) -> None:
        """Paint this over each image from now on."""
        self._overlay = overlay
        self.update()

    def show_picture(self, picture: Picture, *, keep_view: bool = False) -> None:
        """Show an image, fitted to the view; ``keep_view``: a sharper version of the same image, in place."""
        self._picture, self._words = picture, ""
        same = self.transform is not None and (self.transform.width, self.transform.height) == (
            picture.width,
            picture.height,
        )
        if not (keep_view and same):
            self.transform = ZoomTransform(
                picture.width,
                picture.height,
                max(1, self.width()),
                max(1, self.height()),
                self.devicePixelRatioF(),
            )
        self._moved()

    def show_words(self, words: str = "") -> None:
        """Show a message instead of an image."""
        self._picture = self.transform = None
        self._words = words
        self._release()
        self.transform_changed.emit()
        self.update()

    @Slot()
    def fit(self) -> None:
        if self.transform is not None:
            self._set(self.transform.fit())

    @Slot()
    def show_actual_size(self) -> None:
        if self.transform is not None:
            self._set(self.transform.actual(self.width() / 2, self.height() / 2))

    @Slot()
    def zoom_in(self) -> None:
        self._zoom(STEP, QPointF(self.rect().center()))

    @Slot()
    def zoom_out(self) -> None:
        self._zoom(1 / STEP, QPointF(self.rect().center()))

    def percent(self) -> int | None:
        """Device pixels per pixel of the image, in percent; None while there is no image."""
        view = self.transform
        return None if view is None else max(1, round(view.scale * view.ratio * 100))

    def _zoom(self, factor: float, at: QPointF) -> None:
        if self.transform is not None:
            self._set(self.transform.zoomed(factor, at.x(), at.y()))

    def _set(self, transform: ZoomTransform) -> None:
        if transform != self.transform:
            self.transform = transform
            self._moved()

    def _moved(self) -> None:
        view = self.transform
        if view is None:
            return
        can_pan = not view.fitted and self._grabbed is None
        self.setCursor(Qt.CursorShape.OpenHandCursor) if can_pan else None
        if view.fitted and self._grabbed is None:
            self.unsetCursor()
        self.transform_changed.emit()
        self.side_wanted.emit(round(view.needed_side()))
        self.update()

    def _release(self) -> None:
        self._grabbed = None
        self.unsetCursor()

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().colour("ground"))
        picture, view = self._picture, self.transform
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
        if self.transform is not None:
            self._set(self.transform.resized(self.width(), self.height(), self.devicePixelRatioF()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self._zoom(STEP ** (turned / _NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        buttons = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)
        if event.button() in buttons and self.transform is not None and not self.transform.fitted:
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None or self.transform is None:
            return
        moved, self._grabbed = event.position() - self._grabbed, event.position()
        self._set(self.transform.panned(moved.x(), moved.y()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._grabbed is not None:
            self._release()
            self._moved()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Switch between fit and actual size, at the cursor."""
        if event.button() == Qt.MouseButton.LeftButton and self.transform is not None:
            at = event.position()
            fitted = self.transform.fitted
            self._set(self.transform.actual(at.x(), at.y()) if fitted else self.transform.fit())

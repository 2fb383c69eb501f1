"""Images whose suggestions differ between two versions, as a scrolled grid of cards."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from app.domain.language import number
from app.domain.training import Flip
from app.gui.gallery.announcing import announce
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon
from app.gui.theme.tokens import RADIUS, SPACE_M, SPACE_S, SPACE_XS
from app.gui.training.words import flip_words
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader

_PICTURE: Final = 150
_RATIO: Final = 0.75


class FlipGrid(QAbstractScrollArea):
    """Each card shows the image, the category, and the probability before and after."""

    ACCESSIBLE_ROLE = QAccessible.Role.List
    opened = Signal(object)
    """The image of a card that was double-clicked or opened with Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Changed suggestions"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._flips: list[Flip] = []
        self._pair = ("", "")
        self._current = 0
        self._loader: ThumbnailLoader | None = None
        theme().changed.connect(self._restyle)

    def set_loader(self, loader: ThumbnailLoader) -> None:
        self._loader = loader
        loader.loaded.connect(self._repaint)
        loader.failed.connect(self._repaint)

    def set_flips(self, flips: Sequence[Flip], a: str, b: str) -> None:
        self._flips, self._pair, self._current = list(flips), (a, b), 0
        self.verticalScrollBar().setValue(0)
        self._restyle()

    @property
    def current(self) -> Flip | None:
        return self._flips[self._current] if self._current < len(self._flips) else None

    def count(self) -> int:
        return len(self._flips)

    def card_rect(self, place: int) -> QRect:
        """In coordinates of the viewport."""
        row, column = divmod(place, self._columns())
        size = self._card()
        x = SPACE_S + column * (size.width() + SPACE_S)
        y = SPACE_S + row * (size.height() + SPACE_S) - self.verticalScrollBar().value()
        return QRect(x, y, size.width(), size.height())

    # --- layout

    def _card(self) -> QSize:
        line = QFontMetrics(theme().font(TypeSize.SMALL)).height()
        columns = self._columns()
        width = (max(self.viewport().width(), 1) - SPACE_S) // columns - SPACE_S
        return QSize(max(1, width), round(self._picture(width)) + 2 * line + 2 * SPACE_S)

    def _picture(self, width: int) -> float:
        return (width - 2 * SPACE_XS) * _RATIO

    def _columns(self) -> int:
        return max(1, (self.viewport().width() - SPACE_S) // (theme().pixels(_PICTURE) + SPACE_S))

    def _visible(self) -> range:
        columns, step = self._columns(), self._card().height() + SPACE_S
        first = self.verticalScrollBar().value() // step * columns
        last = (self.verticalScrollBar().value() + self.viewport().height()) // step + 1
        return range(first, min(len(self._flips), last * columns))

    @Slot()
    def _restyle(self) -> None:
        rows = -(-len(self._flips) // self._columns())
        step = self._card().height() + SPACE_S
        bar = self.verticalScrollBar()
        bar.setPageStep(max(1, self.viewport().height()))
        bar.setSingleStep(max(1, step // 4))
        bar.setRange(0, max(0, rows * step + SPACE_S - self.viewport().height()))
        self._load()
        self.viewport().update()

    def _load(self) -> None:
        if self._loader is not None and self.isVisible():
            size = round(self._card().width() * self.devicePixelRatioF())
            self._loader.want([self._flips[place].image_id for place in self._visible()], size)

    @Slot(object)
    def _repaint(self, _ids: object) -> None:
        self.viewport().update()

    # --- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.viewport().rect(), theme().colour("ground"))
        for place in self._visible():
            self._paint_card(painter, self.card_rect(place), self._flips[place], place == self._current)
        painter.end()

    def _paint_card(self, painter: QPainter, rect: QRect, flip: Flip, current: bool) -> None:
        edge = "line" if not current else "accent" if self.hasFocus() else "quiet"
        painter.setPen(QPen(theme().colour(edge), 2 if current else 1))
        painter.setBrush(theme().colour("surface"))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        high = round(self._picture(rect.width()))
        box = QRect(rect.left() + SPACE_XS, rect.top() + SPACE_XS, rect.width() - 2 * SPACE_XS, high)
        self._paint_picture(painter, box, flip)
        small = theme().font(TypeSize.SMALL, tabular=True)
        metrics = QFontMetrics(small)
        painter.setFont(small)
        painter.setPen(theme().colour("text"))
        line = QRect(box.left() + SPACE_XS, box.bottom() + SPACE_XS, box.width() - SPACE_S, metrics.height())
        name = metrics.elidedText(flip.category, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
        self._paint_change(painter, line.translated(0, metrics.height()), flip)

    def _paint_picture(self, painter: QPainter, box: QRect, flip: Flip) -> None:
        picture = None if self._loader is None else self._loader.picture(flip.image_id)
        if isinstance(picture, QImage) and not picture.isNull():
            size = picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(box.topLeft(), size)
            target.moveCenter(box.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, picture)
            return
        trouble = self._loader is not None and self._loader.reason(flip.image_id)
        mark = box.adjusted(box.width() // 3, box.height() // 3, -box.width() // 3, -box.height() // 3)
        draw_icon(painter, "image-broken" if trouble else "image", mark.toRectF(), theme().colour("quiet"))

    def _paint_change(self, painter: QPainter, line: QRect, flip: Flip) -> None:
        """``0.31 → 0.83 added``; the colour only repeats it."""
        came = flip.after > flip.before
        painter.setPen(theme().colour("quiet"))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, f"{number(flip.before, 2)} → ")
        ahead = painter.fontMetrics().horizontalAdvance(f"{number(flip.before, 2)} → ")
        rest = line.adjusted(ahead, 0, 0, 0)
        painter.setPen(theme().colour("yes" if came else "no"))
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, number(flip.after, 2))
        sign = self.tr("added") if came else self.tr("removed")
        ahead += painter.fontMetrics().horizontalAdvance(number(flip.after, 2)) + SPACE_M
        rest = line.adjusted(ahead, 0, 0, 0)
        painter.setPen(theme().colour("quiet"))
        shown = painter.fontMetrics().elidedText(sign, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, shown)

    # --- input

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._columns()
        steps = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: columns,
            Qt.Key.Key_Up: -columns,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._move(self._current + steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current is not None:
            self.opened.emit(self.current.image_id)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event)
        if place is not None:
            self._move(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self._at(event)
        if place is not None:
            self.opened.emit(self._flips[place].image_id)

    def _at(self, event: QMouseEvent | QHelpEvent) -> int | None:
        at = event.position().toPoint() if isinstance(event, QMouseEvent) else event.pos()
        return next((place for place in self._visible() if self.card_rect(place).contains(at)), None)

    def _move(self, place: int) -> None:
        if not 0 <= place < len(self._flips):
            return
        self._current = place
        rect, bar = self.card_rect(place), self.verticalScrollBar()
        if rect.top() < 0:
            bar.setValue(bar.value() + rect.top() - SPACE_S)
        elif rect.bottom() > self.viewport().height():
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + SPACE_S)
        announce(self, flip_words(self._flips[place], *self._pair))
        self.viewport().update()

    # --- other events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._restyle()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self._load()
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._at(event)
            words = "" if place is None else flip_words(self._flips[place], *self._pair)
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().viewportEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load()

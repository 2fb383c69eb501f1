"""The cards of a page. One is current; cards are answered by key or mouse."""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QFocusEvent, QHelpEvent, QImage, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.review import Card
from app.gui.gallery.announcing import announce
from app.gui.review.card_layout import CardLayout, layout_for, page_layout
from app.gui.review.card_painter import MARKS, CardLook, mark_rects, paint_card
from app.gui.theme import theme
from app.gui.widgets.painting import smooth_painter
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader
from app.jobs.review.session import ReviewSession

LEAST_PICTURE: Final = 128
_SIZE_STEP: Final = 32
_BUSY_OPACITY: Final = 0.45


class CardGrid(QWidget):
    """Paints the page of a ReviewSession."""

    ACCESSIBLE_ROLE = QAccessible.Role.List
    current_changed = Signal()
    decided = Signal(int, object)
    """The place of a card and the LabelState given to it with the mouse."""
    opened = Signal()
    """Show the current card large."""
    capacity_changed = Signal(int)
    """The number of cards that fit."""

    def __init__(self, review: ReviewSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Cards"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._review = review
        self._loader: ThumbnailLoader | None = None
        self._current = 0
        self._hovered: int | None = None
        review.page_changed.connect(self._show_page)
        review.cards_changed.connect(self._show_marks)
        review.busy_changed.connect(self._repaint)
        theme().changed.connect(self._restyle)

    def set_loader(self, loader: ThumbnailLoader) -> None:
        self._loader = loader
        loader.loaded.connect(self._repaint)
        loader.failed.connect(self._repaint)
        self.load()

    # --- what is shown

    @property
    def current(self) -> int:
        """The place of the current card; 0 if there is none."""
        return self._current

    def count(self) -> int:
        active = self._review.round
        return 0 if active is None else len(active.cards)

    def current_card(self) -> Card | None:
        active = self._review.round
        return active.cards[self._current] if active and self._current < len(active.cards) else None

    def capacity(self) -> int:
        """The number of cards that fit at a good size."""
        return page_layout(self.width(), self.height(), self._least()).capacity

    def card_rect(self, place: int) -> QRect:
        return QRect(*self._layout().place(place))

    def look(self, place: int) -> CardLook:
        active, loader = self._review.round, self._loader
        assert active is not None
        card, page = active.cards[place], active.page
        picture = None if loader is None else loader.picture(card.image_id)
        return CardLook(
            card=card,
            state=active.state(place),
            threshold=None if page is None else page.threshold,
            learned=page is None or page.learned,
            picture=picture if isinstance(picture, QImage) else None,
            trouble=None if loader is None else loader.reason(card.image_id),
            current=place == self._current,
            focused=self.hasFocus(),
            hovered=place == self._hovered,
            pending=card.image_id in active.pending,
        )

    def load(self) -> None:
        """Ask for the thumbnails of the page, in the size at which they are painted."""
        active = self._review.round
        if self._loader is None or not self.isVisible():
            return
        images = [] if active is None else [card.image_id for card in active.cards]
        ratio = self.devicePixelRatioF()
        size = -(-round(self._layout().picture * ratio) // _SIZE_STEP) * _SIZE_STEP
        self._loader.want(images, size)

    def _least(self) -> int:
        return theme().pixels(LEAST_PICTURE)

    def _layout(self) -> CardLayout:
        return layout_for(self.count(), self.width(), self.height(), self._least())

    # --- moving

    def choose(self, place: int) -> None:
        if 0 <= place < self.count() and place != self._current:
            self._current = place
            self.update()
            self.current_changed.emit()
            self._announce()

    def step(self, by: int) -> None:
        self.choose(min(max(self._current + by, 0), max(0, self.count() - 1)))

    def step_row(self, by: int) -> None:
        self.step(by * self._layout().columns)

    def advance(self) -> None:
        """To the next card without an answer, wrapping around; stay if there is none."""
        active = self._review.round
        free = [] if active is None else [one for one in active.open_places() if one != self._current]
        later = [one for one in free if one > self._current]
        if later or free:
            self.choose((later or free)[0])

    # --- following

    @Slot()
    def _show_page(self) -> None:
        self._current, self._hovered = 0, None
        self.load()
        self.update()
        self.current_changed.emit()
        self._announce()

    @Slot(object)
    def _repaint(self, _what: object) -> None:
        self.update()

    @Slot()
    def _show_marks(self) -> None:
        self.update()
        self._announce()

    def _announce(self) -> None:
        if self._current >= self.count():
            announce(self, "")
            return
        look = self.look(self._current)
        answer = [] if look.sign() else [self.tr("no answer")]
        announce(self, ", ".join([self.position_words(), *look.words(), *answer]))

    def position_words(self) -> str:
        """``Card 2 of 12``."""
        words = self.tr("Card {n} of {count}")
        return words.format(n=self._current + 1, count=self.count())

    # --- events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        painter.fillRect(event.rect(), theme().colour("ground"))
        layout = self._layout()
        painter.setOpacity(_BUSY_OPACITY if self._review.busy else 1.0)
        for place in range(self.count()):
            paint_card(painter, QRect(*layout.place(place)), layout.picture, self.look(place))
            painter.setOpacity(_BUSY_OPACITY if self._review.busy else 1.0)
        painter.end()

    def _hit(self, point: QPoint) -> int | None:
        return self._layout().hit(point.x(), point.y(), self.count())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        place = self._hit(point)
        if place is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.choose(place)
        if self.look(place).sign() is None:
            rects = mark_rects(self.card_rect(place), self._layout().picture)
            for rect, (_, _, state) in zip(rects, MARKS, strict=True):
                if rect.contains(point):
                    self.decided.emit(place, state)
                    return

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        place = self._hit(point)
        if place is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self.choose(place)
        marks = mark_rects(self.card_rect(place), self._layout().picture)
        if not any(rect.contains(point) for rect in marks):
            self.opened.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._hit(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, place: int | None) -> None:
        if place != self._hovered:
            self._hovered = place
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._hit(event.pos())
            words = "" if place is None else "\n".join(self.look(place).words())
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._restyle()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(160), theme().pixels(140))

    @Slot()
    def _restyle(self) -> None:
        self.capacity_changed.emit(self.capacity())
        self.load()
        self.update()

"""The three ways to start, as cards side by side or, in a narrow window, one below the other."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon
from app.gui.theme.tokens import RADIUS, SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.key_cap import key_words
from app.gui.widgets.painting import smooth_painter

_ICON: Final = 22
_SIDE_BY_SIDE_FROM: Final = 560
_WRAP: Final = Qt.TextFlag.TextWordWrap


class ChoiceCard(QPushButton):
    """A button with an icon, a title, its key and one sentence; ``primary`` stands out."""

    def __init__(
        self, title: str, sentence: str, icon: str, *, primary: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, parent)
        self._sentence, self._icon, self._primary = sentence, icon, primary
        self._key = ""
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.updateGeometry)

    def set_key(self, key: str) -> None:
        self._key = key_words(key)
        self.update()

    def sizeHint(self) -> QSize:
        width = theme().pixels(240)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(120), theme().pixels(60))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        words = self._words_rect(QRectF(0, 0, width, 10_000))
        return round(words.bottom()) + SPACE_L

    def _title_height(self) -> int:
        metrics = QFontMetrics(theme().font(TypeSize.LARGE, strong=True))
        return max(theme().pixels(_ICON), metrics.height())

    def _words_rect(self, body: QRectF) -> QRectF:
        top = body.y() + SPACE_L + self._title_height() + SPACE_S
        room = QRectF(body.x() + SPACE_L, top, body.width() - 2 * SPACE_L, 10_000)
        metrics = QFontMetrics(theme().font(TypeSize.BODY))
        return QRectF(metrics.boundingRect(room.toRect(), _WRAP, self._sentence))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        tokens = theme()
        enabled, primary = self.isEnabled(), self._primary and self.isEnabled()
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        over = enabled and (self.underMouse() or self.isDown())
        ground = "accent" if primary else "selection" if over else "surface"
        painter.setPen(QPen(tokens.colour("accent" if primary or over else "line"), 1))
        painter.setBrush(tokens.colour(ground))
        painter.drawRoundedRect(body, RADIUS, RADIUS)
        ink = "on_accent" if primary else "text" if enabled else "quiet"
        side, height = tokens.pixels(_ICON), self._title_height()
        at = QRectF(body.x() + SPACE_L, body.y() + SPACE_L + (height - side) / 2, side, side)
        colour = "on_accent" if primary else "accent" if enabled else "quiet"
        draw_icon(painter, self._icon, at, tokens.colour(colour))
        key = QFontMetrics(tokens.font(TypeSize.SMALL)).horizontalAdvance(self._key)
        title = QRectF(
            at.right() + SPACE_M, body.y() + SPACE_L, body.right() - at.right() - 2 * SPACE_M, height
        )
        painter.setPen(tokens.colour(ink))
        painter.setFont(tokens.font(TypeSize.SMALL))
        roomy = title.width() > key + QFontMetrics(self._title_font()).horizontalAdvance(self.text())
        if self._key and roomy:
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(title.adjusted(0, 0, -SPACE_XS, 0), right, self._key)
        painter.setFont(self._title_font())
        words = QFontMetrics(self._title_font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(title.width())
        )
        painter.drawText(title, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.setFont(tokens.font(TypeSize.BODY))
        painter.setPen(tokens.colour("on_accent" if primary else "quiet"))
        painter.drawText(self._words_rect(body), _WRAP, self._sentence)
        if self.hasFocus():
            outer = tokens.colour("text" if primary else "accent")
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(outer, 2))
            painter.drawRoundedRect(body.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.end()

    def _title_font(self) -> QFont:
        return theme().font(TypeSize.LARGE, strong=True)


class Choices(QWidget):
    """Lays the cards out side by side where there is room."""

    def __init__(self, cards: Sequence[ChoiceCard], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._cards = list(cards)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE_M)
        self._side_by_side: bool | None = None
        theme().changed.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def side_by_side(self) -> bool:
        return bool(self._side_by_side)

    @Slot()
    def _fit(self) -> None:
        side_by_side = self.width() >= theme().pixels(_SIDE_BY_SIDE_FROM)
        if side_by_side == self._side_by_side:
            return
        self._side_by_side = side_by_side
        for place, card in enumerate(self._cards):
            self._grid.removeWidget(card)
            self._grid.addWidget(card, 0 if side_by_side else place, place if side_by_side else 0)
        for column in range(len(self._cards)):
            self._grid.setColumnStretch(column, int(side_by_side or column == 0))

"""Paints a card: image, probability, reason and answer, the latter by shape, word and colour."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen

from app.domain.labels import LabelState
from app.domain.language import number
from app.domain.review import Card, CardState, Queue
from app.gui.review.card_layout import PADDING
from app.gui.review.words import queue_words
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon
from app.gui.theme.tokens import PICTURE_RATIO, RADIUS, SPACE_S, SPACE_XS, mix
from app.gui.widgets.probability_bar import draw_probability, not_learned_words, probability_words

MARKS: Final = (("tick", "yes", LabelState.YES), ("close", "no", LabelState.NO))
_FADED: Final = 0.4
_BAR: Final = 10

translate: Final = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class CardLook:
    """What is shown of a card. Not ``learned``: no probability. ``pending``: its answer is being saved."""

    card: Card
    state: CardState
    threshold: float | None
    learned: bool = True
    picture: QImage | None = None
    trouble: str | None = None
    current: bool = False
    focused: bool = False
    hovered: bool = False
    pending: bool = False

    def sign(self) -> tuple[str, str, str] | None:
        """Text, icon and colour of the answer; None if there is none."""
        if self.pending:
            return translate("Cards", "Saving…"), "save", "quiet"
        if self.state.skipped and self.state.answer is None:
            return translate("Cards", "Skipped"), "chevron-right", "quiet"
        return {
            None: None,
            LabelState.YES: (translate("Cards", "Yes"), "tick", "yes"),
            LabelState.NO: (translate("Cards", "No"), "close", "no"),
            LabelState.UNKNOWN: (translate("Cards", "Unknown"), "question", "quiet"),
        }[self.state.answer]

    def words(self) -> list[str]:
        """Probability, reason, number of near-duplicates and answer, as texts."""
        sign = self.sign()
        copies = translate("Cards", "{n} near-duplicates, decided together")
        return [
            probability_words(self.card.probability, self.threshold) if self.learned else not_learned_words(),
            self.card.reason,
            *([copies.format(n=number(len(self.card.images)))] if self.card.copies else []),
            *([] if sign is None else [sign[0]]),
        ]


def picture_rect(place: QRect, picture: int) -> QRect:
    height = round(picture * PICTURE_RATIO)
    return QRect(place.x() + (place.width() - picture) // 2, place.y() + PADDING, picture, height)


def mark_rects(place: QRect, picture: int) -> list[QRect]:
    """The buttons for yes and no, shown while the pointer is over the card."""
    side = theme().pixels(30)
    box = picture_rect(place, picture)
    top = box.bottom() - side - SPACE_XS - _BAR
    right = box.right() - SPACE_XS
    return [QRect(right - (2 - i) * (side + SPACE_XS) + SPACE_XS, top, side, side) for i in range(2)]


def paint_card(painter: QPainter, place: QRect, picture: int, look: CardLook) -> None:
    _paint_ground(painter, place, look)
    box = picture_rect(place, picture)
    faded = look.sign() is not None and look.state.answer is not LabelState.YES and not look.pending
    painter.setOpacity(_FADED if faded else 1.0)
    _paint_picture(painter, box, look)
    painter.setOpacity(1.0)
    if look.card.copies:
        _paint_stack(painter, box, len(look.card.images))
    sign = look.sign()
    if sign is not None:
        _paint_sign(painter, box, *sign, struck=look.state.answer is LabelState.NO and not look.pending)
    elif look.state.present is not LabelState.UNKNOWN:
        if look.state.present is LabelState.YES:
            _paint_sign(painter, box, translate("Cards", "Labelled yes"), "tick", "text")
        else:
            _paint_sign(painter, box, translate("Cards", "Labelled no"), "close", "text")
    if look.learned:
        draw_probability(painter, _bar(box), look.card.probability, look.threshold)
    _paint_caption(painter, box, look)
    if look.hovered and sign is None:
        for rect, (icon, colour, _) in zip(mark_rects(place, picture), MARKS, strict=True):
            _paint_mark(painter, rect, icon, colour)


def _paint_ground(painter: QPainter, place: QRect, look: CardLook) -> None:
    tokens, sign = theme().tokens, look.sign()
    ground = tokens.selection if look.current else tokens.surface
    if look.hovered and not look.current:
        ground = mix(ground, tokens.text, 0.05)
    body = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
    answered = look.state.answer in {LabelState.YES, LabelState.NO} and not look.pending
    edge = theme().colour(sign[2]) if sign is not None and answered else theme().colour("line")
    painter.setPen(QPen(edge, 2 if answered else 1))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(body, RADIUS, RADIUS)
    if look.current:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().colour("accent" if look.focused else "quiet"), 2))
        painter.drawRoundedRect(QRectF(place).adjusted(-2, -2, 2, 2), RADIUS + 2, RADIUS + 2)


def _paint_picture(painter: QPainter, box: QRect, look: CardLook) -> None:
    if look.picture is not None and not look.picture.isNull():
        image = look.picture
        scale = min(box.width() / image.width(), box.height() / image.height())
        width, height = max(1, round(image.width() * scale)), max(1, round(image.height() * scale))
        target = QRect(0, 0, width, height)
        target.moveCenter(box.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image)
        return
    side = min(box.width(), box.height()) / 3
    mark = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
    draw_icon(painter, "image-broken" if look.trouble else "image", mark, theme().colour("quiet"))
    if look.trouble:
        painter.setFont(theme().font(TypeSize.SMALL))
        painter.setPen(theme().colour("quiet"))
        words = QRect(box.x(), round(mark.bottom()), box.width(), box.bottom() - round(mark.bottom()))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(words, flags, look.trouble)


def _paint_stack(painter: QPainter, box: QRect, images: int) -> None:
    """``5x``, with the edges of cards behind it."""
    font = theme().font(TypeSize.SMALL, strong=True, tabular=True)
    metrics = QFontMetrics(font)
    words = f"{number(images)}x"
    body = QRectF(0, 0, metrics.horizontalAdvance(words) + 2 * SPACE_S, metrics.height() + SPACE_XS)
    body.moveTopRight(QPointF(box.right() - SPACE_XS - 4, box.top() + SPACE_XS + 4))
    painter.setPen(QPen(theme().colour("line"), 1))
    painter.setBrush(theme().colour("raised"))
    for step in (4, 2, 0):
        painter.drawRoundedRect(body.translated(step, -step), 4, 4)
    painter.setFont(font)
    painter.setPen(theme().colour("text"))
    painter.drawText(body, Qt.AlignmentFlag.AlignCenter, words)


def _paint_sign(
    painter: QPainter, box: QRect, words: str, icon: str, colour: str, *, struck: bool = False
) -> None:
    font = QFont(theme().font(TypeSize.SMALL, strong=True))
    font.setStrikeOut(struck)
    metrics = QFontMetrics(font)
    side = metrics.height()
    body = QRectF(0, 0, side + metrics.horizontalAdvance(words) + 2 * SPACE_S + SPACE_XS, side + SPACE_XS)
    body.moveTopLeft(QPointF(box.left() + SPACE_XS, box.top() + SPACE_XS))
    painter.setPen(QPen(theme().colour(colour), 1))
    painter.setBrush(theme().colour("surface"))
    painter.drawRoundedRect(body, RADIUS, RADIUS)
    mark = QRectF(body.left() + SPACE_S, body.top() + SPACE_XS / 2 + 1, side - 2, side - 2)
    draw_icon(painter, icon, mark, theme().colour(colour))
    painter.setFont(font)
    painter.setPen(theme().colour(colour))
    painter.drawText(body.adjusted(side + SPACE_S + SPACE_XS, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)


def _bar(box: QRect) -> QRectF:
    """The probability, over the foot of the picture."""
    return QRectF(box.left() + SPACE_XS, box.bottom() - _BAR, box.width() - 2 * SPACE_XS, _BAR)


def _paint_caption(painter: QPainter, box: QRect, look: CardLook) -> None:
    """Words on the picture: why a card is there that is not likely, and the number where one looks."""
    words = queue_words(Queue.RANDOM)[0] if look.card.sampled else ""
    if (look.current or look.hovered) and look.learned:
        told = number(look.card.probability, 2)
        words = f"{told}  {words}" if words else told
    if not words:
        return
    small = theme().font(TypeSize.SMALL, tabular=True)
    metrics = QFontMetrics(small)
    # The buttons for yes and no are at the right while the pointer is over the card.
    room = box.width() - 2 * SPACE_XS - (2 * theme().pixels(34) if look.hovered else 0)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room - 2 * SPACE_XS)
    height = metrics.height() + SPACE_XS
    width = metrics.horizontalAdvance(shown) + 2 * SPACE_XS
    place = QRectF(box.left() + SPACE_XS, box.bottom() - _BAR - height - SPACE_XS, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("surface"))
    painter.drawRoundedRect(place, 4, 4)
    painter.setFont(small)
    painter.setPen(theme().colour("text"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)


def _paint_mark(painter: QPainter, rect: QRect, icon: str, colour: str) -> None:
    painter.setPen(QPen(theme().colour(colour), 1))
    painter.setBrush(theme().colour("raised"))
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    draw_icon(painter, icon, QRectF(rect).adjusted(5, 5, -5, -5), theme().colour(colour))

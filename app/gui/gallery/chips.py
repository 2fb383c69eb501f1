"""The yes labels of an image as chips in one line; each chip is painted once and then copied."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap

from app.domain.language import number
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import RADIUS, SPACE_XS, ink_on
from app.jobs.values.session import YesLabel

MOST_CHIPS: Final = 3
_COUNT_BELOW: Final = 132
"""Room in pixels, at the default font size, below which several labels are counted."""
_LEAST_NAME: Final = 36
_MOST_KEPT: Final = 1500

translate = QCoreApplication.translate


def chip_height() -> int:
    """Of a line of chips, in pixels; it grows with the font."""
    return QFontMetrics(theme().font(TypeSize.SMALL)).height() + SPACE_XS


class ChipLine:
    """Lines of up to ``most`` chips and ``+2`` for the rest, in ``room`` pixels; only yes labels.

    For one theme, font and device pixel ratio. Names that do not fit are elided, chips that do not fit are
    counted.
    """

    def __init__(self, room: int, ratio: float, most: int = MOST_CHIPS) -> None:
        self.height = chip_height()
        self._room, self._ratio, self._most = max(1, room), ratio, most
        self._font = theme().font(TypeSize.SMALL)
        self._metrics = QFontMetrics(self._font)
        self._widths: dict[str, int] = {}
        self._pictures: dict[tuple[str, str | None], QPixmap] = {}
        self._lines: dict[tuple[YesLabel, ...], list[tuple[int, QPixmap]]] = {}
        """Where the chips of a combination of labels begin."""

    def paint(self, painter: QPainter, x: int, y: int, labels: tuple[YesLabel, ...]) -> None:
        """Paint the line with its top left corner at x, y; nothing without labels."""
        if labels:
            for left, picture in self._lines.get(labels) or self._lay_out(labels):
                painter.drawPixmap(x + left, y, picture)

    def texts(self, labels: Sequence[YesLabel]) -> list[str]:
        """What the chips say, from the left."""
        return [text for text, _colour, _width in self._chips(labels)]

    def _chips(self, labels: Sequence[YesLabel]) -> list[tuple[str, str | None, int]]:
        """Text, colour and width of each chip; None for the colours of the theme."""
        if len(labels) > 1 and self._room < theme().pixels(_COUNT_BELOW):
            words = translate("GridCell", "{n} labels").format(n=number(len(labels)))
            text = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, self._room - 2 * self._pad)
            return [(text, None, self._width(text))]
        shown: list[tuple[str, str | None, int]] = []
        used, least = 0, theme().pixels(_LEAST_NAME)
        for at, label in enumerate(labels[: self._most]):
            left = len(labels) - at - 1
            rest = self._width(f"+{left}") + SPACE_XS if left else 0
            free = self._room - used - rest
            width = self._width(label.name)
            if width > free and at:
                break
            name = label.name
            if width > free:
                name = self._metrics.elidedText(
                    name, Qt.TextElideMode.ElideRight, max(least, free - 2 * self._pad)
                )
                width = self._width(name)
            shown.append((name, label.colour, width))
            used += width + SPACE_XS
        if len(labels) > len(shown):
            more = f"+{len(labels) - len(shown)}"
            shown.append((more, None, self._width(more)))
        return shown

    @property
    def _pad(self) -> int:
        return SPACE_XS + 1

    def _width(self, text: str) -> int:
        width = self._widths.get(text)
        if width is None:
            if len(self._widths) > _MOST_KEPT:
                self._widths.clear()
            width = self._widths[text] = self._metrics.horizontalAdvance(text) + 2 * self._pad
        return width

    def _lay_out(self, labels: tuple[YesLabel, ...]) -> list[tuple[int, QPixmap]]:
        if len(self._lines) > _MOST_KEPT:
            self._lines.clear()
        line, x = [], 0
        for text, colour, width in self._chips(labels):
            line.append((x, self._picture(text, colour, width)))
            x += width + SPACE_XS
        self._lines[labels] = line
        return line

    def _picture(self, text: str, colour: str | None, width: int) -> QPixmap:
        known = self._pictures.get((text, colour))
        if known is not None:
            return known
        if len(self._pictures) > _MOST_KEPT:
            self._pictures.clear()
        made = QPixmap(QSize(max(1, width), self.height) * self._ratio)
        made.setDevicePixelRatio(self._ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        self._paint_chip(painter, QRectF(0, 0, width, self.height), text, colour)
        painter.end()
        self._pictures[text, colour] = made
        return made

    def _paint_chip(self, painter: QPainter, box: QRectF, text: str, colour: str | None) -> None:
        tokens = theme().tokens
        own = colour is not None and QColor.isValidColorName(colour)
        ground = QColor(colour if own and colour else tokens.raised)
        painter.setBrush(ground)
        painter.setPen(QPen(ground if own else QColor(tokens.quiet), 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS - 2, RADIUS - 2)
        painter.setPen(QColor(ink_on(ground.name()) if own else tokens.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)

"""The painting of an image in the list: a small picture, its name, its labels and its state in one row."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QStaticText, QTransform

from app.domain.images import ImageState
from app.gui.gallery.cells import CellInfo, CellPainter, CellStack
from app.gui.gallery.chips import ChipLine
from app.gui.gallery.geometry import PADDING
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_XS

_PICTURE = 56
_STATE_SHARE = 0.3
_MOST_CHIPS = 12
_MOST_KEPT = 4000


def list_picture_width() -> int:
    """Width of the pictures in the list, in pixels; it grows with the font."""
    return theme().pixels(_PICTURE)


class RowPainter:
    """Paints rows of one size, for one theme, font and device pixel ratio."""

    def __init__(self, cell: QSize, picture: QSize, ratio: float) -> None:
        self.ratio = ratio
        self._cell = cell
        self._body = CellPainter(cell, picture, 0, ratio, inset=PADDING)
        self._left = PADDING + picture.width() + SPACE_M
        room = max(0, cell.width() - self._left - PADDING)
        self._state_width = round(room * _STATE_SHARE)
        self._text_width = room - self._state_width - SPACE_M
        self._chips = ChipLine(self._text_width, ratio, _MOST_CHIPS)
        self._font = theme().font(TypeSize.BODY)
        self._metrics = QFontMetrics(self._font)
        self._small = theme().font(TypeSize.SMALL)
        self._small_metrics = QFontMetrics(self._small)
        self._texts: dict[tuple[str, bool], tuple[QStaticText, int]] = {}
        """Laid out once, with the width: name or state, and whether it is small."""

    def paint(
        self,
        painter: QPainter,
        x: int,
        y: int,
        *,
        info: CellInfo | None,
        image: QImage | None,
        reason: str | None,
        look: int,
        stack: CellStack | None = None,
    ) -> None:
        """Paint a row with its top left corner at x, y, over everything that was there."""
        self._body.paint_tile(painter, x, y, look)
        self._body.paint_picture(painter, x, y, info=info, image=image, reason=None)
        if info is None:
            return
        text = self._metrics.height()
        if info.labels:
            text += SPACE_XS + self._chips.height
        top, left = y + (self._cell.height() - text) // 2, x + self._left
        painter.setFont(self._font)
        painter.setPen(theme().colour("text"))
        painter.drawStaticText(left, top, self._text(info.name)[0])
        self._chips.paint(painter, left, top + self._metrics.height() + SPACE_XS, info.labels)
        wrong = info.problem_words() or reason or ""
        told = (wrong, *info.state_words(), stack.words() if stack else "")
        words = ", ".join(part for part in told if part)
        colour = "warning" if info.state is ImageState.MISSING else "no"
        self._paint_state(painter, x, y, words, colour if wrong else "quiet")

    def _paint_state(self, painter: QPainter, x: int, y: int, words: str, colour: str) -> None:
        text, width = self._text(words, small=True)
        right = x + self._cell.width() - PADDING - SPACE_XS
        painter.setFont(self._small)
        painter.setPen(theme().colour(colour))
        middle = y + (self._cell.height() - self._small_metrics.height()) // 2
        painter.drawStaticText(right - width, middle, text)

    def _text(self, words: str, *, small: bool = False) -> tuple[QStaticText, int]:
        known = self._texts.get((words, small))
        if known is not None:
            return known
        if len(self._texts) > _MOST_KEPT:
            self._texts.clear()
        font, room = (self._small, self._state_width) if small else (self._font, self._text_width)
        metrics = self._small_metrics if small else self._metrics
        mode = Qt.TextElideMode.ElideRight if small else Qt.TextElideMode.ElideMiddle
        shown = metrics.elidedText(words, mode, room)
        text = QStaticText(shown)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.prepare(QTransform(), font)
        self._texts[words, small] = text, metrics.horizontalAdvance(shown)
        return self._texts[words, small]

"""The painting of an image in the list: a small picture, its name, its labels and its state in one row."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter

from app.domain.images import ImageState
from app.gui.gallery.cells import CellInfo, CellPainter
from app.gui.gallery.chips import ChipLine
from app.gui.gallery.geometry import PADDING
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_XS

_PICTURE = 56
_STATE_SHARE = 0.3
_MOST_CHIPS = 12


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
    ) -> None:
        """Paint a row with its top left corner at x, y, over everything that was there."""
        self._body.paint_tile(painter, x, y, look)
        self._body.paint_picture(painter, x, y, info=info, image=image, reason=None)
        if info is None:
            return
        text = self._metrics.height() + SPACE_XS + self._chips.height
        top, left = y + (self._cell.height() - text) // 2, x + self._left
        painter.setFont(self._font)
        painter.setPen(theme().colour("text"))
        name = self._metrics.elidedText(info.name, Qt.TextElideMode.ElideMiddle, self._text_width)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(QRect(left, top, self._text_width, self._metrics.height()), flags, name)
        self._chips.paint(painter, left, top + self._metrics.height() + SPACE_XS, info.labels)
        self._paint_state(painter, x, y, info, reason)

    def _paint_state(self, painter: QPainter, x: int, y: int, info: CellInfo, reason: str | None) -> None:
        wrong = info.problem_words() or reason or ""
        words = ", ".join(part for part in (wrong, *info.state_words()) if part)
        colour = "quiet"
        if wrong:
            colour = "warning" if info.state is ImageState.MISSING else "no"
        place = QRect(
            x + self._cell.width() - PADDING - SPACE_XS - self._state_width,
            y,
            self._state_width,
            self._cell.height(),
        )
        painter.setFont(self._small)
        painter.setPen(theme().colour(colour))
        shown = self._small_metrics.elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine
        painter.drawText(place, flags, shown)

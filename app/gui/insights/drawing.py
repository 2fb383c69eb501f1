"""What a plot consists of: a drawing that fits any size, and marks that can be pointed at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.domain.categories import Band
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_L, SPACE_S, SPACE_XS
from app.gui.widgets.band_glyph import draw_band


@dataclass(frozen=True, slots=True)
class Target:
    """What a click shows in the library: a query, or ``images``; ``words`` say which these are."""

    query: str = ""
    images: Sequence[int] = ()
    words: str = ""


class Drawing(Protocol):
    """The content of a plot. The same painting serves the window, PNG and SVG."""

    @property
    def count(self) -> int:
        """The number of marks."""
        ...

    def natural_size(self) -> QSizeF:
        """The least size in which everything can be read."""
        ...

    def draw(self, painter: QPainter, size: QSizeF) -> None: ...

    def place(self, mark: int, size: QSizeF) -> QRectF:
        """Where a mark is."""
        ...

    def at(self, point: QPointF, size: QSizeF) -> int | None:
        """The mark at a point."""
        ...

    def words(self, mark: int) -> str: ...

    def target(self, mark: int) -> Target | None: ...

    def step(self, mark: int, right: int, down: int) -> int:
        """The mark that an arrow key leads to."""
        ...


def small_font_metrics() -> QFontMetricsF:
    return QFontMetricsF(theme().font(TypeSize.SMALL, tabular=True))


@dataclass(frozen=True, slots=True)
class Sign:
    """The look of a mark, told apart by shape as well as colour: a ``band``, or a ``shape`` ("disc", "ring",
    "cross", "square") in a colour of the theme."""

    band: Band | None = None
    shape: str = "disc"
    colour: str = "accent"

    def draw(self, painter: QPainter, centre: QPointF, side: float, *, halo: bool = False) -> None:
        """``halo``: with an edge, so that it is seen on a bar."""
        box = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
        if self.band is not None:
            draw_band(painter, box, self.band)
            return
        if halo:
            draw_shape(painter, self.shape, box, theme().colour("ground"), 4.5)
        draw_shape(painter, self.shape, box, theme().colour(self.colour))


def draw_shape(painter: QPainter, shape: str, box: QRectF, colour: QColor, line: float = 1.6) -> None:
    painter.setPen(QPen(colour, line))
    painter.setBrush(Qt.BrushStyle.NoBrush if shape in {"ring", "cross"} else colour)
    inner = box.adjusted(1.5, 1.5, -1.5, -1.5)
    if shape == "cross":
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.bottomLeft(), inner.topRight())
    elif shape == "square":
        painter.drawRect(inner)
    else:
        painter.drawEllipse(inner)


def draw_legend(painter: QPainter, entries: Sequence[tuple[Sign, str]], right: float, top: float) -> None:
    """Signs with their words in one line from 0 to ``right`` at most, where it ends.

    With little room they are closer together, and at last the words are cut.
    """
    metrics = small_font_metrics()
    side = theme().pixels(11) + SPACE_XS
    gaps = max(1, len(entries) - 1)
    lengths = [metrics.horizontalAdvance(words) for _, words in entries]
    signs, letters = side * len(entries), max(1, sum(lengths))
    gap = min(SPACE_L, max(SPACE_S, (right - signs - letters) / gaps))
    share = min(1.0, max(0.0, right - signs - gap * gaps) / letters)
    x = right - signs - sum(lengths) * share - gap * (len(entries) - 1)
    painter.setFont(theme().font(TypeSize.SMALL, tabular=True))
    for (sign, words), length in zip(entries, lengths, strict=True):
        mark = side - SPACE_XS
        sign.draw(painter, QPointF(x + mark / 2, top + metrics.height() / 2), mark)
        painter.setPen(theme().colour("quiet"))
        room = int(length * share)
        shown = words if room >= length else metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(x + side, top + metrics.ascent()), shown)
        x += side + length * share + gap


def legend_height() -> float:
    return small_font_metrics().height() + SPACE_S

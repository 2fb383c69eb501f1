"""What the colours and shapes on a map mean."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QColor, QLinearGradient, QPainter

from app.domain.insights import ColourBy, MapColours
from app.gui.insights.drawing import small_font_metrics
from app.gui.insights.map_points import SHAPES, as_image, packed, ramp, stamped
from app.gui.insights.words import percent, whole
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_L, SPACE_S, SPACE_XS, mix

translate = QCoreApplication.translate
CATEGORY_COLOURS: Final = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#DD8833")
"""Safe for colour blindness (Tol's bright scheme)."""
_WORDS: Final = {
    "reviewed": ("accent", "disc"),
    "labelled": ("warning", "diamond"),
    "yes": ("yes", "disc"),
    "no": ("no", "bar"),
}


def _names(colours: MapColours) -> tuple[str, ...]:
    """The meaning of each code, for people."""
    if colours.by is ColourBy.CATEGORIES:
        return colours.names
    words = {
        "reviewed": translate("MapColours", "reviewed"),
        "labelled": translate("MapColours", "labelled, not reviewed"),
        "neither": translate("MapColours", "not labelled yet"),
        "yes": translate("MapColours", "yes"),
        "no": translate("MapColours", "no"),
    }
    return tuple(words[name] for name in colours.names)


def _looks(colours: MapColours) -> list[tuple[QColor, str]]:
    """Colour and shape of each code."""
    if colours.by is ColourBy.CATEGORIES:
        return [(QColor(CATEGORY_COLOURS[i]), SHAPES[i]) for i in range(len(colours.names))]
    known = [_WORDS.get(name) for name in colours.names]
    return [(_faint(), "disc") if one is None else (theme().colour(one[0]), one[1]) for one in known]


def _faint() -> QColor:
    tokens = theme().tokens
    return QColor(mix(tokens.ground, tokens.quiet, 0.55))


def _score_ramp() -> list[QColor]:
    tokens = theme().tokens
    stops = (mix(tokens.ground, tokens.quiet, 0.35), mix(tokens.quiet, tokens.accent, 0.55), tokens.accent)
    return [*map(QColor, stops), QColor(mix(tokens.accent, tokens.text, 0.6))]


def pixels_of(colours: MapColours | None, count: int) -> Iterator[tuple[str, Any, Any]]:
    """In the order of painting: a shape, the indices of the points that have it, and their pixels."""
    faint = packed(_faint())
    if colours is None or (colours.codes is None and colours.scores is None):
        every = np.arange(count)
        yield "disc", every, np.full(count, faint, np.uint32)
        return
    if colours.scores is not None:
        known = np.flatnonzero(np.isfinite(colours.scores))
        rest = np.flatnonzero(~np.isfinite(colours.scores))
        yield "disc", rest, np.full(len(rest), faint, np.uint32)
        known = known[np.argsort(colours.scores[known], kind="stable")]
        yield "disc", known, ramp(_score_ramp(), colours.scores[known])
        return
    none = np.flatnonzero(colours.codes < 0)
    yield "disc", none, np.full(len(none), faint, np.uint32)
    looks = _looks(colours)
    sizes = np.bincount(colours.codes[colours.codes >= 0], minlength=len(looks))
    for code in np.argsort(-sizes, kind="stable").tolist():  # the rare ones lie above
        own = np.flatnonzero(colours.codes == code)
        colour, shape = looks[code]
        yield shape, own, np.full(len(own), packed(colour), np.uint32)


def legend_of(colours: MapColours) -> list[tuple[tuple[QColor, str], str]]:
    """Colour and shape, and their meaning with the number of images."""
    looks = [*_looks(colours), (_faint(), "disc")]
    other = translate("MapColours", "other") if colours.by is ColourBy.CATEGORIES else ""
    names = [*_names(colours), other or translate("MapColours", "unknown")]
    sizes = np.bincount(np.where(colours.codes < 0, len(looks) - 1, colours.codes), minlength=len(looks))
    words = translate("MapColours", "{name} {n}")
    return [
        (look, words.format(name=name, n=whole(size)))
        for look, name, size in zip(looks, names, sizes.tolist(), strict=True)
        if size
    ]


def draw_map_legend(painter: QPainter, colours: MapColours | None, width: float) -> None:
    if colours is None:
        return
    painter.setFont(theme().font(TypeSize.SMALL, tabular=True))
    if colours.scores is not None:
        _draw_score_legend(painter, width)
        return
    metrics, ratio = small_font_metrics(), 2.0
    x, side = 0.0, theme().pixels(12)
    for (colour, shape), words in legend_of(colours):
        wide = side + SPACE_XS + metrics.horizontalAdvance(words)
        if x + wide > width:
            break
        pixels = np.zeros((round(side * ratio), round(side * ratio)), np.uint32)
        middle = np.array([[pixels.shape[1] / 2, pixels.shape[0] / 2]])
        stamped(pixels, middle, np.array([packed(colour)], np.uint32), shape, 4 * ratio)
        painter.drawImage(QPointF(x, SPACE_S + (metrics.height() - side) / 2), as_image(pixels, ratio))
        painter.setPen(theme().colour("quiet"))
        painter.drawText(QPointF(x + side + SPACE_XS, SPACE_S + metrics.ascent()), words)
        x += wide + SPACE_L


def _draw_score_legend(painter: QPainter, width: float) -> None:
    metrics = small_font_metrics()
    ends = percent(0), percent(1)
    left = metrics.horizontalAdvance(ends[0]) + SPACE_S
    bar = QRectF(left, SPACE_S + 2, min(width / 3, theme().pixels(160)), metrics.height() - 4)
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    stops = _score_ramp()
    for place, colour in enumerate(stops):
        gradient.setColorAt(place / (len(stops) - 1), colour)
    painter.fillRect(bar, gradient)
    painter.setPen(theme().colour("quiet"))
    painter.drawText(QPointF(0, SPACE_S + metrics.ascent()), ends[0])
    painter.drawText(QPointF(bar.right() + SPACE_S, SPACE_S + metrics.ascent()), ends[1])

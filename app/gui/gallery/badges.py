"""Small marks over a picture; they differ in shape, not only in colour."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from app.gui.theme import TypeSize, theme

_SIDE = 18
_WIDTHS = {"suggested": 1.4, "stack": 2.1, "stack_open": 2.1}


def badge_side() -> int:
    """Size of a badge in logical pixels; it grows with the font."""
    return theme().pixels(_SIDE)


def badge_width(kind: str) -> int:
    return round(badge_side() * _WIDTHS.get(kind, 1))


def badge_pixmap(kind: str, number: int, ratio: float) -> QPixmap:
    """``reviewed`` is a disc with a tick, ``suggested`` a pointed tag with a number (10 and more: 9+),
    ``unreadable`` an octagon with a cross, ``missing`` a triangle with a question mark, ``stack`` two cards
    with the number of images, ``stack_open`` one card."""
    side = badge_side()
    width = badge_width(kind)
    pixmap = QPixmap(QSize(width, side) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # A rim in the background colour sets the shape off from any picture.
    painter.setPen(QPen(theme().colour("ground"), 1.5))
    _PAINTERS[kind](painter, QRectF(1, 1, width - 2, side - 2), number)
    painter.end()
    return pixmap


def _reviewed(painter: QPainter, box: QRectF, _number: int) -> None:
    painter.setBrush(theme().colour("yes"))
    painter.drawEllipse(box)
    painter.setPen(_stroke(box))
    painter.drawPolyline(_points(box, (0.27, 0.52), (0.44, 0.68), (0.74, 0.34)))


def _suggested(painter: QPainter, box: QRectF, number: int) -> None:
    painter.setBrush(theme().colour("accent"))
    painter.drawPolygon(_points(box, (0.24, 0), (0.76, 0), (1, 0.5), (0.76, 1), (0.24, 1), (0, 0.5)))
    font = theme().font(TypeSize.SMALL, strong=True, tabular=True)
    font.setPixelSize(max(7, round(box.height() * 0.7)))
    painter.setFont(font)
    painter.setPen(theme().colour("on_accent"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "9+" if number > 9 else str(number))


def _unreadable(painter: QPainter, box: QRectF, _number: int) -> None:
    painter.setBrush(theme().colour("no"))
    corners = ((0.3, 0), (0.7, 0), (1, 0.3), (1, 0.7), (0.7, 1), (0.3, 1), (0, 0.7), (0, 0.3))
    painter.drawPolygon(_points(box, *corners))
    painter.setPen(_stroke(box))
    painter.drawPolyline(_points(box, (0.34, 0.34), (0.66, 0.66)))
    painter.drawPolyline(_points(box, (0.66, 0.34), (0.34, 0.66)))


def _missing(painter: QPainter, box: QRectF, _number: int) -> None:
    painter.setBrush(theme().colour("warning"))
    painter.drawPolygon(_points(box, (0.5, 0.02), (1, 0.96), (0, 0.96)))
    font = theme().font(TypeSize.SMALL, strong=True)
    font.setPixelSize(max(7, round(box.height() * 0.6)))
    painter.setFont(font)
    painter.setPen(theme().colour("surface"))
    painter.drawText(box.adjusted(0, box.height() * 0.26, 0, 0), Qt.AlignmentFlag.AlignCenter, "?")


def _stack(painter: QPainter, box: QRectF, number: int) -> None:
    """Two cards, of which the front one has the number."""
    shift = box.height() * 0.18
    painter.setBrush(theme().colour("line"))
    painter.drawRoundedRect(box.adjusted(shift, 0, 0, -shift), shift, shift)
    _card(painter, box.adjusted(0, shift, -shift, 0), number)


def _stack_open(painter: QPainter, box: QRectF, number: int) -> None:
    _card(painter, box.adjusted(0, box.height() * 0.18, 0, 0), number)


def _card(painter: QPainter, box: QRectF, number: int) -> None:
    painter.setBrush(theme().colour("raised"))
    painter.drawRoundedRect(box, box.height() * 0.2, box.height() * 0.2)
    font = theme().font(TypeSize.SMALL, strong=True, tabular=True)
    font.setPixelSize(max(7, round(box.height() * 0.72)))
    painter.setFont(font)
    painter.setPen(theme().colour("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"~{number}" if number < 100 else "99+")


_PAINTERS = {
    "reviewed": _reviewed,
    "suggested": _suggested,
    "unreadable": _unreadable,
    "missing": _missing,
    "stack": _stack,
    "stack_open": _stack_open,
}


def _stroke(box: QRectF) -> QPen:
    pen = QPen(QColor(theme().tokens.surface), max(1.6, box.width() * 0.11))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _points(box: QRectF, *shares: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in shares])

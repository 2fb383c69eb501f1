"""Line icons on a 24 x 24 grid, painted in any colour at any size."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.gui.theme.application import theme


def _circle(x: float, y: float, radius: float) -> str:
    return f"<circle cx='{x}' cy='{y}' r='{radius}'/>"


def _line(data: str) -> str:
    return f"<path d='{data}'/>"


def _dot(x: float, y: float, radius: float = 1.2) -> str:
    return f"<circle cx='{x}' cy='{y}' r='{radius}' fill='currentColor' stroke='none'/>"


_FRAME = (
    "M5 4.5h14a1.5 1.5 0 0 1 1.5 1.5v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18V6A1.5 1.5 0 0 1 5 4.5z"
)
_HILLS = "M3.5 16.5l5-5 4 4 3-3 5 4.5"

ICONS: dict[str, str] = {
    "library": _line("M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"),
    "review": _line("M4 5h9M4 10h6M4 15h5M12.5 15.5l3 3 5.5-7"),
    "train": _line("M4 4v16h16M7 16c3-.5 3.5-7 6.5-8.5S18 6 20 6"),
    "insights": _line("M5 20v-6M10 20V5M15 20v-9M20 20v-3"),
    "categories": _line("M4 4.5h7.5l8.5 8.5-7 7L4.5 11.5z") + _dot(8, 8.5, 1.4),
    "preferences": _line("M4 7h8M18 7h2M4 17h2M12 17h8") + _circle(15, 7, 3) + _circle(9, 17, 3),
    "image": _line(_FRAME) + _line(_HILLS) + _dot(8, 8.7, 1.5),
    "image-broken": _line(
        "M9.5 4.5H5A1.5 1.5 0 0 0 3.5 6v12A1.5 1.5 0 0 0 5 19.5h3l3-4-2.5-3.5 3-3.5z"
        "M14 4.5h5A1.5 1.5 0 0 1 20.5 6v12a1.5 1.5 0 0 1-1.5 1.5h-6.5l3-4-2.5-3.5 3-3.5z",
    ),
    "image-missing": "<path stroke-dasharray='3 2.6' d='" + _FRAME + "'/>"
    + _line("M9.8 9.8a2.3 2.3 0 1 1 3.4 2c-.8.4-1.2.9-1.2 1.9")
    + _dot(12, 16.4),
    "search": _circle(10.5, 10.5, 6) + _line("M15 15l5.5 5.5"),
    "close": _line("M6 6l12 12M18 6L6 18"),
    "tick": _line("M5 12.5l4.5 4.5L19 7.5"),
    "plus": _line("M12 5v14M5 12h14"),
    "minus": _line("M5 12h14"),
    "question": _circle(12, 12, 8.5)
    + _line("M9.7 9.6a2.4 2.4 0 1 1 3.6 2.1c-.9.5-1.3 1-1.3 2")
    + _dot(12, 16.6),
    "info": _circle(12, 12, 8.5) + _line("M12 11v5.5") + _dot(12, 7.8),
    "circle": _circle(12, 12, 8.5),
    "done": _circle(12, 12, 8.5) + _line("M8 12.3l2.8 2.8L16 9.5"),
    "warning": _line("M12 4l9 16H3zM12 10v4.5") + _dot(12, 17.3),
    "error": _line("M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM12 7.5v5.5") + _dot(12, 16.3),
    "undo": _line("M8 5L4 9l4 4M4 9h9.5a5.5 5.5 0 0 1 0 11H10"),
    "redo": _line("M16 5l4 4-4 4M20 9h-9.5a5.5 5.5 0 0 0 0 11H14"),
    "copy": _line("M9 9h11v11H9zM15 9V4H4v11h5"),
    "folder": _line("M3.5 6.5h6l2 2.5h9v10.5h-17z"),
    "folder-open": _line("M3.5 19.5v-13h6l2 2.5h7.5v3M3.5 19.5l3-7.5h15l-3 7.5z"),
    "chevron-down": _line("M6 9.5l6 6 6-6"),
    "chevron-up": _line("M6 15l6-6 6 6"),
    "chevron-right": _line("M9.5 6l6 6-6 6"),
    "chevron-left": _line("M15 6l-6 6 6 6"),
    "jobs": _line("M12 3.5a8.5 8.5 0 1 0 8.5 8.5M12 7.5V12l3 2"),
    "stop": _line("M6.5 6.5h11v11h-11z"),
    "save": _line("M4.5 4.5h12l3 3v12h-15zM8 4.5v5h7v-5M8 19.5v-6h8v6"),
    "suggestion": _line("M12 3.5l2.2 6.3 6.3 2.2-6.3 2.2L12 20.5l-2.2-6.3L3.5 12l6.3-2.2z"),
    "similar": _line("M4 8h11v11H4zM9 8V5h11v11h-5"),
    "heat": _line(
        "M12 3.5c.5 3.5 5.5 5.5 5.5 10.5a5.5 5.5 0 0 1-11 0"
        "c0-2.5 1.5-3.5 2-5.5 1.5 1 2 2 2 3 1.3-1.5 2-4.5 1.5-8z",
    ),
    "star": _line("M12 4l2.5 5.3 5.5.8-4 4 1 5.9-5-2.8-5 2.8 1-5.9-4-4 5.5-.8z"),
    "zoom-in": _circle(10.5, 10.5, 6) + _line("M15 15l5.5 5.5M10.5 8v5M8 10.5h5"),
    "zoom-out": _circle(10.5, 10.5, 6) + _line("M15 15l5.5 5.5M8 10.5h5"),
    "fit": _line("M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"),
    "list": _line("M9 6h11M9 12h11M9 18h11") + _dot(5, 6) + _dot(5, 12) + _dot(5, 18),
    "filter": _line("M4 5h16l-6.5 8v6l-3-1.5V13z"),
    "sort": _line("M5 7h14M5 12h9M5 17h5"),
    "import": _line("M12 4v10.5M7.5 10.5L12 15l4.5-4.5M4.5 16v4h15v-4"),
    "export": _line("M12 15V4.5M7.5 8.5L12 4l4.5 4.5M4.5 16v4h15v-4"),
    "lock": _line("M5.5 11h13v9h-13zM8 11V8a4 4 0 0 1 8 0v3"),
    "keyboard": _line("M3.5 6.5h17v11h-17zM8 14.5h8") + _dot(7, 10) + _dot(12, 10) + _dot(17, 10),
    "more": _dot(5.5, 12, 1.6) + _dot(12, 12, 1.6) + _dot(18.5, 12, 1.6),
}  # fmt: skip
"""SVG content by name; ``currentColor`` is the colour asked for."""


@lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    content = ICONS[name].replace("currentColor", colour)
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><g fill='none' stroke='{colour}' "
        f"stroke-width='1.7' stroke-linecap='round' stroke-linejoin='round'>{content}</g></svg>"
    )
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    if not renderer.isValid():
        raise ValueError(f"icon {name!r} is not valid SVG")
    return renderer


def draw_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Paint the icon into ``rect`` (kept square, centred)."""
    side = min(rect.width(), rect.height())
    square = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
    _renderer(name, colour.name()).render(painter, square)


def icon_pixmap(name: str, side: int, colour: QColor, ratio: float = 1.0) -> QPixmap:
    """The icon as a pixmap of ``side`` logical pixels for a screen of that device pixel ratio."""
    pixels = max(1, round(side * ratio))
    pixmap = QPixmap(QSize(pixels, pixels))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_icon(painter, name, QRectF(0, 0, pixels, pixels), colour)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon(name: str, colour: str = "text", *, side: int = 24) -> QIcon:
    """The icon in a colour of the current theme. Ask again after ``theme().changed``."""
    result = QIcon()
    normal, faded = theme().colour(colour), QColor(theme().colour("quiet"))
    faded.setAlphaF(0.5)
    for ratio in (1.0, 2.0):
        result.addPixmap(icon_pixmap(name, side, normal, ratio), QIcon.Mode.Normal)
        result.addPixmap(icon_pixmap(name, side, faded, ratio), QIcon.Mode.Disabled)
    return result

"""A line chart as SVG text: a few curves, readable on light and dark pages, without a library."""

from collections.abc import Mapping, Sequence
from html import escape

Point = tuple[float, float]

WIDTH, HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 150, 48, 56
# Paul Tol's bright scheme, safe for colour-blind readers.
_COLOURS = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#888888")
_DASHES = ("", "7 4", "2 4", "9 3 2 3")


def line_chart(
    title: str,
    curves: Mapping[str, Sequence[Point]],
    *,
    x_label: str,
    y_label: str,
    x_end: float = 1.0,
    y_end: float = 1.0,
    percent: bool = True,
    diagonal: bool = False,
) -> str:
    """``curves``: points (x, y) in [0, x_end] x [0, y_end] by name. ``percent``: both axes are in percent.

    ``diagonal`` draws y = x, for a reliability diagram.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="13" role="img"><title>{escape(title)}</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(_LEFT, 26, title, size=15, anchor="start"),
        *_grid(x_end, y_end, percent),
        _text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 14, x_label),
        f'<g transform="rotate(-90 18 {(_TOP + HEIGHT - _BOTTOM) / 2})">'
        + _text(18, (_TOP + HEIGHT - _BOTTOM) / 2, y_label)
        + "</g>",
    ]
    if diagonal:
        low, high = _place(0, 0, x_end, y_end), _place(min(x_end, y_end), min(x_end, y_end), x_end, y_end)
        parts.append(f'<path d="M{low} L{high}" stroke="#999999" stroke-dasharray="3 3" fill="none"/>')
    for at, (name, points) in enumerate(curves.items()):
        parts += _curve(at, name, points, x_end, y_end)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _grid(x_end: float, y_end: float, percent: bool) -> list[str]:
    parts = []
    for step in range(6):
        x, y = x_end * step / 5, y_end * step / 5
        across, up = _place(x, 0, x_end, y_end), _place(0, y, x_end, y_end)
        right = _place(x_end, y, x_end, y_end)
        parts.append(f'<path d="M{up} L{right}" stroke="#dddddd" fill="none"/>')
        shown_x, shown_y = (f"{x:.0%}", f"{y:.0%}") if percent else (f"{x:g}", f"{y:g}")
        parts.append(_text(float(across.split(",")[0]), HEIGHT - _BOTTOM + 20, shown_x, colour="#555555"))
        height = float(up.split(",")[1]) + 4
        parts.append(_text(_LEFT - 8, height, shown_y, anchor="end", colour="#555555"))
    return parts


def _curve(at: int, name: str, points: Sequence[Point], x_end: float, y_end: float) -> list[str]:
    """A line with dots and its name in the legend; lines differ by colour and by dashes."""
    colour, dash = _COLOURS[at % len(_COLOURS)], _DASHES[at % len(_DASHES)]
    style = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}" fill="none"'
    places = [_place(x, y, x_end, y_end) for x, y in points]
    dots = [f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="3" fill="{colour}"/>' for p in places]
    left, height = WIDTH - _RIGHT + 14, _TOP + 12 + 22 * at
    return [
        f'<path d="M{" L".join(places)}" {style}/>' if places else "",
        *dots,
        f'<path d="M{left},{height - 4} L{left + 26},{height - 4}" {style}/>',
        _text(left + 34, height, name, anchor="start"),
    ]


def _place(x: float, y: float, x_end: float, y_end: float) -> str:
    right = _LEFT + x / x_end * (WIDTH - _LEFT - _RIGHT)
    down = HEIGHT - _BOTTOM - y / y_end * (HEIGHT - _TOP - _BOTTOM)
    return f"{right:.1f},{down:.1f}"


def _text(
    x: float, y: float, words: str, *, anchor: str = "middle", size: int = 13, colour: str = "#222222"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">'
        f"{escape(words)}</text>"
    )

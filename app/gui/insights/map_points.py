"""Painting many points fast: each is stamped into an array of pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage

Floats = NDArray[np.float64]
SHAPES: Final = ("disc", "triangle", "square", "diamond", "bar", "post", "ring")
"""Of the colours of a map, so that these are not told apart by colour alone."""


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the plane a map shows: its centre, and half of the shorter side of the frame."""

    centre: tuple[float, float]
    half: float

    def zoomed(self, factor: float, at: tuple[float, float]) -> "View":
        """Closer by ``factor``; the place ``at`` stays where it is."""
        half = self.half / factor
        share = 1 / factor
        x, y = (at[i] + (self.centre[i] - at[i]) * share for i in (0, 1))
        return View((x, y), half)

    def moved(self, across: float, up: float) -> "View":
        return View((self.centre[0] + across, self.centre[1] + up), self.half)


def whole_view(places: NDArray[np.float32], frame: QRectF) -> View:
    """All places with a margin; the outermost thousandth may lie outside."""
    if not len(places):
        return View((0.0, 0.0), 1.0)
    low, high = np.quantile(places, [0.0005, 0.9995], axis=0)
    middle, least = (low + high) / 2, min(frame.width(), frame.height())
    half = (high - low) / 2 * [least / frame.width(), least / frame.height()]
    return View((float(middle[0]), float(middle[1])), max(float(half.max()) * 1.06, 1e-9))


def on_screen(places: NDArray[np.float32], view: View, frame: QRectF) -> Floats:
    """Positions [N, 2] in ``frame``; the plane's upwards is the screen's upwards."""
    scale = min(frame.width(), frame.height()) / (2 * view.half)
    found: Floats = (places.astype(np.float64) - np.array(view.centre)) * np.array([scale, -scale])
    middle = frame.center()
    found += [middle.x(), middle.y()]
    return found


def in_plane(point: QPointF, view: View, frame: QRectF) -> tuple[float, float]:
    """The place in the plane of a point in ``frame``."""
    scale = min(frame.width(), frame.height()) / (2 * view.half)
    middle = frame.center()
    return (
        view.centre[0] + (point.x() - middle.x()) / scale,
        view.centre[1] - (point.y() - middle.y()) / scale,
    )


def stamp(shape: str, radius: float) -> NDArray[np.intp]:
    """The pixels of a shape [n, 2] (x, y) around its centre."""
    reach = int(np.ceil(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float64)
    far = np.hypot(x, y)
    inside = {
        "disc": far <= radius,
        "square": np.maximum(abs(x), abs(y)) <= radius * 0.8,
        "diamond": abs(x) + abs(y) <= radius * 1.15,
        "triangle": (y <= radius * 0.8) & (abs(x) <= (y + radius) * 0.6),
        "bar": (abs(y) <= max(0.5, radius * 0.35)) & (abs(x) <= radius),
        "post": (abs(x) <= max(0.5, radius * 0.35)) & (abs(y) <= radius),
        "ring": (far <= radius) & (far >= radius - 1.2),
    }[shape]
    return np.stack([x[inside], y[inside]], axis=1).astype(np.intp)


def stamped(
    pixels: NDArray[np.uint32], points: Floats, colours: NDArray[np.uint32], shape: str, radius: float
) -> None:
    """Stamp points [N, 2], in pixels, into an image [height, width]; later ones lie above."""
    height, width = pixels.shape
    at = np.floor(points).astype(np.intp)
    near = (at > -9).all(axis=1) & (at[:, 0] < width + 9) & (at[:, 1] < height + 9)
    at, shown = at[near], colours[near]
    for across, down in stamp(shape, radius):
        x, y = at[:, 0] + across, at[:, 1] + down
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        pixels[y[inside], x[inside]] = shown[inside]


def packed(colour: QColor) -> int:
    """A colour as a pixel of ARGB32_Premultiplied; opaque."""
    return int(colour.rgb()) & 0xFFFFFFFF


def ramp(colours: Sequence[QColor], shares: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Pixels between colours, for shares from 0 to 1."""
    stops = np.array([[one.red(), one.green(), one.blue()] for one in colours], np.float64)
    at = np.clip(shares, 0, 1) * (len(stops) - 1)
    mixed = np.stack([np.interp(at, np.arange(len(stops)), stops[:, i]) for i in range(3)], axis=1)
    red, green, blue = mixed.round().astype(np.uint32).T
    found: NDArray[np.uint32] = (np.uint32(255) << 24) | (red << 16) | (green << 8) | blue
    return found


def as_image(pixels: NDArray[np.uint32], ratio: float) -> QImage:
    """The image, detached from the array."""
    height, width = pixels.shape
    image = QImage(
        pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
    ).copy()
    image.setDevicePixelRatio(ratio)
    return image


def inside_polygon(points: Floats, corners: Floats) -> NDArray[np.bool_]:
    """Which points [N, 2] lie inside a polygon [K, 2], by the even-odd rule."""
    found = np.zeros(len(points), np.bool_)
    x, y = points[:, 0], points[:, 1]
    before = np.roll(corners, 1, axis=0)
    for (ax, ay), (bx, by) in zip(before, corners, strict=True):
        crosses = (ay > y) != (by > y)
        if crosses.any():
            found ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay if by != ay else 1.0) + ax)
    return found

"""Calm surroundings for the scenes of the demo collection: a room or a landscape for each theme.

Everything is drawn twice as large and reduced, so that edges are smooth. A backdrop is a pure function of its
random generator, its theme and its size.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

_OVERSAMPLING: Final = 2
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Backdrop:
    """``image`` is RGB. ``horizon``: where the ground begins, in pixels from the top."""

    image: Image.Image
    horizon: int


def backdrop(rng: np.random.Generator, theme: str, size: tuple[int, int]) -> Backdrop:
    """Draw the surroundings of ``theme``; ``size`` is (width, height) in pixels."""
    width, height = size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING
    horizon = int(height * rng.uniform(0.40, 0.52))
    canvas = _DRAW[theme](rng, (width, height), horizon)
    lit = _light(rng, canvas.resize(size, Image.Resampling.BOX))
    return Backdrop(lit, horizon // _OVERSAMPLING)


def _shade(rng: np.random.Generator, colour: Colour, spread: float = 7) -> Colour:
    """A colour near ``colour``."""
    shift = rng.normal(0, spread) + rng.normal(0, spread / 2, 3)
    return _colour(np.asarray(colour) + shift)


def _colour(values: NDArray[np.float64]) -> Colour:
    red, green, blue = (int(v) for v in np.clip(values, 0, 255))
    return red, green, blue


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    return _colour(np.asarray(one) * (1 - share) + np.asarray(other) * share)


def _two_planes(
    size: tuple[int, int], horizon: int, above: tuple[Colour, Colour], below: tuple[Colour, Colour]
) -> Image.Image:
    """Two vertical gradients, from top to horizon and from there to the bottom."""
    width, height = size
    rows = np.empty((height, 3))
    for start, end, (first, last) in ((0, horizon, above), (horizon, height, below)):
        rows[start:end] = np.linspace(first, last, end - start)
    return Image.fromarray(np.repeat(rows.astype(np.uint8)[:, None], width, axis=1), "RGB")


def _hills(
    rng: np.random.Generator,
    canvas: Image.Image,
    base: int,
    rise: float,
    colour: Colour,
    *,
    waves: float = 1.5,
) -> None:
    """A rolling outline filled down to the bottom; ``rise`` in pixels."""
    width, height = canvas.size
    x = np.linspace(0, 2 * np.pi, 60)
    phases = rng.uniform(0, 2 * np.pi, 2)
    y = base - rise * (0.5 + 0.35 * np.sin(waves * x / 2 + phases[0]) + 0.15 * np.sin(waves * x + phases[1]))
    outline = list(zip(np.linspace(0, width, 60).tolist(), y.tolist(), strict=True))
    ImageDraw.Draw(canvas).polygon([*outline, (width, height), (0, height)], fill=colour)


def _sky(rng: np.random.Generator) -> tuple[Colour, Colour]:
    top, low = (((150, 192, 228), (226, 236, 238)), ((168, 184, 220), (246, 226, 208)))[int(rng.integers(2))]
    return _shade(rng, top), _shade(rng, low)


def _farm(rng: np.random.Generator, size: tuple[int, int], horizon: int) -> Image.Image:
    near = _shade(rng, (146, 178, 104))
    canvas = _two_planes(size, horizon, _sky(rng), (near, _mix(near, (90, 130, 70), 0.5)))
    _hills(rng, canvas, horizon, size[1] * 0.16, _shade(rng, (160, 192, 158)))
    _hills(rng, canvas, horizon + size[1] // 30, size[1] * 0.07, near, waves=1)
    return canvas


def _beach(rng: np.random.Generator, size: tuple[int, int], horizon: int) -> Image.Image:
    sand = _shade(rng, (232, 212, 174))
    canvas = _two_planes(size, horizon, _sky(rng), (sand, _mix(sand, (206, 178, 132), 0.6)))
    sea = _shade(rng, (104, 168, 190))
    draw = ImageDraw.Draw(canvas)
    top = horizon - size[1] // 7
    draw.rectangle((0, top, size[0], horizon + size[1] // 30), fill=sea)
    draw.rectangle((0, top, size[0], top + size[1] // 40), fill=_mix(sea, (70, 130, 160), 0.5))
    _hills(rng, canvas, horizon + size[1] // 24, size[1] * 0.05, _mix(sand, (255, 250, 240), 0.7), waves=2)
    _hills(rng, canvas, horizon + size[1] // 16, size[1] * 0.05, sand, waves=2)
    return canvas


def _forest(rng: np.random.Generator, size: tuple[int, int], horizon: int) -> Image.Image:
    mist, moss = _shade(rng, (206, 220, 206)), _shade(rng, (122, 146, 94))
    canvas = _two_planes(
        size, horizon, (_mix(mist, (150, 180, 160), 0.5), mist), (moss, _mix(moss, (70, 92, 58), 0.6))
    )
    draw = ImageDraw.Draw(canvas)
    for depth in (0.25, 0.5):
        trunk = _mix(mist, (88, 104, 88), depth)
        for x in rng.uniform(0, size[0], int(rng.integers(4, 8))).tolist():
            half = size[0] * rng.uniform(0.006, 0.012) * (1 + depth)
            draw.rectangle((x - half, 0, x + half, horizon + size[1] * 0.03), fill=trunk)
    _hills(rng, canvas, horizon + size[1] // 25, size[1] * 0.06, moss)
    return canvas


def _street(rng: np.random.Generator, size: tuple[int, int], horizon: int) -> Image.Image:
    width, height = size
    sky, road = _sky(rng), _shade(rng, (132, 138, 146))
    canvas = _two_planes(size, horizon, sky, (road, _mix(road, (98, 104, 112), 0.7)))
    draw = ImageDraw.Draw(canvas)
    left = -rng.uniform(0, width * 0.1)
    while left < width:
        wide, tall = width * rng.uniform(0.08, 0.16), height * rng.uniform(0.1, 0.3)
        draw.rectangle(
            (left, horizon - tall, left + wide, horizon),
            fill=_mix(sky[1], (120, 132, 152), rng.uniform(0.3, 0.6)),
        )
        left += wide + width * rng.uniform(0, 0.03)
    draw.rectangle(
        (0, horizon - height // 60, width, horizon + height // 14), fill=_shade(rng, (196, 194, 190))
    )
    line = int(height * 0.8)
    for x in range(-width // 10, width, width // 4):
        draw.rectangle((x, line, x + width // 9, line + height // 60), fill=_mix(road, (240, 240, 236), 0.6))
    return canvas


def _room(
    rng: np.random.Generator, size: tuple[int, int], horizon: int, wall: Colour, table: Colour
) -> Image.Image:
    """A plain wall above a table or floor, with a quiet edge between them."""
    wall, table = _shade(rng, wall), _shade(rng, table)
    canvas = _two_planes(
        size, horizon, (_mix(wall, (255, 255, 255), 0.15), wall), (table, _mix(table, (60, 44, 36), 0.25))
    )
    edge = (0, horizon, size[0], horizon + size[1] // 50)
    ImageDraw.Draw(canvas).rectangle(edge, fill=_mix(table, (255, 248, 236), 0.35))
    return canvas


def _kitchen(rng: np.random.Generator, size: tuple[int, int], horizon: int) -> Image.Image:
    canvas = _room(rng, size, horizon, (224, 228, 220), (196, 158, 120))
    draw, tile = ImageDraw.Draw(canvas), size[1] // 6
    joint = _shade(rng, (212, 217, 209), 2)
    for y in range(horizon - tile, -1, -tile):
        draw.line((0, y, size[0], y), fill=joint, width=3)
    for x in range(int(rng.integers(tile)), size[0], tile):
        draw.line((x, 0, x, horizon - 1), fill=joint, width=3)
    return canvas


def _workshop(rng: np.random.Generator, size: tuple[int, int], horizon: int) -> Image.Image:
    canvas = _room(rng, size, horizon, (176, 186, 194), (184, 144, 102))
    draw, gap = ImageDraw.Draw(canvas), size[1] // 9
    plank = _shade(rng, (166, 128, 90), 3)
    for y in range(horizon + gap, size[1], gap):
        draw.line((0, y, size[0], y), fill=plank, width=3)
    return canvas


def _music(rng: np.random.Generator, size: tuple[int, int], horizon: int) -> Image.Image:
    canvas = _room(rng, size, horizon, (122, 104, 132), (166, 122, 92))
    glow = Image.new("L", size)
    middle, reach = size[0] * rng.uniform(0.3, 0.7), size[0] * 0.3
    ImageDraw.Draw(glow).polygon(
        [(middle, -size[1] // 4), (middle - reach, size[1]), (middle + reach, size[1])], fill=46
    )
    canvas.paste((255, 240, 214), (0, 0), glow.reduce(16).resize(size, Image.Resampling.BICUBIC))
    return canvas


def _office(rng: np.random.Generator, size: tuple[int, int], horizon: int) -> Image.Image:
    canvas = _room(rng, size, horizon, (220, 226, 232), (208, 190, 166))
    draw = ImageDraw.Draw(canvas)
    left, wide = size[0] * rng.uniform(0.08, 0.55), size[0] * rng.uniform(0.25, 0.36)
    frame = (left, size[1] * 0.06, left + wide, horizon - size[1] * 0.08)
    draw.rectangle(frame, fill=_shade(rng, (188, 212, 230)), outline=(240, 243, 245), width=size[0] // 90)
    return canvas


def _party(rng: np.random.Generator, size: tuple[int, int], horizon: int) -> Image.Image:
    wall = ((238, 222, 214), (218, 226, 238), (226, 234, 218))[int(rng.integers(3))]
    canvas = _room(rng, size, horizon, wall, (232, 206, 190))
    draw = ImageDraw.Draw(canvas)
    flags: tuple[Colour, ...] = ((222, 150, 142), (236, 200, 130), (150, 186, 196), (172, 196, 150))
    count, sag = int(rng.integers(9, 13)), size[1] * rng.uniform(0.05, 0.1)
    wide = size[0] / count
    for i in range(count):
        x = (i + 0.5) * wide
        y = size[1] * 0.05 + sag * np.sin(np.pi * x / size[0])
        triangle = [(x - wide * 0.42, y), (x + wide * 0.42, y), (x, y + wide * 0.8)]
        draw.polygon(triangle, fill=_mix(flags[i % len(flags)], wall, 0.25))
    return canvas


_DRAW: Final[dict[str, Callable[[np.random.Generator, tuple[int, int], int], Image.Image]]] = {
    "farm": _farm,
    "kitchen": _kitchen,
    "beach": _beach,
    "workshop": _workshop,
    "music": _music,
    "street": _street,
    "office": _office,
    "forest": _forest,
    "party": _party,
}


def _light(rng: np.random.Generator, image: Image.Image) -> Image.Image:
    """Soft light from one side, a little warmer or cooler."""
    pixels = np.asarray(image, dtype=np.float32)
    ramp = np.linspace(rng.uniform(0.9, 1.0), rng.uniform(1.0, 1.06), pixels.shape[1], dtype=np.float32)
    warmth = np.float32(rng.uniform(-0.03, 0.03))
    cast = np.array([1 + warmth, 1, 1 - warmth], dtype=np.float32)
    pixels = pixels * (ramp if rng.random() < 0.5 else ramp[::-1])[None, :, None] * cast
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")

"""Composes scenes: sprites on backgrounds, in two looks.

:func:`compose` draws what models are trained on: noise, clutter, rotation, occlusion, lighting and blur,
so that nothing but the objects is informative. :func:`compose_calm` draws what people look at, the demo
collection: things standing in a room or a landscape.

A scene is a pure function of its random generator, its sprites and its list of objects, so collections are
reproducible by seed. The truth of a scene lists only visible objects: if more than ``MAX_HIDDEN`` of an
object's area is covered, it does not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from cprfl_core.demo.backdrops import Backdrop, backdrop
from cprfl_core.demo.sprites import SpriteSet, recolour

MAX_HIDDEN = 0.6
_FAR, _NEAR = 0.2, 0.4
"""The longer side of a thing at the horizon and in front, relative to the shorter side of a calm scene."""
_BILINEAR = Image.Resampling.BILINEAR
_BICUBIC = Image.Resampling.BICUBIC


@dataclass(frozen=True, slots=True)
class SceneObject:
    """One object. ``box`` is (left, top, right, bottom) in pixels, ``visible`` its visible fraction."""

    category: int
    box: tuple[int, int, int, int]
    visible: float


@dataclass(frozen=True, slots=True)
class Scene:
    image: Image.Image
    objects: tuple[SceneObject, ...]

    @property
    def categories(self) -> frozenset[int]:
        return frozenset(o.category for o in self.objects)


def compose(
    rng: np.random.Generator,
    sprites: SpriteSet,
    style: str,
    cells: Sequence[int],
    size: tuple[int, int],
    *,
    scale: tuple[float, float] = (0.16, 0.55),
) -> Scene:
    """Draw the sprites ``cells`` of ``style`` into one image.

    ``size`` is (width, height) in pixels; ``scale`` the range of an object's longer side relative to the
    image's shorter side (log-uniform, smaller with many objects).
    """
    canvas = background(rng, size)
    owner = np.zeros((size[1], size[0]), dtype=np.int16)
    placed: list[tuple[int, tuple[int, int, int, int], int]] = []
    crowd = min(1.0, (4 / max(1, len(cells))) ** 0.5)
    for number, cell in enumerate(cells, start=1):
        stamp = _specimen(rng, sprites.images[style][cell], scale, min(size), crowd)
        x, y = _position(rng, size, stamp.size, [box for _, box, _ in placed])
        if rng.random() < 0.5:
            _shadow(canvas, stamp, (x, y), rng)
        canvas.paste(stamp, (x, y), stamp)
        box, area = _claim(owner, stamp, (x, y), number)
        placed.append((sprites.cell_category[cell], box, area))
    if rng.random() < 0.25:
        _occluder(rng, canvas, owner)
    objects = _visible(owner, placed)
    return Scene(_photograph(rng, canvas), objects)


def compose_calm(
    rng: np.random.Generator,
    sprites: SpriteSet,
    style: str,
    cells: Sequence[int],
    size: tuple[int, int],
    *,
    theme: str,
) -> Scene:
    """Draw the sprites ``cells`` of ``style`` standing in the surroundings of ``theme``, the farthest first.

    ``size`` is (width, height) in pixels; ``theme`` a key of :data:`cprfl_core.demo.themes.THEMES`.
    """
    surroundings = backdrop(rng, theme, size)
    canvas = surroundings.image
    owner = np.zeros((size[1], size[0]), dtype=np.int16)
    placed: list[tuple[int, tuple[int, int, int, int], int]] = []
    crowd = min(1.0, (4 / max(1, len(cells))) ** 0.35)
    depths = np.sort(rng.uniform(0, 1, len(cells)))
    for number, (depth, cell) in enumerate(zip(depths.tolist(), cells, strict=True), start=1):
        side = min(size) * crowd * (_FAR + (_NEAR - _FAR) * depth) * rng.uniform(0.85, 1.15)
        stamp = _upright(rng, sprites.images[style][cell], side)
        at = _standing(rng, surroundings, stamp.size, depth, [box for _, box, _ in placed])
        _contact_shadow(canvas, stamp, at)
        canvas.paste(stamp, at, stamp)
        box, area = _claim(owner, stamp, at, number)
        placed.append((sprites.cell_category[cell], box, area))
    return Scene(canvas, _visible(owner, placed))


def _upright(rng: np.random.Generator, sprite: Image.Image, side: float) -> Image.Image:
    """One drawing, cropped to what is drawn, with its longer side ``side`` px; mirrored, tilted a little."""
    stamp = sprite.crop(sprite.getchannel("A").getbbox())
    ratio = side / max(stamp.size)
    stamp = stamp.resize((max(8, round(stamp.width * ratio)), max(8, round(stamp.height * ratio))), _BICUBIC)
    if rng.random() < 0.5:
        stamp = stamp.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    turned = stamp.rotate(float(np.clip(rng.normal(0, 5), -10, 10)), _BICUBIC, expand=True)
    return recolour(turned, rng, strength=0.4)


def _standing(
    rng: np.random.Generator,
    surroundings: Backdrop,
    stamp: tuple[int, int],
    depth: float,
    taken: Sequence[tuple[int, int, int, int]],
) -> tuple[int, int]:
    """A position with the feet on the ground at ``depth`` (0 far, 1 near), and little overlap."""
    width, height = surroundings.image.size
    ground = height - surroundings.horizon
    foot = surroundings.horizon + ground * (0.2 + 0.76 * depth)
    y = max(0, int(foot - stamp[1]))
    tries = rng.uniform(0.01 * width, max(1.0, 0.99 * width - stamp[0]), 12).astype(int).tolist()
    return min(((x, y) for x in tries), key=lambda at: _overlap(at, stamp, taken))


def _contact_shadow(canvas: Image.Image, stamp: Image.Image, at: tuple[int, int]) -> None:
    """A soft dark ellipse under a thing."""
    wide, high = stamp.width, max(4, stamp.width // 5)
    shade = Image.new("L", (wide + 2 * high, 3 * high))
    ImageDraw.Draw(shade).ellipse((high * 1.5, high, wide + high * 0.5, 2 * high), fill=90)
    soft = shade.filter(ImageFilter.GaussianBlur(high / 3))
    canvas.paste((24, 20, 30), (at[0] - high, at[1] + stamp.height - 2 * high + high // 4), soft)


def background(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Coloured noise at several scales, a gradient or a horizon, and some random shapes."""
    width, height = size
    base = _muted(rng)
    image = np.broadcast_to(base, (height, width, 3)).astype(np.float32)
    kind = rng.integers(4)
    if kind == 0:  # gradient between two colours
        angle = rng.uniform(0, 2 * np.pi)
        ramp = (
            np.cos(angle) * np.linspace(-0.5, 0.5, width)[None, :]
            + np.sin(angle) * np.linspace(-0.5, 0.5, height)[:, None]
        )
        image = image + ramp[..., None] * (rng.uniform(-130, 130) + rng.uniform(-45, 45, 3))
    elif kind == 1:  # ground and sky
        line = rng.uniform(0.3, 0.8) * height
        below = (np.arange(height) > line)[:, None, None]
        image = np.where(below, _muted(rng), image)
    image = image.astype(np.float32)
    for cells, strength in ((3, 40), (8, 25), (28, 18)):
        if rng.random() < 0.75:
            image = image + _noise(rng, size, cells, strength * rng.uniform(0.3, 1.3))
    picture = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8), "RGB")
    if rng.random() < 0.6:
        _clutter(rng, picture)
    return picture


def _muted(rng: np.random.Generator) -> NDArray[np.float64]:
    """A muted colour, so that the objects stand out."""
    return np.clip(rng.uniform(35, 225) + rng.normal(0, 24, 3), 8, 247)


def _noise(
    rng: np.random.Generator, size: tuple[int, int], cells: int, strength: float
) -> NDArray[np.float32]:
    grey, colour = rng.normal(128, 36, (cells, cells, 1)), rng.normal(0, 14, (cells, cells, 3))
    coarse = np.clip(grey + colour, 0, 255).astype(np.uint8)
    fine = np.asarray(Image.fromarray(coarse, "RGB").resize(size, _BICUBIC), dtype=np.float32)
    return (fine - 128) * np.float32(strength / 40)


def _clutter(rng: np.random.Generator, picture: Image.Image) -> None:
    """Draw random lines, ellipses and polygons, so that the mere presence of a shape is not informative."""
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    for _ in range(rng.integers(1, 7)):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        extent = rng.uniform(0.05, 0.4) * min(width, height)
        colour = tuple(int(v) for v in _muted(rng))
        points = [
            (x + rng.uniform(-extent, extent), y + rng.uniform(-extent, extent))
            for _ in range(rng.integers(3, 6))
        ]
        match rng.integers(3):
            case 0:
                draw.ellipse((x - extent / 2, y - extent / 3, x + extent / 2, y + extent / 3), fill=colour)
            case 1:
                draw.polygon(points, fill=colour)
            case _:
                draw.line(points, fill=colour, width=int(rng.integers(1, 6)))


def _specimen(
    rng: np.random.Generator, sprite: Image.Image, scale: tuple[float, float], extent: int, crowd: float
) -> Image.Image:
    """One drawing, recoloured, mirrored, slightly stretched, scaled and rotated."""
    side = extent * crowd * np.exp(rng.uniform(np.log(scale[0]), np.log(scale[1])))
    squash = np.exp(rng.uniform(-0.22, 0.22))
    width, height = max(8, round(side * squash)), max(8, round(side / squash))
    stamp = sprite.resize((width, height), _BILINEAR, reducing_gap=2.0)
    if rng.random() < 0.5:
        stamp = stamp.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    turn = rng.normal(0, 14) if rng.random() < 0.85 else rng.uniform(-180, 180)
    return recolour(stamp.rotate(float(turn), _BILINEAR, expand=True), rng)


def _position(
    rng: np.random.Generator,
    size: tuple[int, int],
    stamp: tuple[int, int],
    taken: Sequence[tuple[int, int, int, int]],
) -> tuple[int, int]:
    """A position with little overlap: the best of a few tries. Up to a tenth may be outside the image."""
    best, best_overlap = (0, 0), float("inf")
    for _ in range(6):
        x = int(rng.uniform(-0.1 * stamp[0], size[0] - 0.9 * stamp[0]))
        y = int(rng.uniform(-0.1 * stamp[1], size[1] - 0.9 * stamp[1]))
        overlap = _overlap((x, y), stamp, taken)
        if overlap < best_overlap:
            best, best_overlap = (x, y), overlap
        if overlap <= 0.1 * stamp[0] * stamp[1]:
            break
    return best


def _overlap(at: tuple[int, int], size: tuple[int, int], boxes: Sequence[tuple[int, int, int, int]]) -> float:
    """The area that a stamp shares with ``boxes``, in pixels."""
    x, y = at
    return sum(
        max(0, min(x + size[0], right) - max(x, left)) * max(0, min(y + size[1], bottom) - max(y, top))
        for left, top, right, bottom in boxes
    )


def _shadow(canvas: Image.Image, stamp: Image.Image, at: tuple[int, int], rng: np.random.Generator) -> None:
    alpha = stamp.getchannel("A").point([int(v * 0.4) for v in range(256)])
    offset = max(1, stamp.width // 16)
    shift = (at[0] + int(rng.integers(-offset, offset + 1)), at[1] + offset)
    canvas.paste((0, 0, 0), shift, alpha.filter(ImageFilter.BoxBlur(offset / 2)))


def _claim(
    owner: NDArray[np.int16], stamp: Image.Image, at: tuple[int, int], number: int
) -> tuple[tuple[int, int, int, int], int]:
    """Mark the pixels of an object; returns its box inside the image and its total area in pixels."""
    solid = np.asarray(stamp.getchannel("A")) > 127
    height, width = owner.shape
    left, top = max(0, at[0]), max(0, at[1])
    right, bottom = min(width, at[0] + stamp.width), min(height, at[1] + stamp.height)
    inside = solid[top - at[1] : bottom - at[1], left - at[0] : right - at[0]]
    owner[top:bottom, left:right][inside] = number
    return (left, top, right, bottom), int(solid.sum())


def _occluder(rng: np.random.Generator, canvas: Image.Image, owner: NDArray[np.int16]) -> None:
    """Draw a bar across the foreground."""
    width, height = canvas.size
    colour = tuple(int(v) for v in _muted(rng))
    thickness = int(rng.uniform(0.02, 0.08) * min(width, height)) + 1
    if rng.random() < 0.5:
        start = int(rng.uniform(0, width - thickness))
        box = (start, 0, start + thickness, height)
    else:
        start = int(rng.uniform(0, height - thickness))
        box = (0, start, width, start + thickness)
    canvas.paste(colour, box)
    owner[box[1] : box[3], box[0] : box[2]] = 0


def _visible(
    owner: NDArray[np.int16], placed: Sequence[tuple[int, tuple[int, int, int, int], int]]
) -> tuple[SceneObject, ...]:
    pixels = np.bincount(owner.ravel(), minlength=len(placed) + 1)
    objects = []
    for number, (category, box, area) in enumerate(placed, start=1):
        visible = float(pixels[number]) / max(1, area)
        if visible >= 1 - MAX_HIDDEN:
            objects.append(SceneObject(category, box, visible))
    return tuple(objects)


def _photograph(rng: np.random.Generator, canvas: Image.Image) -> Image.Image:
    """Apply lighting, colour cast, blur and sensor noise."""
    if rng.random() < 0.3:
        canvas = canvas.filter(
            ImageFilter.GaussianBlur(float(rng.uniform(0.3, 1.0)) * min(canvas.size) / 160)
        )
    pixels = np.asarray(canvas, dtype=np.float32)
    cast = rng.uniform(0.85, 1.15, 3) * rng.uniform(0.7, 1.2)
    if rng.random() < 0.5:  # a lamp on one side
        ramp = np.linspace(rng.uniform(0.6, 1.0), rng.uniform(1.0, 1.25), pixels.shape[1], dtype=np.float32)
        pixels = pixels * (ramp if rng.random() < 0.5 else ramp[::-1])[None, :, None]
    pixels = pixels * cast.astype(np.float32)
    if rng.random() < 0.5:
        grain = rng.standard_normal(pixels.shape[:2], dtype=np.float32) * np.float32(rng.uniform(1, 9))
        pixels = pixels + grain[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")

"""The benchmark's transforms: the whole image squashed to a square, in training with Cutout and RandAugment.

As in the published code there is no flip, and by default no normalisation. All random numbers come from the
caller's generator. Torch-free.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from cprfl_core.images.preprocessing import CLIP_MEAN, CLIP_STD

Augmentation = Literal["published", "none"]

Channels = tuple[float, float, float]

NORMALISATIONS: Final[dict[str, tuple[Channels, Channels]]] = {
    "none": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "clip": (CLIP_MEAN, CLIP_STD),
}
"""Mean and standard deviation of channels in 0 to 1, by name."""

_CUTOUT: Final = 0.5  # side of the rectangle relative to the image's
_GREY: Final = (128, 128, 128)
_SMALL_CUTOUT_COLOUR: Final = (125, 122, 113)
_CHANCE: Final = 0.5  # probability that a drawn operation is applied
_STEPS: Final = 9


@dataclass(frozen=True, slots=True)
class Transform:
    """An RGB image to float32 [3,size,size], (value / 255 - mean) / std for each channel.

    ``augmentation`` "published" is Cutout (half of each side) and then RandAugment.
    """

    size: int = 448
    augmentation: Augmentation = "none"
    mean: Channels = NORMALISATIONS["none"][0]
    std: Channels = NORMALISATIONS["none"][1]

    def __call__(self, image: Image.Image, draw: random.Random) -> NDArray[np.float32]:
        """Transform a copy; ``draw`` is used for the augmentation only."""
        # As torchvision's Resize: antialiased bilinear.
        squashed = image.resize((self.size, self.size), Image.Resampling.BILINEAR)
        if self.augmentation == "published":
            squashed = rand_augment(cutout(squashed, draw), draw)
        mean, std = (np.asarray(v, dtype=np.float32)[:, None, None] for v in (self.mean, self.std))
        channels = np.ascontiguousarray(np.asarray(squashed).transpose(2, 0, 1)).astype(np.float32)
        channels /= np.float32(255.0)
        channels -= mean
        channels /= std
        return channels


def cutout(image: Image.Image, draw: random.Random, part: float = _CUTOUT) -> Image.Image:
    """Fill a rectangle of ``part`` of each side with a random colour, centred anywhere, clipped."""
    width, height = image.size
    half_width, half_height = int(part * width + 0.5) // 2, int(part * height + 0.5) // 2
    x, y = draw.randrange(width), draw.randrange(height)
    colour = (draw.randrange(256), draw.randrange(256), draw.randrange(256))
    return _painted(image, (x - half_width, y - half_height, x + half_width, y + half_height), colour)


def rand_augment(image: Image.Image, draw: random.Random) -> Image.Image:
    """Two of fifteen operations, each with a random strength and applied with probability 1/2.

    This is the variant of Unsupervised Data Augmentation (Xie et al., 2020) that the published code uses, not
    the original RandAugment, which has one strength for all operations.
    """
    names = list(_OPERATIONS)
    for _ in range(2):
        name, step = draw.choice(names), draw.randint(1, _STEPS)
        if draw.random() < _CHANCE:
            image = apply_operation(image, name, step, draw)
    return image


def apply_operation(image: Image.Image, name: str, step: int, draw: random.Random) -> Image.Image:
    """Apply one of `OPERATION_NAMES` with strength ``step`` from 0 (weakest) to 9 (strongest)."""
    operation = _OPERATIONS[name]
    strength = operation.least + (operation.most - operation.least) * step / _STEPS
    if operation.signed and draw.random() < 0.5:
        strength = -strength
    return operation.apply(image, strength, draw)


class _Operation(NamedTuple):
    """``least`` and ``most``: strength at step 0 and step 9; ``signed``: in a random direction."""

    apply: Callable[[Image.Image, float, random.Random], Image.Image]
    least: float
    most: float
    signed: bool = False


def _painted(image: Image.Image, box: tuple[int, int, int, int], colour: tuple[int, int, int]) -> Image.Image:
    painted = image.copy()
    ImageDraw.Draw(painted).rectangle(box, fill=colour)
    return painted


def _affine(image: Image.Image, matrix: tuple[float, ...], *, smooth: bool) -> Image.Image:
    resample = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
    return image.transform(image.size, Image.Transform.AFFINE, matrix, resample, fillcolor=_GREY)


def _small_cutout(image: Image.Image, side: float, draw: random.Random) -> Image.Image:
    half = round(side) // 2
    if half == 0:
        return image
    x, y = draw.randrange(image.width), draw.randrange(image.height)
    return _painted(image, (x - half, y - half, x + half - 1, y + half - 1), _SMALL_CUTOUT_COLOUR)


def _enhanced(kind: Callable[[Image.Image], Any]) -> Callable[..., Image.Image]:
    def enhance(image: Image.Image, strength: float, _draw: random.Random) -> Image.Image:
        enhanced: Image.Image = kind(image).enhance(1 + strength)
        return enhanced

    return enhance


# Strengths in the units of each operation: degrees, fractions of a side, bits, grey levels, pixels.
_OPERATIONS: Final[dict[str, _Operation]] = {
    "invert": _Operation(lambda image, _s, _d: ImageOps.invert(image), 0, 0),
    "cutout": _Operation(_small_cutout, 0, 20),
    "sharpness": _Operation(_enhanced(ImageEnhance.Sharpness), 0, 0.9, signed=True),
    "autocontrast": _Operation(lambda image, _s, _d: ImageOps.autocontrast(image), 0, 0),
    "posterize": _Operation(lambda image, bits, _: ImageOps.posterize(image, round(bits)), 8, 4),
    "shear_x": _Operation(lambda i, s, _: _affine(i, (1, s, 0, 0, 1, 0), smooth=True), 0, 0.3, signed=True),
    "translate_x": _Operation(
        lambda i, s, _: _affine(i, (1, 0, s * i.width, 0, 1, 0), smooth=False), 0, 150 / 331, signed=True
    ),
    "translate_y": _Operation(
        lambda i, s, _: _affine(i, (1, 0, 0, 0, 1, s * i.height), smooth=False), 0, 150 / 331, signed=True
    ),
    "shear_y": _Operation(lambda i, s, _: _affine(i, (1, 0, 0, s, 1, 0), smooth=True), 0, 0.3, signed=True),
    # One direction only, as published.
    "rotate": _Operation(lambda image, degrees, _: image.rotate(degrees, fillcolor=_GREY), 0, 30),
    "equalize": _Operation(lambda image, _s, _d: ImageOps.equalize(image), 0, 0),
    "contrast": _Operation(_enhanced(ImageEnhance.Contrast), 0, 0.9, signed=True),
    "color": _Operation(_enhanced(ImageEnhance.Color), 0, 0.9, signed=True),
    "solarize": _Operation(lambda image, value, _: ImageOps.solarize(image, round(value)), 256, 0),
    "brightness": _Operation(_enhanced(ImageEnhance.Brightness), 0, 0.9, signed=True),
}
OPERATION_NAMES: Final = tuple(_OPERATIONS)

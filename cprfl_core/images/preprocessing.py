"""Preprocessing of images for a model, and its inverse: always the whole image, never a crop.

Objects at the border count too; open_clip's resize and centre crop would cut them off. Torch-free.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

UInt8 = NDArray[np.uint8]
Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]

CLIP_MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD: Final = (0.26862954, 0.26130258, 0.27577711)

_FILTERS: Final = {"bicubic": Image.Resampling.BICUBIC, "bilinear": Image.Resampling.BILINEAR}
# Part of the key: increment it when the same settings give different pixels.
_VERSION: Final = 1
# Much larger images are first reduced by an integer factor; 3 is indistinguishable from a direct resize.
_REDUCING_GAP: Final = 3.0
_KEY: Final = re.compile(r"(?:^|-)(squash|pad)-(\d+)(?:x(\d+))?-(?:bicubic|bilinear)-[0-9a-f]{6}$")


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """``size``: side, or (height, width), of the model's input in pixels.

    ``mode`` "squash" resizes the whole image to the input, changing its aspect ratio; "pad" keeps the aspect
    ratio and fills the rest with the mean colour. ``mean`` and ``std`` are for channels in 0 to 1.
    """

    size: int | tuple[int, int]
    mode: Literal["squash", "pad"] = "squash"
    mean: tuple[float, float, float] = CLIP_MEAN
    std: tuple[float, float, float] = CLIP_STD
    interpolation: Literal["bicubic", "bilinear"] = "bicubic"

    def __post_init__(self) -> None:
        if min(self.height, self.width) < 1 or self.mode not in ("squash", "pad"):
            raise ValueError(f"no preprocessing of size {self.size} and mode {self.mode}")

    @property
    def height(self) -> int:
        return self.size if isinstance(self.size, int) else self.size[0]

    @property
    def width(self) -> int:
        return self.size if isinstance(self.size, int) else self.size[1]

    @property
    def draft(self) -> tuple[int, int]:
        """(width, height) below which an image must not be decoded, for ``open_image``."""
        return self.width, self.height

    def key(self) -> str:
        """Short name for use in file names; equal keys give equal pixels."""
        constants = (_VERSION, *(round(float(v), 6) for v in (*self.mean, *self.std)))
        digest = hashlib.blake2b(repr(constants).encode(), digest_size=3).hexdigest()
        side = str(self.height) if self.height == self.width else f"{self.height}x{self.width}"
        return f"{self.mode}-{side}-{self.interpolation}-{digest}"

    def to_uint8(self, image: Image.Image) -> UInt8:
        """Resize an RGB image of any size to uint8 [3,H,W]."""
        left, top, width, height = self.content(image.size)
        resized = image.resize((width, height), _FILTERS[self.interpolation], reducing_gap=_REDUCING_GAP)
        if (width, height) != (self.width, self.height):
            red, green, blue = (round(255 * value) for value in self.mean)
            canvas = Image.new("RGB", (self.width, self.height), (red, green, blue))
            canvas.paste(resized, (left, top))
            resized = canvas
        return np.ascontiguousarray(np.asarray(resized).transpose(2, 0, 1))

    def normalise(self, pixels: UInt8) -> Float32:
        """Normalise uint8 [...,3,H,W] to float32: (value / 255 - mean) / std for each channel."""
        mean = np.asarray(self.mean, dtype=np.float32)[:, None, None]
        std = np.asarray(self.std, dtype=np.float32)[:, None, None]
        return (pixels.astype(np.float32) / np.float32(255.0) - mean) / std

    def content(self, image_size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Position of an image (width, height) in the input: left, top, width, height in input pixels."""
        if self.mode == "squash":
            return 0, 0, self.width, self.height
        image_width, image_height = image_size
        scale = min(self.width / image_width, self.height / image_height)
        width = min(self.width, max(1, round(image_width * scale)))
        height = min(self.height, max(1, round(image_height * scale)))
        return (self.width - width) // 2, (self.height - height) // 2, width, height

    def box_to_image(self, boxes: ArrayLike, image_size: tuple[int, int]) -> Float64:
        """Convert boxes x0, y0, x1, y1 from fractions of the input to image pixels, clipped; [...,4]."""
        offset, scale = self._frame(image_size)
        size = np.asarray(image_size * 2, dtype=np.float64)
        pixels = (np.asarray(boxes, dtype=np.float64) - offset) / scale * size
        return np.asarray(np.clip(pixels, 0.0, size), dtype=np.float64)

    def grid_to_image(self, grid: tuple[int, int], image_size: tuple[int, int]) -> Float64:
        """Image pixels x0, y0, x1, y1 of each cell of a patch grid (rows, columns): [rows,columns,4].

        In mode "pad" cells outside the image have no area.
        """
        rows, columns = grid
        y, x = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
        boxes = np.stack([x / columns, y / rows, (x + 1) / columns, (y + 1) / rows], axis=-1)
        return self.box_to_image(boxes, image_size)

    def _frame(self, image_size: tuple[int, int]) -> tuple[Float64, Float64]:
        """Offset and size of the content as fractions of the input, each as x, y, x, y."""
        left, top, width, height = self.content(image_size)
        whole = np.array([self.width, self.height] * 2, dtype=np.float64)
        return np.array([left, top] * 2) / whole, np.array([width, height] * 2) / whole


def layout_of_key(key: str) -> Preprocessing:
    """The geometry of a model's input, from a key that ends with that of its preprocessing.

    Colours and interpolation are the defaults, not those of the key. If the key does not match, the image is
    assumed to fill the input.
    """
    found = _KEY.search(key)
    if found is None:
        return Preprocessing(1)
    mode, height, width = found.groups()
    return Preprocessing((int(height), int(width or height)), "pad" if mode == "pad" else "squash")

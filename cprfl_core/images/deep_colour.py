"""Colour images with 16 bits per sample: Pillow keeps only the high bytes; this module reads the low ones."""

import sys
from typing import IO, Any, Final

import numpy as np
from PIL import Image, ImageFile

from cprfl_core.images.deep_samples import integers_to_8_bit

_NOT_NATIVE: Final = "B" if sys.byteorder == "little" else "L"
_LOW_BYTES: Final = {
    f"{mode};16{order}": f"{mode};16{swapped}"
    for mode in ("RGB", "RGBA", "RGBX")
    for order, swapped in (("L", "B"), ("B", "L"), ("N", _NOT_NATIVE))
} | {"LA;16B": "RGBA"}
"""From the raw mode that unpacks high bytes to that for low bytes; grey with alpha has four bytes."""
_GREY_WITH_ALPHA: Final = "LA;16B"


def deep_rawmode(image: ImageFile.ImageFile) -> str | None:
    """The raw mode of 16-bit colour samples of an image that is not loaded yet; None for other images."""
    modes = {_rawmode(tile.args) for tile in image.tile}
    mode = modes.pop() if len(modes) == 1 else None
    return mode if mode in _LOW_BYTES else None


def with_low_bytes(image: ImageFile.ImageFile, stream: IO[bytes], rawmode: str) -> Image.Image:
    """The loaded image, with its contrast stretched if the samples use less than half of their range."""
    if not _uses_little(image.histogram()[:768]):
        return image
    stream.seek(0)
    with type(image)(stream, "") as again:
        again.tile = [tile._replace(args=_with_low_bytes(tile.args)) for tile in again.tile]
        again.load()
        low = np.asarray(again)
    low = low[..., [1, 1, 1]] if rawmode == _GREY_WITH_ALPHA else low[..., :3]
    high = np.asarray(image)[..., :3].astype(np.uint16)
    colour = Image.fromarray(integers_to_8_bit((high << 8) | low, 0, 16))
    if image.mode == "RGBA":
        colour.putalpha(image.getchannel("A"))
    return colour


def _uses_little(histogram: list[int]) -> bool:
    """True if all but a thousandth at each end is within half of the range, over all channels."""
    counts = np.reshape(histogram, (-1, 256)).sum(axis=0)
    share = counts.cumsum() / counts.sum()
    return bool(np.searchsorted(share, 0.999) - np.searchsorted(share, 0.001, side="right") < 128)


def _rawmode(args: Any) -> Any:
    return args[0] if isinstance(args, tuple) and args else args


def _with_low_bytes(args: Any) -> Any:
    other = _LOW_BYTES[_rawmode(args)]
    return (other, *args[1:]) if isinstance(args, tuple) else other

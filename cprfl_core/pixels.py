"""Any Pillow mode to 8-bit RGB: deep samples are scaled, transparency lies on mid grey.

Colour profiles are not applied: the models were trained on pixels read without them.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MID_GREY: Final = (128, 128, 128)
_MOST_BLACK_INK: Final = 170
"""Mean of the black channel, 0 to 255: a printed picture has less."""
_BITS_PER_SAMPLE: Final = 258
_SAMPLE_FORMAT: Final = 339


def to_rgb(image: Image.Image, source_format: str) -> Image.Image:
    """A loaded image of any mode as RGB, 8 bits a sample.

    Raises ValueError for a mode that has no meaning as colour.
    """
    if image.mode == "F" or image.mode.startswith("I"):
        return Image.fromarray(_deep_grey(image, source_format)).convert("RGB")
    if image.mode == "CMYK":
        return _from_cmyk(image, source_format)
    if image.mode == "LAB":
        return _from_lab(image)
    if image.mode in ("La", "RGBa"):
        image = image.convert(image.mode.upper())
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        return _on_mid_grey(image.convert("RGBA"))
    return image if image.mode == "RGB" else image.convert("RGB")


def _deep_grey(image: Image.Image, source_format: str) -> NDArray[np.uint8]:
    values = np.asarray(image)
    if image.mode == "F":
        return _from_float(values)
    return _from_32_bit(values, image, source_format) if image.mode == "I" else _from_16_bit(values, image)


def _on_mid_grey(image: Image.Image) -> Image.Image:
    canvas = Image.new("RGB", image.size, MID_GREY)
    canvas.paste(image, mask=image.getchannel("A"))
    return canvas


def _from_16_bit(values: NDArray[np.uint16], image: Image.Image) -> NDArray[np.uint8]:
    """The high byte, as Pillow itself does for 16-bit RGB; 12-bit sensors fill only the lower 12 bits."""
    shift = 4 if _tag(image, _BITS_PER_SAMPLE, 16) == 12 else 8
    return (values >> shift).astype(np.uint8)


def _from_32_bit(values: NDArray[np.int32], image: Image.Image, source_format: str) -> NDArray[np.uint8]:
    if source_format in ("PNG", "PPM"):
        # Older versions of Pillow hand 16-bit grey to the caller as 32-bit integers.
        return (values.clip(0, 65535) >> 8).astype(np.uint8)
    if _tag(image, _BITS_PER_SAMPLE, 32) == 16 and _tag(image, _SAMPLE_FORMAT, 1) == 2:
        return ((values.clip(-32768, 32767) + 32768) >> 8).astype(np.uint8)
    return _stretched(values)


def _from_float(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    if finite.min() >= 0.0 and finite.max() <= 1.0:
        return (finite * 255.0 + 0.5).astype(np.uint8)
    return _stretched(finite)


def _stretched(values: NDArray[np.int32] | NDArray[np.float32]) -> NDArray[np.uint8]:
    """Lowest value black, highest white: the only scale that a sample type without a nominal range has."""
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return np.full(values.shape, MID_GREY[0], dtype=np.uint8)
    scaled = (values.astype(np.float64) - low) * (255.0 / (high - low))
    return (scaled + 0.5).astype(np.uint8)


def _from_cmyk(image: Image.Image, source_format: str) -> Image.Image:
    """Pillow reads every CMYK JPEG as Adobe's programs write it, with inverted samples, and so do browsers.

    A file without Adobe's marker may also have them as they are. That reading is taken where the usual one
    would give a nearly black picture.
    """
    if source_format == "JPEG" and "adobe" not in image.info:
        black_ink = float(np.asarray(image.getchannel("K"), dtype=np.uint8).mean())
        if black_ink > _MOST_BLACK_INK:
            image = Image.eval(image, lambda value: 255 - value)
    return image.convert("RGB")


def _from_lab(image: Image.Image) -> Image.Image:
    from PIL import ImageCms

    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    if converted is None:
        raise ValueError("no conversion from LAB")
    return converted


def _tag(image: Image.Image, tag: int, default: int) -> int:
    """A TIFF tag with one value or one a channel, as a number; ``default`` for other formats."""
    tags = getattr(image, "tag_v2", None)
    value = tags.get(tag, default) if tags is not None else default
    if isinstance(value, tuple):
        value = value[0] if value else default
    return int(value)

"""Converts any Pillow mode to 8-bit RGB: deep samples are scaled, transparency is put on mid grey.

Colour profiles are ignored, as they were in the training of the models.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cprfl_core.images.deep_samples import integers_to_8_bit, numbers_to_8_bit

MID_GREY: Final = (128, 128, 128)
_MOST_BLACK_INK: Final = 170
"""Mean of the black channel, 0 to 255; real print files have less."""
_BITS_PER_SAMPLE: Final = 258
_SAMPLE_FORMAT: Final = 339
_PHOTOMETRIC: Final = 262
_NO_DATA: Final = 42113


def to_rgb(image: Image.Image, source_format: str) -> Image.Image:
    """Convert a loaded image of any mode to RGB, 8 bits per sample.

    Raises ValueError for a mode that has no conversion.
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
    samples = np.asarray(image)
    bits, signed = _tag(image, _BITS_PER_SAMPLE, 32), _tag(image, _SAMPLE_FORMAT, 1) == 2
    missing = _missing_value(image)
    if image.mode == "F":
        grey = numbers_to_8_bit(samples, missing)
    elif image.mode != "I":
        grey = integers_to_8_bit(samples, 0, 12 if bits == 12 else 16, missing)
    elif source_format in ("PNG", "PPM"):
        # Some versions of Pillow return 16-bit grey as 32-bit integers.
        grey = integers_to_8_bit(samples.clip(0, 65535), 0, 16)
    elif bits == 16 and signed:
        grey = integers_to_8_bit(samples, -32768, 16, missing)
    else:
        # Pillow has no unsigned 32-bit mode.
        values = samples if signed or source_format != "TIFF" else samples.view(np.uint32)
        grey = numbers_to_8_bit(values, missing)
    # Pillow inverts a TIFF whose zero is white for 8 bits only.
    return 255 - grey if _tag(image, _PHOTOMETRIC, 1) == 0 else grey


def _missing_value(image: Image.Image) -> float | None:
    """The missing-data value declared in a geographic TIFF."""
    tags = getattr(image, "tag_v2", None)
    try:
        return float(str(tags[_NO_DATA]).strip(" \0")) if tags is not None and _NO_DATA in tags else None
    except ValueError:
        return None


def _on_mid_grey(image: Image.Image) -> Image.Image:
    canvas = Image.new("RGB", image.size, MID_GREY)
    canvas.paste(image, mask=image.getchannel("A"))
    return canvas


def _from_cmyk(image: Image.Image, source_format: str) -> Image.Image:
    """Convert CMYK; Pillow and browsers assume inverted samples in every JPEG, as Adobe programs write them.

    In a file without Adobe's marker they may not be inverted. This is assumed if the image would otherwise be
    nearly black.
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
    """A TIFF tag with one value, or one per channel, as a number; ``default`` for other formats."""
    tags = getattr(image, "tag_v2", None)
    value = tags.get(tag, default) if tags is not None else default
    if isinstance(value, tuple):
        value = value[0] if value else default
    return int(value)

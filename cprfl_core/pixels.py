"""Any Pillow mode to 8-bit RGB: deep samples are scaled, transparency lies on mid grey.

Colour profiles are not applied: the models were trained on pixels read without them.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cprfl_core.deep_samples import integers_to_8_bit, numbers_to_8_bit

MID_GREY: Final = (128, 128, 128)
_MOST_BLACK_INK: Final = 170
"""Mean of the black channel, 0 to 255: a printed picture has less."""
_BITS_PER_SAMPLE: Final = 258
_SAMPLE_FORMAT: Final = 339
_PHOTOMETRIC: Final = 262
_NO_DATA: Final = 42113


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
    samples = np.asarray(image)
    bits, signed = _tag(image, _BITS_PER_SAMPLE, 32), _tag(image, _SAMPLE_FORMAT, 1) == 2
    missing = _missing_value(image)
    if image.mode == "F":
        grey = numbers_to_8_bit(samples, missing)
    elif image.mode != "I":
        grey = integers_to_8_bit(samples, 0, 12 if bits == 12 else 16, missing)
    elif source_format in ("PNG", "PPM"):
        # Versions of Pillow hand 16-bit grey to the caller as 32-bit integers.
        grey = integers_to_8_bit(samples.clip(0, 65535), 0, 16)
    elif bits == 16 and signed:
        grey = integers_to_8_bit(samples, -32768, 16, missing)
    else:
        # Pillow has no unsigned mode of 32 bits.
        values = samples if signed or source_format != "TIFF" else samples.view(np.uint32)
        grey = numbers_to_8_bit(values, missing)
    # Pillow turns white and black of a TIFF whose zero is white for 8 bits only.
    return 255 - grey if _tag(image, _PHOTOMETRIC, 1) == 0 else grey


def _missing_value(image: Image.Image) -> float | None:
    """What a geographic TIFF declares as no value."""
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

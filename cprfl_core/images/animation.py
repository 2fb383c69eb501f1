"""Chooses the frame of an animation that is shown: many begin with an empty one and fade in."""

from collections.abc import Callable
from typing import Final, cast

from PIL import Image, ImageChops, ImageFile, ImageStat

_FORMATS: Final = frozenset({"GIF", "PNG", "WEBP"})
_PLAIN: Final = 8
"""Most levels between the darkest and the lightest sample of each channel of an empty frame."""
_MOST_FRAMES: Final = 50
_ENOUGH_CONTRAST: Final = 40.0
"""Standard deviation of the grey levels of a frame that ends the search."""


def is_animated(image: ImageFile.ImageFile, name: str) -> bool:
    """Whether a file of format ``name``, not decoded yet, has several frames."""
    try:
        return name in _FORMATS and bool(getattr(image, "is_animated", False))
    except Exception:  # as in reading.py: a reader may raise anything on arbitrary bytes
        return False


def shown_frame(
    image: ImageFile.ImageFile, first: Image.Image, convert: Callable[[Image.Image], Image.Image]
) -> Image.Image:
    """``first``, the converted first frame, unless it is empty: then the one with most contrast, or if all
    are of one colour, the first of another colour.

    Looks at no more than 50 frames, and at none after a damaged one.
    """
    if not _is_plain(first):
        return first
    best, most = first, -1.0
    for number in range(1, min(int(getattr(image, "n_frames", 1)), _MOST_FRAMES)):
        try:
            image.seek(number)
            image.load()
            frame = convert(image.copy())
        except Exception:  # as above; the frames before it are good
            break
        if max(high for _, high in _extrema(ImageChops.difference(frame, first))) <= _PLAIN:
            continue
        contrast = ImageStat.Stat(frame.convert("L")).stddev[0]
        if contrast > most:
            best, most = frame, contrast
        if most >= _ENOUGH_CONTRAST:
            break
    return best


def _is_plain(rgb: Image.Image) -> bool:
    return all(high - low <= _PLAIN for low, high in _extrema(rgb))


def _extrema(rgb: Image.Image) -> list[tuple[int, int]]:
    return cast(list[tuple[int, int]], list(rgb.getextrema()))

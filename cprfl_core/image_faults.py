"""Why a decoder gave up, in words: the file ends early, is damaged, or is of a kind nobody here can read."""

import os
import re
from typing import IO, Final

from PIL import Image

from cprfl_core.errors import ImageError
from cprfl_core.image_content import PREFIX_BYTES, describe_content

_EARLY_END: Final = re.compile(
    r"truncat|end of (file|data|image|stream)|unexpected e(nd|of)|not large enough|premature"
    r"|reached eof|incomplete|too short|ran out"
)
_UNSUPPORTED: Final = re.compile(
    r"unsupported|not supported|not implemented|unknown (pixel|raw) mode|support not installed|no conversion"
    r"|unrecognized (mode|image)|illegal conversion|could not find.*codec"
)
_TAIL_BYTES: Final = 64


def explain(stream: IO[bytes], name: str, error: Exception) -> ImageError:
    """The reason for ``error``, raised by the reader of format ``name`` on ``stream``."""
    if isinstance(error, ImageError):
        return error
    if isinstance(error, MemoryError):
        return ImageError("too large: there is not enough memory to decode it")
    if isinstance(error, Image.DecompressionBombError):
        # Pillow's readers of TIFF, WebP and GIF keep its own limit inside, twice MAX_IMAGE_PIXELS.
        limit = 2 * (Image.MAX_IMAGE_PIXELS or 0) / 1e6
        return ImageError(f"too large: the {name} reader stops at {limit:.4g} megapixels")
    return ImageError((name == "PPM" and _text_like_ppm(stream)) or _decoder_fault(stream, name, str(error)))


def _decoder_fault(stream: IO[bytes], name: str, message: str) -> str:
    if _ends_early(stream, name) or _EARLY_END.search(message.lower()):
        return "truncated: the file ends early"
    if _UNSUPPORTED.search(message.lower()):
        return f"unsupported format (a kind of {name} that cannot be read)"
    return f"damaged: the {name} data cannot be decoded"


def _ends_early(stream: IO[bytes], name: str) -> bool:
    """Whether the format's own lengths or end marks say that bytes are missing."""
    try:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        head = stream.read(12)
        stream.seek(max(0, size - _TAIL_BYTES))
        tail = stream.read()
        if name == "WEBP":
            return int.from_bytes(head[4:8], "little") + 8 > size
        if name == "BMP":
            return int.from_bytes(head[2:6], "little") > size
        if name in ("HEIF", "AVIF"):
            return _boxes_exceed(stream, size)
    except (OSError, ValueError):
        return False
    end = {"PNG": b"IEND", "JPEG": b"\xff\xd9", "GIF": b";", "JPEG2000": b"\xff\xd9"}.get(name)
    return end is not None and end not in tail


def _boxes_exceed(stream: IO[bytes], size: int) -> bool:
    """ISO base media files are a chain of boxes, each with its length in front."""
    at = 0
    while at < size:
        stream.seek(at)
        head = stream.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length == 0:
            return False
        if len(head) < 8 or length < 8:
            return True
        at += length
    return at > size


def _text_like_ppm(stream: IO[bytes]) -> str | None:
    """A text that begins with ``P1`` to ``P6`` and a space looks like a portable pixmap."""
    stream.seek(0)
    found = describe_content(stream.read(PREFIX_BYTES))
    return found if "text" in found else None

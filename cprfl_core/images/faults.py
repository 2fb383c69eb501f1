"""Explains why a decoder failed: the file is truncated, damaged, or of an unsupported kind."""

import os
import re
from collections.abc import Mapping
from itertools import islice
from struct import iter_unpack
from typing import IO, Any, Final, Literal

from PIL import Image

from cprfl_core.common.errors import ImageError
from cprfl_core.images.content import (
    PREFIX_BYTES,
    camera_raw,
    describe_content,
    not_supported,
    unsupported_format,
)
from cprfl_core.images.tiff_tags import directories, whole_numbers

_EARLY_END: Final = re.compile(
    r"truncat|end of (file|data|image|stream)|unexpected e(nd|of)|not large enough|premature"
    r"|reached eof|incomplete|too short|ran out"
)
_UNSUPPORTED: Final = re.compile(
    r"unsupported|not supported|not implemented|unknown (pixel|raw) mode|support not installed|no conversion"
    r"|unrecognized (mode|image)|illegal conversion|could not find.*codec|cannot handle"
)
_TAIL_BYTES: Final = 64
_SUBFILE_TYPE: Final = 254
_NO_PAGE: Final = 1 | 4
"""Bits of a subfile type: a reduced copy, a mask."""
_MOST_PAGES: Final = 1_000
# Bytes per value of each TIFF type.
_TIFF_SIZES: Final = {3: 2, 4: 4, 5: 8, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}


def explain(stream: IO[bytes], name: str, error: Exception) -> ImageError:
    """The reason for ``error``, raised by the reader of format ``name`` on ``stream``."""
    if isinstance(error, ImageError):
        return error
    if isinstance(error, MemoryError):
        return ImageError("too large: there is not enough memory to decode it")
    if isinstance(error, Image.DecompressionBombError):
        # Pillow's TIFF, WebP and GIF readers have their own limit, twice MAX_IMAGE_PIXELS.
        limit = 2 * (Image.MAX_IMAGE_PIXELS or 0) / 1e6
        return ImageError(f"too large: the {name} reader is limited to {limit:.4g} megapixels")
    return ImageError((name == "PPM" and _text_like_ppm(stream)) or _decoder_fault(stream, name, str(error)))


def refuse_camera_raw(tags: Mapping[int, Any]) -> None:
    """Raise ImageError if the tags of a TIFF's first directory are those of a camera raw file."""
    if (raw := camera_raw(tags)) is not None:
        raise ImageError(not_supported(raw))


def _decoder_fault(stream: IO[bytes], name: str, message: str) -> str:
    stream.seek(0)
    if unsupported_format(stream.read(PREFIX_BYTES)) == "DICOM":  # the first 128 bytes are free
        return not_supported("DICOM")
    raw = camera_raw(_tiff_tags(stream)) if name == "TIFF" else None
    if raw is not None:
        return not_supported(raw)
    if _ends_early(stream, name) or _EARLY_END.search(message.lower()):
        return "truncated: the file ends early"
    if _UNSUPPORTED.search(message.lower()):
        return not_supported(f"this kind of {name}")
    return f"damaged: the {name} data cannot be decoded"


def _ends_early(stream: IO[bytes], name: str) -> bool:
    """True if bytes are missing according to the format's lengths or end marks."""
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
        if name == "TIFF":
            return _directory_exceeds(stream, size)
    except (OSError, ValueError):
        return False
    end = {"PNG": b"IEND", "JPEG": b"\xff\xd9", "GIF": b";", "JPEG2000": b"\xff\xd9"}.get(name)
    return end is not None and end not in tail


def _boxes_exceed(stream: IO[bytes], size: int) -> bool:
    """True if a box of an ISO base media file, a chain of boxes with lengths, ends beyond the file."""
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


def _directory_exceeds(stream: IO[bytes], size: int) -> bool:
    """True if the first directory of a TIFF, or data that it refers to, is beyond the end of the file."""
    stream.seek(0)
    head = stream.read(16)
    order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"
    big = 43 in head[2:4]
    number, counter, entry = (8, 8, 20) if big else (4, 2, 12)
    at = int.from_bytes(head[number : 2 * number], order)
    if at < number:
        return False
    stream.seek(at)
    count = int.from_bytes(stream.read(counter), order)
    if at + counter + count * entry > size:
        return True
    for line in iter_unpack(f"{entry}s", stream.read(count * entry)):
        kind, values = int.from_bytes(line[0][2:4], order), int.from_bytes(line[0][4 : 4 + number], order)
        length = values * _TIFF_SIZES.get(kind, 1)
        if length > number and int.from_bytes(line[0][4 + number :], order) + length > size:
            return True
    tags = _tiff_tags(stream)
    return any(
        start + length > size
        for starts, lengths in ((273, 279), (324, 325))
        for start, length in zip(_numbers(tags, starts), _numbers(tags, lengths), strict=False)
    )


def page_count(stream: IO[bytes]) -> int:
    """The number of full pages of a TIFF, at most 1,000; reduced copies of a page and masks do not count."""
    count = 0
    try:
        for tags in islice(directories(stream), _MOST_PAGES):
            count += not int(tags.get(_SUBFILE_TYPE, 0)) & _NO_PAGE
    except Exception:  # as in reading.py: a reader may raise anything on arbitrary bytes
        return max(1, count)
    return max(1, count)


def _numbers(tags: Mapping[int, Any], tag: int) -> tuple[int, ...]:
    """The values of a tag; none if it is missing, or damaged: then it may be of any type."""
    try:
        return whole_numbers(tags[tag])
    except Exception:  # as in reading.py: a reader may raise anything on arbitrary bytes
        return ()


def _tiff_tags(stream: IO[bytes]) -> Mapping[int, Any]:
    """The tags of the first directory, as far as they can be read."""
    try:
        return next(directories(stream), {})
    except Exception:  # as in reading.py: a reader may raise anything on arbitrary bytes
        return {}


def _text_like_ppm(stream: IO[bytes]) -> str | None:
    """The reason if this is a text, which looks like a portable pixmap if it begins with ``P1`` to ``P6``."""
    stream.seek(0)
    found = describe_content(stream.read(PREFIX_BYTES))
    return found if "text" in found else None

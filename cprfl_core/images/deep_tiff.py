"""Grey TIFF files whose samples Pillow cannot read: floats of 16 and 64 bits, large and big-endian integers.

They are rewritten in memory as 32-bit floats, which Pillow reads. Only what matters for the picture is kept.
"""

import contextlib
import io
import zlib
from collections.abc import Mapping
from struct import pack
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.errors import ImageError
from cprfl_core.images.tiff_tags import directories, whole_numbers

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_STRIPS, _ORIENTATION, _SAMPLES, _ROWS, _STRIP_BYTES = 273, 274, 277, 278, 279
_PREDICTOR, _TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_BYTES = 317, 322, 323, 324, 325
_FORMAT, _NO_DATA = 339, 42113
_SINGLE: Final = (
    *(_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _ORIENTATION, _SAMPLES, _ROWS),
    *(_PREDICTOR, _TILE_WIDTH, _TILE_HEIGHT, _FORMAT),
)
_SEVERAL: Final = (_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES)

_KINDS: Final = {1: "u", 2: "i", 3: "f"}
_PLAIN: Final = frozenset({1})
_DEFLATE: Final = frozenset({8, 32946})
# Beyond this share of the offset, 32-bit floats have too few digits for the differences.
_LEAST_SPAN: Final = 1e-4
_MOST_PADDING: Final = 1 << 20
_MOST_SIDE: Final = 0xFFFFFFFF
_SHORT: Final = 3
_LONG: Final = 4


def needs_rewriting(stream: IO[bytes]) -> bool:
    """True for a TIFF of one grey channel whose samples Pillow refuses or reads in the wrong byte order."""
    tags, order = _tags(stream)
    if tags is None or tags.get(_SAMPLES, 1) != 1 or tags.get(_PHOTOMETRIC, 1) not in (0, 1):
        return False
    kind = _kind(tags)
    if kind in ("f2", "f8", "u8", "i8") or (kind == "u4" and order == ">"):
        return True
    packed = tags.get(_COMPRESSION, 1) in _DEFLATE
    return packed and order == ">" and kind in ("f4", "i4", "i2")


def rewritten(stream: IO[bytes], max_pixels: int | None) -> bytes:
    """The file with 32-bit float samples; without pixels if ``max_pixels`` is None.

    Raises ImageError if it is larger or cannot be read.
    """
    tags, order = _tags(stream)
    assert tags is not None
    width, height = tags[_WIDTH], tags[_HEIGHT]
    if max_pixels is None:
        return _file(width, height, b"", tags)
    if width * height > max_pixels:
        raise ImageError(f"too large: {width} x {height} pixels (limit {max_pixels / 1e6:.4g} megapixels)")
    try:
        samples = _samples(stream, tags, np.dtype(order + _kind(tags)), width, height)
    except (zlib.error, ValueError, LookupError, TypeError, OverflowError, OSError) as error:
        raise ImageError("truncated or damaged: the TIFF data cannot be decoded") from error
    return _file(width, height, _as_floats(samples, tags.get(_NO_DATA)).tobytes(), tags)


def _tags(stream: IO[bytes]) -> tuple[Mapping[int, Any] | None, str]:
    """The tags that are used, as whole numbers, and the byte order; None for what is no TIFF with these."""
    try:
        tags = next(directories(stream))
        # Pillow decodes each tag when it is asked for, and a damaged one may be of any type.
        found: dict[int, Any] = {tag: whole_numbers(tags[tag])[0] for tag in _SINGLE if tag in tags}
        found |= {tag: whole_numbers(tags[tag]) for tag in _SEVERAL if tag in tags}
        if _NO_DATA in tags:
            found[_NO_DATA] = tags[_NO_DATA]
        sized = all(0 < found[tag] <= _MOST_SIDE for tag in (_WIDTH, _HEIGHT))
    except Exception:  # as in reading.py: a reader may raise anything on arbitrary bytes
        return None, "<"
    stream.seek(0)
    return found if sized else None, "<" if stream.read(2) == b"II" else ">"


def _kind(tags: Mapping[int, Any]) -> str:
    bits, form = tags.get(_BITS, 1), tags.get(_FORMAT, 1)
    return f"{_KINDS.get(form, 'u')}{bits // 8}" if bits % 8 == 0 else ""


def _samples(
    stream: IO[bytes], tags: Mapping[int, Any], kind: np.dtype[Any], width: int, height: int
) -> NDArray[Any]:
    """[H,W] in the byte order of the machine."""
    tiled = _TILES in tags
    rows = tags[_TILE_HEIGHT] if tiled else min(height, tags.get(_ROWS, height))
    across = tags[_TILE_WIDTH] if tiled else width
    starts, lengths = (tags[tag] for tag in ((_TILES, _TILE_BYTES) if tiled else (_STRIPS, _STRIP_BYTES)))
    if rows < 1 or across < 1:
        raise ValueError("a part of the picture has no size")
    columns = -(-width // across)
    if rows * across > _MOST_PADDING + 4 * width * height:
        raise ValueError("a part is larger than the picture")
    found = np.empty((-(-height // rows) * rows, columns * across), kind.newbyteorder("="))
    for place in range(columns * (len(found) // rows)):
        top, left = place // columns * rows, place % columns * across
        high = rows if tiled else min(rows, height - top)
        stream.seek(starts[place])
        part = _part(stream.read(lengths[place]), tags, kind, high, across)
        found[top : top + high, left : left + across] = part
    return found[:height, :width]


def _part(data: bytes, tags: Mapping[int, Any], kind: np.dtype[Any], rows: int, columns: int) -> NDArray[Any]:
    compression, predictor = tags.get(_COMPRESSION, 1), tags.get(_PREDICTOR, 1)
    size = rows * columns * kind.itemsize
    if compression in _DEFLATE:
        data = zlib.decompressobj().decompress(data, size)
    elif compression not in _PLAIN:
        raise ImageError("not supported yet: this compression of a TIFF (save it without compression)")
    if predictor == 3:
        planes = np.frombuffer(data, np.uint8, size).reshape(rows, kind.itemsize * columns)
        summed = np.cumsum(planes, axis=1, dtype=np.uint8).reshape(rows, kind.itemsize, columns)
        whole = np.ascontiguousarray(summed.transpose(0, 2, 1)).view(kind.newbyteorder(">"))
        return whole.reshape(rows, columns).astype(kind.newbyteorder("="))
    samples = np.frombuffer(data, kind, rows * columns).reshape(rows, columns).astype(kind.newbyteorder("="))
    if predictor == 2 and kind.kind in "ui":
        return np.cumsum(samples, axis=1, dtype=samples.dtype)
    if predictor != 1:
        raise ValueError(f"predictor {predictor}")
    return samples


def _as_floats(samples: NDArray[Any], missing: Any) -> NDArray[np.float32]:
    """32-bit floats, without a large offset; missing values become NaN."""
    values = samples.astype(np.float64)
    with contextlib.suppress(ValueError):
        values[values == float(str(missing).strip(" \0"))] = np.nan
    known = values[np.isfinite(values)]
    if known.size:
        low, high = known.min(), known.max()
        if 0 < high - low < _LEAST_SPAN * max(abs(low), abs(high)):
            values -= low
    most = float(np.finfo(np.float32).max)
    finite = np.isfinite(values)
    values[finite] = values[finite].clip(-most, most)
    return values.astype("<f4")


def _file(width: int, height: int, data: bytes, tags: Mapping[int, Any]) -> bytes:
    """A little-endian TIFF with one strip of floats."""
    orientation = tags.get(_ORIENTATION, 1)
    entries = {
        _WIDTH: (_LONG, width),
        _HEIGHT: (_LONG, height),
        _BITS: (_SHORT, 32),
        _COMPRESSION: (_SHORT, 1),
        _PHOTOMETRIC: (_SHORT, tags.get(_PHOTOMETRIC, 1)),
        _STRIPS: (_LONG, 0),
        _ORIENTATION: (_SHORT, orientation if 1 <= orientation <= 8 else 1),
        _SAMPLES: (_SHORT, 1),
        _ROWS: (_LONG, height),
        _STRIP_BYTES: (_LONG, 4 * width * height & 0xFFFFFFFF),
        _FORMAT: (_SHORT, 3),
    }
    start = 8 + 2 + 12 * len(entries) + 4
    out = io.BytesIO()
    out.write(b"II*\0" + pack("<IH", 8, len(entries)))
    for tag, (kind, value) in sorted(entries.items()):
        number = start if tag == _STRIPS else value
        out.write(
            pack("<HHI", tag, kind, 1) + (pack("<HH", number, 0) if kind == _SHORT else pack("<I", number))
        )
    out.write(pack("<I", 0))
    out.write(data)
    return out.getvalue()

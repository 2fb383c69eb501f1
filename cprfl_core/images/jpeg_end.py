"""Recognises JPEG files that lack only their end mark: some cameras and copies lose the last bytes of a file.

libjpeg replaces missing data by zero bits and warns, but Pillow does not pass the warning on. So this is
tested by decoding the file with different bits appended: if the image depends on them, a part of it is
missing. docs/decisions/0020 has the reasons.
"""

import io
import re
from dataclasses import dataclass, field
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray
from PIL.JpegImagePlugin import JpegImageFile

_END_MARK: Final = b"\xff\xd9"
# Every Huffman table decodes some of these differently.
_FILLERS: Final = tuple(
    bytes.fromhex(bits) * 6
    for bits in ("00000000", "aaaaaaaa", "55555555", "9c31e26b", "4e83f05d", "c7164b32")
)
# Levels by which a sample may depend on what is missing: the last scans of a progressive file refine it.
_VISIBLE: Final = 16
# More bytes than this after the pixels mean that the file was padded with something else.
_MOST_SPARE_BYTES: Final = 16
# In entropy-coded data FF 00 is a data byte and FF D0 to FF D7 separate restart intervals.
_MARKER: Final = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
_RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]", re.DOTALL)
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})
_START_OF_SCAN: Final = 0xDA
_RESTART_INTERVAL: Final = 0xDD
# Tables, comments and application data may occur between two scans.
_BETWEEN_SCANS: Final = frozenset({0xC4, 0xCC, 0xDA, 0xDB, 0xDD, 0xFE, *range(0xE0, 0xF0)})


@dataclass(slots=True)
class _Frame:
    """Content of the headers. ``factors``: horizontal and vertical sampling of each component."""

    width: int = 0
    height: int = 0
    factors: dict[int, tuple[int, int]] = field(default_factory=dict)
    restart_interval: int = 0
    refined: dict[tuple[int, int], int] = field(default_factory=dict)
    """By component and coefficient: the lowest bit of the scans so far."""
    size_at: int = 0
    """Position of height and width in the file, two bytes each."""

    def all_scans_seen(self) -> bool:
        return bool(self.factors) and all(
            self.refined.get((component, coefficient)) == 0
            for component in self.factors
            for coefficient in range(64)
        )

    def restarts(self, components: list[int]) -> int:
        """Number of restart marks in a scan of these components."""
        if self.restart_interval == 0:
            return 0
        most = self._most()
        units = 1
        for axis, pixels in enumerate((self.width, self.height)):
            if len(components) > 1:
                units *= -(-pixels // (8 * most[axis]))
            else:
                own = -(-pixels * self.factors[components[0]][axis] // most[axis])
                units *= -(-own // 8)
        return -(-units // self.restart_interval) - 1

    def whole_units(self) -> bytes:
        """Height and width rounded up to whole blocks, encoded as in the file."""
        most = self._most() if len(self.factors) > 1 else (1, 1)
        sides = (
            -(-side // (8 * factor)) * 8 * factor
            for side, factor in zip((self.width, self.height), most, strict=True)
        )
        width, height = (min(side, 0xFFFF) for side in sides)
        return height.to_bytes(2, "big") + width.to_bytes(2, "big")

    def _most(self) -> tuple[int, int]:
        across, down = zip(*self.factors.values(), strict=True)
        return max(across), max(down)


@dataclass(frozen=True, slots=True)
class _LastScan:
    """``begin`` and ``end`` of its entropy-coded data; ``size`` replaces four bytes at ``size_at``."""

    begin: int
    end: int
    size_at: int
    size: bytes


def with_end_mark(stream: IO[bytes]) -> bytes | None:
    """The file with an end mark added, if only that is missing; otherwise None.

    Anything after the missing mark, zero bytes or another image, is dropped. Takes as long as decoding the
    image a few times.
    """
    try:
        stream.seek(0)
        data = stream.read()
        scan = _last_scan(data)
    except (OSError, IndexError, KeyError, ValueError):  # the headers are truncated or inconsistent
        return None
    if scan is None:
        return None
    # Include the blocks beyond the right and the lower edge, or missing data there would go unnoticed.
    trial = data[: scan.size_at] + scan.size + data[scan.size_at + 4 : scan.end]
    for end in dict.fromkeys((scan.end, _without_zeros(trial))):
        if _is_whole(trial[:end], scan.begin):
            return data[:end] + _END_MARK
    return None


def as_far_as_whole(stream: IO[bytes]) -> tuple[bytes, float] | None:
    """A truncated JPEG that can be decoded, and the share of its rows, from the top, that are whole.

    None if nothing can be decoded. The rest of the picture has no content. Takes as long as decoding it a few
    times.
    """
    try:
        stream.seek(0)
        data = stream.read()
    except OSError:
        return None
    pictures = [_pixels(data, filler) for filler in _FILLERS]
    first = pictures[0]
    if first is None:
        return None
    height = len(first)
    whole = height
    for other in pictures[1:]:
        if other is None or other.shape != first.shape:
            return None
        off = (np.abs(first.astype(np.int16) - other) > _VISIBLE).any(axis=(1, 2))
        whole = min(whole, int(off.argmax()) if off.any() else height)
    return data + _END_MARK, whole / height


def _pixels(data: bytes, filler: bytes) -> NDArray[np.uint8] | None:
    """[H,W,channels]"""
    try:
        with JpegImageFile(io.BytesIO(data + filler + _END_MARK), "") as image:
            image.load()
            found = np.asarray(image)
    except Exception:  # as below
        return None
    return found.reshape(found.shape[0], found.shape[1], -1)


def _last_scan(data: bytes) -> _LastScan | None:
    """The last scan of a file without an end mark; None if others should follow."""
    frame = _Frame()
    at, begin, end, components = 2, 0, len(data), list[int]()
    while (found := _MARKER.search(data, at)) is not None:
        kind = data[found.end() - 1]
        if begin and kind not in _BETWEEN_SCANS:
            end = found.start()
            if kind == _END_MARK[1]:
                return None
            break
        length = int.from_bytes(data[found.end() : found.end() + 2], "big")
        body = data[found.end() + 2 : found.end() + length]
        if len(body) != length - 2:
            return None
        at = found.end() + length
        if kind in _FRAMES:
            _read_frame(frame, body)
            frame.size_at = found.end() + 3
        elif kind == _RESTART_INTERVAL:
            frame.restart_interval = int.from_bytes(body[:2], "big")
        elif kind == _START_OF_SCAN:
            begin, components = at, _read_scan(frame, body)
    if not begin or not frame.all_scans_seen():
        return None
    while data[end - 1] == 0xFF:  # half of the end mark, or fill bytes before the next
        end -= 1
    if sum(1 for _ in _RESTART.finditer(data, begin, end)) != frame.restarts(components):
        return None
    size_at = frame.size_at
    size = frame.whole_units() if len(components) == len(frame.factors) else data[size_at : size_at + 4]
    return _LastScan(begin, end, size_at, size)


def _read_frame(frame: _Frame, body: bytes) -> None:
    frame.height, frame.width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    for number in range(body[5]):
        component, sampling = body[6 + 3 * number], body[7 + 3 * number]
        frame.factors[component] = sampling >> 4, sampling & 15


def _read_scan(frame: _Frame, body: bytes) -> list[int]:
    count = body[0]
    components = [body[1 + 2 * number] for number in range(count)]
    first, last, bits = body[1 + 2 * count : 4 + 2 * count]
    for component in components:
        for coefficient in range(first, min(last, 63) + 1):
            frame.refined[component, coefficient] = bits & 15
    return components


def _without_zeros(data: bytes) -> int:
    """The length without trailing zero bytes, with which file systems pad."""
    stripped = len(data.rstrip(b"\0"))
    return min(len(data), stripped + 1) if data[stripped - 1] == 0xFF else stripped


def _is_whole(data: bytes, begin: int) -> bool:
    """True if the image depends on the last bytes of this data, but on nothing after it."""
    picture = _decoded(data, _FILLERS[0])
    if picture is None or any(_decoded(data, filler) != picture for filler in _FILLERS[1:]):
        return False
    shorter = data[:-_MOST_SPARE_BYTES]
    return len(shorter) <= begin or any(_decoded(shorter, filler) != picture for filler in _FILLERS)


def _decoded(data: bytes, filler: bytes) -> bytes | None:
    try:
        with JpegImageFile(io.BytesIO(data + filler + _END_MARK), "") as image:
            image.load()
            return image.tobytes()
    except Exception:  # as in reading.py: a decoder may raise anything on arbitrary bytes
        return None

"""The hash of a file's encoded picture without its metadata, which other programs rewrite.

Taggers change EXIF, XMP and comments and leave the encoded picture as it is, so that two files with the same
hash show the same pixels. Only headers are parsed and nothing is decoded.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

_CHUNK: Final = 1 << 18
_END_MARK: Final = b"\xff\xd9"
_START_OF_SCAN: Final = 0xDA
_ADOBE: Final = 0xEE
"""Holds the colour transform, so it belongs to the picture."""
_COMMENT: Final = 0xFE
_PNG_PARTS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"acTL", b"fcTL", b"fdAT"})
_WEBP_PARTS: Final = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})
_MOST_PARTS: Final = 1_000_000

Span = tuple[int, int]
"""Position of the first byte and number of bytes; -1 for all up to the end of the file."""


@dataclass(frozen=True, slots=True)
class PictureData:
    """``digest``: BLAKE2b-128 of the encoded picture, None for formats whose metadata cannot be told apart.

    ``ends``: False for a JPEG whose picture has no end mark.
    """

    digest: str | None = None
    ends: bool = True


def picture_data(stream: IO[bytes], name: str) -> PictureData:
    """Of an open file of format ``name``. Raises OSError where it cannot be read."""
    spans = _SPANS.get(name)
    if spans is None:
        return PictureData()
    digest, total, ends, before = hashlib.blake2b(digest_size=16), 0, False, b""
    digest.update(name.encode())
    for start, length in spans(stream):
        to_end = length < 0
        for part in _read(stream, start, length):
            digest.update(part)
            total += len(part)
            if to_end and not ends:  # within the scans these two bytes are only found as the end mark
                ends = _END_MARK in before + part
                before = part[-1:]
    if not total:
        return PictureData()
    return PictureData(digest.hexdigest(), ends or name != "JPEG")


def _read(stream: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    stream.seek(start)
    while length:
        part = stream.read(_CHUNK if length < 0 else min(_CHUNK, length))
        if not part:
            return
        length -= len(part) if length > 0 else 0
        yield part


def _jpeg(stream: IO[bytes]) -> Iterator[Span]:
    """All segments but application data and comments, then everything from the first scan on."""
    at = 2
    while True:
        stream.seek(at)
        head = stream.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return
        kind = head[1]
        if kind == 0xFF:  # a fill byte
            at += 1
            continue
        if kind == _START_OF_SCAN:
            yield at, -1
            return
        length = 2 + int.from_bytes(head[2:4], "big")
        metadata = (0xE0 <= kind <= 0xEF and kind != _ADOBE) or kind == _COMMENT
        if not metadata:
            yield at, length
        at += length


def _png(stream: IO[bytes]) -> Iterator[Span]:
    at = 8
    for _ in range(_MOST_PARTS):
        stream.seek(at)
        head = stream.read(8)
        if len(head) < 8:
            return
        length = 12 + int.from_bytes(head[:4], "big")
        if head[4:] in _PNG_PARTS:
            yield at, length
        at += length


def _webp(stream: IO[bytes]) -> Iterator[Span]:
    at = 12
    for _ in range(_MOST_PARTS):
        stream.seek(at)
        head = stream.read(8)
        if len(head) < 8:
            return
        length = 8 + int.from_bytes(head[4:], "little")
        if head[:4] in _WEBP_PARTS:
            yield at, length
        at += length + length % 2


_SPANS: Final = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}

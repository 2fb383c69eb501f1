"""The XMP packets and IPTC keywords inside image files, found without decoding an image.

XMP part 3 (Adobe) says where each file format keeps its packet. Only headers are read, and a bounded part of
formats whose structure is not followed here.
"""

import os
import struct
from typing import IO

MAX_PACKET_BYTES = 16 << 20
_SCAN_BYTES = 1 << 20
_MOST_PARTS = 10_000
"""Segments or chunks of a file that are looked at."""
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_PNG_XMP = b"XML:com.adobe.xmp\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_PACKET = (b"<x:xmpmeta", b"</x:xmpmeta>")


def embedded(stream: IO[bytes]) -> tuple[bytes | None, list[bytes]]:
    """The XMP packet of an image file, None if it has none, and its IPTC keywords (JPEG only). A damaged file
    has what was found before the damage. Raises OSError."""
    try:
        head = stream.read(16)
        if head.startswith(b"\xff\xd8"):
            return _jpeg(stream)
        if head.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(stream), []
        if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            return _webp(stream), []
        if head[:4] in (b"II*\0", b"MM\0*"):
            return _tiff(stream, "<" if head[:2] == b"II" else ">"), []
        return _scan(stream), []
    except (struct.error, OverflowError, ValueError):
        return None, []


def _jpeg(stream: IO[bytes]) -> tuple[bytes | None, list[bytes]]:
    packet: bytes | None = None
    keywords: list[bytes] = []
    stream.seek(2)
    for _ in range(_MOST_PARTS):
        mark = stream.read(2)
        while mark == b"\xff\xff":
            mark = b"\xff" + stream.read(1)
        if len(mark) < 2 or mark[0] != 0xFF or mark[1] in (0xDA, 0xD9):
            break
        if mark[1] == 0x01 or 0xD0 <= mark[1] <= 0xD8:
            continue
        (length,) = struct.unpack(">H", stream.read(2))
        if mark[1] not in (0xE1, 0xED):
            stream.seek(max(length - 2, 0), os.SEEK_CUR)
            continue
        data = stream.read(max(length - 2, 0))
        if data.startswith(_JPEG_XMP):
            packet = packet or data[len(_JPEG_XMP) :]
        elif data.startswith(_PHOTOSHOP):
            keywords += _iptc(data[len(_PHOTOSHOP) :])
    return packet, keywords


def _iptc(data: bytes) -> list[bytes]:
    """The keywords (2:25) of the IPTC record among Photoshop's resources."""
    position = 0
    while data[position : position + 4] == b"8BIM" and position + 12 <= len(data):
        (kind,) = struct.unpack_from(">H", data, position + 4)
        name = data[position + 6] + 1
        start = position + 6 + name + name % 2
        if start + 4 > len(data):
            return []
        (size,) = struct.unpack_from(">I", data, start)
        if kind == 0x0404:
            return _keywords(data[start + 4 : start + 4 + size])
        position = start + 4 + size + size % 2
    return []


def _keywords(record: bytes) -> list[bytes]:
    found: list[bytes] = []
    utf8 = False
    position = 0
    while position + 5 <= len(record) and record[position] == 0x1C:
        number = record[position + 1 : position + 3]
        (size,) = struct.unpack_from(">H", record, position + 3)
        if size & 0x8000:
            break
        value = record[position + 5 : position + 5 + size]
        utf8 = utf8 or (number == b"\x01\x5a" and value == b"\x1b%G")
        if number == b"\x02\x19":
            found.append(value)
        position += 5 + size
    return [_utf8(value, utf8) for value in found]


def _utf8(value: bytes, declared: bool) -> bytes:
    """As UTF-8; texts of older programs, which declare no character set, are Latin-1 if not UTF-8."""
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return (
            value.decode("utf-8", "replace").encode()
            if declared
            else value.decode("cp1252", "replace").encode()
        )
    return value


def _png(stream: IO[bytes]) -> bytes | None:
    stream.seek(8)
    for _ in range(_MOST_PARTS):
        length, kind = struct.unpack(">I4s", stream.read(8))
        if kind == b"IEND":
            return None
        if kind == b"iTXt" and length <= MAX_PACKET_BYTES:
            data = stream.read(length)
            if data.startswith(_PNG_XMP):
                # Compression flag and method, language, translated keyword; XMP is never compressed.
                fields = data[len(_PNG_XMP) + 2 :].split(b"\0", 2)
                return fields[2] if len(fields) == 3 and data[len(_PNG_XMP)] == 0 else None
            stream.seek(4, os.SEEK_CUR)
        else:
            stream.seek(length + 4, os.SEEK_CUR)
    return None


def _webp(stream: IO[bytes]) -> bytes | None:
    stream.seek(12)
    for _ in range(_MOST_PARTS):
        kind, length = struct.unpack("<4sI", stream.read(8))
        if kind == b"XMP ":
            return stream.read(min(length, MAX_PACKET_BYTES))
        stream.seek(length + length % 2, os.SEEK_CUR)
    return None


def _tiff(stream: IO[bytes], order: str) -> bytes | None:
    stream.seek(4)
    (place,) = struct.unpack(order + "I", stream.read(4))
    stream.seek(place)
    (count,) = struct.unpack(order + "H", stream.read(2))
    for _ in range(count):
        tag, kind, number, offset = struct.unpack(order + "HHII", stream.read(12))
        if tag == 700 and kind in (1, 7):
            stream.seek(offset)
            return stream.read(min(number, MAX_PACKET_BYTES))
    return None


def _scan(stream: IO[bytes]) -> bytes | None:
    """A packet near the beginning or the end of a file of any other format (HEIF, AVIF, GIF, JPEG 2000)."""
    stream.seek(0)
    found = _packet(stream.read(_SCAN_BYTES))
    if found is None and stream.seek(0, os.SEEK_END) > _SCAN_BYTES:
        stream.seek(max(stream.tell() - _SCAN_BYTES, _SCAN_BYTES))
        found = _packet(stream.read(_SCAN_BYTES))
    return found


def _packet(data: bytes) -> bytes | None:
    start = data.find(_PACKET[0])
    end = data.find(_PACKET[1], start)
    return data[start : end + len(_PACKET[1])] if 0 <= start < end else None

"""Awkward image files, made in memory: those that must be read and those that must be refused."""

import io
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 48, 32


@dataclass(frozen=True)
class AwkwardFile:
    """``size`` (width, height) as shown for a readable file, else ``reason``, the exact text expected."""

    name: str
    data: bytes
    size: tuple[int, int] | None = None
    reason: str | None = None


def picture(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Quarters of red, green, blue and white, so that any turn or mirror shows."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[: height // 2, : width // 2] = (220, 20, 20)
    pixels[: height // 2, width // 2 :] = (20, 200, 20)
    pixels[height // 2 :, : width // 2] = (20, 20, 220)
    pixels[height // 2 :, width // 2 :] = (240, 240, 240)
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def heic(image: Image.Image | None = None) -> bytes:
    from pillow_heif import from_pillow

    stream = io.BytesIO()
    from_pillow(image or picture()).save(stream, quality=90)
    return stream.getvalue()


def rotated_jpeg(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    return encoded(picture(), "JPEG", exif=exif, quality=95, subsampling=0)


@cache
def huge_png(side: int = 20_000) -> bytes:
    """A valid 1-bit PNG of side x side pixels in a few kilobytes."""
    row = bytes((side + 7) // 8 + 1)
    packer = zlib.compressobj(1)
    data = b"".join([packer.compress(row * 100) for _ in range(side // 100)]) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def deep_png(values: np.ndarray, colour_type: int) -> bytes:
    """16-bit PNG of values uint16 [H,W] (colour type 0) or [H,W,channels] (2: RGB, 6: RGBA)."""
    height, width = values.shape[:2]
    rows = values.astype(">u2").reshape(height, -1)
    data = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(data)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def tiff(
    width: int, height: int, tags: list[tuple[int, int, int]], strip: bytes, compression: int = 1
) -> bytes:
    """Little-endian TIFF of one strip; ``tags`` are number, type and value."""
    entries = [
        (256, 3, width),
        (257, 3, height),
        (259, 3, compression),
        (278, 3, height),
        (279, 4, len(strip)),
        *tags,
    ]
    strip_at = 8 + 2 + 12 * (len(entries) + 1) + 4
    entries.append((273, 4, strip_at))
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in sorted(entries))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + struct.pack("<I", 0) + strip


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def refused_files() -> list[AwkwardFile]:
    """Files that must be recorded with their reason."""
    jpeg = encoded(picture(320, 240), "JPEG", quality=95)
    too_large = "too large: 20000 x 20000 pixels (limit 250 megapixels)"
    reasons = {
        "text.jpg": (b"This is a note, not a photo.\n", "not an image (the content is text)"),
        "empty.jpg": (b"", "empty file (0 bytes)"),
        "truncated.jpg": (jpeg[: len(jpeg) // 2], "truncated: the file ends early"),
        "huge.png": (huge_png(), too_large),
        "page.jpg": (b"<!DOCTYPE html><html></html>", "not an image (the content is a web page)"),
        "drawing.png": (b'<svg xmlns="x"/>', "not supported yet: SVG (export it as PNG)"),
        "paper.jpg": (b"%PDF-1.7\n%\xe2\xe3", "not an image (the content is a PDF document)"),
        "noise.jpg": (bytes(range(128, 256)) * 8, "not an image (the content is of an unknown kind)"),
        "zeros.jpg": (bytes(4096), "not an image (the content is only zero bytes)"),
    }
    return [AwkwardFile(name, data, reason=reason) for name, (data, reason) in reasons.items()]


def readable_files() -> list[AwkwardFile]:
    """Files that look difficult and must be read."""
    image = picture()
    grey = np.linspace(0, 65535, WIDTH * HEIGHT).astype(np.uint16).reshape(HEIGHT, WIDTH)
    shown = (WIDTH, HEIGHT)
    return [
        AwkwardFile("phone.heic", heic(), shown),
        AwkwardFile("print.jpg", encoded(image.convert("CMYK"), "JPEG"), shown),
        AwkwardFile("microscope.png", deep_png(grey, 0), shown),
        AwkwardFile("microscope.tif", encoded(Image.fromarray(grey), "TIFF"), shown),
        AwkwardFile("upright.jpg", rotated_jpeg(6), (HEIGHT, WIDTH)),
        AwkwardFile("Grüne Bäume, größer (2) 木.jpg", encoded(image, "JPEG"), shown),
        AwkwardFile("really a png.jpg", encoded(image, "PNG"), shown),
        AwkwardFile("animation.gif", encoded(image, "GIF", save_all=True, append_images=[image]), shown),
        AwkwardFile("see-through.png", encoded(image.convert("RGBA"), "PNG"), shown),
        AwkwardFile("web.webp", encoded(image, "WEBP"), shown),
        AwkwardFile("scan.bmp", encoded(image.convert("1"), "BMP"), shown),
        AwkwardFile("UPPER.JPG", encoded(image.convert("L"), "JPEG"), shown),
    ]


def write_files(folder: Path, files: list[AwkwardFile]) -> list[Path]:
    """Write the files into ``folder`` (made if need be), in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / file.name for file in files]
    for path, file in zip(paths, files, strict=True):
        path.write_bytes(file.data)
    return paths

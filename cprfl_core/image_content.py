"""What a file holds, told from its first bytes, because a suffix is only a claim."""

from typing import Final

PREFIX_BYTES: Final = 512
"""How much of a file :func:`image_format` and :func:`describe_content` want to see."""

_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG2000"),
    (b"\xff\x4f\xff\x51", "JPEG2000"),
    (b"qoif", "QOI"),
)
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})

_OTHER_IMAGES: Final[tuple[tuple[int, bytes, str], ...]] = (
    (8, b"CR\x02", "Canon raw"),
    (0, b"8BPS", "Photoshop"),
    (0, b"%!PS", "PostScript"),
    (0, b"\x00\x00\x01\x00", "icon"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL \r\n\x87\n", "JPEG XL"),
    (0, b"SIMPLE  =", "FITS"),
    (0, b"\x76\x2f\x31\x01", "OpenEXR"),
    (0, b"DDS ", "DirectDraw surface"),
    (0, b"AT&TFORM", "DjVu"),
    (0, b"#?RADIANCE", "Radiance HDR"),
    (0, b"FUJIFILMCCD-RAW", "Fujifilm raw"),
)
_OTHER_CONTENT: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"SQLite format 3\0", "a database"),
    (0, b"\x1aE\xdf\xa3", "a video"),
    (4, b"ftyp", "a video"),
    (8, b"AVI ", "a video"),
    (8, b"WAVE", "sound"),
    (0, b"ID3", "sound"),
    (0, b"OggS", "sound or video"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
)


def image_format(prefix: bytes) -> str | None:
    """Name of the readable image format that these first bytes announce, or None."""
    for magic, name in _MAGIC:
        if prefix.startswith(magic):
            return name
    if prefix[:4] == b"RIFF" and prefix[8:12] == b"WEBP":
        return "WEBP"
    if prefix[:1] == b"P" and prefix[1:2] in b"123456" and prefix[2:3].isspace():
        return "PPM"
    if prefix[4:8] == b"ftyp":
        return _isobmff_format(prefix)
    return None


def describe_content(prefix: bytes) -> str:
    """Fragment that says why these first bytes are no readable image."""
    for offset, magic, name in _OTHER_IMAGES:
        if prefix.startswith(magic, offset):
            return f"unsupported format ({name})"
    for offset, magic, name in _OTHER_CONTENT:
        if prefix.startswith(magic, offset):
            return f"not an image (the content is {name})"
    if not prefix.strip(b"\0"):
        return "not an image (the content is only zero bytes)"
    text = _as_text(prefix)
    return "not an image (the content is of an unknown kind)" if text is None else _describe_text(text)


def _describe_text(text: str) -> str:
    start = text.lstrip().lower()
    if "<svg" in start:
        return "unsupported format (SVG)"
    if start.startswith(("<!doctype html", "<html")):
        return "not an image (the content is a web page)"
    return "not an image (the content is text)"


def _isobmff_format(prefix: bytes) -> str | None:
    """HEIF and AVIF share a container; compatible brands tell them apart where the major one is neutral."""
    end = min(int.from_bytes(prefix[:4], "big"), len(prefix))
    brands = [prefix[8:12], *(prefix[at : at + 4] for at in range(16, end - 3, 4))]
    if _AVIF_BRANDS.intersection(brands):
        return "AVIF"
    return "HEIF" if _HEIF_BRANDS.intersection(brands) else None


def _as_text(prefix: bytes) -> str | None:
    if prefix.startswith((b"\xff\xfe", b"\xfe\xff")):
        return prefix.decode("utf-16", errors="replace")
    try:
        text = prefix.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut in two at the end of the prefix; anything earlier means it is not UTF-8.
        if error.start < len(prefix) - 3:
            return _as_latin_text(prefix)
        text = prefix[: error.start].decode("utf-8")
    return text if _is_printable(text) else None


def _as_latin_text(prefix: bytes) -> str | None:
    text = prefix.decode("cp1252", errors="ignore")
    mostly_ascii = sum(byte < 0x80 for byte in prefix) > 0.7 * len(prefix)
    return text if mostly_ascii and _is_printable(text) else None


def _is_printable(text: str) -> bool:
    return all(char.isprintable() or char in "\t\n\r\f\v" for char in text)

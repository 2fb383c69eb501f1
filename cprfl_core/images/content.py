"""Recognises the type of a file by its first bytes, because a suffix may be wrong."""

import re
from collections.abc import Mapping
from typing import Any, Final

PREFIX_BYTES: Final = 512
"""Number of bytes that :func:`image_format` and :func:`describe_content` need."""

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
    (128, b"DICM", "DICOM"),
    (8, b"CR\x02", "Canon raw"),
    (4, b"ftypcrx ", "Canon raw"),
    (6, b"HEAPCCDR", "Canon raw"),
    (0, b"FUJIFILMCCD-RAW", "Fujifilm raw"),
    (0, b"IIRO", "Olympus raw"),
    (0, b"IIRS", "Olympus raw"),
    (0, b"MMOR", "Olympus raw"),
    (0, b"IIU\0", "Panasonic raw"),
    (0, b"FOVb", "Sigma raw"),
    (0, b"\0MRM", "Minolta raw"),
    (8, b"IIII", "Phase One raw"),
    (0, b"8BPS", "Photoshop"),
    (0, b"gimp xcf", "GIMP"),
    (0, b"%!PS", "PostScript"),
    (0, b"\xc5\xd0\xd3\xc6", "PostScript"),
    (0, b"\x00\x00\x01\x00", "icon"),
    (0, b"icns", "icon"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL \r\n\x87\n", "JPEG XL"),
    (0, b"\xff\xd8\xff\xf7", "JPEG-LS"),
    (0, b"II\xbc\x01", "JPEG XR"),
    (0, b"BPG\xfb", "BPG"),
    (0, b"FLIF", "FLIF"),
    (0, b"\x8aMNG", "MNG"),
    (0, b"\x8bJNG", "JNG"),
    (0, b"SIMPLE  =", "FITS"),
    (344, b"n+1\0", "NIfTI"),
    (344, b"ni1\0", "NIfTI"),
    (0, b"NRRD000", "NRRD"),
    (0, b"ZISRAWFILE", "Zeiss CZI"),
    (0, b"\xda\xce\xbe\x0a", "Nikon ND2"),
    (208, b"MAP ", "MRC"),
    (0, b"\x76\x2f\x31\x01", "OpenEXR"),
    (0, b"SDPX", "DPX"),
    (0, b"XPDS", "DPX"),
    (0, b"DDS ", "DirectDraw surface"),
    (0, b"\xabKTX ", "KTX"),
    (0, b"AT&TFORM", "DjVu"),
    (0, b"#?RADIANCE", "Radiance HDR"),
    (0, b"#?RGBE", "Radiance HDR"),
    (0, b"Pf\n", "floating-point pixmap"),
    (0, b"PF\n", "floating-point pixmap"),
    (0, b"P7\n", "portable arbitrary map"),
    (0, b"/* XPM */", "XPM"),
    (0, b"\x59\xa6\x6a\x95", "Sun raster"),
    (0, b"\x01\xda\x00", "SGI"),
    (0, b"\x01\xda\x01", "SGI"),
    (0, b"\xd7\xcd\xc6\x9a", "Windows metafile"),
    (40, b" EMF", "Windows metafile"),
    (0, b"\x93NUMPY", "NumPy array"),
    (0, b"\x89HDF\r\n\x1a\n", "HDF5"),
    (0, b"MATLAB 5.0", "MATLAB"),
)
# Old DICOM files have no preamble: they begin with an element of group 2 or 8, its number and its length.
_BARE_DICOM: Final = re.compile(
    rb"[\x02\x08]\0[\0-\x20]\0(?:(?:UL|CS|UI|OB|SH|LO|DA|TM|PN|LT|ST|IS|DS|US)|\x04\0\0\0|[\x02-\x40]\0\0\0[0-9A-Z])"
)
_OTHER_CONTENT: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ\0", "an xz archive"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (0, b"SQLite format 3\0", "a database"),
    (0, b"\x1aE\xdf\xa3", "a video"),
    (4, b"ftyp", "a video"),
    (4, b"moov", "a video"),
    (8, b"AVI ", "a video"),
    (0, b"FLV\x01", "a video"),
    (0, b"\0\0\x01\xba", "a video"),
    (0, b"\0\0\x01\xb3", "a video"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a video"),
    (8, b"WAVE", "sound"),
    (0, b"ID3", "sound"),
    (0, b"fLaC", "sound"),
    (0, b"OggS", "sound or video"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ", "a program"),
)
# Formats that TIFF and JPEG readers would accept by mistake.
_AMBIGUOUS: Final = tuple(
    kind for kind in _OTHER_IMAGES if kind[2] in ("Canon raw", "Phase One raw", "JPEG-LS")
)

# TIFF tags; the values of _SENSOR_VALUES occur in camera files only.
_SUBFILE_TYPE: Final = 254
_PHOTOMETRIC: Final = 262
_SUB_DIRECTORIES: Final = 330
_DNG_VERSION: Final = 50706
_SENSOR_VALUES: Final = frozenset({32803, 34892})


def not_supported(kind: str) -> str:
    """Fragment for an image of a kind that cannot be read."""
    return f"not supported yet: {kind} (export it as PNG)"


def camera_raw(tags: Mapping[int, Any]) -> str | None:
    """Kind of camera raw file according to the tags of a TIFF's first directory, or None.

    Such a file opens as TIFF, but its first directory holds a small preview or the sensor mosaic.
    """
    mosaic = tags.get(_PHOTOMETRIC) in _SENSOR_VALUES
    preview = tags.get(_SUBFILE_TYPE) == 1 and _SUB_DIRECTORIES in tags
    if not mosaic and not preview:
        return None
    return "camera raw (DNG)" if _DNG_VERSION in tags else "camera raw"


def image_format(prefix: bytes) -> str | None:
    """Name of the readable image format that begins with these bytes, or None."""
    if any(prefix.startswith(magic, offset) for offset, magic, _ in _AMBIGUOUS):
        return None
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


def unsupported_format(prefix: bytes) -> str | None:
    """Name of the unsupported image format that begins with these bytes, or None."""
    if _BARE_DICOM.match(prefix):
        return "DICOM"
    for offset, magic, name in _OTHER_IMAGES:
        if prefix.startswith(magic, offset):
            return name
    return None


def describe_content(prefix: bytes) -> str:
    """Fragment that says why a file with these first bytes is not a readable image."""
    other = unsupported_format(prefix)
    if other is not None:
        return not_supported(other)
    for offset, magic, name in _OTHER_CONTENT:
        if prefix.startswith(magic, offset):
            return f"not an image (the content is {name})"
    if not prefix.strip(b"\0"):
        return "not an image (the content is only zero bytes)"
    text = _as_text(prefix)
    return "not an image (the content is of an unknown kind)" if text is None else _describe_text(text)


def _describe_text(text: str) -> str:
    start = text.lstrip("\ufeff \t\r\n\f\v").lower()
    if "<svg" in start:
        return not_supported("SVG")
    if start.startswith("version https://git-lfs"):
        return "not an image (the content is text: a Git LFS pointer; fetch the picture with 'git lfs pull')"
    if "/annex/objects/" in start.split("\n", 1)[0]:
        return (
            "not an image (the content is text: a git-annex pointer; fetch the picture with 'git annex get')"
        )
    if start.startswith("<") and ("<!doctype html" in start or "<html" in start):
        return "not an image (the content is a web page)"
    return "not an image (the content is text)"


def _isobmff_format(prefix: bytes) -> str | None:
    """HEIF and AVIF share a container; if the major brand is neutral, the compatible brands decide."""
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
        # A character may be cut at the end of the prefix; an error before that means it is not UTF-8.
        if error.start < len(prefix) - 3:
            return _as_latin_text(prefix)
        text = prefix[: error.start].decode("utf-8")
    return text if _is_printable(text.removeprefix("\ufeff")) else None


def _as_latin_text(prefix: bytes) -> str | None:
    text = prefix.decode("cp1252", errors="ignore")
    mostly_ascii = sum(byte < 0x80 for byte in prefix) > 0.7 * len(prefix)
    return text if mostly_ascii and _is_printable(text) else None


def _is_printable(text: str) -> bool:
    return all(char.isprintable() or char in "\t\n\r\f\v" for char in text)

"""Opens image files as upright 8-bit RGB, or gives the reason why not.

The reader is chosen by content, never by suffix. Pillow's reader classes are called directly instead of
``Image.open``, which avoids formats that run external programs and Pillow's pixel limit, a global that cannot
be changed for one thread. Sizes are checked here, from the header, before decoding.
"""

import importlib
import io
import os
import re
import stat
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from PIL import Image, ImageFile

from cprfl_core.common.errors import ImageError
from cprfl_core.images.animation import is_animated, shown_frame
from cprfl_core.images.content import PREFIX_BYTES, describe_content, image_format
from cprfl_core.images.deep_colour import deep_rawmode, with_low_bytes
from cprfl_core.images.deep_tiff import needs_rewriting, rewritten
from cprfl_core.images.faults import explain, page_count, refuse_camera_raw
from cprfl_core.images.jpeg_end import as_far_as_whole, with_end_mark
from cprfl_core.images.pixels import to_rgb

IMAGE_SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp"}
    | {".heic", ".heif", ".hif", ".avif", ".jp2", ".j2k", ".jpx", ".pbm", ".pgm", ".ppm", ".pnm", ".qoi"}
    | {".mpo", ".pjpeg", ".apng", ".btf", ".heics", ".heifs", ".avifs", ".j2c", ".jpc", ".jpf"}
)
"""Lower-case suffixes for scanning folders; reading does not depend on them."""

MAX_PIXELS: Final = 250_000_000

LEAST_WHOLE: Final = 0.75
"""The share of its rows that a truncated JPEG must still have to be used where somebody allows it."""

LATEST_READING: Final = 2
"""The highest ``reading`` of an ImageHeader."""

_READERS: Final = {
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "TIFF": ("PIL.TiffImagePlugin", "TiffImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "HEIF": ("pillow_heif", "HeifImageFile"),
    "JPEG2000": ("PIL.Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    "PPM": ("PIL.PpmImagePlugin", "PpmImageFile"),
    "QOI": ("PIL.QoiImagePlugin", "QoiImageFile"),
}

_REWRITTEN: Final = "rewritten samples"
_ORIENTATION: Final = 274
_TRANSPOSE: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})

# Larger images are decoded one at a time: a quarter of a gigapixel takes a gigabyte of memory.
_LARGE_PIXELS: Final = 40_000_000
_one_large_image = threading.Lock()

# Pillow warns about odd metadata and large frames. Whatever matters is in the ImageError, so these warnings
# are filtered; catch_warnings is not thread-safe.
_READER_MODULES: Final = r"(PIL\.\w+ImagePlugin|pillow_heif)"
_QUIET: Final = (
    ("ignore", None, UserWarning, re.compile(_READER_MODULES), 0),
    ("ignore", None, Image.DecompressionBombWarning, None, 0),
)


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """Size in pixels with the EXIF orientation applied, and the true format.

    ``reading`` is the version of the code that reads this kind of file: a higher one gives different pixels.
    ``pages`` of a TIFF and ``animated`` tell of what is not shown.
    """

    width: int
    height: int
    format: str
    reading: int = 0
    pages: int = 1
    animated: bool = False


Source = Path | str | bytes
"""A path, or the bytes of a file."""


def read_header(source: Source) -> ImageHeader:
    """Size and format without decoding pixels. Raises ImageError."""
    with _opened(source) as stream, _parsed(stream, None) as (image, name):
        width, height = _shown_size(image, name, _orientation(image, name, stream))
        pages = page_count(stream) if name == "TIFF" else 1
        return ImageHeader(width, height, name, _reading(image, name), pages, is_animated(image, name))


def open_image(
    source: Source,
    max_pixels: int = MAX_PIXELS,
    draft: tuple[int, int] | None = None,
    *,
    cut: bool = False,
) -> Image.Image:
    """The first frame that is not empty as an upright 8-bit RGB image, transparency on mid grey.

    ``draft`` (width, height): the caller will resize the image to this size, so a JPEG may be decoded at a
    reduced size, not below it in either direction. ``cut``: a truncated JPEG is read as far as it goes if at
    least LEAST_WHOLE of its rows are there. Raises ImageError; its text follows a file name.
    """
    with _opened(source) as stream, _parsed(stream, max_pixels) as (image, name):
        orientation = _orientation(image, name, stream)
        width, height = _shown_size(image, name, orientation)
        if width * height > max_pixels:
            raise ImageError(
                f"too large: {width} x {height} pixels (limit {max_pixels / 1e6:.4g} megapixels)"
            )
        if name == "JPEG" and image.mode == "CMYK":
            _settle_colours(image)
        if draft is not None and name == "JPEG":
            image.draft(None, draft[::-1] if orientation in _SIDEWAYS else draft)
        with _one_large_image if image.width * image.height > _LARGE_PIXELS else nullcontext():
            try:
                return _decoded(image, name, orientation, stream)
            except Exception as error:  # a decoder may raise anything on arbitrary bytes
                whole = None
                if name == "JPEG":
                    whole = _nearly_whole(stream) if cut else with_end_mark(stream)
                if whole is None:
                    raise explain(stream, name, error) from error
    return open_image(whole, max_pixels, draft)


def whole_share(source: Source) -> float | None:
    """The share of the rows, from the top, that a truncated JPEG still has; None if it cannot be decoded.

    1.0 if only its end mark is missing. Raises ImageError as open_image for a file that is no JPEG.
    """
    with _opened(source) as stream:
        if image_format(stream.read(PREFIX_BYTES)) != "JPEG":
            raise ImageError("not a JPEG file")
        if with_end_mark(stream) is not None:
            return 1.0
        found = as_far_as_whole(stream)
        return None if found is None else found[1]


def _nearly_whole(stream: IO[bytes]) -> bytes | None:
    found = as_far_as_whole(stream)
    return None if found is None or found[1] < LEAST_WHOLE else found[0]


def _decoded(image: ImageFile.ImageFile, name: str, orientation: int, stream: IO[bytes]) -> Image.Image:
    rawmode, animated = deep_rawmode(image), is_animated(image, name)
    image.load()
    rgb = to_rgb(image if rawmode is None else with_low_bytes(image, stream, rawmode), name)
    if animated:
        rgb = shown_frame(image, rgb.copy() if rgb is image else rgb, lambda frame: to_rgb(frame, name))
    # Pillow's TIFF reader rotates the image while loading.
    method = _TRANSPOSE.get(orientation) if name != "TIFF" else None
    upright = rgb.transpose(method) if method is not None else rgb
    # A plain image without the reader's metadata and file handle.
    return Image.merge("RGB", upright.split()) if upright is image else upright


def _reading(image: ImageFile.ImageFile, name: str) -> int:
    deep = image.mode == "F" or image.mode.startswith("I") or deep_rawmode(image) is not None
    if is_animated(image, name) or image.info.get(_REWRITTEN):
        return 2
    unmarked_cmyk = name == "JPEG" and image.mode == "CMYK" and "adobe" not in image.info
    return 1 if deep or unmarked_cmyk else 0


def _settle_colours(image: ImageFile.ImageFile) -> None:
    """Without Adobe's marker libjpeg assumes CMYK; subsampled components can only be YCCK."""
    factors = [layer[1:3] for layer in image.layer]  # type: ignore[attr-defined]
    if "adobe" not in image.info and factors[0] == factors[3] and factors[1] == factors[2] != factors[0]:
        image.tile = [tile._replace(args=("CMYK;I", "YCbCrK")) for tile in image.tile]


@contextmanager
def _opened(source: Source) -> Iterator[IO[bytes]]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
        return
    try:
        # Opening a pipe would block until there is a writer.
        if not stat.S_ISREG(os.stat(source).st_mode):  # noqa: PTH116 - the source may be a plain string
            raise ImageError("not a file")
        stream = open(source, "rb")  # noqa: PTH123, SIM115 - closed below; the source may be a plain string
    except FileNotFoundError as error:
        raise ImageError("not found") from error
    except PermissionError as error:
        raise ImageError("no permission to read") from error
    except (OSError, ValueError) as error:
        raise ImageError(f"cannot be read ({getattr(error, 'strerror', None) or error})") from error
    with stream:
        yield stream


@contextmanager
def _parsed(stream: IO[bytes], max_pixels: int | None) -> Iterator[tuple[ImageFile.ImageFile, str]]:
    """The image with its header read but no pixel decoded, and the name of its format.

    ``max_pixels``: None if no pixel will be decoded.
    """
    _keep_readers_quiet()
    try:
        prefix = stream.read(PREFIX_BYTES)
    except OSError as error:
        raise ImageError(f"cannot be read ({error.strerror or error})") from error
    if not prefix:
        raise ImageError("empty file (0 bytes)")
    name = image_format(prefix)
    if name is None:
        raise ImageError(describe_content(prefix))
    module, reader = _READERS[name]
    try:
        read = getattr(importlib.import_module(module), reader)
    except ImportError as error:
        raise ImageError(f"not supported on this machine: {name} (its reader is not installed)") from error
    own = name == "TIFF" and needs_rewriting(stream)
    stream.seek(0)
    try:
        image = read(io.BytesIO(rewritten(stream, max_pixels)) if own else stream, "")
    except Exception as error:  # as above
        raise explain(stream, name, error) from error
    image.info[_REWRITTEN] = own
    try:
        if name == "TIFF":
            refuse_camera_raw(image.tag_v2)
        yield image, name
    finally:
        image.close()


def _keep_readers_quiet() -> None:
    if _QUIET[0] not in warnings.filters:
        warnings.filterwarnings("ignore", category=UserWarning, module=_READER_MODULES)
    if _QUIET[1] not in warnings.filters:
        warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


def _shown_size(image: ImageFile.ImageFile, name: str, orientation: int) -> tuple[int, int]:
    width, height = image.size
    if name == "TIFF":
        # In some versions of Pillow the size is already rotated; the tags never are.
        tags = image.tag_v2  # type: ignore[attr-defined]
        width, height = int(tags.get(256, width)), int(tags.get(257, height))
    return (height, width) if orientation in _SIDEWAYS else (width, height)


def _orientation(image: ImageFile.ImageFile, name: str, stream: IO[bytes]) -> int:
    """EXIF orientation 1 to 8; 1 if it is missing or damaged."""
    position = stream.tell()
    try:
        if name == "PNG":
            return _png_orientation(image, stream)
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # damaged metadata does not make the pixels unreadable
        return 1
    finally:
        stream.seek(position)


def _png_orientation(image: ImageFile.ImageFile, stream: IO[bytes]) -> int:
    """Pillow decodes all pixels to find an EXIF chunk after them; this reads only chunk headers."""
    if "exif" not in image.info and "Raw profile type exif" not in image.info:
        stream.seek(8)
        while len(head := stream.read(8)) == 8 and head[4:] != b"IEND":
            length = int.from_bytes(head[:4], "big")
            if head[4:] == b"eXIf":
                image.info["exif"] = b"Exif\0\0" + stream.read(min(length, 1 << 20))
                break
            stream.seek(length + 4, os.SEEK_CUR)
    return int(Image.Image.getexif(image).get(_ORIENTATION, 1))

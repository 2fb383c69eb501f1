"""One small valid file of every kind that is read: images, and the formats of the imports."""

import io
import json
from pathlib import Path

import numpy as np
from faults_projects import Done
from PIL import Image, features

_HAND_MADE = {
    "megadetector": json.dumps(
        {
            "images": [
                {
                    "file": "0001.png",
                    "detections": [{"category": "1", "conf": 0.9, "bbox": [0.1, 0.1, 0.5, 0.5]}],
                }
            ],
            "detection_categories": {"1": "animal"},
            "info": {"format_version": "1.3"},
        }
    ),
}
"""Files of formats that are read but not written, by name."""


def image_samples() -> dict[str, bytes]:
    """By a name that begins with the suffix. A format that this Pillow cannot write is left out."""
    rng = np.random.default_rng(3)
    blocks = rng.integers(0, 255, (5, 7, 3), np.uint8)
    picture = Image.fromarray(blocks).resize((70, 50), Image.Resampling.BILINEAR)
    second = picture.rotate(90)
    exif = Image.Exif()
    exif[274] = 6
    deep = Image.fromarray(rng.integers(0, 65535, (40, 50), np.uint16))
    frames = {"save_all": True, "append_images": [second]}
    wanted = {
        "jpg": (picture, "JPEG", {"exif": exif}),
        "jpg progressive": (picture, "JPEG", {"progressive": True}),
        "jpg cmyk": (picture.convert("CMYK"), "JPEG", {}),
        "mpo": (picture, "MPO", frames),
        "png": (picture, "PNG", {}),
        "png deep": (deep, "PNG", {}),
        "png palette": (picture.convert("P"), "PNG", {"transparency": 3}),
        "png animated": (picture, "PNG", frames),
        "gif": (picture, "GIF", {**frames, "loop": 0}),
        "bmp": (picture, "BMP", {}),
        "bmp 1-bit": (picture.convert("1"), "BMP", {}),
        "tif": (picture, "TIFF", {"exif": exif}),
        "tif lzw": (picture, "TIFF", {"compression": "tiff_lzw", **frames}),
        "tif deflate": (deep, "TIFF", {"compression": "tiff_adobe_deflate"}),
        "tif jpeg": (picture, "TIFF", {"compression": "jpeg"}),
        "tif float": (Image.fromarray(rng.random((30, 40), np.float32)), "TIFF", {}),
        "webp": (picture, "WEBP", {}),
        "webp lossless": (picture, "WEBP", {"lossless": True}),
        "webp animated": (picture, "WEBP", frames),
        "ppm": (picture, "PPM", {}),
        "qoi": (picture, "QOI", {}),
        "jp2": (picture, "JPEG2000", {}),
        "avif": (picture, "AVIF", {}),
        "heic": (picture, "HEIF", {}),
    }
    if features.check("jpg_2000") is False:
        del wanted["jp2"]
    import pillow_heif

    pillow_heif.register_heif_opener()
    found = {}
    for name, (image, kind, options) in wanted.items():
        stream = io.BytesIO()
        more = {"append_images": [second.copy()]} if "append_images" in options else {}
        try:  # each time a copy: a writer leaves its settings in the image
            image.copy().save(stream, kind, **{**options, **more})
        except (KeyError, OSError, ValueError, RuntimeError):  # this build of Pillow has no such writer
            continue
        found[name] = stream.getvalue()
    return found


def import_samples(project: Path, folder: Path) -> tuple[dict[str, Path], list[str]]:
    """What this project's exports write, by the format that reads it: a file or a folder.

    Also the formats that are read and of which there is no sample, because nothing writes them.
    """
    from app.services.interchange.registry import AUTO, readable, writable

    written = {one.name for one in writable()}
    found: dict[str, Path] = {}
    missing = []
    for one in readable():
        sample = folder / f"{one.name}-sample{one.suffixes[0] if one.suffixes else ''}"
        if one.name in written:
            Done.of("export", project, one.name, sample).demand_success()
        else:
            _by_hand(one.name, sample)
        if sample.exists() and Done.of("import", project, one.name, sample, "--dry-run").code == 0:
            found[one.name] = sample
        else:
            missing.append(one.name)
    return found | {AUTO: found["coco"]}, missing


def _by_hand(name: str, path: Path) -> None:
    """A small file of a format that is read but not written, if one is known here."""
    text = _HAND_MADE.get(name)
    if text is not None:
        path.write_text(text, "utf-8")

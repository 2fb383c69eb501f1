"""Small files that claim to be, or unpack to, far more than memory holds: refused without making room for it.

They are read in a process of its own, whose highest memory is compared with that of reading a normal image.
"""

import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from bad_images import _chunk, encoded, huge_png, picture, tiff
from PIL import Image

from cprfl_core.images.reading import open_image

ROOT = Path(__file__).parents[3]
ALLOWED_MB = 150
"""More than a normal image; each of the bombs would take at least 500."""
SCRIPT = """
import json, resource, sys
from pathlib import Path
from cprfl_core.common.errors import ImageError
from cprfl_core.images.reading import open_image, read_header

told = {}
before = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_header(path)
        open_image(path, draft=(64, 64))
        reason = None
    except ImageError as error:
        reason = str(error)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told[path.name] = [reason, peak - before]
    before = peak
print(json.dumps(told))
"""


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = _chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + data + _chunk(b"IEND", b"")


def zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


def with_size(data: bytes, at: int, size: bytes) -> bytes:
    return data[:at] + size + data[at + len(size) :]


def bombs() -> dict[str, bytes]:
    jpeg = encoded(picture(), "JPEG")
    frame = jpeg.index(b"\xff\xc0")
    gif = encoded(picture(), "GIF")
    webp = encoded(picture(), "WEBP", lossless=True)
    packed = zeros(600)
    return {
        "many pixels.png": huge_png(60_000),
        "large header.png": png(2**31 - 1, 2**31 - 1),
        "text.png": png(20, 20, _chunk(b"zTXt", b"Comment\0\0" + packed)),
        "international text.png": png(20, 20, _chunk(b"iTXt", b"Comment\0\1\0\0\0" + packed)),
        "profile.png": png(20, 20, _chunk(b"iCCP", b"icc\0\0" + packed)),
        "pixels.png": png(40, 40, _chunk(b"IDAT", packed)),
        "screen.gif": with_size(gif, 6, struct.pack("<HH", 65535, 65535)),
        "header.jpg": with_size(jpeg, frame + 5, struct.pack(">HH", 65500, 65500)),
        "header.bmp": with_size(encoded(picture(), "BMP"), 18, struct.pack("<ii", 2**30, 2**30)),
        "header.webp": with_size(webp, 21, b"\xff\xff\xff\x0f"),
        "strip.tif": tiff(60_000, 60_000, [(258, 3, 8), (262, 3, 1), (277, 3, 1)], zeros(100), 8),
        "header.ppm": b"P6 99999 99999 255\n",
        "header.qoi": b"qoif" + struct.pack(">IIBB", 60_000, 60_000, 3, 0) + bytes(100),
        "directories.tif": b"II*\0" + struct.pack("<IHI", 8, 0, 8),
    }


@pytest.mark.slow
def test_no_bomb_takes_the_memory_that_it_asks_for(tmp_path):
    pytest.importorskip("resource")
    folder = tmp_path / "bombs"
    folder.mkdir()
    (folder / " first.png").write_bytes(encoded(picture(), "PNG"))
    for kind in ("JPEG", "GIF", "WEBP", "BMP", "TIFF"):  # their readers are loaded first
        (folder / f" normal {kind}").write_bytes(encoded(picture(), kind))
    made = bombs()
    for name, data in made.items():
        (folder / name).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [name for name, (reason, _) in told.items() if name.startswith(" ") and reason] == []
    grown = {name: round(megabytes) for name, (_, megabytes) in told.items() if name in made}
    assert {name: megabytes for name, megabytes in grown.items() if megabytes > ALLOWED_MB} == {}
    harmless = {"text.png", "international text.png", "profile.png", "pixels.png"}  # may be read without it
    assert [name for name in made if told[name][0] is None and name not in harmless] == []


def test_an_animation_is_read_up_to_its_first_frame_only():
    """Many frames do not take many times the memory: a file that ends after the first is read as well."""
    frames = [Image.effect_noise((50, 40), number + 20) for number in range(50)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert open_image(data[: len(data) // 2]).size == (50, 40)

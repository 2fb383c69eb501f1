"""Grey TIFF samples that Pillow refuses or misreads show the same picture as their 32-bit floats."""

import contextlib
import zlib
from struct import pack, pack_into, unpack_from

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cprfl_core.common.errors import ImageError
from cprfl_core.images.reading import open_image, read_header

FORMS = {"u": 1, "i": 2, "f": 3}
RAMP = np.add.outer(np.arange(30) * 40, np.arange(41) * 20).astype(np.float64)


def parts_of(samples, tile):
    if tile is None:
        return [samples]
    rows, columns = (-(-side // tile) * tile for side in samples.shape)
    padded = np.zeros((rows, columns), samples.dtype)
    padded[: samples.shape[0], : samples.shape[1]] = samples
    return [
        padded[top : top + tile, left : left + tile]
        for top in range(0, rows, tile)
        for left in range(0, columns, tile)
    ]


def predicted(part, predictor, kind):
    if predictor == 2:
        return np.diff(part, axis=1, prepend=part.dtype.type(0)).astype(kind).tobytes()
    if predictor == 3:
        rows, columns = part.shape
        planes = part.astype(kind.newbyteorder(">")).view(np.uint8).reshape(rows, columns, kind.itemsize)
        planes = planes.transpose(0, 2, 1).reshape(rows, -1)
        return np.diff(planes, axis=1, prepend=np.uint8(0)).astype(np.uint8).tobytes()
    return part.astype(kind).tobytes()


def tiff(samples, kind, *, order="<", deflate=False, predictor=1, tile=None, photometric=1, cut=0):
    kind = np.dtype(order + kind)
    parts = [
        predicted(part.astype(kind.newbyteorder("=")), predictor, kind) for part in parts_of(samples, tile)
    ]
    if deflate:
        parts = [zlib.compress(part) for part in parts]
    height, width = samples.shape
    tags = {256: width, 257: height, 258: 8 * kind.itemsize, 259: 8 if deflate else 1, 262: photometric}
    tags |= {277: 1, 317: predictor, 339: FORMS[kind.kind]}
    tags |= {278: height} if tile is None else {322: tile, 323: tile}
    starts, lengths = (273, 279) if tile is None else (324, 325)
    count = len(parts)
    head = 8 + 2 + 12 * (len(tags) + 2) + 4
    offsets = np.cumsum([head + 8 * count, *(len(part) for part in parts[:-1])]).tolist()
    lists = {starts: (head, offsets), lengths: (head + 4 * count, [len(part) for part in parts])}
    out = (b"II*\0" if order == "<" else b"MM\0*") + pack(order + "IH", 8, len(tags) + 2)
    for tag in sorted([*tags, *lists]):
        if tag in lists:
            place, values = lists[tag]
            out += pack(order + "HHII", tag, 4, count, place if count > 1 else values[0])
        else:
            out += pack(order + "HHII", tag, 4, 1, tags[tag])
    out += pack(order + "I", 0)
    for tag in (starts, lengths):
        out += pack(f"{order}{count}I", *lists[tag][1])
    data = out + b"".join(parts)
    return data[: len(data) - cut]


def grey(data):
    return np.asarray(open_image(data))[..., 0].astype(int)


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", "u4", "i4", "u8", "i8", "i2"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("deflate", [False, True])
def test_every_kind_of_sample_shows_the_picture(kind, order, deflate):
    data = tiff(RAMP, kind, order=order, deflate=deflate)
    header = read_header(data)
    assert (header.width, header.height, header.format) == (41, 30, "TIFF")
    shown, wanted = grey(data), grey(tiff(RAMP, "f4"))
    assert np.abs(shown - wanted).max() <= 1
    assert shown.max() - shown.min() >= 250


@pytest.mark.parametrize(("kind", "predictor"), [("f8", 3), ("f4", 3), ("f2", 3), ("u8", 2), ("i4", 2)])
@pytest.mark.parametrize("tile", [None, 16])
def test_tiles_and_predictors_are_undone(kind, predictor, tile):
    data = tiff(RAMP, kind, order=">", deflate=True, predictor=predictor, tile=tile)
    assert np.abs(grey(data) - grey(tiff(RAMP, "f4"))).max() <= 1


def test_small_differences_on_a_large_offset_are_seen():
    assert np.abs(grey(tiff(RAMP / 1e6 + 5e7, "f8")) - grey(tiff(RAMP, "f4"))).max() <= 1


def test_what_is_white_at_zero_is_inverted_and_what_is_no_number_is_grey():
    assert np.array_equal(grey(tiff(RAMP, "f8", photometric=0)), 255 - grey(tiff(RAMP, "f8")))
    holes = RAMP.copy()
    holes[3, 3] = np.nan
    holes[4, 4] = np.inf
    shown = grey(tiff(holes, "f8"))
    assert (shown[3, 3], shown[4, 4]) == (128, 255)


def test_a_damaged_or_huge_file_is_refused_with_a_reason():
    for deflate in (False, True):
        with pytest.raises(ImageError, match=r"truncated|damaged"):
            open_image(tiff(RAMP, "f8", deflate=deflate, cut=40))
    with pytest.raises(ImageError, match="too large"):
        open_image(tiff(RAMP, "f8"), max_pixels=100)


@given(st.data())
def test_any_change_of_a_byte_gives_a_picture_or_a_reason(data):
    content = bytearray(tiff(RAMP[:6, :7], "f8", deflate=True, tile=16))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ImageError):
        open_image(bytes(content), max_pixels=1_000_000)


@pytest.mark.parametrize("options", [{}, {"deflate": True, "tile": 16}])
def test_an_entry_of_any_other_type_gives_a_picture_or_a_reason(options):
    """Pillow decodes an entry by its type when it is asked for: bytes, text, fractions, any number."""
    content = tiff(RAMP[:6, :7], "f8", **options)
    (start,) = unpack_from("<I", content, 4)
    (count,) = unpack_from("<H", content, start)
    for entry in range(count):
        for kind in range(19):
            for values in (0, 1, 2, 5):
                changed = bytearray(content)
                pack_into("<HI", changed, start + 2 + 12 * entry + 2, kind, values)
                with contextlib.suppress(ImageError):
                    open_image(bytes(changed), max_pixels=1_000_000)

"""Pictures of more than 8 bits show what is in them, whatever part of their range they use."""

import io
import warnings
import zlib
from itertools import pairwise

import numpy as np
import pytest
from bad_images import deep_png, encoded, tiff
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cprfl_core.images.deep_samples import NO_VALUE, integers_to_8_bit, numbers_to_8_bit
from cprfl_core.images.reading import open_image


def square() -> np.ndarray:
    """A bright square on a ramp, 0 to 1."""
    values = np.linspace(0.0, 0.6, 64 * 48).reshape(48, 64)
    values[14:34, 20:44] = 1.0
    return values


def grey(data: bytes) -> np.ndarray:
    image = np.asarray(open_image(data))
    assert (image[..., 0] == image[..., 1]).all()
    assert (image[..., 0] == image[..., 2]).all()
    return image[..., 0].astype(int)


def assert_shows_the_square(shown: np.ndarray) -> None:
    assert shown.std() > 20
    assert np.abs(shown - square() * 255).max() <= 4


RANGES = {
    "full": (0, 65535),
    "twelve bits": (0, 4095),
    "ten bits": (0, 1023),
    "dim": (0, 1176),
    "thermal": (28_000, 31_000),
    "narrow": (33_069, 36_863),
}


@pytest.mark.parametrize(("low", "high"), RANGES.values(), ids=RANGES)
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG2000", "PGM"])
def test_16_bit_grey_shows_its_content_whatever_part_of_the_range_it_uses(kind, low, high):
    values = (low + square() * (high - low)).astype(np.uint16)
    if kind == "PGM":
        data = b"P5 64 48 65535\n" + values.astype(">u2").tobytes()
    else:
        data = encoded(Image.fromarray(values), kind)
    assert_shows_the_square(grey(data))


@pytest.mark.parametrize(
    "values",
    [
        (square() * 2000 - 1000).astype(np.float32),
        (square() * 0.02).astype(np.float32),
        (square() * 100_000).astype(np.int32),
        (square() * 300 - 100).astype(np.int32),
    ],
    ids=["float", "float below 1", "integers", "integers below 0"],
)
def test_32_bit_tiff_shows_its_content(values):
    assert_shows_the_square(grey(encoded(Image.fromarray(values), "TIFF")))


def grey_tiff(values: np.ndarray, *tags: tuple[int, int, int], photometric: int = 1) -> bytes:
    """Uncompressed TIFF of the values' own type."""
    bits, kind = values.dtype.itemsize * 8, {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    own = [(258, 3, bits), (262, 3, photometric), (277, 3, 1), (339, 3, kind), *tags]
    return tiff(values.shape[1], values.shape[0], own, values.tobytes())


def test_signed_and_unsigned_numbers_of_a_tiff_are_distinguished():
    assert_shows_the_square(grey(grey_tiff((square() * 600 - 200).astype("<i2"))))
    assert_shows_the_square(grey(grey_tiff((2**31 - 500 + square() * 1000).astype("<u4"))))


@pytest.mark.parametrize("kind", ["<u2", "<f4"])
def test_a_tiff_whose_zero_is_white_is_turned(kind):
    assert_shows_the_square(255 - grey(grey_tiff((square() * 3000).astype(kind), photometric=0)))


def test_a_big_endian_tiff_is_read():
    image = Image.fromarray((square() * 3000).astype(np.uint16))
    data = encoded(Image.frombytes("I;16B", image.size, np.asarray(image).astype(">u2").tobytes()), "TIFF")
    assert data.startswith(b"MM")
    assert_shows_the_square(grey(data))


def test_a_full_range_keeps_its_high_byte():
    values = np.array([[0, 255, 256, 32768], [40000, 50000, 65000, 65535]], dtype=np.uint16)
    assert (grey(deep_png(values, 0)) == values >> 8).all()
    half = (square() * 40_000 + 2_000).astype(np.uint16)
    assert (grey(deep_png(half, 0)) == half >> 8).all()


@pytest.mark.parametrize("hot", [0, 65535])
def test_a_few_hot_or_dead_pixels_do_not_make_the_others_black(hot):
    values = (28_000 + square() * 3_000).astype(np.uint16)
    values[3, 3] = values[40, 50] = hot
    shown = grey(deep_png(values, 0))
    assert shown[3, 3] == (255 if hot else 0)
    shown[3, 3] = shown[40, 50] = 0
    assert shown.std() > 20


def test_a_border_without_value_leaves_the_range_to_the_picture():
    values = np.zeros((60, 80), dtype=np.uint16)
    values[6:54, 8:72] = 28_000 + square() * 3_000
    shown = grey(deep_png(values, 0))
    assert shown[0, 0] == 0
    assert_shows_the_square(shown[6:54, 8:72])


def test_a_black_background_stays_darker_than_what_is_on_it():
    values = np.zeros((48, 64), dtype=np.uint16)
    values[10:30, 10:30] = np.linspace(8_000, 12_000, 400).reshape(20, 20)
    shown = grey(deep_png(values, 0))
    assert shown[10, 10] > 100 > shown[0, 0]


def test_numbers_that_are_none_lie_on_mid_grey_and_leave_the_range_alone():
    values = (1_000 + square() * 5).astype(np.float32)
    values[0, :4] = np.nan, np.inf, -np.inf, np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = grey(encoded(Image.fromarray(values), "TIFF"))
    assert shown[0, :4].tolist() == [NO_VALUE, 255, 0, NO_VALUE]
    assert_shows_the_square(np.vstack([np.zeros((1, 64)), shown[1:]]) + np.eye(48, 1) * square()[0] * 255)


def test_what_a_file_declares_as_no_value_lies_on_mid_grey():
    values = (200 + square() * 1_800).astype(np.float32)
    values[:, :5] = -9999
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, "TIFF", tiffinfo={42113: "-9999"})
    shown = grey(stream.getvalue())
    assert (shown[:, :5] == NO_VALUE).all()
    assert shown[:, 5:].std() > 20


@pytest.mark.parametrize("level", [0, 500, 40_000, 65_535])
def test_a_picture_of_one_level_keeps_it(level):
    assert (grey(deep_png(np.full((20, 30), level, dtype=np.uint16), 0)) == level >> 8).all()


def test_a_picture_without_any_number_is_mid_grey():
    assert (grey(encoded(Image.fromarray(np.full((20, 30), np.nan, np.float32)), "TIFF")) == NO_VALUE).all()


def test_a_spot_on_an_even_ground_is_seen():
    values = np.full((100, 100), 1_000, dtype=np.uint16)
    values[50, 50:55] = 1_040
    shown = grey(deep_png(values, 0))
    assert (shown[50, 50:55] == 255).all()
    assert shown[0, 0] == 0


def colours(low: int, high: int) -> np.ndarray:
    """The square in a tint: full red, half green, no blue above ``low``."""
    return np.stack([low + square() * part * (high - low) for part in (1.0, 0.5, 0.0)], axis=-1)


@pytest.mark.parametrize(("low", "high"), [(0, 4095), (0, 1176), (28_000, 31_000)])
def test_16_bit_colour_shows_its_content_in_its_tint(low, high):
    values = colours(low, high).astype(np.uint16)
    shown = np.asarray(open_image(deep_png(values, 2))).astype(int)
    assert_shows_the_square(shown[..., 0])
    assert np.abs(shown[..., 1] - square() * 127.5).max() <= 4
    assert shown[..., 2].max() <= 2


@pytest.mark.parametrize("compressed", [False, True])
def test_16_bit_colour_of_a_tiff_shows_its_content(compressed):
    values = colours(0, 3_000).astype("<u2")
    pixels = zlib.compress(values.tobytes()) if compressed else values.tobytes()
    tags = [(258, 3, 16), (262, 3, 2), (277, 3, 3)]
    data = tiff(64, 48, tags, pixels, compression=8 if compressed else 1)
    assert_shows_the_square(np.asarray(open_image(data))[..., 0].astype(int))


def test_16_bit_colour_and_grey_with_alpha_show_their_content():
    values = colours(0, 3_000).astype(np.uint16)
    alpha = np.full((48, 64, 1), 65_535, dtype=np.uint16)
    alpha[:6] = 0
    for channels, colour_type in ((values, 6), (values[..., :1], 4)):
        shown = np.asarray(open_image(deep_png(np.concatenate([channels, alpha], axis=-1), colour_type)))
        assert (shown[:6] == 128).all()
        assert np.abs(shown[6:, :, 0] - square()[6:] * 255).max() <= 4


def test_16_bit_colour_of_the_full_range_keeps_its_high_bytes():
    values = colours(0, 65_535).astype(np.uint16)
    assert (np.asarray(open_image(deep_png(values, 2))) == values >> 8).all()


@pytest.mark.parametrize("mark", [-9999.0, -3.4e38, 1e30])
def test_a_value_that_fills_what_is_missing_does_not_hide_the_rest(mark):
    values = (square() * 40 + 500).astype(np.float32)
    values[:4] = mark
    shown = numbers_to_8_bit(values).astype(int)
    assert np.abs(shown[4:] - square()[4:] * 255).max() <= 20
    assert (shown[:4] == (0 if mark < 0 else 255)).all()


def test_an_undeclared_fill_value_of_signed_integers_does_not_hide_the_rest():
    values = (square() * 2000).astype(np.int16)
    values[:4] = -9999
    shown = integers_to_8_bit(values.astype(np.int32), -32768, 16).astype(int)
    assert np.abs(shown[4:] - square()[4:] * 255).max() <= 20


@given(
    values=st.lists(st.integers(0, 65_535), min_size=1, max_size=300),
    missing=st.none() | st.integers(0, 65_535),
)
@settings(max_examples=100, deadline=None)
def test_brighter_samples_are_never_shown_darker(values, missing):
    samples = np.array([values], dtype=np.uint16)
    order = np.argsort(samples[0], kind="stable")
    for shown in (
        integers_to_8_bit(samples, 0, 16, missing)[0],
        numbers_to_8_bit(samples.astype(np.float32), missing)[0],
    ):
        said = [shown[n] for n in order if values[n] != missing]
        assert all(a <= b for a, b in pairwise(said))
        assert all(shown[n] == NO_VALUE for n in order if values[n] == missing)


@given(st.lists(st.floats(width=32), min_size=1, max_size=200), st.none() | st.floats())
@settings(max_examples=100, deadline=None)
def test_any_numbers_give_a_picture_without_a_warning(values, missing):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = numbers_to_8_bit(np.array([values], dtype=np.float32), missing)
    assert shown.dtype == np.uint8

"""A JPEG that lacks only its end mark is read as the whole picture; one that lacks more is refused."""

import numpy as np
import pytest
from bad_images import encoded, picture
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cprfl_core.common.errors import ImageError
from cprfl_core.images.reading import open_image

KINDS = [
    {},
    {"progressive": True},
    {"optimize": True},
    {"quality": 100, "subsampling": 0},
    {"restart_marker_rows": 1},
    {"restart_marker_blocks": 3, "progressive": True},
]


def scene(width: int = 323, height: int = 245, seed: int = 0) -> Image.Image:
    """Soft colours: every block has its own content and none fills whole units of the file."""
    few = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC)


def refused(data: bytes) -> str:
    with pytest.raises(ImageError) as raised:
        open_image(data)
    return raised.value.reason


@pytest.mark.parametrize("options", KINDS, ids=str)
@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_without_its_end_mark_is_the_whole_picture(options, missing):
    data = encoded(scene(), "JPEG", **options)
    assert open_image(data[:-missing]).tobytes() == open_image(data).tobytes()


@pytest.mark.parametrize("options", KINDS, ids=str)
def test_a_jpeg_that_lacks_pixels_is_refused(options):
    data = encoded(scene(), "JPEG", **options)
    for missing in (5, 12, 100, len(data) // 2):
        assert refused(data[:-missing]) == "truncated: the file ends early"


@pytest.mark.parametrize("colour", ["white", (200, 10, 10), "black"])
@pytest.mark.parametrize("options", KINDS[:3], ids=str)
def test_a_plain_picture_without_its_end_mark_is_read(colour, options):
    data = encoded(Image.new("RGB", (64, 48), colour), "JPEG", **options)
    assert open_image(data[:-2]).tobytes() == open_image(data).tobytes()


def test_a_progressive_jpeg_cut_between_two_scans_is_refused():
    data = encoded(scene(), "JPEG", progressive=True)
    assert refused(data[: data.rindex(b"\xff\xda")]).startswith(("truncated", "damaged"))
    assert refused(data[: data.rindex(b"\xff\xc4")]).startswith(("truncated", "damaged"))


def test_a_jpeg_cut_between_two_restart_marks_is_refused():
    data = encoded(scene(), "JPEG", restart_marker_rows=1)
    last = max(data.rindex(bytes((0xFF, mark))) for mark in range(0xD0, 0xD8))
    assert refused(data[:last]) == "truncated: the file ends early"
    assert refused(data[: last + 2]) == "truncated: the file ends early"


def test_zero_bytes_in_place_of_the_end_mark_do_no_harm_and_in_place_of_pixels_are_reported():
    data = encoded(scene(), "JPEG", progressive=True)
    assert open_image(data[:-2] + bytes(4096)).tobytes() == open_image(data).tobytes()
    assert refused(data[: len(data) // 2] + bytes(4096)) == "truncated: the file ends early"


def test_a_stereo_photo_whose_first_picture_lacks_its_end_mark_is_read():
    first, second = encoded(scene(), "JPEG"), encoded(picture(), "JPEG")
    assert open_image(first[:-2] + second).tobytes() == open_image(first).tobytes()
    assert refused(first[: len(first) // 2] + second).startswith("damaged")


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_cmyk_without_end_mark_are_read(mode):
    data = encoded(scene().convert(mode), "JPEG")
    assert open_image(data[:-2]).tobytes() == open_image(data).tobytes()


def test_a_jpeg_without_end_mark_is_decoded_smaller_and_turned_as_any_other():
    exif = Image.Exif()
    exif[274] = 6
    data = encoded(scene(800, 400), "JPEG", exif=exif)
    small = open_image(data[:-2], draft=(100, 100))
    assert small.size == (100, 200)
    assert small.tobytes() == open_image(data, draft=(100, 100)).tobytes()


@given(
    width=st.integers(1, 70),
    height=st.integers(1, 70),
    seed=st.integers(0, 99),
    quality=st.integers(5, 100),
    subsampling=st.integers(0, 2),
    progressive=st.booleans(),
    missing=st.integers(1, 60),
)
@settings(max_examples=50, deadline=None)
def test_what_is_read_of_a_cut_jpeg_is_pixel_for_pixel_the_whole(
    *, width, height, seed, quality, subsampling, progressive, missing
):
    options = {"quality": quality, "subsampling": subsampling, "progressive": progressive}
    data = encoded(scene(width, height, seed), "JPEG", **options)
    try:
        image = open_image(data[:-missing])
    except ImageError as error:
        assert missing > 2
        assert error.reason
    else:
        assert image.tobytes() == open_image(data).tobytes()

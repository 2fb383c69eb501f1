"""The frame of an animation that is shown, pages of a TIFF, and JPEG files that lack their end."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from cprfl_core.common.errors import ImageError
from cprfl_core.images.reading import LEAST_WHOLE, open_image, read_header, whole_share

CLEAR = (0, 0, 0, 0)


def animation(frames, kind, **options):
    stream = io.BytesIO()
    first, *rest = frames
    first.save(stream, kind, save_all=True, append_images=rest, duration=100, **options)
    return stream.getvalue()


def plain(colour, size=(24, 16)):
    return Image.new("RGBA", size, colour)


def checked(levels, size=(24, 16)):
    """A pattern with this contrast."""
    grey = np.indices(size[::-1]).sum(axis=0) % 2 * levels
    return Image.fromarray(grey.astype(np.uint8)).convert("RGBA")


@pytest.mark.parametrize(
    ("kind", "options"), [("GIF", {"disposal": 2}), ("PNG", {}), ("WEBP", {"lossless": True})]
)
def test_an_empty_first_frame_gives_way_to_the_one_with_most_to_see(kind, options):
    frames = [plain(CLEAR), checked(30), checked(90), checked(60)]
    shown = np.asarray(open_image(animation(frames, kind, **options)))
    assert int(shown.max()) - int(shown.min()) >= 80
    assert read_header(animation(frames, kind, **options)).animated


def test_the_first_frame_stays_where_it_shows_something():
    content = animation([checked(40), checked(200)], "PNG")
    assert np.asarray(open_image(content)).max() == 40


def test_of_plain_frames_the_first_of_another_colour_is_shown():
    content = animation([plain(CLEAR), plain((0, 0, 200, 255)), plain((200, 0, 0, 255))], "PNG")
    assert open_image(content).getpixel((3, 3)) == (0, 0, 200)


def test_an_animation_that_is_cut_shows_what_comes_before(tmp_path):
    whole = animation([plain(CLEAR), checked(90), checked(250)], "GIF", disposal=2)
    for cut in range(len(whole) // 2, len(whole), 7):
        try:
            open_image(whole[:cut])
        except ImageError:
            continue


def test_only_full_pages_of_a_tiff_count():
    pages = [Image.new("L", (20 + k, 10)) for k in range(3)]
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:])
    assert read_header(stream.getvalue()).pages == 3
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, "TIFF")
    assert read_header(stream.getvalue()).pages == 1


def test_pages_that_refer_to_each_other_do_not_hang():
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, "TIFF")
    data = bytearray(stream.getvalue())
    at = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[at : at + 2], "little")
    data[at + 2 + 12 * count : at + 6 + 12 * count] = at.to_bytes(4, "little")
    assert read_header(bytes(data)).pages == 1


def photograph(**options):
    rng = np.random.default_rng(3)
    image = Image.fromarray(rng.integers(0, 256, (20, 30, 3), dtype=np.uint8)).resize((300, 200))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85, **options)
    return image, stream.getvalue()


def test_a_truncated_jpeg_is_refused_unless_it_may_be_cut_and_is_nearly_whole():
    image, data = photograph()
    wanted = np.asarray(open_image(data)).astype(int)
    for missing in (5, 40, 200):
        cut = data[:-missing]
        share = whole_share(cut)
        assert LEAST_WHOLE <= share < 1
        with pytest.raises(ImageError, match="truncated"):
            open_image(cut)
        shown = np.asarray(open_image(cut, cut=True)).astype(int)
        rows = int(share * image.height) - 16  # upsampling mixes the colours of neighbouring blocks
        assert np.abs(shown[:rows] - wanted[:rows]).max() <= 8
    half = data[: len(data) // 2]
    assert whole_share(half) < LEAST_WHOLE
    with pytest.raises(ImageError, match="truncated"):
        open_image(half, cut=True)


def test_the_share_of_rows_falls_with_what_is_missing():
    _, data = photograph(restart_marker_blocks=4)
    shares = [whole_share(data[: len(data) - cut]) for cut in (2, 50, 1000, 3000)]
    assert shares[0] == 1.0
    assert all(one > other for one, other in itertools.pairwise(shares))


def test_of_other_formats_no_share_is_known():
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, "PNG")
    with pytest.raises(ImageError, match="not a JPEG"):
        whole_share(stream.getvalue())

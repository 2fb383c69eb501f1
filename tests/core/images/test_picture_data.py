"""The hash of the encoded picture is that of the pixels, whatever other programs write beside them."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from cprfl_core.images.picture_data import PictureData, picture_data


def noise(seed=0, size=(40, 30)):
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


def encoded(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def data_of(content, kind):
    return picture_data(io.BytesIO(content), kind)


def with_exif(**tags):
    exif = Image.Exif()
    exif[270] = tags.get("words", "a fox")
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_metadata_do_not_matter_and_pixels_do(kind):
    plain = data_of(encoded(noise(), kind), kind)
    for words in ("a fox", "x" * 5000):
        assert data_of(encoded(noise(), kind, exif=with_exif(words=words)), kind) == plain
    assert data_of(encoded(noise(1), kind), kind).digest != plain.digest
    assert plain.digest is not None and plain.ends


def test_text_in_a_png_and_comments_in_a_jpeg_do_not_matter():
    text = PngImagePlugin.PngInfo()
    text.add_text("Keywords", "fox, snow")
    assert data_of(encoded(noise(), "PNG", pnginfo=text), "PNG") == data_of(encoded(noise(), "PNG"), "PNG")
    jpeg = encoded(noise(), "JPEG")
    assert data_of(encoded(noise(), "JPEG", comment=b"fox"), "JPEG") == data_of(jpeg, "JPEG")


def test_the_colours_of_a_palette_belong_to_the_picture():
    one = Image.new("P", (4, 4))
    two = one.copy()
    one.putpalette([0, 0, 0] * 256)
    two.putpalette([9, 0, 0] * 256)
    assert data_of(encoded(one, "PNG"), "PNG") != data_of(encoded(two, "PNG"), "PNG")


def test_a_jpeg_without_end_mark_is_noticed_even_at_the_edge_of_a_chunk(monkeypatch):
    jpeg = encoded(noise(), "JPEG", exif=with_exif(words="\xff\xd9"))
    assert data_of(jpeg, "JPEG").ends
    assert not data_of(jpeg[:-2], "JPEG").ends
    assert data_of(jpeg + b"a video follows", "JPEG").ends
    for size in (1, 2, 3, 64):
        monkeypatch.setattr("cprfl_core.images.picture_data._CHUNK", size)
        assert data_of(jpeg, "JPEG").ends
        assert not data_of(jpeg[:-2], "JPEG").ends


def test_other_formats_have_no_such_hash():
    assert data_of(encoded(noise(), "BMP"), "BMP") == PictureData()
    assert data_of(encoded(noise(), "GIF"), "GIF") == PictureData()


@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_any_bytes_are_survived(tail, kind):
    head = {"JPEG": b"\xff\xd8", "PNG": b"\x89PNG\r\n\x1a\n", "WEBP": b"RIFF\0\0\0\0WEBP"}[kind]
    data_of(head + tail, kind)


def test_a_chunk_that_claims_to_be_huge_ends_the_search():
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**31 - 1) + b"IDAT" + zlib.compress(b"")
    assert data_of(head, "PNG").digest is not None

"""What cannot be read is called by its name, and what is only almost an image is not taken for one."""

import io

import pytest
from bad_images import encoded, picture, tiff
from PIL import Image

from cprfl_core.common.errors import ImageError
from cprfl_core.images.reading import open_image, read_header


def reason(data: bytes) -> str:
    with pytest.raises(ImageError) as raised:
        read_header(data)
    with pytest.raises(ImageError) as opened:
        open_image(data)
    assert opened.value.reason == raised.value.reason
    return raised.value.reason


def at(offset: int, magic: bytes) -> bytes:
    return bytes(offset) + magic + bytes(600)


PICTURES = {
    "DICOM": at(128, b"DICM"),
    "Canon raw": b"II*\0\x10\0\0\0CR\x02\0" + bytes(100),
    "Fujifilm raw": at(0, b"FUJIFILMCCD-RAW 0201"),
    "Olympus raw": at(0, b"IIRO\x08\0\0\0"),
    "Panasonic raw": at(0, b"IIU\0\x18\0\0\0"),
    "JPEG XL": at(0, b"\xff\x0a"),
    "JPEG-LS": at(0, b"\xff\xd8\xff\xf7\0\x0b\x08"),
    "Photoshop": at(0, b"8BPS\0\x01"),
    "GIMP": at(0, b"gimp xcf v011\0"),
    "FITS": b"SIMPLE  =                    T".ljust(2880),
    "NIfTI": b"\x5c\x01\0\0".ljust(344, b"\0") + b"n+1\0" + bytes(100),
    "OpenEXR": at(0, b"\x76\x2f\x31\x01"),
    "NumPy array": at(0, b"\x93NUMPY\x01\0"),
    "HDF5": at(0, b"\x89HDF\r\n\x1a\n"),
    "SVG": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_of_an_unsupported_kind_is_named_with_what_to_do(kind):
    assert reason(PICTURES[kind]) == f"not supported yet: {kind} (export it as PNG)"


@pytest.mark.parametrize(
    "start",
    [
        b"\x08\0\x05\0CS\x0a\0ISO_IR 100",
        b"\x08\0\x05\0\x0a\0\0\0ISO_IR 100",
        b"\x08\0\0\0\x04\0\0\0\xf8\0\0\0",
        b"\x02\0\0\0UL\x04\0\xc0\0\0\0",
    ],
)
def test_a_dicom_file_without_a_preamble_is_named(start):
    assert reason(start + bytes(600)) == "not supported yet: DICOM (export it as PNG)"


@pytest.mark.parametrize("preamble", [b"II*\0", b"MM\0*", b"\xff\xd8\xff\xe0", b"BM"])
def test_a_dicom_file_whose_preamble_is_of_another_format_is_named_where_that_cannot_be_read(preamble):
    assert reason(preamble.ljust(128, b"\0") + b"DICM" + bytes(600)).startswith("not supported yet: DICOM")


def test_a_byte_order_mark_does_not_hide_what_a_text_is():
    assert reason(b"\xef\xbb\xbf" + PICTURES["SVG"]).startswith("not supported yet: SVG")
    assert "a Git LFS pointer" in reason(b"\xef\xbb\xbfversion https://git-lfs.github.com/spec/v1\n")
    assert "is text" in reason("not a picture".encode("utf-16"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<!-- saved --><html lang="en">', "a web page"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html>', "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 12345\n", "a Git LFS pointer"),
        (b"/annex/objects/SHA256E-s1--2.jpg\n", "a git-annex pointer"),
        (b"<!DOCTYPE html><html><body>403</body></html>", "a web page"),
        (b'{"message": "Too Many Requests"}', "text"),
        (b"PK\x03\x04" + bytes(60), "a ZIP archive"),
        (at(257, b"ustar"), "a tar archive"),
        (b"\0\0\0\x14ftypqt  " + bytes(60), "a video"),
        (b"RIFF\0\1\0\0AVI LIST" + bytes(60), "a video"),
    ],
)
def test_content_that_is_no_picture_is_named(data, words):
    assert reason(data).startswith("not an image (the content is ")
    assert words in reason(data)


def test_the_pointer_of_git_lfs_says_how_to_get_the_picture():
    assert "git lfs pull" in reason(b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n")


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ([(254, 4, 1), (330, 4, 8)], "camera raw"),
        ([(254, 4, 1), (330, 4, 8), (50706, 1, 0x0401)], "camera raw (DNG)"),
        ([(262, 3, 32803)], "camera raw"),
        ([(262, 3, 34892), (50706, 1, 0x0401)], "camera raw (DNG)"),
    ],
    ids=["preview", "preview of a DNG", "mosaic", "linear DNG"],
)
def test_a_camera_raw_file_is_not_taken_for_the_preview_in_it(tags, kind):
    photometric = [] if any(tag == 262 for tag, _, _ in tags) else [(262, 3, 1)]
    data = tiff(4, 1, [(258, 3, 8), (277, 3, 1), *photometric, *tags], bytes(4))
    assert reason(data) == f"not supported yet: {kind} (export it as PNG)"


def test_a_tiff_with_smaller_copies_of_itself_is_read():
    data = tiff(4, 1, [(254, 4, 0), (258, 3, 8), (262, 3, 1), (277, 3, 1), (330, 4, 8)], bytes(4))
    assert read_header(data).width == 4


def test_a_jpeg_of_twelve_bits_is_not_supported_rather_than_damaged():
    data = bytearray(encoded(picture(), "JPEG"))
    data[data.index(b"\xff\xc0") + 4] = 12
    assert reason(bytes(data)) == "not supported yet: this kind of JPEG (export it as PNG)"


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "jpeg", "tiff_adobe_deflate"])
@pytest.mark.parametrize("missing", [1, 40, 2000])
def test_a_cut_tiff_ends_early_whatever_it_lacks(compression, missing):
    stream = io.BytesIO()
    picture(320, 240).effect_spread(40).save(stream, "TIFF", compression=compression)
    with pytest.raises(ImageError, match=r"^truncated: the file ends early$"):
        open_image(stream.getvalue()[:-missing])


def test_a_cut_tiff_of_the_large_kind_ends_early():
    stream = io.BytesIO()
    Image.effect_noise((64, 48), 40).save(stream, "TIFF", big_tiff=True)
    with pytest.raises(ImageError, match=r"^truncated: the file ends early$"):
        open_image(stream.getvalue()[:-30])

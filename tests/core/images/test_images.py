import io
import os
import struct
import sys
import threading
import warnings

import numpy as np
import pytest
from bad_images import (
    HEIGHT,
    WIDTH,
    AwkwardFile,
    deep_png,
    encoded,
    heic,
    huge_png,
    picture,
    readable_files,
    refused_files,
    rotated_jpeg,
    tiff,
    write_files,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, features

from cprfl_core.common.errors import ImageError
from cprfl_core.images import reading as images
from cprfl_core.images.reading import ImageHeader, open_image, read_header


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image).astype(int)


def assert_looks_like_picture(image: Image.Image, tolerance: int = 40) -> None:
    assert image.mode == "RGB"
    difference = np.abs(pixels(image) - pixels(picture()))
    assert np.median(difference) <= tolerance


@pytest.mark.parametrize("file", readable_files(), ids=lambda file: file.name)
def test_a_difficult_file_opens_in_rgb_with_the_size_in_its_header(file: AwkwardFile, tmp_path):
    (path,) = write_files(tmp_path, [file])
    header, image = read_header(path), open_image(path)
    assert (header.width, header.height) == image.size == file.size
    assert image.mode == "RGB"


@pytest.mark.parametrize("file", refused_files(), ids=lambda file: file.name)
def test_an_unreadable_file_is_refused_with_its_reason(file: AwkwardFile, tmp_path):
    (path,) = write_files(tmp_path, [file])
    with pytest.raises(ImageError) as raised:
        open_image(path)
    assert raised.value.reason == file.reason


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "JPEG2000", "PPM"])
def test_every_common_format_is_reported_by_its_content(kind):
    data = encoded(picture(), kind)
    assert read_header(data) == ImageHeader(WIDTH, HEIGHT, kind)
    assert_looks_like_picture(open_image(data))


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")
def test_avif_opens():
    data = encoded(picture(), "AVIF")
    assert read_header(data) == ImageHeader(WIDTH, HEIGHT, "AVIF")
    assert_looks_like_picture(open_image(data))


def test_heic_opens_and_is_upright():
    data = heic()
    assert read_header(data) == ImageHeader(WIDTH, HEIGHT, "HEIF")
    assert_looks_like_picture(open_image(data))


UPRIGHT_BY_ORIENTATION = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda a: np.rot90(a, 1),
}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_exif_orientation_is_applied(orientation):
    data = rotated_jpeg(orientation)
    expected = UPRIGHT_BY_ORIENTATION[orientation](pixels(picture()))
    image = open_image(data)
    assert np.abs(pixels(image) - expected).max() < 60
    header = read_header(data)
    assert (header.height, header.width) == expected.shape[:2]


@pytest.mark.parametrize("orientation", [3, 6])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_exif_orientation_of_other_formats_is_applied_once(kind, orientation):
    exif = Image.Exif()
    exif[274] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(picture(), kind, exif=exif, **options)
    expected = UPRIGHT_BY_ORIENTATION[orientation](pixels(picture()))
    assert (pixels(open_image(data)) == expected).all()
    header = read_header(data)
    assert (header.height, header.width) == expected.shape[:2]


def test_a_png_orientation_behind_the_pixels_is_found():
    exif = Image.Exif()
    exif[274] = 6
    data = encoded(picture(), "PNG", exif=exif)
    at = data.index(b"eXIf") - 4
    length = struct.unpack(">I", data[at : at + 4])[0] + 12
    chunk, rest = data[at : at + length], data[:at] + data[at + length :]
    end = rest.index(b"IEND") - 4
    moved = rest[:end] + chunk + rest[end:]
    header = read_header(moved)
    assert (header.width, header.height) == open_image(moved).size == (HEIGHT, WIDTH)


def test_damaged_exif_leaves_the_image_readable():
    data = rotated_jpeg(6)
    at = data.index(b"Exif\0\0") + 6
    image = open_image(data[:at] + b"\xff" * 12 + data[at + 12 :])
    assert image.size == (WIDTH, HEIGHT)


def test_16_bit_grey_is_scaled_not_clipped():
    grey = np.array([[0, 255, 256, 32768], [40000, 50000, 65000, 65535]], dtype=np.uint16)
    expected = grey >> 8
    for data in (deep_png(grey, 0), encoded(Image.fromarray(grey), "TIFF")):
        image = pixels(open_image(data))
        assert (image == expected[..., None]).all()


@pytest.mark.parametrize(("colour_type", "channels"), [(2, 3), (6, 4)])
def test_16_bit_colour_png_is_scaled_not_clipped(colour_type, channels):
    values = np.full((4, 5, channels), 65535, dtype=np.uint16)
    values[..., 0], values[..., 1] = 32768, 300
    assert (pixels(open_image(deep_png(values, colour_type))) == [128, 1, 255]).all()


def test_12_bit_tiff_uses_its_whole_range():
    data = _grey_tiff(np.array([[0, 1, 2048, 4095]], dtype=np.uint16), bits=12)
    assert pixels(open_image(data))[0, :, 0].tolist() == [0, 0, 128, 255]


def test_signed_16_bit_tiff_maps_zero_to_the_middle():
    data = _grey_tiff(np.array([[-32768, 0, 32767]], dtype=np.int16), bits=16, sample_format=2)
    assert pixels(open_image(data))[0, :, 0].tolist() == [0, 128, 255]


def test_float_tiff_between_0_and_1_is_scaled_and_any_other_range_is_stretched():
    unit = np.array([[0.0, 0.5, 1.0]], dtype=np.float32)
    assert pixels(open_image(encoded(Image.fromarray(unit), "TIFF")))[0, :, 0].tolist() == [0, 128, 255]
    wide = np.array([[-10.0, 0.0, 10.0, np.nan]], dtype=np.float32)
    assert pixels(open_image(encoded(Image.fromarray(wide), "TIFF")))[0, :, 0].tolist() == [0, 128, 255, 128]


def test_32_bit_integer_tiff_is_stretched_and_a_flat_one_is_grey():
    wide = np.array([[0, 500_000, 1_000_000]], dtype=np.int32)
    assert pixels(open_image(encoded(Image.fromarray(wide), "TIFF")))[0, :, 0].tolist() == [0, 128, 255]
    flat = np.full((2, 2), 7, dtype=np.int32)
    assert (pixels(open_image(encoded(Image.fromarray(flat), "TIFF"))) == 128).all()


def test_cmyk_without_adobes_marker_is_read_as_browsers_do_and_plain_ink_where_that_would_be_black():
    ink = picture().convert("CMYK")
    usual = encoded(ink, "JPEG", quality=95)
    assert_looks_like_picture(open_image(usual), tolerance=12)
    assert_looks_like_picture(open_image(without_adobe(usual)), tolerance=12)
    # Pillow writes inverted samples and the marker; inverted again and without marker the file is plain CMYK.
    plain = without_adobe(encoded(Image.eval(ink, lambda value: 255 - value), "JPEG", quality=95))
    assert_looks_like_picture(open_image(plain), tolerance=12)
    assert_looks_like_picture(open_image(plain, draft=(12, 8)).resize((WIDTH, HEIGHT)))


@pytest.mark.parametrize("adobe", [True, False])
@pytest.mark.parametrize("ycck", [True, False])
@pytest.mark.parametrize(
    "colour", [(220, 20, 20), (20, 200, 20), (20, 20, 220), (240, 240, 240), (40, 40, 40)]
)
def test_cmyk_and_ycck_have_their_colours_with_and_without_adobes_marker(colour, ycck, adobe):
    data = four_component_jpeg(colour, ycck=ycck, adobe=adobe)
    for draft in (None, (2, 2)):
        assert np.abs(pixels(open_image(data, draft=draft)) - colour).max() <= 4


def test_a_dark_cmyk_picture_stays_dark():
    ink = Image.new("CMYK", (32, 32), (90, 90, 90, 150))
    for data in (encoded(ink, "JPEG"), without_adobe(encoded(ink, "JPEG"))):
        assert pixels(open_image(data)).max() < 80


def test_a_cmyk_tiff_is_not_inverted():
    assert_looks_like_picture(open_image(encoded(picture().convert("CMYK"), "TIFF")), tolerance=12)


def test_lab_tiff_is_converted():
    assert pixels(open_image(_lab_tiff(lightness=255)))[0, 0].min() > 240
    assert pixels(open_image(_lab_tiff(lightness=0)))[0, 0].max() < 15


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_lies_on_mid_grey(mode):
    image = picture().convert(mode)
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 0, WIDTH // 2, HEIGHT))
    image.putalpha(alpha)
    opened = pixels(open_image(encoded(image, "PNG")))
    assert (opened[:, : WIDTH // 2] == 128).all()
    assert (opened[:, WIDTH // 2 :] == pixels(image.convert("RGB"))[:, WIDTH // 2 :]).all()


def test_palette_with_transparent_entries_lies_on_mid_grey():
    image = picture().quantize(4)
    index = image.getpixel((0, 0))
    levels = bytes(0 if entry == index else 255 for entry in range(4))
    opened = pixels(open_image(encoded(image, "PNG", transparency=levels)))
    assert (opened[0, 0] == 128).all()
    assert np.abs(opened[-1, -1] - 240).max() < 8


def test_a_transparent_colour_of_an_opaque_mode_is_grey():
    image = Image.new("L", (4, 4), 10)
    image.putpixel((0, 0), 200)
    opened = pixels(open_image(encoded(image, "PNG", transparency=200)))
    assert opened[0, 0].tolist() == [128, 128, 128]
    assert opened[1, 1].tolist() == [10, 10, 10]


def test_one_bit_images_are_black_and_white():
    opened = pixels(open_image(encoded(picture().convert("L").convert("1"), "PNG")))
    assert set(np.unique(opened)) == {0, 255}


def test_only_the_first_frame_of_an_animation_is_read():
    other = Image.new("RGB", (WIDTH, HEIGHT), (1, 2, 3))
    for kind, options in (("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {}), ("TIFF", {})):
        data = encoded(picture(), kind, save_all=True, append_images=[other], **options)
        assert_looks_like_picture(open_image(data), tolerance=12)


def test_a_stereo_photo_opens_as_its_first_picture():
    data = encoded(picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (20, 20))])
    assert read_header(data) == ImageHeader(WIDTH, HEIGHT, "JPEG")
    assert_looks_like_picture(open_image(data, draft=(8, 8)).resize((WIDTH, HEIGHT)))


@given(width=st.integers(1, 900), height=st.integers(1, 900), target=st.tuples(*[st.integers(1, 400)] * 2))
@settings(max_examples=40, deadline=None)
def test_draft_never_decodes_below_the_target(width, height, target):
    image = open_image(encoded(Image.new("L", (width, height)), "JPEG"), draft=target)
    assert image.width >= min(target[0], width)
    assert image.height >= min(target[1], height)


def test_draft_decodes_smaller_and_minds_the_orientation():
    exif = Image.Exif()
    exif[274] = 6
    data = encoded(picture(800, 400), "JPEG", exif=exif)
    assert open_image(data).size == (400, 800)
    assert open_image(data, draft=(50, 100)).size == (50, 100)
    assert open_image(data, draft=(100, 100)).size == (100, 200)


def test_the_pixel_limit_is_checked_before_decoding(monkeypatch):
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("pixels were decoded"))
    with pytest.raises(ImageError, match=r"too large: 20000 x 20000 pixels \(limit 250 megapixels\)"):
        open_image(huge_png())
    assert read_header(huge_png()) == ImageHeader(20_000, 20_000, "PNG")
    with pytest.raises(ImageError, match=r"48 x 32 pixels \(limit 0\.001 megapixels\)"):
        open_image(encoded(picture(), "PNG"), max_pixels=1000)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "GIF"])
def test_pillows_own_pixel_limit_plays_no_part(kind, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert open_image(encoded(picture(), kind)).size == (WIDTH, HEIGHT)


def test_a_frame_beyond_the_canvas_is_refused_by_pillows_limit_in_our_words(monkeypatch):
    data = bytearray(encoded(picture(), "GIF"))
    data[6:10] = struct.pack("<HH", 4, 4)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(ImageError, match=r"^too large: the GIF reader is limited to 0\.0002 megapixels$"):
        open_image(bytes(data))


def test_file_system_faults_have_their_words(tmp_path):
    for source, reason in (
        (tmp_path / "gone.jpg", "not found"),
        (tmp_path, "not a file"),
        ("bad\0name.jpg", "cannot be read"),
    ):
        with pytest.raises(ImageError) as raised:
            read_header(source)
        assert raised.value.reason.startswith(reason)


def test_a_file_without_permission_is_reported(tmp_path, monkeypatch):
    path = tmp_path / "private.jpg"
    path.write_bytes(encoded(picture(), "JPEG"))

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(images, "open", refuse, raising=False)
    with pytest.raises(ImageError, match=r"^no permission to read$"):
        open_image(path)


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(ImageError, match=r"^not a file$"):
        open_image(tmp_path / "pipe.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "JPEG2000"])
def test_a_file_cut_in_half_is_truncated(kind):
    rng = np.random.default_rng(0)
    noise = Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8))
    data = encoded(noise, kind)
    with pytest.raises(ImageError, match=r"^truncated: the file ends early$"):
        open_image(data[: len(data) // 2])


def test_a_heic_cut_in_half_is_truncated():
    data = heic(picture(256, 256))
    with pytest.raises(ImageError, match=r"^truncated: the file ends early$"):
        open_image(data[: len(data) // 2])


def test_damage_inside_a_complete_file_is_reported():
    data = bytearray(encoded(picture(), "PNG"))
    at = data.index(b"IDAT") + 4
    data[at : at + 8] = b"\xff" * 8
    with pytest.raises(ImageError, match=r"^damaged: the PNG data cannot be decoded$"):
        open_image(bytes(data))


def test_a_text_that_begins_like_a_pixmap_is_text():
    with pytest.raises(ImageError, match="the content is text"):
        open_image(b"P5 is the fifth chapter of this book.\n")


def test_a_video_is_not_taken_for_a_heic():
    with pytest.raises(ImageError, match="the content is a video"):
        open_image(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64))


SEEDS = [encoded(picture(), kind) for kind in ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM")]
SEEDS += [heic(), rotated_jpeg(6)]


@given(
    data=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=12),
    cut=st.integers(0, 4000),
)
@settings(max_examples=150, deadline=None)
def test_wild_bytes_give_an_image_or_a_reason_and_never_a_warning(data, changes, cut):
    wild = bytearray(data)
    for at, value in changes:
        wild[at % len(wild)] = value
    if cut % 3 == 0:
        del wild[cut % len(wild) :]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            image = open_image(bytes(wild), max_pixels=4_000_000)
        except ImageError as error:
            assert error.reason
        else:
            assert image.mode == "RGB"
            assert min(image.size) > 0


MAGIC = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"II*\0", b"RIFF\0\1\0\0WEBP", b"P6 "]
MAGIC += [b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypavif", b"qoif", b"\xff\x4f\xff\x51", b"\xff\xfe", b"P2\n"]


@given(st.builds(lambda magic, rest: magic + rest, st.sampled_from(MAGIC), st.binary(max_size=600)))
@settings(max_examples=100, deadline=None)
def test_any_bytes_give_an_image_or_a_reason(data):
    try:
        open_image(data, max_pixels=1_000_000)
    except ImageError as error:
        assert error.reason


def test_opening_leaves_pillows_switches_alone(tmp_path):
    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    for path in write_files(tmp_path, refused_files()[:4] + readable_files()[:2]):
        try:
            open_image(path)
        except ImageError:
            continue
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    assert "HEIF" not in Image.OPEN


def test_many_threads_may_open_at_once():
    data, results = encoded(picture(640, 480), "JPEG"), []

    def work() -> None:
        for _ in range(10):
            results.append(open_image(data, draft=(64, 64)).size)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [(160, 120)] * 60


def test_the_opened_image_is_free_of_its_file(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(encoded(picture(), "PNG"))
    image = open_image(path)
    path.unlink()
    assert_looks_like_picture(image)
    assert type(image) is Image.Image


def _grey_tiff(values: np.ndarray, bits: int, sample_format: int = 1) -> bytes:
    """Uncompressed little-endian TIFF of one row; 12-bit samples are packed."""
    count = values.shape[1]
    if bits == 12:
        stream = "".join(f"{int(v):012b}" for v in values[0])
        strip = int(stream.ljust((len(stream) + 7) // 8 * 8, "0"), 2).to_bytes((len(stream) + 7) // 8, "big")
    else:
        strip = values.astype("<i2").tobytes()
    return tiff(count, 1, [(258, 3, bits), (262, 3, 1), (277, 3, 1), (339, 3, sample_format)], strip)


def _lab_tiff(lightness: int) -> bytes:
    image = Image.new("LAB", (4, 4), (lightness, 128, 128))
    stream = io.BytesIO()
    image.save(stream, "TIFF")
    return stream.getvalue()


def without_adobe(data: bytes) -> bytes:
    at = data.index(b"\xff\xee")
    length = struct.unpack(">H", data[at + 2 : at + 4])[0] + 2
    return data[:at] + data[at + length :]


def four_component_jpeg(colour: tuple[int, int, int], *, ycck: bool, adobe: bool) -> bytes:
    """One unit of 16 x 16 pixels of one colour, samples inverted as Photoshop writes them.

    CMYK has four equal components; YCCK has halved colour components.
    """
    if ycck:
        ink = Image.new("RGB", (1, 1), tuple(255 - value for value in colour))
        values = (*ink.convert("YCbCr").getpixel((0, 0)), 255)
    else:
        values = (*colour, 255)
    factors = (2, 1, 1, 2) if ycck else (1, 1, 1, 1)
    frame = b"".join(bytes((n + 1, 17 * factor, 0)) for n, factor in enumerate(factors))
    # Differences of 0 to 8 bits have codes of four bits; the only other code ends a block.
    direct = bytes((0, 0, 0, 0, 9, *[0] * 12, *range(9)))
    other = bytes((16, 1, *[0] * 15, 0))
    scan = b"".join(bytes((n + 1, 0)) for n in range(4))
    bits, units = "", (1,) if ycck else range(4)
    last = [0, 0, 0, 0]
    for _ in units:
        for n, (value, factor) in enumerate(zip(values, factors, strict=True)):
            for _ in range(factor * factor):
                difference, last[n] = value - 128 - last[n], value - 128
                size = abs(difference).bit_length()
                low = difference if difference >= 0 else difference + (1 << size) - 1
                bits += f"{size:04b}" + (f"{low:0{size}b}" if size else "") + "0"
    bits += "1" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    marker = segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes((2 if ycck else 0,))) if adobe else b""
    return b"".join(
        (
            b"\xff\xd8",
            marker,
            segment(0xDB, b"\0" + b"\x08" * 64),
            segment(0xC0, bytes((8, 0, 16, 0, 16, 4)) + frame),
            segment(0xC4, direct + other),
            segment(0xDA, b"\x04" + scan + bytes((0, 63, 0))),
            body,
            b"\xff\xd9",
        )
    )


def segment(kind: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(content) + 2) + content

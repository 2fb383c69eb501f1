import numpy as np
import pytest
from bad_images import picture
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cprfl_core.images.preprocessing import Preprocessing

sizes = st.tuples(st.integers(1, 5000), st.integers(1, 5000))
inputs = st.tuples(st.integers(1, 400), st.integers(1, 400))
modes = st.sampled_from(["squash", "pad"])


def test_squash_shows_all_four_corners():
    shown = Preprocessing(8).to_uint8(picture(300, 100))
    assert shown.shape == (3, 8, 8)
    corners = shown[:, [0, 0, -1, -1], [0, -1, 0, -1]].T.tolist()
    assert corners == [[220, 20, 20], [20, 200, 20], [20, 20, 220], [240, 240, 240]]


def test_pad_keeps_the_shape_and_fills_with_the_mean_colour():
    preprocessing = Preprocessing(8, mode="pad", mean=(0.0, 0.5, 1.0), std=(1.0, 1.0, 1.0))
    shown = preprocessing.to_uint8(Image.new("RGB", (200, 100), (10, 20, 30)))
    assert preprocessing.content((200, 100)) == (0, 2, 8, 4)
    assert (shown[:, 2:6] == np.array([10, 20, 30])[:, None, None]).all()
    for rows in (slice(0, 2), slice(6, 8)):
        assert (shown[:, rows] == np.array([0, 128, 255])[:, None, None]).all()
    assert np.abs(preprocessing.normalise(shown)[:, 0]).max() < 0.003


def test_a_size_of_two_numbers_is_height_and_width():
    preprocessing = Preprocessing((4, 6))
    assert preprocessing.to_uint8(picture()).shape == (3, 4, 6)
    assert preprocessing.draft == (6, 4)


def test_values_are_normalised_for_each_channel():
    preprocessing = Preprocessing(2, mean=(0.5, 0.2, 0.0), std=(0.5, 1.0, 2.0))
    found = preprocessing.normalise(preprocessing.to_uint8(Image.new("RGB", (5, 5), (0, 51, 255))))
    assert found.dtype == np.float32
    assert found[:, 0, 0] == pytest.approx([-1.0, 0.0, 0.5], abs=1e-6)


def test_shrinking_is_antialiased():
    stripes = np.zeros((64, 64, 3), dtype=np.uint8)
    stripes[:, ::2] = 255
    shown = Preprocessing(4).to_uint8(Image.fromarray(stripes))
    assert np.abs(shown.astype(int) - 128).max() <= 8


def test_a_direct_resize_and_one_in_steps_agree():
    rng = np.random.default_rng(0)
    small = Image.fromarray(rng.integers(0, 256, (40, 40, 3), dtype=np.uint8))
    image = small.resize((1600, 1200), Image.Resampling.BICUBIC)
    direct = np.asarray(image.resize((32, 32), Image.Resampling.BICUBIC)).astype(int)
    shown = Preprocessing(32).to_uint8(image).transpose(1, 2, 0).astype(int)
    assert np.abs(shown - direct).mean() < 1.0


def test_the_key_names_what_matters_and_changes_with_each_part():
    base = Preprocessing(224)
    assert base.key().startswith("squash-224-bicubic-")
    assert base.key() == Preprocessing((224, 224)).key()
    others = [
        Preprocessing(256),
        Preprocessing((224, 256)),
        Preprocessing(224, mode="pad"),
        Preprocessing(224, mean=(0.5, 0.5, 0.5)),
        Preprocessing(224, std=(0.5, 0.5, 0.5)),
        Preprocessing(224, interpolation="bilinear"),
    ]
    keys = {base.key(), *(other.key() for other in others)}
    assert len(keys) == 7
    assert all(key.replace("-", "").isalnum() for key in keys)


def test_a_size_or_mode_without_meaning_is_refused():
    with pytest.raises(ValueError, match="size 0"):
        Preprocessing(0)
    with pytest.raises(ValueError, match="mode crop"):
        Preprocessing(224, mode="crop")


@given(sizes, inputs, modes)
def test_any_image_gives_the_input_size_and_lies_inside_it(image_size, size, mode):
    preprocessing = Preprocessing(size, mode=mode)
    left, top, width, height = preprocessing.content(image_size)
    assert left >= 0 and top >= 0 and width >= 1 and height >= 1
    assert left + width <= preprocessing.width
    assert top + height <= preprocessing.height
    assert width == preprocessing.width or height == preprocessing.height


@given(sizes, inputs, modes)
def test_the_content_of_the_input_is_the_whole_image(image_size, size, mode):
    preprocessing = Preprocessing(size, mode=mode)
    left, top, width, height = preprocessing.content(image_size)
    extent = np.array([preprocessing.width, preprocessing.height] * 2)
    found = preprocessing.box_to_image(np.array([left, top, left + width, top + height]) / extent, image_size)
    assert found == pytest.approx([0, 0, *image_size], abs=1e-6 * max(image_size))


@given(sizes, inputs, modes, st.tuples(st.integers(1, 16), st.integers(1, 16)))
def test_the_cells_of_a_grid_tile_the_image_without_gap_or_overlap(image_size, size, mode, grid):
    cells = Preprocessing(size, mode=mode).grid_to_image(grid, image_size)
    assert cells.shape == (*grid, 4)
    areas = (cells[..., 2] - cells[..., 0]) * (cells[..., 3] - cells[..., 1])
    assert (areas >= 0).all()
    assert areas.sum() == pytest.approx(image_size[0] * image_size[1], rel=1e-6)
    assert cells[:, 1:, 0] == pytest.approx(cells[:, :-1, 2])
    assert cells[1:, :, 1] == pytest.approx(cells[:-1, :, 3])


def test_a_cell_shows_the_part_of_the_image_it_is_mapped_to():
    for mode in ("squash", "pad"):
        preprocessing = Preprocessing(64, mode=mode)
        image = Image.new("RGB", (400, 200))
        image.paste((255, 255, 255), (300, 50, 350, 100))
        shown = preprocessing.to_uint8(image)[0].astype(float)
        heat = shown.reshape(16, 4, 16, 4).mean(axis=(1, 3))
        heat[shown.reshape(16, 4, 16, 4).std(axis=(1, 3)) > 20] = 0
        row, column = np.unravel_index(heat.argmax(), heat.shape)
        x0, y0, x1, y1 = preprocessing.grid_to_image((16, 16), image.size)[row, column]
        assert 295 <= x0 < x1 <= 355
        assert 45 <= y0 < y1 <= 105

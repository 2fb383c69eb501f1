import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from cprfl_core.common.errors import InputError
from cprfl_core.images.preprocessing import Preprocessing
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.model.heat_map import HeatGrid, heat_grid, heat_map, paint
from cprfl_core.model.text_init import aligned_start, with_global

KINDS = ["evidence", "attention", "without"]
SQUASH = Preprocessing(size=90)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors gain nothing from threads, and on a busy machine they wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def searcher():
    """A model that looks for the direction of a text in the patches, text features [4, 10] and a projection.

    It is made by hand for a known tower: embeddings are projected mean patches.
    """
    torch.manual_seed(0)
    patches, projection = torch.randn(300, 49, 12), torch.randn(12, 10)
    texts = torch.randn(4, 10)
    embeddings = patches.mean(1) @ projection
    model = aligned_start(patches, embeddings, texts, global_token=False, best=0.8)
    return model, texts, projection


def planted(searcher, places, category=2, seed=3, count=49):
    """Patches [P, 12] of noise, and at `places` what the category's text describes."""
    _, texts, projection = searcher
    torch.manual_seed(seed)
    patches = 0.2 * torch.randn(count, 12)
    patches[places] += 2 * torch.linalg.lstsq(projection.T, texts[category]).solution
    return patches


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [0, 6, 24, 31, 48])
def test_an_object_in_one_patch_is_hottest_in_that_patch_and_nowhere_else(searcher, kind, place):
    model, texts, _ = searcher
    scorer = model.fold(texts, patches=49)
    heat = heat_grid(scorer, planted(searcher, place), 2, (7, 7), SQUASH, (90, 90), kind=kind)
    assert heat.values.argmax() == place
    assert heat.values.max() == 1.0
    assert np.partition(heat.values.ravel(), -2)[-2] < 0.5


@pytest.mark.parametrize("interaction", ["joint", "cross"])
def test_raw_heat_is_what_the_model_itself_says_of_images_with_and_without_the_patch(interaction):
    torch.manual_seed(1)
    model = CPRFL(12, 10, 16, 2, 6, 20, interaction=interaction).eval()
    patches, texts, delta = torch.randn(6, 12), torch.randn(5, 10), torch.randn(5, 16)
    scorer = model.fold(texts, delta, patches=6)

    def heat(kind):
        return heat_grid(scorer, patches, 3, (2, 3), SQUASH, (90, 90), kind=kind).raw.ravel()

    def logit(chosen):
        return model(patches[None, chosen], texts, delta)[0, 3].item()

    attention = model.attention(patches[None], texts, delta)[0, 3].detach().numpy()
    everything = list(range(6))
    alone = torch.tensor([logit([p]) for p in everything]).sigmoid().numpy()
    without = [logit(everything) - logit([q for q in everything if q != p]) for p in everything]
    np.testing.assert_allclose(heat("attention"), attention, rtol=1e-5)
    np.testing.assert_allclose(heat("evidence"), attention * alone, rtol=1e-4)
    np.testing.assert_allclose(heat("without"), without, atol=1e-5)


def brightness(pixels, grid):
    """Mean of uint8 [3, H, W] in each cell of a grid that divides it evenly."""
    rows, columns = grid
    return pixels.mean(0).reshape(rows, pixels.shape[1] // rows, columns, -1).mean((1, 3))


@pytest.mark.parametrize("mode", ["squash", "pad"])
@pytest.mark.parametrize(
    ("image_size", "input_size"),
    [((640, 480), 90), ((300, 500), 90), ((200, 200), 90), ((350, 200), (60, 120))],
)
def test_what_the_model_saw_bright_is_hot_on_the_bright_pixels(mode, image_size, input_size):
    """The oracle is the preprocessing itself: a bright thing is painted, seen through it, and found again."""
    preprocessing = Preprocessing(size=input_size, mode=mode, mean=(0.0, 0.0, 0.0))
    grid = (6, 12) if image_size == (350, 200) else (9, 9)
    for across, down in ((0.06, 0.07), (0.55, 0.3), (0.93, 0.94)):
        image = Image.new("RGB", image_size)
        x, y, reach = across * image_size[0], down * image_size[1], 0.05 * min(image_size)
        ImageDraw.Draw(image).ellipse((x - reach, y - reach, x + reach, y + reach), fill=(255, 255, 255))
        seen = brightness(preprocessing.to_uint8(image).astype(np.float32), grid)
        painted = paint(held(seen / seen.max(), preprocessing, image_size), image_size)
        assert painted.shape == image_size[::-1]
        assert painted.dtype == np.float32
        mass = painted / painted.sum()
        centre = (
            mass.sum(0) @ (np.arange(image_size[0]) + 0.5),
            mass.sum(1) @ (np.arange(image_size[1]) + 0.5),
        )
        cell_width, cell_height = cell_size(preprocessing, grid, image_size)
        assert abs(centre[0] - x) < 0.5 * cell_width
        assert abs(centre[1] - y) < 0.5 * cell_height


def held(values, preprocessing, image_size):
    """The values as a HeatGrid, with the rectangle that heat_grid gives."""
    rows, columns = values.shape
    model = CPRFL(2, 2, 2, 1, 1, 1).fold(torch.ones(1, 2))
    rectangle = heat_grid(
        model, torch.ones(rows * columns, 2), 0, (rows, columns), preprocessing, image_size
    ).rectangle
    return HeatGrid(values.astype(np.float32), values.astype(np.float32), rectangle)


def cell_size(preprocessing, grid, image_size):
    left, top, right, bottom = held(np.zeros(grid), preprocessing, image_size).rectangle
    return (right - left) / grid[1], (bottom - top) / grid[0]


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["squash", "pad"]),
    st.tuples(st.integers(1, 60), st.integers(1, 60)),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.data(),
)
def test_flat_cells_cover_exactly_the_pixels_of_their_patch(mode, image_size, grid, data):
    preprocessing = Preprocessing(size=(32, 24), mode=mode)
    row, column = data.draw(st.integers(0, grid[0] - 1)), data.draw(st.integers(0, grid[1] - 1))
    values = np.zeros(grid)
    values[row, column] = 1
    painted = paint(held(values, preprocessing, image_size), image_size, smooth=False)
    x0, y0, x1, y1 = preprocessing.grid_to_image(grid, image_size)[row, column]
    across, down = np.arange(image_size[0]) + 0.5, np.arange(image_size[1]) + 0.5
    expected = np.outer((y0 <= down) & (down < y1), (x0 <= across) & (across < x1))
    near = np.abs(across[None] - x0) < 1e-6  # a centre on the edge of a cell may fall to either side
    near = near | (np.abs(across[None] - x1) < 1e-6)
    near = near | (np.abs(down[:, None] - y0) < 1e-6) | (np.abs(down[:, None] - y1) < 1e-6)
    assert (np.isclose(painted, expected) | near).all()


def test_blending_passes_through_the_centres_of_the_cells_and_stays_flat_at_the_border():
    values = np.array([[0.0, 1.0], [0.5, 0.25]])
    painted = paint(held(values, Preprocessing(size=8), (80, 40)), (80, 40))
    np.testing.assert_allclose(painted[[9, 9, 29, 29], [19, 59, 19, 59]], values.ravel(), atol=0.06)
    np.testing.assert_allclose(painted[:10, :20], 0.0, atol=1e-6)
    np.testing.assert_allclose(painted[5, 39:41].mean(), 0.5, atol=1e-6)


@pytest.mark.parametrize("smooth", [True, False])
def test_a_smaller_map_is_the_same_map(searcher, smooth):
    model, texts, _ = searcher
    arguments = (model.fold(texts), planted(searcher, 17), 2, (7, 7), SQUASH, (700, 490))
    whole = heat_map(*arguments, smooth=smooth)
    small = heat_map(*arguments, smooth=smooth, output_size=(140, 98))
    assert whole.shape == (490, 700)
    np.testing.assert_allclose(small, whole.reshape(98, 5, 140, 5).mean((1, 3)), atol=0.02)


def test_in_mode_pad_what_lies_beside_the_image_is_not_on_the_map(searcher):
    model, texts, _ = searcher
    pad = Preprocessing(size=70, mode="pad")
    patches = planted(searcher, [3, 24])  # patch 3 lies above a landscape image, 24 in its middle
    heat = heat_grid(model.fold(texts), patches, 2, (7, 7), pad, (140, 60))
    assert heat.rectangle == (0.0, -40.0, 140.0, 100.0)
    assert heat.values[3, 3] == 1.0
    assert (heat.values[0] == heat.values[2]).all()  # rows 0 and 1 repeat the first row inside
    painted = heat_map(model.fold(texts), patches, 2, (7, 7), pad, (140, 60))
    assert np.unravel_index(painted.argmax(), painted.shape) == pytest.approx((30, 70), abs=10)


def test_tokens_pooled_from_nine_to_seven_keep_an_object_in_its_place(searcher):
    """A thing in one of 9 x 9 tokens lies in the pooled cells that overlap it, by exact areas."""
    model, texts, _ = searcher
    ends = np.linspace(0, 9, 8)
    shares = np.clip(
        np.minimum(ends[1:, None], np.arange(1, 10)) - np.maximum(ends[:-1, None], np.arange(9)), 0, 1
    )
    shares = torch.from_numpy(shares / shares.sum(1, keepdims=True)).float()  # [7, 9]
    for row, column in ((0, 0), (4, 4), (2, 7), (8, 3)):
        full = planted(searcher, row * 9 + column, count=81).unflatten(0, (9, 9))  # [9, 9, 12]
        pooled = torch.einsum("ir,jc,rcw->ijw", shares, shares, full).flatten(0, 1)
        painted = heat_map(model.fold(texts), pooled, 2, (7, 7), SQUASH, (900, 900))
        down, across = np.unravel_index(painted.argmax(), painted.shape)
        assert abs(down - (row + 0.5) * 100) < 90
        assert abs(across - (column + 0.5) * 100) < 90


def test_a_global_token_has_no_place_on_the_map():
    torch.manual_seed(0)
    patches, texts = torch.randn(60, 9, 8), torch.randn(3, 6)
    embeddings = torch.randn(60, 6)
    scorer = aligned_start(patches, embeddings, texts, best=0.5).fold(texts)
    tokens = with_global(patches, embeddings)[0]
    for kind in KINDS:
        heat = heat_grid(scorer, tokens, 1, (3, 3), SQUASH, (90, 90), kind=kind)
        assert heat.raw.shape == (3, 3)
        assert heat.values.max() == 1.0


def test_a_batch_gives_the_maps_of_its_images_and_a_model_those_of_its_fold(searcher):
    model, texts, _ = searcher
    batch = torch.stack([planted(searcher, place) for place in (4, 40)])
    rest = (2, (7, 7), SQUASH, (50, 30))
    maps = heat_map(model, batch, *rest, text_features=texts)
    assert maps.shape == (2, 30, 50)
    for one, painted in zip(batch, maps, strict=True):
        np.testing.assert_allclose(heat_map(model.fold(texts), one.numpy(), *rest), painted, atol=1e-6)
    assert heat_map(model, batch[:0], *rest, text_features=texts).shape == (0, 30, 50)


def test_heat_that_is_the_same_everywhere_is_no_heat_also_for_a_single_patch(searcher):
    model, texts, _ = searcher
    same = torch.ones(49, 12)
    for kind in KINDS:
        assert not heat_map(model.fold(texts), same, 0, (7, 7), SQUASH, (20, 20), kind=kind).any()
        one = heat_map(model.fold(texts), same[:1], 0, (1, 1), SQUASH, (20, 20), kind=kind)
        assert not one.any()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"category": 4}, "no category 4; this scorer has categories 0 to 3"),
        ({"category": -1}, "no category -1"),
        ({"grid": (7, 6)}, "grid is 7 x 6"),
        ({"patches": torch.zeros(49, 11)}, r"\[1, 49, 11\]"),
        ({"patches": torch.full((49, 12), torch.nan)}, "588 of the 588 numbers in patches"),
        ({"image_size": (0, 5)}, "0 x 5 pixels"),
        ({"kind": "hot"}, 'no heat map "hot"'),
    ],
)
def test_what_cannot_be_mapped_is_named(searcher, change, told):
    model, texts, _ = searcher
    given = {
        "model": model.fold(texts),
        "patches": torch.randn(49, 12),
        "category": 0,
        "grid": (7, 7),
        "preprocessing": SQUASH,
        "image_size": (90, 90),
    }
    with pytest.raises(InputError, match=told):
        heat_map(**given | change)


def test_a_model_without_texts_is_reported_what_it_needs(searcher):
    with pytest.raises(InputError, match="needs text_features"):
        heat_map(searcher[0], torch.randn(49, 12), 0, (7, 7), SQUASH, (90, 90))

"""Generated scenes: reproducible, and honest about what can be seen."""

import numpy as np
import pytest
from PIL import Image

from cprfl_core.demo.backdrops import backdrop
from cprfl_core.demo.scenes import MAX_HIDDEN, compose, compose_calm
from cprfl_core.demo.sprites import DEMO_STYLE, TRAINING_STYLES, load_sprites, recolour
from cprfl_core.demo.themes import THEMES

STYLE = "noto"


@pytest.fixture(scope="module")
def sprites():
    return load_sprites((STYLE,))


def test_every_category_has_a_drawing_that_is_not_empty(sprites):
    assert len(sprites.categories) >= 500
    for category in range(len(sprites.categories)):
        cells = sprites.cells_of(category)
        assert cells
        assert all(np.asarray(sprites.images[STYLE][cell])[..., 3].max() == 255 for cell in cells)


def test_the_demo_style_takes_no_part_in_training():
    assert DEMO_STYLE not in TRAINING_STYLES


def test_the_same_seed_draws_the_same_pixels(sprites):
    first = compose(np.random.default_rng(5), sprites, STYLE, [1, 2, 3], (96, 80))
    again = compose(np.random.default_rng(5), sprites, STYLE, [1, 2, 3], (96, 80))
    other = compose(np.random.default_rng(6), sprites, STYLE, [1, 2, 3], (96, 80))
    assert first.image.tobytes() == again.image.tobytes()
    assert first.objects == again.objects
    assert first.image.tobytes() != other.image.tobytes()


@pytest.mark.parametrize("seed", range(8))
def test_truth_lists_only_visible_objects_that_were_asked_for(sprites, seed):
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, len(sprites.cell_category), 9).tolist()
    scene = compose(rng, sprites, STYLE, cells, (120, 90))
    asked = {sprites.cell_category[cell] for cell in cells}
    assert scene.image.size == (120, 90)
    assert scene.image.mode == "RGB"
    assert scene.categories <= asked
    for item in scene.objects:
        left, top, right, bottom = item.box
        assert 0 <= left < right <= 120
        assert 0 <= top < bottom <= 90
        assert 1 - MAX_HIDDEN <= item.visible <= 1


def test_an_object_covered_by_others_is_not_counted(sprites, monkeypatch):
    square = Image.new("RGBA", (128, 128), (200, 30, 30, 255))
    monkeypatch.setitem(sprites.images, "squares", [square] * len(sprites.cell_category))
    monkeypatch.setattr("cprfl_core.demo.scenes._position", lambda *_args: (10, 10))
    rng = np.random.default_rng(0)
    scene = compose(rng, sprites, "squares", [0, 50], (64, 64), scale=(0.5, 0.5))
    assert scene.categories == {sprites.cell_category[50]}


def test_recolouring_keeps_the_outline(sprites):
    sprite = sprites.images[STYLE][10]
    changed = recolour(sprite, np.random.default_rng(1))
    assert np.array_equal(np.asarray(sprite)[..., 3], np.asarray(changed)[..., 3])
    assert not np.array_equal(np.asarray(sprite)[..., :3], np.asarray(changed)[..., :3])


@pytest.mark.parametrize("theme", THEMES)
def test_a_calm_scene_is_the_same_again_and_its_truth_is_visible(sprites, theme):
    cells = [3, 40, 200, 41, 90]
    first, again = (
        compose_calm(np.random.default_rng(2), sprites, STYLE, cells, (160, 120), theme=theme)
        for _ in range(2)
    )
    assert first.image.tobytes() == again.image.tobytes()
    assert first.image.size == (160, 120)
    assert first.categories <= {sprites.cell_category[cell] for cell in cells}
    empty = np.asarray(backdrop(np.random.default_rng(2), theme, (160, 120)).image, dtype=int)
    drawn = np.abs(np.asarray(first.image, dtype=int) - empty).sum(axis=2)
    for item in first.objects:
        left, top, right, bottom = item.box
        assert drawn[top:bottom, left:right].mean() > 3
        assert bottom <= 120


@pytest.mark.parametrize("theme", THEMES)
def test_surroundings_are_calm(theme):
    pixels = np.asarray(backdrop(np.random.default_rng(1), theme, (160, 120)).image, dtype=float)
    steps = np.abs(np.diff(pixels, axis=1)).mean(axis=2)
    assert np.mean(steps < 4) > 0.9, "neighbouring pixels differ: noise or clutter"


def test_no_variation_leaves_a_drawing_as_it_is(sprites):
    sprite = sprites.images[STYLE][10]
    same = np.asarray(recolour(sprite, np.random.default_rng(1), strength=0)).astype(int)
    assert np.abs(same - np.asarray(sprite).astype(int))[..., :3].max() <= 1

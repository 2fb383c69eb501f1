"""Heat maps of indexed images point at the patch that holds the thing, by the text and by a tuned head."""

import numpy as np
import pytest
import torch

from cprfl_core import CPRFL
from cprfl_core.common.errors import FeatureStoreError, InputError
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import plain_basis, quantise
from cprfl_core.images.preprocessing import Preprocessing, layout_of_key
from cprfl_core.model.model_files import save_model
from cprfl_core.tuning.heat_source import HeatSource

KEY, WIDTH, SIDE, IMAGES = "patchy-1", 16, 3, 300
NAMES = ("cat", "dog", "owl")
SIZE = (60, 30)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A folder of features; the place of each image's one thing, and which thing it is."""
    rng = np.random.default_rng(3)
    things = np.linalg.qr(rng.normal(size=(WIDTH, len(NAMES))))[0].T.astype(np.float32)
    tokens = rng.normal(size=(IMAGES, SIDE * SIDE, WIDTH)).astype(np.float32) * 0.3
    places = rng.integers(SIDE * SIDE, size=IMAGES)
    kinds = rng.integers(len(NAMES), size=IMAGES)
    tokens[np.arange(IMAGES), places] += 3 * things[kinds]
    vectors = tokens.mean(axis=1)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    folder = tmp_path_factory.mktemp("features")
    store = FeatureStore(folder, key=KEY)
    store.set_basis(plain_basis((SIDE, SIDE), WIDTH))
    store.append(np.arange(1, IMAGES + 1), np.arange(IMAGES), vectors, *quantise(tokens))
    store.save_text(list(NAMES), things)
    return folder, places, kinds


def hottest(source, image, kind, version=None):
    heat, seen_by = source.grid(image + 1, kind + 1, NAMES[kind], SIZE, version)
    return int(np.argmax(heat.values)), seen_by


@pytest.mark.slow
def test_the_text_points_at_the_patch_that_holds_the_thing(planted):
    folder, places, kinds = planted
    source = HeatSource(folder, KEY)
    found = [hottest(source, image, int(kinds[image])) for image in range(60)]
    assert {seen_by for _, seen_by in found} == {"text"}
    assert np.mean([place == places[image] for image, (place, _) in enumerate(found)]) > 0.9


def test_a_map_covers_the_image_and_lies_between_nothing_and_all(planted):
    folder, _, _ = planted
    heat, _ = HeatSource(folder, KEY).grid(1, 1, "cat", SIZE)
    assert heat.values.shape == (SIDE, SIDE)
    assert (heat.values.min(), heat.values.max()) == (0.0, 1.0)
    assert heat.rectangle == (0.0, 0.0, 60.0, 30.0)


def test_a_version_is_asked_for_what_it_knows_and_the_text_for_the_rest(planted, tmp_path):
    folder, _, _ = planted
    store = FeatureStore(folder, key=KEY)
    torch.manual_seed(0)
    model = CPRFL(WIDTH, WIDTH, dim=16, heads=2, dim_head=8, mlp_dim=16, interaction="cross")
    card = {"backbone": KEY, "basis": store.basis.key, "tokens": "patches", "category_ids": [1, 2]}
    text = torch.from_numpy(store.load_text()[1][:2])
    save_model(tmp_path / "version", model, text_features=text, card=card)
    source = HeatSource(folder, KEY)
    assert hottest(source, 0, 0, tmp_path / "version")[1] == "tuned"
    assert hottest(source, 0, 2, tmp_path / "version")[1] == "text"


def test_images_and_categories_of_which_nothing_is_known_are_a_sentence(planted, tmp_path):
    source = HeatSource(planted[0], KEY)
    with pytest.raises(FeatureStoreError, match="no heat map for this image"):
        source.grid(IMAGES + 7, 1, "cat", SIZE)
    with pytest.raises(InputError, match="no heat map for this category"):
        source.grid(1, 9, "unheard of", SIZE)
    mute = FeatureStore(tmp_path / "mute", key=KEY)
    mute.set_basis(plain_basis((1, 1), 2))
    mute.append([1, 2], [1, 2], np.eye(2), *quantise(np.eye(2, dtype=np.float32)[:, None]))
    with pytest.raises(InputError, match="it reads no text"):
        HeatSource(tmp_path / "mute", KEY).grid(1, 1, "cat", SIZE)


@pytest.mark.parametrize(
    "wanted",
    [Preprocessing(144), Preprocessing((224, 336), "pad"), Preprocessing(32, interpolation="bilinear")],
)
def test_the_layout_of_images_is_read_from_the_key(wanted):
    found = layout_of_key(f"vit-b-0123456789ab-{wanted.key()}")
    assert (found.height, found.width, found.mode) == (wanted.height, wanted.width, wanted.mode)


def test_a_key_that_tells_nothing_means_the_whole_input():
    assert layout_of_key("patchy-1").content((50, 20)) == (0, 0, 1, 1)

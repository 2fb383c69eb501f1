"""The map by t-SNE: groups stay together, other images go beside their like, and it can be stopped."""

import numpy as np
import pytest

from cprfl_core.common.errors import InputError
from cprfl_core.embedding_map import StoppedError, tsne


def groups(count, width=16, seed=0):
    """Rows of three well separated groups, and the group of each."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(3, width)) * 8
    group = np.arange(count) % 3
    return (centres[group] + random.normal(size=(count, width))).astype(np.float32), group


def neighbours_agree(places, group):
    far = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(far, np.inf)
    return float((group[far.argmin(axis=1)] == group).mean())


@pytest.mark.slow
def test_groups_stay_together_also_those_that_are_only_placed_beside_their_neighbours():
    vectors, group = groups(120)
    heard = []
    whole = tsne(vectors, lambda *told: heard.append(told))
    sampled = tsne(vectors, sample=60)
    for places in (whole, sampled):
        assert places.shape == (120, 2)
        assert neighbours_agree(places, group) > 0.98
    assert heard[-1] == ("Placing images on the map", 4, 4)


@pytest.mark.slow
def test_the_same_embeddings_give_the_same_map_and_copies_are_no_trouble():
    vectors, _ = groups(30)
    vectors[10:20] = vectors[9]
    places = tsne(vectors)
    assert np.isfinite(places).all()
    assert np.array_equal(places, tsne(vectors))


def test_it_stops_when_asked():
    vectors, _ = groups(60)
    with pytest.raises(StoppedError):
        tsne(vectors, should_stop=lambda: True)


def test_too_few_images_are_refused_with_a_sentence():
    with pytest.raises(InputError, match="at least 5"):
        tsne(np.zeros((4, 3), np.float32))

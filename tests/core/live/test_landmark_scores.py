"""Scores of one category over a collection with landmarks, against the exact scores of single images."""

import numpy as np
import pytest

from cprfl_core.closed_form import direction_rows, nystroem_ridge
from cprfl_core.closed_form.direction_rows import DirectionRows
from cprfl_core.closed_form.nystroem_features import NystroemFeatures
from cprfl_core.live import label_matrix
from cprfl_core.live.learner import LiveLearner

IMAGES, WIDTH, CATEGORIES = 260, 16, 4


@pytest.fixture(params=[False, True], ids=["kept", "from half floats"])
def learner(request, monkeypatch):
    """A learner with landmarks, two thirds of whose images have a label."""
    if request.param:
        monkeypatch.setattr(direction_rows, "KEPT_NUMBERS", 1)
    random = np.random.default_rng(2)
    vectors = random.normal(size=(IMAGES, WIDTH)).astype(np.float16)
    made = LiveLearner(vectors, categories=CATEGORIES, exact_limit=64)
    states = (vectors[:, :CATEGORIES] > 0.3).astype(np.int8)
    states[random.random(states.shape) < 0.6] = -1
    states[170:] = -1
    made.set_states(states)
    assert not made._labels.exact
    return made


def check(learner):
    exact = learner.scores_rows(np.arange(IMAGES))
    for category in range(CATEGORIES):
        np.testing.assert_allclose(learner.scores(category), exact[:, category], atol=2e-4)


def test_scores_of_the_collection_are_those_of_its_images(learner):
    check(learner)


def test_they_follow_images_that_get_their_first_label_and_lose_their_last(learner):
    check(learner)
    learner.set_labels([200, 210], [0, 1], [1, 0])
    check(learner)
    learner.set_labels([200, 210], [0, 1], [-1, -1])
    check(learner)


def test_every_image_may_be_labelled(learner):
    check(learner)
    learner.set_labels(np.arange(IMAGES), 2, 0)
    check(learner)
    learner.set_labels(np.arange(100, IMAGES), 2, -1)
    check(learner)


def test_every_image_may_be_labelled_from_the_beginning(learner):
    learner.set_labels(np.arange(IMAGES), 3, 1)
    check(learner)


def test_many_answers_are_left_out_in_float32_with_the_same_probabilities(learner, monkeypatch):
    """Against the same in float64; the window shows whole percents."""
    precisions = []
    plain = NystroemFeatures.rows

    def rows(self, *given):
        found = plain(self, *given)
        precisions.append(found.dtype)
        return found

    exact = [learner.probabilities(category) for category in range(CATEGORIES)]
    monkeypatch.setattr(nystroem_ridge, "_MANY_ENTRIES", 8)
    monkeypatch.setattr(NystroemFeatures, "rows", rows)
    for category, wanted in enumerate(exact):
        np.testing.assert_allclose(learner.probabilities(category), wanted, rtol=0, atol=1e-5)
    assert set(precisions) == {np.dtype(np.float32)}


def test_the_scores_of_a_category_read_the_embeddings_once(learner, monkeypatch):
    exact = learner.scores(1)
    monkeypatch.setattr(learner._kernel, "_cache_entries", 0)  # too many images for the kernel of all
    passes = []
    plain = DirectionRows.products

    def products(self, vectors):
        passes.append(vectors.shape[1])
        return plain(self, vectors)

    monkeypatch.setattr(DirectionRows, "products", products)
    found = learner.scores(1)
    assert len(passes) == 1
    best = np.argsort(-exact)[:20]
    np.testing.assert_allclose(found[best], exact[best], atol=2e-4)


def test_self_scores_of_many_labelled_images_may_be_in_float32(learner, monkeypatch):
    exact = learner.probabilities_rows(np.arange(IMAGES))
    before = learner._labels.self_scores.copy()
    monkeypatch.setattr(label_matrix, "_MANY_ROWS", 8)
    learner.set_states(learner.all_states())
    assert 0 < np.abs(learner._labels.self_scores - before).max() < 1e-5
    np.testing.assert_allclose(learner.probabilities_rows(np.arange(IMAGES)), exact, rtol=0, atol=1e-5)

"""A tuned head beside the live learner: it joins as far as evidence goes, and costs nobody anything."""

import numpy as np
import pytest

from cprfl_core.blend import MainSource
from cprfl_core.common.errors import InputError
from cprfl_core.evaluation.metrics import average_precision
from cprfl_core.live.learner import LiveLearner

IMAGES, LABELLED, CATEGORIES = 400, 160, 6


def collection(seed=0):
    """Embeddings and texts that tell little, truth [N, C], and a head that knows much."""
    rng = np.random.default_rng(seed)
    truth = (rng.random((IMAGES, CATEGORIES)) < [0.5, 0.35, 0.25, 0.2, 0.1, 0.08]).astype(np.int8)
    things = rng.normal(size=(CATEGORIES, 16))
    rows = truth @ things + 4 * rng.normal(size=(IMAGES, 16))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    texts = things / np.linalg.norm(things, axis=1, keepdims=True)
    head = 1.5 * truth + rng.normal(size=truth.shape)
    return rows, rows @ texts.T, truth, (head - head.mean(0)) / head.std(0)


def learner(rows, cosines, truth, labelled=LABELLED):
    made = LiveLearner(rows, cosines)
    at = np.repeat(np.arange(labelled), CATEGORIES)
    made.set_labels(at, np.tile(np.arange(CATEGORIES), labelled), truth[:labelled].ravel())
    return made


def scores(made):
    return np.stack([made.scores(c) for c in range(made.categories)], axis=1)


def precision(made, truth):
    return average_precision(scores(made)[LABELLED:], truth[LABELLED:]).mean()


def test_a_head_that_knows_more_raises_the_precision_on_images_without_labels():
    rows, cosines, truth, head = collection()
    made = learner(rows, cosines, truth)
    before = precision(made, truth)
    made.set_tuned(head)
    alone = average_precision(head[LABELLED:], truth[LABELLED:]).mean()
    assert precision(made, truth) > max(before, alone) + 0.02


def test_a_head_of_noise_changes_next_to_nothing():
    rows, cosines, truth, _ = collection()
    made = learner(rows, cosines, truth)
    before = precision(made, truth)
    made.set_tuned(np.random.default_rng(5).normal(size=truth.shape))
    assert abs(precision(made, truth) - before) < 0.01


def test_taking_the_head_away_restores_the_scores():
    rows, cosines, truth, head = collection()
    made = learner(rows, cosines, truth)
    before = scores(made)
    made.set_tuned(head)
    assert np.abs(scores(made) - before).max() > 0.1
    made.set_tuned(None)
    np.testing.assert_allclose(scores(made), before, atol=1e-6)


def test_scores_by_category_by_row_and_from_outside_agree():
    rows, cosines, truth, head = collection()
    made = learner(rows, cosines, truth)
    made.set_tuned(head)
    by_category = scores(made)
    np.testing.assert_allclose(made.scores_rows(np.arange(IMAGES)), by_category, atol=2e-3)
    outside = made.score_embeddings(rows[LABELLED:], cosines[LABELLED:], np.float16(head[LABELLED:]))
    np.testing.assert_allclose(outside, by_category[LABELLED:], atol=2e-3)


def test_a_category_that_came_later_has_the_scores_it_would_have_without_the_head():
    rows, cosines, truth, head = collection()
    plain, tuned = (learner(rows, cosines, truth) for _ in range(2))
    tuned.set_tuned(head)
    rng = np.random.default_rng(3)
    later = rng.random(IMAGES) < 0.3
    for made in (plain, tuned):
        number = made.add_category(cosines[:, 0] * 0.5 + 0.1)
        made.set_labels(np.arange(60), number, later[:60].astype(int))
    np.testing.assert_allclose(tuned.scores(CATEGORIES), plain.scores(CATEGORIES), atol=1e-6)


def test_a_category_of_which_nothing_is_known_is_left_to_the_text():
    rows, cosines, truth, head = collection()
    plain, tuned = (learner(rows, cosines, truth) for _ in range(2))
    for made in (plain, tuned):
        made.clear_category(2)
    tuned.set_tuned(head)
    np.testing.assert_allclose(tuned.scores(2), plain.scores(2), atol=1e-6)


def test_the_largest_contribution_is_reported_for_each_score():
    rows, cosines, truth, head = collection()
    made = learner(rows, cosines, truth)
    assert MainSource.TUNED not in made.suggest_rows(np.arange(IMAGES))[1]
    made.set_tuned(head)
    assert (made.suggest_rows(np.arange(IMAGES))[1] == MainSource.TUNED).mean() > 0.3


def test_live_learning_continues_and_undo_is_exact():
    rows, cosines, truth, head = collection()
    made = learner(rows, cosines, truth)
    made.set_tuned(head)
    before = scores(made)
    made.set_labels([300, 301], [0, 0], [1, 1])
    assert np.abs(scores(made)[:, 0] - before[:, 0]).max() > 1e-3
    made.set_labels([300, 301], [0, 0], [-1, -1])
    np.testing.assert_allclose(scores(made), before, atol=1e-5)


def test_images_that_came_later_count_as_average_until_they_are_scored():
    rows, cosines, truth, head = collection()
    made = learner(rows[:300], cosines[:300], truth)
    made.set_tuned(head[:300])
    made.extend(rows[300:], cosines[300:])
    whole = learner(rows[:300], cosines[:300], truth)
    whole.set_tuned(head[:300])
    expected = whole.score_embeddings(rows[300:], cosines[300:], np.zeros((100, CATEGORIES)))
    np.testing.assert_allclose(made.scores_rows(np.arange(300, 400)), expected, atol=1e-6)


def test_scores_of_another_shape_are_refused():
    rows, cosines, truth, head = collection()
    made = learner(rows, cosines, truth)
    with pytest.raises(InputError, match="do not match"):
        made.set_tuned(head[:10])
    made.set_tuned(head)
    with pytest.raises(InputError, match="must have shape"):
        made.score_embeddings(rows[:4], cosines[:4], head[:3])

"""A category without a yes and a no is never sure, and trust scales what a text begins with."""

import numpy as np
import pytest

from cprfl_core.calibration.logistic import sigmoid
from cprfl_core.calibration.platt import Calibration
from cprfl_core.common.errors import InputError
from cprfl_core.live.learner import SOME_NO, LiveLearner
from cprfl_core.live.text_scores import TextScores

IMAGES, WIDTH = 60, 12


@pytest.fixture
def learner():
    rng = np.random.default_rng(1)
    text = rng.normal(size=(IMAGES, 3))
    text[0] += 12  # far out in the tail
    return LiveLearner(rng.normal(size=(IMAGES, WIDTH)), text)


def test_the_formula():
    plain = Calibration(np.ones(2), np.zeros(2), np.zeros(2, np.int64))
    unsure = Calibration(np.ones(2), np.zeros(2), np.zeros(2, np.int64), unsure=np.array([1.0, 0.25]))
    scores = np.array([[-9.0, -9.0], [0.0, 0.0], [9.0, 9.0]])
    p = sigmoid(scores)
    np.testing.assert_allclose(plain.probabilities(scores), p)
    np.testing.assert_allclose(unsure.probabilities(scores), p / (1 + p * [1.0, 0.25]))
    for category in (0, 1):
        np.testing.assert_allclose(
            unsure.category_probabilities(category, scores[:, category]),
            unsure.probabilities(scores)[:, category],
        )


def test_without_labels_nothing_is_above_one_half_and_the_order_is_that_of_the_scores(learner):
    for category in range(3):
        chances, scores = learner.probabilities(category), learner.scores(category)
        assert 0.4 < chances[0] <= 0.5
        assert np.array_equal(np.argsort(chances), np.argsort(scores))
    assert not learner.learned().any()


def test_yes_alone_is_no_evidence_and_one_of_each_is(learner):
    learner.set_labels([1, 2, 3], [0, 0, 0], [1, 1, 1])
    assert learner.probabilities(0).max() <= 0.5
    assert not learner.learned()[0]
    learner.set_label(4, 0, 0)
    assert learner.learned().tolist() == [True, False, False]
    learner.set_label(4, 0, -1)
    assert learner.probabilities(0).max() <= 0.5


def test_no_without_yes_makes_a_category_less_unsure_little_by_little(learner):
    found = []
    for count in (1, int(SOME_NO), 40):
        learner.set_labels(np.arange(1, count + 1), 1, 0)
        found.append(learner.calibration().unsure[1])
    assert found == [pytest.approx(SOME_NO / (SOME_NO + n)) for n in (1, SOME_NO, 40)]
    assert not learner.learned()[1]


def test_trust_scales_the_standardised_text():
    rng = np.random.default_rng(2)
    cosines = rng.normal(3, 5, size=(IMAGES, 3))
    plain, trusted = TextScores(IMAGES, cosines, None), TextScores(IMAGES, cosines, None, [1.0, 0.25, 0.0])
    np.testing.assert_allclose(trusted.values, plain.values * [1.0, 0.25, 0.0], atol=1e-6)
    others = rng.normal(size=(5, 3))
    expected = plain.of_others(others, 5) * [1.0, 0.25, 0.0]
    np.testing.assert_allclose(trusted.of_others(others, 5), expected, atol=1e-6)
    trusted.replace(1, cosines[:, 1])
    np.testing.assert_allclose(trusted.values[:, 1], plain.values[:, 1], atol=1e-6)
    trusted.append(cosines[:, 0], 0.5)
    np.testing.assert_allclose(trusted.values[:, 3], plain.values[:, 0] / 2, atol=1e-6)


@pytest.mark.parametrize("trust", [[1.0], [1.0, -0.1, 1.0], [1.0, np.nan, 1.0]])
def test_trust_that_is_none_is_refused(trust):
    with pytest.raises(InputError, match="Trust"):
        TextScores(4, np.ones((4, 3)), None, trust)


def test_the_first_no_after_an_import_of_many_yes_make_nothing_sure():
    """The mean probability was 0.98 where 28 in 100 images had the category."""
    rng = np.random.default_rng(4)
    truth = rng.random((600, 4)) < [0.3, 0.1, 0.1, 0.05]
    rows = rng.normal(size=(600, 16)) / 2
    rows[:, :4] += truth
    text = truth + rng.normal(size=truth.shape)
    learner = LiveLearner(rows, text)
    imported, category = np.nonzero(truth[:200])
    learner.set_labels(imported, category, 1)
    absent = np.flatnonzero(~truth[:, 0])[-20:]
    learner.set_label(absent[0], 0, 0)
    rest = np.setdiff1d(np.arange(200, 600), absent)
    assert learner.probabilities(0)[rest].max() < 0.55
    learner.set_labels(absent, 0, 0)
    chances = learner.probabilities(0)[rest]
    assert chances.mean() < 0.5
    assert chances[truth[rest, 0]].mean() > 2 * chances[~truth[rest, 0]].mean()

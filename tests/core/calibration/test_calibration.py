import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from cprfl_core.calibration.logistic import sigmoid
from cprfl_core.calibration.platt import fit_calibration
from cprfl_core.calibration.reliability import expected_calibration_error
from cprfl_core.common.errors import InputError


def drawn(seed, images, slopes, intercepts):
    """Scores and labels that follow known curves."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(images, len(slopes)))
    chance = sigmoid(scores * np.asarray(slopes) + np.asarray(intercepts))
    return scores, (rng.random(scores.shape) < chance).astype(int), chance


def test_a_frequent_category_gets_its_own_curve():
    scores, targets, _ = drawn(0, 6000, [2.5, 0.8], [-1.0, 0.5])
    found = fit_calibration(scores, targets)
    np.testing.assert_allclose(found.slopes, [2.5, 0.8], rtol=0.1)
    np.testing.assert_allclose(found.intercepts, [-1.0, 0.5], atol=0.15)
    assert found.enough.all()


def test_own_curve_equals_unregularised_logistic_regression_on_smoothed_targets():
    scores, targets, _ = drawn(1, 400, [1.5], [-0.5])
    found = fit_calibration(scores, targets)
    positive = targets.sum()
    high, low = (positive + 1) / (positive + 2), 1 / (400 - positive + 2)
    # Soft targets as weighted hard ones: each image once as yes and once as no.
    goal = np.where(targets[:, 0] == 1, high, low)
    doubled = np.concatenate([scores, scores])
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(
        doubled, np.repeat([1, 0], 400), sample_weight=np.concatenate([goal, 1 - goal])
    )
    assert found.slopes[0] == pytest.approx(oracle.coef_[0, 0], rel=1e-4)
    assert found.intercepts[0] == pytest.approx(oracle.intercept_[0], abs=1e-4)


def test_rare_categories_share_the_slope_and_the_rarest_say_too_little():
    scores, _, _ = drawn(2, 500, [1.0] * 4, [0.0] * 4)
    targets = np.zeros(scores.shape, dtype=int)
    order = np.argsort(-scores, axis=0)
    for category, positives in enumerate((100, 12, 6, 2)):
        targets[order[: 2 * positives : 2, category], category] = 1
    found = fit_calibration(scores, targets)
    assert found.enough.tolist() == [True, True, True, False]
    assert found.slopes[1] == found.slopes[2] != found.slopes[0]
    assert found.intercepts[1] > found.intercepts[2]
    common = fit_calibration(scores.reshape(-1, 1), targets.reshape(-1, 1))
    assert found.slopes[3] == pytest.approx(common.slopes[0], rel=0.05)


def test_probabilities_are_calibrated_on_new_images():
    slopes, intercepts = [2.0, 2.0, 2.0, 2.0], [-1.0, -4.5, -5.0, 0.0]
    scores, targets, _ = drawn(3, 1500, slopes, intercepts)
    fresh, truth, _ = drawn(4, 20_000, slopes, intercepts)
    found = fit_calibration(scores, targets).probabilities(fresh)
    assert expected_calibration_error(found, truth) < 0.015


def test_unknown_entries_change_nothing():
    scores, targets, _ = drawn(5, 300, [1.0, 1.0], [-1.0, -2.0])
    more = np.vstack([scores, np.full((50, 2), 9.0)])
    partly = np.vstack([targets, np.full((50, 2), -1)])
    a, b = fit_calibration(scores, targets), fit_calibration(more, partly)
    assert np.array_equal(a.slopes, b.slopes)
    assert np.array_equal(a.intercepts, b.intercepts)


def test_an_entry_of_weight_three_counts_like_three_entries():
    scores, targets, _ = drawn(6, 200, [2.0], [-1.0])
    times = np.random.default_rng(7).integers(1, 4, size=200)
    weighted = fit_calibration(scores, targets, times)
    repeated = fit_calibration(np.repeat(scores, times, axis=0), np.repeat(targets, times, axis=0))
    np.testing.assert_allclose(weighted.slopes, repeated.slopes, rtol=1e-8)
    np.testing.assert_allclose(weighted.intercepts, repeated.intercepts, rtol=1e-8)


def test_scores_that_say_less_than_nothing_never_turn_the_order_round():
    scores, targets, _ = drawn(8, 500, [-2.0], [0.0])
    found = fit_calibration(scores, targets)
    assert found.slopes[0] > 0


@pytest.mark.parametrize("fill", [0, 1, -1])
def test_one_sided_labels_give_finite_curves(fill):
    found = fit_calibration(np.random.default_rng(0).normal(size=(50, 3)), np.full((50, 3), fill))
    assert np.isfinite(found.slopes).all()
    assert np.isfinite(found.intercepts).all()


def test_perfectly_separated_labels_give_finite_curves():
    scores = np.linspace(-1, 1, 80)[:, None]
    found = fit_calibration(scores, (scores > 0).astype(int))
    chance = found.probabilities(scores)
    assert np.isfinite(found.slopes).all()
    assert chance[0, 0] < 0.1
    assert chance[-1, 0] > 0.9


def test_scores_that_are_not_finite_are_refused():
    with pytest.raises(InputError, match="finite"):
        fit_calibration(np.array([[np.nan], [1.0]]), np.array([[1], [0]]))

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from cprfl_core.calibration import (
    Calibration,
    asymmetric_loss_inverse,
    asymmetric_loss_link,
    best_f1_threshold,
    expected_calibration_error,
    fit_calibration,
    fit_calibration_entries,
    precision_threshold,
    wilson_lower_bound,
)
from cprfl_core.errors import InputError
from cprfl_core.logistic import sigmoid


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


def test_log_odds_stay_what_they_are_until_there_is_evidence():
    scores = np.array([[-4.0], [-5.0], [-3.0], [-6.0]])
    found = fit_calibration_entries(scores[:, 0], [1, 0, 0, 0], [0, 0, 0, 0], 1, logits=True)
    assert 0.3 < found.slopes[0] <= 1.2
    many, targets, _ = drawn(11, 5000, [3.0], [1.0])
    learned = fit_calibration_entries(many[:, 0], targets[:, 0], np.zeros(5000, int), 1, logits=True)
    assert learned.slopes[0] == pytest.approx(3.0, rel=0.1)


def test_the_start_does_not_matter():
    scores, targets, _ = drawn(12, 300, [1.0, 2.0, 2.0], [-1.0, -3.0, -5.0])
    rows, categories = np.nonzero(targets >= 0)
    entries = scores[rows, categories], targets[rows, categories], categories, 3
    cold = fit_calibration_entries(*entries, logits=True)
    far = Calibration(np.full(3, 5.0), np.full(3, 4.0), np.zeros(3, dtype=np.int64), (0.1, -9.0))
    warm = fit_calibration_entries(*entries, logits=True, start=far)
    np.testing.assert_allclose(warm.slopes, cold.slopes, atol=1e-9)
    np.testing.assert_allclose(warm.intercepts, cold.intercepts, atol=1e-9)


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


def test_best_f1_threshold_is_half_the_best_f1():
    _, targets, chance = drawn(9, 30_000, [2.0], [-2.0])
    threshold = best_f1_threshold(chance)
    best = f1_score(targets[:, 0], chance[:, 0] >= threshold)
    assert threshold == pytest.approx(best / 2, abs=0.01)
    for other in np.linspace(0.05, 0.9, 30):
        assert f1_score(targets[:, 0], chance[:, 0] >= other) <= best + 0.01


def test_without_hope_the_f1_threshold_suggests_nothing():
    assert best_f1_threshold(np.zeros(5)) == 1.0
    assert best_f1_threshold(np.zeros(0)) == 1.0


def test_precision_threshold_holds_what_it_promises():
    _, targets, chance = drawn(10, 4000, [3.0], [-2.0])
    threshold = precision_threshold(chance[:, 0], targets[:, 0], 0.8)
    chosen = chance[:, 0] >= threshold
    assert targets[chosen, 0].mean() >= 0.8
    stricter = precision_threshold(chance[:, 0], targets[:, 0], 0.9)
    assert stricter > threshold


def test_precision_that_no_sample_can_promise_gives_none():
    assert precision_threshold([0.9, 0.8], [1, 1], 0.99) is None
    assert precision_threshold([0.9, 0.8], [0, -1], 0.5) is None


def test_precision_threshold_never_cuts_through_a_tie():
    chance = np.array([0.9] * 30 + [0.5] * 30)
    targets = np.array([1] * 30 + [1] * 15 + [0] * 15)
    assert precision_threshold(chance, targets, 0.9) == 0.9


def test_wilson_bound_equals_the_textbook_value():
    # 8 of 10 with 95 % two-sided (97.5 % one-sided) confidence: 0.4901.
    assert wilson_lower_bound(0.8, 10, 0.975) == pytest.approx(0.4901, abs=1e-4)
    assert wilson_lower_bound(0.0, 10) == pytest.approx(0.0, abs=1e-12)


def test_calibration_error_of_a_known_gap():
    assert expected_calibration_error([[0.8], [0.8]], [[1], [0]]) == pytest.approx(0.3)
    assert expected_calibration_error([0.8, 0.3], [-1, 0]) == pytest.approx(0.3)
    assert np.isnan(expected_calibration_error([0.8], [-1]))


def loss_derivative(p, eta, setting, step=1e-6):
    gamma_neg, gamma_pos, clip = setting

    def loss(q):
        shifted = max(q - clip, 0.0)
        positive = -((1 - q) ** gamma_pos) * np.log(q)
        negative = -(shifted**gamma_neg) * np.log(1 - shifted)
        return eta * positive + (1 - eta) * negative

    return (loss(p + step) - loss(p - step)) / (2 * step)


@pytest.mark.parametrize("setting", [(4.0, 0.0, 0.05), (2.0, 0.0, 0.0), (4.0, 1.0, 0.05), (3.0, 2.0, 0.1)])
@pytest.mark.parametrize("p", [0.15, 0.32, 0.5, 0.8, 0.95])
def test_the_inverse_link_is_where_the_loss_stands_still(setting, p):
    eta = float(asymmetric_loss_inverse(p, *setting))
    assert loss_derivative(p, eta, setting) == pytest.approx(0, abs=1e-6)


def test_the_inverse_link_gives_the_known_numbers():
    assert asymmetric_loss_inverse(0.32) == pytest.approx(0.01, abs=0.002)
    assert asymmetric_loss_inverse(0.5) == pytest.approx(0.13, abs=0.005)
    np.testing.assert_array_equal(asymmetric_loss_inverse([0.0, 0.03]), [0, 0])
    assert asymmetric_loss_inverse(1.0) == pytest.approx(0.964, abs=0.001)


@settings(max_examples=50, deadline=None)
@given(hnp.arrays(np.float64, 5, elements=st.floats(1e-4, 0.96)))
def test_link_and_inverse_cancel(eta):
    shown = asymmetric_loss_link(eta)
    np.testing.assert_allclose(asymmetric_loss_inverse(shown), eta, atol=1e-9)


def test_with_no_focusing_the_link_is_the_identity():
    eta = np.linspace(0.01, 0.99, 9)
    np.testing.assert_allclose(asymmetric_loss_inverse(eta, 0.0, 0.0, 0.0), eta, atol=1e-12)

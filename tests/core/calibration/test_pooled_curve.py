"""The curve that all categories share: on entries drawn from known curves, and at the edges."""

from dataclasses import replace

import numpy as np
import pytest

from cprfl_core.calibration import pooled_curve as shared_curve
from cprfl_core.calibration.logistic import sigmoid
from cprfl_core.calibration.pooled_curve import COLD_CURVE, CurveEntries, PooledCurve, fit_pooled_curve
from cprfl_core.calibration.reliability import expected_calibration_error


def drawn(seed, images, rates, slope=2.0):
    """Entries whose log-odds are the score, and the score of a category with such a rate."""
    rng = np.random.default_rng(seed)
    scores = slope * rng.normal(size=(len(rates), images)) + np.log(rates)[:, None] - slope**2 / 2
    targets = (rng.random(scores.shape) < sigmoid(scores)).astype(float)
    category = np.repeat(np.arange(len(rates)), images)
    entries = CurveEntries(
        category,
        targets.ravel(),
        np.ones(targets.size),
        scores.ravel(),
        scores.ravel(),
        np.zeros(targets.size),
    )
    return entries, targets.sum(axis=1).astype(np.int64)


RATES = np.array([0.3, 0.1, 0.05, *[0.01] * 12])


def test_probabilities_are_calibrated_on_new_images():
    entries, counts = drawn(0, 1500, RATES)
    found = fit_pooled_curve(entries, counts).calibration
    fresh, _ = drawn(1, 20_000, RATES)
    chance = found.probabilities(fresh.scores.reshape(len(RATES), -1).T)
    targets = fresh.targets.reshape(len(RATES), -1).T
    assert expected_calibration_error(chance, targets) < 0.01
    np.testing.assert_allclose(chance[:, :3].mean(axis=0), targets[:, :3].mean(axis=0), rtol=0.3)
    assert chance[:, 3:].mean() == pytest.approx(targets[:, 3:].mean(), rel=0.3)


def test_rare_categories_have_no_slope_of_their_own_and_frequent_ones_do():
    entries, counts = drawn(3, 2000, np.array([0.4, 0.4, *[0.005] * 10]))
    entries.targets[entries.categories == 1] = (entries.scores[entries.categories == 1] > -2.5).astype(float)
    counts = np.bincount(entries.categories, entries.targets).astype(np.int64)
    departures = fit_pooled_curve(entries, counts).departures
    assert np.abs(departures[2:, 1]).max() < 0.05
    assert departures[1, 1] > departures[0, 1] + 0.5


def test_one_more_yes_never_lets_a_curve_jump():
    entries, counts = drawn(4, 1000, np.array([0.03, 0.03, 0.03]))
    slopes = []
    for yes in range(15, 60):
        counts[0] = yes
        slopes.append(fit_pooled_curve(entries, counts).calibration.slopes[0])
    assert np.abs(np.diff(np.log(slopes))).max() < 0.05


def test_the_unit_of_what_labels_say_grows_with_their_root_and_that_of_a_text_does_not():
    entries, counts = drawn(12, 2000, np.array([0.02, 0.02]))
    told = np.ones(2, dtype=bool)
    live = replace(entries, by_text=np.zeros_like(entries.scores), by_live=entries.scores)
    for given, ratio in ((entries, 1.0), (live, 2.0)):
        few, many = (shared_curve._scales(given, np.array([11, n]), told).unit[1] for n in (11, 47))
        assert many / few == pytest.approx(ratio)
    assert shared_curve._scales(entries, counts, told).unit == pytest.approx([2.0, 2.0], rel=0.1)


def test_the_many_no_on_a_grid_stand_for_each_of_them(monkeypatch):
    entries, counts = drawn(5, 3000, RATES)
    coarse = fit_pooled_curve(entries, counts).calibration
    monkeypatch.setattr(shared_curve, "GRID", 4000)
    fine = fit_pooled_curve(entries, counts).calibration
    scores = np.linspace(-8, 3, 50)[:, None].repeat(len(RATES), axis=1)
    np.testing.assert_allclose(
        coarse.probabilities(scores), fine.probabilities(scores), atol=0.005, rtol=0.02
    )


def test_an_entry_of_weight_three_counts_like_three_entries():
    entries, counts = drawn(6, 300, RATES[:4])
    times = np.random.default_rng(0).integers(1, 4, size=len(entries.scores))
    weighted = fit_pooled_curve(replace(entries, importance=times.astype(float)), counts).calibration
    repeated = CurveEntries(
        *(np.repeat(getattr(entries, name), times) for name in ("categories", "targets", "importance")),
        *(np.repeat(getattr(entries, name), times) for name in ("scores", "by_text", "by_live")),
    )
    again = fit_pooled_curve(repeated, counts).calibration
    np.testing.assert_allclose(weighted.slopes, again.slopes, rtol=1e-8)
    np.testing.assert_allclose(weighted.intercepts, again.intercepts, rtol=1e-8)


def test_without_evidence_scores_are_believed_half():
    nothing = CurveEntries(np.zeros(0, dtype=np.intp), *(np.zeros(0) for _ in range(5)))
    found = fit_pooled_curve(nothing, np.array([0, 4])).calibration
    assert found.slopes.tolist() == [COLD_CURVE[0]] * 2
    assert found.intercepts.tolist() == [COLD_CURVE[1]] * 2
    assert found.enough.tolist() == [False, True]


def test_a_category_without_entries_keeps_the_cold_curve_beside_others():
    entries, counts = drawn(7, 500, RATES[:3])
    found = fit_pooled_curve(entries, np.append(counts, 0)).calibration
    assert (found.slopes[3], found.intercepts[3]) == COLD_CURVE
    assert not np.isclose(found.slopes[0], COLD_CURVE[0])


def test_scores_that_say_less_than_nothing_never_turn_the_order_round():
    entries, counts = drawn(8, 1000, RATES[:4])
    backwards = replace(entries, scores=-entries.scores)
    assert (fit_pooled_curve(backwards, counts).calibration.slopes > 0).all()


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_one_sided_entries_give_finite_curves(target):
    entries, counts = drawn(9, 50, RATES[:3])
    one_sided = replace(entries, targets=np.full_like(entries.targets, target))
    found = fit_pooled_curve(one_sided, (counts * 0 + 50 * target).astype(np.int64)).calibration
    assert np.isfinite(found.slopes).all()
    assert np.isfinite(found.intercepts).all()
    assert (found.slopes > 0).all()


def test_scores_that_are_all_the_same_give_the_share_of_yes():
    entries, counts = drawn(10, 400, RATES[:3])
    nothing = np.zeros_like(entries.scores)
    flat = replace(entries, scores=nothing - 3.0, by_text=nothing)
    chance = fit_pooled_curve(flat, counts).calibration.probabilities(np.full((1, 3), -3.0))[0]
    share = entries.targets.reshape(3, -1).mean(axis=1)
    np.testing.assert_allclose(chance, share, rtol=0.5)


def test_the_start_does_not_matter():
    entries, counts = drawn(11, 300, RATES[:5])
    cold = fit_pooled_curve(entries, counts)
    far = PooledCurve(np.array([3.0, -9.0, 2.0]), np.full((5, 2), 0.7), cold.calibration)
    warm = fit_pooled_curve(entries, counts, far)
    np.testing.assert_allclose(warm.calibration.slopes, cold.calibration.slopes, atol=1e-9)
    np.testing.assert_allclose(warm.calibration.intercepts, cold.calibration.intercepts, atol=1e-9)


def test_thousands_of_yes_that_scores_part_cleanly_keep_a_bounded_curve():
    rng = np.random.default_rng(8)
    yes = np.append(np.ones(3_000), np.zeros(3_000))
    scores = np.where(yes == 1, rng.uniform(2.0, 4.0, 6_000), rng.uniform(-4.0, -2.0, 6_000))
    nothing = np.zeros(6_000)
    entries = CurveEntries(np.zeros(6_000, dtype=np.intp), yes, np.ones(6_000), scores, nothing, scores)
    found = fit_pooled_curve(entries, np.array([60_000])).calibration
    assert 0 < found.slopes[0] < 1_000
    assert found.category_probabilities(0, [-3.0, 3.0]) == pytest.approx([0, 1], abs=1e-3)

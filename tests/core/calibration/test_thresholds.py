"""Thresholds, and what accepting everything above one is said to cost before it is done."""

import numpy as np
import pytest
from scipy.stats import betabinom
from sklearn.metrics import f1_score, fbeta_score

from cprfl_core.calibration.logistic import sigmoid
from cprfl_core.calibration.thresholds import (
    best_f_threshold,
    error_bound,
    expected_errors,
    precision_threshold,
    wilson_lower_bound,
)
from cprfl_core.common.errors import InputError


def drawn(seed, images, slope, intercept):
    """Targets and the probabilities that they were drawn with, [images, 1]."""
    rng = np.random.default_rng(seed)
    chance = sigmoid(rng.normal(size=(images, 1)) * slope + intercept)
    return (rng.random(chance.shape) < chance).astype(int), chance


def test_best_f1_threshold_is_half_the_best_f1():
    targets, chance = drawn(9, 30_000, 2.0, -2.0)
    threshold = best_f_threshold(chance)
    best = f1_score(targets[:, 0], chance[:, 0] >= threshold)
    assert threshold == pytest.approx(best / 2, abs=0.01)
    for other in np.linspace(0.05, 0.9, 30):
        assert f1_score(targets[:, 0], chance[:, 0] >= other) <= best + 0.01


@pytest.mark.parametrize("beta", [0.5, 2.0])
def test_the_best_f_with_another_weight_of_recall(beta):
    targets, chance = drawn(9, 30_000, 2.0, -2.0)
    threshold = best_f_threshold(chance, beta=beta)
    best = fbeta_score(targets[:, 0], chance[:, 0] >= threshold, beta=beta)
    assert threshold == pytest.approx(best / (1 + beta**2), abs=0.01)
    for other in np.linspace(0.05, 0.9, 30):
        assert fbeta_score(targets[:, 0], chance[:, 0] >= other, beta=beta) <= best + 0.01


@pytest.mark.parametrize("beta", [0.0, -1.0, float("nan"), float("inf")])
def test_a_weight_of_recall_that_is_none_is_refused(beta):
    with pytest.raises(InputError, match="weight of recall"):
        best_f_threshold([0.5], beta=beta)


def test_without_hope_the_f1_threshold_suggests_nothing():
    assert best_f_threshold(np.zeros(5)) == 1.0
    assert best_f_threshold(np.zeros(0)) == 1.0


def test_precision_threshold_holds_what_it_promises():
    targets, chance = drawn(10, 4000, 3.0, -2.0)
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


def test_expected_errors_are_what_happens_on_average():
    told, happened, passed = [], [], []
    for seed in range(200):
        targets, chance = drawn(seed, 300, 2.0, 1.0)
        found = expected_errors(chance, 0.8)
        wrong = int((targets[chance >= 0.8] == 0).sum())
        told.append(found.errors)
        happened.append(wrong)
        passed.append(wrong > found.errors_high)
    assert np.mean(told) == pytest.approx(np.mean(happened), rel=0.05)
    assert 0.02 < np.mean(passed) < 0.15


def test_what_lies_below_the_threshold_is_missed():
    found = expected_errors([0.9, 0.8, 0.2, 0.1], 0.5)
    assert (found.accepted, found.evidence) == (2, 0)
    assert found.errors == pytest.approx(0.3)
    assert found.missed == pytest.approx(0.3)
    assert found.precision == pytest.approx(0.85)


def test_labels_that_contradict_the_probabilities_raise_the_bound_and_not_the_estimate():
    held_out, targets = np.full(40, 0.95), np.array([1] * 20 + [0] * 20)
    plain = expected_errors(np.full(100, 0.95), 0.9)
    warned = expected_errors(np.full(100, 0.95), 0.9, held_out=held_out, targets=targets)
    assert warned.errors == plain.errors == pytest.approx(5)
    assert warned.errors_high == error_bound(100, 20, 40)
    assert warned.errors_high > 100 * (1 - wilson_lower_bound(0.5, 40, 0.9))
    assert warned.evidence == 40


@pytest.mark.parametrize(("count", "wrong", "seen"), [(1, 0, 1), (50, 0, 32), (50, 3, 40), (2000, 5, 400)])
def test_the_most_that_is_wrong_is_the_quantile_of_the_beta_binomial(count, wrong, seen):
    wanted = betabinom(count, wrong + 0.5, seen - wrong + 0.5).ppf(0.9)
    assert error_bound(count, wrong, seen) == wanted


def test_the_most_that_is_wrong_is_passed_once_in_ten_times():
    rng = np.random.default_rng(5)
    passed = []
    for share in rng.beta(1, 12, 4000):
        wrong, later = rng.binomial(60, share), rng.binomial(80, share)
        passed.append(later > error_bound(80, wrong, 60))
    assert 0.04 < np.mean(passed) <= 0.11  # whole numbers, so a little less often than asked for


def test_a_million_entries_are_judged_as_well():
    assert error_bound(1_000_000, 10, 1000) == pytest.approx(14_800, rel=0.05)
    assert error_bound(0, 1, 10) == 0


def test_without_a_held_out_entry_above_the_threshold_everything_may_be_wrong():
    found = expected_errors([0.95, 0.2], 0.9, held_out=[0.3, 0.99], targets=[1, -1])
    assert (found.errors_high, found.evidence) == (1.0, 0)


def test_accepting_nothing_costs_nothing():
    found = expected_errors([0.2], 0.9)
    assert (found.accepted, found.errors, found.errors_high, found.precision) == (0, 0.0, 0.0, None)


@pytest.mark.parametrize(
    ("probabilities", "threshold", "more"),
    [
        ([np.nan], 0.5, {}),
        ([1.2], 0.5, {}),
        ([0.5], 1.5, {}),
        ([0.5], 0.5, {"held_out": [0.5]}),
        ([0.5], 0.5, {"held_out": [0.5], "targets": [1, 0]}),
    ],
)
def test_what_cannot_be_judged_is_refused(probabilities, threshold, more):
    with pytest.raises(InputError):
        expected_errors(probabilities, threshold, **more)

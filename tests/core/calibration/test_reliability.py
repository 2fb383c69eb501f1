"""Predicted against observed probabilities, on small cases computed by hand."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from cprfl_core.calibration.reliability import (
    expected_calibration_error,
    reliability_by_band,
    reliability_curve,
)
from cprfl_core.common.errors import InputError


def test_calibration_error_of_a_known_gap():
    assert expected_calibration_error([[0.8], [0.8]], [[1], [0]]) == pytest.approx(0.3)
    assert expected_calibration_error([0.8, 0.3], [-1, 0]) == pytest.approx(0.3)
    assert np.isnan(expected_calibration_error([0.8], [-1]))


def test_the_curve_equals_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    chance = rng.random(500)
    targets = (rng.random(500) < chance**2).astype(int)
    found = reliability_curve(chance, targets, np.linspace(0, 1, 11))
    observed, predicted = calibration_curve(targets, chance, n_bins=10)
    np.testing.assert_allclose(found.predicted, predicted)
    np.testing.assert_allclose(found.observed, observed)
    assert found.count.sum() == 500
    np.testing.assert_allclose(found.error, np.sqrt(observed * (1 - observed) / found.count))


def test_entries_of_weight_two_count_twice_and_unknown_ones_not_at_all():
    weighted = reliability_curve([0.1, 0.12, 0.7, 0.9], [1, 0, 1, -1], weights=[2, 1, 1, 5])
    repeated = reliability_curve([0.1, 0.1, 0.12, 0.7], [1, 1, 0, 1])
    np.testing.assert_allclose(weighted.predicted, repeated.predicted)
    np.testing.assert_allclose(weighted.observed, repeated.observed)
    assert weighted.count.tolist() == [3, 1]


def test_probabilities_of_zero_and_one_fall_into_the_outer_bins():
    found = reliability_curve([0.0, 1.0], [0, 1], [0, 0.5, 1])
    assert found.predicted.tolist() == [0, 1]


def test_bands_are_distinguished_and_an_empty_one_is_none():
    chance = np.array([[0.5, 0.1], [0.5, 0.1]])
    found = reliability_by_band(chance, [[1, 0], [0, 0]], [100, 3])
    assert found["head"] == pytest.approx(0.0)
    assert found["tail"] == pytest.approx(0.1)
    assert found["total"] == pytest.approx(0.05)
    assert found["medium"] is None


@pytest.mark.parametrize("edges", [[0.0], [0, 0.5], [0.2, 1.0], [0, 0.5, 0.5, 1]])
def test_bins_that_do_not_cover_all_probabilities_are_refused(edges):
    with pytest.raises(InputError, match="ascend"):
        reliability_curve([0.5], [1], edges)


def test_shapes_that_do_not_match_and_nan_are_refused():
    with pytest.raises(InputError, match="same shape"):
        reliability_curve([0.5, 0.2], [1])
    with pytest.raises(InputError, match="finite"):
        reliability_curve([np.nan], [1])
    with pytest.raises(InputError, match="do not match"):
        reliability_by_band([[0.5]], [[1]], [1, 2])

"""Said against seen probabilities, in numbers that can be counted by hand."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from cprfl_core.errors import InputError
from cprfl_core.reliability import expected_calibration_error, reliability_by_band, reliability_curve


def test_calibration_error_of_a_known_gap():
    assert expected_calibration_error([[0.8], [0.8]], [[1], [0]]) == pytest.approx(0.3)
    assert expected_calibration_error([0.8, 0.3], [-1, 0]) == pytest.approx(0.3)
    assert np.isnan(expected_calibration_error([0.8], [-1]))


def test_the_curve_equals_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    chance = rng.random(500)
    targets = (rng.random(500) < chance**2).astype(int)
    found = reliability_curve(chance, targets, np.linspace(0, 1, 11))
    seen, said = calibration_curve(targets, chance, n_bins=10)
    np.testing.assert_allclose(found.said, said)
    np.testing.assert_allclose(found.seen, seen)
    assert found.count.sum() == 500
    np.testing.assert_allclose(found.error, np.sqrt(seen * (1 - seen) / found.count))


def test_entries_of_weight_two_count_twice_and_unknown_ones_not_at_all():
    weighted = reliability_curve([0.1, 0.12, 0.7, 0.9], [1, 0, 1, -1], weights=[2, 1, 1, 5])
    repeated = reliability_curve([0.1, 0.1, 0.12, 0.7], [1, 1, 0, 1])
    np.testing.assert_allclose(weighted.said, repeated.said)
    np.testing.assert_allclose(weighted.seen, repeated.seen)
    assert weighted.count.tolist() == [3, 1]


def test_probabilities_of_zero_and_one_fall_into_the_outer_bins():
    found = reliability_curve([0.0, 1.0], [0, 1], [0, 0.5, 1])
    assert found.said.tolist() == [0, 1]


def test_bands_are_told_apart_and_an_empty_one_is_none():
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


def test_shapes_that_do_not_fit_and_numbers_that_are_none_are_refused():
    with pytest.raises(InputError, match="one shape"):
        reliability_curve([0.5, 0.2], [1])
    with pytest.raises(InputError, match="finite"):
        reliability_curve([np.nan], [1])
    with pytest.raises(InputError, match="fit"):
        reliability_by_band([[0.5]], [[1]], [1, 2])

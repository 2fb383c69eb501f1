import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from cprfl_core.calibration.logistic import fit_groups, fit_logistic, fit_one_slope


def drawn(seed, entries=400, width=3):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(entries, width))
    targets = (rng.random(entries) < 1 / (1 + np.exp(-features @ [1.0, -2.0, 0.5]))).astype(float)
    return features, targets, rng.uniform(0.5, 2.0, size=entries)


def test_logistic_regression_equals_scikit_learn():
    features, targets, weights = drawn(0)
    found = fit_logistic(
        features, targets, weights, prior=np.zeros(3), strength=np.full(3, 2.0), start=np.zeros(3)
    )
    oracle = LogisticRegression(C=0.5, fit_intercept=False, tol=1e-10, max_iter=1000).fit(
        features, targets, sample_weight=weights
    )
    np.testing.assert_allclose(found, oracle.coef_[0], atol=1e-5)


def test_without_entries_the_result_is_the_prior():
    prior = np.array([1.0, -2.0])
    found = fit_logistic(
        np.zeros((0, 2)),
        np.zeros(0),
        np.zeros(0),
        prior=prior,
        strength=np.ones(2),
        start=np.array([9.0, 9.0]),
    )
    np.testing.assert_allclose(found, prior, atol=1e-12)


def test_the_start_does_not_matter():
    features, targets, weights = drawn(1)
    found = [
        fit_logistic(features, targets, weights, prior=np.zeros(3), strength=np.full(3, 0.1), start=start)
        for start in (np.zeros(3), np.array([30.0, -20.0, 10.0]))
    ]
    np.testing.assert_allclose(found[0], found[1], atol=1e-10)


def test_separable_entries_give_finite_weights():
    features = np.linspace(-1, 1, 50)[:, None]
    found = fit_logistic(
        features,
        (features[:, 0] > 0).astype(float),
        np.ones(50),
        prior=np.zeros(1),
        strength=np.full(1, 0.1),
        start=np.zeros(1),
    )
    assert 0 < found[0] < 1000


def test_groups_equal_one_regression_for_each_group():
    features, targets, weights = drawn(2, 300)
    offsets = np.random.default_rng(3).normal(size=300)
    bounds = np.array([0, 120, 120, 300])
    strength = np.array([1.0, 3.0, 10.0])
    found = fit_groups(
        features,
        targets,
        weights,
        offsets=offsets,
        bounds=bounds,
        strength=strength,
        start=np.ones((3, 3)),
    )
    assert not found[1].any()
    for group in (0, 2):
        mine = slice(bounds[group], bounds[group + 1])
        # An offset is a feature whose weight is held at 1 by an overwhelming prior.
        alone = fit_logistic(
            np.column_stack([features[mine], offsets[mine]]),
            targets[mine],
            weights[mine],
            prior=np.array([0.0, 0.0, 0.0, 1.0]),
            strength=np.append(strength, 1e12),
            start=np.zeros(4),
        )
        np.testing.assert_allclose(found[group], alone[:3], atol=1e-6)


def test_groups_without_entries_are_none():
    found = fit_groups(
        np.zeros((0, 2)),
        np.zeros(0),
        np.zeros(0),
        offsets=np.zeros(0),
        bounds=np.zeros(4, dtype=int),
        strength=np.ones(2),
        start=np.ones((3, 2)),
    )
    assert found.shape == (3, 2)
    assert not found.any()


@pytest.mark.parametrize("seed", range(3))
def test_groups_do_not_depend_on_the_start(seed):
    features, targets, weights = drawn(seed, 200)
    found = [
        fit_groups(
            features,
            targets,
            weights,
            offsets=np.zeros(200),
            bounds=np.array([0, 80, 200]),
            strength=np.ones(3),
            start=start,
        )
        for start in (np.zeros((2, 3)), np.full((2, 3), 15.0))
    ]
    np.testing.assert_allclose(found[0], found[1], atol=1e-10)


@pytest.mark.parametrize("start", [(0.0, 0.0), (9.0, -7.0)])
def test_one_slope_with_levels_equals_one_regression_with_an_indicator_for_each_group(start):
    features, targets, weights = drawn(4, 250)
    groups = np.random.default_rng(5).integers(0, 3, size=250)
    slope, levels = fit_one_slope(
        features[:, 0],
        targets,
        weights,
        groups=groups,
        prior=(1.0, -2.0),
        strength=(0.7, 1.5),
        start=(start[0], np.full(3, start[1])),
    )
    together = fit_logistic(
        np.column_stack([features[:, 0], np.eye(3)[groups]]),
        targets,
        weights,
        prior=np.array([1.0, -2.0, -2.0, -2.0]),
        strength=np.array([0.7, 1.5, 1.5, 1.5]),
        start=np.zeros(4),
    )
    np.testing.assert_allclose(np.append(slope, levels), together, atol=1e-9)

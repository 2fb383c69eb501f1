"""Principal components against a full decomposition."""

import numpy as np
import pytest

from cprfl_core.features.projection import Projection, pca_steps


def rows_of(values):
    return lambda part: values[part]


def spread(count, width, seed=0):
    """Rows whose directions have clearly different variances."""
    random = np.random.default_rng(seed)
    basis, _ = np.linalg.qr(random.normal(size=(width, width)))
    values = random.normal(size=(count, width)) * (0.6 ** np.arange(width)) @ basis
    return values.astype(np.float32)


@pytest.mark.parametrize("shape", [(300, 12), (20, 60), (6, 3)])
def test_the_components_are_those_of_a_full_decomposition(shape):
    values = spread(*shape)
    found = Projection(len(values), rows_of(values), 2).of(values)
    left, sizes, _ = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)
    wanted = left[:, :2] * sizes[:2]
    for axis in (0, 1):
        agreement = np.abs(np.corrcoef(found[:, axis], wanted[:, axis])[0, 1])
        assert agreement == pytest.approx(1, abs=1e-3)
    assert found.std(axis=0) == pytest.approx(wanted.std(axis=0), rel=1e-2)


def test_blocks_of_rows_make_one_map_that_is_always_the_same():
    values = spread(9_000, 8)
    parts = list(pca_steps(len(values), rows_of(values)))
    assert [len(part) for part in parts] == [4096, 4096, 808]
    again = np.concatenate(list(pca_steps(len(values), rows_of(values))))
    assert np.array_equal(np.concatenate(parts), again)


@pytest.mark.parametrize("values", [np.zeros((0, 4)), np.ones((3, 4)), np.ones((1, 1))])
def test_odd_collections_have_finite_places(values):
    parts = list(pca_steps(len(values), rows_of(values.astype(np.float32))))
    assert sum(map(len, parts)) == len(values)
    assert all(part.shape[1] == 2 and np.isfinite(part).all() for part in parts)

"""Products of many rows, which are computed without Python's lock, are those of a few."""

import numpy as np

from cprfl_core.closed_form.nystroem_features import NystroemFeatures
from cprfl_core.closed_form.packed_inverse import CategoryInverse, TriangleStore


def test_features_of_many_rows_are_those_of_each_row() -> None:
    random = np.random.default_rng(0)
    landmarks = random.normal(size=(150, 8))  # more than one part of columns
    features = NystroemFeatures(landmarks, 0.05)
    kernel = random.random((200, 150))
    together = features.of_kernel(kernel)
    alone = np.concatenate([features.of_kernel(row[None]) for row in kernel])
    np.testing.assert_allclose(together, alone, rtol=1e-9, atol=1e-9 * np.abs(alone).max())


def test_leverages_of_many_rows_are_those_of_the_inverse() -> None:
    random = np.random.default_rng(1)
    half = random.normal(size=(12, 30))
    inverse = np.linalg.inv(half @ half.T)
    store = TriangleStore(12)
    both = [CategoryInverse(store, inverse, np.zeros((12, 3))) for _ in range(2)]  # lower and upper triangle
    rows = random.normal(size=(100, 12))
    for one in both:
        np.testing.assert_allclose(one.leverages(rows), np.einsum("km,mn,kn->k", rows, inverse, rows))

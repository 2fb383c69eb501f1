"""Against NumPy's stable sort."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cprfl_core.common.stable_order import stable_order

FEW = st.sampled_from([0.0, -0.0, 1.5, -1.5, float("inf"), float("-inf"), float("nan"), -float("nan"), 1e-45])


@given(arrays(np.float32, st.integers(0, 60), elements=FEW | st.floats(width=32)))
def test_the_order_is_that_of_a_stable_sort(keys):
    assert stable_order(keys).tolist() == np.argsort(keys, kind="stable").tolist()


@pytest.mark.parametrize("kind", [np.float64, np.int64])
def test_other_kinds_of_numbers_are_sorted_too(kind):
    keys = np.random.default_rng(0).integers(0, 9, 200).astype(kind)
    assert stable_order(keys).tolist() == np.argsort(keys, kind="stable").tolist()

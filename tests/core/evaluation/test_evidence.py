"""Folds, weights and average precision, out of which evidence is made."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from cprfl_core.evaluation.evidence import inclusion_weights, persistent_folds, weighted_average_precision
from cprfl_core.evaluation.queues import centred_units


@pytest.mark.slow
@given(seed=st.integers(0, 50), ties=st.booleans())
@settings(deadline=None)
def test_weighted_average_precision_is_that_of_scikit_learn(seed, ties):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 4, 30).astype(float) if ties else rng.random(30)
    yes = rng.random(30) < 0.3
    yes[0] = True
    weights = rng.random((3, 30)) + 0.1
    found = weighted_average_precision(scores, yes, weights)
    for one, weight in zip(found, weights, strict=True):
        assert one == pytest.approx(average_precision_score(yes, scores, sample_weight=weight))


@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.5, 1.0, 2.0]), st.booleans(), st.floats(0.25, 9)),
        min_size=1,
        max_size=30,
    )
)
def test_one_weighting_of_few_entries_with_ties_is_that_of_scikit_learn(entries):
    scores, yes, weights = map(np.array, zip(*entries, strict=True))
    [found] = weighted_average_precision(scores, yes, weights)
    if yes.any():
        assert found == pytest.approx(average_precision_score(yes, scores, sample_weight=weights))
    else:
        assert np.isnan(found)


def test_without_weight_on_a_positive_there_is_no_average_precision():
    assert np.isnan(weighted_average_precision([1.0, 0.5], [True, False], [0.0, 1.0])).all()


def test_rarely_picked_images_weigh_more_within_bounds():
    weights = inclusion_weights([1.0, 0.1, 0.0001, np.nan])
    assert weights.mean() == pytest.approx(1)
    assert weights[1] / weights[0] == pytest.approx(10)
    assert weights[2] / weights[0] == pytest.approx(50)
    assert weights[3] == weights[0]


def test_folds_stay_when_images_are_added_and_keep_near_duplicates_together():
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((80, 16))
    rows[70] = rows[3]
    units = centred_units(rows, np.zeros(16))
    names = [f"hash {i}" for i in range(80)]
    before, _ = persistent_folds(names[:60], units[:60])
    after, group = persistent_folds(names, units)
    assert after[:60].tolist() == before.tolist()
    assert (group[70], after[70]) == (3, after[3])
    assert set(after.tolist()) == set(range(5))

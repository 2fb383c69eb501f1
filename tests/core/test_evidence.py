import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from cprfl_core.errors import InputError
from cprfl_core.evidence import (
    inclusion_weights,
    judge,
    persistent_folds,
    weighted_average_precision,
)
from cprfl_core.queues import centred_units

N, C = 300, 12


@pytest.fixture
def bench():
    """Labels with a long tail and noisy scores; ``scores(noise)`` gives a side of that quality."""
    rng = np.random.default_rng(0)
    share = np.geomspace(0.5, 0.03, C)
    labels = (rng.random((N, C)) < share).astype(np.int8)
    base = rng.standard_normal((N, C))

    def scores(noise, seed=1):
        return labels + noise * (0.5 * base + np.random.default_rng(seed).standard_normal((N, C)))

    return labels, scores


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


def test_without_weight_on_a_positive_there_is_no_average_precision():
    assert np.isnan(weighted_average_precision([1.0, 0.5], [True, False], [0.0, 1.0])).all()


def test_a_better_side_is_activated_with_numbers_in_the_reason(bench):
    labels, scores = bench
    verdict = judge(scores(1.2), scores(0.6), labels, positives=labels.sum(axis=0))
    assert verdict.better
    assert verdict.reason.startswith("Activated: ")
    assert {band.band for band in verdict.bands} >= {"total", "tail"}
    total = verdict.bands[0]
    assert total.low < total.difference < total.high
    assert f"{verdict.images}" != "0"


def test_scores_learned_from_shuffled_labels_are_refused(bench):
    labels, scores = bench
    rng = np.random.default_rng(5)
    shuffled = labels[rng.permutation(N)] + rng.standard_normal((N, C))
    verdict = judge(scores(0.8), shuffled, labels, positives=labels.sum(axis=0))
    assert not verdict.better
    assert "fell from" in verdict.reason
    assert "outside its interval" in verdict.reason


def test_the_same_scores_are_no_gain(bench):
    labels, scores = bench
    verdict = judge(scores(0.8), scores(0.8), labels, positives=labels.sum(axis=0))
    assert not verdict.better
    assert "no measured gain" in verdict.reason


def test_a_fall_on_the_tail_is_not_bought_by_a_gain_on_the_head(bench):
    labels, scores = bench
    positives = labels.sum(axis=0)
    new = scores(0.5)
    new[:, positives < 20] = scores(3.0, seed=9)[:, positives < 20]
    verdict = judge(scores(0.9), new, labels, positives=positives)
    assert not verdict.better
    assert "tail fell" in verdict.reason


def test_with_little_evidence_the_answer_is_too_few_to_judge(bench):
    labels, scores = bench
    verdict = judge(scores(1.2)[:20], scores(0.1)[:20], labels[:20], positives=labels.sum(axis=0))
    assert (verdict.better, verdict.bands) == (False, ())
    assert verdict.reason.startswith("Too few to judge: 20 labelled images")


def test_unknown_entries_do_not_count(bench):
    labels, scores = bench
    hidden = labels.copy()
    hidden[::2] = -1
    some = judge(scores(1.2), scores(0.6), hidden, positives=labels.sum(axis=0))
    half = judge(scores(1.2)[1::2], scores(0.6)[1::2], labels[1::2], positives=labels.sum(axis=0))
    assert some.images == half.images == N // 2
    assert [band.new for band in some.bands] == pytest.approx([band.new for band in half.bands])


def test_the_same_seed_gives_the_same_verdict(bench):
    labels, scores = bench
    first = judge(scores(1.0), scores(0.8), labels, positives=labels.sum(axis=0), seed=4)
    assert first == judge(scores(1.0), scores(0.8), labels, positives=labels.sum(axis=0), seed=4)


def test_near_duplicates_widen_the_interval(bench):
    labels, scores = bench
    six = [np.repeat(one[:50], 6, axis=0) for one in (scores(1.0), scores(0.8), labels)]
    groups = np.repeat(np.arange(50), 6)
    alone = judge(*six, positives=six[2].sum(axis=0))
    together = judge(*six, positives=six[2].sum(axis=0), groups=groups)
    assert together.bands[0].high - together.bands[0].low > 1.5 * (alone.bands[0].high - alone.bands[0].low)


def test_rarely_picked_images_weigh_more_within_bounds():
    weights = inclusion_weights([1.0, 0.1, 0.0001, np.nan])
    assert weights.mean() == pytest.approx(1)
    assert weights[1] / weights[0] == pytest.approx(10)
    assert weights[2] / weights[0] == pytest.approx(50)
    assert weights[3] == weights[0]


def test_weights_move_the_measure_to_what_was_rarely_picked(bench):
    labels, _ = bench
    good = labels + 0.0
    new = good.copy()
    new[: N // 2] = 1 - labels[: N // 2]  # wrong on the first half alone
    heavy = np.where(np.arange(N) < N // 2, 0.1, 10.0)
    light = judge(good, new, labels, positives=labels.sum(axis=0), weights=heavy).bands[0]
    assert light.new > judge(good, new, labels, positives=labels.sum(axis=0)).bands[0].new + 0.2


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


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_scores_that_are_not_finite_and_shapes_that_differ_are_refused(bench, wrong):
    labels, scores = bench
    bad = scores(1.0)
    bad[3, 2] = wrong
    with pytest.raises(InputError, match="new scores"):
        judge(scores(1.0), bad, labels, positives=labels.sum(axis=0))
    with pytest.raises(InputError, match=r"\(299, 12\)"):
        judge(scores(1.0), scores(1.0)[:-1], labels, positives=labels.sum(axis=0))

"""The gate: what is accepted, what is refused, and on how much evidence."""

import numpy as np
import pytest

from cprfl_core.common.errors import InputError
from cprfl_core.evaluation.gate import Ground, judge

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


def test_a_better_side_is_activated_with_numbers_in_the_reason(bench):
    labels, scores = bench
    verdict = judge(scores(1.2), scores(0.6), labels, positives=labels.sum(axis=0))
    assert verdict.earned
    assert verdict.sentence("Activated", "Not activated").startswith("Activated: ")
    assert {band.band for band in verdict.bands} >= {"total", "tail"}
    total = verdict.bands[0]
    assert total.low < total.difference < total.high
    assert f"{verdict.images}" != "0"


def test_scores_learned_from_shuffled_labels_are_refused(bench):
    labels, scores = bench
    rng = np.random.default_rng(5)
    shuffled = labels[rng.permutation(N)] + rng.standard_normal((N, C))
    verdict = judge(scores(0.8), shuffled, labels, positives=labels.sum(axis=0))
    assert not verdict.earned
    assert verdict.ground is Ground.FELL
    assert "fell from" in verdict.reason
    assert "more than chance explains" in verdict.reason


def test_the_same_scores_are_no_gain(bench):
    labels, scores = bench
    verdict = judge(scores(0.8), scores(0.8), labels, positives=labels.sum(axis=0))
    assert not verdict.earned
    assert verdict.ground is Ground.NO_GAIN
    assert "no gain beyond chance" in verdict.reason


def test_a_fall_on_the_tail_is_not_bought_by_a_gain_on_the_head(bench):
    labels, scores = bench
    positives = labels.sum(axis=0)
    new = scores(0.5)
    new[:, positives < 20] = scores(3.0, seed=9)[:, positives < 20]
    verdict = judge(scores(0.9), new, labels, positives=positives)
    assert not verdict.earned
    assert "tail fell" in verdict.reason


def test_with_little_evidence_the_answer_is_too_few_to_judge(bench):
    labels, scores = bench
    verdict = judge(scores(1.2)[:20], scores(0.1)[:20], labels[:20], positives=labels.sum(axis=0))
    assert (verdict.earned, verdict.bands) == (False, ())
    assert verdict.reason.startswith("Too few labels to judge: 20 labelled images")


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


def test_weights_move_the_measure_to_what_was_rarely_picked(bench):
    labels, _ = bench
    good = labels + 0.0
    new = good.copy()
    new[: N // 2] = 1 - labels[: N // 2]  # wrong on the first half alone
    heavy = np.where(np.arange(N) < N // 2, 0.1, 10.0)
    light = judge(good, new, labels, positives=labels.sum(axis=0), weights=heavy).bands[0]
    assert light.new > judge(good, new, labels, positives=labels.sum(axis=0)).bands[0].new + 0.2


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_scores_that_are_not_finite_and_shapes_that_differ_are_refused(bench, wrong):
    labels, scores = bench
    bad = scores(1.0)
    bad[3, 2] = wrong
    with pytest.raises(InputError, match="new scores"):
        judge(scores(1.0), bad, labels, positives=labels.sum(axis=0))
    with pytest.raises(InputError, match=r"\(299, 12\)"):
        judge(scores(1.0), scores(1.0)[:-1], labels, positives=labels.sum(axis=0))

"""Live learning with so many labels that what they teach outlasts a decision."""

import threading

import numpy as np
import pytest

from cprfl_core.calibration.thresholds import best_f_threshold
from cprfl_core.live import evidence as live_evidence
from cprfl_core.live import steps as live_steps
from cprfl_core.live.label_sampling import Entries, labels_hash
from cprfl_core.live.learner import LiveLearner
from cprfl_core.live.thresholds import estimate_thresholds, weighted_sample

IMAGES, CATEGORIES = 900, 8


def collection(seed=0, images=IMAGES, categories=CATEGORIES, width=24):
    rng = np.random.default_rng(seed)
    share = 0.4 * np.arange(1, categories + 1) ** -1.2
    truth = (rng.random((images, categories)) < share).astype(np.int8)
    things = rng.normal(size=(categories, width)) / np.sqrt(width)
    rows = truth @ things + rng.normal(size=(images, width)) / np.sqrt(width)
    text = things + rng.normal(size=things.shape) / np.sqrt(width)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows, rows @ text.T, truth


@pytest.fixture(params=[4096, 150], ids=["exact ridge", "landmarks"])
def many(request, monkeypatch):
    """A learner that counts 400 reviewed images as many labels, and how often it has weighed."""
    monkeypatch.setattr(live_evidence, "EXACT_ENTRIES", 2_000)
    weighed = []
    fit_weights = live_evidence.fit_weights

    def counted(*given):
        weighed.append(1)
        return fit_weights(*given)

    monkeypatch.setattr(live_evidence, "fit_weights", counted)
    rows, text, truth = collection()
    states = np.full(truth.shape, -1, dtype=np.int8)
    states[:400] = truth[:400]
    states[350:400, 1:] = -1  # single answers
    learner = LiveLearner(rows, text, exact_limit=request.param)
    learner.set_states(states)
    return learner, truth, weighed


def test_a_decision_moves_the_scores_and_weighs_nothing(many):
    learner, truth, weighed = many
    before = learner.probabilities_rows(np.arange(IMAGES))
    assert len(weighed) == 1
    for row in range(500, 506):
        learner.set_label(row, 2, 1)
        learner.set_labels(row + 100, np.arange(CATEGORIES), truth[row + 100])
        learner.probabilities_rows([row])
    assert len(weighed) == 1
    assert np.abs(learner.probabilities_rows(np.arange(IMAGES)) - before)[:, 2].max() > 0.01


@pytest.mark.slow
def test_undo_brings_back_the_scores_across_a_refresh(many):
    learner, truth, weighed = many
    some = np.arange(0, IMAGES, 7)
    shown = [learner.probabilities_rows(some)]
    steps = list(range(500, 540))
    for row in steps:
        learner.set_labels(row, np.arange(CATEGORIES), truth[row])
        if row == 520:
            assert learner.due
            learner.refresh()
        shown.append(learner.probabilities_rows(some))
    assert len(weighed) == 2
    for row in reversed(steps):
        np.testing.assert_allclose(learner.probabilities_rows(some), shown.pop(), atol=1e-9)
        learner.set_labels(row, np.arange(CATEGORIES), -1)
    np.testing.assert_allclose(learner.probabilities_rows(some), shown.pop(), atol=1e-9)
    assert len(weighed) == 2


@pytest.mark.slow
def test_a_refresh_in_slices_gives_what_a_fresh_learner_has(many, monkeypatch):
    learner, truth, _ = many
    monkeypatch.setattr(live_evidence, "SLICE_ENTRIES", 100)
    learner.calibration()
    rows = np.arange(500, 560)
    for row in rows:
        learner.set_labels(row, np.arange(CATEGORIES), truth[row])
    slices = list(learner.refresh_steps())
    if not learner._labels.exact:
        assert len(slices) > 20
    one = learner.calibration()
    learner._evidence.reset()
    again = learner.calibration()
    np.testing.assert_allclose(one.slopes, again.slopes, atol=1e-6)
    np.testing.assert_allclose(one.intercepts, again.intercepts, atol=1e-6)


def test_decisions_may_come_between_the_slices_of_a_refresh(many, monkeypatch):
    learner, _, weighed = many
    monkeypatch.setattr(live_evidence, "SLICE_ENTRIES", 100)
    learner.calibration()
    for at, _ in enumerate(learner.refresh_steps()):
        if at < 30:
            learner.set_label(at, 0, -1)  # an entry that the refresh looks at
            learner.set_label(600 + at, 1, 1)
    assert len(weighed) == 2
    assert np.isfinite(learner.probabilities_rows(np.arange(IMAGES))).all()


def test_what_cannot_be_cut_is_handed_over(many, monkeypatch):
    learner, truth, weighed = many
    monkeypatch.setattr(live_steps, "SMALL", 0)
    learner.calibration()
    for row in range(500, 530):
        learner.set_labels(row, np.arange(CATEGORIES), truth[row])
    pieces = []
    for step in learner.refresh_steps():
        if step is not None:
            pieces.append(step)
            ahead = threading.Thread(target=step.run)
            ahead.start()
            ahead.join()
    assert len(pieces) == 3  # the sample, the weights, the curve
    assert len(weighed) == 2
    one = learner.calibration()
    learner._evidence.reset()
    np.testing.assert_allclose(one.slopes, learner.calibration().slopes, atol=1e-6)


def test_a_refresh_ends_without_effect_when_all_slots_are_renumbered(many):
    learner, truth, weighed = many
    learner.calibration()
    refresh = learner.refresh_steps()
    next(refresh)
    learner.set_states(np.where(np.arange(IMAGES)[:, None] < 500, truth, -1))
    assert list(refresh) == []
    assert len(weighed) == 1


def test_it_is_due_after_enough_yes_of_one_category(many):
    learner, _, _ = many
    learner.calibration()
    assert not learner.due
    rare = CATEGORIES - 1
    for row in range(500, 500 + 12):
        learner.set_label(row, rare, 1)
    assert learner.due
    learner.refresh()
    assert not learner.due


def test_a_category_that_comes_later_has_scores_and_leaves_the_others_alone(many):
    learner, _, weighed = many
    before = learner.probabilities_rows(np.arange(450, 500))
    new = learner.add_category()
    after = learner.probabilities_rows(np.arange(450, 500))
    np.testing.assert_allclose(after[:, :new], before, atol=1e-9)
    cold = after[:, new].copy()
    learner.set_labels([600, 601, 602], new, [1, 1, 0])
    moved = learner.probabilities_rows(np.arange(450, 500))
    assert np.abs(moved[:, new] - cold).max() > 0.01
    np.testing.assert_allclose(moved[:, :new], before, atol=1e-9)
    assert len(weighed) == 1


@pytest.mark.slow
def test_few_labels_are_weighed_at_every_decision():
    rows, text, truth = collection()
    learner, fresh = LiveLearner(rows, text), LiveLearner(rows, text)
    states = np.full(truth.shape, -1, dtype=np.int8)
    states[:60] = truth[:60]
    for row in range(60):
        learner.set_labels(row, np.arange(CATEGORIES), truth[row])
        learner.probabilities_rows([row])
    fresh.set_states(states)
    assert not learner.due
    np.testing.assert_allclose(
        learner.probabilities_rows(np.arange(IMAGES)), fresh.probabilities_rows(np.arange(IMAGES)), atol=1e-9
    )


def test_marks_of_labels_do_not_depend_on_their_order():
    rows, categories = np.arange(30), np.arange(30) % 4
    states = (np.arange(30) % 3 - 1).astype(np.int8)
    whole = labels_hash(Entries(rows, categories, states), states)
    turned = Entries(rows[::-1], categories[::-1], states[::-1])
    assert labels_hash(turned, states[::-1]) == whole
    first, rest = (Entries(rows[at], categories[at], states[at]) for at in (slice(0, 9), slice(9, 30)))
    assert labels_hash(first, states[:9]) ^ labels_hash(rest, states[9:]) == whole
    assert labels_hash(first, np.full(9, -1, np.int8)) == 0
    assert (
        len({labels_hash(Entries(rows[:1], categories[:1], states[:1]), np.array([s])) for s in (0, 1)}) == 2
    )


@pytest.mark.slow
def test_estimated_thresholds_lie_near_those_of_the_whole_collection():
    rows, text, truth = collection(3, images=6_000)
    learner = LiveLearner(rows, text)
    states = np.full(truth.shape, -1, dtype=np.int8)
    states[:300] = truth[:300]
    learner.set_states(states)
    picked, weights = weighted_sample(learner)
    assert (np.diff(picked) > 0).all()
    assert weights.sum() == pytest.approx(6_000)
    steps = estimate_thresholds(learner)
    with pytest.raises(StopIteration) as done:
        while True:
            next(steps)
    whole = [best_f_threshold(learner.probabilities(category)) for category in range(CATEGORIES)]
    np.testing.assert_allclose(done.value.value, whole, rtol=0.12)


def test_a_threshold_of_weighted_images_is_that_of_as_many_images():
    chance, times = np.array([0.9, 0.2, 0.5, 0.1]), np.array([1, 3, 2, 5])
    assert best_f_threshold(chance, times) == pytest.approx(best_f_threshold(np.repeat(chance, times)))

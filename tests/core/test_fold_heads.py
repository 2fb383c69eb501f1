"""CPRFL as a part: trained by folds, judged on what it has not seen, kept only where it gains."""

import numpy as np
import pytest
import torch
from test_blend import collection

from cprfl_core import Suggester, fold_heads
from cprfl_core.earned import Verdict, judge_part
from cprfl_core.errors import InputError, ModelFileError
from cprfl_core.fold_heads import FoldHeads, balanced_folds, train_fold_heads
from cprfl_core.live_learner import LiveLearner
from cprfl_core.metrics import average_precision
from cprfl_core.training_options import TrainingOptions

SIZES = {"dim": 16, "heads": 2, "dim_head": 8, "mlp_dim": 32}
TEXTS = np.random.default_rng(0).normal(size=(8, 12)).astype(np.float32)


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Steps as small as these only wait for each other on several threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def small():
    rows, _, truth = collection(3, images=150, categories=8, width=24)
    noise = np.random.default_rng(1).normal(size=(150, 3, 24)) * 0.1
    return (rows[:, None] * 3 + noise).astype(np.float32), truth.astype(np.int8), rows


def trained(patches, labels, seed=0, epochs=12):
    options = TrainingOptions(epochs=epochs, learning_rate=5e-3)
    return train_fold_heads(patches, labels, TEXTS, seed=seed, options=options, sizes=SIZES)


def test_folds_spread_the_yes_of_each_category():
    labels = np.zeros((90, 4), dtype=np.int8)
    for category, yes in enumerate((3, 6, 9, 30)):
        labels[np.random.default_rng(category).permutation(90)[:yes], category] = 1
    fold = balanced_folds(labels, 3, seed=0)
    assert np.bincount(fold).tolist() == [30, 30, 30]
    assert [np.bincount(fold[labels[:, 0] == 1], minlength=3).tolist()] == [[1, 1, 1]]
    assert np.array_equal(fold, balanced_folds(labels, 3, seed=0))
    assert not np.array_equal(fold, balanced_folds(labels, 3, seed=1))


def test_scores_of_an_image_come_from_heads_that_have_not_seen_it(small):
    patches, truth, _ = small
    heads, scores = trained(patches, truth, epochs=1)
    changed = truth.copy()
    fold = balanced_folds(truth, 3, 0)
    row = int(np.flatnonzero(fold == 0)[0])
    changed[row, 7] = -1  # folds go by the yes labels: they stay the same
    again, others = trained(patches, changed, epochs=1)
    assert np.array_equal(others[fold == 0], scores[fold == 0])
    assert not np.array_equal(others[fold == 1], scores[fold == 1])
    assert len(heads.heads) == len(again.heads) == 3
    assert not np.array_equal(trained(patches, truth, seed=1, epochs=1)[1], scores)


def test_it_learns_what_can_be_learned_and_outside_as_well_as_out_of_fold(small):
    patches, truth, _ = small
    heads, scores = trained(patches[:100], truth[:100])
    within = np.nanmean(average_precision(scores, truth[:100]))
    outside = np.nanmean(average_precision(heads.scores(patches[100:]), truth[100:]))
    by_chance = truth.mean()
    assert within > by_chance + 0.1
    assert outside > by_chance + 0.1
    np.testing.assert_allclose(scores.mean(axis=0), 0, atol=1e-6)


def test_training_leaves_the_global_generator_alone(small):
    patches, truth, _ = small
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    trained(patches[:30], truth[:30], epochs=1)
    assert torch.equal(torch.rand(3), expected)


def test_a_start_is_where_training_begins(small):
    patches, truth, _ = small
    calls = []

    def start():
        calls.append(1)
        return fold_heads._fresh(24, 12, SIZES, seed=9)

    options = TrainingOptions(epochs=1, learning_rate=1e-8)
    heads, _ = train_fold_heads(patches, truth, TEXTS, seed=0, options=options, start=start)
    assert len(calls) == 3
    fresh = start().state_dict()
    for name, value in heads.heads[0].state_dict().items():
        torch.testing.assert_close(value, fresh[name], atol=1e-5, rtol=0)


def test_too_few_labelled_images_for_the_folds_are_refused(small):
    patches, truth, _ = small
    labels = np.full_like(truth, -1)
    labels[:2] = truth[:2]
    with pytest.raises(InputError, match="2 labelled images"):
        trained(patches, labels)


def test_heads_come_back_as_they_were_and_no_others(tmp_path, small):
    patches, truth, _ = small
    heads, _ = trained(patches[:60], truth[:60], epochs=1)
    digests = heads.save(tmp_path)
    again = FoldHeads.load(tmp_path, digests)
    np.testing.assert_array_equal(again.scores(patches[:5]), heads.scores(patches[:5]))
    with pytest.raises(ModelFileError, match="not the head"):
        FoldHeads.load(tmp_path, [digests[1], digests[0], digests[2]])


@pytest.fixture(scope="module")
def judged():
    rows, _, truth = collection(4, images=400, categories=20)
    live = LiveLearner(rows, categories=20)
    row, category = np.divmod(np.arange(truth.size), 20)
    live.set_labels(row, category, truth.ravel())
    return live, truth.astype(np.int8), rows


def test_a_part_that_knows_more_takes_part_and_noise_does_not(judged):
    live, truth, rows = judged
    noise = np.random.default_rng(0).normal(size=truth.shape)
    good = judge_part(live, truth * 3.0 + noise, truth)
    assert good.earned
    assert good.gains["total"][0] > 0.02
    assert "Takes part" in good.reason
    bad = judge_part(live, noise, truth)
    assert not bad.earned
    assert "Left out" in bad.reason
    fresh = LiveLearner(rows, categories=20)
    row, category = np.divmod(np.arange(truth.size), 20)
    fresh.set_labels(row, category, truth.ravel())
    np.testing.assert_allclose(live.scores_rows(np.arange(9)), fresh.scores_rows(np.arange(9)), atol=1e-9)


def test_too_little_held_out_evidence_leaves_a_part_out(judged):
    live, truth, _ = judged
    few = np.full_like(truth, -1)
    few[:4] = truth[:4]
    found = judge_part(live, truth.astype(float), few)
    assert not found.earned
    assert "too little to judge" in found.reason


def test_a_part_that_has_earned_its_place_is_heard_and_saved(tmp_path, small, monkeypatch):
    """With a judge that always says yes: what follows a verdict is looked at here, not the verdict."""
    patches, truth, _ = small
    monkeypatch.setattr("cprfl_core.suggester.judge_part", lambda *_: Verdict(True, "Takes part.", {}))
    options = TrainingOptions(epochs=1, learning_rate=5e-3)
    learner = Suggester(cprfl=True, options=options).fit(patches, truth, TEXTS)
    plain = Suggester(cprfl=False).fit(patches, truth, TEXTS)
    said = learner.predict_proba(patches)
    assert not np.allclose(said, plain.predict_proba(patches))
    learner.add_category("later")
    np.testing.assert_allclose(learner.predict_proba(patches)[:, :8], said, atol=1e-9)
    learner.update(patches[0].astype(float).mean(axis=0), "later", 1)
    learner.save(tmp_path / "made")
    again = Suggester.load(tmp_path / "made")
    np.testing.assert_allclose(again.predict_proba(patches), learner.predict_proba(patches), atol=1e-9)
    head = next((tmp_path / "made").glob("heads-*/head-1/*.json"))
    head.write_text(head.read_text().replace('"dim": 128', '"dim": 64'))
    with pytest.raises(ModelFileError):
        Suggester.load(tmp_path / "made")

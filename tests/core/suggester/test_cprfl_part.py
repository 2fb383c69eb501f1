"""CPRFL as a part: trained by folds, judged on what it has not seen, kept only where it gains."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from test_blend import collection

from cprfl_core import CPRFL, Suggester
from cprfl_core.common.errors import InputError, ModelFileError
from cprfl_core.evaluation.gate import PartVerdict
from cprfl_core.evaluation.metrics import average_precision
from cprfl_core.suggester.cprfl_part import snapshot_of, train_part
from cprfl_core.suggester.input import checked_collection
from cprfl_core.training.options import TrainingOptions
from cprfl_core.tuning.folds import FoldTrainer
from cprfl_core.tuning.head import ArrayPatches
from cprfl_core.tuning.held_out import HeldOutSuggestions, judge_on
from cprfl_core.tuning.scores import TunedScores
from cprfl_core.tuning.scoring_heads import ScoringHeads
from cprfl_core.tuning.start import start_on_arrays

SIZES = {"dim": 16, "heads": 2, "dim_head": 8, "mlp_dim": 32}
TEXTS = np.random.default_rng(0).normal(size=(8, 12)).astype(np.float32)
BEFORE = Path(__file__).parents[2] / "data" / "suggester-1"


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


def tiny():
    return CPRFL(backbone_dim=24, text_dim=12, interaction="cross", dropout=0.0, **SIZES)


def given(patches, labels):
    return checked_collection(
        patches, labels, text_features=TEXTS, embeddings=None, zero_shot=None, names=None
    )


def trained(patches, labels, seed=0, epochs=12, **more):
    """Heads by fold, out-of-fold scores, and scores of all images."""
    trainer = FoldTrainer(
        snapshot_of(given(patches, labels)),
        ArrayPatches(patches),
        start_on_arrays(24, 12, tiny, seed),
        TrainingOptions(epochs=epochs, learning_rate=5e-3, seed=seed),
    )
    heads, held_out = trainer.train_folds(**more)
    heads[None] = trainer.train_all(**more)
    return heads, held_out, trainer.score(heads[None], held_out)


def test_folds_keep_equal_images_together_and_leave_out_images_without_labels(small):
    patches, truth, _ = small
    twice = np.concatenate([patches[:60], patches[:20]])
    labels = np.concatenate([truth[:60], truth[:20]])
    labels[5] = -1
    snapshot = snapshot_of(given(twice, labels))
    assert snapshot.image_ids.tolist() == [row for row in range(80) if row != 5]
    place = {row: at for at, row in enumerate(snapshot.image_ids.tolist())}
    assert all(snapshot.folds[place[row]] == snapshot.folds[place[row + 60]] for row in range(20) if row != 5)
    assert snapshot.fold_numbers == [0, 1, 2, 3, 4]


@pytest.mark.slow
def test_scores_of_an_image_come_from_heads_that_have_not_seen_it(small):
    patches, truth, _ = small
    heads, scores, _ = trained(patches, truth, epochs=1)
    changed = truth.copy()
    fold = snapshot_of(given(patches, truth)).folds
    row = int(np.flatnonzero(fold == 0)[0])
    changed[row, 7] = -1
    _, others, _ = trained(patches, changed, epochs=1)
    assert np.array_equal(others[fold == 0], scores[fold == 0])
    assert not np.array_equal(others[fold == 1], scores[fold == 1])
    assert list(heads) == [0, 1, 2, 3, 4, None]
    assert not np.array_equal(trained(patches, truth, seed=1, epochs=1)[1], scores)


@pytest.mark.slow
def test_it_learns_what_can_be_learned_and_outside_as_well_as_out_of_fold(small):
    patches, truth, _ = small
    heads, scores, _ = trained(patches[:100], truth[:100])
    outside = ScoringHeads.of(heads[None], TEXTS).scores(patches[100:])
    by_chance = truth.mean()
    assert np.nanmean(average_precision(scores, truth[:100])) > by_chance + 0.1
    assert np.nanmean(average_precision(outside, truth[100:])) > by_chance + 0.1


def test_images_without_labels_are_scored_by_the_head_of_all_labelled_ones(small):
    patches, truth, _ = small
    labels = truth.copy()
    labels[100:] = -1
    heads, held_out, scores = trained(patches, labels, epochs=1)
    values = scores.values.T.astype(float)
    np.testing.assert_array_equal(values[:100], held_out.astype(float))
    outside = ScoringHeads.of(heads[None], TEXTS).scores(patches[100:])
    np.testing.assert_allclose(values[100:], outside, atol=5e-3)
    assert (scores.folds[100:] == -1).all()


def test_training_leaves_the_global_generator_alone(small):
    patches, truth, _ = small
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    trained(patches[:30], truth[:30], epochs=1)
    assert torch.equal(torch.rand(3), expected)


def test_a_start_is_where_training_begins(small, monkeypatch):
    patches, truth, _ = small
    monkeypatch.setattr("cprfl_core.suggester.cprfl_part.judge_on", accepted)
    calls = []

    def start():
        calls.append(tiny())
        return calls[-1]

    options = TrainingOptions(epochs=1, learning_rate=1e-8)
    part = train_part(
        given(patches, truth),
        patches,
        seed=0,
        options=options,
        start=start,
        demanded=True,
        exact_limit=1000,
        should_stop=None,
    )
    assert len(calls) == 1
    fresh = calls[0].state_dict()
    for name, value in part.heads.heads[0].model.state_dict().items():
        torch.testing.assert_close(value, fresh[name], atol=1e-5, rtol=0)


def test_too_few_labelled_images_for_the_folds_are_refused(small):
    patches, truth, _ = small
    labels = np.full_like(truth, -1)
    labels[:2] = truth[:2]
    with pytest.raises(InputError, match="labels on 2 images"):
        Suggester(cprfl=True).fit(patches, labels, TEXTS)


def test_images_that_are_all_alike_leave_cprfl_out_unless_it_is_demanded(small):
    patches, _, _ = small
    alike = np.repeat(patches[:1], 120, axis=0)
    labels = (np.random.default_rng(0).random((120, 8)) < 0.5).astype(np.int8)
    assert Suggester().fit(alike, labels, TEXTS).verdict is None
    with pytest.raises(InputError, match="1 folds"):
        Suggester(cprfl=True).fit(alike, labels, TEXTS)


def test_stopped_before_every_fold_is_done_cprfl_is_left_out(small):
    patches, truth, _ = small
    learner = Suggester(cprfl=True, start=tiny).fit(patches, truth, TEXTS, should_stop=lambda: True)
    assert learner.verdict is None
    plain = Suggester(cprfl=False).fit(patches, truth, TEXTS)
    np.testing.assert_array_equal(learner.predict_proba(patches), plain.predict_proba(patches))


def test_heads_come_back_as_they_were_and_no_others(tmp_path, small):
    patches, truth, _ = small
    found, _, _ = trained(patches[:60], truth[:60], epochs=1)
    heads = ScoringHeads.of(found[None], TEXTS)
    digests = heads.save(tmp_path)
    again = ScoringHeads.load(tmp_path, digests)
    np.testing.assert_array_equal(again.scores(patches[:5]), heads.scores(patches[:5]))
    with pytest.raises(ModelFileError, match="not the head"):
        ScoringHeads.load(tmp_path, ["0" * 64])


@pytest.fixture(scope="module")
def judged():
    """A judge of scores [300, 12] as a part, beside learners that know the labels [300, 12]."""
    rows, _, truth = collection(4, images=300, categories=12)
    truth = truth.astype(np.int8)

    def judge(scores, labels=truth):
        texts = np.ones((12, 4))
        data = checked_collection(
            None, labels, text_features=texts, embeddings=rows, zero_shot=None, names=None
        )
        snapshot = snapshot_of(data)
        suggestions = HeldOutSuggestions(snapshot, np.arange(300), data.embeddings, None)
        part = TunedScores(np.arange(300), np.arange(12), scores.T.astype(np.float16), np.zeros(300, np.int8))
        return judge_on(snapshot, suggestions.scores(None), suggestions.scores(part))

    return judge, truth


@pytest.mark.slow
def test_a_part_that_knows_more_takes_part_and_noise_does_not(judged):
    judge, truth = judged
    noise = np.random.default_rng(0).normal(size=truth.shape)
    good = judge(truth * 3.0 + noise)
    assert good.earned
    assert good.bands[0].difference > 0.02
    assert good.sentence("Accepted", "Refused").startswith("Accepted: ")
    for seed in range(2):
        bad = judge(np.random.default_rng(seed).normal(size=truth.shape))
        assert not bad.earned
        assert bad.sentence("Accepted", "Refused").startswith("Refused: ")


def test_too_little_held_out_evidence_leaves_a_part_out(judged):
    judge, truth = judged
    few = np.full_like(truth, -1)
    few[:4] = truth[:4]
    found = judge(truth.astype(float), few)
    assert not found.earned
    assert found.reason.startswith("Too few labels to judge: 4 labelled images")


def accepted(*_):
    return PartVerdict(True, "tail rose.", 150, 300)


@pytest.mark.slow
def test_a_part_that_has_earned_its_place_is_heard_and_saved(tmp_path, small, monkeypatch):
    """With a judge that always says yes: what follows a verdict is looked at here, not the verdict."""
    patches, truth, _ = small
    monkeypatch.setattr("cprfl_core.suggester.cprfl_part.judge_on", accepted)
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
    assert again.verdict == learner.verdict
    np.testing.assert_allclose(again.predict_proba(patches), learner.predict_proba(patches), atol=1e-9)
    head = next((tmp_path / "made").glob("heads-*/head-0/*.json"))
    head.write_text(head.read_text().replace('"dim": 128', '"dim": 64'))
    with pytest.raises(ModelFileError):
        Suggester.load(tmp_path / "made")


def test_a_suggester_of_format_1_with_a_head_for_each_fold_still_loads(tmp_path):
    shutil.copytree(BEFORE, tmp_path / "made")
    (tmp_path / "made" / "expected.npz").unlink()
    learner = Suggester.load(tmp_path / "made")
    expected = np.load(BEFORE / "expected.npz")
    found = learner.predict_proba(expected["patches"])
    # Since then few no make a category less sure.
    unsure = learner.live.calibration().unsure
    wanted = expected["probabilities"] / (1 + unsure * expected["probabilities"])
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert (learner.verdict.earned, learner.verdict.reason) == (True, "Takes part: it gains in total.")
    learner.save(tmp_path / "again")
    again = Suggester.load(tmp_path / "again")
    assert again.verdict == learner.verdict
    np.testing.assert_allclose(again.predict_proba(expected["patches"]), found, atol=1e-9)

"""Tuning in the core: folds that stay apart, starts, runs that are taken up, files that are whole."""

import shutil

import numpy as np
import pytest
import torch

from cprfl_core.common.errors import FeatureStoreError, InputError, ModelFileError
from cprfl_core.evaluation.evidence import persistent_folds
from cprfl_core.evaluation.measures import measure
from cprfl_core.evaluation.metrics import average_precision
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import plain_basis, quantise
from cprfl_core.model.cprfl import CPRFL
from cprfl_core.model.model_files import load_model, save_model
from cprfl_core.training.training import TrainingOptions, train_on_patches
from cprfl_core.tuning.folds import TuningStoppedError
from cprfl_core.tuning.scores import TunedScores, standardised
from cprfl_core.tuning.scoring import score_images
from cprfl_core.tuning.snapshot import TuningSnapshot
from cprfl_core.tuning.tuning import Listener, tune_head

IMAGES, LABELLED, CATEGORIES, WIDTH, PATCHES, KEY = 50, 36, 4, 12, 4, "core-1"


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def store(tmp_path):
    rng = np.random.default_rng(0)
    tokens = rng.normal(size=(IMAGES, PATCHES, WIDTH)).astype(np.float32)
    made = FeatureStore(tmp_path / "features", key=KEY)
    made.set_basis(plain_basis((2, 2), WIDTH))
    vectors = tokens.mean(axis=1)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    made.append(np.arange(1, IMAGES + 1), np.arange(IMAGES), vectors, *quantise(tokens))
    return made


@pytest.fixture
def snapshot():
    rng = np.random.default_rng(1)
    labels = (rng.random((LABELLED, CATEGORIES)) < 0.4).astype(np.int8)
    labels[::5, 1] = -1
    folds, groups = persistent_folds(
        [f"{one:032x}" for one in range(LABELLED)], np.eye(LABELLED, dtype=np.float32)
    )
    return TuningSnapshot(
        image_ids=np.arange(1, LABELLED + 1),
        labels=labels,
        category_ids=np.array([3, 5, 8, 9]),
        names=("a", "b", "c", "d"),
        text=rng.normal(size=(CATEGORIES, WIDTH)).astype(np.float32),
        folds=folds.astype(np.int64),
        groups=groups.astype(np.int64),
        weights=np.ones(LABELLED),
    )


def changed(snapshot, **values):
    held = {name: getattr(snapshot, name) for name in snapshot.__dataclass_fields__}
    return TuningSnapshot(**held | values)


def tune(snapshot, store, folder, **more):
    return tune_head(snapshot, store, folder / "out", work=folder / "work", epochs=1, **more)


@pytest.mark.slow
def test_the_scores_of_a_held_out_image_do_not_depend_on_its_fold_s_labels(snapshot, store, tmp_path):
    fold = snapshot.fold_numbers[0]
    mine = snapshot.folds == fold
    turned = snapshot.labels.copy()
    turned[mine] = np.where(turned[mine] >= 0, 1 - turned[mine], -1)
    tune(snapshot, store, tmp_path / "a")
    tune(changed(snapshot, labels=turned), store, tmp_path / "b")
    first, second = (TunedScores.load(tmp_path / name / "out" / "scores.npy") for name in "ab")
    rows = np.flatnonzero(first.folds == fold)
    assert len(rows) == mine.sum()
    np.testing.assert_array_equal(first.values[:, rows], second.values[:, rows])
    others = np.flatnonzero(first.folds != fold)
    assert (first.values[:, others] != second.values[:, others]).any()


def test_images_without_labels_get_the_scores_of_the_head_of_all_images(snapshot, store, tmp_path):
    tune(snapshot, store, tmp_path)
    kept = TunedScores.load(tmp_path / "out" / "scores.npy")
    again = score_images(tmp_path / "out", store)
    free = kept.folds < 0
    assert free.sum() == IMAGES - LABELLED
    np.testing.assert_allclose(
        again.values[:, free].astype(float), kept.values[:, free].astype(float), atol=1e-3
    )
    some = score_images(tmp_path / "out", store, np.array([40, 45]))
    np.testing.assert_allclose(some.values.astype(float), kept.values[:, [39, 44]].astype(float), atol=1e-3)


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_to_the_same_numbers(snapshot, store, tmp_path):
    tune(snapshot, store, tmp_path / "whole")
    heard = []

    def stop():
        return len(heard) == 3

    listener = Listener(epoch=lambda part, _record, _epochs: heard.append(part.fold))
    with pytest.raises(TuningStoppedError):
        tune(snapshot, store, tmp_path / "cut", listener=listener, should_stop=stop)
    assert not (tmp_path / "cut" / "out").exists()
    heard.clear()
    tune(snapshot, store, tmp_path / "cut", listener=Listener(epoch=listener.epoch))
    assert heard == [*snapshot.fold_numbers[3:], None]
    whole, cut = (TunedScores.load(tmp_path / name / "out" / "scores.npy") for name in ("whole", "cut"))
    np.testing.assert_array_equal(whole.values, cut.values)
    assert load_model(tmp_path / "whole" / "out").model.arguments["text_dim"] == WIDTH


@pytest.mark.slow
def test_a_child_goes_on_from_the_heads_that_have_not_seen_their_fold(snapshot, store, tmp_path):
    first = tune(snapshot, store, tmp_path / "a")
    later = changed(
        snapshot,
        category_ids=np.array([3, 5, 8, 9, 12]),
        names=("a", "b", "c", "d", "e"),
        text=np.vstack([snapshot.text, np.ones(WIDTH, np.float32)]),
        labels=np.hstack([snapshot.labels, np.full((LABELLED, 1), -1, np.int8)]),
    )
    second = tune(later, store, tmp_path / "b", parent=first.folder)
    assert second.facts.start == "the active version"
    assert second.facts.categories == 5
    # Flipping a fold's labels in parent and child alike leaves that fold's scores alone.
    fold = snapshot.fold_numbers[1]
    mine = snapshot.folds == fold
    turned = later.labels.copy()
    turned[mine] = np.where(turned[mine] >= 0, 1 - turned[mine], -1)
    parent = tune(changed(snapshot, labels=turned[:, :4]), store, tmp_path / "c")
    tune(changed(later, labels=turned), store, tmp_path / "d", parent=parent.folder)
    b, d = (TunedScores.load(tmp_path / name / "out" / "scores.npy") for name in "bd")
    rows = np.flatnonzero(b.folds == fold)
    np.testing.assert_array_equal(b.values[:, rows], d.values[:, rows])


def pretrained_head(store, labels):
    """A head that knows labels: as if it had been pretrained well, or badly for turned ones."""
    torch.manual_seed(0)
    sizes = {"dim": 16, "heads": 2, "dim_head": 8, "mlp_dim": 16, "interaction": "cross"}
    head = CPRFL(backbone_dim=WIDTH, text_dim=WIDTH, **sizes)
    tokens = store.patch_tokens(np.arange(1, LABELLED + 1))
    text = np.random.default_rng(1).normal(size=(CATEGORIES, WIDTH)).astype(np.float32)
    options = TrainingOptions(epochs=60, learning_rate=1e-2, ema=0.0, loss="bce")
    return train_on_patches(head, tokens, labels, text, options=options).model


@pytest.mark.slow
def test_the_start_is_whichever_head_ranks_the_labelled_images_better(snapshot, store, tmp_path):
    text = np.random.default_rng(1).normal(size=(CATEGORIES, WIDTH)).astype(np.float32)
    known = changed(snapshot, text=text)
    turned = np.where(snapshot.labels >= 0, 1 - snapshot.labels, -1)
    for name, labels, key in (
        ("good", snapshot.labels, KEY),
        ("bad", turned, KEY),
        ("strange", snapshot.labels, "other"),
    ):
        card = {"backbone": key, "basis": store.basis.key, "tokens": "patches"}
        save_model(tmp_path / name, pretrained_head(store, labels), card=card)
    by_text, pretrained = "the text score of the backbone", "the pretrained head of the backbone"
    warned = []
    listener = Listener(warning=warned.append)
    for name, start in (("good", pretrained), ("bad", by_text), ("strange", by_text)):
        place = tmp_path / name
        found = tune(known, store, place / "run", pretrained=place, listener=listener)
        assert found.facts.start == start, name
    assert len(warned) == 1
    assert "belongs to the backbone other" in warned[0]


@pytest.mark.slow
def test_a_parent_of_other_features_or_with_a_lost_head_is_not_started_from(snapshot, store, tmp_path):
    first = tune(snapshot, store, tmp_path / "a")
    shutil.rmtree(first.folder / f"fold-{snapshot.fold_numbers[0]}")
    warned = []
    second = tune(
        snapshot, store, tmp_path / "b", parent=first.folder, listener=Listener(warning=warned.append)
    )
    assert second.facts.start == "the text score of the backbone"
    assert "no head for fold" in warned[0]


def test_what_is_tuned_and_why_is_told(snapshot, store, tmp_path):
    found = tune(snapshot, store, tmp_path)
    assert found.facts.tuned.startswith("prompts alone, because 36 images with")
    card = load_model(found.folder).card
    assert card["tuned"] == found.facts.tuned
    assert card["category_ids"] == [3, 5, 8, 9]
    assert len(card["curves"]) == len(snapshot.fold_numbers) + 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"labels": np.zeros((LABELLED, CATEGORIES), np.int8)}, "0 yes"),
        ({"folds": np.zeros(LABELLED, np.int64)}, "1 folds"),
        ({"text": np.full((CATEGORIES, WIDTH), np.nan, np.float32)}, "NaN"),
    ],
)
def test_too_little_to_tune_on_is_one_sentence(snapshot, store, tmp_path, values, sentence):
    with pytest.raises(InputError, match=sentence):
        tune(changed(snapshot, **values), store, tmp_path)
    assert not (tmp_path / "out").exists()


def test_images_without_patch_tokens_are_named(snapshot, store, tmp_path):
    with pytest.raises(FeatureStoreError, match="index again"):
        tune(changed(snapshot, image_ids=np.arange(900, 900 + LABELLED)), store, tmp_path)
    with pytest.raises(FeatureStoreError, match="no patch tokens"):
        tune(snapshot, FeatureStore(tmp_path / "empty"), tmp_path)


def test_a_snapshot_comes_back_as_it_was_and_a_damaged_one_is_refused(snapshot, tmp_path):
    path = tmp_path / "snapshot"
    snapshot.save(path)
    back = TuningSnapshot.load(path)
    for name in ("image_ids", "labels", "category_ids", "text", "folds", "groups", "weights"):
        np.testing.assert_array_equal(getattr(back, name), getattr(snapshot, name))
    assert (back.names, back.cuts) == (snapshot.names, snapshot.cuts)
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match="checksum"):
        TuningSnapshot.load(path)
    with pytest.raises(InputError, match="cannot be read"):
        TuningSnapshot.load(tmp_path / "nowhere")
    with pytest.raises(InputError, match="do not belong together"):
        changed(snapshot, names=("a",))


def test_scores_know_what_they_belong_to(tmp_path):
    values = np.arange(6, dtype=np.float16).reshape(2, 3)
    made = TunedScores(np.array([4, 7, 9]), np.array([1, 2]), values, np.array([-1, 0, 1], np.int8))
    made.save(tmp_path / "1.npy")
    back = TunedScores.load(tmp_path / "1.npy")
    found = back.matrix(np.array([7, 8, 9, 100]), np.array([2, 5]))
    np.testing.assert_array_equal(found[:, 0], [4, np.nan, 5, np.nan])
    assert np.isnan(found[:, 1]).all()
    np.save(tmp_path / "1.npy", values[::-1])
    with pytest.raises(ModelFileError, match="not what was written"):
        TunedScores.load(tmp_path / "1.npy")
    (tmp_path / "1.npy").unlink()
    with pytest.raises(ModelFileError, match="are gone"):
        TunedScores.load(tmp_path / "1.npy")


def test_standardised_scores_are_in_units_of_the_spread_and_always_finite():
    raw = np.array([[3.0, 5.0], [1e9, 5.0]], np.float32)
    found = standardised(raw, np.array([1.0, 5.0], np.float32), np.array([2.0, 0.0], np.float32))
    assert found[0].tolist() == [1.0, 0.0]
    assert np.isfinite(found).all()


def test_measures_agree_with_average_precision_and_lie_within_their_interval():
    rng = np.random.default_rng(0)
    truth = (rng.random((200, 5)) < [0.6, 0.3, 0.2, 0.1, 0.005]).astype(np.int8)
    scores = truth + rng.normal(size=truth.shape)
    bands, by_category = measure(scores, truth, positives=truth.sum(axis=0))
    expected = average_precision(scores, truth)
    judged = truth.sum(axis=0) >= 3
    np.testing.assert_allclose(by_category[judged], expected[judged])
    assert np.isnan(by_category[~judged]).all()
    total = bands[0]
    assert total.band == "total"
    assert total.value == pytest.approx(expected[judged].mean())
    assert total.low < total.value < total.high
    assert measure(scores, np.full_like(truth, -1), positives=np.zeros(5))[0] == ()
    with pytest.raises(InputError, match="NaN or infinity"):
        measure(scores * np.nan, truth, positives=truth.sum(axis=0))

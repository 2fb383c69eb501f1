"""The suggester as a whole, on simulated collections: its contract, its edges, its files."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from test_blend import collection

from cprfl_core import Suggester
from cprfl_core.calibration.pooled_curve import COLD_CURVE
from cprfl_core.common.errors import InputError, ModelFileError
from cprfl_core.evaluation.metrics import average_precision
from cprfl_core.training.options import TrainingOptions

EVERY = np.arange(200)
QUICK = TrainingOptions(epochs=1, learning_rate=1e-3)


@pytest.fixture(scope="module")
def small():
    """Patches [200, 4, 48] whose mean is the embedding, text scores [200, 6], truth [200, 6]."""
    rows, text, truth = collection(0, images=200, categories=6)
    noise = np.random.default_rng(1).normal(size=(200, 4, 48)) * 0.1
    patches = rows[:, None] + noise - noise.mean(axis=1, keepdims=True)
    return patches.astype(np.float32), text.astype(np.float32), truth.astype(np.int8)


@pytest.fixture
def one_thread():
    """Steps as small as these only wait for each other on several threads."""
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def partly(truth, seed=2, share=0.6):
    """Labels with unknown entries."""
    known = np.random.default_rng(seed).random(truth.shape) < share
    return np.where(known, truth, -1).astype(np.int8)


def fitted(small, labels=None, **more):
    patches, text, truth = small
    return Suggester(cprfl=False).fit(
        patches, partly(truth) if labels is None else labels, zero_shot=text, **more
    )


def test_it_learns_from_patches_and_labels_and_tells_probabilities(small):
    patches, text, truth = small
    labels = np.where(EVERY[:, None] < 100, truth, -1)
    chance = fitted(small, labels).predict_proba(patches[100:], zero_shot=text[100:])
    assert chance.shape == (100, 6)
    assert ((chance > 0) & (chance < 1)).all()
    assert chance.mean() == pytest.approx(truth[100:].mean(), rel=0.3)
    before = Suggester().fit(patches, np.full_like(truth, -1), zero_shot=text)
    untaught = before.predict_proba(patches[100:], zero_shot=text[100:])
    gain = average_precision(chance, truth[100:]) - average_precision(untaught, truth[100:])
    assert np.nanmean(gain) > 0.1


def test_embeddings_are_the_mean_of_the_patches_unless_given(small):
    patches, text, _ = small
    given = fitted(small, embeddings=patches.astype(np.float64).mean(axis=1))
    np.testing.assert_array_equal(
        given.predict_proba(patches, zero_shot=text), fitted(small).predict_proba(patches, zero_shot=text)
    )
    other = fitted(small, embeddings=patches[:, 0])
    vectors = other.predict_proba(None, embeddings=patches[:, 0], zero_shot=text)
    np.testing.assert_array_equal(
        other.predict_proba(patches, embeddings=patches[:, 0], zero_shot=text), vectors
    )


def test_a_label_of_the_image_itself_counts_like_any_other_and_an_unknown_one_not_at_all(small):
    patches, text, truth = small
    labels = partly(truth)
    silent = labels.copy()
    silent[:, 2] = -1
    without = fitted(small, silent)
    start = Suggester().fit(patches, np.full_like(truth, -1), zero_shot=text)
    np.testing.assert_array_equal(
        without.predict_proba(patches, zero_shot=text)[:, 2],
        start.predict_proba(patches, zero_shot=text)[:, 2],
    )


def test_taking_a_decision_back_restores_every_score(small):
    patches, text, truth = small
    learner = fitted(small)
    before = learner.predict_proba(patches, zero_shot=text)
    stranger = np.random.default_rng(3).normal(size=48) * 0.15
    decisions = [
        (patches[EVERY[5]].mean(axis=0), 1, 1, partly(truth)[5, 1]),
        (patches[9].astype(float).mean(axis=0), "3", 0, partly(truth)[9, 3]),
        (stranger, 2, 1, -1),
    ]
    for vector, category, state, past in decisions:
        learner.update(vector, category, 1 - state if past == state else state)
        assert not np.allclose(learner.predict_proba(patches, zero_shot=text), before, atol=1e-9)
        learner.update(vector, category, int(past))
        np.testing.assert_allclose(learner.predict_proba(patches, zero_shot=text), before, atol=1e-9)
    assert learner.live.images == 201


def test_decisions_one_by_one_equal_a_fit_on_all_of_them(small):
    patches, text, truth = small
    labels = partly(truth)
    fewer = labels.copy()
    fewer[:20] = -1
    learner = fitted(small, fewer)
    for row in range(20):
        for category in np.flatnonzero(labels[row] >= 0):
            learner.update(patches[row].astype(float).mean(axis=0), int(category), int(labels[row, category]))
    np.testing.assert_allclose(
        learner.predict_proba(patches, zero_shot=text),
        fitted(small, labels).predict_proba(patches, zero_shot=text),
        atol=1e-9,
    )


def aligned(small):
    """A suggester whose text scores are cosines of embeddings and texts, and those texts."""
    patches, _, truth = small
    rows = patches.astype(np.float64).mean(axis=1)
    texts = np.stack([rows[truth[:, c] == 1].mean(axis=0) for c in range(6)]).astype(np.float32)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    cosine = unit @ (texts / np.linalg.norm(texts, axis=1, keepdims=True)).T
    learner = Suggester(cprfl=False).fit(
        patches, partly(truth), texts, zero_shot=cosine, names=list("abcdef")
    )
    return learner, texts, cosine


def test_a_category_that_comes_later_speaks_from_its_text_and_leaves_the_others_alone(small):
    patches, _, truth = small
    learner, texts, cosine = aligned(small)
    before = learner.predict_proba(patches)
    np.testing.assert_allclose(learner.predict_proba(patches, zero_shot=cosine), before, atol=1e-6)
    assert learner.add_category("later", texts[0] + texts[1]) == 6
    after = learner.predict_proba(patches)
    # In float32 a matrix product of seven columns may round otherwise than one of six.
    np.testing.assert_allclose(after[:, :6], before, rtol=1e-4, atol=1e-9)
    expected = average_precision(after[:, 6:], (truth[:, :2].max(axis=1, keepdims=True)))
    assert expected[0] > 0.5
    for row in np.flatnonzero(truth[:, 0])[:3]:
        learner.update(patches[row].astype(float).mean(axis=0), "later", 1)
    assert learner.names == (*"abcdef", "later")
    np.testing.assert_allclose(learner.predict_proba(patches)[:, :6], before, rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize("positives", [0, 1, 3, 10])
def test_from_a_cold_start_more_examples_are_better(positives, small):
    rows, text, truth = collection(21, images=600, categories=12, text_noise=3.0)
    labels = np.full((400, 12), -1, dtype=np.int8)
    labels[:40] = truth[:40]
    for category in range(12):
        yes = np.flatnonzero(truth[:400, category])[:positives]
        labels[:, category][truth[:400, category] == 1] = -1
        labels[yes, category] = 1
    learner = Suggester(cprfl=False).fit(None, labels, embeddings=rows[:400], zero_shot=text[:400])
    chance = learner.predict_proba(None, embeddings=rows[400:], zero_shot=text[400:])
    found = np.nanmean(average_precision(chance, truth[400:]))
    least = {0: 0.30, 1: 0.33, 3: 0.42, 10: 0.52}
    assert found > least[positives]
    assert learner.enough.tolist() == [bool(n >= 3) for n in (labels == 1).sum(axis=0)]


@pytest.mark.parametrize("fill", [-1, 0, 1])
def test_one_sided_labels_have_a_defined_answer(small, fill):
    patches, text, truth = small
    for learner in (
        fitted(small, np.full_like(truth, fill)),
        Suggester().fit(patches, np.full_like(truth, fill)),
    ):
        shown = text if learner.live.calibration().slopes is not None else None
        chance = learner.predict_proba(patches[:7], zero_shot=shown[:7])
        assert np.isfinite(chance).all()
        assert ((chance > 0) & (chance < 1)).all()
        if fill == 0:
            assert chance.max() < 0.05


def test_without_text_and_without_labels_every_image_has_the_prior_share(small):
    patches, _, truth = small
    chance = Suggester().fit(patches, np.full_like(truth, -1)).predict_proba(patches)
    assert np.ptp(chance) == 0
    logit = COLD_CURVE[1] + COLD_CURVE[0] * -4.7
    assert chance[0, 0] == pytest.approx(1 / (2 + np.exp(-logit)))  # half of it at most: there is no evidence


def test_one_category_and_one_image_are_enough(small):
    patches, _, truth = small
    one = Suggester().fit(patches, truth[:, :1])
    assert one.predict_proba(patches).shape == (200, 1)
    lone = Suggester().fit(patches[:1], [[1]])
    assert np.isfinite(lone.predict_proba(patches[:3])).all()
    assert lone.predict_proba(patches[:0]).shape == (0, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": np.full((200, 6), 2)}, "yes"),
        ({"labels": np.zeros((199, 6))}, "199"),
        ({"labels": np.zeros((200, 0))}, "at least one"),
        ({"embeddings": np.zeros((150, 48))}, "150 embeddings"),
        ({"embeddings": np.full((200, 48), np.nan)}, "NaN"),
        ({"embeddings": np.full((200, 48), np.inf)}, "infinity"),
        ({"patches": np.full((200, 4, 48), np.inf)}, "infinity"),
        ({"patches": np.zeros((200, 48))}, "images, patches, width"),
        ({"text_features": np.zeros((5, 8))}, "5 text features"),
        ({"zero_shot": np.zeros((200, 5))}, "must be"),
        ({"zero_shot": np.where(np.eye(200, 6) > 0, np.nan, 0)}, "NaN on all"),
        ({"names": ["a"] * 6}, "different names"),
    ],
)
def test_what_does_not_fit_is_refused_and_named(small, change, words):
    patches, text, truth = small
    given = {"patches": patches, "labels": truth, "zero_shot": text} | change
    with pytest.raises(InputError, match=words):
        Suggester(cprfl=False).fit(**given)


def test_what_cannot_be_predicted_or_followed_is_refused(small):
    patches, text, _ = small
    learner = fitted(small)
    with pytest.raises(InputError, match="fit first"):
        Suggester().predict_proba(patches)
    with pytest.raises(InputError, match="give zero_shot"):
        learner.predict_proba(patches)
    with pytest.raises(InputError, match="width 3"):
        learner.predict_proba(None, embeddings=np.zeros((2, 3)), zero_shot=text[:2])
    with pytest.raises(InputError, match="patches, embeddings"):
        learner.predict_proba(None)
    with pytest.raises(InputError, match="finite numbers"):
        learner.update(np.full(48, np.nan), 0, 1)
    with pytest.raises(InputError, match="A label is"):
        learner.update(patches[0].mean(axis=0), 0, 2)
    with pytest.raises(InputError, match="no category 'x'"):
        learner.update(patches[0].mean(axis=0), "x", 1)
    with pytest.raises(InputError, match="Categories go"):
        learner.update(patches[0].mean(axis=0), 6, 1)
    with pytest.raises(InputError, match="already"):
        learner.add_category("3")


def test_thresholds_come_with_examples_enough_and_tell_what_they_cost(small):
    _, _, truth = small
    learner = fitted(small, np.where(EVERY[:, None] < 120, truth, -1))
    frequent = int(truth[:120].sum(axis=0).argmax())
    best = learner.threshold(frequent)
    assert 0 < best < 1
    strict = learner.threshold(frequent, precision=0.7)
    assert strict is None or strict > 0
    told = learner.auto_accept(frequent, best)
    chance = learner.live.probabilities(frequent)[120:]
    assert told.accepted == (chance >= best).sum()
    assert told.errors == pytest.approx((1 - chance[chance >= best]).sum())
    assert told.errors_high >= told.errors
    assert fitted(small, np.full_like(truth, -1)).threshold(frequent) is None


def test_saved_and_loaded_it_says_the_same_and_goes_on(tmp_path, small):
    patches, _, _ = small
    learner, texts, _ = aligned(small)
    learner.add_category("later", texts[0])
    learner.update(np.random.default_rng(5).normal(size=48), "later", 1)
    learner.update(patches[3].astype(float).mean(axis=0), "later", 0)
    learner.save(tmp_path / "made")
    again = Suggester.load(tmp_path / "made")
    assert again.names == learner.names
    np.testing.assert_allclose(again.predict_proba(patches), learner.predict_proba(patches), atol=1e-9)
    for one in (again, learner):
        one.update(patches[4].astype(float).mean(axis=0), "b", 1)
    np.testing.assert_allclose(again.predict_proba(patches), learner.predict_proba(patches), atol=1e-9)
    again.save(tmp_path / "made")  # over the first: one file of each kind remains
    assert len(list((tmp_path / "made").iterdir())) == 2


def test_files_that_are_not_what_was_written_are_refused(tmp_path, small):
    fitted(small).save(tmp_path / "sound")
    document = tmp_path / "sound" / "suggester.json"
    tensors = next((tmp_path / "sound").glob("*.safetensors"))

    def spoiled(name, change):
        folder = tmp_path / name
        shutil.copytree(tmp_path / "sound", folder)
        change(folder)
        with pytest.raises(ModelFileError) as told:
            Suggester.load(folder)
        return str(told.value)

    def flip(folder):
        data = bytearray((folder / tensors.name).read_bytes())
        data[-9] ^= 1
        (folder / tensors.name).write_bytes(data)

    def rewrite(**new):
        return lambda folder: (folder / "suggester.json").write_text(
            json.dumps(json.loads(document.read_text()) | new)
        )

    assert "not what was written" in spoiled("flipped", flip)
    assert "not what was written" in spoiled("renamed", rewrite(names=list("uvwxyz")))
    assert "version 3" in spoiled("newer", rewrite(version=3))
    assert "does not describe" in spoiled("other", rewrite(format="x"))
    assert "does not name" in spoiled("outside", rewrite(arrays="../x.safetensors"))
    assert "There is no" in spoiled("half", lambda folder: (folder / tensors.name).unlink())
    assert "There is no" in spoiled("none", lambda folder: (folder / "suggester.json").unlink())
    assert "not JSON" in spoiled("torn", lambda folder: (folder / "suggester.json").write_text("{"))
    (tmp_path / "a.pkl").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelFileError, match="pickle"):
        Suggester.load(tmp_path / "a.pkl")
    with pytest.raises(ModelFileError, match="give a folder"):
        fitted(small).save(tmp_path / "b.safetensors")


@pytest.mark.slow
def test_without_cprfl_it_needs_no_torch():
    code = (
        "import numpy as np, sys\nfrom cprfl_core import Suggester\n"
        "x = np.random.default_rng(0).normal(size=(30, 2, 8))\n"
        "s = Suggester().fit(x, (x[:, 0, :2] > 0).astype(int), np.ones((2, 4)))\n"
        "s.predict_proba(x); s.update(x[0].mean(axis=0), 0, 1); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_with_few_labels_cprfl_is_not_tried_and_without_texts_it_cannot_be_demanded(small):
    patches, _, truth = small
    assert Suggester().fit(patches[:20], truth[:20], np.ones((6, 8))).verdict is None
    with pytest.raises(InputError, match="without texts"):
        Suggester(cprfl=True).fit(patches, truth)
    with pytest.raises(InputError, match="without patches"):
        Suggester(cprfl=True).fit(None, truth, np.ones((6, 8)), embeddings=patches[:, 0])


@pytest.mark.slow
def test_cprfl_is_judged_out_of_fold_and_the_same_seed_gives_the_same(small, one_thread):
    patches, text, truth = small
    texts = np.random.default_rng(0).normal(size=(6, 8))
    found = []
    for _ in range(2):
        learner = Suggester(cprfl=True, options=QUICK).fit(patches, truth, texts, zero_shot=text, seed=1)
        assert learner.verdict.bands[0].band == "total"
        found.append((learner.verdict, learner.predict_proba(patches, zero_shot=text)))
    assert found[0][0] == found[1][0]
    assert np.array_equal(found[0][1], found[1][1])

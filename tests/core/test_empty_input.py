"""Nothing given, or one of each: results of full shape, or one sentence; never an error of NumPy or torch."""

import itertools
import re

import numpy as np
import pytest
import torch

from cprfl_core import CPRFL, Suggester, asymmetric_loss, average_precision, long_tail_report
from cprfl_core.calibration.platt import fit_calibration
from cprfl_core.calibration.reliability import expected_calibration_error, reliability_by_band
from cprfl_core.common.errors import CoreError, InputError
from cprfl_core.evaluation.evidence import (
    inclusion_weights,
    persistent_folds,
    weighted_average_precision,
)
from cprfl_core.evaluation.gate import judge
from cprfl_core.evaluation.measures import measure
from cprfl_core.evaluation.metrics import mean_average_precision
from cprfl_core.evaluation.queues import (
    centred_units,
    label_surprise,
    near_duplicates,
    review_values,
    spread_out,
)
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import dequantise, fit_basis, plain_basis, quantise
from cprfl_core.live.learner import LiveLearner
from cprfl_core.live.thresholds import estimate_thresholds
from cprfl_core.model.text_init import aligned_start, fit_projection
from cprfl_core.tuning.scores import TunedScores

SIZES = list(itertools.product((0, 1, 3), (0, 1, 3)))
FILLS = {"unknown": -1, "no": 0, "yes": 1}
WIDTH = 4


def labels_of(images: int, categories: int, fill: str) -> np.ndarray:
    return np.full((images, categories), FILLS[fill], np.int8)


def rows_of(images: int, width: int = WIDTH) -> np.ndarray:
    return np.random.default_rng(images).normal(size=(images, width)).astype(np.float32)


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize(("images", "categories"), SIZES)
def test_metrics_queues_and_evidence_have_their_full_shape(images, categories, fill):
    labels = labels_of(images, categories, fill)
    scores = np.random.default_rng(0).random((images, categories))
    positives = (labels == 1).sum(axis=0)
    ap = average_precision(scores, labels)
    assert ap.shape == (categories,)
    report = long_tail_report(ap, positives)
    assert set(report) == {"total", "head", "medium", "tail", "absent"}
    assert isinstance(mean_average_precision(scores, labels), float)
    assert fit_calibration(scores, labels).probabilities(scores).shape == (images, categories)
    expected_calibration_error(scores, labels)
    reliability_by_band(scores, labels, positives)
    assert not judge(scores, scores, labels, positives=positives).earned
    _, by_category = measure(scores, labels, positives=positives)
    assert by_category.shape == (categories,)
    assert review_values(scores, positives, np.zeros(images, bool)).shape == (images,)
    units = centred_units(rows_of(images), np.zeros(WIDTH))
    assert units.shape == (images, WIDTH)
    assert near_duplicates(units).shape == (images,)
    assert spread_out(np.zeros(images), units, 5).shape == (min(5, images),)
    assert [part.shape for part in persistent_folds([str(i) for i in range(images)], units)] == [
        (images,)
    ] * 2
    assert inclusion_weights(np.full(images, np.nan)).shape == (images,)
    for column in range(categories):
        assert label_surprise(scores[:, column], labels[:, column], units).shape == (images,)


def test_the_average_precision_of_no_image_is_unknown_under_every_weighting():
    assert np.isnan(weighted_average_precision([], [], np.ones((3, 0)))).tolist() == [True] * 3


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("text", [False, True], ids=["no text", "text"])
@pytest.mark.parametrize(("images", "categories"), SIZES)
def test_the_live_learner_has_full_shapes_or_says_what_it_needs(images, categories, text, fill):
    vectors, labels = rows_of(images), labels_of(images, categories, fill)
    cosines = vectors @ rows_of(categories).T if text else None
    if not images:
        with pytest.raises(InputError, match="at least one image"):
            LiveLearner(vectors, cosines, categories=categories)
        return
    learner = LiveLearner(vectors, cosines, categories=categories)
    for states in (np.full_like(labels, -1), labels):
        learner.set_states(states)
        learner.refresh()
        np.testing.assert_array_equal(learner.all_states(), states)
        every = np.arange(images)
        assert learner.probabilities_rows(every).shape == (images, categories)
        assert [part.shape for part in learner.suggest_rows([])] == [(0, categories)] * 2
        assert learner.probabilities_embeddings(np.zeros((0, WIDTH))).shape == (0, categories)
        assert all(learner.probabilities(c).shape == (images,) for c in range(categories))
        assert outcome(estimate_thresholds(learner)).shape == (categories,)
    learner.set_tuned(np.full((images, categories), np.nan))
    assert learner.extend(np.zeros((0, WIDTH))).shape == (0,)
    learner.add_category(None)
    assert learner.scores_rows(np.arange(images)).shape == (images, categories + 1)
    assert learner.all_states().shape == (images, categories + 1)


def outcome(steps):
    """What a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize(("images", "categories"), SIZES)
def test_a_suggester_of_nothing_says_so_and_one_of_each_is_enough(images, categories, fill):
    patches = np.random.default_rng(1).normal(size=(images, 2, WIDTH))
    suggester = Suggester(cprfl=False)
    if not images or not categories:
        with pytest.raises(InputError, match="at least one of each"):
            suggester.fit(patches, labels_of(images, categories, fill))
        return
    suggester.fit(patches, labels_of(images, categories, fill), rows_of(categories))
    assert suggester.predict_proba(patches).shape == (images, categories)
    assert suggester.predict_proba(patches[:0]).shape == (0, categories)
    assert suggester.threshold(0, 0.9) is None


@pytest.mark.parametrize(("images", "categories"), SIZES)
def test_tuned_scores_keep_their_shape_on_the_disk(tmp_path, images, categories):
    values = np.zeros((categories, images), np.float16)
    scores = TunedScores(np.arange(images), np.arange(categories), values, np.zeros(images, np.int64))
    scores.save(tmp_path / "scores.npy")
    loaded = TunedScores.load(tmp_path / "scores.npy")
    assert loaded.values.shape == (categories, images)
    for wanted in ((0, 2), (2, 0), (2, 2)):
        assert loaded.matrix(np.arange(wanted[0]), np.arange(wanted[1])).shape == wanted


@pytest.mark.parametrize("mode", ["joint", "cross"])
@pytest.mark.parametrize(("images", "categories"), SIZES)
def test_cprfl_scores_no_image_and_asks_for_a_category(mode, images, categories):
    model = CPRFL(WIDTH, WIDTH, 8, 2, 4, 8, interaction=mode).eval()
    patches, text = torch.zeros(images, 2, WIDTH), torch.ones(categories, WIDTH)
    if not categories:
        for call in (lambda: model(patches, text), lambda: model.fold(text)):
            with pytest.raises(InputError, match="There are no categories"):
                call()
        return
    assert model(patches, text).shape == (images, categories)
    assert model.fold(text)(patches).shape == (images, categories)
    assert model.attention(patches, text).shape == (images, categories, 2)


@pytest.mark.parametrize("shape", [(0, 2, WIDTH), (2, 0, WIDTH), (0, 0, WIDTH)])
def test_a_projection_and_an_aligned_start_ask_for_images_and_patches(shape):
    patches, embeddings = torch.zeros(shape), torch.ones(shape[0], WIDTH)
    with pytest.raises(InputError, match=re.escape(str(list(shape)))):
        fit_projection(patches, embeddings)
    with pytest.raises(CoreError):
        aligned_start(patches, embeddings, torch.ones(1, WIDTH))


@pytest.mark.parametrize(("images", "categories"), [(0, 0), (0, 2), (2, 0)])
def test_a_loss_over_nothing_is_refused(images, categories):
    with pytest.raises(InputError, match="neither empty"):
        asymmetric_loss(torch.zeros(images, categories), torch.zeros(images, categories))


@pytest.mark.parametrize("samples", [[], [np.zeros((0, 8))], [np.zeros((0, 8)), np.zeros((0, 8))]])
def test_a_token_basis_needs_a_token(samples):
    with pytest.raises(InputError, match="no patch tokens"):
        fit_basis(plain_basis((2, 2), 8), samples, width=4)


def test_a_token_basis_comes_of_one_token_and_passes_over_images_without_any():
    token = np.arange(8.0)[None]
    found = fit_basis(plain_basis((1, 1), 8), [np.zeros((0, 8)), token], width=4)
    assert found.shape == (1, 4)
    assert found.sampled == 1
    np.testing.assert_allclose(found.restore(found.reduce(token[None])), token[None], atol=1e-5)


def test_no_tokens_are_quantised_and_back():
    values, scales = quantise(np.zeros((0, 4, 3)))
    assert (values.shape, scales.shape) == ((0, 4, 3), (0, 4))
    assert dequantise(values, scales).shape == (0, 4, 3)


def test_an_emptied_store_gives_tables_of_its_width(tmp_path):
    store = FeatureStore(tmp_path, key="k")
    assert store.load_text()[1].shape == (0, 0)
    store.append([1], [1], np.zeros((1, WIDTH)))
    assert store.embeddings([]).shape == (0, WIDTH)
    assert store.load_text()[1].shape == (0, WIDTH)
    for shard in (tmp_path / "shards").iterdir():
        shard.unlink()
    again = FeatureStore(tmp_path, key="k")
    assert again.table().embeddings.shape == (0, WIDTH)
    assert again.load_text()[1].shape == (0, WIDTH)

"""Live suggestions where a collection is so large that not everything follows each decision."""

import gc
import weakref

import numpy as np
import pytest

from app.domain.categories import Category
from app.domain.changes import ChangeSet, LabelChange
from app.domain.labels import LabelState
from app.services.suggestions import collection_space, suggestions
from app.services.suggestions.suggestions import LiveSuggestions
from app.services.suggestions.text_scores import PromptTexts
from cprfl_core.closed_form import nystroem_features
from cprfl_core.common import mapped_arrays
from cprfl_core.common.mapped_arrays import is_mapped
from cprfl_core.evaluation.queues import centred_units
from cprfl_core.live import evidence as live_evidence
from cprfl_core.live import label_matrix, text_scores

IMAGES, CATEGORIES = 400, 5


def made(monkeypatch=None):
    rng = np.random.default_rng(0)
    truth = (rng.random((IMAGES, CATEGORIES)) < [0.5, 0.3, 0.2, 0.1, 0.05]).astype(np.int8)
    things = rng.normal(size=(CATEGORIES, 16))
    vectors = truth @ things + rng.normal(size=(IMAGES, 16)) + 2
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    text = things / np.linalg.norm(things, axis=1, keepdims=True)
    states = np.full(truth.shape, -1, dtype=np.int8)
    states[:200] = truth[:200]
    if monkeypatch is not None:
        for module in (suggestions, collection_space):
            monkeypatch.setattr(module, "SMALL_COLLECTION", 100)
        monkeypatch.setattr(live_evidence, "EXACT_ENTRIES", 500)
    categories = [Category(c + 1, f"c{c}") for c in range(CATEGORIES)]
    live = LiveSuggestions(np.arange(1, IMAGES + 1), vectors, categories, text.astype(np.float32), states)
    return live, vectors, text.astype(np.float32), truth


def said(image_id, category_id, state=LabelState.YES, before=LabelState.UNKNOWN):
    return ChangeSet(labels=(LabelChange(image_id, category_id, before, state),))


def test_embeddings_held_once_give_the_same_units_vectors_and_cosines(monkeypatch):
    live, vectors, text, _ = made(monkeypatch)
    assert live._space.vectors.base is not None  # read from a file
    np.testing.assert_allclose(
        live.units(np.arange(len(vectors))), centred_units(vectors, live.centre), atol=1e-5
    )
    np.testing.assert_allclose(live.vectors, vectors, atol=1e-5)
    texts = PromptTexts(text.astype(np.float32))
    np.testing.assert_allclose(live._space.scores(texts.only([2])), texts.scores(vectors)[:, 2:3], atol=1e-5)


def test_scores_are_those_of_a_small_collection(monkeypatch):
    large, small = made(monkeypatch)[0], None
    monkeypatch.undo()
    small = made()[0]
    for one, other in zip(large.for_images([3, 300]), small.for_images([3, 300]), strict=True):
        assert [s.category_id for s in one] == [s.category_id for s in other]
        np.testing.assert_allclose([s.probability for s in one], [s.probability for s in other], atol=1e-9)
        # All of its images are looked at, so the estimate is the threshold itself.
        np.testing.assert_allclose([s.threshold for s in one], [s.threshold for s in other], atol=1e-6)


def test_a_decision_asks_for_no_category_over_the_whole_collection(monkeypatch):
    live, *_ = made(monkeypatch)
    live.for_image(1, 30)
    monkeypatch.setattr(
        live._learner, "scores", lambda category: pytest.fail("a whole category was asked for")
    )
    for image_id in range(250, 260):
        live.apply(said(image_id, 3))
        live.for_image(image_id, 30)


def test_it_learns_anew_in_slices_once_labels_have_come(monkeypatch):
    live, _, _, truth = made(monkeypatch)
    live.for_image(1, 30)
    assert live.learn(10.0) is False  # nothing is due
    for image_id in range(250, 290):
        live.apply(said(image_id, 1, LabelState.YES if truth[image_id - 1, 0] else LabelState.NO))
    shown = [one.probability for one in live.for_image(300)]
    turns = 0
    while not live.learn(0.0):
        turns += 1
        assert turns < 1_000
    assert turns > 3
    assert live.learn(10.0) is False
    assert shown != [one.probability for one in live.for_image(300)]
    live.apply(said(289, 1, LabelState.UNKNOWN, LabelState.YES))
    live.for_image(289, 30)


def test_thresholds_of_categories_that_came_after_the_estimate_are_known(monkeypatch):
    live, _, _, truth = made(monkeypatch)
    live.for_image(1, 30)
    live._categories[9] = Category(9, "later")
    live._column[9] = live._learner.add_category()
    for image_id in range(1, 21):
        live.apply(said(image_id, 9, LabelState.YES if truth[image_id - 1, 1] else LabelState.NO))
    shown = {one.category_id: one.threshold for one in live.for_image(300)}
    assert shown[9] == pytest.approx(live.threshold(9))


def test_probabilities_of_few_categories_are_kept_and_those_asked_last_stay(monkeypatch):
    live = made(monkeypatch)[0]
    monkeypatch.setattr(suggestions, "_MOST_PROBABILITIES", 2 * 4 * IMAGES)
    first, second = live.for_category(1), live.for_category(2)
    assert live.for_category(1) is first
    live.for_category(3)
    assert live.for_category(1) is first
    again = live.for_category(2)
    assert again is not second
    np.testing.assert_array_equal(again, second)


@pytest.mark.parametrize("half", [False, True])
def test_cosines_are_those_of_the_embeddings(monkeypatch, half):
    monkeypatch.setattr(collection_space, "SMALL_COLLECTION", 100)
    monkeypatch.setattr(collection_space, "_BLOCK_ROWS", 64)
    vectors = np.random.default_rng(1).normal(size=(300, 20)).astype(np.float16 if half else np.float32)
    vectors[9] = 0
    categories = [Category(1, "c")]
    live = LiveSuggestions(np.arange(1, 301), vectors, categories, None, np.full((300, 1), -1, np.int8))
    exact = vectors.astype(np.float64)
    exact /= np.maximum(np.linalg.norm(exact, axis=1, keepdims=True), 1e-12)
    np.testing.assert_allclose(live.cosines(5), exact @ exact[4], atol=1e-6)


def test_a_precision_without_the_whole_collection_is_the_same_and_from_a_part_is_close(monkeypatch):
    live, *_ = made(monkeypatch)
    for category in (1, 2, 3):
        whole = live.average_precision(category)
        found, yes = live.precision(category)
        assert found == pytest.approx(whole, abs=1e-6)
        assert yes == (live.states(category) == 1).sum()
        part, some = live.precision(category, most=25)
        assert some == min(25, yes)
        assert part == pytest.approx(whole, abs=0.15)
        assert live.precision(category, most=25) == (part, some)
    assert live.labelled_entries == 1000


def test_suggestions_that_are_replaced_free_their_memory_without_the_collector(monkeypatch):
    live, *_ = made(monkeypatch)
    live.for_image(1, 30)
    live.threshold(1)
    live.cosines(5)
    kept, learner = weakref.ref(live), weakref.ref(live._learner)
    gc.disable()
    try:
        del live
        assert kept() is None and learner() is None
    finally:
        gc.enable()


def with_everything_mapped(monkeypatch):
    for module in (mapped_arrays, text_scores, nystroem_features):
        monkeypatch.setattr(module, "LARGE_NUMBERS", 100)
    monkeypatch.setattr(mapped_arrays.mapped_zeros, "__kwdefaults__", {"above": 100})
    for module in (label_matrix, suggestions):
        monkeypatch.setattr(module, "_BLOCK_ROWS", 64)
    return made(monkeypatch)[0]


def test_tables_in_files_give_the_same_suggestions_after_changes_of_all_kinds(monkeypatch):
    monkeypatch.setattr(LiveSuggestions, "__init__", with_landmarks(LiveSuggestions.__init__))
    plain = made(monkeypatch)[0]
    live = with_everything_mapped(monkeypatch)
    learner = live._learner
    assert is_mapped(learner._text.values) and is_mapped(learner._labels.ridge._features._rows)
    assert not is_mapped(plain._learner._text.values)
    cosines = np.random.default_rng(3).random(IMAGES, np.float32)
    for one in (live, plain):
        one.apply(said(300, 2))
        one.apply(said(5, 1, LabelState.NO, LabelState.YES))
        for _ in range(20):  # beyond the room that is kept
            added = one._learner.add_category(cosines)
        one._learner.set_labels([7, 8, 9], added, [1, 0, 1])
        one._learner.set_zero_shot(1, cosines[::-1])
        one._learner.set_states(one._learner.all_states())
    rows = np.arange(IMAGES)
    np.testing.assert_allclose(learner.scores_rows(rows), plain._learner.scores_rows(rows), atol=1e-9)
    for category in range(CATEGORIES):
        np.testing.assert_allclose(learner.scores(category), plain._learner.scores(category), atol=1e-4)
        found, other = (one._learner.left_out_scores(category)[0] for one in (live, plain))
        np.testing.assert_allclose(found, other, atol=1e-9)


def with_landmarks(ordinary):
    """Kernel ridge on landmarks from 50 labelled images on."""

    def init(self, *arguments, **options):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(label_matrix.LabelMatrix.__init__, "__defaults__", (50,))
            patch.setattr(suggestions.LiveLearner.__init__, "__kwdefaults__", LANDMARKS_FROM_50)
            ordinary(self, *arguments, **options)

    return init


LANDMARKS_FROM_50 = {**suggestions.LiveLearner.__init__.__kwdefaults__, "exact_limit": 50}


def test_the_quality_of_a_category_is_estimated_from_a_bounded_number_of_labels(monkeypatch):
    live, *_ = made(monkeypatch)
    asked = []
    ordinary = live._learner.left_out_scores

    def left_out(category, most):
        asked.append(most)
        return ordinary(category, most)

    monkeypatch.setattr(live._learner, "left_out_scores", left_out)
    live.average_precision(1)
    live.precision(2)
    assert asked == [suggestions.MOST_LEFT_OUT] * 2


def test_images_with_features_are_known(monkeypatch):
    live, *_ = made(monkeypatch)
    assert live.has([1, 400, 401, 0, 3]).tolist() == [True, True, False, False, True]
    assert np.flatnonzero(live.mask({3, 400, 999})).tolist() == [2, 399]

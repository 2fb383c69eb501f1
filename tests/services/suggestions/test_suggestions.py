"""Live suggestions over plain arrays, and over a project that is decided on, reviewed, undone and renamed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fake_backbone import FakeBackbone

from app.domain.categories import Category
from app.domain.changes import ChangeSet, LabelChange
from app.domain.errors import NotFoundError
from app.domain.labels import Decision, LabelState
from app.domain.project_settings import ThresholdAim
from app.domain.suggestions import Learner
from app.services.features.indexing import NotIndexedError, index
from app.services.images.scan import scan
from app.services.labelling.decisions import decide, label_states, review, undo
from app.services.project import categories as category_service
from app.services.project.creation import create_project
from app.services.project.project import Project
from app.services.suggestions.suggestions import LiveSuggestions
from cprfl_core.calibration.thresholds import best_f_threshold

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


def plain(seed=0, images=80, states=None, text=True):
    """80 images of 5 categories in 24 dimensions; image ids are 10, 20, 30, ..."""
    rng = np.random.default_rng(seed)
    truth = (rng.random((images, 5)) < [0.5, 0.3, 0.2, 0.1, 0.1]).astype(np.int8)
    things = rng.normal(size=(5, 24)) / 5
    rows = truth @ things + rng.normal(size=(images, 24)) / 12
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    texts = things / np.linalg.norm(things, axis=1, keepdims=True)
    categories = [Category(id=7 + c, name=f"thing {c}") for c in range(5)]
    known = np.full((images, 5), -1, dtype=np.int8) if states is None else states(truth)
    ids = 10 * np.arange(1, images + 1)
    live = LiveSuggestions(
        ids, rows.astype(np.float16), categories, texts.astype(np.float32) if text else None, known
    )
    return live, truth, rows


def change(image_id, category_id, before, after):
    return ChangeSet(labels=[LabelChange(image_id, category_id, before, after)])


def test_the_likeliest_categories_come_first_with_all_that_is_known_of_them():
    live, truth, _ = plain(states=lambda truth: np.where(np.arange(80)[:, None] < 60, truth, -1))
    found = live.for_image(10)
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    assert {one.category_id: one.state for one in found} == {
        7 + c: YES if truth[0, c] else NO for c in range(5)
    }
    assert {one.category for one in found} == {f"thing {c}" for c in range(5)}
    assert all(0 < one.threshold < 1 for one in found if truth[:60, one.category_id - 7].sum() >= 3)
    assert len(live.for_image(800, top=2)) == 2
    assert live.for_image(800)[0].state is UNKNOWN


def test_without_labels_the_text_speaks_and_no_threshold_is_claimed():
    live, _, _ = plain()
    found = live.for_image(10)
    assert {one.learner for one in found} == {Learner.TEXT}
    assert {one.threshold for one in found} == {None}
    assert live.average_precision(7) is None


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_without_a_no_no_threshold_is_claimed(large, monkeypatch):
    if large:
        monkeypatch.setattr("app.services.suggestions.suggestions.SMALL_COLLECTION", 10)
    live, truth, _ = plain(states=lambda truth: np.where(truth == 1, 1, -1))
    assert truth[:, 0].sum() >= 3
    assert live.threshold(7) is None
    assert {one.threshold for one in live.for_image(10)} == {None}
    missing = 10 * (int(np.flatnonzero(truth[:, 0] == 0)[0]) + 1)
    live.apply(change(missing, 7, UNKNOWN, NO))
    shown = {one.category_id: one.threshold for one in live.for_image(10)}
    assert shown[7] == pytest.approx(live.threshold(7))
    live.apply(change(missing, 7, NO, UNKNOWN))
    assert live.threshold(7) is None


def test_without_an_aligned_text_the_labels_speak():
    live, truth, _ = plain(text=False, states=lambda truth: np.where(np.arange(80)[:, None] < 60, truth, -1))
    assert {one.learner for one in live.for_image(790)} == {Learner.LIVE}
    right = [live.for_image(10 * (r + 1))[0].category_id - 7 for r in range(60, 80) if truth[r].any()]
    shown = [r for r in range(60, 80) if truth[r].any()]
    assert np.mean([truth[r, c] for r, c in zip(shown, right, strict=True)]) > 0.8


def test_a_decision_and_its_undo_change_and_restore_all_scores():
    live, _, _ = plain(states=lambda truth: np.where(np.arange(80)[:, None] < 30, truth, -1))
    before = np.stack([live.for_category(7 + c) for c in range(5)])
    live.apply(change(500, 9, UNKNOWN, YES))
    assert not np.allclose(live.for_category(9), before[2], atol=1e-6)
    assert {one.category_id: one.state for one in live.for_image(500)}[9] is YES
    live.apply(change(500, 9, YES, UNKNOWN))
    np.testing.assert_allclose([live.for_category(7 + c) for c in range(5)], before, atol=1e-6)


def test_scores_of_a_category_stand_in_the_order_of_the_images():
    live, _, _ = plain(states=lambda truth: np.where(np.arange(80)[:, None] < 30, truth, -1))
    scores = live.for_category(8)
    assert scores.shape == (80,)
    for image_id in (10, 420, 800):
        own = {one.category_id: one.probability for one in live.for_image(image_id)}[8]
        assert scores[image_id // 10 - 1] == pytest.approx(own, abs=1e-4)


def test_average_precision_is_measured_on_scores_that_have_not_seen_the_label():
    live, truth, _ = plain(states=lambda truth: truth.copy())
    ap = live.average_precision(7)
    assert truth[:, 0].mean() < ap <= 1
    shuffled, _, _ = plain(
        text=False, states=lambda truth: np.random.default_rng(1).permutation(truth, axis=0)
    )
    assert shuffled.average_precision(7) < 0.75  # labels that mean nothing are not learned by heart


def test_images_from_outside_are_scored_by_category_name():
    live, truth, rows = plain(states=lambda truth: np.where(np.arange(80)[:, None] < 60, truth, -1))
    found = live.score_embeddings(rows[60:], ["thing 3", "thing 0"])
    assert found.shape == (20, 2)
    assert found[truth[60:, 0] == 1, 1].mean() > found[truth[60:, 0] == 0, 1].mean()


def test_an_unknown_image_or_category_is_named():
    live, _, _ = plain()
    with pytest.raises(NotFoundError, match="Image 15"):
        live.for_image(15)
    with pytest.raises(NotFoundError, match="99"):
        live.for_category(99)


def test_a_change_of_an_image_without_features_is_passed_over():
    live, _, _ = plain()
    live.apply(change(12345, 7, UNKNOWN, YES))
    assert live.threshold(7) is None


def test_in_a_large_collection_thresholds_follow_the_yes_labels_alone(monkeypatch):
    monkeypatch.setattr("app.services.suggestions.suggestions.SMALL_COLLECTION", 10)
    live, _, _ = plain(states=lambda truth: np.where(np.arange(80)[:, None] < 40, truth, -1))
    before = live.threshold(7)
    live.apply(change(600, 7, UNKNOWN, NO))
    assert live.threshold(7) == before
    live.apply(change(610, 7, UNKNOWN, YES))
    assert live.threshold(7) != before


@pytest.fixture
def backbone() -> FakeBackbone:
    return FakeBackbone()


@pytest.fixture
def indexed(tmp_path: Path, images_folder: Path, backbone: FakeBackbone) -> Iterator[Project]:
    with create_project(tmp_path / "project", [images_folder], ["cat", "dog", "bird"]) as project:
        scan(project)
        index(project, backbone.runner())
        yield project


def assert_equal(live: LiveSuggestions, fresh: LiveSuggestions) -> None:
    assert live.category_ids == fresh.category_ids
    for category_id in fresh.category_ids:
        np.testing.assert_allclose(live.for_category(category_id), fresh.for_category(category_id), atol=1e-6)
        assert live.threshold(category_id) == pytest.approx(fresh.threshold(category_id), abs=1e-6)
    for image_id in fresh.image_ids.tolist():
        ours = {one.category_id: (one.state, one.category) for one in live.for_image(image_id)}
        assert ours == {one.category_id: (one.state, one.category) for one in fresh.for_image(image_id)}


@pytest.mark.slow
def test_following_changes_equals_loading_anew(indexed: Project, backbone: FakeBackbone):
    live = LiveSuggestions.load(indexed, backbone.runner())
    steps = [
        lambda: decide(indexed, [Decision(1, 1, YES), Decision(2, 1, NO), Decision(2, 2, YES)]),
        lambda: review(indexed, [1, 3]),
        lambda: undo(indexed),
        lambda: review(indexed, [4, 5]),
        lambda: category_service.add_categories(indexed, ["fish"]),
        lambda: decide(indexed, [Decision(i, 4, YES) for i in (1, 4, 5)]),
        lambda: category_service.rename(indexed, 2, "wolf"),
        lambda: category_service.set_templates(indexed, 1, ["a drawing of a {name}", "{name}"]),
        lambda: category_service.archive(indexed, 1),
        lambda: review(indexed, [2]),
        lambda: category_service.restore(indexed, 1),
        lambda: decide(indexed, [Decision(5, 4, UNKNOWN)]),
        lambda: undo(indexed),
        lambda: undo(indexed),
    ]
    for step in steps:
        live.apply(step())
        assert_equal(live, LiveSuggestions.load(indexed, backbone.runner()))


def test_many_images_at_once_are_followed_as_well(
    indexed: Project, backbone: FakeBackbone, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.services.suggestions.suggestions._MANY_IMAGES", 2)
    live = LiveSuggestions.load(indexed, backbone.runner())
    live.apply(review(indexed, [1, 2, 3, 4]))
    live.apply(decide(indexed, [Decision(i, 2, YES) for i in (1, 3, 5)]))
    assert_equal(live, LiveSuggestions.load(indexed, backbone.runner()))
    live.apply(undo(indexed))
    assert_equal(live, LiveSuggestions.load(indexed, backbone.runner()))


def test_states_shown_are_those_of_the_project(indexed: Project, backbone: FakeBackbone):
    decide(indexed, [Decision(1, 1, YES)])
    review(indexed, [1])
    live = LiveSuggestions.load(indexed, backbone.runner())
    assert {one.category: one.state for one in live.for_image(1)} == {"cat": YES, "dog": NO, "bird": NO}
    assert {one.state for one in live.for_image(2)} == {UNKNOWN}
    assert label_states(indexed).matrix()[0].tolist() == [1, 0, 0]


def test_an_image_that_was_not_embedded_has_no_suggestions(
    indexed: Project, backbone: FakeBackbone, images_folder: Path, make_image
):
    make_image(images_folder / "late.png", size=(30, 30))
    scan(indexed)
    live = LiveSuggestions.load(indexed, backbone.runner())
    assert live.image_ids.tolist() == [1, 2, 3, 4, 5]
    live.apply(decide(indexed, [Decision(6, 1, YES)]))
    with pytest.raises(NotFoundError, match="Image 6 has no features"):
        live.for_image(6)


def test_a_project_without_categories_has_no_suggestions_until_the_first_one_comes(
    tmp_path: Path, images_folder: Path, backbone: FakeBackbone
):
    with create_project(tmp_path / "bare", [images_folder]) as bare:
        scan(bare)
        index(bare, backbone.runner())
        live = LiveSuggestions.load(bare, backbone.runner())
        assert live.for_images([1, 2]) == [[], []]
        live.apply(review(bare, [1]))
        live.apply(category_service.add_categories(bare, ["cat"]))
        live.apply(decide(bare, [Decision(1, 1, YES)]))
        assert [(one.category, one.state) for one in live.for_image(1)] == [("cat", YES)]
        live.apply(category_service.archive(bare, 1))
        assert live.for_image(1) == []
        assert LiveSuggestions.load(bare, backbone.runner()).for_image(1) == []


def test_without_a_readable_image_it_is_said_that_no_file_can_be_read(
    indexed: Project, backbone: FakeBackbone, images_folder: Path
):
    (images_folder / "one.png").unlink()
    for path in images_folder.iterdir():
        path.write_bytes(b"no image")
    scan(indexed)
    with pytest.raises(NotIndexedError, match="1 missing, 4 unreadable"):
        LiveSuggestions.load(indexed, backbone.runner())


def test_a_project_without_images_says_to_add_some(tmp_path: Path, backbone: FakeBackbone):
    (tmp_path / "nothing").mkdir()
    with create_project(tmp_path / "bare", [tmp_path / "nothing"], ["cat"]) as bare:
        index(bare, backbone.runner())
        with pytest.raises(NotIndexedError, match="no images yet"):
            LiveSuggestions.load(bare, backbone.runner())


def test_a_project_that_was_never_indexed_says_what_to_do(project: Project, backbone: FakeBackbone):
    with pytest.raises(NotIndexedError, match="tailspotter index"):
        LiveSuggestions.load(project, backbone.runner())


def test_without_the_backbone_the_labels_still_speak(indexed: Project):
    """The cached features outlive the weights they came from."""
    decide(indexed, [Decision(1, 1, YES), Decision(2, 1, NO)])
    live = LiveSuggestions.load(indexed, FakeBackbone(key="other weights").runner())
    assert {one.learner for one in live.for_image(3)} == {Learner.LIVE}
    assert live.text_problem.startswith("The suggestions do without the names of the categories. ")
    live.apply(decide(indexed, [Decision(3, 1, NO)]))
    assert live.for_category(1).shape == (5,)


def test_after_an_import_of_yes_labels_and_one_review_nothing_is_learned_yet():
    def imported(truth):
        known = np.where(truth == 1, 1, -1)
        known[0] = truth[0]
        return known

    live, truth, _ = plain(states=imported)
    assert [live.threshold(7 + c) for c in range(5)] == [None] * 5
    assert not any(one.learned for one in live.for_image(800))
    second = int(np.flatnonzero((truth[1:] == 0).any(1))[0]) + 1
    for category in np.flatnonzero(truth[second] == 0):
        live.apply(change(10 * (second + 1), 7 + int(category), UNKNOWN, NO))
    assert any(one.learned for one in live.for_image(800))
    assert min(found for c in range(5) if (found := live.threshold(7 + c)) is not None) >= 0.02


def test_categories_of_a_selection_are_ranked_by_the_images_on_which_they_are_suggested():
    live, _, _ = plain(states=lambda truth: np.where(np.arange(80)[:, None] < 60, truth, -1))
    chosen = live.image_ids[50:]
    found = live.likely(chosen, 5)
    expected = {}
    for image_id in chosen.tolist():
        for one in live.for_image(image_id):
            if one.state is UNKNOWN and one.probability >= (0.5 if one.threshold is None else one.threshold):
                expected[one.category_id] = expected.get(one.category_id, 0) + 1
    assert {one.category_id: one.images for one in found} == expected
    assert [one.images for one in found] == sorted(expected.values(), reverse=True)
    assert live.likely(live.image_ids[:60], 5) == []  # every answer is given
    with pytest.raises(NotFoundError):
        live.likely(np.array([5]), 5)


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_thresholds_follow_what_the_project_aims_at(large, monkeypatch):
    if large:
        monkeypatch.setattr("app.services.suggestions.suggestions.SMALL_COLLECTION", 10)
    live, _, _ = plain(states=lambda truth: np.where(np.arange(80)[:, None] < 60, truth, -1))
    found = {}
    for aim in (ThresholdAim.PRECISION, ThresholdAim.RECALL, ThresholdAim.BALANCED):
        live.aim_at(aim)
        while large and not live.learn(10.0):
            pass
        chance = live.for_category(7)
        found[aim] = live.threshold(7)
        assert found[aim] == pytest.approx(best_f_threshold(chance, beta=aim.beta))
        shown = next(one.threshold for one in live.for_image(800) if one.category_id == 7)
        assert shown == pytest.approx(found[aim], abs=1e-6)
    assert found[ThresholdAim.RECALL] < found[ThresholdAim.BALANCED] < found[ThresholdAim.PRECISION]

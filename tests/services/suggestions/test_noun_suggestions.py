"""A project with a photo model: nouns score before any label, labels outweigh them, none is sure too soon."""

import numpy as np
import pytest
from PIL import Image

from app.domain.errors import BadInputError
from app.domain.labels import Decision, LabelState
from app.domain.suggestions import Learner
from app.protocol.messages import ShowHeat
from app.services.features.indexing import ensure_text_features, feature_store
from app.services.features.nouns import noun_scores
from app.services.images.scan import scan
from app.services.labelling.decisions import decide, review, undo
from app.services.project import categories as category_service
from app.services.project.creation import create_project
from app.services.runner.runner import NoRunner
from app.services.suggestions.heat import heat_of
from app.services.suggestions.suggestions import LiveSuggestions
from app.services.training.snapshot import raw_text
from app.storage import categories, settings
from app.storage.image_models import KEY_SETTING
from app.worker.heat_job import HeatJob
from app.worker.inprocess import InProcessRunner
from cprfl_core.common.errors import InputError
from cprfl_core.features.token_compression import plain_basis, quantise
from cprfl_core.nouns.classifier import Classifier
from cprfl_core.nouns.dictionary import load_nouns
from cprfl_core.nouns.scores import TEXT_SIZE

KEY, WIDTH, COUNT = "photo-test-1", 32, 40
DOG, SEAL, PERSON, UNKNOWN_WORD = 1, 2, 3, 4
STAMP = "n06855985"
DOG_CLASSES, SEAL_CLASS, MANE_CLASS = slice(151, 269), 150, 282


@pytest.fixture
def photos(tmp_path):
    """40 images: the first ten show dogs, the next three seals. The classifier knows both."""
    rng = np.random.default_rng(3)
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(COUNT):
        colour = tuple(int(value) for value in rng.integers(0, 255, 3))
        Image.new("RGB", (4, 4), colour).save(folder / f"{number:03}.png")
    names = ["dog", "seal", "people", "xqzt"]
    with create_project(tmp_path / "project", [folder], names, "photo-lite0") as project:
        scan(project)
        weight = rng.normal(size=(1000, WIDTH)).astype(np.float32) / 8
        weight[DOG_CLASSES] += np.eye(WIDTH, dtype=np.float32)[0]
        weight[SEAL_CLASS] += 2 * np.eye(WIDTH, dtype=np.float32)[1]
        tokens = rng.normal(size=(COUNT, 4, WIDTH)).astype(np.float32) / 4
        tokens[:10, :, 0] += 2
        tokens[10:13, :, 1] += 2
        vectors = tokens.mean(axis=1)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        with project.db.write() as s:
            settings.set(s, KEY_SETTING, {"backbone": project.backbone, "key": KEY})
        store = feature_store(project, KEY)
        store.set_basis(plain_basis((2, 2), WIDTH))
        hashes = hashes_of(project)
        store.append(np.arange(1, COUNT + 1), hashes, vectors, *quantise(tokens))
        store.save_classifier(Classifier(weight, np.zeros(1000, np.float32), 6.0))
        yield project


def hashes_of(project):
    from app.storage import images

    with project.db.read() as s:
        return [int(str(one.content_hash)[:16], 16) for one in images.all_images(s)]


def loaded(project):
    return LiveSuggestions.load(project, NoRunner())


def test_before_any_label_nouns_rank_the_images_and_nothing_is_sure(photos):
    live = loaded(photos)
    assert set(np.argsort(-live.for_category(DOG))[:10]) == set(range(10))
    assert set(np.argsort(-live.for_category(SEAL))[:3]) == {10, 11, 12}
    for category in (DOG, SEAL, PERSON, UNKNOWN_WORD):
        assert live.for_category(category).max() < 0.5
    assert np.ptp(live.for_category(UNKNOWN_WORD)) == 0
    first = live.for_image(1)[0]
    assert (first.category, first.learner, first.learned) == ("dog", Learner.TEXT, False)


def test_an_import_of_yes_alone_makes_nothing_sure(photos):
    decide(photos, [Decision(image, DOG, LabelState.YES) for image in range(1, 9)])
    live = loaded(photos)
    assert live.for_category(DOG).max() < 0.5
    assert not any(one.learned for one in live.for_image(1))


def test_with_a_yes_and_a_no_a_category_has_learned_and_undo_takes_that_back(photos):
    live = loaded(photos)
    for image in range(1, 6):
        live.apply(decide(photos, [Decision(image, DOG, LabelState.YES)]))
    assert not live.for_image(20)[0].learned
    live.apply(decide(photos, [Decision(20, DOG, LabelState.NO)]))
    [dog] = [one for one in live.for_image(6) if one.category_id == DOG]
    assert dog.learned
    live.apply(undo(photos))
    [dog] = [one for one in live.for_image(6) if one.category_id == DOG]
    assert not dog.learned


def test_labels_outweigh_a_noun_that_says_nothing(photos):
    """People are on the images of the seals and nowhere else, which their noun does not know."""
    decide(photos, [Decision(image, PERSON, LabelState.YES) for image in (11, 12)])
    review(photos, [*range(1, 8), 11, 12, *range(20, 36)])
    live = loaded(photos)
    assert np.argmax(live.for_category(PERSON)[12:19]) == 0


def test_a_chosen_sense_changes_the_scores_at_once_and_undo_restores_them(photos):
    live = loaded(photos)
    before = live.for_category(SEAL).copy()
    live.apply(category_service.set_sense(photos, SEAL, STAMP))
    assert set(np.argsort(-live.for_category(SEAL))[:3]) != {10, 11, 12}
    np.testing.assert_allclose(live.for_category(SEAL), loaded(photos).for_category(SEAL), atol=1e-6)
    live.apply(undo(photos))
    np.testing.assert_allclose(live.for_category(SEAL), before, atol=1e-6)
    with pytest.raises(BadInputError, match="listed meanings"):
        category_service.set_sense(photos, SEAL, "n99999999")


def test_another_name_or_a_description_gives_an_unknown_word_a_score(photos):
    live = loaded(photos)
    live.apply(category_service.set_aliases(photos, UNKNOWN_WORD, ["dogs"]))
    assert set(np.argsort(-live.for_category(UNKNOWN_WORD))[:10]) == set(range(10))
    live.apply(category_service.set_aliases(photos, UNKNOWN_WORD, []))
    live.apply(category_service.set_description(photos, UNKNOWN_WORD, "A seal, resting on ice"))
    assert set(np.argsort(-live.for_category(UNKNOWN_WORD))[:3]) == {10, 11, 12}


def test_a_new_category_is_scored_at_once_without_a_worker(photos):
    live = loaded(photos)
    live.apply(category_service.add_categories(photos, ["hound"]))
    assert set(np.argsort(-live.for_category(live.category_ids[-1]))[:10]) == set(range(10))


def test_images_outside_the_collection_are_scored_alike(photos):
    live = loaded(photos)
    scores = live.score_embeddings(live.vectors, ["seal", "dog", "xqzt"])
    assert set(np.argsort(-scores[:, 1])[:10]) == set(range(10))
    assert np.ptp(scores[:, 2]) == 0


def test_texts_of_cprfl_are_nouns_and_need_no_worker(photos):
    assert len(ensure_text_features(photos, NoRunner()).matrix) == 0
    with photos.db.read() as s:
        present = categories.all_categories(s)
    texts = raw_text(photos, NoRunner(), KEY, present)
    assert texts.shape == (4, WIDTH)
    np.testing.assert_allclose(np.sqrt((texts[:2] ** 2).mean(axis=1)), TEXT_SIZE, rtol=1e-4)
    assert not texts[3].any()


@pytest.mark.slow  # imports torch
def test_heat_maps_by_a_noun_need_no_training(photos):
    runner = InProcessRunner({ShowHeat: HeatJob().show})
    heat = heat_of(photos, runner, 1, DOG)
    assert np.shape(heat.rows) == (2, 2)
    assert not heat.tuned


def test_without_a_classifier_labels_alone_speak(photos):
    decide(photos, [Decision(image, DOG, LabelState.YES) for image in range(1, 6)])
    review(photos, [*range(1, 6), *range(20, 30)])
    (photos.layout.features(KEY) / "classifier.safetensors").unlink()
    assert noun_scores(photos) is None
    live = loaded(photos)
    assert set(np.argsort(-live.for_category(DOG)[:10])) == set(range(10))
    assert live.for_image(7)[0].learner is Learner.LIVE


def test_the_dictionary_knows_the_senses_of_these_tests():
    assert STAMP in load_nouns().senses_of("seal")


def test_that_names_cannot_be_understood_is_said_and_does_not_stop_suggestions(photos, monkeypatch):
    assert loaded(photos).problems == []

    def damaged():
        raise InputError("The dictionary is damaged; install the program again.")

    monkeypatch.setattr("app.services.features.nouns.load_nouns", damaged)
    live = loaded(photos)
    assert [
        one.endswith("The dictionary is damaged; install the program again.") for one in live.problems
    ] == [True]
    assert len(live.for_image(1)) == 4


def test_that_the_classes_are_missing_is_said_with_the_remedy(photos):
    [path] = photos.layout.features(KEY).rglob("classifier.safetensors")
    path.unlink()
    live = loaded(photos)
    assert [one for one in live.problems if "'tailspotter index' stores them" in one]
    assert len(live.for_image(1)) == 4

"""Scores of nouns against a straightforward calculation, one image and category at a time."""

import numpy as np
import pytest

from cprfl_core.nouns.classifier import Classifier
from cprfl_core.nouns.dictionary import load_nouns
from cprfl_core.nouns.meaning import find_meaning
from cprfl_core.nouns.scores import COSINE_WEIGHT, TEXT_SIZE, NounScores

NAMES = ("dog", "giraffe", "xqzt", "seal", "night")
WIDTH = 24


@pytest.fixture(scope="module")
def made():
    rng = np.random.default_rng(5)
    classifier = Classifier(
        rng.standard_normal((1000, WIDTH)).astype(np.float32),
        rng.standard_normal(1000).astype(np.float32),
        norm=3.0,
    )
    rows = rng.standard_normal((9, WIDTH))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    meanings = [find_meaning(load_nouns(), name) for name in NAMES]
    return NounScores(classifier), rows.astype(np.float32), meanings


def expected(classifier, row, meaning):
    logits = classifier.norm * classifier.weight.astype(float) @ row + classifier.bias
    chances = np.exp(logits) / np.exp(logits).sum()
    centred = classifier.weight.astype(float) - classifier.weight.mean(axis=0)
    direction = sum(weight * centred[list(classes)].mean(axis=0) for classes, weight in meaning.sets)
    cosine = direction @ row / np.linalg.norm(direction)
    return COSINE_WEIGHT * cosine + sum(w * np.log(chances[list(c)].sum()) for c, w in meaning.sets)


def test_scores_equal_the_straightforward_calculation(made):
    nouns, rows, meanings = made
    found = nouns.scores(rows, meanings)
    for column in (0, 1, 3):
        for at, row in enumerate(rows):
            wanted = expected(nouns.classifier, row.astype(float), meanings[column])
            assert found[at, column] == pytest.approx(wanted, abs=2e-4)


def test_a_category_without_a_related_noun_has_no_score(made):
    nouns, rows, meanings = made
    found = nouns.scores(rows, meanings)
    assert np.isnan(found[:, [2, 4]]).all()
    assert np.isfinite(found[:, [0, 1, 3]]).all()
    assert not nouns.vectors(meanings)[[2, 4]].any()
    assert not nouns.texts(meanings)[[2, 4]].any()


def test_single_categories_score_as_all_together(made):
    nouns, rows, meanings = made
    whole = nouns.scores(rows, meanings)
    alone = np.hstack([nouns.scores(rows, [one]) for one in meanings])
    np.testing.assert_allclose(alone, whole, atol=1e-4)


def test_half_precision_embeddings_are_scored_in_single_precision(made):
    nouns, rows, meanings = made
    half = rows.astype(np.float16)
    np.testing.assert_array_equal(
        nouns.scores(half, meanings), nouns.scores(half.astype(np.float32), meanings)
    )


def test_texts_of_cprfl_keep_the_angles_of_the_directions_on_the_axes(made):
    nouns, _, meanings = made
    texts = nouns.texts(meanings)
    assert texts.shape == (len(NAMES), nouns.classifier.axes.shape[0])
    np.testing.assert_allclose(np.sqrt((texts[[0, 1, 3]] ** 2).mean(axis=1)), TEXT_SIZE, rtol=1e-5)
    # Here the axes span the whole space, so nothing is lost.
    directions = nouns.vectors(meanings)
    cosine = texts[0] @ texts[1] / np.linalg.norm(texts[0]) / np.linalg.norm(texts[1])
    assert cosine == pytest.approx(directions[0] @ directions[1], abs=1e-5)


def test_an_image_at_a_nouns_direction_is_the_best_match(made):
    nouns, rows, meanings = made
    dog = nouns.vectors(meanings)[:1]
    scores = nouns.scores(np.vstack([rows, dog]), meanings)
    assert scores[:, 0].argmax() == len(rows)


def test_no_images_and_no_categories_give_empty_tables(made):
    nouns, rows, meanings = made
    assert nouns.scores(rows[:0], meanings).shape == (0, len(NAMES))
    assert nouns.scores(rows, []).shape == (len(rows), 0)
    assert nouns.vectors([]).shape == (0, WIDTH)

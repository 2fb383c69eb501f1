"""The queues of a review on a project whose learner sees two clusters."""

import numpy as np
import pytest

from app.domain.categories import Category
from app.domain.errors import BadInputError, NotFoundError
from app.domain.review import Queue
from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.review.queue import (
    AUDIT,
    LABELLED_NO,
    LABELLED_YES,
    RANDOM,
    category_queue,
    queue_named,
)
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import images as image_store

IMAGES = 60
CAT = 1


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    from PIL import Image

    folder = tmp_path_factory.mktemp("queue")
    (folder / "images").mkdir()
    for i in range(IMAGES):
        Image.new("RGB", (4, 4), (4 * i, 10, 10)).save(folder / "images" / f"{i:02}.png")
    with create_project(folder / "project", [folder / "images"], ["cat", "dog"]) as made:
        scan(made)
        yield made


@pytest.fixture
def live(project):
    """Images 1 to 20 hold a cat; the learner has seen four of them and eight of the others."""
    rng = np.random.default_rng(0)
    with project.db.read() as s:
        ids = np.array([one.id for one in image_store.all_images(s)])
    vectors = rng.standard_normal((IMAGES, 16)) * 0.6
    vectors[:20, 0] += 3.0
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    states = np.full((IMAGES, 2), -1, np.int8)
    states[:4, 0] = 1
    states[20:28, 0] = 0
    categories = [Category(CAT, "cat"), Category(2, "dog")]
    return LiveSuggestions(ids, vectors, categories, None, states)


def is_cat(live, card):
    return np.searchsorted(live.image_ids, card.image_id) < 20


def test_likely_positives_come_first_and_decided_images_never(project, live):
    cards = category_queue(project, live, CAT, limit=12, seed=0)
    chosen = [card for card in cards if card.reason != AUDIT]
    assert sum(is_cat(live, card) for card in chosen[:8]) >= 7
    decided = {int(live.image_ids[i]) for i in [*range(4), *range(20, 28)]}
    assert decided.isdisjoint(card.image_id for card in cards)


def test_one_card_a_page_is_a_random_sample_with_its_inclusion(project, live):
    cards = category_queue(project, live, CAT, limit=12, seed=0)
    audits = [card for card in cards if card.reason == AUDIT]
    assert len(cards) == 12
    assert len(audits) == 1
    assert audits[0].origin.queue == "likely audit"
    assert audits[0].origin.inclusion == pytest.approx(1 / (IMAGES - 12 - 11))
    assert all(card.origin.inclusion == 1 for card in cards if card not in audits)


def test_the_same_seed_gives_the_same_queue(project, live):
    first = category_queue(project, live, CAT, limit=24, seed=7)
    assert first == category_queue(project, live, CAT, limit=24, seed=7)
    assert len({card.image_id for card in first}) == len(first)


def test_near_duplicates_stand_behind_one_card_and_are_decided_with_it(project, live):
    vectors = live.vectors.copy()
    vectors[[11, 12, 13]] = vectors[10]
    twin = LiveSuggestions(
        live.image_ids,
        vectors,
        [Category(CAT, "cat")],
        None,
        np.stack([live.states(CAT)], axis=1),
    )
    cards = category_queue(project, twin, CAT, limit=24, seed=0)
    stack = {int(live.image_ids[i]) for i in (10, 11, 12, 13)}
    leading = [card for card in cards if card.image_id in stack]
    assert len(leading) == 1
    assert {leading[0].image_id, *leading[0].copies} == stack
    assert stack <= {image_id for card in cards for image_id in card.images}


def test_doubtful_images_lie_near_the_border(project, live):
    unsure = category_queue(project, live, CAT, Queue.UNSURE, limit=6, seed=0)
    likely = category_queue(project, live, CAT, Queue.LIKELY, limit=6, seed=0)
    border = live.threshold(CAT)

    def distance(cards):
        return np.mean([abs(card.probability - border) for card in cards if card.reason != AUDIT])

    assert distance(unsure) < distance(likely)


def test_a_wrong_yes_and_a_missed_yes_are_found_by_the_label_check(project, live):
    states = np.stack([live.states(CAT)], axis=1)
    states[4:15] = 1
    states[30:50] = 0
    states[40], states[14] = 1, 0  # two mistakes
    wrong = LiveSuggestions(live.image_ids, live.vectors, [Category(CAT, "cat")], None, states)
    suspects = category_queue(project, wrong, CAT, Queue.WRONG, limit=5, seed=0)
    first = next(card for card in suspects if card.reason == LABELLED_YES)
    assert first.image_id == live.image_ids[40]
    missed = category_queue(project, wrong, CAT, Queue.MISSING, limit=5, seed=0)
    assert next(card for card in missed if card.reason == LABELLED_NO).image_id == live.image_ids[14]


def test_the_random_queue_records_its_inclusion_probability(project, live):
    cards = category_queue(project, live, CAT, Queue.RANDOM, limit=12, seed=0)
    assert {card.reason for card in cards} == {RANDOM}
    assert cards[0].origin.inclusion == pytest.approx(12 / (IMAGES - 12))


def test_images_passed_over_and_images_that_are_gone_are_not_shown(project, live):
    shown = category_queue(project, live, CAT, limit=200, seed=0)
    gone, passed = shown[0].image_id, shown[1].image_id
    with project.db.write() as s:
        image_store.set_missing(s, [gone])
    try:
        again = category_queue(project, live, CAT, limit=200, seed=0, skip=[passed])
    finally:
        with project.db.write() as s:
            image_store.set_present(s, [gone])
    assert {gone, passed}.isdisjoint(card.image_id for card in again)


def test_a_category_of_which_nothing_is_known_has_a_queue_too(project, live):
    assert len(category_queue(project, live, 2, limit=12, seed=0)) == 12
    assert category_queue(project, live, 2, Queue.WRONG, limit=12, seed=0) == []


def test_unknown_queues_and_categories_are_refused_by_name(project, live):
    with pytest.raises(BadInputError, match=r"likely, unsure, wrong, missing, random"):
        queue_named("best")
    with pytest.raises(NotFoundError, match="99"):
        category_queue(project, live, 99)

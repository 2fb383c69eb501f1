"""The simulated annotator goes through the same doors as a person."""

import pytest

from app.domain import progress
from app.domain.errors import CancelledError
from app.domain.labels import LabelState, Origin
from app.services.images.scan import scan
from app.services.labelling.decisions import image_states, label_states, undo
from app.services.project.categories import add_categories
from app.services.project.creation import create_project
from app.services.simulation.simulation import random_order, simulate_reviews
from app.storage import categories as category_store

ORIGIN = Origin("random", 0.5)


@pytest.fixture
def project(tmp_path, make_image):
    for i in range(4):
        make_image(tmp_path / "images" / f"{i}.png", (8, 8), (40 * i, 10, 10))
    with create_project(tmp_path / "project", [tmp_path / "images"], ["cat", "dog"]) as made:
        scan(made)
        yield made


def ids(project):
    table = label_states(project)
    with project.db.read() as s:
        by_name = {one.name: one.id for one in category_store.all_categories(s)}
    return table.image_ids, by_name


def test_a_review_says_yes_to_what_is_there_and_implies_no_for_the_rest(project):
    images, category = ids(project)
    truth = {images[0]: frozenset({category["cat"]}), images[1]: frozenset()}
    report = simulate_reviews(project, truth, images[:2], origin=ORIGIN)
    assert report.reviewed == 2
    assert report.decisions == 3
    first, second = image_states(project, images[0]), image_states(project, images[1])
    assert first == {category["cat"]: LabelState.YES, category["dog"]: LabelState.NO}
    assert set(second.values()) == {LabelState.NO}
    assert (label_states(project).matrix()[2:] == -1).all()


def test_every_change_is_told_and_can_be_undone(project):
    images, category = ids(project)
    changes = []
    truth = {images[0]: frozenset({category["dog"]})}
    simulate_reviews(project, truth, images[:1], origin=ORIGIN, on_change=changes.append)
    assert sum(len(change.labels) for change in changes) == 1
    assert sum(len(change.reviews) for change in changes) == 1
    undo(project)
    undo(project)
    assert (label_states(project).matrix() == -1).all()


def test_a_stopped_simulation_keeps_its_reviews_and_says_how_many(project):
    images, _ = ids(project)
    asked = iter([False, False, True])
    with pytest.raises(CancelledError, match="2 reviews"):
        simulate_reviews(project, {}, images, origin=ORIGIN, should_stop=lambda: next(asked))
    assert (label_states(project).matrix() == 0).all(axis=1).sum() == 2


def test_progress_counts_up_to_the_end_with_a_rate(project, monkeypatch):
    monkeypatch.setattr(progress, "SHORTEST_MEASURE", 0)
    images, _ = ids(project)
    seen = []
    simulate_reviews(project, {}, images, origin=ORIGIN, on_progress=seen.append)
    assert [p.done for p in seen] == [1, 2, 3, 4]
    assert seen[-1].total == 4
    assert all(p.rate > 0 for p in seen)
    assert seen[-1].remaining == 0


def test_the_random_order_follows_its_seed_and_forgets_no_image():
    order = random_order(range(50), seed=3)
    assert order == random_order(range(50), seed=3)
    assert order != random_order(range(50), seed=4)
    assert sorted(order) == list(range(50))


def test_categories_added_later_stay_unknown_for_simulated_reviews(project):
    images, _ = ids(project)
    simulate_reviews(project, {}, images[:1], origin=ORIGIN)
    add_categories(project, ["owl"])
    assert label_states(project).matrix()[0].tolist() == [0, 0, -1]

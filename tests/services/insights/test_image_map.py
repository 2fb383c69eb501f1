"""The map of the images: components at once, t-SNE in a runner, colours."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.domain import language
from app.domain.errors import CancelledError
from app.domain.insights import ColourBy, ImageMap, MapMethod
from app.domain.labels import Decision, LabelState
from app.protocol.messages import Failed, MapImages, Progress
from app.services.features.indexing import NotIndexedError
from app.services.insights.image_map import (
    FILE,
    MapError,
    by_components,
    colours,
    kept_map,
    make_map,
    map_table,
)
from app.services.insights.work import finish
from app.services.labelling.decisions import decide, review
from app.services.project.categories import archive
from app.services.query.find import build_context
from app.services.runner.runner import WorkerFailedError
from app.storage import image_models
from app.worker.inprocess import InProcessRunner
from app.worker.map_job import map_images
from cprfl_core.features.store import FeatureStore

KEY = "points-1"


@pytest.fixture
def runner():
    return InProcessRunner({MapImages: map_images})


@pytest.fixture
def indexed(project):
    """Features of the five images."""
    from app.services.features.index_run import readable_ids_and_stamps

    with project.db.write() as s:
        image_models.set_key(s, project.backbone, KEY)
    ids, stamps = readable_ids_and_stamps(project)
    store = FeatureStore(project.layout.features(KEY), key=KEY, embed_dim=4)
    vectors = np.random.default_rng(1).normal(size=(len(ids), 4)).astype(np.float16)
    store.append(ids, stamps, vectors)
    return project


class Live:
    """Stands in for live suggestions."""

    def __init__(self, ids, rows):
        self.image_ids, self._rows = np.array(ids, np.int64), rows
        self.category_ids = (1,)

    def units(self, rows):
        return self._rows[rows]

    def for_category(self, _category):
        return np.linspace(0, 1, len(self.image_ids), dtype=np.float32)


def test_components_place_every_image_with_features():
    rows = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    found = finish(by_components(Live(range(1, 51), rows)))
    assert found.method is MapMethod.PCA
    assert found.places.shape == (50, 2)
    assert np.isfinite(found.places).all()


@pytest.mark.slow
def test_a_map_is_computed_in_the_runner_kept_and_read_again(indexed, runner):
    heard = []
    assert make_map(indexed, runner, heard.append) == 5
    assert heard[-1].stage
    kept = kept_map(indexed, np.array([1, 2, 4, 99]))
    assert kept.ids.tolist() == [1, 2, 4]
    assert kept.missing == 1
    assert np.isfinite(kept.places).all()
    assert kept.made_at is not None
    assert not list(indexed.layout.features(KEY).glob(".map*"))


def test_the_table_of_a_map_names_the_images_that_are_in_the_project(project):
    found = ImageMap(MapMethod.PCA, np.array([2, 4, 99]), np.array([[0.5, 1], [2, 3], [4, 5]], np.float32))
    context = build_context(project)
    names = [context.images.names[place] for place in context.positions([2, 4])]
    assert list(map_table(context, found).rows) == [(names[0], 0.5, 1.0), (names[1], 2.0, 3.0)]


def test_the_stages_of_a_map_and_too_few_images_are_said_in_the_language_of_the_window(indexed):
    def run(_command, hear=None, _should_stop=None):
        hear(Progress(job="1", stage="Placing images on the map", done=0, total=4))
        return Failed(job="1", known=True, message="A map needs at least 5 images with features.")

    heard = []
    runner = SimpleNamespace(run=run)
    language.install(lambda _context, text: f"[{text}]")
    try:
        with pytest.raises(WorkerFailedError, match=r"^\[A map needs at least 5"):
            make_map(indexed, runner, heard.append)
    finally:
        language.install(None)
    assert [one.stage for one in heard] == ["[Placing images on the map]"]


def test_a_damaged_map_is_not_used(indexed):
    (indexed.layout.features(KEY) / FILE).write_bytes(b"not a map")
    assert kept_map(indexed, np.array([1])) is None


def test_a_map_that_is_cancelled_leaves_the_former_one(indexed, runner):
    file = indexed.layout.features(KEY) / FILE
    file.write_bytes(b"former")
    with pytest.raises(CancelledError):
        make_map(indexed, runner, should_stop=lambda: True)
    assert file.read_bytes() == b"former"


def test_without_features_there_is_a_sentence(project, runner):
    with pytest.raises(NotIndexedError):
        make_map(project, runner)


def test_colours_say_what_was_reviewed_labelled_and_scored(project):
    decide(project, [Decision(1, 1, LabelState.YES), Decision(2, 1, LabelState.NO)])
    decide(
        project,
        [Decision(1, 2, LabelState.YES), Decision(3, 2, LabelState.YES), Decision(3, 1, LabelState.YES)],
    )
    review(project, [1])
    context, ids = build_context(project), np.array([1, 2, 3, 4])
    by_review = colours(context, None, ids, ColourBy.REVIEW)
    assert [by_review.names[code] for code in by_review.codes] == [
        "reviewed",
        "labelled",
        "labelled",
        "neither",
    ]
    by_label = colours(context, None, ids, ColourBy.LABELS, 1)
    assert by_label.codes.tolist() == [0, 1, 0, -1]
    by_category = colours(context, None, ids, ColourBy.CATEGORIES)
    assert by_category.names == ("cat", "dog")
    assert by_category.codes.tolist() == [1, -1, 1, -1]  # the rarer one of two
    by_score = colours(context, Live([1, 3, 4], None), ids, ColourBy.SCORE, 1)
    assert np.isnan(by_score.scores).tolist() == [False, True, False, False]


def test_colours_of_a_category_that_is_gone_are_refused(project):
    archive(project, 1)
    context = build_context(project)
    with pytest.raises(MapError):
        colours(context, None, np.array([1]), ColourBy.LABELS, 1)
    with pytest.raises(MapError):
        colours(context, None, np.array([1]), ColourBy.SCORE, 2)

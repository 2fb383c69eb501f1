"""Queries on a real project: what is read, and what a change does to a context."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from query_tables import Scores, context_of, image

from app.domain.changes import ChangeSet
from app.domain.errors import NotFoundError
from app.domain.images import ImageState
from app.domain.labels import Decision, LabelState, Source
from app.domain.query import MissingScoresError, QueryError
from app.domain.query.nodes import Property
from app.services.features.indexing import NotIndexedError, feature_store
from app.services.labelling.decisions import decide, redo, review, undo
from app.services.project.categories import add_categories, archive, restore, set_aliases
from app.services.project.creation import create_project
from app.services.query import facets
from app.services.query import find as query
from app.services.query.facets import facet_counts
from app.services.query.find import build_context, refresh, run_query, select
from app.storage import decisions, images, settings
from app.storage.image_models import KEY_SETTING

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN
NOW = datetime.now(UTC)
FILES = [
    ("cam1/IMG_1.jpg", ImageState.OK, "aa"),
    ("cam1/IMG_10.jpg", ImageState.OK, "bb"),
    ("cam1/IMG_2.jpg", ImageState.OK, "aa"),
    ("cam2/IMG_3.jpg", ImageState.MISSING, "bb"),
    ("cam2/notes.jpg", ImageState.UNREADABLE, None),
]


@pytest.fixture
def project(tmp_path):
    """Three readable images, a missing one and an unreadable one (1 to 5); fox is category 1, dog 2."""
    (tmp_path / "images").mkdir()
    with create_project(tmp_path / "project", [tmp_path / "images"], ["fox", "dog"]) as opened:
        with opened.db.write() as s:
            images.add_many(
                s,
                [
                    {
                        "root_id": 1,
                        "path": path,
                        "size": 1,
                        "mtime_ns": 10**9 * at,
                        "width": None if content is None else 4,
                        "height": None if content is None else 3,
                        "content_hash": None if content is None else content * 16,
                        "state": state.value,
                        "problem": None if state is ImageState.OK else "gone",
                        "reviewed_at": None,
                        "reviewed_batch_id": None,
                    }
                    for at, (path, state, content) in enumerate(FILES)
                ],
            )
        yield opened


def say(project, image_id, category_id, state, source=Source.HUMAN):
    return decide(project, [Decision(image_id, category_id, state)], source=source)


def test_query_without_terms_lists_readable_images_by_natural_path(project):
    assert run_query(project, "") == [1, 3, 2]


def test_labels_reviews_and_file_states_are_read_from_the_project(project):
    say(project, 1, 1, YES)
    say(project, 4, 1, YES, Source.IMPORT)
    review(project, [1, 2])
    assert run_query(project, "fox") == [1]
    assert run_query(project, "fox OR is:missing") == [1, 4]
    assert run_query(project, "no:fox") == [2]
    assert run_query(project, "no:dog is:reviewed") == [1, 2]
    assert run_query(project, "unknown:fox") == [3]
    assert run_query(project, "is:labelled") == [1]
    assert run_query(project, "is:unreadable") == [5]
    assert run_query(project, "is:duplicate") == [1, 3]
    assert run_query(project, "is:duplicate is:missing") == [4]
    assert run_query(project, "source:import is:missing") == [4]
    assert run_query(project, "sort:time") == [3, 2, 1]


def test_category_created_after_a_review_is_unknown_for_that_image(project):
    review(project, [1])
    add_categories(project, ["owl"])
    assert run_query(project, "unknown:owl is:reviewed") == [1]
    assert run_query(project, "no:owl") == []


def test_aliases_find_and_archived_categories_do_not(project):
    say(project, 1, 1, YES)
    set_aliases(project, 1, ["Vulpes"])
    assert run_query(project, "VULPES") == [1]
    archive(project, 1)
    with pytest.raises(QueryError, match='no category "fox"'):
        run_query(project, "fox")
    assert run_query(project, "is:labelled OR source:human OR decided:1d") == []
    restore(project, 1)
    assert run_query(project, "fox decided:1d is:labelled") == [1]


def test_decisions_have_the_time_at_which_they_were_made(project):
    say(project, 1, 1, YES)
    later = (NOW + timedelta(days=7)).timestamp()
    context = build_context(project)
    assert select(context, "decided:8d", later) == [1]
    assert select(context, "decided:6d", later) == []


def test_undone_decision_no_longer_counts(project):
    say(project, 1, 1, YES)
    undo(project)
    assert run_query(project, "fox OR source:human OR decided:1d OR is:labelled") == []


def test_spoken_unknown_on_a_reviewed_image_is_a_decision_but_no_label(project):
    review(project, [2])
    say(project, 2, 1, UNKNOWN)
    assert run_query(project, "unknown:fox is:reviewed source:human decided:1d is:unlabelled") == [2]


def test_suggestions_are_matched_to_the_images_by_their_id(project):
    scores = Scores([2, 3], {1: [0.9, 0.2], 2: [0.1, 0.8]})
    assert run_query(project, "suggested:fox", scores) == [2]
    assert run_query(project, "sort:score:dog", scores) == [3, 2, 1]
    say(project, 2, 1, NO)
    assert run_query(project, "suggested:fox", scores) == []


def test_wrong_query_fails_before_the_project_is_read(project, monkeypatch):
    monkeypatch.setattr(query, "build_context", lambda *_: pytest.fail("the project was read"))
    with pytest.raises(QueryError, match="is:reviewed"):
        run_query(project, "is:reviwed")


def test_similar_names_an_unknown_image_and_asks_for_an_index_if_there_is_none(project):
    with pytest.raises(NotFoundError, match=r"IMG_77\.jpg"):
        run_query(project, "similar:IMG_77.jpg")
    with pytest.raises(NotIndexedError, match="tailspotter index"):
        run_query(project, "similar:IMG_1.jpg")


def test_similar_orders_by_the_features_on_the_disk(project):
    with project.db.write() as s:
        settings.set(s, KEY_SETTING, {"backbone": project.backbone, "key": "k"})
    rows = np.array([[1, 0], [0, 1], [0.8, 0.6]], np.float16)
    stamps = np.array([int(content * 8, 16) for content in ("aa", "bb", "aa")], np.uint64)
    feature_store(project, "k").append(np.array([1, 2, 3]), stamps, rows)
    assert run_query(project, "similar:IMG_1.jpg") == [1, 3, 2]
    assert run_query(project, "-path:*_10.jpg similar:IMG_10 limit:1") == [3]
    with pytest.raises(MissingScoresError, match="features of IMG_3"):
        run_query(project, "similar:IMG_3")


def snapshot(context):
    return [
        array.tolist()
        for array in (
            context.labels,
            context.counts,
            context.reviewed,
            context.labelled,
            context.sources,
            context.decided_at,
        )
    ]


def test_a_refreshed_context_equals_a_new_one_after_every_kind_of_change(project):
    context = build_context(project, Scores([1], {1: [0.5], 2: [0.5]}))
    changes = [
        lambda: say(project, 1, 1, YES),
        lambda: say(project, 1, 2, NO, Source.BULK),
        lambda: review(project, [1, 2, 4]),
        lambda: say(project, 2, 1, UNKNOWN),
        lambda: undo(project),
        lambda: redo(project),
        lambda: review(project, [1], False),
        lambda: undo(project),
        lambda: add_categories(project, ["owl"]),
        lambda: say(project, 2, 3, YES),
        lambda: archive(project, 1),
        lambda: undo(project),
    ]
    for number, change in enumerate(changes):
        context = refresh(project, context, change())
        assert snapshot(context) == snapshot(build_context(project)), number
    assert context.suggestions is not None


def test_small_change_updates_the_arrays_and_reads_nothing_else(project, monkeypatch):
    context = build_context(project)
    monkeypatch.setattr(query, "build_context", lambda *_: pytest.fail("everything was read again"))
    assert refresh(project, context, say(project, 1, 1, YES)) is context
    assert refresh(project, context, ChangeSet()) is context
    assert select(context, "fox") == [1]


def test_after_a_change_of_many_images_everything_is_read_again(project, monkeypatch):
    context = build_context(project)
    monkeypatch.setattr(query, "REFRESH_AT_MOST", 2)
    change = decide(project, [Decision(image_id, 1, YES) for image_id in (1, 2, 3)])
    renewed = refresh(project, context, change)
    assert renewed is not context
    assert select(renewed, "fox") == [1, 3, 2]


def test_change_of_an_image_that_the_context_does_not_know_makes_a_new_one(project):
    context = build_context(project)
    with project.db.write() as s:
        row = {"root_id": 1, "path": "new.jpg", "size": 1, "mtime_ns": 1, "width": 4, "height": 3}
        images.add_many(s, [row | {"content_hash": "cc" * 16, "state": "ok"}])
    context = refresh(project, context, say(project, 6, 1, YES))
    assert select(context, "fox") == [6]


def test_decisions_of_an_image_are_combined_and_can_be_read_for_some_images(project):
    say(project, 1, 1, YES)
    say(project, 1, 2, NO, Source.BULK)
    say(project, 3, 2, NO, Source.BULK)
    with project.db.read() as s:
        everything = decisions.decision_columns(s)
        some = decisions.decision_columns(s, [3, 4])
    bits = decisions.SOURCE_BITS
    assert everything.image_ids.tolist() == [1, 3]
    assert everything.sources.tolist() == [bits[Source.HUMAN] | bits[Source.BULK], bits[Source.BULK]]
    assert everything.labelled.tolist() == [True, True]
    assert (some.image_ids.tolist(), some.latest.tolist()) == ([3], everything.latest[1:].tolist())
    assert (np.abs(everything.latest - datetime.now(UTC).timestamp()) < 300).all()


def test_empty_project_answers_with_nothing(tmp_path):
    (tmp_path / "images").mkdir()
    with create_project(tmp_path / "project", [tmp_path / "images"]) as empty:
        assert run_query(empty, "") == []
        assert build_context(empty).labels.shape == (0, 0)
        assert np.asarray(run_query(empty, "is:reviewed OR -is:missing")).size == 0


@pytest.fixture
def counted(project):
    """Images 1 and 2 reviewed with fox and dog; image 2 before the category owl existed."""
    review(project, [2])
    owl = add_categories(project, ["owl"]).categories[0]
    review(project, [1])
    decide(project, [Decision(1, 1, YES), Decision(4, 1, YES)])
    return project, owl


def test_outdated_is_reviewed_before_a_category_that_is_still_unknown(counted):
    project, owl = counted
    assert run_query(project, "is:outdated") == [2]
    assert run_query(project, "is:reviewed -is:outdated") == [1]
    decide(project, [Decision(2, owl, NO)])
    assert run_query(project, "is:outdated") == []
    undo(project)
    archive(project, owl)
    assert run_query(project, "is:outdated") == []
    restore(project, owl)
    assert run_query(project, "is:outdated") == [2]  # image 1 was reviewed while it existed


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_outdated_follows_each_change_as_a_new_reading_would(counted, step):
    project, owl = counted
    context = build_context(project)
    assert select(context, "is:outdated") == [2]
    changes = (
        lambda: decide(project, [Decision(2, owl, YES)]),
        lambda: review(project, [1, 2]),
        lambda: review(project, [2], reviewed=False),
        lambda: archive(project, owl),
    )
    context = refresh(project, context, changes[step]())
    assert context.newer.tolist() == build_context(project).newer.tolist()


def test_counts_of_the_filters_are_the_lengths_of_their_lists(counted):
    project, _ = counted
    context = build_context(project)
    counts = facet_counts(context)
    for word, found in counts.properties.items():
        assert found == len(select(context, f"is:{word}")), word
    for source, found in counts.sources.items():
        assert found == len(select(context, f"source:{source}")), source
    assert counts.folders == {"cam1": 3}
    assert len(select(context, "path:cam1/")) == 3
    assert context.newer.max() == 1
    assert set(counts.properties) == set(Property) - {Property.DUPLICATE}


def test_folders_beyond_the_limit_are_the_deepest(counted, monkeypatch):
    monkeypatch.setattr(facets, "MAX_FOLDERS", 2)
    images_ = [image(at, path) for at, path in enumerate(["a/b/c/1.jpg", "a/2.jpg", "d/3.jpg"], 1)]
    counts = facet_counts(context_of(images_))
    assert counts.folders == {"a": 2, "d": 1}


def test_sort_by_decision_keeps_the_order_that_a_person_sees(counted):
    project, _ = counted
    decide(project, [Decision(3, 2, YES)])
    context = build_context(project)
    shown = select(context, "is:labelled sort:decided")
    assert shown == [3, 1]
    context = refresh(project, context, decide(project, [Decision(1, 2, NO)]))
    assert select(context, "is:labelled sort:decided") == [1, 3]
    assert query.reselect(context, "is:labelled sort:decided", shown) is None

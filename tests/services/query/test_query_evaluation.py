"""Which images a query selects, and in which order."""

import math

import numpy as np
import pytest
from query_tables import NOW, Scores, context_of, decided, image

from app.domain.categories import BandCuts
from app.domain.errors import KnownError, NotFoundError
from app.domain.images import ImageState
from app.domain.labels import LabelState, Source
from app.domain.query import MissingScoresError, QueryError, parse
from app.services.query.evaluation import evaluate

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


def found(context, text):
    return evaluate(context, parse(text), NOW.timestamp())


@pytest.fixture
def labelled():
    """Image 1 fox and dog, 2 fox and no dog, 3 dog only, 4 nothing said."""
    states = {(1, 1): YES, (1, 2): YES, (2, 1): YES, (2, 2): NO, (3, 2): YES, (3, 1): NO}
    return context_of([image(i) for i in (1, 2, 3, 4)], ["fox", "dog"], states)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3, 4]),
        ("fox", [1, 2]),
        ("FOX", [1, 2]),
        ("no:fox", [3]),
        ("unknown:fox", [4]),
        ("-fox", [3, 4]),
        ("fox dog", [1]),
        ("fox OR dog", [1, 2, 3]),
        ("fox -dog", [2]),
        ("-(fox dog)", [2, 3, 4]),
        ("fox dog OR unknown:dog", [1, 4]),
        ("fox (dog OR no:dog)", [1, 2]),
        ("NOT no:dog NOT dog", [4]),
        ("fox OR dog limit:2", [1, 2]),
        ("limit:9", [1, 2, 3, 4]),
    ],
)
def test_label_terms_and_their_combinations(labelled, text, ids):
    assert found(labelled, text) == ids


def test_an_unknown_category_is_reported_with_its_column(labelled):
    with pytest.raises(QueryError, match=r'column 5: there is no category "dgo"; did you mean dog\?'):
        found(labelled, "fox dgo")


@pytest.fixture
def scored():
    """Fox undecided on 1..4 and yes on 5; image 4 has no features; the threshold of fox is 0.6."""
    scores = Scores([1, 2, 3, 5], {1: [0.75, 0.6, 0.44, 0.9], 2: [0.2, 0.5, 0.8, 0.5]}, {1: 0.6, 2: None})
    images = [image(i) for i in (1, 2, 3, 4, 5)]
    return context_of(images, ["fox", "dog"], {(5, 1): YES, (1, 2): NO}, suggestions=scores)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("suggested:fox", [1, 2]),
        ("suggested:dog", [2, 3, 5]),
        ("unsure:fox", [1, 2]),
        ("unsure:dog", [2, 5]),
        ("score:fox>0.6", [1, 5]),
        ("score:fox>=0.6", [1, 2, 5]),
        ("score:fox<0.6", [3]),
        ("score:fox<=0.6", [2, 3]),
        ("-score:fox>=0", [4]),
        ("sort:score:fox", [5, 1, 2, 3, 4]),
        ("suggested:dog sort:score:dog", [3, 2, 5]),
        ("sort:score:fox limit:2", [5, 1]),
        ("score:fox>=0 sort:unsure", [2, 1, 3, 5]),
        ("unknown:fox sort:unsure", [2, 1, 3, 4]),
        ("sort:unsure", [2, 5, 1, 3, 4]),
    ],
)
def test_score_terms_use_the_threshold_or_one_half(scored, text, ids):
    assert found(scored, text) == ids


def test_unsure_reaches_exactly_fifteen_hundredths_in_spite_of_rounding():
    scores = Scores([1, 2, 3, 4], {1: [0.85, 0.55, 0.8501, 0.5499]}, {1: 0.7})
    context = context_of([image(i) for i in (1, 2, 3, 4)], ["fox"], suggestions=scores)
    assert found(context, "unsure:fox") == [1, 2]


@pytest.mark.parametrize(
    "text",
    ["suggested:fox", "unsure:fox", "score:fox>0.5", "sort:score:fox", "sort:unsure", "fox -suggested:fox"],
)
@pytest.mark.parametrize("suggestions", [None, Scores([], {1: []})])
def test_query_that_needs_scores_says_so_when_there_are_none(text, suggestions):
    context = context_of([image(1)], ["fox"], suggestions=suggestions)
    with pytest.raises(MissingScoresError, match="run `tailspotter index`") as caught:
        found(context, text)
    assert isinstance(caught.value, KnownError)


def test_scores_of_an_image_that_is_not_in_the_table_are_left_out():
    context = context_of([image(2)], ["fox"], suggestions=Scores([1, 2, 3], {1: [0.9, 0.7, 0.9]}))
    assert found(context, "score:fox>0.1") == [2]


def test_each_category_is_scored_once_for_a_query(scored):
    found(scored, "(suggested:fox OR unsure:fox) score:fox>0.1 sort:score:fox")
    assert scored.suggestions.asked == [1]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("band:head", [1, 2, 3]),
        ("band:medium", [1, 2, 4]),
        ("band:tail", [4]),
        ("band:tail OR band:head", [1, 2, 3, 4]),
    ],
)
def test_band_is_any_yes_in_a_category_of_that_band(text, ids):
    states = {
        (1, 1): YES,
        (2, 1): YES,
        (3, 1): YES,
        (1, 2): YES,
        (2, 2): YES,
        (4, 2): YES,
        (4, 3): YES,
        (1, 3): NO,
    }
    states[4, 2] = YES
    del states[4, 2]
    states |= {(4, 4): YES, (1, 4): YES}
    context = context_of(
        [image(i) for i in (1, 2, 3, 4)], ["head", "medium", "tail", "medium 2"], states, cuts=BandCuts(2, 3)
    )
    assert found(context, text) == ids


def test_band_counts_suggestions_too_once_there_are_scores():
    scores = Scores([1, 2], {1: [0.1, 0.9], 2: [0.9, 0.1]})
    images = [image(1), image(2)]
    without = context_of(images, ["rare", "common"], {(1, 2): YES, (2, 2): YES}, cuts=BandCuts(1, 2))
    with_scores = context_of(
        images, ["rare", "common"], {(1, 2): YES, (2, 2): YES}, cuts=BandCuts(1, 2), suggestions=scores
    )
    assert found(without, "band:tail") == []
    assert found(with_scores, "band:tail") == [2]


@pytest.fixture
def states_of_files():
    return context_of(
        [
            image(1, reviewed=True, content="same"),
            image(2, content="same"),
            image(3, state=ImageState.MISSING, content="same", reviewed=True),
            image(4, state=ImageState.UNREADABLE, content=None),
            image(5, state=ImageState.UNREADABLE, content=None),
            image(6, state=ImageState.MISSING, content="other"),
            image(7, content="other"),
        ],
        ["fox"],
        {(1, 1): YES, (3, 1): YES, (6, 1): NO},
    )


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 7]),
        ("fox", [1]),
        ("is:missing", [3, 6]),
        ("is:unreadable", [4, 5]),
        ("is:missing OR is:unreadable", [3, 4, 5, 6]),
        ("is:missing fox", [3]),
        ("fox OR is:missing", [1, 3, 6]),
        ("-is:missing", [1, 2, 7]),
        ("-(fox is:missing)", [1, 2, 7]),
        ("-(-is:missing)", [3, 6]),
        ("is:reviewed", [1]),
        ("is:unreviewed", [2, 7]),
        ("is:reviewed is:missing", [3]),
        ("is:duplicate", [1, 2]),
        ("is:duplicate is:missing", [3, 6]),
        ("-is:duplicate", [7]),
    ],
)
def test_missing_and_unreadable_images_appear_only_when_asked_for(states_of_files, text, ids):
    assert found(states_of_files, text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("source:human", [1, 2]),
        ("source:bulk", [1]),
        ("source:import", [3]),
        ("source:propagated", []),
        ("decided:7d", [1, 2]),
        ("decided:6.9d", [1]),
        ("decided:1d", []),
        ("decided:30d", [1, 2, 3]),
        ("is:labelled", [1, 3]),
        ("is:unlabelled", [2, 4]),
    ],
)
def test_source_and_time_are_those_of_the_decisions_that_stand(text, ids):
    decisions = [
        decided(1, 20, Source.HUMAN),
        decided(1, 2, Source.BULK),
        decided(2, 7, Source.HUMAN, labelled=False),
        decided(3, 29, Source.IMPORT),
        decided(99, 1),
    ]
    assert found(context_of([image(i) for i in (1, 2, 3, 4)], decisions=decisions), text) == ids


@pytest.fixture
def folders():
    paths = ["b/img10.jpg", "b/img2.jpg", "a/img3.JPG", "b/c/img1.jpg", "A/x.png"]
    return context_of([image(i, path, mtime=(i * 7) % 5) for i, path in enumerate(paths, 1)])


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [3, 5, 4, 2, 1]),
        ("sort:name", [4, 2, 3, 1, 5]),
        ("sort:time", [2, 4, 1, 3, 5]),
        ("path:b/*", [4, 2, 1]),
        ("path:**/img?.jpg", [4, 2]),
        ("path:*.jpg limit:1", [4]),
        ("path:A/", [5]),
        ('path:"b/c/img1.jpg"', [4]),
    ],
)
def test_paths_and_file_orders(folders, text, ids):
    assert found(folders, text) == ids


def similar_context(images):
    rows = np.array([[3, 4], [0.6, 0.8], [-1, 0], [0, 2], [1, 0], [9, 9]], np.float16)
    by_path = {one.path: one.id for one in images}

    def find(reference):
        if reference not in by_path:
            raise NotFoundError(f"no {reference}")
        return by_path[reference]

    return context_of(images, find_image=find, embeddings=lambda: (np.array([6, 1, 2, 3, 4, 77]), rows))


def test_similar_puts_the_nearest_first_and_images_without_features_last():
    context = similar_context([image(i) for i in (1, 2, 3, 4, 5, 6)])
    assert found(context, 'similar:"1.jpg"') == [1, 6, 3, 4, 2, 5]
    assert found(context, "-path:6.jpg similar:4.jpg limit:2") == [4, 1]


def test_similar_orders_by_angle_whatever_the_lengths_and_over_many_blocks(monkeypatch):
    monkeypatch.setattr("app.services.query.scores._COSINE_ROWS", 7)
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(50, 6)).astype(np.float32)
    ids = rng.permutation(np.arange(1, 51))
    context = context_of(
        [image(i) for i in range(1, 51)],
        find_image=int,
        embeddings=lambda: (ids, rows),
    )
    wanted = rows[ids == 9][0]
    angles = {
        i: math.dist(row / math.hypot(*row), wanted / math.hypot(*wanted))
        for i, row in zip(ids, rows, strict=True)
    }
    assert found(context, "similar:9") == sorted(angles, key=angles.__getitem__)


class Similar:
    """Suggestions that know the angles between images; 77 is not in the table."""

    image_ids = np.array([1, 3, 4, 77])

    def for_category(self, category_id):
        raise AssertionError(category_id)

    threshold = for_category

    def cosines(self, image_id):
        return {1: np.array([1, 0.2, 0.9, 0.95]), 4: np.array([0.9, 0.3, 1, 0])}[image_id]


def test_similar_takes_the_angles_that_the_suggestions_know():
    numbers = {f"{i}.jpg": i for i in range(1, 6)}
    rows = np.array([[1, 0], [0, 1]], np.float16)
    context = context_of(
        [image(i) for i in range(1, 6)],
        find_image=numbers.__getitem__,
        embeddings=lambda: (np.array([2, 3]), rows),
        suggestions=Similar(),
    )
    assert found(context, "similar:1.jpg") == [1, 4, 3, 2, 5]
    assert found(context, "similar:4.jpg") == [4, 1, 3, 2, 5]
    assert found(context, "similar:2.jpg") == [2, 3, 1, 4, 5]  # its features came after the suggestions


def test_similar_to_an_image_without_features_or_an_unknown_one_says_what_to_do():
    context = similar_context([image(i) for i in (1, 5)])
    with pytest.raises(MissingScoresError, match="features of 5"):
        found(context, "similar:5.jpg")
    with pytest.raises(NotFoundError):
        found(context, "similar:8.jpg")
    with pytest.raises(MissingScoresError):
        found(context_of([image(1)], find_image=lambda reference: 1), "similar:1.jpg")


def test_project_without_images_answers_every_query_with_nothing():
    context = context_of([], ["fox"], suggestions=Scores([1], {1: [0.5]}))
    for text in (
        "",
        "fox",
        "-fox",
        "suggested:fox",
        "is:duplicate",
        "path:*",
        "sort:unsure",
        "band:tail sort:time",
    ):
        assert found(context, text) == []


def test_project_without_categories_can_be_searched_by_everything_else():
    context = context_of([image(1), image(2, reviewed=True)])
    assert found(context, "is:reviewed OR band:tail") == [2]


def test_query_leaves_the_context_as_it_was(states_of_files):
    before = {text: found(states_of_files, text) for text in ("is:reviewed", "is:duplicate", "fox", "")}
    for text in ("-is:reviewed is:labelled", "is:reviewed OR fox", "is:missing OR is:duplicate"):
        found(states_of_files, text)
    assert {text: found(states_of_files, text) for text in before} == before

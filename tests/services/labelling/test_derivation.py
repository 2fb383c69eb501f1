"""A yes below is a yes above: derived, never stored."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.category_properties import CategoryEdit
from app.domain.errors import BadInputError
from app.domain.labels import Decision, LabelState
from app.services.images.lookup import labelled_image
from app.services.insights import stats
from app.services.labelling.decisions import (
    decide,
    image_states,
    label_states,
    redo,
    review,
    states_of,
    undo,
)
from app.services.project.categories import add_categories, archive, edit_category, restore
from app.services.query.find import build_context, refresh, run_query, select
from app.storage import categories, labels

CAT, DOG, BIRD = 1, 2, 3
YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


def put_below(project, child, parent):
    return edit_category(project, child, CategoryEdit(parent=parent))


def say(project, image, category, state):
    return decide(project, [Decision(image, category, state)])


@pytest.fixture
def animals(project):
    """cat and dog are animals (4), which are living (5)."""
    add_categories(project, ["animal", "living"])
    put_below(project, CAT, 4)
    put_below(project, DOG, 4)
    put_below(project, 4, 5)
    return project


def test_queries_find_what_follows(animals):
    say(animals, 1, CAT, YES)
    say(animals, 2, 4, YES)
    review(animals, [1, 3])
    assert run_query(animals, "animal sort:name") == run_query(animals, "living sort:name")
    assert set(run_query(animals, "animal")) == {1, 2}
    assert set(run_query(animals, "no:animal")) == {3}
    assert set(run_query(animals, "unknown:animal")) == {4, 5}
    assert set(run_query(animals, "-animal")) == {3, 4, 5}
    assert set(run_query(animals, "cat")) == {1}


def test_nothing_is_stored_and_taking_the_cause_back_takes_the_effect_back(animals):
    say(animals, 1, CAT, YES)
    with animals.db.read() as s:
        assert [category for category, _, _ in labels.by_state(s)] == [CAT]
    assert image_states(animals, 1)[4] is YES
    undo(animals)
    assert image_states(animals, 1)[4] is UNKNOWN
    redo(animals)
    put_below(animals, CAT, 0)
    assert image_states(animals, 1)[4] is UNKNOWN


def test_an_explicit_no_stays_and_is_shown_as_a_contradiction(animals):
    say(animals, 1, CAT, YES)
    say(animals, 1, 4, NO)
    assert image_states(animals, 1)[4] is NO
    assert image_states(animals, 1)[5] is YES  # of the cat, whatever is between
    with animals.db.read() as s:
        known = categories.all_categories(s)
    shown = {one.category.name: one for one in labelled_image(animals, 1, known).labels}
    assert (shown["animal"].state, shown["animal"].below) == (NO, "cat")
    assert (shown["living"].state, shown["living"].below, shown["living"].source) == (YES, "cat", None)
    assert shown["cat"].below == ""


def test_an_explicit_unknown_gives_way(animals):
    say(animals, 1, 4, UNKNOWN)
    review(animals, [1])
    say(animals, 1, 4, UNKNOWN)
    assert image_states(animals, 1)[4] is UNKNOWN
    say(animals, 1, CAT, YES)
    assert image_states(animals, 1)[4] is YES
    with animals.db.read() as s:
        known = categories.all_categories(s)
    (shown,) = [one for one in labelled_image(animals, 1, known).labels if one.category.id == 4]
    assert (shown.state, shown.below) == (YES, "cat")


def test_counts_follow(animals):
    say(animals, 1, CAT, YES)
    say(animals, 2, DOG, YES)
    found = {one.name: (one.yes, one.no) for one in stats(animals).categories}
    assert found["animal"] == found["living"] == (2, 0)


def test_an_open_window_follows_each_change(animals):
    context = build_context(animals)
    assert select(context, "animal") == []
    for change in (lambda: say(animals, 1, CAT, YES), lambda: put_below(animals, BIRD, CAT)):
        context = refresh(animals, context, change())
        assert set(select(context, "animal")) == set(run_query(animals, "animal"))
    context = refresh(animals, context, say(animals, 2, BIRD, YES))
    assert set(select(context, "animal")) == {1, 2} == set(select(context, "cat"))


def test_an_archived_category_gives_no_yes(animals):
    say(animals, 1, CAT, YES)
    archive(animals, CAT)
    assert image_states(animals, 1)[4] is UNKNOWN
    restore(animals, CAT)
    archive(animals, 4)
    assert image_states(animals, 1)[5] is YES


@pytest.mark.parametrize(("child", "parent"), [(4, 4), (4, CAT), (5, CAT)])
def test_a_circle_is_refused_with_a_sentence(animals, child, parent):
    with pytest.raises(BadInputError, match=r"parent"):
        put_below(animals, child, parent)


def test_an_archived_parent_is_refused(animals):
    archive(animals, BIRD)
    with pytest.raises(BadInputError, match="archived"):
        put_below(animals, 5, BIRD)


def expected(stored, parents, reviewed, image, category):
    """The rule of docs/query.md, one image and category at a time."""
    own = stored.get((image, category), UNKNOWN)
    if own in (YES, NO):
        return own
    for other in parents:
        above, seen = parents.get(other), []
        while above is not None and above not in seen:
            if above == category and stored.get((image, other)) is YES:
                return YES
            seen.append(above)
            above = parents.get(above)
    return NO if image in reviewed else UNKNOWN


PARENTS = st.dictionaries(st.integers(1, 5), st.integers(1, 5), max_size=5)
STORED = st.dictionaries(
    st.tuples(st.integers(1, 5), st.integers(1, 5)), st.sampled_from([YES, NO]), max_size=12
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wanted=PARENTS, stored=STORED, reviewed=st.sets(st.integers(1, 5)))
def test_every_reader_agrees_with_the_rule(project, wanted, stored, reviewed):
    add_categories(project, ["animal", "living"])
    parents = dict.fromkeys(range(1, 6))
    for child in parents:
        put_below(project, child, 0)
    for child, parent in wanted.items():
        try:
            put_below(project, child, parent)
        except BadInputError:
            continue
        parents[child] = parent
    every = [(image, category) for image in range(1, 6) for category in range(1, 6)]
    review(project, range(1, 6), False)
    decide(project, [Decision(*pair, UNKNOWN) for pair in every])
    decide(project, [Decision(*pair, state) for pair, state in stored.items()])
    review(project, sorted(reviewed))
    rule = np.array(
        [
            [expected(stored, parents, reviewed, image, category).target for image in range(1, 6)]
            for category in range(1, 6)
        ]
    )
    table = label_states(project)
    assert np.array_equal(table.matrix().T, rule)
    assert np.array_equal(states_of(project, range(1, 6)).states, rule)
    for number, name in enumerate(["cat", "dog", "bird", "animal", "living"]):
        assert set(run_query(project, name)) == {i + 1 for i in range(5) if rule[number, i] == 1}
        assert set(run_query(project, f"no:{name}")) == {i + 1 for i in range(5) if rule[number, i] == 0}
    derived = {(i + 1, one) for one, found in table.derived.items() for i in np.flatnonzero(found)}
    assert derived == {pair for pair in every if rule[pair[1] - 1, pair[0] - 1] == 1 and pair not in stored}

"""Merging one category into another, and taking it back."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.category_properties import CategoryEdit, Conflicting
from app.domain.errors import BadInputError
from app.domain.labels import Decision, LabelState, Source
from app.services.labelling.decisions import decide, image_states, redo, review, undo
from app.services.labelling.steps import step
from app.services.project.categories import add_categories, archive, edit_category
from app.services.project.category_merge import merge_categories, merge_effects
from app.services.query.find import run_query
from app.services.safety.check import check
from app.storage import categories, predictions

CAT, DOG, BIRD = 1, 2, 3
YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


def content(project):
    """Everything but the history: all rows of labels, categories and review marks."""
    with closing(sqlite3.connect(project.layout.database)) as connection:
        return [
            connection.execute(query).fetchall()
            for query in (
                "SELECT * FROM label ORDER BY 1, 2",
                "SELECT * FROM category ORDER BY id",
                "SELECT id, reviewed_at, reviewed_batch_id FROM image ORDER BY id",
            )
        ]


def say(project, *answers, source=Source.HUMAN):
    decide(project, [Decision(*one) for one in answers], source=source)


def find(project, name):
    with project.db.read() as s:
        return categories.find(s, name)


def test_answers_names_key_and_children_move(project):
    add_categories(project, ["kitten"])
    edit_category(project, CAT, CategoryEdit(shortcut="", aliases=("kitty",)))
    edit_category(project, DOG, CategoryEdit(aliases=("hound", "Kitty-dog"), shortcut="Z"))
    edit_category(project, 4, CategoryEdit(parent=DOG))
    say(project, (1, DOG, YES), (2, DOG, NO), (3, DOG, YES), (3, CAT, YES), (4, CAT, YES), (4, DOG, NO))
    effects = merge_effects(project, DOG, CAT)
    assert (effects.yes, effects.no, effects.both_yes, effects.both_no, effects.conflicts) == (1, 1, 1, 0, 1)
    assert effects.aliases == ("dog", "hound", "Kitty-dog")
    assert (effects.children, effects.key) == (("kitten",), "Z")
    change = merge_categories(project, DOG, CAT)
    assert change.description == "Merge 'dog' into 'cat'"
    merged = find(project, "dog")
    assert (merged.id, merged.aliases, merged.shortcut) == (
        CAT,
        ("kitty", "dog", "hound", "Kitty-dog"),
        "Z",
    )
    assert find(project, "kitten").parent == CAT
    assert set(run_query(project, "dog")) == {1, 3, 4} and set(run_query(project, "no:cat")) == {2}


def test_an_answer_keeps_its_source_and_its_time(project):
    say(project, (1, DOG, YES), source=Source.IMPORT)
    before = content(project)[0]
    merge_categories(project, DOG, CAT)
    after = content(project)[0]
    assert [(row[0], *row[2:]) for row in after] == [(row[0], *row[2:]) for row in before]
    assert [row[1] for row in after] == [CAT]


@pytest.mark.parametrize(
    ("conflicting", "cat_yes", "cat_no"),
    [(Conflicting.KEEP, YES, NO), (Conflicting.YES, YES, YES), (Conflicting.OPEN, UNKNOWN, UNKNOWN)],
)
def test_the_person_chooses_what_counts_in_a_conflict(project, conflicting, cat_yes, cat_no):
    say(project, (1, CAT, YES), (1, DOG, NO), (2, CAT, NO), (2, DOG, YES))
    review(project, [2])
    merge_categories(project, DOG, CAT, conflicting)
    assert image_states(project, 1)[CAT] is cat_yes
    assert image_states(project, 2)[CAT] is cat_no


def test_a_yes_replaces_a_no_that_only_a_review_implies(project):
    say(project, (1, DOG, YES))
    review(project, [1])
    assert merge_effects(project, DOG, CAT).conflicts == 0
    merge_categories(project, DOG, CAT)
    assert image_states(project, 1)[CAT] is YES


def test_reviews_of_the_merged_category_count_for_the_other(project):
    review(project, [1])
    add_categories(project, ["lynx"])
    assert image_states(project, 1)[4] is UNKNOWN
    merge_categories(project, CAT, 4)
    assert image_states(project, 1)[4] is NO
    undo(project)
    assert image_states(project, 1)[4] is UNKNOWN


def test_a_merge_into_a_child_closes_no_circle(project):
    add_categories(project, ["animal"])
    edit_category(project, DOG, CategoryEdit(parent=CAT))
    edit_category(project, BIRD, CategoryEdit(parent=DOG))
    edit_category(project, CAT, CategoryEdit(parent=4))
    merge_categories(project, CAT, BIRD)  # bird is below dog, which is below cat
    assert (find(project, "dog").parent, find(project, "bird").parent) == (4, DOG)
    undo(project)
    assert merge_effects(project, CAT, DOG).children == ()  # dog moves up, nothing moves below it
    merge_categories(project, CAT, DOG)
    assert (find(project, "dog").parent, find(project, "bird").parent) == (4, DOG)


def test_a_category_is_not_merged_into_itself_or_an_archived_one(project):
    with pytest.raises(BadInputError, match="itself"):
        merge_categories(project, CAT, CAT)
    archive(project, CAT)
    with pytest.raises(BadInputError, match="archived"):
        merge_effects(project, DOG, CAT)
    say(project, (1, DOG, YES))
    archive(project, DOG)
    merge_categories(project, DOG, BIRD)
    assert run_query(project, "bird") == [1]


STATES = st.sampled_from([YES, NO, UNKNOWN])
ANSWERS = st.dictionaries(st.tuples(st.integers(1, 5), st.integers(1, 3)), STATES, max_size=10)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    answers=st.tuples(ANSWERS, ANSWERS),
    reviewed=st.sets(st.integers(1, 5)),
    conflicting=st.sampled_from(Conflicting),
    parents=st.dictionaries(st.integers(1, 3), st.integers(1, 3), max_size=2),
)
def test_undo_restores_everything_exactly_and_redo_merges_again(
    project, answers, reviewed, conflicting, parents
):
    before, after = answers
    steps = len(before) + len(after)
    for image, category in ((i, c) for i in range(1, 6) for c in range(1, 4)):
        say(project, (image, category, UNKNOWN))
    review(project, range(1, 6), False)
    for child in (1, 2, 3):
        edit_category(project, child, CategoryEdit(parent=0))
    for child, parent in parents.items():
        if child != parent and parents.get(parent) != child:
            edit_category(project, child, CategoryEdit(parent=parent))
    for pair, state in before.items():
        say(project, (*pair, state), source=Source.IMPORT if steps % 2 else Source.HUMAN)
    review(project, sorted(reviewed))
    for pair, state in after.items():
        say(project, (*pair, state))
    stored, states = content(project), [image_states(project, one) for one in range(1, 6)]
    merge_categories(project, DOG, CAT, conflicting)
    merged = content(project)
    assert check(project.layout.folder).ok
    for image, old in enumerate(states, 1):
        now = image_states(project, image)
        assert DOG not in now
        own = {row[1]: row[2] for row in stored[0] if row[0] == image}
        cat, dog = (own.get(one) for one in (CAT, DOG))
        if {cat, dog} == {0, 1}:
            want = {Conflicting.KEEP: cat, Conflicting.YES: 1, Conflicting.OPEN: -1}[conflicting]
        else:
            want = next((one for one in (cat, dog) if one in (0, 1)), None)
        if want in (0, 1) and not parents:
            assert now[CAT].target == want
        if not parents:
            assert now[BIRD] is old[BIRD]
    undo(project)
    assert content(project) == stored
    redo(project)
    assert content(project) == merged
    undo(project)
    assert content(project) == stored
    assert check(project.layout.folder).ok


def suggest(project, model, scores):
    with step(project, source=Source.IMPORT, description="Suggest") as one:
        one.predict(model, scores)


def suggested(project):
    """By image and category in both ways of asking, which agree."""
    with project.db.read() as s:
        found = {(one.image_id, one.category_id): one.score for one in predictions.of_images(s, range(1, 9))}
        for category in (CAT, DOG, BIRD):
            alone = {(one.image_id, category): one.score for one in predictions.of_category(s, category)}
            assert alone == {key: score for key, score in found.items() if key[1] == category}
    return found


def test_what_another_model_suggested_for_the_source_is_suggested_for_the_target(project):
    suggest(project, "detector", {1: {DOG: 0.7}, 2: {DOG: 0.8, CAT: 0.3}, 3: {CAT: 0.4}, 4: {}})
    suggest(project, "other", {2: {BIRD: 0.9}})
    before = suggested(project)
    merge_categories(project, DOG, CAT)
    once = {(1, CAT): 0.7, (2, CAT): 0.8, (3, CAT): 0.4, (2, BIRD): 0.9}
    assert suggested(project) == once
    merge_categories(project, CAT, BIRD)
    assert suggested(project) == {(1, BIRD): 0.7, (2, BIRD): 0.9, (3, BIRD): 0.4}
    undo(project)
    assert suggested(project) == once
    undo(project)
    assert suggested(project) == before
    redo(project)
    assert suggested(project) == once
    with project.db.read() as s:
        known = predictions.of_model(s, "detector", [1, 2, 4])
    assert known == {1: {CAT: 0.7}, 2: {CAT: 0.8}, 4: {}}
    suggest(project, "detector", {2: {CAT: 0.1}})  # replaces what it said about this image
    assert suggested(project)[2, CAT] == 0.1
    assert check(project.layout.folder).ok

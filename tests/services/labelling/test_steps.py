"""Several kinds of change as one step of undo, as an import needs it."""

import pytest

from app.domain.changes import LabelChange, ReviewChange
from app.domain.errors import NotFoundError
from app.domain.labels import Decision, LabelState, Origin, Source
from app.services.labelling.decisions import image_states, label_states, next_undo, redo, undo, undo_size
from app.services.labelling.steps import step
from app.services.project.categories import add_categories
from app.storage import changes, ledger

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


def add_all(project):
    with step(project, source=Source.IMPORT, description="Import of labels.json") as one:
        created = one.add_categories(["owl", "Cat"])
        one.decide([Decision(1, created["owl"].id, YES), Decision(2, created["Cat"].id, YES)])
        one.review([1])
    return one.change


def test_categories_labels_and_reviews_are_undone_and_redone_together(project):
    before = label_states(project).matrix().tolist()
    change = add_all(project)
    assert change.categories == [4]
    assert change.labels == [LabelChange(1, 4, UNKNOWN, YES), LabelChange(2, 1, UNKNOWN, YES)]
    assert change.reviews == [ReviewChange(1, False, True)]
    after = label_states(project)
    assert after.matrix()[:2].tolist() == [[0, 0, 0, 1], [1, -1, -1, -1]]
    assert next_undo(project) == "Import of labels.json"
    undo(project)
    assert label_states(project).matrix().tolist() == before
    redo(project)
    assert label_states(project).category_ids == after.category_ids
    assert (label_states(project).matrix() == after.matrix()).all()


def test_categories_of_the_same_step_are_seen_by_its_reviews(project):
    with step(project, description="x") as one:
        one.review([1])
        one.add_categories(["owl"])
    assert set(image_states(project, 1).values()) == {NO}


def test_an_explicit_unknown_in_the_reviewing_step_is_kept(project):
    with step(project, description="x") as one:
        one.decide([Decision(1, 1, UNKNOWN)])
        one.review([1])
    assert list(image_states(project, 1).values()) == [UNKNOWN, NO, NO]


def test_the_last_of_several_answers_counts_also_across_calls(project):
    with step(project, description="x") as one:
        one.decide([Decision(1, 1, YES)], Origin("a", 0.5))
        one.decide([Decision(1, 1, NO)], Origin("b", 0.25))
    assert one.change.labels == [LabelChange(1, 1, UNKNOWN, NO)]
    with project.db.read() as s:
        (entry,) = ledger.entries_of(s, one.change.batch_id)
    assert (entry.queue, entry.inclusion) == ("b", 0.25)


def test_a_step_that_fails_leaves_no_category_behind(project):
    with pytest.raises(NotFoundError), step(project, description="x") as one:
        one.add_categories(["owl"])
        one.decide([Decision(99, 1, YES)])
    assert label_states(project).category_ids == [1, 2, 3]
    assert next_undo(project) is None


def test_a_step_that_changes_nothing_is_no_step(project):
    with step(project, description="x") as one:
        one.add_categories(["cat"])
        one.review([1], False)
    assert not one.change
    assert next_undo(project) is None


def test_the_change_of_a_step_equals_that_of_the_ledger(project):
    with step(project, description="both") as collected:
        collected.decide([Decision(1, 1, LabelState.YES), Decision(2, 3, LabelState.NO)])
        collected.review([2, 3])
    with step(project, description="again") as again:
        again.decide([Decision(2, 1, LabelState.UNKNOWN), Decision(1, 1, LabelState.NO)])
        again.review([3], False)
    with project.db.read() as s:
        assert again.change == changes.change_of(s, ledger.get(s, again.change.batch_id))
    assert len(collected.change.labels) == len(collected.change.reviews) == 2


def test_the_size_of_an_undo_counts_labels_reviews_categories_and_imported_suggestions(project):
    assert undo_size(project) == 0
    add_all(project)
    assert undo_size(project) == 4  # a category, two labels, a review
    add_categories(project, [f"kind {number}" for number in range(60)])
    assert undo_size(project) == 60
    with step(project, source=Source.IMPORT, description="Import of md.json") as one:
        one.predict("detector", {image: {1: 0.5, 2: 0.7} for image in (1, 2, 3)} | {4: {}})
    assert undo_size(project) == 6
    undo(project)
    assert undo_size(project) == 60
    redo(project)
    assert undo_size(project) == 6

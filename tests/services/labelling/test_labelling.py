"""Deciding, reviewing, undo and redo as a person meets them."""

import numpy as np
import pytest

from app.domain.changes import BatchKind, LabelChange, ReviewChange
from app.domain.errors import BadInputError, NotFoundError, NothingToUndoError
from app.domain.labels import Decision, LabelState, Source
from app.services.labelling.decisions import (
    changes_since,
    decide,
    image_states,
    label_states,
    last_entry,
    next_redo,
    next_undo,
    redo,
    review,
    undo,
)
from app.services.project.categories import add_categories, archive, restore
from app.services.project.project import open_project
from app.storage import images

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


def states(project, image_id=1):
    return list(image_states(project, image_id).values())


def test_a_new_project_knows_nothing(project):
    table = label_states(project)
    assert table.image_ids == [1, 2, 3, 4, 5]
    assert table.category_ids == [1, 2, 3]
    assert table.matrix().dtype == np.int8
    assert table.matrix().tolist() == [[-1, -1, -1]] * 5
    assert not table.reviewed.any()


def test_a_decision_changes_one_entry_and_says_so(project):
    change = decide(project, [Decision(2, 3, YES)])
    assert change.labels == [LabelChange(2, 3, UNKNOWN, YES)]
    assert (change.kind, change.source, change.reviews, change.categories) == (
        BatchKind.DO,
        Source.HUMAN,
        [],
        [],
    )
    assert label_states(project).matrix()[1].tolist() == [-1, -1, 1]


def test_unknown_takes_a_label_back_to_no_row(project):
    decide(project, [Decision(1, 1, YES)])
    change = decide(project, [Decision(1, 1, UNKNOWN)])
    assert change.labels == [LabelChange(1, 1, YES, UNKNOWN)]
    with project.db.read() as s:
        assert images.counts(s).total == 5
    assert states(project) == [UNKNOWN] * 3


def test_a_label_that_is_already_set_writes_nothing_and_keeps_redo(project):
    decide(project, [Decision(1, 1, YES)])
    decide(project, [Decision(1, 2, YES)])
    undo(project)
    assert not decide(project, [Decision(1, 1, YES), Decision(1, 3, UNKNOWN)])
    assert next_redo(project) == "Yes for 'dog' on 'five.png'"


def test_a_persons_answer_confirms_an_imported_one_but_not_the_other_way_round(project):
    decide(project, [Decision(1, 1, YES)], source=Source.IMPORT)
    assert decide(project, [Decision(1, 1, YES)], source=Source.HUMAN).labels == [LabelChange(1, 1, YES, YES)]
    assert not decide(project, [Decision(1, 1, YES)], source=Source.IMPORT)


def test_of_two_answers_to_one_question_the_last_one_counts(project):
    change = decide(project, [Decision(1, 1, YES), Decision(1, 1, NO)])
    assert change.labels == [LabelChange(1, 1, UNKNOWN, NO)]
    undo(project)
    assert states(project) == [UNKNOWN] * 3


def test_a_review_implies_no_for_categories_without_an_answer(project):
    decide(project, [Decision(1, 1, YES)])
    change = review(project, [1, 2])
    assert change.reviews == [ReviewChange(1, False, True), ReviewChange(2, False, True)]
    assert label_states(project).matrix()[:3].tolist() == [[1, 0, 0], [0, 0, 0], [-1, -1, -1]]
    assert states(project) == [YES, NO, NO]
    assert label_states(project).reviewed.tolist() == [True, True, False, False, False]
    with project.db.read() as s:
        assert images.get(s, 1).reviewed_at is not None
        assert images.counts(s).reviewed == 2


def test_undoing_a_review_brings_the_unknowns_back(project):
    review(project, [1])
    change = undo(project)
    assert change.reviews == [ReviewChange(1, True, False)]
    assert states(project) == [UNKNOWN] * 3
    with project.db.read() as s:
        assert images.get(s, 1).reviewed_at is None


def test_removing_a_review_mark_is_a_separate_change(project):
    review(project, [1])
    assert review(project, [1], False).reviews == [ReviewChange(1, True, False)]
    assert states(project) == [UNKNOWN] * 3
    undo(project)
    assert states(project) == [NO] * 3


def test_a_category_made_after_the_review_stays_unknown_until_the_image_is_reviewed_again(project):
    review(project, [1])
    add_categories(project, ["owl"])
    assert states(project) == [NO, NO, NO, UNKNOWN]
    assert review(project, [1]).reviews == [ReviewChange(1, True, True)]
    assert states(project) == [NO] * 4
    assert not review(project, [1])
    undo(project)
    assert states(project) == [NO, NO, NO, UNKNOWN]


def test_a_review_says_nothing_about_a_category_that_was_archived_then(project):
    review(project, [1])
    archive(project, 2)
    assert list(image_states(project, 1)) == [1, 3]
    review(project, [2])
    restore(project, 2)
    assert states(project, 1) == [NO, NO, NO]
    assert states(project, 2) == [NO, UNKNOWN, NO]
    assert label_states(project).matrix()[:2].tolist() == [[0, 0, 0], [0, -1, 0]]


def test_an_explicit_unknown_on_a_reviewed_image_is_not_a_no(project):
    review(project, [1])
    change = decide(project, [Decision(1, 1, UNKNOWN)])
    assert change.labels == [LabelChange(1, 1, NO, UNKNOWN)]
    assert states(project) == [UNKNOWN, NO, NO]
    assert label_states(project).matrix()[0].tolist() == [-1, 0, 0]
    assert not decide(project, [Decision(1, 1, UNKNOWN)])
    assert undo(project).labels == [LabelChange(1, 1, UNKNOWN, NO)]
    assert states(project) == [NO, NO, NO]


def test_taking_back_a_yes_on_a_reviewed_image_leaves_unknown(project):
    decide(project, [Decision(1, 1, YES)])
    review(project, [1])
    decide(project, [Decision(1, 1, UNKNOWN)])
    assert states(project) == [UNKNOWN, NO, NO]


def test_an_explicit_unknown_survives_removing_and_repeating_a_review(project):
    review(project, [1])
    decide(project, [Decision(1, 1, UNKNOWN)])
    review(project, [1], False)
    review(project, [1])
    assert states(project) == [UNKNOWN, NO, NO]


def test_a_bulk_decision_is_one_step_of_undo(project):
    decisions = [Decision(i, 1, YES) for i in (1, 2, 3)]
    decide(project, decisions, source=Source.BULK, description="the first three")
    assert next_undo(project) == "the first three"
    change = undo(project)
    assert (change.kind, change.description) == (BatchKind.UNDO, "the first three")
    assert {one.image_id for one in change.labels} == {1, 2, 3}
    assert next_redo(project) == "the first three"
    assert (label_states(project).matrix() == -1).all()
    redo(project)
    assert label_states(project).matrix()[:, 0].tolist() == [1, 1, 1, -1, -1]


def test_a_new_change_forgets_what_could_be_redone(project):
    decide(project, [Decision(1, 1, YES)])
    undo(project)
    decide(project, [Decision(1, 2, YES)])
    with pytest.raises(NothingToUndoError, match="nothing to redo"):
        redo(project)


def test_undo_stops_at_the_beginning(project):
    decide(project, [Decision(1, 1, YES)])
    add_categories(project, ["owl"])
    while next_undo(project):
        undo(project)
    assert label_states(project).matrix().shape == (5, 3)  # making the project is no step
    with pytest.raises(NothingToUndoError, match="nothing to undo"):
        undo(project)


def test_undo_survives_a_restart(project):
    decide(project, [Decision(1, 1, YES)])
    decide(project, [Decision(1, 1, NO)])
    undo(project)
    project.close()
    with open_project(project.folder) as again:
        assert states(again)[0] is YES
        redo(again)
        assert states(again)[0] is NO
        undo(again)
        undo(again)
        assert states(again)[0] is UNKNOWN


def test_labels_beyond_one_statement_are_handled_alike(project):
    with project.db.write() as s:
        row = {
            "root_id": 1,
            "size": 1,
            "mtime_ns": 1,
            "width": 1,
            "height": 1,
            "state": "ok",
            "problem": None,
        }
        images.add_many(s, [{**row, "path": f"{i}.x", "content_hash": f"{i:032x}"} for i in range(1200)])
    ids = label_states(project).image_ids
    decide(project, [Decision(i, 1 + i % 3, YES) for i in ids], source=Source.BULK)
    review(project, ids)
    expected = np.zeros((len(ids), 3), np.int8)
    expected[np.arange(len(ids)), np.asarray(ids) % 3] = 1
    assert (label_states(project).matrix() == expected).all()
    undo(project)
    assert len(undo(project).labels) == len(ids)
    assert (label_states(project).matrix() == -1).all()


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ([Decision(1, 1, YES), Decision(99, 1, YES)], "no image with the number 99"),
        ([Decision(1, 1, YES), Decision(1, 99, YES)], "no category with the number 99"),
    ],
)
def test_an_unknown_image_or_category_changes_nothing(project, decisions, message):
    with pytest.raises(NotFoundError, match=message):
        decide(project, decisions)
    assert states(project) == [UNKNOWN] * 3
    assert next_undo(project) is None


def test_reviewing_an_unknown_image_changes_nothing(project):
    with pytest.raises(NotFoundError, match="no image with the number 99"):
        review(project, [1, 99])
    assert not label_states(project).reviewed.any()


def test_an_archived_category_takes_no_labels(project):
    archive(project, 1)
    with pytest.raises(BadInputError, match="'cat' is archived; restore it"):
        decide(project, [Decision(1, 1, YES)])


def test_the_states_of_an_unknown_image_are_refused(project):
    with pytest.raises(NotFoundError):
        image_states(project, 99)


def test_steps_have_descriptions(project):
    decide(project, [Decision(1, 1, NO)])
    assert next_undo(project) == "No for 'cat' on 'five.png'"
    decide(project, [Decision(1, 1, YES), Decision(1, 2, NO)])
    assert next_undo(project) == "Label 'five.png'"
    review(project, [1, 2])
    assert next_undo(project) == "Mark 2 images as reviewed"


def test_a_window_follows_what_others_did_since_it_looked(project):
    decide(project, [Decision(1, 1, YES), Decision(2, 2, YES)])
    seen = last_entry(project)
    decide(project, [Decision(1, 1, NO)])
    decide(project, [Decision(2, 2, NO)])
    undo(project)
    review(project, [3])
    decide(project, [Decision(3, 1, UNKNOWN)])
    add_categories(project, ["owl"])
    change, last = changes_since(project, seen)
    assert set(change.labels) == {LabelChange(1, 1, YES, NO), LabelChange(3, 1, UNKNOWN, UNKNOWN)}
    assert change.reviews == [ReviewChange(3, False, True)]
    assert change.categories == [4]
    assert last == last_entry(project)
    assert changes_since(project, last) == (type(change)(), last)

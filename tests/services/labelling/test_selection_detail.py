"""What a selection has in common."""

from app.domain.labels import Decision, LabelState
from app.services.labelling.decisions import decide, review
from app.services.labelling.selection import LabelCount, selection_detail
from app.services.project.categories import archive

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


def test_each_label_is_counted_over_the_selection_and_reviews_apart(project):
    decide(project, [Decision(i, 1, YES) for i in (1, 2, 3)] + [Decision(4, 1, NO), Decision(2, 2, NO)])
    review(project, [2, 5])
    found = selection_detail(project, [1, 2, 4, 5])
    assert found.image_ids == (1, 2, 4, 5)
    assert found.labels == (LabelCount(1, "cat", 2, 1), LabelCount(2, "dog", 0, 1))
    assert found.reviewed == 2


def test_what_was_taken_back_or_archived_does_not_count(project):
    decide(project, [Decision(1, 1, YES), Decision(1, 2, YES), Decision(1, 3, YES)])
    decide(project, [Decision(1, 1, UNKNOWN)])
    archive(project, 3)
    assert selection_detail(project, [1, 1, 2]).labels == (LabelCount(2, "dog", 1, 0),)


def test_a_selection_of_nothing_that_exists_is_empty(project):
    assert selection_detail(project, []).labels == ()
    assert selection_detail(project, [99]).reviewed == 0

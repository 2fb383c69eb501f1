"""Label states, decisions and change sets."""

import pytest

from app.domain.changes import BatchKind, ChangeSet, LabelChange, ReviewChange
from app.domain.labels import LabelState, Source


@pytest.mark.parametrize(
    ("state", "target"), [(LabelState.YES, 1), (LabelState.NO, 0), (LabelState.UNKNOWN, -1)]
)
def test_state_has_its_number_in_label_arrays(state, target):
    assert state.target == target


def test_states_and_sources_are_their_words_in_files():
    assert [str(state) for state in LabelState] == ["yes", "no", "unknown"]
    assert [str(source) for source in Source] == ["human", "bulk", "import", "propagated"]


@pytest.mark.parametrize(
    "change",
    [
        ChangeSet(labels=(LabelChange(1, 2, LabelState.UNKNOWN, LabelState.YES),)),
        ChangeSet(reviews=(ReviewChange(1, False, True),)),
        ChangeSet(categories=(3,)),
        ChangeSet(images=(4,)),
    ],
)
def test_change_set_is_true_as_soon_as_anything_changed(change):
    assert change


def test_change_set_without_effect_is_false_whatever_its_batch():
    assert not ChangeSet()
    assert not ChangeSet(batch_id=7, kind=BatchKind.UNDO, source=Source.BULK, description="nothing")

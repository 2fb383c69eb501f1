"""Answers that could not be saved survive in a file, whatever they say and wherever it has to lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.auto_accept import AcceptPlan
from app.domain.errors import BadInputError, KnownError
from app.domain.labels import LabelState, Origin
from app.domain.review import Card
from app.domain.unsaved import (
    AcceptAndReview,
    AcceptLikely,
    AddCategoryAndDecide,
    Decide,
    DecideCards,
    MarkReviewed,
    Redo,
    Undo,
    UnsavedChange,
    count_words,
    net,
    states_on,
    summary,
    undo_words,
)
from app.services.project.unsaved_file import UnsavedFile

YES, NO = LabelState.YES, LabelState.NO
CHANGES = [
    UnsavedChange(Decide([1], 7, YES), "Yes: cat on one.png"),
    UnsavedChange(AddCategoryAndDecide([1, 2], "Höhlenbär \udcff\n", NO), "No"),
    UnsavedChange(MarkReviewed([3], False), "Not reviewed: three.png"),
    UnsavedChange(DecideCards(7, [Card(1, 0.5, "why", Origin("likely", 0.25), (4, 5))], NO), "No"),
    UnsavedChange(AcceptAndReview([2, 3], [7, 8], [9]), "Reviewed: 2 images"),
    UnsavedChange(AcceptLikely(AcceptPlan(7, "cat", 0.9, image_ids=(1,), chances=(0.95,))), "A"),
]


def same(found, expected):
    return [(one.action, one.words, one.images) for one in found] == [
        (one.action, one.words, one.images) for one in expected
    ]


def test_every_kind_of_answer_comes_back_as_it_was(tmp_path):
    UnsavedFile(tmp_path).write(CHANGES)
    assert same(UnsavedFile(tmp_path).read(), CHANGES)


def test_what_is_no_answer_is_not_kept_and_nothing_left_removes_the_file(tmp_path):
    file = UnsavedFile(tmp_path)
    assert file.write([UnsavedChange(None, "Use v1"), CHANGES[0]]) == 1
    assert same(file.read(), CHANGES[:1])
    file.write([])
    assert list(tmp_path.iterdir()) == []
    assert file.read() == []


def test_where_the_project_folder_takes_no_file_another_folder_does(tmp_path):
    gone, fallback = tmp_path / "file" / "project", tmp_path / "data"
    (tmp_path / "file").write_text("no folder")
    file = UnsavedFile(gone, fallback)
    file.write(CHANGES)
    assert same(UnsavedFile(gone, fallback).read(), CHANGES)
    assert UnsavedFile(tmp_path, fallback).read() == []
    with pytest.raises(KnownError, match="cannot be written"):
        UnsavedFile(gone).write(CHANGES)


def test_the_newer_of_two_places_counts(tmp_path):
    project, fallback = tmp_path / "project", tmp_path / "data"
    UnsavedFile(project).write(CHANGES[:1])
    file = UnsavedFile(project, fallback)
    original = project.rename(tmp_path / "away")
    project.write_text("no folder for a while")
    file.write(CHANGES[:2])
    project.unlink()
    original.rename(project)
    assert same(file.read(), CHANGES[:2])
    file.write(CHANGES[:3])
    assert same(file.read(), CHANGES[:3])
    assert list(fallback.iterdir()) == []


@given(st.binary(min_size=1, max_size=80).filter(lambda raw: raw.strip()))
def test_a_damaged_file_is_a_sentence_and_is_set_aside(tmp_path_factory, raw):
    folder = tmp_path_factory.mktemp("project")
    UnsavedFile(folder).write(CHANGES[:1])
    path = folder / "unsaved.jsonl"
    path.write_bytes(path.read_bytes() + raw)
    with pytest.raises(BadInputError, match=r"unsaved\.jsonl is damaged"):
        UnsavedFile(folder).read()
    assert not path.exists()
    assert raw in (folder / "unsaved.damaged-1.jsonl").read_bytes()


def test_undo_takes_back_what_waits_and_what_lies_beyond_is_left_over():
    cat, dog = CHANGES[0], UnsavedChange(Decide([1], 8, NO), "No: dog")
    undo, redo = UnsavedChange(Undo(), "Undo"), UnsavedChange(Redo(), "Redo")
    assert net([cat, dog, undo]) == ([cat], [])
    assert net([cat, undo, redo, dog]) == ([cat, dog], [])
    assert net([undo, cat, undo, undo]) == ([], [undo, undo])
    assert states_on([cat, dog, undo], 1) == {7: YES}
    assert undo_words([cat, dog, undo], None, None) == ("Yes: cat on one.png", "No: dog")
    assert undo_words([undo, undo], "A", None) == (None, "the previous change")


def test_changes_are_counted_and_named_in_words():
    assert summary(CHANGES[:1]) == "Yes: cat on one.png"
    assert summary(CHANGES) == "Yes: cat on one.png and 5 more"
    assert count_words(CHANGES[:1]) == "1 answer"
    assert count_words([*CHANGES, UnsavedChange(Undo(), "Undo")]) == "7 changes"

"""Whole columns hold what the rows hold, in however many portions they are read."""

from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import select

from app.domain.images import ImageState
from app.domain.labels import Decision, LabelState, Source
from app.services.labelling.decisions import decide, label_states, review, states_of
from app.storage import columns, images, labels
from app.storage.image_columns import STATES, file_columns, image_columns, review_columns
from app.storage.models import IMAGE

YES, NO = LabelState.YES, LabelState.NO
PATHS = ["a, b.jpg", "caf\udce9/1.png", "esc\x1b|ape.png", "line\nbreak.png", "zoë/ß.png", "'quote\".png", ""]


@pytest.fixture
def wild(project):
    """Paths of every kind, an unreadable and a missing image, and a gap in the numbers."""
    with project.db.write() as s:
        for number, path in enumerate(PATHS, 50):
            row = {"id": number, "root_id": 1, "path": path, "size": 1, "mtime_ns": 10**18 + number}
            images.add_many(
                s, [{**row, "state": "ok", "content_hash": None if number % 2 else f"{number:032}"}]
            )
        images.set_unreadable(s, 51, "broken")
        images.set_missing(s, [52])
    review(project, [2, 53])
    return project


@pytest.mark.parametrize("portion", [1, 7, 20_000])
def test_columns_of_images_are_the_rows_of_images(wild, monkeypatch, portion):
    monkeypatch.setattr(columns, "RANGE", portion)
    with wild.db.read() as s:
        rows, read, files = images.all_images(s), image_columns(s), file_columns(s)
        marks = review_columns(s)
    assert read.ids.tolist() == files.ids.tolist() == marks.image_ids.tolist() == [one.id for one in rows]
    assert read.paths == [one.path for one in rows]
    assert [STATES[number] for number in read.states] == [one.state for one in rows]
    assert files.modified.tolist() == [one.mtime_ns for one in rows]
    assert files.hashes == [one.content_hash or "" for one in rows]
    reviewed = [one.reviewed_at is not None for one in rows]
    assert (read.reviewed_batches > 0).tolist() == (marks.reviewed_batches > 0).tolist() == reviewed
    assert {one.state for one in rows} == set(ImageState)


def test_query_without_rows_gives_empty_columns(project):
    with project.db.read() as s:
        query = select(IMAGE.c.id, IMAGE.c.path).where(IMAGE.c.id < 0)
        (numbers,), (texts,) = columns.read_columns(s, query, 1)
    assert (numbers.tolist(), numbers.dtype, texts) == ([], np.int64, [])


def test_labels_by_state_are_the_explicit_labels(project):
    decide(project, [Decision(1, 1, YES), Decision(2, 1, YES), Decision(2, 2, NO), Decision(5, 3, YES)])
    with project.db.read() as s:
        found = labels.by_state(s)
    told = {(image, category, state) for category, state, ids in found for image in ids.tolist()}
    assert told == {(1, 1, 1), (2, 1, 1), (2, 2, 0), (5, 3, 1)}


def test_states_of_some_images_are_those_of_the_whole_table(wild):
    decide(wild, [Decision(2, 1, YES), Decision(3, 2, NO), Decision(53, 3, LabelState.UNKNOWN)])
    table = label_states(wild)
    wanted = [53, 2, 3, 1]
    found = states_of(wild, wanted)
    places = [table.image_ids.index(one) for one in wanted]
    assert found.category_ids == table.category_ids
    assert found.states.T.tolist() == table.matrix()[places].tolist()
    assert found.reviewed.tolist() == table.reviewed[places].tolist() == [True, True, False, False]


def test_current_labels_of_few_categories_are_those_of_all_of_them(project):
    """Few are asked for by number; of many, all labels of the images are read."""
    decide(project, [Decision(1, 1, YES), Decision(2, 1, YES), Decision(2, 2, NO), Decision(5, 3, YES)])
    with project.db.read() as s:
        every = labels.current(s, [1, 2, 3], range(1, 50))
        assert labels.current(s, [1, 2, 3], [1]) == {pair: one for pair, one in every.items() if pair[1] == 1}
        assert labels.current(s, [1, 2, 3], [1, 2]) == every
        assert labels.current(s, [1, 2, 3], []) == {}
    assert set(every) == {(1, 1), (2, 1), (2, 2)}


def test_the_details_of_labels_of_one_step_are_one_object(project):
    """A million labels of an import would otherwise take hundreds of megabytes."""
    decide(project, [Decision(1, 1, YES), Decision(2, 1, YES)], source=Source.IMPORT)
    decide(project, [Decision(3, 1, YES)])
    with project.db.read() as s:
        found = labels.details(s)
    assert found[1, 1] is found[2, 1]
    assert (found[3, 1].source, found[3, 1].state) == (Source.HUMAN, 1)
    assert (datetime.now(UTC) - found[3, 1].decided_at).total_seconds() < 100

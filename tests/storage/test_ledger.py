"""The ledger only grows, and its size does not slow down undo."""

from random import Random

import pytest
from sqlalchemy import text

from app.domain.changes import BatchKind
from app.domain.labels import Decision, LabelState, Origin, Source
from app.services.labelling.decisions import decide, next_redo, next_undo, redo, review, undo
from app.storage import changes, labels, ledger
from app.storage.ledger import EntryKind


def entries(project):
    with project.db.read() as s:
        return ledger.tail(s, 0)


def test_an_entry_keeps_the_models_score_and_how_the_image_was_selected(project):
    before = len(entries(project))
    decision = Decision(1, 2, LabelState.NO, score=0.25, model="live-3")
    decide(project, [decision], source=Source.BULK, origin=Origin("unsure", 0.125))
    (entry,) = entries(project)[before:]
    assert (entry.kind, entry.image_id, entry.category_id) == (EntryKind.LABEL, 1, 2)
    assert (entry.before, entry.after) == (None, 0)
    assert (entry.score, entry.model, entry.queue, entry.inclusion) == (0.25, "live-3", "unsure", 0.125)
    with project.db.read() as s:
        assert ledger.get(s, entry.batch_id).source is Source.BULK


def test_undo_and_redo_only_append(project, yes):
    decide(project, [yes(1, 1), yes(2, 1)])
    review(project, [1])
    first = entries(project)
    undo(project)
    undo(project)
    redo(project)
    after = entries(project)
    assert after[: len(first)] == first
    assert [entry.id for entry in after] == list(range(1, len(after) + 1))


def test_source_and_time_of_the_current_decision_are_known_after_undo_and_redo(project, yes):
    def standing():
        with project.db.read() as s:
            rows = s.execute(text("SELECT state, entry_id, source, decided_at FROM label")).all()
        return [tuple(row) for row in rows]

    decide(project, [yes(1, 1)], source=Source.IMPORT)
    imported = standing()
    decide(project, [Decision(1, 1, LabelState.NO)], source=Source.HUMAN)
    corrected = standing()
    assert imported != corrected
    undo(project)
    assert standing() == imported
    redo(project)
    assert standing() == corrected
    undo(project)
    undo(project)
    assert standing() == []
    redo(project)
    assert standing() == imported


def test_an_undone_batch_names_the_change_it_takes_back(project, yes):
    done = decide(project, [yes(1, 1)], description="first")
    undone = undo(project)
    redone = redo(project)
    with project.db.read() as s:
        assert ledger.get(s, undone.batch_id).target_id == done.batch_id
        assert ledger.get(s, redone.batch_id).target_id == undone.batch_id
    assert (done.kind, undone.kind, redone.kind) == (BatchKind.DO, BatchKind.UNDO, BatchKind.REDO)


@pytest.mark.parametrize("undone", [0, 20])
def test_finding_the_next_undo_takes_a_few_steps_after_any_number_of_batches(project, undone):
    """SQLite counts its own instructions, so the machine's load plays no part."""
    batches = 100_000
    with project.db.write() as s:
        first = s.execute(text("SELECT max(id) FROM batch")).scalar()
        s.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT :first + 1 UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
                "INSERT INTO batch (id, kind, below_id, source, description, created_at) "
                "SELECT i, 'do', i - 1, 'human', 'batch ' || i, '2024-01-01 00:00:00' FROM n"
            ),
            {"first": first, "last": batches},
        )
        for _ in range(undone):
            ledger.begin_undo(s)
    steps = 0

    def count():
        nonlocal steps
        steps += 1

    with project.db.read() as s:
        driver = s.connection().connection.driver_connection
        driver.set_progress_handler(count, 1)
        top = ledger.next_undo(s)
        driver.set_progress_handler(None, 1)
    assert top.id == batches - undone
    assert steps < 200


def test_explicit_labels_include_an_explicit_unknown(project, yes):
    review(project, [1, 2])
    decide(project, [yes(1, 1), yes(2, 1), Decision(1, 2, LabelState.NO), Decision(2, 2, LabelState.UNKNOWN)])
    with project.db.read() as s:
        found = labels.by_state(s)
    rows = sorted((image, category, state) for category, state, ids in found for image in ids.tolist())
    assert rows == [(1, 1, 1), (1, 2, 0), (2, 1, 1), (2, 2, -1)]


@pytest.mark.slow
def test_changes_are_counted_as_they_would_be_reported(project, yes):
    random, beginning = Random(3), next_undo(project)
    for _ in range(60):
        image_id, category_id = random.randint(1, 3), random.randint(1, 2)
        state = random.choice(list(LabelState))
        match random.randrange(4):
            case 0:
                review(project, [image_id], random.random() < 0.5)
            case 1 if next_undo(project) != beginning:
                undo(project)
            case 2 if next_redo(project):
                redo(project)
            case _:
                decide(project, [Decision(image_id, category_id, state)])
    last = entries(project)[-1].id
    assert last > 30
    with project.db.read() as s:
        for entry_id in range(last + 1):
            told, _ = changes.change_since(s, entry_id)
            assert ledger.count_since(s, entry_id) == (len(told.labels), len(told.reviews)), entry_id

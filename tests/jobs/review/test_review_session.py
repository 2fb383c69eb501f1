"""A round of the Review place over the real storage thread, with a learner that knows colours."""

import gc
import json
import math
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from app.domain.errors import KnownError
from app.domain.labels import Decision, LabelState, Source
from app.domain.review import Queue, Step
from app.jobs.project.session import ProjectSession
from app.jobs.review.session import ReviewSession
from app.jobs.threads.model_queue import ModelQueue
from app.services.features.indexing import ensure_text_features, index
from app.services.images.scan import scan
from app.services.interchange.importing import import_labels
from app.services.labelling import decisions as labelling
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.services.runner.subprocess_runner import SubprocessRunner

WORKER = Path(__file__).parents[1].joinpath("colour_worker.py")
YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN
HUES = 21
RED = 1


@pytest.fixture(scope="module")
def indexed(tmp_path_factory):
    """A circle of hues, eleven nearer to red and ten nearer to cyan, called blue; the reddest three times."""
    from PIL import Image

    base = tmp_path_factory.mktemp("review")
    (base / "photos").mkdir()
    counts = {"red": 0, "blue": 0}
    for i in range(HUES):
        angles = (2 * math.pi * (i / HUES + third / 3) for third in (0, -1, 1))
        colour = tuple(round(128 + 100 * math.cos(angle)) for angle in angles)
        kind = "red" if math.cos(2 * math.pi * i / HUES) > 0 else "blue"
        for copy in ("", "a", "b") if i == 0 else ("",):
            path = base / "photos" / f"{kind}{counts[kind]:02}{copy}.png"
            Image.new("RGB", (20, 15), colour).save(path)
        counts[kind] += 1
    with create_project(base / "savanna", [base / "photos"], ["red thing", "serval"]) as project:
        scan(project)
        runner = SubprocessRunner([sys.executable, str(WORKER)])
        index(project, runner)
        ensure_text_features(project, runner)
    return base


@pytest.fixture
def folder(indexed, tmp_path):
    import shutil

    shutil.copytree(indexed, tmp_path / "copy")
    return tmp_path / "copy" / "savanna"


@pytest.fixture
def models(qtbot):
    queue = ModelQueue(SubprocessRunner([sys.executable, str(WORKER)]))
    yield queue
    assert queue.close()
    del queue
    gc.collect()


@pytest.fixture
def session(models):
    session = ProjectSession(models)
    session.bug.connect(pytest.fail)
    yield session
    assert session.close()


@pytest.fixture
def review(qtbot, session, folder):
    review = ReviewSession(session, seed=1)
    with qtbot.waitSignal(session.scores_changed):
        session.open(folder)
    settle(qtbot, session)
    yield review
    review.keeper.watch(False)
    del review
    gc.collect()


def settle(qtbot, session):
    qtbot.waitUntil(lambda: session.pending == 0)


def begin(qtbot, review, queue=Queue.LIKELY, goal=40, size=6):
    review.set_page_size(size)
    with qtbot.waitSignal(review.page_changed):
        review.begin(RED, queue, goal)
    return review.round


def decide(qtbot, session, review, places, state):
    with qtbot.waitSignal(session.answered):
        review.decide(places, state)


def said(folder):
    with open_project(folder) as project, project.db.read() as s:
        from app.storage import images, labels

        return {
            one.path: (label.state, label.source)
            for one in images.all_images(s)
            for label in labels.explicit_of(s, one.id)
            if label.category_id == RED
        }


def origins(folder):
    """(queue, inclusion) of every label entry."""
    with open_project(folder) as project, project.db.read() as s:
        from app.storage import ledger

        entries = ledger.tail(s, 0)
    return [(one.queue, one.inclusion) for one in entries if one.kind is ledger.EntryKind.LABEL]


def test_an_answer_is_shown_when_it_is_written_with_its_queue_and_its_inclusion(
    qtbot, session, review, folder
):
    current = begin(qtbot, review)
    review.decide([0], YES)
    assert current.pending == {current.cards[0].image_id}
    assert current.state(0).answer is None
    qtbot.waitUntil(lambda: current.state(0).answer is YES)
    assert not current.pending
    assert (current.found, current.rejected, current.seen, current.yield_) == (1, 0, 1, 1.0)
    card = current.cards[0]
    session.close()
    written = origins(folder)
    assert (card.origin.queue, card.origin.inclusion) in written
    assert len(written) == len(card.images)


def test_what_another_model_suggests_is_reviewed_in_its_own_queue(qtbot, session, review, folder, tmp_path):
    found = {"blue03.png": 0.9, "blue04.png": 0.7, "red02.png": 0.8, "gone.png": 1.0}
    document = {
        "info": {"detector": "md_v5a"},
        "detection_categories": {"1": "red thing"},
        "images": [{"file": n, "detections": [{"category": "1", "conf": c}]} for n, c in found.items()],
    }
    (tmp_path / "md.json").write_text(json.dumps(document), encoding="utf-8")
    with open_project(folder) as project:
        import_labels(project, "megadetector", tmp_path / "md.json")
    current = begin(qtbot, review, Queue.IMPORTED)
    assert [(card.probability, card.reason) for card in current.cards] == [
        (score, "suggested by md_v5a") for score in (0.9, 0.8, 0.7)
    ]
    decide(qtbot, session, review, [0], NO)
    session.close()
    assert said(folder) == {"blue03.png": (NO, Source.HUMAN)}
    assert origins(folder) == [("imported", None)]


def test_a_stack_is_decided_together_as_bulk_and_one_undo_takes_all_back(qtbot, session, review, folder):
    current = begin(qtbot, review, size=12)
    place = next(i for i, card in enumerate(current.cards) if card.copies)
    images = current.cards[place].images
    assert len(images) == 3
    decide(qtbot, session, review, [place], YES)
    with qtbot.waitSignal(session.changed) as undone:
        review.undo()
    assert {one.image_id for one in undone.args[0].labels} == set(images)
    assert current.state(place).answer is None
    settle(qtbot, session)
    with qtbot.waitSignal(session.changed):
        review.redo()
    qtbot.waitUntil(lambda: current.state(place).answer is YES)
    session.close()
    stored = said(folder)
    assert set(stored.values()) == {(YES, Source.BULK)}
    assert set(stored) == {"red00.png", "red00a.png", "red00b.png"}
    assert [one for one in origins(folder) if one[0] == "likely copy"] == [("likely copy", None)] * 2


def test_the_next_page_is_ranked_again_and_shows_nothing_twice(qtbot, session, review):
    current = begin(qtbot, review, size=4)
    first = {number for card in current.cards for number in card.images}
    decide(qtbot, session, review, [0], YES)
    review.skip([1])
    review.decide([2], NO)  # not waited for: the page waits for it
    with qtbot.waitSignal(review.page_changed):
        review.finish_page()
    second = {number for card in current.cards for number in card.images}
    assert first.isdisjoint(second)
    assert (current.found, current.rejected, current.skipped, current.left) == (1, 1, 1, 1)
    assert current.seen == 4
    assert review.busy is False


def test_the_ranking_follows_the_answers(qtbot, session, review):
    """The text says red; four answers on each side say that the thing is blue."""
    with session.project.db.read() as s:
        from app.storage import images

        names = {one.id: one.path for one in images.all_images(s)}
    current = begin(qtbot, review, size=4)
    chosen = [names[c.image_id] for c in current.cards if not c.origin.queue.endswith("audit")]
    assert all(name.startswith("red") for name in chosen)
    decide(qtbot, session, review, range(4), NO)
    ids = {name: number for number, name in names.items()}
    session.decide([ids[f"blue{i:02}.png"] for i in (3, 4, 5, 6)], RED, YES)
    with qtbot.waitSignal(review.page_changed):
        review.finish_page()
    chosen = [names[c.image_id] for c in current.cards if not c.origin.queue.endswith("audit")]
    assert chosen[0].startswith("blue")


def test_undo_takes_back_a_skip_before_what_the_ledger_holds(qtbot, session, review):
    current = begin(qtbot, review)
    words = []
    review.undo_changed.connect(lambda undo, redo: words.append((undo, redo)))
    decide(qtbot, session, review, [0], YES)
    review.skip([1])
    assert words[-1][0] == "Skip a card"
    review.undo()
    assert not current.state(1).skipped
    assert current.state(0).answer is YES
    review.redo()
    assert current.state(1).skipped
    review.undo()
    with qtbot.waitSignal(session.changed):
        review.undo()
    assert current.state(0).answer is None


@pytest.mark.slow
def test_a_label_that_is_kept_writes_nothing_and_its_undo_leaves_the_ledger_alone(
    qtbot, session, review, folder
):
    with session.project.db.read() as s:
        from app.storage import images

        ids = {one.path: one.id for one in images.all_images(s)}
    reds = [ids[f"red{i:02}.png"] for i in range(11)]
    blues = [ids[f"blue{i:02}.png"] for i in range(10) if i != 4]
    decisions = [Decision(one, RED, YES) for one in (*reds, ids["blue04.png"])]
    decisions += [Decision(one, RED, NO) for one in blues]
    with open_project(folder) as other, qtbot.waitSignal(session.changed):  # not in the middle of the round
        labelling.decide(other, decisions)
    current = begin(qtbot, review, Queue.WRONG)
    assert current.cards[0].image_id == ids["blue04.png"]
    assert current.state(0).present is YES
    decide(qtbot, session, review, [0], YES)
    assert (current.state(0).answer, current.found, current.rejected) == (YES, 0, 1)
    before = labelling.last_entry(session.project)
    review.undo()
    assert current.state(0).answer is None
    assert labelling.last_entry(session.project) == before
    decide(qtbot, session, review, [0], NO)
    assert (current.found, current.rejected) == (1, 0)
    session.close()
    assert said(folder)["blue04.png"] == (NO, Source.HUMAN)


def test_the_rest_of_a_page_is_no_in_one_step_and_marks_stay(qtbot, session, review, folder):
    current = begin(qtbot, review, size=5)
    decide(qtbot, session, review, [0], YES)
    review.skip([1])
    rest = [number for place in (2, 3, 4) for number in current.cards[place].images]
    assert current.open_places() == [2, 3, 4]
    with qtbot.waitSignal(review.page_changed):
        review.reject_rest_and_finish()
    assert (current.found, current.rejected, current.skipped) == (1, 3, 1)
    with qtbot.waitSignal(session.changed) as undone:
        review.undo()
    assert {one.image_id for one in undone.args[0].labels} == set(rest)
    assert (current.rejected, current.left) == (0, 3)


def test_the_round_ends_at_its_goal_with_its_outcome(qtbot, session, review):
    review.keeper.refresh()
    settle(qtbot, session)
    begin(qtbot, review, goal=6, size=6)
    for place in range(6):
        decide(qtbot, session, review, [place], YES if place < 4 else NO)
    with qtbot.waitSignal(review.ended) as blocker:
        review.finish_page()
    ending = blocker.args[0]
    assert (ending.round.found, ending.round.rejected, ending.exhausted) == (4, 2, False)
    assert ending.outcome.ap_before is None
    assert ending.outcome.ap_after is not None
    assert ending.outcome.came is not None
    assert ending.proposal.name == "serval"


def test_a_queue_that_runs_dry_ends_the_round(qtbot, session, review):
    begin(qtbot, review, goal=100, size=40)
    with qtbot.waitSignal(review.ended) as blocker:
        review.finish_page()
    assert blocker.args[0].exhausted
    assert blocker.args[0].round.left == blocker.args[0].round.seen > 0


@pytest.mark.slow
def test_the_board_counts_first_and_estimates_after_it(qtbot, session, review):
    boards, rows = [], []
    review.keeper.changed.connect(boards.append)
    review.keeper.rows_changed.connect(rows.extend)
    review.keeper.watch(True)
    qtbot.waitUntil(lambda: len({row.category_id for row in rows}) == 2)
    assert [(row.name, row.yes, row.step) for row in boards[0].rows] == [
        ("red thing", 0, Step.FIND),
        ("serval", 0, Step.FIND),
    ]
    assert all(row.estimate.hidden is None for row in rows)  # too little is known
    with qtbot.waitSignal(review.keeper.changed, timeout=5000):
        session.decide([1], RED, YES)
    assert review.keeper.row(RED).yes == 1


def test_a_read_only_project_shows_cards_and_decides_nothing(qtbot, session, review, monkeypatch):
    current = begin(qtbot, review)
    monkeypatch.setattr(ReviewSession, "writable", property(lambda _self: False))
    words = []
    review.message.connect(words.append)
    review.decide([0], YES)
    assert "read-only" in words[0]
    assert not current.pending


def test_an_answer_that_could_not_be_written_is_not_shown(qtbot, session, review, monkeypatch):
    from app.jobs.store import review as review_store

    def refuse(*_arguments, **_named):
        raise KnownError("The disk is full: free some space.")

    current = begin(qtbot, review)
    monkeypatch.setattr(review_store, "decide_cards", refuse)
    with qtbot.waitSignal(session.known_error):
        review.decide([0], YES)
    assert current.state(0).answer is None
    assert not current.pending


def test_a_project_without_features_says_what_is_missing(qtbot, session, review):
    session._storage.store._created().state.live = None
    with qtbot.waitSignal(review.failed) as blocker:
        review.begin(RED)
    assert "compute them first" in blocker.args[0]


def test_an_answer_of_a_round_that_was_left_does_not_touch_the_next_one(qtbot, session, review):
    begin(qtbot, review, size=3)
    first = review.cards()[0]
    review.decide([0], YES)
    with qtbot.waitSignals([session.answered, review.page_changed]):
        review.begin(RED, Queue.RANDOM)
    assert review.round.found == 0
    assert first.image_id not in [card.image_id for card in review.cards()]


@pytest.mark.slow
def test_beside_a_lock_answers_wait_with_their_cards_and_the_next_page_follows_them(
    qtbot, session, review, folder
):
    current = begin(qtbot, review)
    words = []
    review.message.connect(words.append)
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        review.decide([0], YES)
        review.decide([1], NO)
        qtbot.waitUntil(lambda: session.unsaved.held_up is not None)
        assert session.unsaved.waiting[0].words.startswith("Yes: red thing on ")
        assert len(current.pending) == 2
        review.finish_page()
        assert words == ["This will happen once your answers are saved."]
        with qtbot.waitSignal(review.page_changed):
            other.execute("ROLLBACK")
    settle(qtbot, session)
    assert current.pages == 2
    assert {state for state, _ in said(folder).values()} == {YES, NO}


def test_only_the_card_whose_answer_failed_is_open_again(qtbot, session, review, monkeypatch):
    from app.domain.errors import BadInputError
    from app.jobs.store import review as review_store

    current = begin(qtbot, review)
    settle(qtbot, session)
    original = review_store.decide_cards

    def refuse_no(project, category, cards, state, **more):
        if state is NO:
            raise BadInputError("It is archived.")
        return original(project, category, cards, state, **more)

    monkeypatch.setattr(review_store, "decide_cards", refuse_no)
    sentences = []
    session.known_error.connect(sentences.append)
    review.decide([3], NO)
    review.decide([4], YES)
    settle(qtbot, session)
    assert (current.state(3).answer, current.state(4).answer) == (None, YES)
    assert not current.pending
    assert sentences[0].startswith("Not saved: No: red thing on ")
    assert sentences[0].endswith(".png. It is archived.")


def test_a_skip_and_an_answer_in_quick_succession_are_undone_in_the_order_of_the_keys(
    qtbot, session, review, folder
):
    begin(qtbot, review)
    decide(qtbot, session, review, [0], YES)
    review.decide([1], YES)
    review.skip([2])  # while the answer is on its way
    review.undo()
    review.undo()
    settle(qtbot, session)
    answers = [review.round.state(place).answer for place in range(3)]
    assert (answers, review.round.state(2).skipped) == ([YES, None, None], False)
    review.redo()
    review.redo()
    settle(qtbot, session)
    assert review.round.state(1).answer is YES
    assert review.round.state(2).skipped


def test_undo_keys_before_the_first_has_happened_revert_one_step_each(qtbot, session, review, folder):
    begin(qtbot, review)
    decide(qtbot, session, review, [0], YES)
    review.skip([1])
    decide(qtbot, session, review, [2], NO)
    words = []
    review.message.connect(words.append)
    for _ in range(3):
        review.undo()
    settle(qtbot, session)
    assert said(folder) == {}
    assert [review.round.state(place).done for place in range(3)] == [False] * 3
    assert len(words) == 2
    assert words[0] != words[1]


def test_undo_during_the_ranking_of_a_page_is_not_lost(qtbot, session, review, folder):
    begin(qtbot, review)
    decide(qtbot, session, review, [0], YES)
    with qtbot.waitSignal(review.page_changed):
        review.finish_page()
        assert review.busy
        review.undo()
    settle(qtbot, session)
    assert said(folder) == {}

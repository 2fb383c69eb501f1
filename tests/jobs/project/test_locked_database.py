"""A session beside a program that keeps the database locked: nothing waits but what must, nothing is lost."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from app.domain.labels import LabelState
from app.domain.unsaved import summary
from app.jobs.project.session import ProjectSession
from app.jobs.threads.model_queue import ModelQueue
from app.services.images.scan import scan
from app.services.labelling.decisions import image_states
from app.services.project.project import open_project
from app.services.runner.subprocess_runner import SubprocessRunner
from app.storage import images

YES, NO = LabelState.YES, LabelState.NO
PATIENCE = 20_000


@pytest.fixture
def models(qtbot):
    models = ModelQueue(SubprocessRunner([sys.executable, "-c", ""]))
    yield models
    assert models.close()


@pytest.fixture
def make_session(models, tmp_path):
    sessions = []

    def make():
        session = ProjectSession(models, unsaved_folder=tmp_path / "kept")
        session.sentences = []
        session.known_error.connect(session.sentences.append)
        session.left_unsaved.connect(session.sentences.append)
        sessions.append(session)
        return session

    yield make
    for session in sessions:
        session.close()


@pytest.fixture
def folder(project):
    project.close()
    return project.folder


@pytest.fixture
def session(qtbot, make_session, folder):
    session = make_session()
    open_in(qtbot, session, folder)
    return session


@pytest.fixture
def rollback_journal(monkeypatch):
    """The project as on a network folder, where readers wait for writers too."""
    monkeypatch.setattr("app.storage.database.is_network_folder", lambda _path: True)


@pytest.fixture
def lock(folder):
    """``lock(kind="IMMEDIATE")``: another program takes the database; ``release()`` lets it go."""
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as other:

        class Lock:
            def __call__(self, kind="IMMEDIATE"):
                other.execute(f"BEGIN {kind}")

            def release(self):
                other.execute("ROLLBACK")

        yield Lock()


def open_in(qtbot, session, folder):
    with qtbot.waitSignal(session.images_changed, timeout=PATIENCE):
        session.open(folder)
    settle(qtbot, session)


def settle(qtbot, session):
    qtbot.waitUntil(lambda: session.pending == 0, timeout=PATIENCE)


def held_up(qtbot, session, count):
    qtbot.waitUntil(lambda: session.unsaved.held_up is not None, timeout=PATIENCE)
    assert len(session.unsaved.waiting) == count


def states(folder, category=1):
    with open_project(folder) as project:
        return [image_states(project, number)[category] for number in range(1, 6)]


def batches(folder):
    with closing(sqlite3.connect(folder / "project.db")) as db:
        return [row[0] for row in db.execute("SELECT description FROM batch ORDER BY id")]


@pytest.mark.slow
def test_questions_are_answered_while_an_answer_waits_and_the_answers_follow_in_order(
    qtbot, session, folder, lock
):
    before = len(batches(folder))
    lock()
    for number in range(1, 6):
        session.decide([number], 1, YES if number % 2 else NO)
    with qtbot.waitSignal(session.detail_ready, timeout=2000) as answer:
        session.request_detail(2)
    assert answer.args[0].image.id == 2
    held_up(qtbot, session, 5)
    assert session.unsaved.states_on(2) == {1: NO}
    assert summary(session.unsaved.waiting).endswith("and 4 more")
    lock.release()
    settle(qtbot, session)
    assert session.unsaved.waiting == [] and session.unsaved.held_up is None
    assert states(folder) == [YES, NO, YES, NO, YES]
    paths = [words.rpartition("on ")[2] for words in batches(folder)[before:]]
    assert paths == sorted(paths, key=lambda path: ["five", "four", "one", "three", "two"].index(path[1:-5]))
    assert session.sentences == []


@pytest.mark.slow
def test_an_answer_is_still_tried_after_the_ten_seconds_of_other_programs(
    qtbot, session, folder, lock, monkeypatch
):
    monkeypatch.setattr("app.storage.database.BUSY_SECONDS", 0.1)
    lock()
    session.decide([1], 1, YES)
    qtbot.wait(600)
    lock.release()
    settle(qtbot, session)
    assert states(folder)[0] is YES
    assert session.sentences == []


@pytest.mark.slow
def test_undo_of_an_answer_that_waits_comes_after_it(qtbot, session, folder, lock):
    lock()
    told = []
    session.undo_state.connect(lambda undo, redo: told.append((undo, redo)))
    session.decide([1], 1, YES)
    session.decide([2], 1, YES)
    session.undo()
    assert session.unsaved.states_on(1) == {1: YES}
    assert session.unsaved.states_on(2) == {}
    held_up(qtbot, session, 3)
    assert told[-1] == ("Yes: cat on image 1", "Yes: cat on image 2")
    lock.release()
    settle(qtbot, session)
    assert states(folder)[:2] == [YES, LabelState.UNKNOWN]


@pytest.mark.slow
def test_when_readers_wait_too_everything_is_answered_in_the_end(
    qtbot, rollback_journal, session, folder, lock
):
    assert session.project.db.journal_mode == "delete"
    lock("EXCLUSIVE")
    session.request_detail(3)
    session.decide([3], 2, NO)
    held_up(qtbot, session, 1)
    assert session.unsaved.held_up.busy
    with qtbot.waitSignal(session.detail_ready, timeout=PATIENCE) as answer:
        lock.release()
    assert answer.args[0].image.id == 3
    settle(qtbot, session)
    assert states(folder, 2)[2] is NO
    assert session.sentences == []


@pytest.mark.slow
def test_waiting_readers_alone_are_reported(qtbot, rollback_journal, session, lock):
    lock("EXCLUSIVE")
    session.request_detail(3)
    held_up(qtbot, session, 0)
    lock.release()
    qtbot.waitUntil(lambda: session.unsaved.held_up is None, timeout=PATIENCE)


@pytest.mark.slow
def test_the_lock_of_a_program_that_is_killed_ends_with_it(qtbot, session, folder):
    script = (
        "import sqlite3, sys, time\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('BEGIN IMMEDIATE')\n"
        "db.execute('UPDATE image SET size = size + 1')\n"
        "print('locked', flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(folder / "project.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "locked\n"
        session.set_reviewed([1, 2])
        held_up(qtbot, session, 1)
        assert session.unsaved.reviewed_on(2) is True
        other.kill()
    settle(qtbot, session)
    with qtbot.waitSignal(session.detail_ready) as answer:
        session.request_detail(2)
    assert answer.args[0].image.reviewed_at is not None


@pytest.mark.slow
def test_closing_over_a_lock_keeps_the_answers_and_the_next_opening_offers_them(
    qtbot, session, make_session, folder, lock
):
    lock()
    for number in range(1, 4):
        session.decide([number], 1, YES)
    session.add_category_and_decide([4], "owl", YES)
    session.undo()
    session.redo()
    session.close()
    assert session.sentences[0].startswith("4 answers could not be saved: Yes: cat on ")
    lock.release()
    assert states(folder)[:3] == [LabelState.UNKNOWN] * 3
    again = make_session()
    open_in(qtbot, again, folder)
    qtbot.waitUntil(lambda: len(again.unsaved.offered) == 4, timeout=PATIENCE)
    again.save_offered()
    assert again.unsaved.offered == []
    settle(qtbot, again)
    again.close()
    assert states(folder)[:3] == [YES] * 3
    with open_project(folder) as project:
        assert YES in image_states(project, 4).values()
    assert not (folder / "unsaved.jsonl").exists()
    assert again.sentences == []


@pytest.mark.slow
def test_a_kept_answer_about_a_picture_that_was_replaced_is_named_and_not_saved(
    *, qtbot, session, make_session, make_image, images_folder, folder, lock
):
    lock()
    session.decide([1], 1, YES)
    session.set_reviewed([2], True)
    session.decide([3], 1, YES)
    session.close()
    lock.release()
    with open_project(folder) as project:
        names = {number: path.path for number, path in _images(project).items()}
        for number in (1, 2):
            make_image(images_folder / names[number], size=(30, 20))
        scan(project)
    again = make_session()
    open_in(qtbot, again, folder)
    qtbot.waitUntil(lambda: len(again.unsaved.offered) == 3, timeout=PATIENCE)
    again.save_offered()
    settle(qtbot, again)
    again.close()
    assert states(folder)[:3] == [LabelState.UNKNOWN, LabelState.UNKNOWN, YES]
    assert [names[1] in one or names[2] in one for one in again.sentences] == [True, True]
    with open_project(folder) as project:
        assert _images(project)[2].reviewed_at is None


def _images(project):
    with project.db.read() as s:
        return {one.id: one for one in images.all_images(s)}


def test_waiting_changes_are_in_a_file_even_before_closing(qtbot, session, folder, lock):
    lock()
    session.decide([1], 1, YES)
    file = folder / "unsaved.jsonl"
    qtbot.waitUntil(file.exists, timeout=PATIENCE)
    session.decide([2], 1, YES)
    qtbot.waitUntil(lambda: len(file.read_text().splitlines()) == 2, timeout=PATIENCE)
    lock.release()
    qtbot.waitUntil(lambda: not file.exists(), timeout=PATIENCE)
    assert states(folder)[:2] == [YES, YES]


@pytest.mark.slow
def test_an_offer_that_is_not_taken_is_made_again(qtbot, session, make_session, folder, lock):
    lock()
    session.decide([1], 1, YES)
    session.close()
    lock.release()
    second = make_session()
    open_in(qtbot, second, folder)
    qtbot.waitUntil(lambda: len(second.unsaved.offered) == 1, timeout=PATIENCE)
    lock()
    second.decide([2], 1, YES)
    second.close()
    lock.release()
    third = make_session()
    open_in(qtbot, third, folder)
    qtbot.waitUntil(lambda: len(third.unsaved.offered) == 2, timeout=PATIENCE)
    third.unsaved.discard_offered()
    settle(qtbot, third)
    third.close()
    assert not (folder / "unsaved.jsonl").exists()
    assert states(folder) == [LabelState.UNKNOWN] * 5


def set_most_pages(session, count):
    """How large the database may become; below its size: no larger than it is."""
    raw = session.project.db._writer.raw_connection()
    raw.cursor().execute(f"PRAGMA max_page_count = {count}")
    raw.close()


def fill_the_disk(qtbot, session):
    """Answers until one no longer fits, and one more; returns how many are waiting."""
    set_most_pages(session, 1)
    while session.unsaved.held_up is None:
        for number in range(1, 6):
            session.decide([number], 1, YES)
            session.decide([number], 1, NO)
        qtbot.waitUntil(lambda: session.unsaved.held_up is not None or session.pending == 0)
    assert "is full" in session.unsaved.held_up.reason and not session.unsaved.held_up.busy
    session.decide([3], 3, YES)
    return len(session.unsaved.waiting)


@pytest.mark.slow
def test_a_full_disk_keeps_the_answers_until_they_are_tried_again(qtbot, session, folder):
    count = fill_the_disk(qtbot, session)
    assert count > 1
    set_most_pages(session, 1_000_000)
    qtbot.wait(250)
    assert len(session.unsaved.waiting) == count  # nobody has asked for it yet
    session.unsaved.retry()
    settle(qtbot, session)
    assert states(folder) == [NO] * 5
    assert states(folder, 3)[2] is YES
    assert session.sentences == []


def test_answers_that_a_full_disk_keeps_out_can_be_discarded(qtbot, session, folder):
    count = fill_the_disk(qtbot, session)
    failed = []
    session.unsaved.failed.connect(failed.append)
    session.unsaved.discard()
    set_most_pages(session, 1_000_000)
    settle(qtbot, session)
    assert len(failed) == count and sorted(failed[-1].images) == [3]
    session.decide([4], 2, YES)
    settle(qtbot, session)
    assert states(folder, 2)[3] is YES
    assert states(folder, 3)[2] is LabelState.UNKNOWN


def test_an_answer_that_can_never_be_saved_is_named(qtbot, session, folder):
    with qtbot.waitSignal(session.detail_ready):
        session.request_detail(1)
    session.decide([1], 99, YES)
    session.decide([1], 1, YES)
    settle(qtbot, session)
    assert session.sentences == [
        "Not saved: Yes: 99 on five.png. There is no category with the number 99 in this project."
    ]
    assert states(folder)[0] is YES


def test_a_fault_of_ours_names_the_answer_it_lost(qtbot, session, monkeypatch, caplog):
    monkeypatch.setattr("app.services.labelling.decisions.decide", lambda *_args, **_more: {}["absent"])
    bugs = []
    session.bug.connect(bugs.append)
    with caplog.at_level("CRITICAL"):
        session.decide([1, 2], 1, YES)
        settle(qtbot, session)
    assert "KeyError" in bugs[0]
    assert session.sentences == ["Not saved: Yes: cat on 2 images. Something went wrong in Tailspotter."]


def test_a_damaged_file_of_kept_answers_is_reported_and_renamed(qtbot, make_session, folder):
    (folder / "unsaved.jsonl").write_text('{"operation": "decide"}\n')
    session = make_session()
    open_in(qtbot, session, folder)
    qtbot.waitUntil(lambda: session.sentences != [], timeout=PATIENCE)
    assert "Line 1 of unsaved.jsonl is damaged" in session.sentences[0]
    assert (folder / "unsaved.damaged-1.jsonl").exists()

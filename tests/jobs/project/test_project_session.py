"""The window's open project: questions, decisions, undo, other writers, suggestions, the lock."""

import gc
import os
import sys
import threading
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QObject
from threadpoolctl import threadpool_info

from app.domain.category_properties import CategoryEdit
from app.domain.labels import Decision, LabelState, Source
from app.jobs.project import changes
from app.jobs.project.changes import MOST_UNDONE_AT_ONCE
from app.jobs.project.finding import Finding
from app.jobs.project.session import ProjectSession
from app.jobs.store import project_state
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.values.store import UndoState
from app.services.images.scan import scan
from app.services.labelling import decisions as labelling
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.services.runner.subprocess_runner import SubprocessRunner
from app.storage import labels, relinks

WORKER = Path(__file__).parents[1].joinpath("colour_worker.py")
YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


@pytest.fixture
def models(qtbot):
    queue = ModelQueue(SubprocessRunner([sys.executable, str(WORKER)]))
    yield queue
    assert queue.close()
    del queue
    # QObjects must not become garbage that another thread collects.
    gc.collect()


@pytest.fixture
def session(models):
    session = ProjectSession(models)
    session.bug.connect(pytest.fail)
    yield session
    assert session.close()


@pytest.fixture
def folder(project):
    project.close()
    return project.folder


def opened(qtbot, session, folder):
    with qtbot.waitSignals([session.opened, session.images_changed, session.suggestions_missing]):
        session.open(folder)
    return session


def heard(qtbot, signal, call, *arguments):
    """The arguments of the signal that follows a call."""
    with qtbot.waitSignal(signal) as blocker:
        call(*arguments)
    return blocker.args


def settle(qtbot, session):
    qtbot.waitUntil(lambda: session.pending == 0)


def test_opening_reports_the_project_and_all_its_images(qtbot, session, folder):
    infos = []
    session.opened.connect(infos.append)
    ids, query = heard(qtbot, session.images_changed, session.open, folder)
    assert [one.name for one in infos[0].categories] == ["cat", "dog", "bird"]
    assert (infos[0].images, infos[0].indexed, infos[0].warning) == (5, 0, None)
    assert (sorted(ids), query) == ([1, 2, 3, 4, 5], "")


def test_a_decision_is_saved_reported_and_on_disk(qtbot, session, folder):
    opened(qtbot, session, folder)
    settle(qtbot, session)
    words = []
    session.undo_state.connect(lambda *both: words.append(both))
    with qtbot.waitSignals([session.changed, session.saved, session.info_changed]):
        session.decide([2], "dog", YES)
    assert "dog" in words[-1][0]
    assert words[-1][1] is None
    assert next(one for one in session.info.categories if one.name == "dog").yes == 1
    session.close()
    with open_project(folder) as project:
        assert labelling.image_states(project, 2)[2] is YES


def test_detail_distinguishes_explicit_and_implied_labels(qtbot, session, folder):
    opened(qtbot, session, folder)
    session.decide([3], 1, YES)
    session.set_reviewed([3])
    detail = heard(qtbot, session.detail_ready, session.request_detail, 3)[0]
    told = [(one.name, one.state, one.source, one.implied) for one in detail.labels]
    assert told == [
        ("cat", YES, Source.HUMAN, False),
        ("bird", NO, None, True),
        ("dog", NO, None, True),
    ]
    assert detail.labels[0].when is not None
    assert detail.absolute_path.name == detail.image.path


def test_selection_is_one_undo_and_undo_brings_all_back(qtbot, session, folder):
    opened(qtbot, session, folder)
    heard(qtbot, session.changed, session.decide, [1, 2, 3], 1, NO)
    change = heard(qtbot, session.changed, session.undo)[0]
    assert {one.image_id for one in change.labels} == {1, 2, 3}
    assert all(one.after is UNKNOWN for one in change.labels)
    change = heard(qtbot, session.changed, session.redo)[0]
    assert all(one.after is NO for one in change.labels)


def test_undo_of_nothing_says_so(qtbot, session, folder):
    opened(qtbot, session, folder)
    assert "undo" in heard(qtbot, session.known_error, session.undo)[0].lower()


def test_an_undo_of_many_labels_is_asked_for_twice(qtbot, session, folder, monkeypatch):
    opened(qtbot, session, folder)
    many = MOST_UNDONE_AT_ONCE + 1
    assert session.size_to_confirm() == 0
    session._changes.set_undo(UndoState("Import labels.json", None, many))
    assert session.size_to_confirm() == many
    assert session.size_to_confirm() == 0
    assert session.size_to_confirm() == many
    monkeypatch.setattr(changes, "QUESTION_S", -1.0)  # nobody sees the question any more
    assert session.size_to_confirm() == many
    heard(qtbot, session.changed, session.decide, [1, 2, 3], "cat", YES)
    assert session.size_to_confirm() == 0
    qtbot.waitUntil(lambda: session.pending == 0)


def test_new_category_and_its_first_label_are_one_undo(qtbot, session, folder):
    opened(qtbot, session, folder)
    heard(qtbot, session.changed, session.add_category_and_decide, [4], "serval", YES)
    qtbot.waitUntil(lambda: [one.name for one in session.info.categories][-1] == "serval")
    heard(qtbot, session.changed, session.undo)
    qtbot.waitUntil(lambda: [one.name for one in session.info.categories] == ["cat", "dog", "bird"])


def test_a_new_tag_that_is_a_category_in_another_spelling_is_reported_by_the_categorys_name(
    qtbot, session, folder
):
    opened(qtbot, session, folder)
    heard(qtbot, session.changed, session.add_category_and_decide, [4], "CAT", YES)
    qtbot.waitUntil(lambda: session.info.categories[0].yes == 1)
    assert len(session.info.categories) == 3
    session.close()
    with open_project(folder) as project:
        assert labelling.next_undo(project) == "Say yes to 'cat' on 1 image"


def test_query_selects_and_a_wrong_one_keeps_the_list_and_offers_a_fix(qtbot, session, folder):
    opened(qtbot, session, folder)
    session.decide([5], "dog", YES)
    assert heard(qtbot, session.images_changed, session.set_query, "dog") == [[5], "dog"]
    sentence, position, fix = heard(qtbot, session.query_failed, session.set_query, "dgo -cat")
    assert "dgo" in sentence
    assert (position, fix) == (0, "dog -cat")
    assert session.query == "dog"


def test_completion_offers_categories(qtbot, session, folder):
    opened(qtbot, session, folder)
    finding = Finding(session)
    found = heard(qtbot, finding.completion_ready, finding.complete, "-bi")[0]
    assert (found[0].label, found[0].text, found[0].cursor) == ("bird", "-bird", 5)
    finding.deleteLater()


def test_of_several_clicks_only_the_last_is_remembered_and_wrong_queries_never(qtbot, session, folder):
    opened(qtbot, session, folder)
    finding = Finding(session)
    for text, step in (
        ("bird", False),
        ("cat", True),
        ("cat dog", True),
        ("", True),
        ("is:reviewed", True),
        ("wrng", False),
        ("bird", False),
    ):
        finding.run(text, step=step)
        settle(qtbot, session)
    assert finding.queries.history == ["bird", "is:reviewed", "cat dog"]
    finding.deleteLater()


def test_counts_are_made_only_while_somebody_looks(qtbot, session, folder):
    finding = Finding(session)
    opened(qtbot, session, folder)
    settle(qtbot, session)
    with qtbot.assertNotEmitted(finding.counts_changed, wait=400):
        session.decide([1], 1, YES)
    with qtbot.waitSignal(finding.counts_changed) as counted:
        finding.watch(True)
    assert counted.args[0].properties["labelled"] == 1
    with qtbot.waitSignal(finding.counts_changed) as counted:
        session.decide([2], 1, YES)
    assert counted.args[0].properties["labelled"] == 2
    finding.deleteLater()


@pytest.mark.slow
def test_label_of_another_process_is_noticed_once(qtbot, session, folder):
    opened(qtbot, session, folder)
    session.decide([1], 1, YES)
    settle(qtbot, session)
    with open_project(folder) as other, qtbot.waitSignal(session.changed) as blocker:
        labelling.decide(other, [Decision(2, 3, YES)])
    assert [(one.image_id, one.category_id) for one in blocker.args[0].labels] == [(2, 3)]
    settle(qtbot, session)
    with qtbot.assertNotEmitted(session.changed, wait=900):
        pass
    assert heard(qtbot, session.images_changed, session.set_query, "bird")[0] == [2]


@pytest.mark.slow
def test_own_decisions_are_not_taken_for_those_of_others(qtbot, session, folder):
    opened(qtbot, session, folder)
    changes = []
    session.changed.connect(changes.append)
    for image_id in (1, 2, 3):
        session.decide([image_id], 1, YES)
    qtbot.wait(900)
    assert len(changes) == 3


@pytest.mark.slow
def test_images_that_a_scan_brings_appear(qtbot, session, folder, images_folder, make_image):
    opened(qtbot, session, folder)
    make_image(images_folder / "six.png", colour=(1, 2, 3))
    with open_project(folder) as other, qtbot.waitSignal(session.images_changed) as blocker:
        scan(other)
    assert len(blocker.args[0]) == 6


def test_a_chosen_list_stays_when_a_scan_brings_images(qtbot, session, folder, images_folder, make_image):
    opened(qtbot, session, folder)
    session.show_chosen([2, 1])
    shown = []
    session.images_changed.connect(lambda ids, _query: shown.append(ids))
    make_image(images_folder / "six.png", colour=(1, 2, 3))
    with open_project(folder) as other, qtbot.waitSignal(session.rebuilt):
        scan(other)
    settle(qtbot, session)
    assert (shown, session.chosen) == ([], (2, 1))
    with open_project(folder) as other, qtbot.waitSignal(session.rebuilt):
        with other.db.write() as s:
            relinks.remove_unanswered(s, [2])
        (images_folder / "six.png").unlink()
        scan(other)
    settle(qtbot, session)
    assert (shown, session.chosen) == ([[1]], (1,))
    heard(qtbot, session.images_changed, session.refresh_query)
    assert len(shown[-1]) == 5  # the file of the one removed is found again


def test_a_list_chosen_just_after_a_scan_is_whole(qtbot, session, folder, images_folder, make_image):
    opened(qtbot, session, folder)
    make_image(images_folder / "six.png", colour=(1, 2, 3))
    session.show_chosen([1])
    session.rebuilt.connect(lambda: session.show_chosen([4, 3]))
    with open_project(folder) as other, qtbot.waitSignal(session.rebuilt):
        scan(other)
    settle(qtbot, session)
    assert session.chosen == (4, 3)


def test_a_second_window_learns_who_has_the_project_open(qtbot, session, models, folder):
    opened(qtbot, session, folder)
    second = ProjectSession(models)
    sentence = heard(qtbot, second.lock_held, second.open, folder)[0]
    assert str(os.getpid()) in sentence
    assert second.info is None
    second.close()
    session.close()
    with qtbot.waitSignal(second.opened):
        second.open(folder)
    second.close()


def test_folder_that_is_no_project_is_a_sentence(qtbot, session, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "not a Tailspotter project" in heard(qtbot, session.open_failed, session.open, empty)[0]
    assert "no folder" in heard(qtbot, session.open_failed, session.open, tmp_path / "nowhere")[0]
    assert session.info is None


def test_project_whose_images_are_gone_opens_with_a_warning(qtbot, session, folder, images_folder):
    images_folder.rename(images_folder.with_name("elsewhere"))
    assert "is not there" in opened(qtbot, session, folder).info.warning
    heard(qtbot, session.changed, session.decide, [1], 1, YES)


class Refusals(QObject):
    def __init__(self):
        super().__init__()
        self.told = []

    def tell(self, sentence):
        self.told.append(sentence)


def test_a_refused_change_is_told_to_whoever_asked_in_place_of_everybody(qtbot, session, folder):
    opened(qtbot, session, folder)
    refusals, everybody = Refusals(), []
    session.known_error.connect(everybody.append)
    session.change(
        lambda store: store.categories.edit(1, CategoryEdit(name="dog")), "Rename", refused=refusals.tell
    )
    settle(qtbot, session)
    sentence = "The name 'dog' already belongs to the category 'dog'; choose a different one."
    assert (refusals.told, everybody) == ([sentence], [])
    session.change(lambda store: store.categories.edit(1, CategoryEdit(name="dog")), "Rename")
    settle(qtbot, session)
    assert (refusals.told, everybody) == ([sentence], [f"Not saved: Rename. {sentence}"])


def test_badges_have_name_state_and_review(qtbot, session, folder):
    opened(qtbot, session, folder)
    session.set_reviewed([1])
    badges = heard(qtbot, session.badges_ready, session.request_badges, [1, 2])[0]
    assert (badges[1].reviewed, badges[2].reviewed) == (True, False)
    assert badges[1].name.endswith(".png")


def test_pace_counts_decisions(qtbot, session, folder):
    opened(qtbot, session, folder)
    session.decide([1], 1, YES)
    pace = heard(qtbot, session.pace_changed, session.decide, [2], 1, YES)[0]
    assert pace == 12  # two within the shortest span of ten seconds


# --- with features


@pytest.fixture
def coloured(tmp_path, make_image):
    """Six red and six blue images, indexed; the category "red" has a text that fits."""
    for i in range(6):
        make_image(tmp_path / "photos" / f"red{i}.png", colour=(200 + i, 10, 10))
        make_image(tmp_path / "photos" / f"blue{i}.png", colour=(10, 10, 200 + i))
    with create_project(tmp_path / "p", [tmp_path / "photos"], ["red thing"]) as project:
        scan(project)
    return project.folder


def indexed(qtbot, session, models, folder):
    from app.services.features.indexing import index

    opened(qtbot, session, folder)
    project = session.project
    done = []

    models.submit(lambda runner, progress, stop: done.append(index(project, runner, progress, stop)))
    qtbot.waitUntil(lambda: bool(done), timeout=20_000)
    with qtbot.waitSignal(session.scores_changed, timeout=20_000):
        session.reload_suggestions()
    return session


@pytest.mark.slow
def test_suggestions_come_from_features_and_decisions_carry_what_was_shown(qtbot, session, models, coloured):
    indexed(qtbot, session, models, coloured)
    assert session.info.indexed == 12
    assert {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"} == {1}
    ids = heard(qtbot, session.images_changed, session.set_query, 'path:"red*" sort:name')[0]
    detail = heard(qtbot, session.detail_ready, session.request_detail, ids[0])[0]
    shown = detail.suggestions[0]
    heard(qtbot, session.saved, session.decide, [ids[0]], shown.category_id, YES)
    with session.project.db.read() as s:
        assert labels.explicit_of(s, ids[0])[0].state is YES
    path = session.project.layout.database
    session.close()
    import sqlite3

    with sqlite3.connect(path) as connection:
        score, model = connection.execute("SELECT score, model FROM ledger WHERE kind = 'label'").fetchone()
    connection.close()
    assert score == pytest.approx(shown.probability)
    assert model == shown.learner.value


@pytest.mark.slow
def test_new_category_gets_suggestions_without_the_model_in_this_process(qtbot, session, models, coloured):
    indexed(qtbot, session, models, coloured)
    with qtbot.waitSignal(session.scores_changed, timeout=20_000):
        session.add_category_and_decide([1], "blue thing", YES)
    detail = heard(qtbot, session.detail_ready, session.request_detail, 2)[0]
    assert {one.category for one in detail.suggestions} == {"red thing", "blue thing"}


def wait_for_suggestions(qtbot, session, names):
    def suggested():
        detail = heard(qtbot, session.detail_ready, session.request_detail, 2)[0]
        return {one.category for one in detail.suggestions} == names

    qtbot.waitUntil(suggested, timeout=10_000)


def held_up(monkeypatch, module, name):
    """Lets ``module.name`` do its work, then sets the first event and returns once the second one is set."""
    work, done, go_on = getattr(module, name), threading.Event(), threading.Event()

    def hold(*arguments):
        result = work(*arguments)
        done.set()
        assert go_on.wait(20)
        return result

    monkeypatch.setattr(module, name, hold)
    return done, go_on


@pytest.mark.slow
def test_a_category_added_while_suggestions_are_loaded_is_suggested(
    qtbot, session, models, coloured, monkeypatch
):
    from app.jobs.project import suggestion_loading
    from app.services.features.indexing import index

    with open_project(coloured) as project, SubprocessRunner([sys.executable, str(WORKER)]) as runner:
        index(project, runner)
    loaded, go_on = held_up(monkeypatch, suggestion_loading, "load_suggestions")
    session.open(coloured)
    qtbot.waitUntil(loaded.is_set, timeout=20_000)
    heard(qtbot, session.saved, session.add_category_and_decide, [1], "blue thing", YES)
    settle(qtbot, session)
    go_on.set()
    wait_for_suggestions(qtbot, session, {"red thing", "blue thing"})


@pytest.mark.slow
def test_a_category_added_while_the_text_of_another_is_encoded_is_suggested(
    qtbot, session, models, coloured, monkeypatch
):
    from app.services.features import indexing

    indexed(qtbot, session, models, coloured)
    encoded, go_on = held_up(monkeypatch, indexing, "encode_texts")
    heard(qtbot, session.saved, session.add_category_and_decide, [1], "blue thing", YES)
    qtbot.waitUntil(encoded.is_set, timeout=10_000)
    heard(qtbot, session.saved, session.add_category_and_decide, [1], "grass", NO)
    settle(qtbot, session)
    go_on.set()
    wait_for_suggestions(qtbot, session, {"red thing", "blue thing", "grass"})


# --- the list after decisions


def heard_of(signal):
    told = []
    signal.connect(lambda *values: told.append(values))
    return told


def test_a_decision_outdates_the_list_and_the_newer_one_is_shown_on_request(qtbot, session, folder):
    opened(qtbot, session, folder)
    assert heard(qtbot, session.images_changed, session.set_query, "-cat")[0] == [1, 2, 3, 4, 5]
    shown = heard_of(session.images_changed)
    assert heard(qtbot, session.list_outdated, session.decide, [4], 1, YES)[0] == [1, 2, 3, 5]
    assert heard(qtbot, session.list_outdated, session.decide, [1], 1, YES)[0] == [2, 3, 5]
    assert shown == []
    session.show_current_list()
    session.show_current_list()
    assert shown == [([2, 3, 5], "-cat")]
    assert heard(qtbot, session.list_outdated, session.undo)[0] == [1, 2, 3, 5]


def test_decision_that_changes_nothing_in_the_list_outdates_nothing(qtbot, session, folder):
    opened(qtbot, session, folder)
    told = heard_of(session.list_outdated)
    for text in ("", "path:*.png", "unknown:dog"):
        heard(qtbot, session.images_changed, session.set_query, text)
        heard(qtbot, session.info_changed, session.decide, [4], 1, YES if text else NO)
        qtbot.wait(80)
        settle(qtbot, session)
    assert told == []


def test_the_list_of_an_older_query_is_not_reported(qtbot, session, folder):
    opened(qtbot, session, folder)
    heard(qtbot, session.images_changed, session.set_query, "-cat")
    heard(qtbot, session.list_outdated, session.decide, [4], 1, YES)
    heard(qtbot, session.images_changed, session.set_query, "cat")
    with qtbot.assertNotEmitted(session.images_changed):
        session.show_current_list()


@pytest.mark.slow
def test_a_decision_of_another_writer_leaves_the_list_until_the_newer_one_is_requested(
    qtbot, session, folder
):
    opened(qtbot, session, folder)
    heard(qtbot, session.images_changed, session.set_query, "-cat")
    shown = heard_of(session.images_changed)
    with open_project(folder) as other, qtbot.waitSignal(session.list_outdated) as blocker:
        labelling.decide(other, [Decision(2, 1, YES)])
    assert (blocker.args[0], shown) == ([1, 3, 4, 5], [])


# --- where nothing can be written


def test_project_that_cannot_be_written_is_shown_and_refuses_changes(qtbot, session, folder, monkeypatch):
    monkeypatch.setattr("app.storage.read_only.os.access", lambda _path, mode, **_: not mode & os.W_OK)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    info = opened(qtbot, session, folder).info
    assert info.read_only == "you may not write into its folder"
    assert session.thumbnail(1, 96)
    sentence = heard(qtbot, session.known_error, session.decide, [1], 1, YES)[0]
    assert "read-only here (you may not write into its folder)" in sentence
    assert heard(qtbot, session.images_changed, session.set_query, "-cat")[0] == [1, 2, 3, 4, 5]
    session.close()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_counts_follow_the_opening_and_every_change(qtbot, session, folder):
    infos = heard_of(session.info_changed)
    first = heard(qtbot, session.opened, session.open, folder)[0]
    assert not first.counted
    qtbot.waitUntil(lambda: bool(infos))
    assert infos[0][0].counted

    def counts():
        return [(one.yes, one.no) for one in session.info.categories]

    steps = [
        (lambda: session.decide([1, 2], 1, YES), [(2, 0), (0, 0), (0, 0)]),
        (lambda: session.set_reviewed([2, 3]), [(2, 1), (0, 2), (0, 2)]),
        (lambda: session.decide([1], 1, NO), [(1, 2), (0, 2), (0, 2)]),
        (session.undo, [(2, 1), (0, 2), (0, 2)]),
    ]
    for act, expected in steps:
        heard(qtbot, session.info_changed, act)
        assert counts() == expected


@pytest.mark.slow
def test_a_large_change_in_a_large_collection_is_learned_on_another_thread_and_so_is_its_undo(
    qtbot, session, models, coloured, monkeypatch
):
    indexed(qtbot, session, models, coloured)
    monkeypatch.setattr(project_state, "BULK_IMAGES", 2)
    state = session._storage.store._store.state
    before = state.live
    before.large = True
    ids = before.image_ids.tolist()
    with qtbot.waitSignal(session.scores_changed, timeout=20_000):
        session.decide(ids[:4], "red thing", YES)
    assert state.live is not before
    assert (before.states(1) == 1).sum() == 0  # nothing was learned on the storage thread
    assert (state.live.states(1) == 1).sum() == 4
    state.live.large = True
    with qtbot.waitSignal(session.scores_changed, timeout=20_000):
        session.undo()
    assert (state.live.states(1) == 1).sum() == 0
    settle(qtbot, session)
    assert not state.behind


@pytest.mark.slow
def test_many_new_categories_are_learned_on_another_thread(qtbot, session, models, coloured, monkeypatch):
    indexed(qtbot, session, models, coloured)
    monkeypatch.setattr(project_state, "MANY_CATEGORIES", 2)
    state = session._storage.store._store.state
    before = state.live
    with qtbot.waitSignal(session.scores_changed, timeout=20_000):
        session.change(lambda store: store.categories.add(["one", "two", "three"]), "Add")
    assert state.live is not before
    assert len(state.live.category_ids) == len(before.category_ids) + 3
    settle(qtbot, session)
    assert not state.behind
    session.change(lambda store: store.categories.add(["four"]), "Add")
    qtbot.waitUntil(lambda: len(state.live.category_ids) == len(before.category_ids) + 4, timeout=20_000)
    assert not state.behind

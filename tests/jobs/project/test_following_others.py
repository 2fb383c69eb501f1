"""The window follows what another program writes, however long reading it takes."""

import threading

import pytest

from app.jobs.project.session import ProjectSession
from app.jobs.store.open_store import OpenStore
from app.jobs.threads.model_queue import ModelQueue
from app.services.labelling.decisions import review
from app.services.project.project import open_project


@pytest.fixture
def session(qtbot):
    queue = ModelQueue(None)
    session = ProjectSession(queue)
    session.bug.connect(pytest.fail)
    yield session
    assert session.close()
    assert queue.close()


def test_a_change_is_followed_though_the_next_check_is_due_while_it_is_read(
    qtbot, session, project, monkeypatch
):
    project.close()
    with qtbot.waitSignal(session.info_changed):
        session.open(project.folder)
    read, go_on = threading.Event(), threading.Event()
    usual = OpenStore.external_change

    def slow(store):
        found = usual(store)
        if found is not None:
            read.set()
            assert go_on.wait(20)
        return found

    monkeypatch.setattr(OpenStore, "external_change", slow)
    with open_project(project.folder) as other:
        review(other, [1])
    with qtbot.waitSignal(session.changed, timeout=10_000) as blocker:
        session.look_for_changes()
        qtbot.waitUntil(read.is_set)
        session.look_for_changes()
        go_on.set()
    assert [one.image_id for one in blocker.args[0].reviews] == [1]

"""The window makes the daily backup on a thread of its own."""

import sqlite3
from contextlib import closing

import pytest

from app.jobs.project.session import ProjectSession
from app.jobs.threads.model_queue import ModelQueue
from app.services.labelling.decisions import review
from app.services.project.project import open_project
from app.storage import backup


@pytest.fixture
def session(qtbot):
    queue = ModelQueue(None)
    session = ProjectSession(queue)
    session.bug.connect(pytest.fail)
    yield session
    assert session.close()
    assert queue.close()


@pytest.fixture
def folder(project):
    review(project, [1])
    project.close()
    with closing(sqlite3.connect(project.layout.database)) as connection, connection:
        connection.execute("UPDATE batch SET created_at = datetime(created_at, '-2 days')")
    return project.folder


def test_an_opened_project_is_backed_up_once_a_day(qtbot, session, folder):
    for _ in range(2):
        session.open(folder)
        qtbot.waitUntil(lambda: bool(backup.listed(folder / "backups")))
        session.close()
    assert [one.reason for one in backup.listed(folder / "backups")] == ["daily"]


def test_a_damaged_database_is_told(qtbot, session, folder, monkeypatch):
    def refuse(*args):
        raise backup.damaged(folder / "project.db")

    monkeypatch.setattr(backup, "back_up", refuse)
    with qtbot.waitSignal(session.known_error) as blocker:
        session.open(folder)
    assert "check" in blocker.args[0] and "--repair" in blocker.args[0]


def test_nothing_is_backed_up_where_nothing_can_be_written(qtbot, session, folder, monkeypatch):
    monkeypatch.setattr("app.services.project.project.write_obstacle", lambda path: "it is so")
    with qtbot.waitSignal(session.info_changed):
        session.open(folder)
    session.close()
    assert not (folder / "backups").exists()
    with open_project(folder) as opened:
        assert opened.read_only

"""What a training would learn from is counted beside the storage thread."""

import threading

import pytest
from PySide6.QtCore import QObject, Signal

from app.domain.errors import KnownError
from app.domain.training import TrainingOverview
from app.jobs.training.overview_count import OverviewCount
from app.services.training import overview


class Session(QObject):
    closing, bug, known_error = Signal(), Signal(str), Signal(str)
    project = "project"


class Heard(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.found = []

    def take(self, found) -> None:
        self.found.append(found)


@pytest.fixture
def parts(qapp):
    session, heard = Session(), Heard()
    yield session, OverviewCount(session, session), heard
    session.closing.emit()


def test_it_is_counted_on_another_thread(parts, qtbot, monkeypatch):
    session, count, heard = parts
    asked = []

    def counted(*arguments):
        asked.append((*arguments, threading.current_thread().name))
        return TrainingOverview(3, 2)

    monkeypatch.setattr(overview, "training_overview", counted)
    count.ask(50, heard.take, device="cpu")
    qtbot.waitUntil(lambda: heard.found == [TrainingOverview(3, 2)])
    assert asked == [("project", 50, "cpu", "training-overview")]
    session.project = None
    count.ask(50, heard.take)
    assert len(asked) == 1


def test_closing_the_project_waits_for_it_and_nothing_arrives(parts, qtbot, monkeypatch):
    session, count, heard = parts
    begun, ended = threading.Event(), []

    def slow(*_):
        begun.set()
        threading.Event().wait(0.2)
        ended.append(True)
        return TrainingOverview(1, 1)

    monkeypatch.setattr(overview, "training_overview", slow)
    count.ask(1, heard.take)
    assert begun.wait(10)
    session.closing.emit()
    assert ended == [True]
    qtbot.wait(20)
    assert heard.found == []


def test_why_it_cannot_be_counted_is_said(parts, qtbot, monkeypatch):
    session, count, heard = parts

    def refuse(*_):
        raise KnownError("the disk is full")

    said = []
    session.known_error.connect(said.append)
    monkeypatch.setattr(overview, "training_overview", refuse)
    count.ask(1, heard.take)
    qtbot.waitUntil(lambda: said == ["the disk is full"])

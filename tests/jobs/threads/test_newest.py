"""Work of which only the newest result is delivered."""

import threading

import pytest
from PySide6.QtCore import QObject

from app.domain.errors import BadInputError, CancelledError
from app.jobs.threads.newest import Newest


class Listener(QObject):
    def __init__(self):
        super().__init__()
        self.results, self.sentences = [], []

    def take(self, result):
        self.results.append(result)

    def refuse(self, sentence):
        self.sentences.append(sentence)


@pytest.fixture
def newest(qtbot):
    made = Newest("test-newest")
    yield made
    assert made.close()
    assert not [one for one in threading.enumerate() if one.name == "test-newest"]


@pytest.fixture
def listener(qtbot):
    return Listener()


def test_of_two_pieces_of_work_only_the_newest_is_delivered(qtbot, newest, listener):
    go_on, stopped = threading.Event(), []

    def old(stop):
        assert go_on.wait(20)
        stopped.append(stop())
        return "old"

    newest.run(old, then=listener.take, failed=listener.refuse)
    newest.run(lambda _stop: "new", then=listener.take, failed=listener.refuse)
    qtbot.waitUntil(lambda: listener.results == ["new"])
    go_on.set()
    qtbot.waitUntil(lambda: stopped == [True])
    qtbot.wait(50)
    assert listener.results == ["new"] and listener.sentences == [] and not newest.busy


def test_work_that_is_cancelled_is_never_delivered(qtbot, newest, listener):
    go_on = threading.Event()

    def work(_stop):
        assert go_on.wait(20)
        raise CancelledError("stopped")

    newest.run(work, then=listener.take, failed=listener.refuse)
    assert newest.busy
    newest.cancel()
    assert not newest.busy
    go_on.set()
    qtbot.wait(50)
    assert listener.results == listener.sentences == []


def test_a_known_error_is_a_sentence_and_a_bug_keeps_its_traceback(qtbot, newest, listener):
    def fail(error):
        def work(_stop):
            raise error

        return work

    newest.run(fail(BadInputError("This is no file.")), then=listener.take, failed=listener.refuse)
    qtbot.waitUntil(lambda: listener.sentences == ["This is no file."])
    with qtbot.waitSignal(newest.bug) as blocker:
        newest.run(fail(ValueError("odd")), then=listener.take, failed=listener.refuse)
    assert "ValueError: odd" in blocker.args[0]
    assert len(listener.sentences) == 2


def test_nothing_begins_after_closing(qtbot, newest, listener):
    assert newest.close()
    newest.run(lambda _stop: "late", then=listener.take, failed=listener.refuse)
    qtbot.wait(20)
    assert listener.results == [] and not newest.busy

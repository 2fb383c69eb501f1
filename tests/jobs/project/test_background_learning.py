"""Learning in slices, while nobody asks the storage thread for anything."""

import threading

import pytest
from PySide6.QtCore import QObject

from app.jobs.project.learning import BackgroundLearning
from app.jobs.project.storage import ProjectStorage
from app.jobs.threads.storage_executor import StorageExecutor


class Store:
    def __init__(self) -> None:
        self.left, self.slices, self.order = 0, 0, []

    def learn(self) -> bool:
        self.slices += 1
        self.order.append("learn")
        self.left = max(0, self.left - 1)
        return self.left > 0

    def bind(self, operation):
        return lambda: operation(self)


class Asker(QObject):
    def take(self, _answer) -> None:
        return


@pytest.fixture
def storage(qapp):
    made = ProjectStorage()
    made.executor, made.store = StorageExecutor(), Store()
    yield made
    made.executor.close()


def test_it_learns_until_nothing_is_left(storage, qtbot):
    learning, store = BackgroundLearning(storage), storage.store
    store.left = 4
    learning.look()
    qtbot.waitUntil(lambda: store.slices == 4)
    qtbot.wait(80)
    assert store.slices == 4
    learning.look()
    qtbot.waitUntil(lambda: store.slices == 5)


def test_what_is_asked_goes_before_it(storage, qtbot):
    learning, store = BackgroundLearning(storage), storage.store
    store.left, release, asker = 2, threading.Event(), Asker()
    storage.ask(lambda _store: release.wait(10), then=asker.take)
    learning.look()
    learning.look()
    qtbot.wait(80)
    storage.ask(lambda asked: asked.order.append("asked"), then=asker.take)
    release.set()
    qtbot.waitUntil(lambda: store.slices == 2)
    assert store.order == ["asked", "learn", "learn"]


def test_it_ends_with_the_project_and_begins_with_the_next(storage, qtbot):
    learning, store = BackgroundLearning(storage), storage.store
    store.left = 1_000
    learning.look()
    qtbot.waitUntil(lambda: store.slices > 0)
    learning.stop()
    storage.executor.close()
    seen = store.slices
    qtbot.wait(60)
    assert store.slices == seen
    storage.executor = StorageExecutor()
    learning.look()
    qtbot.waitUntil(lambda: store.slices > seen)
    learning.stop()

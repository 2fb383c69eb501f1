"""The thumbnail loader makes the wanted pictures only, the urgent ones first, within its memory."""

import logging
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject

from app.domain.errors import BadInputError
from app.jobs.pictures.thumbnail_loader import BUG_REASON, Decoded, ThumbnailLoader


class Source:
    """Fetches immediately, or waits at a gate; records the requests and their threads."""

    def __init__(self, cost=10):
        self.cost = cost
        self.fetched = []
        self.threads = set()
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Semaphore(0)
        self.bad = {}

    def fetch(self, image_id, size):
        self.fetched.append((image_id, size))
        self.threads.add(threading.get_ident())
        self.entered.release()
        assert self.gate.wait(5)
        if image_id in self.bad:
            raise self.bad[image_id]
        return image_id

    def decode(self, fetched, size):
        self.threads.add(threading.get_ident())
        return Decoded(f"picture {fetched} at {size}", self.cost)


class Listener(QObject):
    def __init__(self, loader):
        super().__init__()
        self.loaded, self.failed, self.threads = [], [], set()
        loader.loaded.connect(self.on_loaded)
        loader.failed.connect(self.on_failed)

    def on_loaded(self, ids):
        self.loaded += ids
        self.threads.add(threading.get_ident())

    def on_failed(self, ids):
        self.failed += ids


@pytest.fixture
def make(qapp):
    made = []

    def make(source, **options):
        loader = ThumbnailLoader(source.fetch, source.decode, **{"threads": 1} | options)
        made.append((loader, source))
        return loader, Listener(loader)

    yield make
    for loader, source in made:
        source.gate.set()
        assert loader.close(5)


def settle(qtbot, loader):
    qtbot.waitUntil(lambda: loader.pending == 0, timeout=5000)


def test_pictures_arrive_on_the_windows_thread_and_are_made_on_others(qtbot, make):
    source = Source()
    loader, listener = make(source, threads=2)
    assert loader.picture(1) is None
    loader.want(range(1, 40), 100)
    settle(qtbot, loader)
    assert sorted(listener.loaded) == list(range(1, 40))
    assert loader.picture(7) == "picture 7 at 100"
    assert threading.get_ident() not in source.threads
    assert listener.threads == {threading.get_ident()}


def test_the_first_ones_wanted_are_made_first(qtbot, make):
    source = Source()
    loader, _ = make(source)
    loader.want([5, 3, 9, 1], 100)
    settle(qtbot, loader)
    assert source.fetched == [(5, 100), (3, 100), (9, 100), (1, 100)]


def test_pictures_scrolled_out_of_view_are_dropped(qtbot, make):
    source = Source()
    source.gate.clear()
    loader, listener = make(source)
    loader.want(range(1000), 100)
    assert source.entered.acquire(timeout=5)
    loader.want(range(5000, 5010), 100)
    source.gate.set()
    settle(qtbot, loader)
    assert [image_id for image_id, _ in source.fetched] == [0, *range(5000, 5010)]
    assert listener.loaded == [0, *range(5000, 5010)]


def test_nothing_is_loaded_twice(qtbot, make):
    source = Source()
    source.gate.clear()
    loader, _ = make(source)
    loader.want([1, 2], 100)
    assert source.entered.acquire(timeout=5)
    loader.want([2, 1], 100)
    source.gate.set()
    settle(qtbot, loader)
    loader.want([1, 2], 100)
    settle(qtbot, loader)
    assert source.fetched == [(1, 100), (2, 100)]


def test_a_different_size_is_loaded_and_the_old_picture_stays_until_then(qtbot, make):
    source = Source()
    loader, _ = make(source)
    loader.want([1], 100)
    settle(qtbot, loader)
    source.gate.clear()
    loader.want([1], 200)
    assert loader.picture(1) == "picture 1 at 100"
    source.gate.set()
    settle(qtbot, loader)
    assert loader.picture(1) == "picture 1 at 200"
    assert loader.cached_bytes == 10


def test_a_failure_is_reported_with_its_reason_and_not_retried(qtbot, make):
    source = Source()
    source.bad[1] = BadInputError("truncated: the file ends early")
    loader, listener = make(source)
    for _ in range(3):
        loader.want([1, 2], 100)
        settle(qtbot, loader)
    assert loader.reason(1) == "truncated: the file ends early"
    assert (listener.failed, listener.loaded) == ([1], [2])
    assert source.fetched.count((1, 100)) == 1


def test_a_bug_is_logged_with_its_traceback_and_the_thread_continues(qtbot, make, caplog):
    source = Source()
    source.bad[1] = ZeroDivisionError("oops")
    loader, _ = make(source)
    with caplog.at_level(logging.ERROR):
        loader.want([1, 2], 100)
        settle(qtbot, loader)
    assert loader.reason(1) == BUG_REASON
    assert loader.picture(2) is not None
    assert "ZeroDivisionError: oops" in caplog.text


def test_forgetting_an_image_lets_it_be_loaded_again(qtbot, make):
    source = Source()
    source.bad[1] = BadInputError("missing")
    loader, _ = make(source)
    loader.want([1, 2], 100)
    settle(qtbot, loader)
    source.bad.clear()
    loader.forget([1])
    assert loader.reason(1) is None
    loader.want([1, 2], 100)
    settle(qtbot, loader)
    assert loader.picture(1) == "picture 1 at 100"
    assert source.fetched.count((2, 100)) == 1
    loader.forget()
    assert (loader.cached_bytes, loader.picture(2)) == (0, None)


def test_what_was_under_way_when_the_file_changed_is_not_taken_for_the_new_one(qtbot, make):
    source = Source()
    source.gate.clear()
    loader, listener = make(source)
    loader.want([1], 100)
    assert source.entered.acquire(timeout=5)
    loader.forget([1])
    loader.want([1], 100)
    source.gate.set()
    settle(qtbot, loader)
    assert source.fetched == [(1, 100), (1, 100)]
    assert listener.loaded == [1]


@pytest.mark.slow
def test_memory_stays_bounded_however_many_images_pass(qtbot, make):
    source = Source(cost=1000)
    loader, listener = make(source, cache_bytes=50_000)
    for start in range(0, 2000, 20):
        loader.want(range(start, start + 20), 100)
        settle(qtbot, loader)
        assert loader.cached_bytes <= 50_000
    assert len(listener.loaded) == 2000
    assert all(loader.picture(image_id) for image_id in range(1980, 2000))


def test_the_longest_unseen_pictures_leave_first(qtbot, make):
    source = Source(cost=10)
    loader, _ = make(source, cache_bytes=40)
    loader.want([1, 2, 3, 4], 100)
    settle(qtbot, loader)
    loader.picture(1)
    loader.want([5], 100)
    settle(qtbot, loader)
    assert [image_id for image_id in (1, 2, 3, 4, 5) if loader.picture(image_id)] == [1, 3, 4, 5]


def test_pictures_made_ahead_never_push_out_the_visible_ones(qtbot, make):
    source = Source(cost=10)
    loader, _ = make(source, cache_bytes=50)
    loader.want(range(20), 100)
    settle(qtbot, loader)
    assert [image_id for image_id in range(20) if loader.picture(image_id)] == [0, 1, 2, 3, 4]
    assert len(source.fetched) == 20
    loader.want(range(10, 15), 100)
    settle(qtbot, loader)
    assert [image_id for image_id in range(20) if loader.picture(image_id)] == list(range(10, 15))


def test_a_picture_larger_than_the_whole_cache_is_still_shown_alone(qtbot, make):
    source = Source(cost=1000)
    loader, _ = make(source, cache_bytes=100)
    loader.want([1], 100)
    settle(qtbot, loader)
    loader.want([2], 100)
    settle(qtbot, loader)
    assert (loader.picture(1), loader.picture(2)) == (None, "picture 2 at 100")


def test_closing_with_work_waiting_ends_every_thread_immediately(qtbot, make):
    source = Source()
    source.gate.clear()
    loader, listener = make(source, threads=2)
    loader.want(range(10_000), 100)
    assert source.entered.acquire(timeout=5)
    assert source.entered.acquire(timeout=5)
    threading.Timer(0.02, source.gate.set).start()
    start = time.monotonic()
    assert loader.close(5)
    assert time.monotonic() - start < 1
    assert len(source.fetched) == 2
    loader.want([1], 100)
    qtbot.wait(10)
    assert listener.loaded == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("thumbnails")]


def test_closing_does_not_wait_for_ever_for_a_decoder(qtbot, make):
    source = Source()
    source.gate.clear()
    loader, listener = make(source)
    loader.want([1], 100)
    assert source.entered.acquire(timeout=5)
    assert not loader.close(0.02)
    source.gate.set()
    assert loader.close(5)
    qtbot.wait(10)
    assert listener.loaded == []


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12), st.sampled_from([100, 200])), max_size=12),
    st.integers(1, 90),
)
def test_after_any_scrolling_the_most_urgent_pictures_are_there_within_the_bound(qapp, scrolls, cache_bytes):
    source = Source(cost=10)
    loader = ThumbnailLoader(source.fetch, source.decode, cache_bytes=cache_bytes, threads=2)
    try:
        for start, count, size in scrolls:
            loader.want(range(start, start + count), size)
            end = time.monotonic() + 5
            while loader.pending and time.monotonic() < end:
                qapp.processEvents()
            fitting = max(1, cache_bytes // 10)
            for image_id in list(range(start, start + count))[:fitting]:
                assert loader.picture(image_id) == f"picture {image_id} at {size}"
            assert loader.cached_bytes <= max(cache_bytes, 10)
    finally:
        assert loader.close(5)


def test_a_picture_begun_for_another_size_does_not_replace_the_one_of_the_wanted_size(qtbot, make):
    source = Source()
    loader, _ = make(source)
    loader.want([1], 176)
    settle(qtbot, loader)
    source.gate.clear()
    source.entered = threading.Semaphore(0)
    loader.want([1], 52)
    assert source.entered.acquire(timeout=5)
    loader.want([1], 176)  # the picture of this size is still held
    source.gate.set()
    settle(qtbot, loader)
    assert loader.picture(1) == "picture 1 at 176"

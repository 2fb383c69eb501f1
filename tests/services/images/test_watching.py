"""Touched folders are noticed once they are quiet, and only they are scanned."""

import threading
import time

import pytest

from app.services.images import watching
from app.services.images.scan import scan
from app.services.images.watching import FolderWatch
from app.storage import images


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def quiet(tmp_path, clock):
    """A watch that nobody has begun, with a clock of its own."""
    return FolderWatch({1: tmp_path / "images"}, tmp_path / "p", clock=clock)


def test_folders_are_due_once_they_have_been_quiet(quiet, clock):
    assert quiet.take() == set()
    quiet.touch(1, "a")
    clock.now += 1.5
    quiet.touch(1, "b")
    clock.now += 1.5
    assert quiet.take() == set()  # a file is perhaps being written
    clock.now += 1
    assert quiet.take() == {(1, "a"), (1, "b")}
    assert quiet.take() == set()


def test_a_folder_in_which_files_are_written_all_the_time_is_due_in_the_end(quiet, clock):
    for _ in range(61):
        quiet.touch(1, "a")
        clock.now += 1
    assert quiet.take() == {(1, "a")}


def test_a_folder_on_a_network_drive_is_told_and_looked_at_now_and_then(tmp_path, clock, monkeypatch):
    monkeypatch.setattr(watching, "is_network_folder", lambda folder: True)
    (tmp_path / "images").mkdir()
    roots = {1: tmp_path / "images", 2: tmp_path / "unplugged"}
    watch = FolderWatch(roots, tmp_path / "p", clock=clock)
    watch.begin()
    try:
        assert watch.wait_until_ready(10)
        assert watch.unwatched() == {
            tmp_path / "images": "network drives do not report changes",
            tmp_path / "unplugged": "it is not there",
        }
        assert watch.take() == set()
        clock.now += 301
        assert watch.take() == {(1, ""), (2, "")}
        assert watch.take() == set()
    finally:
        assert watch.close()


def test_a_folder_that_the_system_cannot_watch_is_looked_at_now_and_then(tmp_path, monkeypatch):
    from watchdog.observers.api import BaseObserver

    def refuse(*_, **__):
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(BaseObserver, "schedule", refuse)
    (tmp_path / "images").mkdir()
    watch = FolderWatch({1: tmp_path / "images"}, tmp_path / "p")
    watch.begin()
    try:
        assert watch.wait_until_ready(10)
        assert watch.unwatched() == {tmp_path / "images": "inotify watch limit reached"}
    finally:
        assert watch.close()


def test_closing_ends_all_threads_even_before_it_has_begun(tmp_path):
    (tmp_path / "images").mkdir()
    before = set(threading.enumerate())
    for wait in (0, 10):
        watch = FolderWatch({1: tmp_path / "images"}, tmp_path / "p")
        watch.begin()
        watch.wait_until_ready(wait)
        assert watch.close()
    assert set(threading.enumerate()) <= before


def touched(watch, wanted):
    """What the watch reports until ``wanted`` is in it."""
    found, until = set(), time.monotonic() + 15
    while not wanted <= found and time.monotonic() < until:
        found |= watch.take()
        time.sleep(0.02)
    return found


def test_changes_on_the_disk_are_noticed_and_hidden_and_own_files_are_not(project, images_folder, make_image):
    with project.db.read() as s:
        watch = FolderWatch(images.roots(s), images_folder / "own", quiet_seconds=0.3)
    (images_folder / "own").mkdir()
    (images_folder / "sub").mkdir()
    watch.begin()
    try:
        assert watch.wait_until_ready(10)
        assert watch.unwatched() == {}
        make_image(images_folder / "own" / "x.png")
        make_image(images_folder / ".hidden" / "x.png")
        make_image(images_folder / "sub" / "new.png", size=(9, 9))
        assert touched(watch, {(1, "sub")}) == {(1, "sub")}
        (images_folder / "one.png").rename(images_folder / "sub" / "one.png")
        assert touched(watch, {(1, ""), (1, "sub")}) == {(1, ""), (1, "sub")}
    finally:
        assert watch.close()


def state(project):
    with project.db.read() as s:
        return {one.path: one.state.value for one in images.all_images(s)}


def test_a_scan_of_some_folders_leaves_the_others_alone(project, images_folder, make_image):
    make_image(images_folder / "sub" / "six.png", size=(9, 9))
    make_image(images_folder / "far" / "seven.png", size=(10, 9))
    report = scan(project, only={(1, "sub")})
    assert (report.added, report.unchanged, report.missing, report.partial) == (1, 0, 0, True)
    assert report.found_news
    (images_folder / "one.png").unlink()
    (images_folder / "sub" / "six.png").unlink()
    (images_folder / "sub").rmdir()
    report = scan(project, only={(1, "sub")})
    assert (report.newly_missing, report.problems) == (1, [])
    assert state(project)["one.png"] == "ok"  # not looked at
    report = scan(project, only={(1, "")})
    assert (report.added, report.newly_missing) == (1, 1)
    assert not scan(project, only={(1, "")}).found_news


def test_images_of_an_unplugged_disk_stay_what_they_are_when_other_folders_are_scanned(
    project, images_folder, make_image, tmp_path
):
    with project.db.write() as s:
        images.add_root(s, make_image(tmp_path / "disk" / "a.png", size=(11, 9)).parent)
    scan(project)
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    scan(project)
    make_image(images_folder / "sub" / "new.png", size=(9, 9))
    assert scan(project, only={(1, "sub")}).newly_missing == 0
    with project.db.read() as s:
        (lost,) = [one for one in images.all_images(s) if one.state == "missing"]
    assert lost.problem == "its folder cannot be read"
    scan(project, only={(2, "")})
    with project.db.read() as s:
        assert images.get(s, lost.id).problem == "its folder cannot be read"


def test_a_moved_file_is_followed_between_touched_folders(project, images_folder):
    (images_folder / "sub").mkdir()
    (images_folder / "one.png").rename(images_folder / "sub" / "first.png")
    report = scan(project, only={(1, ""), (1, "sub")})
    assert (report.moved, report.added, report.newly_missing) == (1, 0, 0)


def test_a_folder_that_returns_is_watched_again(tmp_path):
    """As a disk that was taken out for a while."""
    folder = tmp_path / "images"
    folder.mkdir()
    watch = FolderWatch({1: folder}, tmp_path / "p", quiet_seconds=0.0, again_seconds=0.02)
    watch.begin()
    try:
        assert watch.wait_until_ready(10)
        folder.rmdir()
        wait_for(lambda: watch.unwatched() == {folder: "it is not there"})
        wait_for(lambda: (1, "") in watch.take())
        folder.mkdir()
        wait_for(lambda: watch.unwatched() == {})
        wait_for(lambda: watch.take() == {(1, "")})  # what came with it is looked for
        (folder / "new.jpg").write_bytes(b"1")
        wait_for(lambda: watch.take() == {(1, "")})
    finally:
        assert watch.close()


def wait_for(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)

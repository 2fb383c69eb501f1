"""The thumbnail store is a bounded cache that may fail without anybody losing anything."""

import sqlite3
import threading
from functools import partial

import pytest

from app.storage import thumbnails
from app.storage.thumbnails import FRESH_SECONDS, ThumbnailStore


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


def picture(number, size=4000):
    return bytes([number % 256]) * size


def test_a_stored_picture_is_found_after_reopening_by_hash_and_bucket(tmp_path):
    store = ThumbnailStore(tmp_path / "thumbnails.db")
    store.put("aa", 320, b"small")
    store.put("aa", 640, b"large")
    store.close()
    again = ThumbnailStore(tmp_path / "thumbnails.db")
    assert (again.get("aa", 320), again.get("aa", 640), again.get("bb", 320)) == (b"small", b"large", None)
    again.close()


def test_a_second_picture_under_the_same_key_replaces_the_first(tmp_path):
    store = ThumbnailStore(tmp_path / "thumbnails.db")
    store.put("aa", 320, b"old")
    store.put("aa", 320, b"new")
    assert store.get("aa", 320) == b"new"
    assert store.count() == 1
    store.close()


def test_the_size_stays_bounded_and_the_longest_unused_leave_first(tmp_path):
    clock = Clock()
    store = ThumbnailStore(tmp_path / "thumbnails.db", max_bytes=400_000, clock=clock)
    for number in range(300):
        clock.now += 1
        store.put(f"{number:032x}", 320, picture(number))
        assert store.used_bytes() <= 400_000
    assert store.get(f"{299:032x}", 320) == picture(299)
    assert store.get(f"{0:032x}", 320) is None
    kept = [number for number in range(300) if store.get(f"{number:032x}", 320) is not None]
    assert kept == list(range(kept[0], 300))
    assert len(kept) > 50
    store.close()


def test_a_picture_that_was_looked_at_outlives_newer_ones_that_were_not(tmp_path):
    clock = Clock()
    store = ThumbnailStore(tmp_path / "thumbnails.db", max_bytes=400_000, clock=clock)
    for number in range(30):
        store.put(f"{number:032x}", 320, picture(number))
    clock.now += 2 * FRESH_SECONDS
    assert store.get(f"{3:032x}", 320) is not None
    store.close()
    store = ThumbnailStore(tmp_path / "thumbnails.db", max_bytes=400_000, clock=clock)
    clock.now -= FRESH_SECONDS
    for number in range(30, 130):
        store.put(f"{number:032x}", 320, picture(number))
    assert store.get(f"{3:032x}", 320) == picture(3)
    assert store.get(f"{4:032x}", 320) is None
    store.close()


def test_room_that_was_freed_is_used_again_so_the_file_stops_growing(tmp_path):
    store = ThumbnailStore(tmp_path / "thumbnails.db", max_bytes=300_000)
    for number in range(400):
        store.put(f"{number:032x}", 320, picture(number))
    store.close()
    assert (tmp_path / "thumbnails.db").stat().st_size < 450_000


def test_clearing_leaves_nothing(tmp_path):
    store = ThumbnailStore(tmp_path / "thumbnails.db")
    store.put("aa", 320, b"x")
    store.clear()
    assert store.count() == 0
    assert store.get("aa", 320) is None
    store.close()


def test_a_file_that_is_no_database_is_replaced(tmp_path):
    path = tmp_path / "thumbnails.db"
    path.write_bytes(b"this is not a database, it is a text of some length" * 100)
    store = ThumbnailStore(path)
    store.put("aa", 320, b"x")
    assert store.get("aa", 320) == b"x"
    store.close()


def test_damage_that_shows_later_costs_only_the_cache_and_the_next_start_is_clean(tmp_path):
    path = tmp_path / "thumbnails.db"
    store = ThumbnailStore(path)
    for number in range(60):
        store.put(f"{number:032x}", 320, picture(number))
    store.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(bytes(content))
    store = ThumbnailStore(path)
    assert store.get(f"{1:032x}", 320) is None
    store.put("aa", 320, b"x")
    store.close()
    store = ThumbnailStore(path)
    store.put("aa", 320, b"x")
    assert store.get("aa", 320) == b"x"
    store.close()


def test_a_file_of_another_format_is_emptied(tmp_path):
    path = tmp_path / "thumbnails.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE thumbnail (other TEXT)")
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    store = ThumbnailStore(path)
    store.put("aa", 320, b"x")
    assert store.get("aa", 320) == b"x"
    store.close()


def test_a_place_that_cannot_be_written_to_keeps_nothing_and_complains_to_nobody(tmp_path):
    store = ThumbnailStore(tmp_path / "absent" / "thumbnails.db")
    store.put("aa", 320, b"x")
    assert store.get("aa", 320) is None
    assert (store.writable, store.count(), store.used_bytes()) == (False, 0, 0)
    store.close()


def test_several_threads_put_and_get_at_once(tmp_path):
    store = ThumbnailStore(tmp_path / "thumbnails.db")
    wrong = []

    def work(offset):
        for number in range(offset, offset + 40):
            store.put(f"{number:032x}", 320, picture(number))
            if store.get(f"{number:032x}", 320) != picture(number):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(40 * index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert store.count() == 160
    store.close()


def test_several_pictures_are_stored_at_once_and_replace_those_of_the_same_key(tmp_path):
    store = ThumbnailStore(tmp_path / "thumbnails.db", max_bytes=400_000)
    store.put("aa", 320, b"old")
    store.put("bb", 640, b"another size")
    before = store.room()
    store.put_all({"aa": b"new", "cc": bytes(50_000)}, 320)
    assert store.hashes(320) == {"aa", "cc"} and store.get("aa", 320) == b"new"
    assert 45_000 < before - store.room() < 60_000
    store.close()


def test_a_connection_to_a_damaged_file_is_closed(tmp_path, monkeypatch):
    path = tmp_path / "thumbnails.db"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    made = []

    class Noted(sqlite3.Connection):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            made.append(self)

    monkeypatch.setattr(thumbnails.sqlite3, "connect", partial(sqlite3.connect, factory=Noted))
    store = ThumbnailStore(path)
    assert store.get("aa", 320) is None
    store.close()
    assert made
    for connection in made:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")

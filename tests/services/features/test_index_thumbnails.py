"""Thumbnails that indexing makes: only what is missing, while there is room, never an old picture."""

import base64
import os
from types import SimpleNamespace

import pytest
from PIL import Image as Pillow

from app.services.features import index_thumbnails
from app.services.features.index_thumbnails import BATCH, IndexThumbnails
from app.services.images.scan import scan
from app.services.settings import SettingsFile
from app.storage import images
from app.storage.thumbnails import ThumbnailStore

DATA = base64.b64encode(b"a picture").decode("ascii")


def all_images(project):
    with project.db.read() as s:
        return [(one, images.absolute(s, one)) for one in images.all_images(s)]


def kept(project):
    store = ThumbnailStore(project.layout.thumbnails)
    try:
        return store.hashes(320)
    finally:
        store.close()


@pytest.fixture
def thumbnails(project):
    opened = IndexThumbnails(project)
    yield opened
    opened.close()


def test_only_images_without_a_kept_thumbnail_are_asked_for(project, thumbnails):
    found = all_images(project)
    part = [one for one, _ in found]
    assert thumbnails.wanted(part, 0) == {one.id: max(one.width, one.height) for one in part}
    thumbnails.take(*found[1], DATA)
    thumbnails.flush()
    assert set(thumbnails.wanted(part, 0)) == {one.id for one in part} - {found[1][0].id}


def test_a_large_image_gets_one_of_the_size_of_the_grid(project, images_folder, thumbnails):
    Pillow.new("RGB", (900, 500)).save(images_folder / "large.png")
    scan(project)
    assert thumbnails.wanted([one for one, _ in all_images(project) if one.width == 900], 0) == {6: 320}


def test_a_file_that_changed_since_the_scan_is_not_kept_under_its_old_content(project):
    (changed, path), (gone, absent), *_, (same, there) = all_images(project)
    os.utime(path, ns=(1, 1))
    absent.unlink()
    thumbnails = IndexThumbnails(project)
    for image, place in ((changed, path), (gone, absent), (same, there)):
        thumbnails.take(image, place, DATA)
    thumbnails.close()
    assert kept(project) == {same.content_hash}


def test_only_as_many_are_asked_for_as_the_setting_has_room_for(project, monkeypatch):
    part = [one for one, _ in all_images(project)]
    store = ThumbnailStore(project.layout.thumbnails)
    room = store.used_bytes() + 2 * index_thumbnails.TYPICAL_BYTES + 100
    store.close()
    monkeypatch.setattr(index_thumbnails, "thumbnail_bytes", lambda: room * 10 // 9 + 1)
    thumbnails = IndexThumbnails(project)
    assert len(thumbnails.wanted(part, 0)) == 2
    thumbnails.close()


def test_the_disk_space_that_the_features_need_is_spared(project, thumbnails, monkeypatch):
    part, size = [one for one, _ in all_images(project)], index_thumbnails.TYPICAL_BYTES
    disk = SimpleNamespace(total=1 << 40, free=1_000_000 + 4 * size)
    monkeypatch.setattr(index_thumbnails.shutil, "disk_usage", lambda _: disk)
    assert len(thumbnails.wanted(part, 1_000_000)) == 2
    assert thumbnails.wanted(part, 2_000_000) == {}
    disk.total = disk.free = 0  # a network drive that reports nothing
    assert len(thumbnails.wanted(part, 2_000_000)) == len(part)


def test_no_kept_thumbnail_leaves_for_one_that_nobody_wanted_yet(project, monkeypatch):
    found = all_images(project)
    store = ThumbnailStore(project.layout.thumbnails)
    store.put("wanted", 320, bytes(100_000))
    used = store.used_bytes()
    store.close()
    monkeypatch.setattr(index_thumbnails, "thumbnail_bytes", lambda: used + 1000)
    thumbnails = IndexThumbnails(project)
    assert thumbnails.wanted([one for one, _ in found], 0) == {}
    for image, path in found:
        thumbnails.take(image, path, DATA)
    thumbnails.close()
    assert kept(project) == {"wanted"}


def test_the_limit_is_that_of_the_settings(project):
    SettingsFile().update(disk_cache_mb=65)
    try:
        assert index_thumbnails.thumbnail_bytes() == 65 << 20
    finally:
        SettingsFile().update(disk_cache_mb=4096)


def test_many_are_written_before_the_part_ends(project, images_folder, thumbnails):
    for number in range(BATCH):
        Pillow.new("RGB", (8, 8), (number, 0, 0)).save(images_folder / f"{number}.png")
    scan(project)
    for image, path in all_images(project)[:BATCH]:
        thumbnails.take(image, path, DATA)
    assert len(kept(project)) == BATCH


def test_a_part_asks_only_for_its_own_images(project, thumbnails, monkeypatch):
    """A run in hundreds of parts would otherwise read a million hashes for each."""
    asked = []
    plain = ThumbnailStore.hashes

    def hashes(self, bucket, among=None):
        asked.append(None if among is None else set(among))
        return plain(self, bucket, among)

    monkeypatch.setattr(ThumbnailStore, "hashes", hashes)
    found = all_images(project)
    thumbnails.take(*found[0], DATA)
    thumbnails.take(*found[-1], DATA)
    thumbnails.flush()
    part = [one for one, _ in found[:2]]
    assert set(thumbnails.wanted(part, 0)) == {found[1][0].id}
    assert asked == [{one.content_hash for one in part}]

"""Thumbnails are made once, kept by content, and a reason is given where none can be made."""

import io
import os
import threading

import numpy as np
import pytest
from PIL import Image as Pillow

from app.domain.errors import NotFoundError
from app.domain.images import ImageState
from app.services.images import thumbnails
from app.services.images.pictures import PictureError
from app.services.images.thumbnails import ThumbnailService
from app.storage import images
from app.storage.database import Database
from app.storage.models import Base
from app.storage.thumbnails import ThumbnailStore


class Place:
    """A service over a real database; the test puts the images into it."""

    def __init__(self, folder):
        self.folder = folder
        self.db = Database(folder / "project.db")
        self.store = ThumbnailStore(folder / "thumbnails.db")
        self.service = ThumbnailService(self.db, self.store)
        with self.db.write() as session:
            Base.metadata.create_all(session.connection())
            self.root = images.add_root(session, folder)

    def add(self, number, name, *, state=ImageState.OK, problem=None, content_hash=None, size=(None, None)):
        path = self.folder / name
        found = path.stat() if path.exists() else None
        row = {
            "id": number,
            "root_id": self.root,
            "path": name,
            "size": found.st_size if found else 0,
            "mtime_ns": found.st_mtime_ns if found else 0,
            "width": size[0],
            "height": size[1],
            "content_hash": content_hash,
            "state": state.value,
            "problem": problem,
        }
        with self.db.write() as session:
            images.add_many(session, [row])


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path)
    yield place
    place.store.close()
    place.db.close()


def decoded(data):
    picture = Pillow.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("size", "asked", "expected"),
    [
        ((1600, 1200), 160, (320, 240)),
        ((1200, 1600), 320, (240, 320)),
        ((1600, 1200), 321, (640, 480)),
        ((1600, 1200), 4000, (640, 480)),
        ((200, 100), 320, (200, 100)),
        ((4000, 2), 320, (320, 1)),
    ],
)
def test_the_long_side_fits_the_bucket_and_small_images_keep_their_size(place, size, asked, expected):
    Pillow.new("RGB", size, "teal").save(place.folder / "a.png")
    place.add(1, "a.png")
    assert decoded(place.service.thumbnail(1, asked)).size == expected


def test_a_kept_picture_is_used_without_opening_the_file(place):
    path = place.folder / "a.jpg"
    Pillow.new("RGB", (640, 480), "teal").save(path)
    place.add(1, "a.jpg", content_hash="c0ffee")
    first = place.service.thumbnail(1, 160)
    path.unlink()
    assert place.service.thumbnail(1, 160) == first


def test_the_picture_of_a_missing_file_is_still_shown_when_it_was_kept(place):
    place.store.put("c0ffee", 320, b"kept")
    place.add(1, "gone.jpg", content_hash="c0ffee", state=ImageState.MISSING, problem="The file is gone.")
    assert place.service.thumbnail(1, 160) == b"kept"


def test_a_file_that_changed_since_the_scan_is_shown_but_not_kept_under_the_old_content(place):
    path = place.folder / "a.png"
    Pillow.new("RGB", (640, 480), "teal").save(path)
    place.add(1, "a.png", content_hash="c0ffee")
    Pillow.new("RGB", (640, 480), "red").save(path)
    os.utime(path, ns=(1, 1))
    red = decoded(place.service.thumbnail(1, 160)).getpixel((5, 5))
    assert red[0] > 200
    assert place.store.count() == 0


def test_a_turned_photo_is_shown_upright(place):
    exif = Pillow.Exif()
    exif[274] = 6
    Pillow.new("RGB", (800, 400), "teal").save(place.folder / "a.jpg", exif=exif)
    place.add(1, "a.jpg")
    assert decoded(place.service.thumbnail(1, 320)).size == (160, 320)


def test_tiny_pictures_are_kept_without_loss(place):
    Pillow.effect_noise((32, 32), 90).convert("RGB").save(place.folder / "a.png")
    place.add(1, "a.png")
    shown = decoded(place.service.thumbnail(1, 320))
    assert shown.tobytes() == Pillow.open(place.folder / "a.png").convert("RGB").tobytes()


def test_a_file_that_is_no_image_gives_the_reason(place):
    (place.folder / "a.jpg").write_text("hello")
    place.add(1, "a.jpg")
    with pytest.raises(PictureError, match="text"):
        place.service.thumbnail(1, 160)


def test_an_image_known_as_unreadable_is_not_opened_again(place):
    place.add(1, "absent.jpg", state=ImageState.UNREADABLE, problem="truncated: the file ends early")
    with pytest.raises(PictureError, match=r"^truncated: the file ends early$"):
        place.service.thumbnail(1, 160)


def test_a_file_that_vanished_is_said_to_be_missing_with_its_place(place):
    place.add(1, "absent.jpg")
    with pytest.raises(PictureError, match=r"the file is missing \(.*absent\.jpg\)"):
        place.service.thumbnail(1, 2000)


def test_several_threads_may_ask_for_the_same_picture(place):
    Pillow.new("RGB", (640, 480), "teal").save(place.folder / "a.jpg")
    place.add(1, "a.jpg", content_hash="c0ffee")
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(place.service.thumbnail(1, 160))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 1
    assert len(results) == 4
    assert place.store.count() == 1


def test_an_image_that_is_not_in_the_project_is_a_known_error(place):
    with pytest.raises(NotFoundError):
        place.service.thumbnail(99, 160)


def test_a_photo_is_decoded_no_larger_than_the_thumbnail_and_looks_the_same(place, monkeypatch):
    noise = Pillow.effect_noise((80, 60), 90).convert("RGB").resize((640, 480), Pillow.Resampling.BICUBIC)
    noise.save(place.folder / "a.jpg", quality=92)
    place.add(1, "a.jpg", size=(640, 480))
    decoded_sizes = []
    whole = thumbnails.encode_thumbnail

    def seen(picture, side):
        decoded_sizes.append(picture.size)
        return whole(picture, side)

    monkeypatch.setattr(thumbnails, "encode_thumbnail", seen)
    shown = decoded(place.service.thumbnail(1, 160))
    assert decoded_sizes == [(320, 240)] and shown.size == (320, 240)
    exact = Pillow.open(place.folder / "a.jpg").resize((320, 240), Pillow.Resampling.LANCZOS)
    apart = np.asarray(shown).astype(float) - np.asarray(exact)
    assert np.sqrt((apart**2).mean()) < 4

"""From a file on the disk to pixels in the grid: decoding, fitting, and what is no picture."""

import io
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PySide6.QtGui import QColor, QImage

from app.domain.images import ImageState
from app.gui.gallery.ranges import Ranges
from app.gui.gallery.selection_carry_over import carry_over
from app.gui.gallery.view import GalleryView
from app.gui.widgets.pictures import PictureError, decode_picture, decode_thumbnail
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader
from app.services.images.thumbnails import ThumbnailService
from app.storage import images
from app.storage.database import Database
from app.storage.models import Base
from app.storage.thumbnails import ThumbnailStore


def encoded(size, kind="PNG", colour="teal", mode="RGB"):
    stream = io.BytesIO()
    Pillow.new(mode, size, colour).save(stream, kind)
    return stream.getvalue()


FITTED = {
    (320, 240): (160, 120),
    (240, 320): (96, 128),
    (320, 10): (160, 5),
    (16, 16): (128, 128),
    (320, 1): (160, 1),
}


@pytest.mark.parametrize(("size", "expected"), FITTED.items())
def test_a_picture_fits_the_place_of_its_cell_and_touches_its_edges(size, expected):
    decoded = decode_thumbnail(encoded(size), 160)
    assert (decoded.picture.width(), decoded.picture.height()) == expected
    assert decoded.picture.format() == QImage.Format.Format_RGB32
    assert decoded.cost == decoded.picture.sizeInBytes() >= 4 * expected[0] * expected[1]


@pytest.mark.parametrize("data", [b"", b"hello", encoded((40, 40))[:8]])
def test_what_is_no_picture_is_a_known_error(data):
    with pytest.raises(PictureError):
        decode_thumbnail(data, 160)


@dataclass
class Raw:
    width: int
    height: int
    rgb: bytes

    @property
    def full_width(self):
        return self.width

    @property
    def full_height(self):
        return self.height


def test_plain_rows_of_odd_width_keep_every_pixel_after_their_memory_is_gone():
    rows = bytes(range(27))
    raw = Raw(3, 3, rows)
    image = decode_picture(raw, 0).picture.image
    del raw, rows
    found = [QColor(image.pixel(x, y)).getRgb()[:3] for y in range(3) for x in range(3)]
    assert found == [(3 * i, 3 * i + 1, 3 * i + 2) for i in range(9)]


def test_files_come_through_service_and_loader_into_the_grid(qtbot, tmp_path):
    db = Database(tmp_path / "project.db")
    store = ThumbnailStore(tmp_path / "thumbnails.db")
    Pillow.new("RGB", (800, 600), (200, 30, 30)).save(tmp_path / "1.jpg")
    (tmp_path / "2.jpg").write_text("no picture")
    with db.write() as session:
        Base.metadata.create_all(session.connection())
        root = images.add_root(session, tmp_path)
        common = {"root_id": root, "size": 1, "mtime_ns": 1, "state": ImageState.OK.value}
        rows = [{"id": number, "path": f"{number}.jpg"} | common for number in (1, 2, 3)]
        images.add_many(session, rows)
    loader = ThumbnailLoader(ThumbnailService(db, store).thumbnail, decode_thumbnail)
    view = GalleryView()
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.set_loader(loader)
    view.set_ids([1, 2, 3])
    view.show()
    try:
        qtbot.waitUntil(lambda: loader.picture(1) is not None and loader.reason(3) is not None, timeout=5000)
        assert "no image" in loader.reason(2) or "text" in loader.reason(2)
        assert loader.reason(3).startswith("the file is missing")
        shown = view.viewport().grab(view.cell_rect(0)).toImage()
        middle = QColor(shown.pixel(shown.width() // 2, shown.height() // 3))
        assert middle.red() > 180 > middle.green() + 100
    finally:
        assert loader.close(5)
        store.close()
        db.close()


lists = st.lists(st.integers(0, 30), unique=True, max_size=20)


@settings(max_examples=80, deadline=None)
@given(lists, lists, st.data())
def test_after_any_change_of_the_list_what_is_left_stays_selected_and_current(old, new, data):
    positions = st.integers(0, len(old) - 1) if old else st.none()
    chosen = Ranges((one, one + 1) for one in data.draw(st.sets(positions, max_size=8)) if old)
    current = data.draw(positions | st.none())
    pinned = data.draw(positions | st.none())
    carried = carry_over(old, new, chosen, current, pinned)
    there = set(new)
    if current is None:
        assert carried.current is None
    elif old[current] in there:
        assert new[carried.current] == old[current]
    else:
        after = [image_id for image_id in old[current + 1 :] if image_id in there]
        before = [image_id for image_id in old[:current] if image_id in there]
        expected = after[0] if after else before[-1] if before else None
        assert (None if carried.current is None else new[carried.current]) == expected
    if current is not None and list(chosen) == [current]:
        assert list(carried.selected) == ([] if carried.current is None else [carried.current])
    else:
        wanted = {old[position] for position in chosen}
        assert [new[position] for position in carried.selected] == [i for i in new if i in wanted]

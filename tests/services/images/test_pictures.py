"""Pictures for the single view: the size that is asked for, large photos, and files that cannot be read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from app.domain.errors import NotFoundError
from app.services.images import pictures
from app.services.images.pictures import PictureError, draft_size, picture
from app.services.images.scan import scan
from app.services.project.creation import create_project


@pytest.fixture
def make_project(tmp_path):
    made = []

    def make(**images):
        folder = tmp_path / "images"
        folder.mkdir()
        for name, content in images.items():
            path = folder / f"{name}.jpg"
            path.write_bytes(content) if isinstance(content, bytes) else content.save(path, quality=95)
        project = create_project(tmp_path / "project", [folder], [])
        scan(project)
        made.append(project)
        return project

    yield make
    for project in made:
        project.close()


def gradient(width, height):
    across = np.linspace(0, 255, width, dtype=np.uint8)[None, :].repeat(height, axis=0)
    down = np.linspace(0, 255, height, dtype=np.uint8)[:, None].repeat(width, axis=1)
    return Pillow.fromarray(np.dstack([across, down, np.full_like(across, 128)]))


def test_a_small_image_is_given_whole_and_exact(make_project, tmp_path):
    project = make_project(one=gradient(60, 40))
    found = picture(project, 1, 1024)
    assert (found.width, found.height, found.full_width, found.full_height) == (60, 40, 60, 40)
    wanted = np.asarray(Pillow.open(tmp_path / "images" / "one.jpg"))
    assert np.array_equal(np.frombuffer(found.rgb, np.uint8).reshape(40, 60, 3), wanted)


def test_a_rotated_photo_is_returned_upright(make_project, tmp_path):
    exif = Pillow.Exif()
    exif[274] = 6
    path = tmp_path / "turned.jpg"
    gradient(60, 40).save(path, exif=exif)
    found = picture(make_project(one=path.read_bytes()), 1, 1024)
    assert (found.width, found.height, found.full_width, found.full_height) == (40, 60, 40, 60)


@pytest.mark.parametrize("side", [100, 250, 333, 700])
def test_a_large_image_is_given_at_least_as_large_as_asked_and_less_than_twice(make_project, side):
    found = picture(make_project(one=gradient(1500, 1000)), 1, side)
    assert side <= found.width < 2 * side
    assert found.width / found.height == pytest.approx(1.5, rel=0.03)
    assert (found.full_width, found.full_height) == (1500, 1000)
    assert len(found.rgb) == 3 * found.width * found.height
    pixels = np.frombuffer(found.rgb, np.uint8).reshape(found.height, found.width, 3)
    assert pixels[found.height // 2, found.width // 2] == pytest.approx([128, 128, 128], abs=4)


def test_what_would_fill_the_memory_is_shown_reduced(make_project, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_SHOWN_PIXELS", 20_000)
    found = picture(make_project(one=gradient(1500, 1000)), 1, 1500)
    assert found.width * found.height <= 20_000
    assert (found.full_width, found.full_height) == (1500, 1000)


def test_an_image_that_cannot_be_read_says_why(make_project):
    project = make_project(one=b"GIF? no", two=gradient(30, 20))
    broken, whole = (1, 2)
    with pytest.raises(PictureError, match=r"\w+"):
        picture(project, broken, 100)
    assert picture(project, whole, 100).width == 30


def test_a_file_that_is_gone_is_called_missing_with_its_place(make_project, tmp_path):
    project = make_project(one=gradient(30, 20))
    (tmp_path / "images" / "one.jpg").unlink()
    with pytest.raises(PictureError, match=r"the file is missing .*one\.jpg"):
        picture(project, 1, 100)


def test_an_image_that_the_project_does_not_have_is_not_found(make_project):
    with pytest.raises(NotFoundError):
        picture(make_project(one=gradient(30, 20)), 99, 100)


@given(st.integers(1, 100_000), st.integers(1, 100_000), st.integers(1, 40_000))
def test_the_box_for_decoding_has_the_images_shape(width, height, side):
    box = draft_size(width, height, side)
    assert max(box) == side
    assert min(box) >= 1
    assert min(box) == pytest.approx(side * min(width, height) / max(width, height), abs=1)

"""Images that are read in another way than before are computed again, and no label is lost."""

import hashlib
import os

import numpy as np
import pytest
from PIL import Image

from app.domain.errors import CancelledError
from app.domain.images import ImageState
from app.domain.labels import Decision, LabelState
from app.services.images import reading_revision
from app.services.images.reading_revision import READING_SETTING
from app.services.images.scan import scan
from app.services.labelling.decisions import decide, image_states, review
from app.services.project.creation import create_project
from app.storage import images, settings


def plain_hash(path):
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def known(project):
    with project.db.read() as s:
        return {image.path: image for image in images.all_images(s)}


@pytest.fixture
def older(tmp_path, make_image):
    """A project as an earlier version left it: plain hashes, and an unreadable JPEG."""
    root = tmp_path / "images"
    make_image(root / "colour.png")
    make_image(root / "photo.jpg")
    make_image(root / "cut.jpg")
    values = np.arange(48 * 64, dtype=np.uint16).reshape(48, 64)
    Image.fromarray(values).save(root / "deep.tif")
    Image.fromarray(values + 1).save(root / "deep.png")
    with create_project(tmp_path / "project", [root], ["cat"]) as project:
        scan(project)
        with project.db.write() as s:
            rows = [
                {"id": one.id, "content_hash": plain_hash(root / path)}
                for path, one in known(project).items()
            ]
            images.update_many(s, rows)
            images.set_unreadable(s, known(project)["cut.jpg"].id, "truncated: the file ends early")
            settings.set(s, READING_SETTING, 0)
        decide(project, [Decision(known(project)["deep.tif"].id, 1, LabelState.YES)])
        yield project


def root_of(project):
    with project.db.read() as s:
        return next(iter(images.roots(s).values()))


def test_deep_grey_images_of_an_older_project_get_another_hash_and_the_rest_keeps_its_own(older):
    root = root_of(older)
    report = scan(older)
    assert (report.unchanged, report.changed, report.added, report.missing) == (5, 0, 0, 0)
    new = known(older)
    assert {path for path, one in new.items() if one.content_hash != plain_hash(root / path)} == {
        "deep.tif",
        "deep.png",
    }
    assert image_states(older, new["deep.tif"].id)[1] is LabelState.YES


def test_images_that_could_not_be_decoded_are_tried_again_once(older):
    scan(older)
    assert known(older)["cut.jpg"].state is ImageState.OK
    with older.db.write() as s:
        images.set_unreadable(s, known(older)["cut.jpg"].id, "truncated: the file ends early")
    scan(older)
    assert known(older)["cut.jpg"].state is ImageState.UNREADABLE


def test_it_is_done_once_and_opens_only_files_that_may_be_concerned(older, monkeypatch):
    opened = []

    def noted(path):
        opened.append(path.rsplit("/", 1)[-1])
        return read_header(path)

    read_header = reading_revision.read_header
    monkeypatch.setattr(reading_revision, "read_header", noted)
    scan(older)
    assert sorted(opened) == ["colour.png", "deep.png", "deep.tif"]
    scan(older)
    assert len(opened) == 3


def test_a_new_scan_gives_the_same_hash_as_the_update(older, tmp_path):
    scan(older)
    with create_project(tmp_path / "other", [root_of(older)]) as project:
        scan(project)
        assert {p: one.content_hash for p, one in known(project).items()} == {
            p: one.content_hash for p, one in known(older).items()
        }


def test_an_image_of_an_older_project_that_has_moved_keeps_its_labels(older):
    root, before = root_of(older), known(older)["deep.tif"].id
    (root / "deep.tif").rename(root / "elsewhere.tif")
    report = scan(older)
    assert (report.moved, report.added, report.missing) == (1, 0, 0)
    assert known(older)["elsewhere.tif"].id == before
    assert image_states(older, before)[1] is LabelState.YES


def test_a_stopped_update_is_done_by_the_next_scan(older):
    with pytest.raises(CancelledError):
        scan(older, should_stop=lambda: True)
    scan(older)
    assert known(older)["deep.png"].content_hash != plain_hash(root_of(older) / "deep.png")


@pytest.mark.parametrize("moved", [True, False])
def test_an_image_that_is_only_read_in_another_way_has_not_changed(older, moved):
    root, image = root_of(older), known(older)["deep.tif"].id
    review(older, [image])
    os.utime(root / "deep.tif", (1, 1))
    if moved:
        (root / "deep.tif").rename(root / "elsewhere.tif")
    report = scan(older)
    assert report.changed_labelled == []
    assert known(older)["elsewhere.tif" if moved else "deep.tif"].reviewed_at is not None

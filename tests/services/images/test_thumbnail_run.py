"""All thumbnails at once: made once, what cannot be shown is counted, a full store is not churned."""

import pytest

from app.domain.errors import CancelledError
from app.services.images.thumbnail_run import make_all
from app.storage.thumbnails import ThumbnailStore


def kept(project):
    store = ThumbnailStore(project.layout.thumbnails)
    try:
        return store.count()
    finally:
        store.close()


def test_each_readable_image_gets_a_picture(project, images_folder):
    (images_folder / "two.png").unlink()
    told = []
    report = make_all(project, told.append)
    assert (report.made, report.failed, report.full) == (4, 1, False)
    assert kept(project) == 4
    assert (told[-1].done, told[-1].total) == (5, 5)


def test_what_was_made_is_kept_when_it_is_stopped(project):
    told = []
    with pytest.raises(CancelledError, match="after 2 of 5"):
        make_all(project, told.append, lambda: len(told) >= 2)
    assert kept(project) == 2
    assert make_all(project).made == 5


def test_a_full_store_is_left_as_it_is(project):
    make_all(project)
    assert make_all(project, max_bytes=1).full

"""Making all thumbnails stays within the disk space that the person allows."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from app.jobs.work.thumbnails import thumbnail_work
from app.services.images import thumbnail_run
from app.services.settings import SettingsFile


@pytest.fixture
def allowed():
    SettingsFile().update(disk_cache_mb=64)
    yield 64 << 20
    SettingsFile().update(disk_cache_mb=4096)


def test_all_thumbnails_stay_within_the_disk_space_of_the_settings(project, monkeypatch, allowed):
    asked = []
    monkeypatch.setattr(thumbnail_run, "make_all", lambda *_, max_bytes=None: asked.append(max_bytes))
    folder = project.folder
    project.close()
    thumbnail_work(folder)(SimpleNamespace(interruptible=nullcontext), lambda _: None, lambda: False)
    assert asked == [allowed]

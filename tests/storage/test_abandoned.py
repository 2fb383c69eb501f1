"""Temporary files of killed processes are removed by the next one, those of running processes are not."""

import os
import time

import pytest

from app.services.project.creation import create_project
from app.services.text_files import replacing
from app.storage import backup
from app.storage.abandoned import ABANDONED_SECONDS, remove_abandoned


@pytest.fixture
def left_behind():
    """``left_behind(path)`` writes a file that nobody has touched for two hours, or for ``seconds``."""

    def leave(path, seconds=2 * ABANDONED_SECONDS):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (time.time() - seconds,) * 2)
        return path

    return leave


def test_only_old_files_that_match_are_removed(tmp_path, left_behind):
    old = left_behind(tmp_path / "a.part")
    young = left_behind(tmp_path / "b.part", seconds=5)
    other = left_behind(tmp_path / "a.db")
    remove_abandoned(tmp_path, "*.part")
    assert not old.exists()
    assert young.exists()
    assert other.exists()
    remove_abandoned(tmp_path / "missing", "*")


def test_an_old_folder_is_removed_with_its_content_and_a_link_alone(tmp_path, left_behind):
    kept = left_behind(tmp_path / "kept" / "file")
    folder = left_behind(tmp_path / ".labels.abc.tmp" / "file").parent
    link = tmp_path / ".labels.def.tmp"
    link.symlink_to(kept.parent, target_is_directory=True)
    for path in (folder, link):
        os.utime(path, (time.time() - 2 * ABANDONED_SECONDS,) * 2, follow_symlinks=False)
    remove_abandoned(tmp_path, ".labels.*.tmp")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert kept.exists()


def test_a_backup_removes_what_a_killed_one_left(project, left_behind):
    folder = project.layout.backups
    part = left_behind(folder / "project-20260101-000000-000000-manual.part")
    journal = left_behind(folder / "project-20260101-000000-000000-manual.part-journal")
    earlier = left_behind(folder / "project-20260101-000000-000000-manual.db")
    made = backup.back_up(project.layout.database, folder)
    assert sorted(folder.iterdir()) == sorted([earlier, made])
    assert not part.exists()
    assert not journal.exists()


def test_an_export_removes_what_a_killed_one_to_the_same_file_left(tmp_path, left_behind):
    old = left_behind(tmp_path / ".labels.json.abcd1234.tmp")
    other = left_behind(tmp_path / ".other.json.abcd1234.tmp")
    with replacing(tmp_path / "labels.json") as stream:
        stream.write(b"{}")
    assert not old.exists()
    assert other.exists()


def test_a_new_project_removes_what_a_killed_creation_left(tmp_path, images_folder, left_behind):
    name = "project.db." + 32 * "a"
    left_behind(tmp_path / "project" / name)
    left_behind(tmp_path / "project" / f"{name}-journal")
    create_project(tmp_path / "project", [images_folder]).close()
    assert [path.name for path in (tmp_path / "project").iterdir()] == ["project.db"]

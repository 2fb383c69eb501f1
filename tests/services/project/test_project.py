"""Projects are created wholly or not at all, and opened or refused with a sentence."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.categories import BandCuts
from app.domain.errors import BadInputError, KnownError, NotFoundError, ProjectError
from app.services.images.scan import scan
from app.services.project import creation
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.storage import categories, images, migrate, settings
from app.storage.backup import back_up
from app.storage.database import connect
from app.storage.layout import default_folder


def everything(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_new_project_has_its_roots_its_categories_and_its_settings(tmp_path, images_folder):
    with create_project(tmp_path / "p", [images_folder], ["cat", "Cat", "dog"], backbone="ViT-B-32") as made:
        assert (made.folder, made.backbone, made.cuts) == (tmp_path / "p", "ViT-B-32", BandCuts(20, 100))
        with made.db.read() as s:
            assert images.roots(s) == {1: images_folder}
            assert [one.name for one in categories.all_categories(s)] == ["cat", "dog"]
            assert settings.get(s, "schema_major") == migrate.SCHEMA_MAJOR
        assert len(made.id) == 32
        first = made.id
    assert everything(tmp_path / "p") == ["project.db"]
    with open_project(tmp_path / "p") as opened:
        assert (opened.id, opened.backbone, opened.warning) == (first, "ViT-B-32", None)


def test_a_project_may_lie_in_its_images_and_is_found_there(images_folder):
    create_project(images_folder, [images_folder]).close()
    with open_project(images_folder) as opened:
        assert opened.folder == default_folder(images_folder)
        assert scan(opened).added == 5


def test_images_and_a_project_inside_them_can_move_together(tmp_path, images_folder):
    with create_project(default_folder(images_folder), [images_folder]) as made:
        scan(made)
    images_folder.rename(tmp_path / "moved")
    with open_project(tmp_path / "moved") as opened:
        assert scan(opened).unchanged == 5


def test_several_image_folders_are_one_collection(tmp_path, images_folder, make_image):
    make_image(tmp_path / "more" / "six.png")
    with create_project(tmp_path / "p", [images_folder, tmp_path / "more"]) as made:
        assert scan(made).added == 6
        with made.db.read() as s:
            six = images.find(s, "six")
            assert images.absolute(s, six) == tmp_path / "more" / "six.png"


def test_band_cuts_are_a_setting_of_the_project(project):
    with project.db.write() as s:
        settings.set(s, "band_cuts", {"medium": 5, "head": 50})
    with open_project(project.folder) as again:
        assert again.cuts == BandCuts(medium=5, head=50)


def test_a_second_project_in_one_place_is_refused(project, images_folder):
    before = everything(project.folder)
    with pytest.raises(ProjectError, match=r"There is already a project in .*project; open it"):
        create_project(project.folder, [images_folder])
    assert everything(project.folder) == before


def refusals(tmp_path, images_folder):
    (tmp_path / "file").write_text("x")
    return {
        "no folder of images": (tmp_path / "p", []),
        "no image folder .*nowhere": (tmp_path / "p", [tmp_path / "nowhere"]),
        "file is a file; give the folder": (tmp_path / "p", [tmp_path / "file"]),
        "file is a file; a project needs": (tmp_path / "file", [images_folder]),
        "inner is inside .*images; give only": (tmp_path / "p", [images_folder, images_folder / "inner"]),
        "images is inside .*images; give only": (tmp_path / "p", [images_folder, images_folder]),
        "cannot be created: Not a directory": (tmp_path / "file" / "p", [images_folder]),
    }


@pytest.mark.parametrize("number", range(7))
def test_a_project_that_cannot_be_leaves_nothing_behind(tmp_path, images_folder, number):
    (images_folder / "inner").mkdir()
    message, (folder, roots) = list(refusals(tmp_path, images_folder).items())[number]
    before = everything(tmp_path)
    message = message.replace("no folder of images", "at least one folder of images")
    with pytest.raises(KnownError, match=message):
        create_project(folder, roots)
    assert everything(tmp_path) == before


@pytest.mark.skipif(sys.platform == "win32", reason="a Unix file system")
def test_an_image_folder_that_goes_in_a_circle_is_told(tmp_path):
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    before = everything(tmp_path)
    with pytest.raises(KnownError, match="circle"):
        create_project(tmp_path / "p", [tmp_path / "circle" / "images"])
    assert everything(tmp_path) == before


def test_a_bad_category_name_leaves_nothing_behind(tmp_path, images_folder):
    before = everything(tmp_path)
    with pytest.raises(BadInputError, match="needs a name"):
        create_project(tmp_path / "deep" / "p", [images_folder], ["cat", "  "])
    assert everything(tmp_path) == before


@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("broken", ["_fill", "open_project", "add_categories"])
def test_a_failure_half_way_leaves_nothing_behind(tmp_path, images_folder, monkeypatch, broken, existing):
    if existing:
        (tmp_path / "deep" / "p").mkdir(parents=True)
        (tmp_path / "deep" / "p" / "notes.txt").write_text("mine")
    before = everything(tmp_path)

    def fail(*args, **options):
        raise OSError("the cable was pulled")

    monkeypatch.setattr(creation, broken, fail)
    with pytest.raises(OSError, match="cable"):
        create_project(tmp_path / "deep" / "p", [images_folder], ["cat"])
    assert everything(tmp_path) == before


def test_a_folder_without_a_project_is_told_what_to_do(tmp_path):
    with pytest.raises(
        ProjectError, match=r"is not a Tailspotter project; create one with 'tailspotter new'"
    ):
        open_project(tmp_path)
    with pytest.raises(NotFoundError, match="There is no folder"):
        open_project(tmp_path / "nowhere")


def test_a_file_that_is_no_database_is_told_with_the_way_back(tmp_path):
    (tmp_path / "project.db").write_bytes(b"x" * 10_000)
    with pytest.raises(ProjectError, match="is damaged"):
        open_project(tmp_path)


def test_an_empty_database_is_no_project(tmp_path):
    (tmp_path / "project.db").touch()
    with pytest.raises(ProjectError, match="is not the database of a Tailspotter project"):
        open_project(tmp_path)


def test_a_backup_is_a_whole_project_of_that_moment(project, tmp_path):
    copy = back_up(project.layout.database, project.layout.backups)
    assert everything(project.layout.backups) == [copy.name]
    (tmp_path / "restored").mkdir()
    shutil.copy(copy, tmp_path / "restored" / "project.db")
    with open_project(tmp_path / "restored") as restored, restored.db.read() as s:
        assert restored.id == project.id
        assert images.counts(s).total == 5


def test_a_backup_that_cannot_be_written_is_told(project):
    project.layout.backups.write_text("in the way")
    with pytest.raises(ProjectError, match="cannot be written: File exists"):
        back_up(project.layout.database, project.layout.backups)


def test_a_project_of_spaces_and_odd_letters_works(tmp_path, images_folder):
    folder = tmp_path / "mein Projekt % ä ?#&'\""
    create_project(folder, [images_folder], ["Käfer"]).close()
    with open_project(folder) as opened:
        assert scan(opened).added == 5


@pytest.mark.slow
def test_opening_a_project_loads_neither_alembic_nor_torch_nor_qt(project):
    project.close()
    code = (
        "import sys, json; from pathlib import Path; from app.services.project.project import open_project\n"
        "open_project(Path(sys.argv[1])).close()\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(project.folder)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )
    assert not {"alembic", "torch", "PySide6"} & set(json.loads(run.stdout))


def test_closing_lets_go_of_the_files(project):
    project.close()
    assert everything(project.folder) == ["project.db"]
    with closing(open_project(project.folder)):
        assert "project.db-wal" in everything(project.folder)


def test_a_backup_that_the_disk_has_no_room_for_leaves_nothing(project, monkeypatch):
    def full(path):
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).touch()
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(
        "app.storage.backup.connect", lambda path: full(path) if path.suffix == ".part" else connect(path)
    )
    with pytest.raises(sqlite3.OperationalError):
        back_up(project.layout.database, project.layout.backups)
    assert list(project.layout.backups.iterdir()) == []

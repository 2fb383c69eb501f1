"""Projects in places that cannot be written to: all is read, nothing is written, changes are refused."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from app.domain.errors import ProjectError, ReadOnlyError
from app.domain.labels import Decision, LabelState
from app.services.images.scan import scan
from app.services.images.thumbnails import ProjectThumbnails
from app.services.insights import stats
from app.services.interchange.exporting import export_labels
from app.services.labelling import decisions as labelling
from app.services.project.categories import add_categories
from app.services.project.image_folders import image_folders, relocate
from app.services.project.project import open_project
from app.services.query.find import run_query
from app.storage import database, migrate

YES = LabelState.YES


@pytest.fixture
def sealed(monkeypatch):
    """``sealed(folder)``: nothing below it may be written, as the system tells it; and nothing is."""
    before = {}

    def content(folder):
        return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}

    def seal(folder):
        before[folder] = content(folder)
        real = os.access

        def access(path, mode, **more):
            refused = mode & os.W_OK and Path(path).is_relative_to(folder)
            return False if refused else real(path, mode, **more)

        monkeypatch.setattr("app.storage.read_only.os.access", access)
        return folder

    yield seal
    for folder, files in before.items():
        assert content(folder) == files


@pytest.fixture
def folder(project):
    """A closed project in which image 1 is yes for cat and image 2 is reviewed."""
    labelling.decide(project, [Decision(1, 1, YES)])
    labelling.review(project, [2])
    project.close()
    return project.folder


def test_everything_can_be_read(sealed, folder, tmp_path):
    with open_project(sealed(folder)) as project:
        assert project.read_only == "you may not write into its folder"
        assert labelling.label_states(project).matrix()[:2].tolist() == [[1, -1, -1], [0, 0, 0]]
        assert run_query(project, "cat") == [1]
        assert stats(project).images.reviewed == 1
        assert export_labels(project, "csv", tmp_path / "labels.csv").labels == 1
        assert labelling.next_undo(project) is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda project: labelling.decide(project, [Decision(2, 1, YES)]),
        lambda project: labelling.review(project, [1]),
        labelling.undo,
        lambda project: add_categories(project, ["owl"]),
        scan,
        lambda project: project.window_lock().__enter__(),
    ],
    ids=["decide", "review", "undo", "category", "scan", "lock"],
)
def test_every_change_is_refused_with_the_reason(sealed, folder, change):
    with (
        open_project(sealed(folder)) as project,
        pytest.raises(ReadOnlyError, match=r"read-only here \(you may not write into its folder\)"),
    ):
        change(project)


def test_pictures_that_were_kept_are_used_and_none_is_added(sealed, folder):
    with open_project(folder) as project:
        pictures = ProjectThumbnails(project, 1 << 30)
        kept = pictures.service.thumbnail(1, 96)
        pictures.close()
    image = folder.parent / "images"
    with open_project(sealed(folder)) as project:
        shutil.rmtree(image)
        pictures = ProjectThumbnails(project, 1 << 30)
        assert pictures.service.thumbnail(1, 96) == kept
        pictures.close()


def test_pictures_are_made_where_none_were_kept(sealed, folder):
    with open_project(sealed(folder)) as project:
        pictures = ProjectThumbnails(project, 1 << 30)
        assert pictures.service.thumbnail(1, 96)
        pictures.close()


def test_what_a_crash_left_in_the_log_is_part_of_what_is_read(sealed, project, tmp_path):
    labelling.decide(project, [Decision(3, 2, YES)])
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{project.layout.database}{suffix}", crashed / f"project.db{suffix}")
    assert (crashed / "project.db-wal").stat().st_size > 0
    with open_project(sealed(crashed)) as opened:
        assert labelling.image_states(opened, 3)[2] is YES


def test_changes_of_another_writer_are_seen_while_it_works(project):
    labelling.decide(project, [Decision(3, 2, YES)])  # the log and its index lie there now
    reading = database.Database(project.layout.database, read_only="on trial")
    before = reading.data_version()
    labelling.decide(project, [Decision(4, 2, YES)])
    assert reading.data_version() != before
    with reading.read() as s:
        states = s.connection().exec_driver_sql("SELECT image_id FROM label ORDER BY 1").scalars().all()
    assert states == [3, 4]
    reading.close()


def test_changes_of_a_writer_who_has_come_and_gone_are_seen(folder):
    reading = database.Database(folder / "project.db", read_only="on trial")

    def labelled():
        with reading.read() as s:
            return s.connection().exec_driver_sql("SELECT image_id FROM label ORDER BY 1").scalars().all()

    before = reading.data_version()
    assert labelled() == [1]
    with open_project(folder) as other:
        labelling.decide(other, [Decision(5, 2, YES)])
    assert reading.data_version() != before
    assert labelled() == [1, 5]
    reading.close()


def test_a_place_that_turns_out_to_be_read_only_when_it_is_written_is_opened_for_reading(folder, monkeypatch):
    def refuse(_path):
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode = sqlite3.SQLITE_READONLY
        raise error

    monkeypatch.setattr(database, "_choose_journal", refuse)
    with open_project(folder) as project:
        assert project.read_only == "it cannot be written to"
        assert run_query(project, "cat") == [1]


def test_an_older_project_that_cannot_be_brought_up_to_date_is_read_all_the_same(sealed, folder):
    migrate.downgrade(folder / "project.db", "0001")
    with open_project(sealed(folder)) as project:
        assert project.read_only == "you may not write into its folder"
        assert run_query(project, "cat") == [1]
        assert run_query(project, "is:changed") == []
        with pytest.raises(ReadOnlyError, match="nothing was changed"):
            labelling.decide(project, [Decision(1, 1, YES)])


def test_a_folder_that_is_no_project_is_told_as_such_also_where_nothing_can_be_written(sealed, tmp_path):
    (tmp_path / "p").mkdir()
    sqlite3.connect(tmp_path / "p" / "project.db").execute("CREATE TABLE other (id)").connection.close()
    with pytest.raises(ProjectError, match="not the database of a Tailspotter project"):
        open_project(sealed(tmp_path / "p"))


def test_no_image_folder_is_relocated_in_a_project_that_cannot_be_written_to(sealed, folder, images_folder):
    elsewhere = images_folder.rename(images_folder.with_name("elsewhere"))
    with open_project(sealed(folder)) as opened:
        with pytest.raises(ReadOnlyError, match="nothing was changed; copy it"):
            relocate(opened, "images", elsewhere)
        assert [one.there for one in image_folders(opened)] == [False]

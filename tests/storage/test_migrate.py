"""Old projects are migrated behind a backup, newer ones refused."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from app.domain.errors import DiskError, ProjectError
from app.services.images.scan import scan
from app.services.labelling.decisions import decide, label_states, review
from app.services.project.project import open_project
from app.storage import images, migrate

THIS = migrate.HEAD
ADDS_A_COLUMN = """
import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("image", recreate="always") as batch:
        batch.add_column(sa.Column("rating", sa.Integer(), nullable=True))
    {then}
"""


def change(path, sql):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def ask(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchone()[0]


@pytest.fixture
def closed(project, yes):
    """A project of this version with one label, closed."""
    decide(project, [yes(1, 2)])
    project.close()
    return project


@pytest.fixture
def next_version(tmp_path, monkeypatch):
    """Pretend that this program knows a further migration."""

    def install(then="pass"):
        folder = tmp_path / "migrations"
        shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "later_rating.py").write_text(ADDS_A_COLUMN.format(then=then, head=THIS))
        monkeypatch.setattr(migrate, "MIGRATIONS", folder)
        monkeypatch.setattr(migrate, "HEAD", "later")

    return install


def test_an_older_project_is_migrated_and_keeps_its_labels(closed, next_version):
    next_version()
    with open_project(closed.folder) as opened:
        assert label_states(opened).matrix()[0].tolist() == [-1, 1, -1]
    assert ask(closed.layout.database, "SELECT version_num FROM alembic_version") == "later"
    assert ask(closed.layout.database, "SELECT count(rating) FROM image") == 0


def test_a_backup_from_before_the_migration_can_be_opened_by_the_older_version(
    closed, next_version, monkeypatch
):
    next_version()
    open_project(closed.folder).close()
    (backup,) = closed.layout.backups.iterdir()
    monkeypatch.undo()
    shutil.copy(backup, closed.layout.database)
    with open_project(closed.folder) as opened:
        assert label_states(opened).matrix()[0].tolist() == [-1, 1, -1]


def test_a_project_of_the_first_schema_opens_with_its_reviews_and_can_be_used(
    closed, images_folder, make_image
):
    with open_project(closed.folder) as opened:
        review(opened, [1])
    migrate.downgrade(closed.layout.database, "0001")
    with open_project(closed.folder) as opened:
        assert label_states(opened).reviewed.tolist()[:2] == [True, False]
        with opened.db.read() as s:
            image = images.get(s, 1)
        make_image(images_folder / image.path, size=(30, 20))
        assert [one.name for one in scan(opened).changed_labelled] == [image.path]
        assert not label_states(opened).reviewed.any()
    assert [f"before-{THIS}" in backup.name for backup in closed.layout.backups.iterdir()] == [True]


def test_a_migration_that_fails_leaves_the_project_as_it_was(closed, next_version):
    next_version(then="raise ArithmeticError('half way')")
    with pytest.raises(ArithmeticError, match="half way"):
        open_project(closed.folder)
    assert ask(closed.layout.database, "SELECT version_num FROM alembic_version") == THIS
    assert ask(closed.layout.database, "SELECT count(*) FROM label") == 1


def test_a_migration_that_breaks_references_is_not_kept(closed, next_version):
    next_version(then='op.execute("DELETE FROM image WHERE id = 1")')
    with pytest.raises(RuntimeError, match="broken references"):
        open_project(closed.folder)
    assert ask(closed.layout.database, "SELECT count(*) FROM image") == 5


def test_opening_a_project_of_this_version_makes_no_backup(closed):
    open_project(closed.folder).close()
    assert not closed.layout.backups.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE alembic_version SET version_num = '9999'",
        "UPDATE setting SET value = '2' WHERE key = 'schema_major'",
    ],
)
def test_a_project_of_a_newer_version_is_refused_and_left_alone(closed, sql):
    change(closed.layout.database, sql)
    before = closed.layout.database.read_bytes()
    with pytest.raises(ProjectError, match=r"newer version of Tailspotter; update"):
        open_project(closed.folder)
    assert closed.layout.database.read_bytes() == before


def test_another_programs_database_is_no_project(tmp_path):
    change(tmp_path / "project.db", "CREATE TABLE alembic_version (version_num TEXT)")
    with pytest.raises(ProjectError, match="is not the database of a Tailspotter project"):
        open_project(tmp_path)


def test_a_migration_that_the_disk_has_no_room_for_leaves_no_backup(closed, next_version, monkeypatch):
    next_version()

    def full(path, revision):
        raise DiskError("", "its disk is full", "free some space")

    monkeypatch.setattr(migrate, "upgrade", full)
    with pytest.raises(DiskError):
        migrate.bring_up_to_date(closed.layout.database, closed.layout.backups)
    assert list(closed.layout.backups.iterdir()) == []

"""The models, the migrations and the database say the same."""

import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from app.storage import migrate
from app.storage.models import Base


def schema(path):
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))


def test_the_migrations_build_what_the_models_describe(tmp_path):
    path = tmp_path / "project.db"
    migrate.create_tables(path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "render_as_batch": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_checks_and_partial_indexes_are_the_same_in_both(tmp_path):
    """Alembic's comparison is blind to these, so the SQL of both is compared word by word."""
    migrated, direct = tmp_path / "migrated.db", tmp_path / "direct.db"
    migrate.create_tables(migrated)
    engine = create_engine(f"sqlite:///{direct}")
    Base.metadata.create_all(engine)
    engine.dispose()

    def words(path):
        return {
            name: sorted(sql.replace(",", " ").replace(")", " ) ").split())
            for name, sql in schema(path).items()
            if name != "alembic_version"
        }

    assert words(migrated) == words(direct)


def test_going_down_and_up_again_gives_the_same_schema(tmp_path):
    path = tmp_path / "project.db"
    migrate.create_tables(path)
    first = schema(path)
    migrate.downgrade(path, "base")
    assert set(schema(path)) == {"alembic_version"}
    migrate.upgrade(path)
    assert schema(path) == first


def test_projects_are_migrated_to_the_newest_revision():
    assert migrate.revisions()[0] == migrate.HEAD


def test_going_down_a_version_lets_a_review_that_is_set_aside_count_again(tmp_path):
    path = tmp_path / "project.db"
    migrate.create_tables(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """
            INSERT INTO root VALUES (1, '/images');
            INSERT INTO batch (id, kind, source, description, created_at)
                VALUES (7, 'do', 'human', 'Review', '2026-01-02 03:04:05');
            INSERT INTO image (id, root_id, path, size, mtime_ns, state, changed_batch_id, set_aside_batch_id)
                VALUES (1, 1, 'a.jpg', 1, 1, 'ok', 7, 7), (2, 1, 'b.jpg', 1, 1, 'ok', 7, NULL);
            """
        )
    migrate.downgrade(path, "0001")
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT id, reviewed_batch_id, reviewed_at FROM image").fetchall()
    assert rows == [(1, 7, "2026-01-02 03:04:05"), (2, None, None)]


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=str)
def test_every_constraint_has_a_name_by_which_a_migration_can_change_it(table):
    assert all(constraint.name for constraint in table.constraints)
    assert all(index.name for index in table.indexes)

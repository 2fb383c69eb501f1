"""Databases that earlier versions wrote (tools/old_database.py), migrated: all of it is there afterwards."""

import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from app.services.interchange.exporting import export_labels
from app.services.labelling.decisions import redo, undo
from app.services.project.project import open_project
from app.services.safety.check import check
from app.storage import migrate

DATA = Path(__file__).parents[1] / "data" / "databases"
STORED = sorted(DATA.glob("*.zip"))
OLDER = [path for path in STORED if path.stem != migrate.HEAD]
TABLES = ("root", "image", "category", "batch", "ledger", "label", "saved_query")

every = pytest.mark.parametrize("stored", STORED, ids=lambda path: path.stem)
older = pytest.mark.parametrize("stored", OLDER, ids=lambda path: path.stem)


@pytest.fixture
def folder(stored, tmp_path):
    with zipfile.ZipFile(stored) as archive:
        archive.extractall(tmp_path / "project")
    return tmp_path / "project"


def content(path, like=None):
    """The rows of every table that holds work, as mappings; with ``like`` only the columns that are there."""
    found = {}
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        for table in TABLES:
            rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
            if like is not None:
                kept = like[table][0].keys() if like[table] else ()
                rows = [{name: row[name] for name in kept} for row in rows]
            found[table] = rows
    return found


def revision(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def test_there_is_a_database_of_every_earlier_revision():
    """tools/old_database.py makes one."""
    assert {path.stem for path in STORED} >= set(migrate.revisions()) - {migrate.HEAD}


@every
def test_all_rows_are_the_same_after_the_migration(folder):
    before = content(folder / "project.db")
    assert all(before[table] for table in TABLES if table != "saved_query")
    assert {row["kind"] for row in before["batch"]} == {"do", "undo", "redo"}
    open_project(folder).close()
    assert revision(folder / "project.db") == migrate.HEAD
    assert content(folder / "project.db", like=before) == before


@every
def test_every_state_is_what_that_version_exported(folder, tmp_path):
    with open_project(folder) as opened:
        export_labels(opened, "csv", tmp_path / "now.csv", everything=True)
    assert (tmp_path / "now.csv").read_text() == (folder / "labels.csv").read_text()


@every
def test_undo_and_redo_go_all_the_way_and_back(folder):
    with open_project(folder) as opened:
        steps = 0
        while True:
            try:
                undo(opened)
            except Exception as error:
                assert "nothing to undo" in str(error)
                break
            steps += 1
        assert steps >= 6
        for _ in range(steps):
            redo(opened)
    assert check(folder).ok


@every
def test_nothing_is_wrong_with_a_migrated_database(folder):
    findings = check(folder).findings
    assert [one.kind for one in findings] == ["image_folder_missing"]


class Stopped(BaseException):
    """As a Ctrl+C at that moment."""


@older
def test_a_migration_that_is_stopped_at_any_statement_leaves_the_old_database(folder, tmp_path):
    before, old = content(folder / "project.db"), revision(folder / "project.db")
    statements, limit = 0, 0

    def count(*details):
        nonlocal statements
        statements += 1
        if statements == limit:
            raise Stopped

    event.listen(Engine, "before_cursor_execute", count)
    try:
        while True:
            limit, statements = limit + 1, 0
            place = tmp_path / f"at-{limit}"
            shutil.copytree(folder, place)
            try:
                migrate.upgrade(place / "project.db")
            except Stopped:
                assert content(place / "project.db") == before
                assert revision(place / "project.db") == old
                continue
            break
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert limit > 5
    assert revision(place / "project.db") == migrate.HEAD


KILLED = """
import os, sys
from pathlib import Path
from sqlalchemy import Engine, event
from app.services.project.project import open_project

left = int(sys.argv[2])

@event.listens_for(Engine, "before_cursor_execute")
def count(*args):
    global left
    left -= 1
    if not left:
        os._exit(9)

open_project(Path(sys.argv[1])).close()
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
@older
def test_a_program_that_is_killed_while_migrating_leaves_a_project_that_opens(folder, tmp_path):
    before, codes = content(folder / "project.db"), []
    for moment in (2, 5, 9, 16):
        place = tmp_path / f"at-{moment}"
        shutil.copytree(folder, place)
        command = [sys.executable, "-c", KILLED, str(place), str(moment)]
        codes.append(subprocess.run(command, check=False, cwd=Path(__file__).parents[2]).returncode)
        open_project(place).close()
        assert content(place / "project.db", like=before) == before
    assert codes[:2] == [9, 9]

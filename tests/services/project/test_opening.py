"""Opening a project writes nothing and waits for nobody; where the disk refuses, it is opened for reading."""

import errno
import hashlib
import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from app.domain.errors import BusyError, DiskError, ProjectError, ReadOnlyError
from app.domain.labels import Decision, LabelState
from app.jobs.store.open_store import OpenStore
from app.services.insights import stats
from app.services.labelling import decisions as labelling
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.storage import database, locks, migrate, settings
from app.storage.backup import back_up
from app.storage.database import Database

FULL = OSError(errno.ENOSPC, "No space left on device")
QUOTA = OSError(errno.EDQUOT, "Disk quota exceeded")


def refusing(code, text="disk I/O error"):
    """In place of a function of SQLite: an error of this code."""

    def refuse(*args, **more):
        error = sqlite3.OperationalError(text)
        error.sqlite_errorcode = code
        raise error

    return refuse


@pytest.fixture
def folder(project):
    """A closed project in which image 1 is yes for cat."""
    labelling.decide(project, [Decision(1, 1, LabelState.YES)])
    project.close()
    return project.folder


def digest(folder):
    return hashlib.sha256((folder / "project.db").read_bytes()).hexdigest()


def journal(folder, mode):
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        assert connection.execute(f"PRAGMA journal_mode = {mode}").fetchone() == (mode.lower(),)


def test_opening_and_reading_leave_the_database_as_it_is(folder):
    files, before = sorted(folder.rglob("*")), digest(folder)
    with open_project(folder) as opened:
        assert stats(opened).images.total == 5
    assert (sorted(folder.rglob("*")), digest(folder)) == (files, before)


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_opening_waits_for_no_writer(folder, monkeypatch, mode):
    journal(folder, mode)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with open_project(folder) as opened:
            assert (opened.read_only, opened.warning) == (None, None)
            assert labelling.label_states(opened).matrix()[0, 0] == 1
            with pytest.raises(BusyError, match="Another program has been writing"):
                labelling.decide(opened, [Decision(2, 1, LabelState.YES)])


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_an_older_project_is_read_beside_a_busy_writer_and_migrated_later(folder, monkeypatch, mode):
    migrate.downgrade(folder / "project.db", "0001")
    journal(folder, mode)
    monkeypatch.setattr(migrate, "WAIT_SECONDS", 0.01)
    before = digest(folder)
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with open_project(folder) as opened:
            assert stats(opened).images.total > 0
            with pytest.raises(ReadOnlyError, match=r"another program is writing to it.*wait until"):
                labelling.review(opened, [1])
        writer.execute("ROLLBACK")
    assert digest(folder) == before
    assert list((folder / "backups").glob("*")) == []
    with open_project(folder) as opened:
        assert opened.read_only is None
    assert len(list((folder / "backups").iterdir())) == 1


def test_an_older_project_is_read_on_a_full_disk(folder):
    migrate.downgrade(folder / "project.db", "0001")
    before = digest(folder)
    with open_project(folder, DiskError("", "its disk is full", "free some space")) as opened:
        assert stats(opened).images.total > 0
    assert digest(folder) == before


def test_a_restored_backup_gets_its_log_with_the_next_opening(folder):
    shutil.copyfile(back_up(folder / "project.db", folder / "backups"), folder / "project.db")
    with open_project(folder) as opened:
        assert opened.db.journal_mode == "wal"


def test_a_database_that_one_program_keeps_to_itself_is_told_after_the_wait(folder, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    journal(folder, "DELETE")
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BusyError, match="Another program has been writing"):
            open_project(folder)


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_CANTOPEN])
@pytest.mark.parametrize(
    ("refused", "reason"), [(FULL, "its disk is full"), (QUOTA, "your disk quota is used up")]
)
def test_a_full_disk_is_called_full_whatever_sqlite_calls_it(folder, monkeypatch, code, refused, reason):
    monkeypatch.setattr(database, "_choose_journal", refusing(code))
    monkeypatch.setattr(database, "write_error", lambda folder: refused)
    with open_project(folder) as opened:
        assert opened.read_only == ("its disk is full" if code == sqlite3.SQLITE_FULL else reason)
        assert stats(opened).images.total == 5
        with pytest.raises(ReadOnlyError, match=r"nothing was changed; free some space and try again\.$"):
            labelling.undo(opened)


def test_a_broken_disk_is_not_called_full(folder, monkeypatch):
    monkeypatch.setattr(database, "_choose_journal", refusing(sqlite3.SQLITE_IOERR_READ))
    with open_project(folder) as opened:
        assert opened.read_only == "its disk reports errors"
        assert stats(opened).images.total == 5
        with pytest.raises(ReadOnlyError, match=r"check the disk and the connection to it\.$"):
            labelling.undo(opened)


def test_a_commit_that_the_disk_has_no_room_for_is_told_and_nothing_is_lost(folder, monkeypatch):
    monkeypatch.setattr(database, "write_error", lambda folder: QUOTA)
    with open_project(folder) as opened:
        words = r"quota is used up; free some space .*work so far is safe"
        with pytest.raises(DiskError, match=words), opened.db.write():
            refusing(sqlite3.SQLITE_IOERR_WRITE)()
        assert labelling.label_states(opened).matrix()[0, 0] == 1


def test_a_folder_that_is_gone_is_not_called_a_broken_disk(folder):
    with closing(Database(folder / "project.db")) as db:
        shutil.rmtree(folder)
        with pytest.raises(ProjectError, match=r"is no longer there; connect its disk"), db.write():
            refusing(sqlite3.SQLITE_IOERR_WRITE)()


def test_a_window_on_a_disk_without_room_for_its_lock_looks_and_says_why(folder, monkeypatch):
    def no_room(*args):
        raise FULL

    monkeypatch.setattr(locks.os, "fsync", no_room)
    store = OpenStore(disk_cache_bytes=1 << 20)
    info = store.open(folder)
    assert (info.read_only, info.images) == ("its disk is full", 5)
    assert not (folder / "window.lock").exists()
    store.close()


def test_a_window_whose_lock_may_not_be_written_looks_and_says_why(folder, monkeypatch):
    real = os.open

    def refuse(path, flags, *more):
        if str(path).endswith(".lock") and flags & os.O_CREAT:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, flags, *more)

    monkeypatch.setattr(locks.os, "open", refuse)
    store = OpenStore(disk_cache_bytes=1 << 20)
    assert store.open(folder).read_only == "you may not write into its folder"
    store.close()


def test_a_window_opens_beside_a_busy_writer(folder, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        store = OpenStore(disk_cache_bytes=1 << 20)
        info = store.open(folder)
        assert (info.read_only, info.images) == (None, 5)
        store.close()


def test_where_nothing_can_be_written_a_trial_still_shows_what_would_happen(folder):
    with (
        open_project(folder, DiskError("", "its disk is full", "free some space")) as opened,
        opened.db.trial() as s,
    ):
        settings.set(s, "a", 1)
        s.commit()
        assert settings.get(s, "a") == 1
    with open_project(folder) as opened, opened.db.read() as s:
        assert settings.get(s, "a") is None


def test_a_new_project_notes_the_version_that_made_it(tmp_path, images_folder):
    from app import __version__

    with create_project(tmp_path / "p", [images_folder]) as made, made.db.read() as s:
        assert settings.get(s, "version") == __version__

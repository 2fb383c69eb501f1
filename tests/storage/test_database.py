"""Transactions, their durability, and a file system that is not as it should be."""

import os
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from app.domain.errors import BusyError, ProjectError, ReadOnlyError
from app.domain.labels import Decision, LabelState
from app.services.labelling.decisions import decide, label_states
from app.services.project.project import open_project
from app.storage import database, filesystem, settings
from app.storage.database import Database
from app.storage.filesystem import is_network_folder
from app.storage.migrate import create_tables


@pytest.fixture
def path(tmp_path):
    create_tables(tmp_path / "project.db")
    return tmp_path / "project.db"


@pytest.fixture
def db(path):
    with closing(Database(path)) as opened:
        yield opened


def pragma(session, name):
    return session.execute(text(f"PRAGMA {name}")).scalar()


def test_a_commit_reaches_the_disk_before_it_returns(db):
    with db.write() as s:
        assert (pragma(s, "journal_mode"), pragma(s, "synchronous")) == ("wal", 2)  # 2: FULL
        assert pragma(s, "fullfsync") == 1


def test_every_connection_enforces_foreign_keys_and_waits_ten_seconds(db):
    for transaction in (db.read, db.write):
        with transaction() as s:
            assert pragma(s, "foreign_keys") == 1
            assert pragma(s, "busy_timeout") == 10_000


def test_an_error_in_a_write_takes_all_of_it_back(db):
    with pytest.raises(ZeroDivisionError), db.write() as s:
        settings.set(s, "a", 1)
        raise ZeroDivisionError
    with db.read() as s:
        assert settings.get(s, "a", "unset") == "unset"


def test_a_reader_sees_one_moment_while_another_handle_writes(path, db):
    with closing(Database(path)) as other, db.read() as s:
        assert settings.get(s, "a") is None
        with other.write() as w:
            settings.set(w, "a", 1)
        assert settings.get(s, "a") is None
    with db.read() as s:
        assert settings.get(s, "a") == 1


def test_threads_of_one_handle_write_one_after_the_other(db):
    def count_up():
        for _ in range(10):
            with db.write() as s:
                settings.set(s, "n", settings.get(s, "n", 0) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as s:
        assert settings.get(s, "n") == 40


def test_a_write_inside_a_write_is_a_bug_and_not_a_deadlock(db):
    with pytest.raises(RuntimeError, match="inside"), db.write(), db.write():
        pass
    with db.write() as s:
        settings.set(s, "a", 1)


def test_only_other_writers_change_the_data_version(path, db):
    first = db.data_version()
    with db.write() as s:
        settings.set(s, "a", 1)
    assert db.data_version() == first
    with closing(Database(path)) as other, other.write() as s:
        settings.set(s, "a", 2)
    assert db.data_version() != first


def test_a_writer_that_never_ends_is_reported_in_one_sentence(path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with (
        closing(Database(path)) as patient,
        closing(Database(path)) as greedy,
        greedy.write(),
        pytest.raises(BusyError, match="Another program has been writing"),
        patient.write(),
    ):
        pass


def test_a_full_disk_is_reported_and_existing_data_stay(db):
    with db.write() as s:
        settings.set(s, "a", 1)
    with pytest.raises(ProjectError, match=r"disk .* is full"), db.write() as s:
        s.execute(text(f"PRAGMA max_page_count = {pragma(s, 'page_count')}"))
        settings.set(s, "a", "x" * 100_000)
    with db.read() as s:
        assert settings.get(s, "a") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody replace an open file")
def test_nothing_is_written_into_a_file_that_was_replaced(path, db, tmp_path):
    """As a repair does that sets a damaged database aside."""
    with db.write() as s:
        settings.set(s, "a", 1)
    shutil.copyfile(path, tmp_path / "new.db")
    path.rename(tmp_path / "aside.db")
    for replace in (True, False):
        with pytest.raises(ProjectError, match="was replaced by another file") as raised, db.write() as s:
            settings.set(s, "a", 2)
        assert raised.value.retry_helps  # the window keeps the answer, and offers it at the next opening
        if replace:
            (tmp_path / "new.db").rename(path)
    with db.read() as s:
        assert settings.get(s, "a") == 1


@pytest.mark.parametrize("damage", ["text", "torn"])
def test_a_damaged_file_is_reported_with_the_remedy(path, damage):
    content = path.read_bytes()
    path.write_bytes(
        b"not a database at all" * 100 if damage == "text" else content[:4096] + b"\x7f" * 40_000
    )
    with (
        pytest.raises(ProjectError, match=r"is damaged; 'tailspotter check .* --repair' sets it aside"),
        closing(Database(path)) as db,
        db.read() as s,
    ):
        s.execute(text("SELECT * FROM image JOIN ledger JOIN label")).all()


class TestWithoutSharedMemory:
    """SQLite's own unix-dotfile layer refuses a write-ahead log, as a network drive does."""

    @pytest.fixture(autouse=True)
    def no_shared_memory(self, request, path, monkeypatch):
        if sys.platform == "win32":
            pytest.skip("the layer exists on Unix only")
        if "log_left_behind" in request.fixturenames:
            request.getfixturevalue("log_left_behind")

        def connect(target: Path) -> sqlite3.Connection:
            return sqlite3.connect(
                f"file:{target}?vfs=unix-dotfile", uri=True, isolation_level=None, check_same_thread=False
            )

        monkeypatch.setattr(database, "connect", connect)

    @pytest.fixture
    def log_left_behind(self, path):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)

    def test_the_journal_is_kept_the_old_way_with_a_warning(self, path):
        with closing(Database(path)) as db:
            assert db.journal_mode == "delete"
            assert "network folder" in db.warning
            with db.write() as s:
                settings.set(s, "a", 1)
                assert pragma(s, "synchronous") == 3  # EXTRA: the removal of the journal is flushed too
            with db.read() as s:
                assert settings.get(s, "a") == 1

    @pytest.mark.usefixtures("log_left_behind")
    def test_a_project_that_had_a_log_elsewhere_is_converted(self, path):
        with closing(Database(path)) as db:
            assert db.journal_mode == "delete"
            with db.write() as s:
                settings.set(s, "a", 1)


def test_a_local_project_has_no_warning(db):
    assert db.warning is None


def test_a_mounted_network_drive_is_known_by_its_type(tmp_path, monkeypatch):
    def mount(fstype, opts="rw", at=tmp_path):
        return type("Part", (), {"mountpoint": str(at), "fstype": fstype, "opts": opts})

    root = mount("ext4", at=Path(tmp_path.anchor))
    for parts, expected in [
        ([root], False),
        ([root, mount("nfs4")], True),
        ([root, mount("NTFS", "rw,remote")], True),
        ([mount("cifs", at=Path(tmp_path.anchor)), mount("ext4")], False),
    ]:
        monkeypatch.setattr(psutil, "disk_partitions", lambda all, parts=parts: parts)
        assert filesystem.is_network_folder(tmp_path / "deep") is expected


def test_this_machines_temporary_folder_is_local(tmp_path):
    assert is_network_folder(tmp_path) is False


@pytest.fixture
def unprivileged():
    """Within the block the process has no rights beyond those of everybody."""

    @contextmanager
    def drop() -> Iterator[None]:
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield
        finally:
            if root:
                os.seteuid(0)

    return drop


@pytest.fixture
def open_folder():
    """A folder whose parents everybody may enter, which is not so of pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of Unix")
@pytest.mark.parametrize("whole", [True, False], ids=["folder", "file"])
def test_a_project_that_may_not_be_written_is_opened_for_reading(project, open_folder, unprivileged, whole):
    folder = closed_copy(project, open_folder)
    (folder / "project.db").chmod(0o444)
    folder.chmod(0o555 if whole else 0o777)
    files = sorted(folder.iterdir())
    with unprivileged(), open_project(folder) as opened:
        told = "you may not write into its folder" if whole else "you may not write to project.db"
        assert opened.read_only == told
        assert len(label_states(opened).image_ids) == 5
        with pytest.raises(ReadOnlyError, match="nothing was changed"):
            decide(opened, [Decision(1, 1, LabelState.YES)])
    assert sorted(folder.iterdir()) == files
    folder.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of Unix")
def test_a_project_that_may_not_be_read_is_reported_when_it_is_opened(project, open_folder, unprivileged):
    folder = closed_copy(project, open_folder)
    (folder / "project.db").chmod(0o000)
    with unprivileged(), pytest.raises(ProjectError, match=r"read and write|Permission denied"):
        open_project(folder)
    folder.chmod(0o000)
    with unprivileged(), pytest.raises(ProjectError, match="Permission denied"):
        open_project(folder)
    folder.chmod(0o755)


def closed_copy(project, place):
    project.close()
    return shutil.copytree(project.folder, place / "project")

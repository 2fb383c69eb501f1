"""On a full disk, and beside a writer that never ends: what reads works, what writes says why not."""

import contextlib
import errno
import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest
import typer

from app.bootstrap import _Log
from app.cli.main import build
from app.storage import database, disk, migrate

READING = {
    "stats": [],
    "insights": [],
    "suggest": [],
    "review": ["red"],
    "accept": ["red", "--dry-run"],
    "simulate": ["--truth", "TRUTH"],
    "import": ["coco", "TRUTH", "--dry-run"],
    "export": ["csv", "OUT"],
    "doctor": [],
    "models list": [],
    "list": [],
    "queries": [],
    "roots": [],
    "duplicates": [],
    "relink": [],
    "category": ["red"],
    "image-model": [],
    "project-settings": [],
    "backup": ["--list"],
    "check": [],
}
WRITING = {
    "label": ["red0", "--yes", "red"],
    "reviewed": ["red0"],
    "undo": [],
    "redo": [],
    "category": ["red", "--rename", "pink"],
    "scan": [],
    "relocate": ["shades", "MOVED"],
    "index": ["--no-patches"],
    "import": ["coco", "TRUTH"],
    "train": [],
    "models activate": ["none"],
    "queries": ["--save", "mine", "--query", "red"],
    "image-model": ["--use", "ViT-B-32@laion"],
    "project-settings": ["--medium-from", "5"],
}
OTHERS = {
    *("new", "demo", "open", "backbones"),
    *("restore", "merge", "models show", "models compare", "models rollback", "models note", "models delete"),
}
"""They make a project or open a window, concern none, or need what the project of these tests lacks."""


linux = pytest.mark.skipif(not Path("/dev/full").exists(), reason="the full device of Linux")


@pytest.fixture
def place(cli, coloured, tmp_path):
    """An indexed project with a label to undo and a saved query, and a file with what is true of it."""
    cli("label", coloured, "red0", "--yes", "red")
    cli("label", coloured, "green0", "--yes", "green")
    cli("undo", coloured)
    cli("queries", coloured, "--save", "Greens", "--query", "green")
    assert cli("export", coloured, "coco", tmp_path / "truth.json").code == 0
    shutil.copytree(tmp_path / "shades", tmp_path / "moved")
    return coloured


@pytest.fixture
def full(monkeypatch):
    """Files can no longer grow, as on a full disk."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setattr(
        database, "write_error", lambda folder: OSError(errno.ENOSPC, "No space left on device")
    )
    monkeypatch.setattr(disk, "SPACE_BYTES", 0)

    @contextlib.contextmanager
    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, hard))  # less than the index of a log takes
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return fill


@pytest.fixture
def busy(monkeypatch):
    """Somebody else is in the middle of a write to the project and stays there."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)

    @contextlib.contextmanager
    def write(project, begin="BEGIN IMMEDIATE"):
        with contextlib.closing(sqlite3.connect(project / "project.db", isolation_level=None)) as other:
            other.execute(begin)
            yield

    return write


def content(folder):
    """The bytes of what a person has in a project; what SQLite shares among its users is not that."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".db-wal", ".db-shm"}
    }


def words(command, place, tmp_path, given):
    files = {"TRUTH": tmp_path / "truth.json", "OUT": tmp_path / "out.csv", "MOVED": tmp_path / "moved"}
    first, *rest = command.split()
    return [first, *rest, place, *(files.get(word, word) for word in given)]


def test_every_command_is_known_to_read_or_to_write():
    app = typer.main.get_command(build())
    names = set(app.commands) - {"models"} | {f"models {one}" for one in app.commands["models"].commands}
    assert names == READING.keys() | WRITING.keys() | OTHERS


def all_of(commands, cli, place, tmp_path):
    """The result of each command, by name; none may change what a person has in the project."""
    before, results = content(place), {}
    for command, given in commands.items():
        results[command] = cli(*words(command, place, tmp_path, given))
        assert content(place) == before, command
    return results


@pytest.mark.slow
def test_what_reads_works_on_a_full_disk(cli, place, tmp_path, full):
    with full():
        results = all_of(READING, cli, place, tmp_path)
    assert {name: (one.code, bool(one.out)) for name, one in results.items()} == dict.fromkeys(
        READING, (0, True)
    )


@pytest.mark.slow
def test_what_writes_says_that_the_disk_is_full(cli, place, tmp_path, full):
    with full():
        results = all_of(WRITING, cli, place, tmp_path)
    why = "is read-only here (its disk is full): nothing was changed; free some space and try again."
    sentence = f"tailspotter: The project {place} {why}\n"
    assert {name: (one.code, one.err) for name, one in results.items()} == dict.fromkeys(
        WRITING, (1, sentence)
    )


@pytest.mark.slow
def test_what_reads_does_not_wait_for_a_writer(cli, place, tmp_path, busy):
    with busy(place):
        results = all_of(READING, cli, place, tmp_path)
    assert {name: (one.code, bool(one.out)) for name, one in results.items()} == dict.fromkeys(
        READING, (0, True)
    )


@pytest.mark.slow
def test_what_writes_says_that_another_program_writes(cli, place, tmp_path, busy):
    with busy(place):
        results = all_of(WRITING, cli, place, tmp_path)
    for name, result in results.items():
        assert result.code == 1, name
        assert "Another program has been writing to the project" in result.err, name


def test_doctor_names_who_keeps_a_project_to_itself(cli, place, busy):
    with contextlib.closing(sqlite3.connect(place / "project.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    with busy(place, "BEGIN EXCLUSIVE"):
        result = cli("doctor", place)
    assert result.code == 1
    assert "fail  project: Another program has been writing" in result.out
    assert "-> Wait until the other program has finished, and try again." in result.out


def test_doctor_names_the_newest_backup_of_a_damaged_project(cli, place):
    (place / "backups").mkdir()
    for day in (3, 21):
        shutil.copyfile(
            place / "project.db", place / "backups" / f"project-202505{day:02}-000000-000000-manual.db"
        )
    (place / "project.db").write_bytes(b"x" * 9000)
    result = cli("doctor", place)
    assert result.code == 1
    assert "is damaged" in result.out
    assert f"-> Run 'tailspotter check {place} --repair'" in result.out
    assert "on top of the backup project-20250521-000000-000000-manual.db" in result.out


def test_doctor_asks_for_another_folder_only_where_this_is_no_project(cli, place, tmp_path):
    assert "Give the folder of a project" in cli("doctor", tmp_path).out
    with contextlib.closing(sqlite3.connect(place / "project.db", isolation_level=None)) as connection:
        connection.execute("UPDATE setting SET value = '99' WHERE key = 'schema_major'")
    newer = cli("doctor", place).out
    assert "newer version" in newer
    assert "-> Update Tailspotter." in newer
    assert "Give the folder" not in newer


def test_doctor_leaves_an_older_project_as_it_is(cli, place, monkeypatch):
    known = ["later", *migrate.revisions()]
    monkeypatch.setattr(migrate, "HEAD", "later")
    monkeypatch.setattr(migrate, "revisions", lambda: known)
    before = content(place)
    result = cli("doctor", place)
    assert result.code == 0
    assert "warn  project:" in result.out
    assert "written by an older version" in result.out
    assert content(place) == before


@linux
def test_a_log_that_cannot_be_written_says_nothing_and_fails_nothing(tmp_path, capfd):
    import logging

    log = _Log()
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "tailspotter.log").symlink_to("/dev/full")
    log.start(tmp_path / "logs", False)
    logging.getLogger("app").info("x" * 100_000)
    for handler in log.handlers:
        logging.getLogger().removeHandler(handler)
        handler.close()
    assert capfd.readouterr().err == ""


def test_a_command_that_has_nothing_to_log_makes_no_log(tmp_path):
    import logging

    log = _Log()
    log.start(tmp_path / "logs", False)
    for handler in log.handlers:
        logging.getLogger().removeHandler(handler)
        handler.close()
    assert not (tmp_path / "logs").exists()

"""Backups: made once a day, thinned out by a rule, listed, and restored after a preview."""

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.backups import Backup
from app.domain.errors import (
    BadInputError,
    BusyError,
    DamagedError,
    DiskError,
    NotFoundError,
    VersionError,
)
from app.domain.labels import Decision, LabelState, Source
from app.services.labelling.decisions import decide, label_states, review, undo
from app.services.labelling.steps import step
from app.services.project import backups as service
from app.services.project.categories import add_categories
from app.services.project.creation import create_project
from app.services.project.project import open_for_window, open_project
from app.storage import backup, images, migrate
from app.storage.backup import DAILY, back_up_daily, surplus

TODAY = datetime(2026, 3, 10, 12, tzinfo=UTC)


def yes(image, category):
    return [Decision(image, category, LabelState.YES)]


def states(folder):
    with open_project(folder) as opened:
        return label_states(opened).matrix().tolist()


def named(path, day):
    moment = TODAY - timedelta(days=day)
    return Backup(path / f"project-{moment:%Y%m%d-%H%M%S-%f}-daily.db", moment, DAILY, 1)


def make_older(database, days=2):
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(f"UPDATE batch SET created_at = datetime(created_at, '-{days} days')")


@pytest.fixture
def used(project):
    """A closed project with a label and a review, made two days ago."""
    decide(project, yes(1, 1))
    review(project, [1])
    project.close()
    make_older(project.layout.database)
    return project


# --- the daily backup


def test_the_first_change_of_a_day_is_preceded_by_a_backup(used):
    for _ in range(2):
        with open_project(used.folder) as opened:
            decide(opened, yes(2, 2))
            decide(opened, yes(2, 3))
            undo(opened)
    (one,) = service.backups(used.folder)
    assert (one.backup.reason, one.contents.yes, one.contents.reviewed) == ("daily", 1, 1)


def test_reading_makes_no_backup(used):
    assert states(used.folder)[0] == [1, 0, 0]
    assert not used.layout.backups.exists()


def test_a_project_of_today_has_nothing_to_protect_yet(project):
    decide(project, yes(1, 1))
    with open_project(project.folder) as opened:
        decide(opened, yes(2, 1))
    assert not project.layout.backups.exists()


def test_a_window_leaves_the_daily_backup_to_its_own_thread(used):
    with open_for_window(used.folder) as opened:
        decide(opened, yes(2, 2))
        assert not used.layout.backups.exists()


def test_a_disk_with_little_space_gets_no_backup_and_the_log_says_why(used, monkeypatch, caplog):
    usage = shutil.disk_usage(used.folder)._replace(free=1000)
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda path: usage)
    with open_project(used.folder) as opened:
        decide(opened, yes(2, 2))
    assert not used.layout.backups.exists()
    assert "only 1,000 bytes are free" in caplog.text


def test_a_failing_disk_does_not_prevent_a_decision(used, caplog):
    used.layout.backups.write_text("in the way")
    with open_project(used.folder) as opened:
        assert decide(opened, yes(2, 2))
    assert "no daily backup" in caplog.text


def test_a_database_found_damaged_is_not_backed_up_and_not_changed(used):
    content = bytearray(used.layout.database.read_bytes())
    with closing(sqlite3.connect(used.layout.database)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'saved_query'").fetchone()
    content[4096 * (page[0] - 1) : 4096 * page[0]] = b"\x55" * 4096
    used.layout.database.write_bytes(content)
    with open_project(used.folder) as opened:
        with pytest.raises(DamagedError, match=r"'tailspotter check .* --repair'"):
            decide(opened, yes(2, 2))
        assert label_states(opened).matrix()[1].tolist() == [-1, -1, -1]
    assert list(used.layout.backups.iterdir()) == []


def test_daily_backups_of_seven_days_and_four_weeks_are_kept(tmp_path):
    every = [named(tmp_path, day) for day in range(60)]
    kept = [one for one in every if one not in surplus(every)]
    days = [(TODAY - one.made_at).days for one in kept]
    assert days[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert len(days) == 7 + 2  # the newest of this and the last week are among the days
    weeks = [one.made_at.isocalendar()[1] for one in kept[7:]]
    assert len(set(weeks)) == 2


def test_after_a_long_holiday_the_old_backups_are_still_there(tmp_path):
    every = [named(tmp_path, 0), *(named(tmp_path, day) for day in range(300, 306))]
    assert surplus(every) == []


def test_only_daily_backups_are_ever_removed(used):
    used.layout.backups.mkdir()
    for day in range(20):
        for reason in ("daily", "manual", "before-0003"):
            moment = datetime.now(UTC) - timedelta(days=day + 1)
            shutil.copyfile(
                used.layout.database, used.layout.backups / f"project-{moment:%Y%m%d-%H%M%S-%f}-{reason}.db"
            )
    assert back_up_daily(used.layout.database, used.layout.backups) is not None
    reasons = [one.reason for one in backup.listed(used.layout.backups)]
    assert (reasons.count("manual"), reasons.count("before-0003")) == (20, 20)
    assert 7 <= reasons.count("daily") <= 11


# --- restoring


@pytest.fixture
def changed(used):
    """The folder, and a backup from before two labels, a category and the loss of a review."""
    with open_project(used.folder) as opened:
        made = service.back_up(opened)
        decide(opened, [Decision(1, 1, LabelState.NO), Decision(2, 2, LabelState.YES)])
        review(opened, [1], False)
        add_categories(opened, ["newt"])
    return used.folder, made


def test_a_preview_says_what_would_change_and_changes_nothing(changed):
    folder, made = changed
    before = states(folder)
    plan = service.preview(folder, made.path)
    found = plan.difference
    assert (found.labels_removed, found.labels_returned, found.labels_changed) == (1, 0, 1)
    assert (found.reviews_removed, found.reviews_returned) == (0, 1)
    assert (found.categories_removed, found.categories_returned) == (["newt"], [])
    assert (found.images_removed, found.steps_removed) == (0, 3)
    assert states(folder) == before


def test_a_preview_counts_steps_without_labels_and_images_that_are_elsewhere(used):
    """As imported suggestions and linked images are."""
    with open_project(used.folder) as opened:
        with step(opened, source=Source.IMPORT, description="results") as one:
            one.predict("detector", {1: {1: 0.5}})
        now = service.back_up(opened)
        undo(opened)
        with opened.db.write() as s:
            for moved in ({"id": 2, "path": "elsewhere.jpg"}, {"id": 3, "content_hash": None}):
                images.update_many(s, [moved])
        before = service.preview(used.folder, now.path).difference
        service.restore(used.folder, now.path)
    assert (before.steps_removed, before.steps_returned, before.images_changed) == (1, 0, 2)
    later = service.backups(used.folder)[0].backup
    back = service.preview(used.folder, later.path).difference
    assert (back.steps_removed, back.steps_returned, back.images_changed) == (0, 1, 2)
    assert back


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_a_restored_backup_is_the_state_of_that_moment_and_the_way_back_is_kept(changed, mode):
    folder, made = changed
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
    before = states(folder)
    done = service.restore(folder, made.path.relative_to(folder / "backups"))
    assert states(folder)[0] == [1, 0, 0]
    assert done.kept.name.endswith("-before-restore.db")
    service.restore(folder, done.kept)
    assert states(folder) == before
    assert sorted(path.name for path in folder.iterdir()) == ["backups", "project.db"]


def test_a_number_given_since_the_backup_is_not_given_again(changed):
    """Features and scores of images and categories that are gone can so never be taken for others."""
    folder, made = changed
    service.restore(folder, made.path)
    with open_project(folder) as opened:
        (number,) = add_categories(opened, ["frog"]).categories
        assert number == 5  # 4 was the newt


def test_another_program_sees_the_restored_state_and_goes_on_from_it(changed):
    folder, made = changed
    with open_project(folder) as other:
        assert label_states(other).matrix()[1, 1] == 1
        service.restore(folder, made.path)
        assert label_states(other).matrix()[1, 1] == -1
        decide(other, yes(3, 3))
    assert states(folder)[2] == [-1, -1, 1]


def test_a_backup_of_an_older_version_is_migrated(changed):
    folder, made = changed
    migrate.downgrade(made.path, "0001")
    assert service.preview(folder, made.path).difference.labels_changed == 1
    service.restore(folder, made.path)
    assert states(folder)[0] == [1, 0, 0]


def test_a_project_of_an_older_version_is_brought_up_to_date_and_restored(changed):
    folder, made = changed
    migrate.downgrade(folder / "project.db", "0001")
    service.restore(folder, made.path)
    assert states(folder)[0] == [1, 0, 0]


def test_a_project_in_use_is_not_restored(changed):
    folder, made = changed
    before = states(folder)
    with open_for_window(folder), pytest.raises(BusyError, match="is in use by another window"):
        service.restore(folder, made.path)
    with (
        open_project(folder) as opened,
        opened.job_lock("training"),
        pytest.raises(BusyError, match="is in use by training"),
    ):
        service.restore(folder, made.path)
    assert states(folder) == before


def test_a_program_that_is_writing_is_waited_for_and_then_named(changed, monkeypatch):
    folder, made = changed
    monkeypatch.setattr("app.storage.database.BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError, match="Another program has been writing"):
            service.restore(folder, made.path)


def test_no_change_of_another_program_is_lost_in_between(changed, monkeypatch):
    """What is written while the restore waits is in the backup that it makes."""
    folder, made = changed
    real, seen = backup.back_up, []

    def slow(database, backups, reason):
        def write():
            with closing(sqlite3.connect(folder / "project.db", timeout=0.1)) as other:
                try:
                    other.execute("DELETE FROM label")
                    seen.append("written")
                except sqlite3.OperationalError as error:
                    seen.append(str(error))

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        return real(database, backups, reason)

    monkeypatch.setattr("app.storage.backup_contents.back_up", slow)
    service.restore(folder, made.path)
    assert seen == ["database is locked"]


def test_a_damaged_database_is_kept_aside_when_a_backup_replaces_it(changed):
    folder, made = changed
    (folder / "project.db").write_bytes(b"\0" * 5000)
    assert service.preview(folder, made.path).present is None
    done = service.restore(folder, made.path)
    assert done.kept.name.startswith("project-damaged-")
    assert done.kept.read_bytes() == b"\0" * 5000
    assert states(folder)[0] == [1, 0, 0]


def test_a_database_that_is_gone_is_restored(changed):
    folder, made = changed
    (folder / "project.db").unlink()
    assert service.restore(folder, made.path).kept is None
    assert states(folder)[0] == [1, 0, 0]


def other_project(path, folder):
    with create_project(folder / "other", [folder / "images"]) as other:
        shutil.copyfile(service.back_up(other).path, path)


def newer(path, folder):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def torn(path, folder):
    path.write_bytes(path.read_bytes()[:40_000])


@pytest.mark.parametrize(
    ("spoil", "kind", "words"),
    [
        (lambda path, folder: path.unlink(), NotFoundError, "There is no backup .*; the project has none"),
        (lambda path, folder: path.write_text("hello" * 999), BadInputError, "is not a backup"),
        (lambda path, folder: path.write_bytes(b""), BadInputError, "is not a backup"),
        (torn, DamagedError, "is damaged; choose another"),
        (newer, VersionError, "was made by a newer version of Tailspotter; update"),
        (other_project, BadInputError, "is a backup of another project"),
    ],
)
def test_a_backup_that_cannot_be_used_is_a_sentence_and_nothing_is_changed(
    changed, tmp_path, spoil, kind, words
):
    folder, made = changed
    spoil(made.path, tmp_path)
    before = (folder / "project.db").read_bytes()
    for attempt in (service.preview, service.restore):
        with pytest.raises(kind, match=words):
            attempt(folder, made.path)
    assert (folder / "project.db").read_bytes() == before
    assert {path.name for path in folder.iterdir()} <= {"backups", "project.db"}


@pytest.mark.parametrize("ended", [True, False])
def test_a_full_disk_changes_nothing(changed, monkeypatch, ended):
    folder, made = changed
    before = states(folder)

    def full(target):
        target.execute("DELETE FROM label")
        if ended:  # SQLite does that for some errors
            target.execute("ROLLBACK")
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr("app.storage.backup_contents._copy_tables", full)
    with pytest.raises(DiskError, match="is full; free some space"):
        service.restore(folder, made.path)
    assert states(folder) == before


def test_the_list_names_a_backup_that_cannot_be_read(changed):
    folder, made = changed
    made.path.write_bytes(b"x" * 3000)
    (one,) = service.backups(folder)
    assert one.contents is None
    assert "is not a backup" in one.problem

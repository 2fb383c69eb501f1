"""One holder at a time, named; the dead hold nothing."""

import json
import os
import socket
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict, replace

import psutil
import pytest

from app.domain.errors import BusyError
from app.storage import locks
from app.storage.database import Database


@pytest.fixture
def lock_file(project):
    return project.layout.window_lock


def me(**changes):
    process = psutil.Process()
    holder = locks.Holder(
        process.pid, process.create_time(), socket.gethostname(), "2024-05-01T10:00:00+00:00", "indexing", "t"
    )
    return replace(holder, **changes)


def leave(lock_file, holder):
    lock_file.write_text(json.dumps(asdict(holder)))


def test_the_second_window_is_told_who_has_the_project(project, lock_file):
    with (
        closing(Database(project.layout.database)) as other,
        project.window_lock(),
        pytest.raises(BusyError) as caught,
        locks.lock(other, lock_file, "another window"),
    ):
        pass
    assert f"in use by another window (process {os.getpid()}, since " in str(caught.value)


def test_a_lock_is_free_again_after_its_block_also_after_an_error(project, lock_file):
    with pytest.raises(ZeroDivisionError), project.window_lock():
        raise ZeroDivisionError
    assert not lock_file.exists()
    with project.window_lock():
        assert lock_file.exists()


def test_the_window_and_a_job_do_not_exclude_each_other(project):
    with project.window_lock(), project.job_lock("indexing"), project.scan_lock():
        assert len(list(project.folder.glob("*.lock"))) == 3


def test_a_dead_holders_lock_is_taken_over(project, lock_file):
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    born = psutil.Process(child.pid).create_time()
    leave(lock_file, me(pid=child.pid, born=born))
    with pytest.raises(BusyError, match=f"process {child.pid}"), project.window_lock():
        pass
    child.communicate(b"\n")
    with project.window_lock():
        assert locks.holder(lock_file).pid == os.getpid()


@pytest.mark.parametrize("remains", ["", '{"pid": 1', "[]", '{"pid": 1}'])
def test_what_a_power_loss_left_of_a_lock_is_taken_over(project, lock_file, remains):
    lock_file.write_text(remains)
    with project.window_lock():
        assert locks.holder(lock_file).pid == os.getpid()


def test_a_process_number_that_was_used_again_holds_nothing(project, lock_file):
    leave(lock_file, me(born=1.0))
    with project.window_lock():
        assert locks.holder(lock_file).born != 1.0


def test_a_holder_on_another_computer_is_believed_and_the_way_out_is_told(project, lock_file):
    leave(lock_file, me(host="elsewhere", pid=1, born=1.0))
    with pytest.raises(BusyError) as caught, project.window_lock():
        pass
    assert "indexing (process 1 on elsewhere, since 2024-05-01" in str(caught.value)
    assert str(caught.value).endswith(f"If that is no longer so, delete {lock_file}.")


def test_a_lock_that_somebody_else_has_taken_meanwhile_is_left_to_them(project, lock_file):
    with project.window_lock():
        leave(lock_file, me(what="the thief"))
    assert locks.holder(lock_file).what == "the thief"


def test_taking_the_job_lock_closes_the_books_on_what_a_dead_process_left_running(project):
    from app.storage import jobs

    with project.db.write() as s:
        jobs.start(s, "index", {"backbone": "x"})
    with project.job_lock("indexing"), project.db.read() as s:
        (job,) = jobs.all_jobs(s)
    assert job.state is jobs.JobState.INTERRUPTED
    assert job.ended_at is not None
    assert job.arguments == {"backbone": "x"}

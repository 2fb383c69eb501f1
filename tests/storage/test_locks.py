"""One holder at a time, named; the dead hold nothing."""

import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import asdict, replace

import psutil
import pytest

from app.domain.errors import BusyError, DiskError, ProjectError
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


def leave(lock_file, holder, **more):
    lock_file.write_text(json.dumps(asdict(holder) | more))


HOLD = """
import subprocess, sys
from pathlib import Path
from app.storage import locks
from app.storage.database import Database
project, system_locks, child = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
if system_locks == "no":
    locks.try_lock = lambda descriptor, shared=False: None
with locks.lock(Database(project / "project.db"), project / "window.lock", "a long job"):
    if child == "yes":
        print(subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL).pid, flush=True)
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(project, *, system_locks=True, child=False):
    """A second process that holds the window's lock; ends when the block does."""
    words = [str(project.folder), "yes" if system_locks else "no", "yes" if child else "no"]
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        process.children = [int(process.stdout.readline())] if child else []
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


@contextmanager
def clock_set(monkeypatch, seconds):
    """The system's clock is set: what is worked out from the start of the computer moves with it."""
    real = psutil.Process.create_time
    with monkeypatch.context() as patch:
        patch.setattr(psutil.Process, "create_time", lambda process: real(process) + seconds)
        yield


def without_system_locks(monkeypatch):
    monkeypatch.setattr(locks, "try_lock", lambda descriptor, shared=False: None)


linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the start of a process never moves")


def test_the_second_window_learns_who_has_the_project(project, lock_file):
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


def test_a_holder_on_another_computer_is_believed_and_the_remedy_is_named(project, lock_file):
    leave(lock_file, me(host="elsewhere", pid=1, born=1.0))
    with pytest.raises(BusyError) as caught, project.window_lock():
        pass
    assert "indexing (process 1 on elsewhere, since 2024-05-01" in str(caught.value)
    assert str(caught.value).endswith(f"If it no longer is, delete {lock_file}.")


def test_a_lock_that_somebody_else_has_taken_meanwhile_is_left_to_them(project, lock_file):
    with project.window_lock():
        leave(lock_file, me(what="the thief"))
    assert locks.holder(lock_file).what == "the thief"


@pytest.mark.slow
def test_a_living_holder_keeps_its_lock_when_the_clock_is_set(project, lock_file, monkeypatch):
    with another_process(project) as other:
        for seconds in (-86_400.0, -2.5, 2.5, 3600.0):
            with clock_set(monkeypatch, seconds):
                with (
                    pytest.raises(BusyError, match=f"a long job \\(process {other.pid}, since"),
                    project.window_lock(),
                ):
                    pass
                assert locks.holder(lock_file).pid == other.pid


@pytest.mark.slow
@linux
def test_a_living_holder_keeps_its_lock_on_a_file_system_without_locks(project, lock_file, monkeypatch):
    without_system_locks(monkeypatch)
    with another_process(project, system_locks=False) as other:
        for seconds in (-3600.0, 3600.0):
            with clock_set(monkeypatch, seconds), pytest.raises(BusyError), project.window_lock():
                pass
        other.kill()
        other.wait()
        with project.window_lock():
            assert locks.holder(lock_file).pid == os.getpid()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize("system_locks", [True, False])
def test_a_stopped_holder_keeps_its_lock_and_a_killed_one_does_not(project, monkeypatch, system_locks):
    if not system_locks:
        without_system_locks(monkeypatch)
    with another_process(project, system_locks=system_locks) as other:
        other.send_signal(signal.SIGSTOP)
        with pytest.raises(BusyError), project.window_lock():
            pass
        other.kill()
        # Its parent, this test, does not collect it: it remains in the list of processes.
        while psutil.Process(other.pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        with project.window_lock():
            assert locks.holder(project.layout.window_lock).pid == os.getpid()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sleep of Unix")
def test_a_program_that_the_holder_has_started_does_not_keep_its_lock(project):
    with another_process(project, child=True) as other:
        other.kill()
        other.wait()
        try:
            with project.window_lock():
                pass
        finally:
            os.kill(other.children[0], signal.SIGKILL)


def test_a_lock_waits_for_no_other_writer_of_the_database(project, monkeypatch):
    monkeypatch.setattr("app.storage.database.BUSY_SECONDS", 0.05)
    with closing(Database(project.layout.database)) as writer, writer.write(), project.window_lock():
        assert locks.holder(project.layout.window_lock).pid == os.getpid()


def test_the_copy_of_a_project_that_is_in_use_is_free(project, tmp_path):
    with project.window_lock():
        copy = tmp_path / "copy.lock"
        shutil.copyfile(project.layout.window_lock, copy)
        assert locks.holder(copy) is None
        with locks.lock(project.db, copy, "another window"):
            pass


def test_looking_at_a_lock_does_not_keep_anybody_from_taking_it(project, lock_file, monkeypatch):
    """A look holds the file for a moment; the taker tries again."""
    answers = iter([False, False])
    real = locks.try_lock
    monkeypatch.setattr(locks, "try_lock", lambda *args, **more: next(answers, None) is None and real(*args))
    with project.window_lock():
        assert next(answers, None) is None


def test_a_lock_that_was_released_while_it_was_opened_is_made_again(project, lock_file, monkeypatch):
    real, turns = locks.try_lock, []

    def released_meanwhile(descriptor, **more):
        turns.append(descriptor)
        if len(turns) == 1:
            lock_file.unlink()
        return real(descriptor, **more)

    monkeypatch.setattr(locks, "try_lock", released_meanwhile)
    with project.window_lock():
        assert len(turns) == 2
        assert lock_file.exists()


def test_a_lock_of_an_older_version_is_understood(project, lock_file):
    with project.window_lock():
        record = json.loads(lock_file.read_text())
    assert set(record) == {"pid", "born", "host", "since", "what", "token"}  # what an older version reads
    assert abs(record["born"] - psutil.Process().create_time()) < 2
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    older = me(pid=child.pid, born=psutil.Process(child.pid).create_time(), token="0" * 32)
    leave(lock_file, older)
    with pytest.raises(BusyError, match=f"process {child.pid}"), project.window_lock():
        pass
    assert locks.holder(lock_file) == older
    child.communicate(b"\n")
    with project.window_lock():
        pass


def test_what_a_newer_version_adds_to_a_lock_does_not_make_it_dead(project, lock_file):
    leave(lock_file, me(token="0" * 32), reason="labelling", version=7)
    with pytest.raises(BusyError, match="indexing"), project.window_lock():
        pass


@pytest.mark.parametrize(
    "change",
    [
        {"pid": "7"},
        {"pid": -1},
        {"pid": 0},
        {"pid": 1 << 70},
        {"since": "yesterday"},
        {"born": None},
        {"token": 3},
    ],
    ids=str,
)
def test_a_lock_without_sense_is_nobodys(project, lock_file, change):
    leave(lock_file, me(token="0" * 32), **change)
    assert locks.holder(lock_file) is None
    with project.window_lock():
        pass


@linux
def test_a_holder_in_another_container_is_taken_to_run(project, lock_file, monkeypatch):
    without_system_locks(monkeypatch)
    boot, namespace, ticks = locks._identity(os.getpid()).split("/")
    leave(lock_file, me(pid=1 << 30, token=f"x process {boot}/{int(namespace) + 1}/{ticks}"))
    assert locks.holder(lock_file) is not None
    leave(lock_file, me(pid=1 << 30, token=f"x process {boot}/{namespace}/{ticks}"))
    assert locks.holder(lock_file) is None
    leave(lock_file, me(token=f"x process the run before/{namespace}/{ticks}"))
    assert locks.holder(lock_file) is None


def test_a_lock_that_may_not_be_read_is_reported_in_a_sentence(project, lock_file, monkeypatch):
    lock_file.write_text("")
    monkeypatch.setattr(locks.os, "open", _refusing(PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(BusyError, match=r"a program of another user. If it no longer is, delete"):
        locks.lock(project.db, lock_file, "x").__enter__()
    assert locks.holder(lock_file).what == "a program of another user"


def test_a_lock_on_a_full_disk_is_refused_and_leaves_nothing(project, lock_file, monkeypatch):
    monkeypatch.setattr(locks.os, "fsync", _refusing(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(DiskError, match="the disk is full; free some space") as caught, project.window_lock():
        pass
    assert caught.value.reason == "its disk is full"
    assert not lock_file.exists()


def test_a_folder_in_place_of_a_lock_is_reported(project, lock_file):
    lock_file.mkdir()
    with pytest.raises(ProjectError, match=r"window.lock cannot be used"), project.window_lock():
        pass
    with pytest.raises(ProjectError, match=r"window.lock cannot be used"):
        locks.holder(lock_file)


def _refusing(error):
    def refuse(*args, **more):
        raise error

    return refuse


def test_taking_the_job_lock_marks_jobs_of_dead_processes_as_interrupted(project):
    from app.storage import jobs

    with project.db.write() as s:
        jobs.start(s, "index", {"backbone": "x"})
    with project.job_lock("indexing"), project.db.read() as s:
        (job,) = jobs.all_jobs(s)
    assert job.state is jobs.JobState.INTERRUPTED
    assert job.ended_at is not None
    assert job.arguments == {"backbone": "x"}

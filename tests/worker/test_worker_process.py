"""The worker as a process: what comes out of its pipe, and how it ends."""

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.protocol import messages as m
from app.protocol.framing import GarbageLine, decode_event, encode
from app.services.runner.launch import kill_group

SCRIPT = Path(__file__).with_name("scripted_worker.py")


class Peer:
    """The parent's end of a worker's pipes."""

    def __init__(self, log: Path) -> None:
        self.log = log
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
            )

    def send(self, *commands: m.Command) -> None:
        self.process.stdin.write(b"".join(encode(command) for command in commands))
        self.process.stdin.flush()

    def run(self, script: str, job: str = "j") -> None:
        self.send(m.DescribeBackbone(job=job, backbone=script))

    def read(self) -> m.Event:
        event = decode_event(self.process.stdout.readline())
        assert not isinstance(event, GarbageLine), event
        return event

    def read_until(self, kind: type[m.Event] | tuple) -> list[m.Event]:
        events = [self.read()]
        while not isinstance(events[-1], kind):
            events.append(self.read())
        return events

    def close(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.kill()
        self.process.wait(5)
        kill_group(self.process.pid)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Peer]:
    peer = Peer(tmp_path / "log.txt")
    yield peer
    peer.close()


TERMINAL = (m.Completed, m.Cancelled, m.Failed)


def ends_within(process: subprocess.Popen, seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_the_first_line_is_a_hello_that_names_the_process_and_its_packages(worker: Peer):
    hello = worker.read()
    assert isinstance(hello, m.Hello)
    assert hello.pid == worker.process.pid
    assert hello.protocol == m.PROTOCOL_VERSION
    assert {"torch", "open_clip_torch", "numpy"} <= hello.versions.keys()
    assert 0 < hello.memory_available <= hello.memory_total
    assert worker.read() == m.DeviceInfo(device="cpu", precision="float32", reason="scripted")


def test_a_job_tells_its_start_its_failed_items_and_one_terminal_event(worker: Peer):
    worker.run("quick:é", job="first")
    worker.run("quick", job="second")
    events = worker.read_until(TERMINAL) + worker.read_until(TERMINAL)
    told = [event for event in events if getattr(event, "job", None) == "first"]
    assert told == [
        m.Started(job="first", feature_key="key", device="cpu", precision="float32"),
        m.ItemFailed(job="first", item=7, reason="not an image é"),
        m.Completed(job="first", result=m.IndexResult(embedded=0, failed=0, seconds=0.0)),
    ]
    assert [event.job for event in events if isinstance(event, TERMINAL)] == ["first", "second"]


def test_stray_output_and_input_of_a_job_touch_no_frame(worker: Peer):
    worker.run("noisy")
    events = worker.read_until(TERMINAL)
    assert isinstance(events[-1], m.Completed) and events[-1].job == "j"
    worker.run("quick")
    assert isinstance(worker.read_until(TERMINAL)[-1], m.Completed)
    log = worker.log.read_text(encoding="utf-8")
    assert "a stray print" in log and "forged" in log and "a child" in log and "EOFError" in log


@pytest.mark.slow
def test_progress_comes_at_most_ten_times_a_second_and_the_last_one_always(worker: Peer):
    begin = time.monotonic()
    worker.run("flood:50000")
    events = worker.read_until(TERMINAL)
    seconds = time.monotonic() - begin
    progress = [event for event in events if isinstance(event, m.Progress)]
    assert len(progress) <= 10 * seconds + 2
    assert progress[-1].done == progress[-1].total == 50_000


def test_cancel_stops_the_running_job_at_its_next_batch_and_keeps_its_result(worker: Peer):
    worker.run("steady")
    worker.read_until(m.Progress)
    worker.send(m.Cancel(job="j"))
    last = worker.read_until(TERMINAL)[-1]
    assert isinstance(last, m.Cancelled) and isinstance(last.result, m.IndexResult)
    worker.run("quick", job="next")
    assert isinstance(worker.read_until(TERMINAL)[-1], m.Completed)


@pytest.mark.slow
def test_a_waiting_job_can_be_cancelled_before_it_starts(worker: Peer):
    worker.run("steady:20", job="running")
    worker.run("flood:10", job="waiting")
    worker.send(m.Cancel(job="waiting"), m.Cancel(job="unheard of"))
    events = worker.read_until(TERMINAL) + worker.read_until(TERMINAL)
    assert [type(event) for event in events if isinstance(event, TERMINAL)] == [m.Completed, m.Cancelled]
    assert not [event for event in events if isinstance(event, m.Progress) and event.job == "waiting"]


@pytest.mark.parametrize(
    ("script", "known", "message"),
    [
        ("known", True, "The weights file is missing; choose another one."),
        ("bug", False, "ZeroDivisionError: caf\udce9"),
        ("leaves", False, "SystemExit: 3"),
        ("no such script", False, "KeyError"),
    ],
)
def test_errors_become_failures_and_the_worker_lives_on(worker: Peer, script, known, message):
    worker.run(script)
    failed = worker.read_until(TERMINAL)[-1]
    assert isinstance(failed, m.Failed)
    assert failed.known is known and failed.message.startswith(message)
    assert (failed.traceback is None) is known
    worker.run("quick", job="next")
    assert isinstance(worker.read_until(TERMINAL)[-1], m.Completed)


def test_a_command_without_a_job_fails_and_garbage_is_reported(worker: Peer):
    worker.process.stdin.write(b'\xff\xfe no command\n{"type":"progress"}\n')
    worker.send(m.EncodeText(job="j", backbone="b", expected_key="k", prompts="p", features="f"))
    events = worker.read_until(TERMINAL)
    assert len([event for event in events if isinstance(event, m.WorkerWarning)]) == 2
    assert isinstance(events[-1], m.Failed) and not events[-1].known


def test_the_end_of_input_ends_an_idle_worker_at_once(worker: Peer):
    worker.read_until(m.DeviceInfo)
    worker.process.stdin.close()
    assert ends_within(worker.process, 5.0)
    assert worker.process.returncode == 0


def test_shutdown_cancels_the_running_job_and_ends_the_process(worker: Peer):
    worker.run("steady")
    worker.read_until(m.Progress)
    worker.send(m.Shutdown())
    assert isinstance(worker.read_until(TERMINAL)[-1], m.Cancelled)
    assert ends_within(worker.process, 5.0)
    assert worker.process.returncode == 0


@pytest.mark.slow
def test_the_end_of_input_ends_a_worker_whose_job_obeys_nobody(worker: Peer, tmp_path: Path):
    worker.run("stubborn")
    worker.read_until(m.Progress)
    worker.process.stdin.close()
    assert ends_within(worker.process, 3.0)


@pytest.mark.slow
def test_a_heartbeat_comes_while_a_job_is_busy(worker: Peer):
    worker.run("stubborn")
    beat = worker.read_until(m.Heartbeat)[-1]
    assert beat.job == "j" and 1.9 < beat.busy_seconds < 10


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_killing_the_parent_ends_the_worker_within_three_seconds(tmp_path: Path):
    note = tmp_path / "pid.txt"
    parent = textwrap.dedent(f"""
        import pathlib, subprocess, sys, time
        worker = subprocess.Popen([sys.executable, {str(SCRIPT)!r}], stdin=-1, stdout=-1)
        worker.stdin.write({encode(m.DescribeBackbone(job="j", backbone="steady"))!r})
        worker.stdin.flush()
        while b'"progress"' not in worker.stdout.readline():
            pass
        pathlib.Path({str(note)!r}).write_text(str(worker.pid))
        time.sleep(60)
    """)
    process = subprocess.Popen([sys.executable, "-c", parent], stderr=subprocess.DEVNULL)
    try:
        assert wait_for(lambda: note.exists() and note.read_text(encoding="ascii") != "", 20)
        pid = int(note.read_text(encoding="ascii"))
        assert not gone(pid)
    finally:
        process.kill()
        process.wait(5)
    assert wait_for(lambda: gone(pid), 3.0)


@pytest.mark.slow
def test_the_worker_ignores_an_interrupt_meant_for_its_parent(worker: Peer):
    worker.run("steady:20")
    worker.read_until(m.Progress)
    if sys.platform != "win32":
        os.kill(worker.process.pid, 2)
    assert isinstance(worker.read_until(TERMINAL)[-1], m.Completed)


def test_arguments_are_refused():
    command = [sys.executable, "-m", "app", "worker", "--surplus"]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=20)
    assert ended.returncode == 2
    assert b"takes no arguments: --surplus" in ended.stderr

"""Jobs in a child process: handshake, cancel ladder, crashes, and nothing left behind."""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.protocol import messages as m
from app.protocol.framing import encode
from app.services.runner.subprocess_runner import SubprocessRunner

SCRIPT = Path(__file__).parents[2] / "worker" / "scripted_worker.py"
SCRIPTED = [sys.executable, str(SCRIPT)]
DONE = m.Completed(job="j", result=m.IndexResult(embedded=0, failed=0, seconds=0.0))
DEAF = f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
say(HELLO)
sys.stdin.readline()
say({encode(m.Progress(job="j", stage="s", done=1))!r})
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    """No child process, thread or pipe outlives a test."""
    me = psutil.Process()
    children, threads = set(me.children(recursive=True)), set(threading.enumerate())
    pipes = me.num_fds() if hasattr(me, "num_fds") else 0
    yield
    assert set(me.children(recursive=True)) <= children
    assert set(threading.enumerate()) <= threads
    assert (me.num_fds() if hasattr(me, "num_fds") else 0) <= pipes


def command(script: str, job: str = "j") -> m.DescribeBackbone:
    return m.DescribeBackbone(job=job, backbone=script)


def fake(code: str) -> list[str]:
    """A worker of a few lines that can misbehave; HELLO is its greeting."""
    hello = m.Hello(
        protocol=m.PROTOCOL_VERSION,
        pid=1,
        python="3",
        platform="p",
        versions={},
        memory_total=1,
        memory_available=1,
    )
    begin = f"import os, sys, time\nHELLO = {encode(hello)!r}\n"
    begin += "def say(line):\n while line: line = line[os.write(1, line):]\n"
    return [sys.executable, "-c", begin + code]


def stop_after(seconds: float):
    begin = time.monotonic()
    return lambda: time.monotonic() - begin > seconds


def ends(pid: int) -> bool:
    """The process is gone, or goes within two seconds (a kill takes effect a moment later)."""
    try:
        process = psutil.Process(pid)
        deadline = time.monotonic() + 2
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
    except psutil.NoSuchProcess:
        pass
    return True


def test_a_warm_worker_serves_one_job_after_another():
    heard: list[m.Event] = []
    with SubprocessRunner(SCRIPTED) as runner:
        assert runner.pid is None
        first = runner.run(command("quick", "a"), heard.append)
        pid = runner.pid
        second = runner.run(command("quick", "b"), heard.append)
        assert runner.pid == pid and psutil.pid_exists(pid)
    assert [type(event) for event in heard] == [m.Hello, m.DeviceInfo, *[m.Started, m.ItemFailed] * 2]
    assert heard[0].pid == pid and heard[1].reason == "scripted"
    assert isinstance(first, m.Completed) and first.job == "a"
    assert isinstance(second, m.Completed) and second.job == "b"
    assert not psutil.pid_exists(pid)


def test_a_failed_job_keeps_the_worker():
    with SubprocessRunner(SCRIPTED) as runner:
        failed = runner.run(command("known"), lambda _: None)
        pid = runner.pid
        assert isinstance(failed, m.Failed) and failed.known
        assert isinstance(runner.run(command("quick"), lambda _: None), m.Completed)
        assert runner.pid == pid


def test_a_cancelled_job_keeps_its_result_and_the_worker():
    with SubprocessRunner(SCRIPTED) as runner:
        seen: list[m.Event] = []
        last = runner.run(
            command("steady"), seen.append, lambda: any(isinstance(e, m.Progress) for e in seen)
        )
        assert isinstance(last, m.Cancelled) and last.result is not None and not last.forced
        assert isinstance(runner.run(command("quick"), lambda _: None), m.Completed)


@pytest.mark.slow
def test_a_job_that_ignores_cancel_is_killed_with_its_children_in_time(tmp_path: Path):
    note, began = tmp_path / "child.txt", []
    code = f"""
import signal, subprocess
signal.signal(signal.SIGTERM, signal.SIG_IGN)
say(HELLO)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(note)!r}, "w").write(str(child.pid))
sys.stdin.readline()
say({encode(m.Progress(job="j", stage="s", done=1))!r})
time.sleep(60)
"""
    with SubprocessRunner(fake(code), cancel_grace=0.3, terminate_grace=0.3) as runner:
        begin = time.monotonic()
        last = runner.run(command("any"), began.append, lambda: any(isinstance(e, m.Progress) for e in began))
        assert last == m.Cancelled(job="j", forced=True)
        assert time.monotonic() - begin < 5
        assert runner.pid is None
    assert ends(int(note.read_text(encoding="ascii")))


@pytest.mark.slow
def test_a_crash_tells_the_exit_code_and_the_end_of_the_log_and_the_next_job_gets_a_new_worker():
    with SubprocessRunner(SCRIPTED) as runner:
        crashed = runner.run(command("dies:7"), lambda _: None)
        assert isinstance(crashed, m.Crashed)
        assert crashed.job == "j" and crashed.exit_code == 7 and "exit code 7" in crashed.message
        assert crashed.log[-1] == "the last words"
        assert isinstance(runner.run(command("quick"), lambda _: None), m.Completed)


def test_everything_said_before_a_crash_is_told_before_it():
    failed = encode(m.ItemFailed(job="j", item=1, reason="r" * 50))
    code = f"""
say(HELLO)
sys.stdin.readline()
sys.stderr.write("first words\\nthe last words")
sys.stderr.flush()
say({failed!r} * 3000)
os._exit(9)
"""
    heard: list[m.Event] = []
    with SubprocessRunner(fake(code)) as runner:
        crashed = runner.run(command("any"), heard.append)
    assert sum(isinstance(event, m.ItemFailed) for event in heard) == 3_000
    assert isinstance(crashed, m.Crashed) and crashed.exit_code == 9
    assert crashed.log == ("first words", "the last words")


def test_a_device_that_is_known_after_the_job_has_ended_is_told_with_the_next():
    device = m.DeviceInfo(device="cpu", precision="float32", reason="late")
    code = f"""
say(HELLO)
for line in sys.stdin:
    say({encode(DONE)!r})
    say({encode(device)!r})
"""
    heard: list[m.Event] = []
    with SubprocessRunner(fake(code)) as runner:
        assert runner.run(command("any"), lambda _: None) == DONE
        assert runner.run(command("any"), heard.append) == DONE
    assert heard == [device]


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_a_worker_killed_in_the_middle_of_a_job_is_a_crash_that_names_the_signal():
    with SubprocessRunner(SCRIPTED) as runner:

        def kill(event: m.Event) -> None:
            if isinstance(event, m.Progress):
                os.kill(runner.pid, 9)

        crashed = runner.run(command("steady"), kill)
    assert isinstance(crashed, m.Crashed)
    assert crashed.exit_code == -9 and "SIGKILL" in crashed.message


@pytest.mark.slow
def test_a_worker_that_died_while_idle_is_replaced(caplog: pytest.LogCaptureFixture):
    with SubprocessRunner(SCRIPTED) as runner:
        runner.run(command("quick"), lambda _: None)
        dead = runner.pid
        psutil.Process(dead).kill()
        time.sleep(0.2)
        assert isinstance(runner.run(command("quick"), lambda _: None), m.Completed)
        assert runner.pid != dead
    assert "starting another" in caplog.text


def test_garbage_is_ignored_and_logged(caplog: pytest.LogCaptureFixture):
    late = m.Failed(job="an earlier job", known=True, message="late")
    code = f"""
say(HELLO)
sys.stdin.readline()
say(b"\\xff\\xfe garbage\\n" + b"x" * 3_000_000 + b"\\n" + {encode(late)!r} + {encode(DONE)!r})
sys.stdin.read()
"""
    with SubprocessRunner(fake(code)) as runner:
        assert runner.run(command("any"), lambda _: None) == DONE
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [record.getMessage()[:24] for record in warnings] == ["the worker sent garbage "] * 2


def test_a_program_that_never_says_hello_is_ended_after_the_timeout():
    with SubprocessRunner(fake("time.sleep(60)"), hello_timeout=0.4) as runner:
        crashed = runner.run(command("any"), lambda _: None)
    assert isinstance(crashed, m.Crashed) and "did not answer within 0.4 seconds" in crashed.message


def test_a_program_that_ends_before_its_hello_is_a_crash_with_its_log():
    with SubprocessRunner(fake("sys.exit('no module named anything')")) as runner:
        crashed = runner.run(command("any"), lambda _: None)
    assert isinstance(crashed, m.Crashed) and crashed.exit_code == 1
    assert crashed.log == ("no module named anything",)


def test_a_program_that_is_not_there_is_told_in_one_sentence(tmp_path: Path):
    with SubprocessRunner([str(tmp_path / "absent")]) as runner:
        crashed = runner.run(command("any"), lambda _: None)
    assert isinstance(crashed, m.Crashed) and crashed.exit_code is None
    assert "could not be started" in crashed.message and "absent" in crashed.message


def test_a_worker_of_another_version_is_refused():
    code = f"say(HELLO.replace(b'\"protocol\":{m.PROTOCOL_VERSION}', b'\"protocol\":99')); sys.stdin.read()"
    with SubprocessRunner(fake(code)) as runner:
        crashed = runner.run(command("any"), lambda _: None)
    assert isinstance(crashed, m.Crashed) and "protocol 99" in crashed.message


def test_stopping_before_the_hello_cancels_without_waiting():
    with SubprocessRunner(fake("time.sleep(60)")) as runner:
        begin = time.monotonic()
        assert runner.run(command("any"), lambda _: None, stop_after(0.2)) == m.Cancelled(job="j")
        assert time.monotonic() - begin < 3


@pytest.mark.slow
def test_a_bug_in_the_listener_ends_the_worker_and_is_raised():
    def listener(event: m.Event) -> None:
        if isinstance(event, m.Progress):
            raise LookupError("the listener's bug")

    with SubprocessRunner(SCRIPTED) as runner:
        with pytest.raises(LookupError, match="listener's bug"):
            runner.run(command("steady"), listener)
        assert runner.pid is None
        assert isinstance(runner.run(command("quick"), lambda _: None), m.Completed)


def test_a_second_job_at_the_same_time_is_refused():
    with SubprocessRunner(SCRIPTED) as runner:

        def nested(event: m.Event) -> None:
            with pytest.raises(RuntimeError, match="already"):
                runner.run(command("quick", "k"), lambda _: None)

        assert isinstance(runner.run(command("quick"), nested), m.Completed)


def test_closing_ends_a_worker_that_holds_on_and_closing_twice_is_harmless():
    code = f"say(HELLO)\nsys.stdin.readline()\nsay({encode(DONE)!r})\ntime.sleep(60)"
    runner = SubprocessRunner(fake(code), close_grace=0.3)
    assert runner.run(command("any"), lambda _: None) == DONE
    pid, begin = runner.pid, time.monotonic()
    runner.close()
    runner.close()
    assert not psutil.pid_exists(pid) and time.monotonic() - begin < 3


def test_ending_soon_keeps_the_result_of_a_job_that_obeys_and_no_job_runs_after_it():
    with SubprocessRunner(SCRIPTED) as runner:

        def end(event: m.Event) -> None:
            if isinstance(event, m.Progress):
                threading.Thread(target=runner.end_soon).start()

        ended = runner.run(command("steady"), end)
        assert isinstance(ended, m.Cancelled) and ended.result is not None and not ended.forced
        assert runner.run(command("quick"), pytest.fail) == m.Cancelled(job="j")


@pytest.mark.parametrize("cancelled", [False, True], ids=["running", "already cancelled"])
def test_ending_soon_kills_a_deaf_worker_after_the_grace_of_closing(cancelled: bool):
    begun: list[float] = []
    with SubprocessRunner(fake(DEAF), close_grace=0.3) as runner:

        def hear(event: m.Event) -> None:
            if isinstance(event, m.Progress):
                begun.append(time.monotonic())
                threading.Timer(0.2, runner.end_soon).start()

        ended = runner.run(command("any"), hear, lambda: cancelled and bool(begun))
        assert ended == m.Cancelled(job="j", forced=True)
        assert 0.4 < time.monotonic() - begun[0] < 5


def test_killing_from_another_thread_is_a_crash():
    with SubprocessRunner(SCRIPTED) as runner:

        def kill(event: m.Event) -> None:
            if isinstance(event, m.Progress):
                threading.Thread(target=runner.kill).start()

        assert isinstance(runner.run(command("steady"), kill), m.Crashed)
        assert runner.pid is None
    runner.kill()


def test_a_command_that_is_too_long_is_a_bug_of_the_caller():
    with SubprocessRunner(SCRIPTED) as runner, pytest.raises(ValueError, match="longer than"):
        runner.run(command("x" * (1 << 20)), lambda _: None)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
def test_what_a_crashed_worker_started_is_ended_too(tmp_path: Path):
    note = tmp_path / "child.txt"
    code = f"""
import subprocess
os.setpgrp()
say(HELLO)
sys.stdin.readline()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(note)!r}, "w").write(str(child.pid))
os._exit(5)
"""
    begin = time.monotonic()
    with SubprocessRunner(fake(code)) as runner:
        crashed = runner.run(command("any"), lambda _: None)
    assert isinstance(crashed, m.Crashed) and crashed.exit_code == 5
    assert time.monotonic() - begin < 5
    assert ends(int(note.read_text(encoding="ascii")))

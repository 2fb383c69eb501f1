"""The window's worker: one terminal event a job whatever happens, a free event loop, nothing left behind."""

import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer

from app.jobs.event_slices import EventBacklog
from app.jobs.model_queue import ModelQueue
from app.jobs.worker_process import WorkerProcess
from app.protocol import messages as m
from app.protocol.framing import encode

SCRIPT = Path(__file__).parents[1] / "worker" / "scripted_worker.py"
SCRIPTED = [sys.executable, str(SCRIPT)]
DONE = m.Completed(job="j", result=m.IndexResult(embedded=0, failed=0, seconds=0.0))
BEGUN = m.Progress(job="j", stage="s", done=1)


class Watched:
    """A WorkerProcess and everything it told."""

    def __init__(self, command: list[str] = SCRIPTED, **options) -> None:
        self.events: list[m.Event] = []
        self.ends: list[m.Terminal] = []
        self.crashes: list[m.Crashed] = []
        self.worker = WorkerProcess(command, **options)
        self.worker.event_received.connect(self.events.append)
        self.worker.finished.connect(self.ends.append)
        self.worker.crashed.connect(self.crashes.append)

    def run(self, script: str = "any", job: str = "j") -> None:
        self.worker.run(m.DescribeBackbone(job=job, backbone=script))

    def has(self, kind: type[m.Event]) -> bool:
        return any(isinstance(event, kind) for event in self.events)


@pytest.fixture
def watch(qtbot) -> Iterator[Callable[..., Watched]]:
    made: list[Watched] = []
    before = set(psutil.Process().children(recursive=True))

    def make(command: list[str] = SCRIPTED, **options) -> Watched:
        made.append(Watched(command, **options))
        return made[-1]

    yield make
    for watched in made:
        watched.worker.close()
        assert watched.worker.pid is None and not watched.worker.busy
    assert set(psutil.Process().children(recursive=True)) <= before


def fake(code: str) -> list[str]:
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


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_warm_worker_serves_one_job_after_another(qtbot, watch):
    watched = watch()
    watched.worker.start()
    watched.run("quick", "a")
    assert watched.worker.busy
    qtbot.waitUntil(lambda: len(watched.ends) == 1, timeout=10_000)
    pid = watched.worker.pid
    watched.run("quick", "b")
    qtbot.waitUntil(lambda: len(watched.ends) == 2, timeout=10_000)
    assert [(type(end), end.job) for end in watched.ends] == [(m.Completed, "a"), (m.Completed, "b")]
    assert watched.worker.pid == pid == watched.worker.hello.pid
    assert watched.worker.device.reason == "scripted"
    assert [type(event) for event in watched.events] == [
        m.Hello,
        m.DeviceInfo,
        m.Started,
        m.ItemFailed,
        m.Started,
        m.ItemFailed,
    ]
    assert not watched.crashes


def test_a_second_job_at_the_same_time_is_refused(qtbot, watch):
    watched = watch()
    watched.run("quick")
    with pytest.raises(RuntimeError, match="already"):
        watched.run("quick", "k")


def test_a_cancelled_job_keeps_its_result_and_the_worker(qtbot, watch):
    watched = watch()
    watched.run("steady")
    qtbot.waitUntil(lambda: watched.has(m.Progress), timeout=10_000)
    watched.worker.cancel()
    watched.worker.cancel()
    qtbot.waitUntil(lambda: bool(watched.ends), timeout=5_000)
    (end,) = watched.ends
    assert isinstance(end, m.Cancelled) and end.result is not None and not end.forced
    watched.run("quick")
    qtbot.waitUntil(lambda: len(watched.ends) == 2, timeout=5_000)
    assert isinstance(watched.ends[1], m.Completed)


def test_a_job_that_ignores_cancel_is_killed_in_time_and_the_next_one_gets_a_new_worker(qtbot, watch):
    code = f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
say(HELLO)
sys.stdin.readline()
say({encode(BEGUN)!r})
time.sleep(60)
"""
    watched = watch(fake(code), cancel_grace=0.2, terminate_grace=0.2, close_grace=0.2)
    watched.run()
    qtbot.waitUntil(lambda: watched.has(m.Progress), timeout=10_000)
    pid, begin = watched.worker.pid, time.monotonic()
    watched.worker.cancel()
    qtbot.waitUntil(lambda: bool(watched.ends), timeout=5_000)
    assert watched.ends == [m.Cancelled(job="j", forced=True)]
    assert 0.3 < time.monotonic() - begin < 4
    assert not alive(pid) and not watched.crashes
    watched.run(job="k")
    qtbot.waitUntil(lambda: watched.worker.hello is not None, timeout=10_000)
    assert watched.worker.pid != pid


def test_a_worker_killed_in_the_middle_of_a_job_is_a_crash_with_the_end_of_its_log(qtbot, watch):
    code = f"""
say(HELLO)
sys.stdin.readline()
sys.stderr.write("first words\\nthe last words")
sys.stderr.flush()
say({encode(BEGUN)!r})
time.sleep(60)
"""
    watched = watch(fake(code))
    watched.run()
    qtbot.waitUntil(lambda: watched.has(m.Progress), timeout=10_000)
    psutil.Process(watched.worker.pid).kill()
    qtbot.waitUntil(lambda: bool(watched.ends), timeout=5_000)
    (crashed,) = watched.ends
    assert isinstance(crashed, m.Crashed) and crashed.job == "j"
    assert crashed.log == ("first words", "the last words")
    if sys.platform != "win32":
        assert crashed.exit_code == -9 and "SIGKILL" in crashed.message
    assert watched.crashes == [crashed]


def test_everything_said_before_a_crash_is_told_before_it(qtbot, watch):
    failures = [m.ItemFailed(job="j", item=item, reason="r" * 50) for item in range(3_000)]
    lines = b"".join(encode(failure) for failure in failures)
    note = f"say(HELLO)\nsys.stdin.readline()\nsay({encode(failures[0])!r} * 3000)\nos._exit(9)"
    assert len(lines) > 200_000
    watched = watch(fake(note))
    watched.run()
    qtbot.waitUntil(lambda: bool(watched.ends), timeout=10_000)
    assert len([event for event in watched.events if isinstance(event, m.ItemFailed)]) == 3_000
    assert isinstance(watched.ends[0], m.Crashed) and watched.ends[0].exit_code == 9


def test_an_idle_worker_that_dies_is_told_and_replaced(qtbot, watch):
    watched = watch()
    watched.worker.start()
    qtbot.waitUntil(lambda: watched.worker.hello is not None, timeout=10_000)
    psutil.Process(watched.worker.pid).kill()
    qtbot.waitUntil(lambda: bool(watched.crashes), timeout=5_000)
    assert watched.crashes[0].job is None and not watched.ends
    watched.run("quick")
    qtbot.waitUntil(lambda: bool(watched.ends), timeout=10_000)
    assert isinstance(watched.ends[0], m.Completed)


def test_garbage_and_events_of_other_jobs_are_ignored_and_garbage_is_logged(qtbot, watch, caplog):
    late = m.Failed(job="an earlier job", known=True, message="late")
    code = f"""
say(HELLO)
sys.stdin.readline()
say(b"\\xff\\xfe garbage\\n" + b"x" * 3_000_000 + b"\\n" + {encode(late)!r} + {encode(DONE)!r})
sys.stdin.read()
"""
    watched = watch(fake(code))
    watched.run()
    qtbot.waitUntil(lambda: bool(watched.ends), timeout=10_000)
    assert watched.ends == [DONE]
    assert [record.getMessage()[:23] for record in caplog.records] == ["the worker sent garbage"] * 2


def test_a_program_that_never_says_hello_is_ended_after_the_timeout(qtbot, watch):
    watched = watch(fake("time.sleep(60)"), hello_timeout=0.3)
    watched.run()
    qtbot.waitUntil(lambda: bool(watched.ends), timeout=5_000)
    assert isinstance(watched.ends[0], m.Crashed)
    assert "did not answer within 0.3 seconds" in watched.ends[0].message


def test_cancelling_before_the_hello_ends_the_process(qtbot, watch):
    watched = watch(fake("time.sleep(60)"))
    watched.run()
    watched.worker.cancel()
    qtbot.waitUntil(lambda: bool(watched.ends), timeout=5_000)
    assert watched.ends == [m.Cancelled(job="j")]


def test_a_worker_of_another_version_is_refused(qtbot, watch):
    code = f"say(HELLO.replace(b'\"protocol\":{m.PROTOCOL_VERSION}', b'\"protocol\":99')); sys.stdin.read()"
    watched = watch(fake(code))
    watched.run()
    qtbot.waitUntil(lambda: bool(watched.ends), timeout=10_000)
    assert isinstance(watched.ends[0], m.Crashed) and "protocol 99" in watched.ends[0].message


def test_a_program_that_is_not_there_is_told_in_one_sentence(qtbot, watch, tmp_path):
    watched = watch([str(tmp_path / "absent")])
    watched.run()
    qtbot.waitUntil(lambda: bool(watched.ends), timeout=5_000)
    assert isinstance(watched.ends[0], m.Crashed) and watched.ends[0].exit_code is None
    assert "could not be started" in watched.ends[0].message and "absent" in watched.ends[0].message


def test_closing_cancels_the_running_job_and_ends_the_process(qtbot, watch):
    watched = watch()
    watched.run("steady")
    qtbot.waitUntil(lambda: watched.has(m.Progress), timeout=10_000)
    pid = watched.worker.pid
    watched.worker.close()
    assert not alive(pid)
    assert len(watched.ends) == 1 and isinstance(watched.ends[0], m.Cancelled)
    assert not watched.crashes


def test_closing_kills_a_worker_that_holds_on(qtbot, watch):
    watched = watch(fake(f"say(HELLO)\nsay({encode(BEGUN)!r})\ntime.sleep(60)"), close_grace=0.2)
    watched.run()
    qtbot.waitUntil(lambda: watched.has(m.Progress), timeout=10_000)
    pid = watched.worker.pid
    watched.worker.close()
    assert not alive(pid)
    assert watched.ends == [m.Cancelled(job="j", forced=True)]


@pytest.mark.parametrize("how", ["by its parent", "later", "by python"])
def test_deleting_the_object_while_a_job_runs_leaves_no_process(qtbot, qtlog, how):
    parent = QObject()
    worker = WorkerProcess(SCRIPTED, parent=None if how == "by python" else parent)
    seen: list[m.Event] = []
    worker.event_received.connect(seen.append)
    worker.run(m.DescribeBackbone(job="j", backbone="steady"))
    qtbot.waitUntil(lambda: any(isinstance(event, m.Progress) for event in seen), timeout=10_000)
    pid = worker.pid
    assert alive(pid)
    if how == "later":
        worker.deleteLater()
    del worker, parent
    gc.collect()
    qtbot.waitUntil(lambda: not alive(pid), timeout=5_000)
    assert not [record.message for record in qtlog.records if "Destroyed while process" in record.message]


FAILED = encode(m.ItemFailed(job="j", item=1, reason="no image"))


def flood(seconds: float, portion: bytes) -> str:
    """A worker that says a portion a hundred times a second, and then that it is done."""
    portions = round(seconds * 100)
    return f"""
say(HELLO)
sys.stdin.readline()
begin = time.monotonic()
for part in range({portions}):
    say({portion!r})
    time.sleep(max(0.0, begin + (part + 1) * 0.01 - time.monotonic()))
say({DONE!r}.replace(b'"seconds":0.0', b'"seconds":%f' % (time.monotonic() - begin)))
sys.stdin.read()
""".replace(f"{DONE!r}", f"{encode(DONE)!r}")


@pytest.mark.parametrize("progress", [99, 0], ids=["mostly progress", "every one counts"])
def test_ten_thousand_events_a_second_leave_the_event_loop_free(qtbot, watch, progress):
    interval, seconds = 0.005, 2.0
    told = b"".join(encode(m.Progress(job="j", stage="s", done=done)) for done in range(progress))
    watched = watch(fake(flood(seconds, told + FAILED * (100 - progress))))
    arrived: list[float] = []
    ticks: list[float] = []
    ticker = QTimer(interval=round(1000 * interval), timerType=Qt.TimerType.PreciseTimer)
    ticker.timeout.connect(lambda: ticks.append(time.perf_counter()))
    watched.worker.event_received.connect(lambda _event: arrived.append(time.perf_counter()))
    watched.run()
    with qtbot.waitSignal(watched.worker.event_received, timeout=10_000):
        pass
    ticker.start()
    with qtbot.waitSignal(watched.worker.finished, timeout=20_000):
        pass  # a wait that polls would itself keep the loop busy
    ticker.stop()
    # The flood was one: the worker kept its pace, and the window kept up with it.
    assert watched.ends[0].result.seconds < 1.2 * seconds
    assert arrived[-1] - ticks[0] < 1.5 * seconds
    late = sorted(max(0.0, after - before - interval) for before, after in pairwise(ticks))
    assert len(late) > 0.4 * seconds / interval
    assert late[int(0.99 * len(late))] < 0.033, f"99 % of the ticks are late by {late[int(0.99 * len(late))]}"
    failed = [event for event in watched.events if isinstance(event, m.ItemFailed)]
    assert len(failed) == (100 - progress) * 100 * seconds
    shown = [event for event in watched.events if isinstance(event, m.Progress)]
    if progress:
        assert len(shown) < 2_000 and shown[-1].done == progress - 1


def handles() -> int:
    process = psutil.Process()
    return process.num_fds() if hasattr(process, "num_fds") else process.num_handles()


@pytest.mark.slow
def test_fifty_starts_and_stops_leak_no_process_thread_or_handle(qtbot):
    def once() -> None:
        models = ModelQueue(WorkerProcess(SCRIPTED))
        heard: list[object] = []
        models.worker.event_received.connect(heard.append)
        models.worker.start()
        qtbot.waitUntil(lambda: any(isinstance(one, m.DeviceInfo) for one in heard), timeout=10_000)
        assert models.close()
        models.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    once()  # what is loaded once is no leak
    gc.collect()
    before = set(psutil.Process().children(recursive=True)), set(threading.enumerate()), handles()
    for _ in range(50):
        once()
    gc.collect()
    after = set(psutil.Process().children(recursive=True)), set(threading.enumerate()), handles()
    assert after[:2] == before[:2]
    assert after[2] <= before[2] + 2  # not one for each start


def test_a_slice_ends_with_its_time_and_keeps_the_order_when_a_consumer_starts_another():
    now = [0.0]

    def clock() -> float:
        now[0] += 1.0
        return now[0]

    def failed(item: int) -> m.ItemFailed:
        return m.ItemFailed(job="j", item=item, reason="r")

    def progress(done: int) -> m.Progress:
        return m.Progress(job="j", stage="s", done=done)

    sent = [progress(1), progress(2), failed(1), progress(3), failed(2), progress(4), failed(3)]
    backlog = EventBacklog(clock)
    backlog.extend([encode(event) for event in sent])
    assert list(backlog.take(3.5)) == [progress(2)] and len(backlog) == 5
    told: list[m.Event] = []
    for event in backlog.take(100):
        told.append(event)
        told.extend(backlog.take(100))
    assert told == [failed(1), progress(3), failed(2), progress(4), failed(3)]

"""The model queue: a worker that ends with it, news on the window's thread, a free event loop."""

import gc
import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QThread, QTimer, Slot

from app.bootstrap import SWITCH_SECONDS
from app.domain.progress import Progress
from app.jobs.threads.model_queue import ModelQueue, Task
from app.protocol import messages as m
from app.protocol.framing import encode
from app.services.runner.runner import Interruption, WorkInterrupted
from app.services.runner.subprocess_runner import SubprocessRunner

SCRIPT = Path(__file__).parents[2] / "worker" / "scripted_worker.py"
SCRIPTED = [sys.executable, str(SCRIPT)]
BEGUN = m.Progress(job="j", stage="s", done=1)
DONE = m.Completed(job="j", result=m.IndexResult(embedded=0, failed=0, seconds=0.0))
PATIENCE = 20_000


class Window(QObject):
    """Gives one kind of work to a queue, and keeps what it is told."""

    def __init__(self, command: list[str], **graces: float) -> None:
        super().__init__()
        self.models = ModelQueue(SubprocessRunner(command, **graces))
        self.results: list[object] = []
        self.errors: list[BaseException] = []
        self.progress: list[Progress] = []
        self.events: list[m.Event] = []
        self.devices: list[tuple[str, str]] = []
        self.threads: set[bool] = set()
        self.models.event_received.connect(self.hear)
        self.models.device_known.connect(self.note_device)

    def run(self, script: str, heard: list[m.Event] | None = None) -> Task:
        def work(runner, on_progress, should_stop):
            def hear(event: m.Event) -> None:
                if heard is not None:
                    heard.append(event)
                if isinstance(event, m.Progress):
                    on_progress(Progress(event.stage, event.done, event.total))

            return runner.run(m.DescribeBackbone(job="j", backbone=script), hear, should_stop)

        return self.submit(work)

    def submit(self, work) -> Task:
        return self.models.submit(work, then=self.take, failed=self.fail, on_progress=self.follow)

    def take(self, result: object) -> None:
        self._note_thread()
        self.results.append(result)

    def fail(self, error: BaseException) -> None:
        self._note_thread()
        self.errors.append(error)

    def follow(self, progress: Progress) -> None:
        self._note_thread()
        self.progress.append(progress)

    @Slot(object)
    def hear(self, event: m.Event) -> None:
        self._note_thread()
        self.events.append(event)

    @Slot(str, str)
    def note_device(self, name: str, reason: str) -> None:
        self._note_thread()
        self.devices.append((name, reason))

    def _note_thread(self) -> None:
        self.threads.add(QThread.currentThread() is self.thread())


@pytest.fixture
def make(qtbot) -> Iterator[Callable[..., Window]]:
    windows: list[Window] = []
    before = set(psutil.Process().children(recursive=True))

    def start(command: list[str] = SCRIPTED, **graces: float) -> Window:
        windows.append(Window(command, **graces))
        return windows[-1]

    yield start
    for one in windows:
        one.models.close()
        assert one.models.worker_pid is None
        assert one.threads <= {True}
    windows.clear()
    assert set(psutil.Process().children(recursive=True)) <= before
    gc.collect()  # QObjects must not become garbage that another thread collects


def fake(code: str) -> list[str]:
    """A worker of a few lines; HELLO is its greeting."""
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


def begun(qtbot, window: Window) -> int:
    """The process id of the worker, once its job has told progress."""
    qtbot.waitUntil(lambda: bool(window.progress), timeout=PATIENCE)
    pid = window.models.worker_pid
    assert pid is not None and alive(pid)
    return pid


@pytest.mark.slow
def test_the_device_is_told_once_and_the_worker_stays_warm(qtbot, make):
    window = make()
    window.run("quick")
    window.run("quick")
    assert window.models.pending == 2
    qtbot.waitUntil(lambda: len(window.results) == 2, timeout=PATIENCE)
    assert all(isinstance(result, m.Completed) for result in window.results)
    assert window.devices == [("cpu", "scripted")]
    assert alive(window.models.worker_pid)


def test_a_chosen_device_is_told_when_a_job_has_started_there(qtbot, make):
    window = make()
    assert window.models.device is None
    window.models.use_device("cuda")
    assert window.models.device == "cuda"
    window.run("quick")
    qtbot.waitUntil(lambda: bool(window.results), timeout=PATIENCE)
    window.models.use_device(None)
    assert window.models.device == "cpu"
    assert window.devices[-1] == ("cpu", "You chose this device in the preferences.")


def test_only_curve_points_and_warnings_are_told_beside_the_work(qtbot, make):
    point = m.EpochDone(job="j", part=1, parts=1, fold=None, epoch=1, epochs=1, loss=0.5)
    warning = m.WorkerWarning(job="j", text="The batch was halved.")
    item = m.ItemFailed(job="j", item=1, reason="no image")
    said = b"".join(encode(event) for event in (item, point, warning, DONE))
    window, heard = make(fake(f"say(HELLO)\nsys.stdin.readline()\nsay({said!r})\nsys.stdin.read()")), []
    window.run("any", heard)
    qtbot.waitUntil(lambda: bool(window.results), timeout=PATIENCE)
    assert window.events == [point, warning]
    assert heard[1:] == [item, point, warning]


@pytest.mark.slow
def test_a_worker_that_was_killed_while_idle_is_replaced(qtbot, make):
    window = make()
    window.run("quick")
    qtbot.waitUntil(lambda: bool(window.results), timeout=PATIENCE)
    pid = window.models.worker_pid
    psutil.Process(pid).kill()
    qtbot.wait(300)  # its main thread is a zombie before the others have ended
    window.run("quick")
    qtbot.waitUntil(lambda: len(window.results) == 2, timeout=PATIENCE)
    assert isinstance(window.results[1], m.Completed) and window.models.worker_pid != pid


def test_closing_over_a_job_interrupts_it_and_ends_the_worker(qtbot, make):
    window = make()
    task = window.run("steady")
    pid = begun(qtbot, window)
    assert window.models.close()
    assert window.models.close()
    assert not alive(pid)
    assert isinstance(task.error, WorkInterrupted) and task.error.why is Interruption.CLOSED
    qtbot.wait(50)
    assert not window.errors  # nobody asks about it after closing
    with pytest.raises(RuntimeError, match="closed"):
        window.run("quick")


def test_closing_kills_a_worker_that_hears_nothing(qtbot, make):
    window = make(fake(f"say(HELLO)\nsay({encode(BEGUN)!r})\ntime.sleep(60)"), close_grace=0.2)
    window.run("any")
    pid, began = begun(qtbot, window), time.monotonic()
    assert window.models.close()
    assert time.monotonic() - began < 5
    assert not alive(pid)


def test_closing_ends_a_worker_that_has_not_said_hello(qtbot, make):
    window = make(fake("time.sleep(60)"))
    task = window.run("any")
    qtbot.waitUntil(lambda: window.models.worker_pid is not None, timeout=PATIENCE)
    pid = window.models.worker_pid
    assert window.models.close()
    assert not alive(pid)
    assert isinstance(task.error, WorkInterrupted)


def test_closing_kills_the_worker_although_the_work_does_not_end(qtbot, make):
    window, hold, pids = make(), threading.Event(), []

    def work(runner, on_progress, should_stop):
        runner.run(m.DescribeBackbone(job="j", backbone="quick"), lambda _: None)
        pids.append(runner.worker_pid)
        hold.wait(20)

    window.submit(work)
    qtbot.waitUntil(lambda: bool(pids), timeout=PATIENCE)
    assert not window.models.close(limit=0.2)
    assert waited(lambda: not alive(pids[0]), 3)
    hold.set()
    assert window.models.close()


@pytest.mark.parametrize("cancelled", [False, True])
def test_work_that_begins_a_job_after_closing_gets_no_worker(qtbot, make, cancelled):
    window, ready, hold = make(), threading.Event(), threading.Event()

    def work(runner, on_progress, should_stop):
        ready.set()
        hold.wait(20)
        return runner.run(m.DescribeBackbone(job="j", backbone="quick"), lambda _: None)

    task = window.submit(work)
    assert ready.wait(20)
    if cancelled:
        window.models.cancel(task)
    assert not window.models.close(limit=0.05)
    hold.set()
    assert window.models.close()
    if cancelled:  # it stays so: the next opening must not resume it
        assert task.result == m.Cancelled(job="j")
    else:
        assert isinstance(task.error, WorkInterrupted)


def test_brief_work_is_done_between_the_parts_of_long_work_and_other_long_work_waits(qtbot, make):
    window, order = make(), []

    def long_work(models, _on_progress, _should_stop):
        begun.set()
        assert submitted.wait(PATIENCE / 1000)
        order.append("first part")
        models.do_brief_work()
        order.append("second part")

    begun, submitted = threading.Event(), threading.Event()
    window.models.submit(long_work, brief=False)
    assert begun.wait(PATIENCE / 1000)
    window.models.submit(lambda *_: order.append("other long work"), brief=False)
    window.models.submit(lambda *_: order.append("brief work"))
    submitted.set()
    qtbot.waitUntil(lambda: len(order) == 4, timeout=PATIENCE)
    assert order == ["first part", "brief work", "second part", "other long work"]


def test_closing_during_brief_work_also_ends_the_long_work_around_it(qtbot, make):
    window, seen = make(), []

    def long_work(models, _on_progress, should_stop):
        waiting.wait(PATIENCE / 1000)
        models.do_brief_work()
        seen.append(should_stop())

    def brief_work(_models, _on_progress, should_stop):
        begun.set()
        while not should_stop():
            time.sleep(0.001)

    begun, waiting = threading.Event(), threading.Event()
    window.models.submit(long_work, brief=False)
    window.models.submit(brief_work)
    waiting.set()
    assert begun.wait(PATIENCE / 1000)
    assert window.models.close()
    assert seen == [True]


@pytest.mark.parametrize("script", ["steady", "quick"], ids=["running", "idle"])
def test_deleting_the_queue_leaves_no_process_and_no_thread(qtbot, script):
    window = Window(SCRIPTED)
    window.run(script)
    qtbot.waitUntil(lambda: bool(window.progress or window.results), timeout=PATIENCE)
    pid, thread = window.models.worker_pid, window.models._thread
    window.models.deleteLater()
    qtbot.waitUntil(lambda: not alive(pid) and not thread.is_alive(), timeout=PATIENCE)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_killing_the_window_ends_the_worker(tmp_path):
    note = tmp_path / "pid.txt"
    program = textwrap.dedent(f"""
        import pathlib, time
        from app.jobs.threads.model_queue import ModelQueue
        from app.protocol.messages import DescribeBackbone, Progress
        from app.services.runner.subprocess_runner import SubprocessRunner

        def work(runner, on_progress, should_stop):
            def hear(event):
                if isinstance(event, Progress):
                    pathlib.Path({str(note)!r}).write_text(str(runner.worker_pid))
            runner.run(DescribeBackbone(job="j", backbone="steady"), hear, should_stop)

        models = ModelQueue(SubprocessRunner({SCRIPTED!r}))
        models.submit(work)
        time.sleep(60)
    """)
    root = Path(__file__).parents[3]
    window = subprocess.Popen([sys.executable, "-c", program], cwd=root, stderr=subprocess.DEVNULL)
    try:
        assert waited(lambda: note.exists() and note.read_text(encoding="ascii") != "", 30)
        pid = int(note.read_text(encoding="ascii"))
        assert alive(pid)
    finally:
        window.kill()
        window.wait(5)
    assert waited(lambda: not alive(pid), 3)


def waited(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


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


@pytest.fixture
def switching() -> Iterator[None]:
    """Threads take turns as they do in the window."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.slow
@pytest.mark.parametrize("progress", [99, 0], ids=["mostly progress", "every one counts"])
def test_ten_thousand_events_a_second_leave_the_event_loop_free(qtbot, make, progress, switching):
    interval, seconds = 0.005, 2.0
    told = b"".join(encode(m.Progress(job="j", stage="s", done=done)) for done in range(progress))
    window = make(fake(flood(seconds, told + FAILED * (100 - progress))))
    ticks: list[float] = []
    heard: list[m.Event] = []
    ticker = QTimer(interval=round(1000 * interval), timerType=Qt.TimerType.PreciseTimer)
    ticker.timeout.connect(lambda: ticks.append(time.perf_counter()))
    ticker.start()
    window.run("any", heard)
    while not window.results:  # a wait that polls would itself keep the loop busy
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    ticker.stop()
    assert window.results[0].result.seconds < 1.2 * seconds  # the worker kept its pace
    late = sorted(max(0.0, after - before - interval) for before, after in pairwise(ticks))
    assert len(late) > 0.4 * seconds / interval
    assert late[int(0.99 * len(late))] < 0.033, f"99 % of the ticks are late by {late[int(0.99 * len(late))]}"
    failed = [event for event in heard if isinstance(event, m.ItemFailed)]
    assert len(failed) == (100 - progress) * 100 * seconds
    assert len(window.progress) <= 15 * seconds


def handles() -> int:
    process = psutil.Process()
    return process.num_fds() if hasattr(process, "num_fds") else process.num_handles()


@pytest.mark.slow
def test_twenty_starts_and_stops_leak_no_process_thread_or_handle(qtbot):
    def once() -> None:
        window = Window(SCRIPTED)
        window.run("quick")
        qtbot.waitUntil(lambda: bool(window.results), timeout=PATIENCE)
        assert window.models.close()
        window.models.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    once()  # what is loaded once is no leak
    gc.collect()
    before = set(psutil.Process().children(recursive=True)), set(threading.enumerate()), handles()
    for _ in range(20):
        once()
    gc.collect()
    after = set(psutil.Process().children(recursive=True)), set(threading.enumerate()), handles()
    assert after[:2] == before[:2]
    assert after[2] <= before[2] + 2  # not one for each start

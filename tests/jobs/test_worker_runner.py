"""A service in a thread of its own runs jobs on the window's worker."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from app.jobs.worker_process import WorkerProcess
from app.jobs.worker_runner import WorkerRunner
from app.protocol import messages as m

SCRIPT = Path(__file__).parents[1] / "worker" / "scripted_worker.py"


class Call(threading.Thread):
    """One blocking call; ``outcome`` is its result or its exception."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__(name="service")
        self._call = call
        self.outcome: object = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self._call()
        except BaseException as error:
            self.outcome = error


@pytest.fixture
def worker(qtbot) -> Iterator[WorkerProcess]:
    worker = WorkerProcess([sys.executable, str(SCRIPT)])
    yield worker
    worker.close()


@pytest.fixture
def call(qtbot, worker: WorkerProcess) -> Iterator[Callable[..., Call]]:
    runner = WorkerRunner(worker)
    calls: list[Call] = []

    def start(script: str, on_event=lambda _: None, should_stop=None, job: str = "j") -> Call:
        command = m.DescribeBackbone(job=job, backbone=script)
        calls.append(Call(lambda: runner.run(command, on_event, should_stop)))
        return calls[-1]

    yield start
    worker.close()
    for one in calls:
        one.join(5)
        assert not one.is_alive()


def ended(qtbot, call: Call) -> object:
    qtbot.waitUntil(lambda: not call.is_alive(), timeout=10_000)
    return call.outcome


def test_events_and_the_terminal_event_come_in_the_calling_thread(qtbot, call):
    heard: list[tuple[str, str]] = []
    done = call("quick", lambda event: heard.append((event.type, threading.current_thread().name)))
    assert isinstance(ended(qtbot, done), m.Completed)
    assert [kind for kind, _ in heard] == ["hello", "device_info", "started", "item_failed"]
    assert {thread for _, thread in heard} == {"service"}


def test_a_stop_cancels_the_job_and_the_worker_is_free_for_the_next(qtbot, call):
    seen: list[m.Event] = []
    stopped = ended(qtbot, call("steady", seen.append, lambda: len(seen) > 4))
    assert isinstance(stopped, m.Cancelled) and stopped.result is not None
    assert isinstance(ended(qtbot, call("quick")), m.Completed)


def test_jobs_of_several_threads_wait_for_each_other(qtbot, call):
    calls = [call("steady:5", job=name) for name in ("a", "b", "c")]
    outcomes = [ended(qtbot, one) for one in calls]
    assert [(type(outcome), outcome.job) for outcome in outcomes] == [
        (m.Completed, "a"),
        (m.Completed, "b"),
        (m.Completed, "c"),
    ]


def test_a_crash_is_told_to_the_waiting_thread(qtbot, call):
    crashed = ended(qtbot, call("dies:3"))
    assert isinstance(crashed, m.Crashed) and (crashed.job, crashed.exit_code) == ("j", 3)


def test_closing_the_worker_frees_the_waiting_thread(qtbot, call, worker):
    begun = threading.Event()
    waiting = call("steady", lambda event: begun.set())
    qtbot.waitUntil(begun.is_set, timeout=10_000)
    qtbot.waitUntil(lambda: worker.busy, timeout=10_000)
    worker.close()
    assert isinstance(ended(qtbot, waiting), m.Cancelled)


def test_deleting_the_worker_frees_the_waiting_thread(qtbot):
    worker = WorkerProcess([sys.executable, str(SCRIPT)])
    runner, begun = WorkerRunner(worker), threading.Event()
    command = m.DescribeBackbone(job="j", backbone="steady")
    waiting = Call(lambda: runner.run(command, lambda event: begun.set()))
    qtbot.waitUntil(begun.is_set, timeout=10_000)
    worker.deleteLater()
    crashed = ended(qtbot, waiting)
    assert isinstance(crashed, m.Crashed) and crashed.job == "j" and "with the window" in crashed.message


def test_a_bug_in_the_listener_ends_the_job_and_is_raised_in_the_thread(qtbot, call, worker):
    def listener(event: m.Event) -> None:
        if isinstance(event, m.Progress):
            raise LookupError("the listener's bug")

    assert isinstance(ended(qtbot, call("steady", listener)), LookupError)
    assert not worker.busy
    assert isinstance(ended(qtbot, call("quick")), m.Completed)


def test_a_worker_that_runs_somebody_elses_job_refuses_and_leaves_that_alone(qtbot, call, worker):
    ends: list[m.Terminal] = []
    worker.finished.connect(ends.append)
    worker.run(m.DescribeBackbone(job="window", backbone="steady:10"))
    refused = ended(qtbot, call("quick"))
    assert isinstance(refused, RuntimeError) and "already" in str(refused)
    qtbot.waitUntil(lambda: bool(ends), timeout=10_000)
    assert isinstance(ends[0], m.Completed) and ends[0].job == "window"


def test_the_event_loops_own_thread_is_refused(qtbot, worker):
    with pytest.raises(RuntimeError, match="event loop"):
        WorkerRunner(worker).run(m.DescribeBackbone(job="j", backbone="quick"), lambda _: None)

"""Tuning in a worker process: killed, noisy, ignoring a cancel, and while a person labels."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from tuning_projects import patchy_project, patchy_runner

from app.domain.errors import CancelledError
from app.domain.labels import Decision, LabelState
from app.protocol import messages as m
from app.services.labelling.decisions import decide, label_states
from app.services.runner.runner import WorkerCrashedError
from app.services.runner.subprocess_runner import SubprocessRunner
from app.services.training.training import can_resume, train
from app.services.versions.files import work_folder
from app.services.versions.versions import versions
from app.storage import jobs
from app.storage.jobs import JobState
from cprfl_core.tuning.scores import TunedScores

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
HERE = Path(__file__).parents[1]


@pytest.fixture
def project(tmp_path):
    with patchy_project(tmp_path, count=60, reviewed=45) as made:
        yield made


@pytest.fixture
def worker(monkeypatch):
    """``worker("real")`` gives a runner over a process of that manner; all are ended with the test."""
    paths = [str(HERE), str(HERE.parent.parent), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    made = []

    def start(manner: str, **more) -> SubprocessRunner:
        made.append(SubprocessRunner([sys.executable, str(HERE / "training_worker.py"), manner], **more))
        return made[-1]

    yield start
    for runner in made:
        runner.close()


def newest_job(project):
    with project.db.read() as s:
        return jobs.all_jobs(s)[0]


def test_a_worker_that_is_killed_is_a_crash_and_the_next_run_gives_the_same_numbers(
    project, worker, tmp_path
):
    runner = worker("real")

    def kill(event):
        if isinstance(event, m.EpochDone) and event.part == 3:
            os.kill(runner.pid, signal.SIGKILL)

    with pytest.raises(WorkerCrashedError):
        train(project, runner, on_event=kill, epochs=1)
    assert newest_job(project).state is JobState.CRASHED
    assert versions(project) == []
    assert can_resume(project)
    heard = []
    assert train(project, worker("real"), on_event=heard.append, epochs=1).resumed
    assert min(event.part for event in heard if isinstance(event, m.EpochDone)) >= 3
    with patchy_project(tmp_path / "other", count=60, reviewed=45) as other:
        train(other, worker("real"), epochs=1)
        whole = TunedScores.load(other.layout.scores / "1.npy")
    again = TunedScores.load(project.layout.scores / "1.npy")
    np.testing.assert_array_equal(again.values, whole.values)


def test_garbage_on_the_worker_s_output_is_ignored(project, worker):
    report = train(project, worker("noisy"), epochs=1)
    assert report.model == "v1"
    assert newest_job(project).state is JobState.COMPLETED


def test_a_worker_that_ignores_a_cancel_is_killed_with_what_it_started(project, worker):
    runner = worker("stubborn", cancel_grace=0.5, terminate_grace=0.5)
    heard = []

    def hear(event):
        if isinstance(event, m.Progress):
            heard.append(event)

    begin = time.monotonic()
    child = None

    def stop():
        nonlocal child, begin
        if heard and child is None:
            child = int((work_folder(project) / "child").read_text("ascii"))
            begin = time.monotonic()
        return bool(heard)

    with pytest.raises(CancelledError):
        train(project, runner, None, stop, hear)
    assert time.monotonic() - begin < 15
    assert child is not None
    deadline = time.monotonic() + 5
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the worker's child lives on"
        time.sleep(0.05)
    assert versions(project) == []
    assert not can_resume(project)


def test_every_decision_made_while_another_process_tunes_is_kept(project, worker):
    table = label_states(project)
    free = table.image_ids[45:]
    entries = [(image_id, category_id) for image_id in free for category_id in table.category_ids]
    done = threading.Event()
    failures: list[BaseException] = []

    def tune():
        try:
            train(project, worker("real"), epochs=6)
        except BaseException as error:
            failures.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=tune)
    thread.start()
    seconds = []
    for image_id, category_id in entries:
        begin = time.perf_counter()
        decide(project, [Decision(image_id, category_id, LabelState.YES)])
        seconds.append(time.perf_counter() - begin)
        if done.wait(0.02):
            break
    thread.join()
    assert failures == []
    decided = len(seconds)
    states = label_states(project).matrix()
    assert (states[45:] == 1).sum() == decided
    assert decided >= 20
    assert np.median(seconds) < 0.1


def test_one_runner_tunes_again_and_again_without_leaving_anything_behind(project, worker):
    train(project, patchy_runner(), epochs=1)
    me = psutil.Process()
    # An earlier test of this process may have left helpers of its libraries, such as a resource tracker.
    before = set(me.children(recursive=True))
    runner = worker("real")
    counts = []
    for _ in range(4):
        train(project, runner, epochs=1)
        counts.append((len(me.children(recursive=True)), me.num_fds(), threading.active_count()))
    assert counts[1] == counts[-1]
    runner.close()
    assert set(me.children(recursive=True)) <= before

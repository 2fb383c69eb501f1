"""Long work that is paused, put off by closing, and taken up: with a worker process that knows colours."""

import gc
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
import pytest

from app.domain.errors import CancelledError
from app.domain.progress import Progress
from app.jobs.project.session import ProjectSession
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.values.session import JobPhase
from app.jobs.work.controller import JobController
from app.jobs.work.kinds import INDEX, SCAN, THUMBNAILS, TRAIN
from app.services.project.project import open_project
from app.services.runner.job_records import resume_later
from app.services.runner.runner import Interruption, WorkInterrupted
from app.services.runner.subprocess_runner import SubprocessRunner

HERE = Path(__file__).parents[1]
PATIENCE = 20_000


class Program:
    """What the window holds, without the window."""

    def __init__(self, runner: SubprocessRunner) -> None:
        self.models = ModelQueue(runner)
        self.session = ProjectSession(self.models)
        self.jobs = JobController(self.models, self.session)
        for source in (self.session, self.jobs):
            source.bug.connect(pytest.fail)

    def close(self) -> None:
        assert self.jobs.close()
        assert self.session.close()

    def states(self) -> dict[str, JobPhase]:
        return {job.kind: job.state for job in self.jobs.jobs()}

    def job(self, kind: str = "index"):
        return next((job for job in self.jobs.jobs() if job.kind == kind), None)


@pytest.fixture
def program(qtbot):
    programs = []

    def make(seconds: float = 0.0, script: str = "colour_worker.py", **graces: float) -> Program:
        command = [sys.executable, str(HERE / script), str(seconds)]
        programs.append(Program(SubprocessRunner(command, **graces)))
        return programs[-1]

    yield make
    for one in programs:
        one.close()
    del one
    programs.clear()
    gc.collect()


@pytest.fixture
def folder(project):
    project.close()
    return project.folder


def opened(qtbot, program, folder):
    with qtbot.waitSignal(program.session.info_changed, timeout=PATIENCE):
        program.session.open(folder)
    return program


def reached(qtbot, program, state, kind="index"):
    qtbot.waitUntil(lambda: program.states().get(kind) is state, timeout=PATIENCE)


def begun(qtbot, program):
    program.jobs.start_indexing()
    qtbot.waitUntil(lambda: any(job.done for job in program.jobs.running()), timeout=PATIENCE)
    return program.job()


@pytest.mark.slow
def test_a_paused_job_keeps_what_is_done_and_resumes_from_there(qtbot, program, folder):
    one = opened(qtbot, program(0.25), folder)
    job = begun(qtbot, one)
    assert job.can_pause
    one.jobs.pause(job.id)
    assert one.states() == {"index": JobPhase.PAUSING}
    reached(qtbot, one, JobPhase.PAUSED)
    assert one.models.worker_pid is not None  # it stays warm for what comes next
    one.jobs.resume(job.id)
    with qtbot.waitSignal(one.jobs.succeeded, timeout=PATIENCE) as done:
        pass
    assert done.args[1].skipped >= 1
    assert done.args[1].embedded + done.args[1].skipped == 5


@pytest.mark.slow
def test_a_paused_job_lets_other_work_run(qtbot, program, folder):
    one = opened(qtbot, program(0.25), folder)
    one.jobs.pause(begun(qtbot, one).id)
    reached(qtbot, one, JobPhase.PAUSED)
    with qtbot.waitSignal(one.jobs.succeeded, timeout=PATIENCE):
        one.jobs.start_scan()
    assert one.states() == {"index": JobPhase.PAUSED, "scan": JobPhase.COMPLETED}


@pytest.mark.slow
def test_pausing_survives_closing(qtbot, program, folder):
    one = opened(qtbot, program(0.25), folder)
    one.jobs.pause(begun(qtbot, one).id)
    reached(qtbot, one, JobPhase.PAUSED)
    one.close()
    again = opened(qtbot, program(), folder)
    reached(qtbot, again, JobPhase.PAUSED)
    again.jobs.resume(again.job().id)
    reached(qtbot, again, JobPhase.COMPLETED)


@pytest.mark.slow
def test_a_paused_job_that_is_dismissed_is_not_offered_again(qtbot, program, folder):
    one = opened(qtbot, program(0.25), folder)
    one.jobs.pause(begun(qtbot, one).id)
    reached(qtbot, one, JobPhase.PAUSED)
    one.jobs.dismiss(one.job().id)
    assert one.states() == {}
    one.close()
    again = opened(qtbot, program(), folder)
    qtbot.waitUntil(lambda: again.session.pending == 0, timeout=PATIENCE)
    assert again.states() == {}


@pytest.mark.slow
def test_work_of_a_closed_project_resumes_when_it_is_opened_again(qtbot, program, folder):
    one = opened(qtbot, program(0.25), folder)
    begun(qtbot, one)
    one.session.close()
    assert one.states() == {"index": JobPhase.PAUSING}
    opened(qtbot, one, folder)
    reached(qtbot, one, JobPhase.COMPLETED)
    assert one.states() == {"index": JobPhase.COMPLETED}


@pytest.mark.slow
def test_work_that_waited_when_the_project_was_closed_begins_with_the_next_opening(qtbot, program, folder):
    one = opened(qtbot, program(0.25), folder)
    begun(qtbot, one)
    one.jobs.start_scan()
    assert one.states()["scan"] is JobPhase.WAITING
    one.close()
    again = opened(qtbot, program(), folder)
    reached(qtbot, again, JobPhase.COMPLETED, "scan")
    reached(qtbot, again, JobPhase.COMPLETED, "index")


@pytest.mark.slow
def test_work_that_resumes_automatically_waits_for_the_suggestions(qtbot, program, folder):
    one = opened(qtbot, program(), folder)
    with qtbot.waitSignal(one.session.scores_changed, timeout=PATIENCE):
        one.jobs.start_indexing()
    one.close()
    with open_project(folder) as project:
        resume_later(project, "scan")
    again, then = program(), []
    again.session.scores_changed.connect(lambda: then.append(again.states()["scan"]))
    opened(qtbot, again, folder)
    reached(qtbot, again, JobPhase.COMPLETED, "scan")
    assert then[0] in {JobPhase.INTERRUPTED, JobPhase.WAITING}  # whichever listener is told first


def test_work_dismissed_before_it_resumes_does_not_resume(qtbot, program, folder):
    with open_project(folder) as project:
        resume_later(project, "scan")
    one = program()
    one.jobs.jobs_changed.connect(lambda jobs: one.jobs.dismiss(jobs[0].id) if jobs else None)
    opened(qtbot, one, folder)
    qtbot.waitUntil(lambda: one.session.pending == 0 and one.models.pending == 0, timeout=PATIENCE)
    assert one.states() == {}


@pytest.mark.slow
def test_waiting_work_is_stopped_immediately(qtbot, program, folder):
    one = opened(qtbot, program(0.25), folder)
    begun(qtbot, one)
    waiting = one.jobs.start_scan()
    one.jobs.pause(waiting)
    assert one.states()["scan"] is JobPhase.WAITING
    one.jobs.cancel(waiting)
    reached(qtbot, one, JobPhase.CANCELLED, "scan")
    assert one.states()["index"] is JobPhase.RUNNING


@pytest.mark.slow
def test_closing_ends_in_time_although_the_worker_does_not_respond(qtbot, program, folder):
    one = opened(qtbot, program(script="deaf_worker.py", close_grace=0.3), folder)
    begun(qtbot, one)
    process, began = psutil.Process(one.models.worker_pid), time.monotonic()
    one.close()
    assert time.monotonic() - began < 5
    assert not process.is_running()
    again = opened(qtbot, program(), folder)
    reached(qtbot, again, JobPhase.COMPLETED)


@pytest.mark.slow
def test_pausing_ends_a_worker_that_does_not_respond(qtbot, program, folder):
    one = opened(qtbot, program(script="deaf_worker.py", cancel_grace=0.1, terminate_grace=0.1), folder)
    one.jobs.pause(begun(qtbot, one).id)
    reached(qtbot, one, JobPhase.PAUSED)
    assert "1 of 5 are done" in one.job().message


def waiting_work(done):
    """Work of any kind: it stops when it is asked to, as services do, and is told why by the queue."""

    def work(queue, on_progress, should_stop):
        on_progress(Progress("Tuning", 1, 10))
        while not should_stop():
            time.sleep(0.01)
        try:
            queue.raise_interruption()
        except BaseException as error:
            done.append(error)
            raise
        raise CancelledError("Stopped.")

    return work


@pytest.mark.parametrize(
    ("how", "end"),
    [
        ("pause", (JobPhase.PAUSED, WorkInterrupted)),
        ("cancel", (JobPhase.CANCELLED, None)),
        ("discard", (JobPhase.CANCELLED, CancelledError)),
    ],
)
def test_any_kind_of_work_is_paused_cancelled_and_discarded_alike(qtbot, program, folder, how, end):
    state, error = end
    one, done = opened(qtbot, program(), folder), []
    job = one.jobs.begin(TRAIN, waiting_work(done))
    reached(qtbot, one, JobPhase.RUNNING, "train")
    assert one.jobs.begin(TRAIN, waiting_work(done)) is None
    getattr(one.jobs, how)(job)
    reached(qtbot, one, state, "train")
    assert [type(one) for one in done] == ([] if error is None else [error])


def test_closing_the_window_interrupts_and_does_not_cancel(qtbot, program, folder):
    one, done = opened(qtbot, program(), folder), []
    one.jobs.begin(TRAIN, waiting_work(done))
    reached(qtbot, one, JobPhase.RUNNING, "train")
    one.jobs.close()
    assert done[0].why is Interruption.CLOSED
    assert one.states() == {"train": JobPhase.INTERRUPTED}


def test_thumbnails_are_made_in_the_list_of_jobs(qtbot, program, folder):
    one = opened(qtbot, program(), folder)
    with qtbot.waitSignal(one.jobs.succeeded, timeout=PATIENCE):
        one.jobs.begin(THUMBNAILS)
    assert one.job("thumbnails").message == "5 thumbnails are ready."


def test_every_kind_of_project_work_says_what_closing_means():
    for kind in (INDEX, SCAN, TRAIN, THUMBNAILS):
        assert kind.can_pause
        assert kind.kept.endswith(".") and kind.kept[0].islower()

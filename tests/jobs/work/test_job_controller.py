"""Indexing from the window: progress, cancel, a worker that dies, resuming, a clean end."""

import gc
import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
import pytest

from app.jobs.project.session import ProjectSession
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.values.session import JobPhase
from app.jobs.work.controller import JobController, NewProject
from app.jobs.work.kinds import CHECK, DOWNLOAD
from app.protocol.messages import Crashed
from app.services.runner.runner import WorkerCrashedError
from app.services.runner.subprocess_runner import SubprocessRunner

WORKER = Path(__file__).parents[1].joinpath("colour_worker.py")
PATIENCE = 20_000


class Window:
    """What the window holds, without the window."""

    def __init__(self, seconds: float) -> None:
        self.models = ModelQueue(SubprocessRunner([sys.executable, str(WORKER), str(seconds)]))
        self.session = ProjectSession(self.models)
        self.jobs = JobController(self.models, self.session)
        self.told = []
        self.jobs.jobs_changed.connect(self.told.extend)
        for source in (self.session, self.jobs):
            source.bug.connect(pytest.fail)

    def close(self) -> None:
        assert self.jobs.close()
        assert self.session.close()
        assert self.models.worker_pid is None

    def state(self) -> JobPhase | None:
        jobs = self.jobs.jobs()
        return jobs[-1].state if jobs else None


@pytest.fixture
def window(qtbot):
    windows = []

    def make(seconds: float = 0.0) -> Window:
        windows.append(Window(seconds))
        return windows[-1]

    yield make
    for one in windows:
        one.close()
    del one
    windows.clear()
    # QObjects must not become garbage that another thread collects.
    gc.collect()


@pytest.fixture
def folder(project):
    project.close()
    return project.folder


def opened(qtbot, window, folder):
    with qtbot.waitSignal(window.session.suggestions_missing, timeout=PATIENCE):
        window.session.open(folder)
    return window


def running(qtbot, window):
    qtbot.waitUntil(lambda: any(job.done for job in window.jobs.running()), timeout=PATIENCE)


def test_indexing_reports_progress_and_leads_to_suggestions(qtbot, window, folder):
    one = opened(qtbot, window(), folder)
    with qtbot.waitSignal(one.session.scores_changed, timeout=PATIENCE):
        one.jobs.start_indexing()
    assert one.state() is JobPhase.COMPLETED
    assert one.session.info.indexed == 5
    assert (5, 5) in {(job.done, job.total) for job in one.told}
    assert "5 images" in one.jobs.jobs()[-1].message


def test_only_one_indexing_runs_at_a_time(qtbot, window, folder):
    one = opened(qtbot, window(0.2), folder)
    assert one.jobs.start_indexing() is not None
    assert one.jobs.start_indexing() is None


@pytest.mark.slow
def test_cancelled_indexing_keeps_what_is_finished(qtbot, window, folder):
    one = opened(qtbot, window(0.4), folder)
    job = one.jobs.start_indexing()
    running(qtbot, one)
    with qtbot.waitSignal(one.session.scores_changed, timeout=PATIENCE):
        one.jobs.cancel(job)
    assert one.state() is JobPhase.CANCELLED
    assert 1 <= one.session.info.indexed < 5


@pytest.mark.slow
def test_a_killed_worker_is_reported_in_a_sentence_and_the_session_continues(qtbot, window, folder):
    one = opened(qtbot, window(0.4), folder)
    job = one.jobs.start_indexing()
    running(qtbot, one)
    with qtbot.waitSignal(one.jobs.failed, timeout=PATIENCE) as blocker:
        psutil.Process(one.models.worker_pid).kill()
    told = blocker.args[0]
    assert told.state is JobPhase.CRASHED
    assert "labels are safe" in told.message
    with qtbot.waitSignal(one.session.detail_ready):
        one.session.request_detail(1)
    with qtbot.waitSignal(one.session.scores_changed, timeout=PATIENCE):
        one.jobs.resume(job)
    assert one.session.info.indexed == 5


@pytest.mark.slow
def test_job_that_did_not_end_is_offered_when_the_project_is_opened_again(qtbot, window, folder):
    one = opened(qtbot, window(0.4), folder)
    one.jobs.start_indexing()
    running(qtbot, one)
    with qtbot.waitSignal(one.jobs.failed, timeout=PATIENCE):
        psutil.Process(one.models.worker_pid).kill()
    one.close()
    again = window()
    again.session.open(folder)
    qtbot.waitUntil(lambda: again.state() is JobPhase.INTERRUPTED, timeout=PATIENCE)
    with qtbot.waitSignal(again.session.scores_changed, timeout=PATIENCE):
        again.jobs.resume(again.jobs.jobs()[-1].id)
    qtbot.waitUntil(lambda: again.session.info.indexed == 5, timeout=PATIENCE)


@pytest.mark.slow
def test_closing_while_indexing_leaves_no_process(qtbot, window, folder):
    one = opened(qtbot, window(0.4), folder)
    one.jobs.start_indexing()
    running(qtbot, one)
    process = psutil.Process(one.models.worker_pid)
    one.close()
    assert not process.is_running()
    again = window()
    again.session.open(folder)
    qtbot.waitUntil(lambda: again.state() is JobPhase.COMPLETED, timeout=PATIENCE)
    assert again.jobs.jobs()[-1].message.startswith("Features of 4 images computed") or kept(again) > 1


def kept(one):
    """How many images an indexing found computed."""
    return int(one.jobs.jobs()[-1].message.split(", ")[1].split()[0])


def test_new_project_opens_before_it_is_scanned_and_is_prepared_without_a_question(
    qtbot, window, images_folder, tmp_path
):
    one = window()
    wanted = NewProject(tmp_path / "new", [images_folder], ("owl",))
    with qtbot.waitSignal(one.jobs.project_ready, timeout=PATIENCE) as blocker:
        one.jobs.create_project(wanted)
    with qtbot.waitSignal(one.session.opened, timeout=PATIENCE) as told:
        one.session.open(blocker.args[0])
    assert told.args[0].images == 0
    assert [category.name for category in told.args[0].categories] == ["owl"]
    qtbot.waitUntil(lambda: one.session.info.indexed == 5, timeout=PATIENCE)
    assert [job.kind for job in one.jobs.jobs()] == ["create", "scan", "index"]


@pytest.mark.slow
def test_suggestions_arrive_while_the_rest_is_computed(qtbot, window, tmp_path, make_image, monkeypatch):
    monkeypatch.setattr("app.jobs.work.tasks.FIRST_PART", 4)
    for number in range(24):
        make_image(tmp_path / "photos" / f"{number:02}.png", size=(8, 8), colour=(50 + 5 * number, 0, 0))
    one = window(0.03)
    with qtbot.waitSignal(one.jobs.project_ready, timeout=PATIENCE) as blocker:
        one.jobs.create_project(NewProject(tmp_path / "new", [tmp_path / "photos"], ("red thing",)))
    counted = []
    one.session.scores_changed.connect(lambda: counted.append(one.session.info.indexed))
    one.session.open(blocker.args[0])
    qtbot.waitUntil(lambda: one.session.info is not None and one.session.info.images == 24, timeout=PATIENCE)
    one.jobs.set_in_view([20, 21])
    qtbot.waitUntil(lambda: bool(counted), timeout=PATIENCE)
    assert counted == [4]
    with qtbot.waitSignal(one.session.detail_ready, timeout=PATIENCE) as detail:
        one.session.request_detail(1)
    assert [each.category for each in detail.args[0].suggestions] == ["red thing"]
    qtbot.waitUntil(lambda: one.session.info.indexed == 24, timeout=PATIENCE)
    assert {job.total for job in one.told if job.kind == "index" and job.done} == {24}


def test_new_project_over_nothing_is_a_sentence(qtbot, window, tmp_path):
    one = window()
    with qtbot.waitSignal(one.jobs.failed, timeout=PATIENCE) as blocker:
        one.jobs.create_project(NewProject(tmp_path / "new", [tmp_path / "nowhere"]))
    assert "no image folder" in blocker.args[0].message


@pytest.mark.slow
def test_new_project_with_a_model_names_it_in_full_after_loading_it(
    qtbot, window, images_folder, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    one = window()
    stages = []
    one.jobs.jobs_changed.connect(lambda jobs: stages.extend(job.stage for job in jobs))
    with qtbot.waitSignal(one.jobs.project_ready, timeout=PATIENCE) as blocker:
        one.jobs.create_project(NewProject(tmp_path / "new", [images_folder], (), "ViT-B-32@w.pt"))
    with qtbot.waitSignal(one.session.opened, timeout=PATIENCE):
        one.session.open(blocker.args[0])
    assert one.session.info.backbone == f"ViT-B-32@{tmp_path}/w.pt"
    assert "Loading the image model" in stages


def test_new_project_with_a_model_that_cannot_be_is_a_sentence(qtbot, window, images_folder, tmp_path):
    one = window()
    with qtbot.waitSignal(one.jobs.failed, timeout=PATIENCE) as blocker:
        one.jobs.create_project(NewProject(tmp_path / "new", [images_folder], (), "local-dir:"))
    assert "names no folder" in blocker.args[0].message
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_work_on_the_open_project_resumes_if_no_other_one_is_created(qtbot, window, folder, tmp_path):
    one = opened(qtbot, window(0.2), folder)
    one.jobs.start_indexing()
    running(qtbot, one)
    with qtbot.waitSignal(one.jobs.failed, timeout=PATIENCE):
        one.jobs.create_project(NewProject(tmp_path / "new", [tmp_path / "nowhere"]))
    qtbot.waitUntil(lambda: one.session.info.indexed == 5, timeout=PATIENCE)
    assert one.session.info.folder == folder


@pytest.mark.slow
def test_demo_is_made_once_and_opened(qtbot, window, tmp_path):
    one = window()
    for _ in range(2):
        with qtbot.waitSignal(one.jobs.project_ready, timeout=60_000) as blocker:
            one.jobs.prepare_demo(tmp_path / "demo", images=8)
    with qtbot.waitSignal(one.session.scores_changed, timeout=PATIENCE):
        one.session.open(blocker.args[0])
    assert one.session.info.indexed == 8
    assert one.session.info.name == "Demo collection"


@pytest.mark.slow
def test_an_unfinished_demo_is_created_again(qtbot, window, tmp_path):
    one = window()
    job = one.jobs.prepare_demo(tmp_path / "demo", images=400)
    qtbot.waitUntil(lambda: any((tmp_path / "demo").rglob("*.jpg")), timeout=PATIENCE)
    one.jobs.cancel(job)
    qtbot.waitUntil(lambda: one.state() is JobPhase.CANCELLED, timeout=PATIENCE)
    with qtbot.waitSignal(one.jobs.project_ready, timeout=60_000):
        one.jobs.prepare_demo(tmp_path / "demo", images=8)
    assert len(list((tmp_path / "demo" / "collection" / "images").iterdir())) == 8


def test_scan_brings_new_images_into_the_list_and_says_what_it_found(
    qtbot, window, folder, images_folder, make_image
):
    one = opened(qtbot, window(), folder)
    make_image(images_folder / "six.png", colour=(1, 2, 3))
    next(images_folder.glob("*1*.png"), next(images_folder.glob("*.png"))).unlink()
    with qtbot.waitSignal(
        one.session.images_changed, timeout=PATIENCE, check_params_cb=lambda ids, _query: 6 in ids
    ) as shown:
        assert one.jobs.start_scan() is not None
        assert one.jobs.start_scan() is None
    assert len(shown.args[0]) == 5
    assert one.state() is JobPhase.COMPLETED
    assert one.jobs.jobs()[-1].message == "1 new; 4 unchanged; 1 missing."
    assert one.jobs.start_scan() is not None
    qtbot.waitUntil(lambda: one.state() is JobPhase.COMPLETED, timeout=PATIENCE)
    assert one.jobs.jobs()[-1].message == "Nothing new; 5 unchanged; 1 missing."
    assert [job.kind for job in one.jobs.jobs()] == ["scan"]


def test_a_cancelled_scan_is_reported_and_the_list_shows_what_it_found(qtbot, window, folder):
    one = opened(qtbot, window(), folder)
    job = one.jobs.start_scan()
    one.jobs.cancel(job)
    with qtbot.waitSignal(one.session.images_changed, timeout=PATIENCE):
        pass
    assert one.state() is JobPhase.CANCELLED


def test_scan_beside_another_one_names_who_scans(qtbot, window, folder):
    from app.services.project.project import open_project

    one = opened(qtbot, window(), folder)
    with (
        open_project(folder) as other,
        other.scan_lock(),
        qtbot.waitSignal(one.jobs.failed, timeout=PATIENCE) as blocker,
    ):
        one.jobs.start_scan()
    assert "a scan for images" in blocker.args[0].message


def test_scan_ends_with_its_project(qtbot, window, folder):
    one = opened(qtbot, window(), folder)
    one.jobs.start_scan()
    one.session.close()
    qtbot.waitUntil(lambda: not one.jobs.running(), timeout=PATIENCE)
    assert one.models.pending == 0


def test_work_on_another_queue_runs_beside_that_of_the_model(qtbot, window, folder):
    one, other, rest = opened(qtbot, window(0.05), folder), ModelQueue(thread="downloads"), threading.Event()
    one.jobs.start_indexing()
    one.jobs.start(
        DOWNLOAD, "Download: a", lambda *_: rest.wait(20), subject="a", message="b is first.", queue=other
    )
    waiting = one.jobs.jobs()[-1]
    assert (waiting.subject, waiting.message, waiting.can_pause) == ("a", "b is first.", False)
    running(qtbot, one)
    rest.set()
    with qtbot.waitSignal(one.jobs.succeeded, timeout=PATIENCE) as done:
        pass
    assert done.args[0].name == "Download: a"
    assert other.worker_pid is None
    assert other.close()


def test_a_check_whose_worker_crashed_is_resumed_by_beginning_again(qtbot, window, folder):
    one, crashes = opened(qtbot, window(), folder), [WorkerCrashedError(Crashed(job="1", message="It died."))]

    def work(*_):
        if crashes:
            raise crashes.pop()
        return SimpleNamespace(images_per_second=41.2, device="cpu")

    with qtbot.waitSignal(one.jobs.failed, timeout=PATIENCE):
        job = one.jobs.start(CHECK, "Check: a", work, subject="a")
    assert one.state() is JobPhase.CRASHED
    with qtbot.waitSignal(one.jobs.succeeded, timeout=PATIENCE) as done:
        one.jobs.resume(job)
    assert (done.args[0].subject, done.args[0].message) == ("a", "41.2 images a second on cpu.")
    assert len(one.jobs.jobs()) == 1

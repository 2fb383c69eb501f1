# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Image models in the preferences: downloaded, checked and removed with real clicks; the hub is a fake."""

import gc
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hub_server import Hub, own_folders, use_hub
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from tiny_models import CONFIGS, write_model
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle

from app.bootstrap import make_window
from app.domain.errors import CancelledError, KnownError
from app.domain.progress import Progress
from app.gui.preferences.models_page import ModelsPage
from app.gui.start.model_choice import ModelChoice
from app.gui.widgets.model_words import DESCRIPTIONS, TITLES, USES
from app.gui.widgets.overlay import Overlay
from app.jobs.project.session import ProjectSession
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.values.session import JobPhase
from app.jobs.work.controller import JobController
from app.jobs.work.model_list import ModelList
from app.services.image_models import checks, download, known, listing, removal
from app.services.image_models.checks import PassedCheck
from app.services.image_models.known import INCLUDED, KNOWN, HubFiles, ImageModel, Use
from app.services.image_models.listing import ListedModel, ModelState
from app.services.image_models.transfer import DownloadError
from app.services.runner.subprocess_runner import SubprocessRunner

LEFT = Qt.MouseButton.LeftButton
CLIP, OTHER = "ViT-B-32@laion2b_s34b_b79k", "ViT-B-16@datacomp_xl_s13b_b90k"
SIZE = 605_000_000
PASSED = PassedCheck(CLIP, "k", 512, (224, 224), 41.2, "cpu", "float32", "2026-01-01T00:00:00+00:00")


class FakeHub:
    """What the services would do. A transfer stays at a third until ``rest`` is set; ``errors`` are raised
    by the next requests of their kind.
    """

    def __init__(self, cache):
        self.cache, self.rest, self.asked = cache, threading.Event(), []
        self.errors: dict[str, list[Exception]] = {}
        self.listed = {name: ListedModel(KNOWN[name], ModelState.MISSING) for name in (CLIP, OTHER)}

    def _ask(self, kind, name):
        self.asked.append((kind, name))
        if self.errors.get(kind):
            raise self.errors[kind].pop(0)

    def list(self):
        self._ask("list", "")
        return [*(ListedModel(model, ModelState.READY) for model in INCLUDED), *self.listed.values()]

    def plan(self, name):
        self._ask("plan", name)
        left = SIZE - self.listed[name].partial_bytes
        return SimpleNamespace(left=left, total=SIZE, folder=self.cache / "models--x", free=23_400_000_000)

    def fetch(self, name, _on_plan, on_progress, should_stop):
        self._ask("fetch", name)
        on_progress(Progress(f"Downloading {name}", SIZE // 3, SIZE, 12e6, 34.0, in_bytes=True))
        while not self.rest.wait(0.01):
            if should_stop():
                self.listed[name] = replace(self.listed[name], partial_bytes=SIZE // 3)
                raise CancelledError("The download was stopped; 202 MB of 605 MB are kept.")
        self._ask("end", name)
        self.listed[name] = ListedModel(KNOWN[name], ModelState.UNCHECKED, disk_bytes=SIZE)

    def check(self, name, _runner, _on_progress, _should_stop):
        self._ask("check", name)
        self.listed[name] = replace(self.listed[name], state=ModelState.READY, check=PASSED)
        return PASSED

    def remove(self, name):
        self._ask("remove", name)
        self.listed[name] = ListedModel(KNOWN[name], ModelState.MISSING)
        return SIZE


@pytest.fixture
def hub(monkeypatch, tmp_path):
    fake = FakeHub(tmp_path / "hub")
    monkeypatch.setattr(listing, "listed_models", fake.list)
    monkeypatch.setattr(download, "plan_download", fake.plan)
    monkeypatch.setattr(download, "fetch_model", fake.fetch)
    monkeypatch.setattr(checks, "check_model", fake.check)
    monkeypatch.setattr(removal, "remove_model", fake.remove)
    return fake


class Bench:
    """The page by itself in a window of its own, with the jobs and the list of models."""

    def __init__(self):
        self.queue = ModelQueue(SubprocessRunner([sys.executable, "-c", ""]))
        self.session = ProjectSession(self.queue)
        self.jobs = JobController(self.queue, self.session)
        self.models = ModelList(self.jobs)
        self.panel = ModelsPage(self.models)
        self.window = QWidget()
        self.overlay = Overlay(self.window, self.panel, 600, 900)

    @property
    def rows(self):
        return self.panel.rows

    def close(self):
        self.jobs.close()
        assert self.models.close()
        self.session.close()


@pytest.fixture
def page(qtbot, hub):
    """The page of image models, which has read the list."""
    bench = Bench()
    qtbot.addWidget(bench.window)
    bench.window.resize(700, 1000)
    bench.window.show()
    bench.window.activateWindow()
    bench.overlay.open()
    wait_for_list(qtbot, bench.panel)
    yield bench
    bench.close()
    del bench
    gc.collect()


@pytest.fixture
def window(qtbot, make, hub):
    """The whole window without a project, with the page of image models."""
    made = make()
    made.commands.panels.show_models()
    wait_for_list(qtbot, made.commands.panels.preferences.models)
    return made


def wait_for_list(qtbot, panel):
    qtbot.waitUntil(lambda: set(panel.rows) == {*(one.name for one in INCLUDED), CLIP, OTHER})


def rows_of(window):
    return window.commands.panels.preferences.models.rows


def click(qtbot, button):
    qtbot.waitUntil(lambda: button.isVisible() and button.isEnabled(), timeout=PATIENCE)
    qtbot.mouseClick(button, LEFT)


def wait_for(qtbot, row, state):
    qtbot.waitUntil(lambda: row.state.text() == state, timeout=PATIENCE)


def start(qtbot, row):
    """The two clicks of a download."""
    click(qtbot, row.get)
    click(qtbot, row.confirm)


def visible(row):
    return [button.text() for button in row.buttons if button.isVisible()]


def test_two_clicks_download_and_check_a_model(qtbot, page, hub):
    row, jobs = page.rows[CLIP], page.jobs
    assert row.state.text() == "To be downloaded"
    assert row.facts.text() == "MIT · download: 605 MB · 224 pixels"
    click(qtbot, row.get)
    qtbot.waitUntil(row.confirm.isVisible)
    assert row.words.text() == f"605 MB will be downloaded to {hub.cache}. 23.4 GB are free there."
    assert ("fetch", CLIP) not in hub.asked
    assert row.confirm.text() == "Download 605 MB"
    click(qtbot, row.confirm)
    wait_for(qtbot, row, "Downloading 33 %")
    assert row.words.text() == "202 MB of 605 MB, 12 MB/s, 34 s left"
    assert row.bar.isVisible() and row.bar.value() == 333
    assert visible(row) == ["Stop"]
    (job,) = jobs.running()
    assert (job.kind, job.name) == ("download", "Download: CLIP ViT-B/32, LAION-2B")
    hub.rest.set()
    wait_for(qtbot, row, "Ready")
    assert [kind for kind, _ in hub.asked if kind != "list"] == ["plan", "fetch", "end", "check"]
    qtbot.waitUntil(lambda: "41 images a second on CPU" in row.facts.text())
    assert "605 MB on disk" in row.facts.text()
    assert visible(row) == ["Check", "Remove…"] and row.bar.isHidden()
    assert [job.state for job in jobs.jobs()] == [JobPhase.COMPLETED] * 2


def test_a_download_is_refused_before_it_begins(qtbot, page, hub):
    row = page.rows[CLIP]
    click(qtbot, row.get)
    click(qtbot, row.refuse)
    assert visible(row) == ["Download…"] and row.words.isHidden()
    assert not page.jobs.jobs()


def test_a_stopped_download_is_kept_and_continued(qtbot, page, hub):
    row = page.rows[CLIP]
    start(qtbot, row)
    wait_for(qtbot, row, "Downloading 33 %")
    click(qtbot, row.stop)
    wait_for(qtbot, row, "To be downloaded")
    qtbot.waitUntil(lambda: row.words.text() == "202 MB of it are on this disk already.")
    assert visible(row) == ["Continue…", "Remove…"]
    hub.rest.set()
    click(qtbot, row.get)
    qtbot.waitUntil(row.confirm.isVisible)
    assert row.words.text().startswith("403 MB of 605 MB are still to be downloaded to ")
    click(qtbot, row.confirm)
    wait_for(qtbot, row, "Ready")


def test_a_download_is_stopped_in_the_list_of_jobs_too(qtbot, window, hub):
    start(qtbot, rows_of(window)[CLIP])
    wait_for(qtbot, rows_of(window)[CLIP], "Downloading 33 %")
    (shown,) = window.workspace.top.pill.list.rows()
    assert shown.button.text() == "Stop"
    shown.button.click()
    wait_for(qtbot, rows_of(window)[CLIP], "To be downloaded")


def test_a_lost_connection_is_said_and_retried(qtbot, page, hub):
    row = page.rows[CLIP]
    sentence = "The connection to the hub was lost; 202 MB of 605 MB are kept, download again to continue."
    hub.errors["end"] = [DownloadError(sentence)]
    hub.rest.set()
    start(qtbot, row)
    qtbot.waitUntil(lambda: row.words.text() == sentence, timeout=PATIENCE)
    assert visible(row) == ["Retry"]
    click(qtbot, row.retry)
    wait_for(qtbot, row, "Ready")
    assert row.words.isHidden()


def test_a_failure_is_said_in_the_window_if_the_page_is_closed(qtbot, window, hub):
    start(qtbot, rows_of(window)[CLIP])
    wait_for(qtbot, rows_of(window)[CLIP], "Downloading 33 %")
    window.commands.panels.close_all()
    hub.errors["end"] = [DownloadError("The connection to the hub was lost.")]
    with qtbot.waitSignal(window.notifications.posted, timeout=PATIENCE) as told:
        hub.rest.set()
    assert told.args[0].what == "Download: CLIP ViT-B/32, LAION-2B: The connection to the hub was lost."
    (shown,) = window.workspace.top.pill.list.rows()
    assert [shown.button.text(), shown.other_button.text()] == ["Retry", "Dismiss"]
    with qtbot.waitSignal(window.notifications.posted, timeout=PATIENCE) as ready:
        shown.button.click()
    assert ready.args[0].what == f"The image model {CLIP} is ready."
    ready.args[0].action.run()
    assert rows_of(window)[CLIP].isVisible()


def test_a_second_download_waits_and_says_for_what(qtbot, page, hub):
    first, second = page.rows[CLIP], page.rows[OTHER]
    start(qtbot, first)
    wait_for(qtbot, first, "Downloading 33 %")
    start(qtbot, second)
    wait_for(qtbot, second, "Waiting")
    assert second.words.text() == "CLIP ViT-B/32, LAION-2B is downloaded first."
    assert ("fetch", OTHER) not in hub.asked
    hub.rest.set()
    wait_for(qtbot, second, "Ready")
    wait_for(qtbot, first, "Ready")


def test_a_waiting_download_is_stopped_without_beginning(qtbot, page, hub):
    start(qtbot, page.rows[CLIP])
    wait_for(qtbot, page.rows[CLIP], "Downloading 33 %")
    start(qtbot, page.rows[OTHER])
    wait_for(qtbot, page.rows[OTHER], "Waiting")
    click(qtbot, page.rows[OTHER].stop)
    wait_for(qtbot, page.rows[OTHER], "To be downloaded")
    assert page.rows[CLIP].state.text() == "Downloading 33 %"
    assert ("fetch", OTHER) not in hub.asked


def test_a_disk_that_is_too_small_is_said_instead_of_the_size(qtbot, page, hub):
    row = page.rows[CLIP]
    hub.errors["plan"] = [KnownError("It needs 5 GB and the disk has 3 GB left; free 2.2 GB.")]
    click(qtbot, row.get)
    qtbot.waitUntil(lambda: row.words.text().startswith("It needs 5 GB"))
    assert visible(row) == ["Retry"]
    click(qtbot, row.retry)
    qtbot.waitUntil(row.confirm.isVisible)
    assert row.words.text().startswith("605 MB will be downloaded")


def test_removing_asks_and_says_what_is_free_again(qtbot, page, hub):
    hub.listed[CLIP] = ListedModel(KNOWN[CLIP], ModelState.READY, disk_bytes=SIZE, check=PASSED)
    page.models.refresh()
    row = page.rows[CLIP]
    click(qtbot, row.remove)
    assert visible(row) == ["Keep", "Delete 605 MB"]
    click(qtbot, row.keep)
    assert visible(row) == ["Check", "Remove…"]
    hub.errors["remove"] = [KnownError("A download is running; remove image models when it has ended.")]
    click(qtbot, row.remove)
    click(qtbot, row.sure)
    qtbot.waitUntil(lambda: row.words.text().startswith("A download is running"))
    click(qtbot, row.retry)
    qtbot.waitUntil(lambda: row.words.text() == "605 MB are free again.")
    wait_for(qtbot, row, "To be downloaded")
    assert visible(row) == ["Download…"]


def test_a_model_of_another_program_is_checked_before_it_counts(qtbot, page, hub):
    hub.listed[CLIP] = ListedModel(KNOWN[CLIP], ModelState.UNCHECKED, disk_bytes=SIZE)
    page.models.refresh()
    row = page.rows[CLIP]
    wait_for(qtbot, row, "To be checked")
    hub.errors["check"] = [KnownError("Its weights do not fit.")]
    click(qtbot, row.check)
    qtbot.waitUntil(lambda: row.words.text() == "Its weights do not fit.", timeout=PATIENCE)
    assert row.state.text() == "To be checked"
    click(qtbot, row.retry)
    wait_for(qtbot, row, "Ready")


def test_a_missing_package_is_named_and_nothing_is_offered(qtbot, page, hub):
    hub.listed[CLIP] = ListedModel(KNOWN[CLIP], ModelState.MISSING, "some_package")
    page.models.refresh()
    row = page.rows[CLIP]
    wait_for(qtbot, row, "Needs a package")
    assert row.words.text() == ("The package some-package is missing; install it (pip install some-package).")
    assert visible(row) == []


def test_a_cache_that_cannot_be_read_is_said_and_the_included_models_stay(qtbot, page, hub):
    hub.errors["list"] = [KnownError("The downloaded models cannot be listed: permission denied.")]
    page.models.refresh()
    qtbot.waitUntil(page.panel.problem.isVisible)
    assert page.panel.problem.text() == "The downloaded models cannot be listed: permission denied."
    assert page.rows["photo-lite2"].state.text() == "Included"
    page.models.refresh()
    qtbot.waitUntil(page.panel.problem.isHidden)


def test_a_bug_keeps_its_traceback(qtbot, page, hub):
    hub.errors["plan"] = [ZeroDivisionError("a bug")]
    with qtbot.waitSignal(page.models.bug) as told:
        click(qtbot, page.rows[CLIP].get)
    assert "ZeroDivisionError: a bug" in told.args[0]
    qtbot.waitUntil(lambda: page.rows[CLIP].words.text() == "Something went wrong in Tailspotter.")


def test_a_model_is_downloaded_with_the_keyboard_alone(qtbot, page, hub):
    window, row = page.window, page.rows[CLIP]
    assert row.get.accessibleName() == "Download…: CLIP ViT-B/32, LAION-2B"
    row.get.setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(row.confirm.hasFocus)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(row.stop.hasFocus)
    hub.rest.set()
    wait_for(qtbot, row, "Ready")
    qtbot.waitUntil(row.check.hasFocus)


def test_closing_the_window_says_what_is_kept_of_a_download(qtbot, window, hub):
    start(qtbot, rows_of(window)[CLIP])
    wait_for(qtbot, rows_of(window)[CLIP], "Downloading 33 %")
    window.close()
    words = window.closing.question.explanation.text()
    assert "LAION-2B (33 %): what was received is kept; download again to continue." in words
    qtbot.mouseClick(window.closing.question.stop_button, LEFT)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=PATIENCE)
    assert hub.listed[CLIP].partial_bytes == SIZE // 3


def test_a_new_project_offers_what_is_ready_and_names_what_is_not(qtbot, window, hub):
    form = window.start.form.models
    window.commands.panels.close_all()
    qtbot.mouseClick(window.start.new_button, LEFT)
    assert list(form.offered) == ["photo-lite2", "photo-lite0", "bundled"]
    assert form.chosen() == "photo-lite2"
    words = form.more.text().replace("\N{NO-BREAK SPACE}", " ")
    assert words == "More models: CLIP ViT-B/32, LAION-2B (605 MB) · CLIP ViT-B/16, DataComp (599 MB)"
    qtbot.mouseClick(form.download, LEFT)
    assert window.commands.panels.shown() == "preferences" and rows_of(window)[CLIP].isVisible()
    hub.rest.set()
    start(qtbot, rows_of(window)[CLIP])
    qtbot.waitUntil(lambda: CLIP in form.offered, timeout=PATIENCE)
    assert list(form.offered)[-2:] == [CLIP, "bundled"]
    assert form.chosen() == "photo-lite2", "a model that has become ready is not selected"
    form.offered[CLIP].click()
    assert form.chosen() == CLIP


def test_a_selected_model_that_is_removed_is_not_exchanged_for_another_one(qtbot, page, hub):
    hub.listed[CLIP] = ListedModel(KNOWN[CLIP], ModelState.READY, disk_bytes=SIZE, check=PASSED)
    form = ModelChoice(page.models)
    qtbot.addWidget(form)
    page.models.refresh()
    qtbot.waitUntil(lambda: CLIP in form.offered)
    form.offered[CLIP].setChecked(True)
    click(qtbot, page.rows[CLIP].remove)
    click(qtbot, page.rows[CLIP].sure)
    qtbot.waitUntil(lambda: CLIP not in form.offered)
    assert form.named.isChecked() and form.chosen() == CLIP


@pytest.mark.slow
def test_the_project_panel_offers_the_same_list_and_leads_to_the_download(qtbot, opened, hub):
    window = opened()
    window.commands.frame.action("image_model").trigger()
    panel = window.commands.image_model_panel
    qtbot.waitUntil(lambda: panel.name.count() == 4, timeout=PATIENCE)
    shown = [panel.name.itemText(at) for at in range(4)]
    assert shown == ["photo-lite2", "photo-lite0", f"{CLIP} (605 MB)", f"{OTHER} (599 MB)"]
    qtbot.mouseClick(panel.download, LEFT)
    assert window.commands.panels.shown() == "preferences"
    assert window.commands.panels.preferences.models.isVisible()


def test_the_words_of_the_window_are_those_of_the_list():
    assert {name: KNOWN[name].title for name in TITLES} == TITLES
    assert {model.name for model in INCLUDED} == TITLES.keys()
    assert {name: model.description for name, model in KNOWN.items()} == DESCRIPTIONS
    assert set(USES) == {use.value for use in Use}


@pytest.mark.slow
def test_a_real_model_is_downloaded_checked_by_a_real_worker_and_removed(qtbot, monkeypatch, tmp_path):
    name, files = "hf-hub:org/tiny", ("open_clip_config.json", "open_clip_model.safetensors")
    tiny = write_model(tmp_path / "tiny", CONFIGS["vit"])
    model = ImageModel(name, "Tiny", Use.GENERAL, "Tiny.", "MIT", 32, HubFiles("org/tiny", configured=True))
    monkeypatch.setitem(known.KNOWN, name, model)
    own_folders(monkeypatch, tmp_path)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))  # of the worker
    server = Hub(files={"org/tiny": {one: (tiny / one).read_bytes() for one in files}})
    window = make_window(tmp_path / "demo", settings=tmp_path / "settings" / "settings.json")
    qtbot.addWidget(window, before_close_func=lambda one: one.shut())
    window.show()
    with server.serving():
        use_hub(monkeypatch, server.url)
        window.commands.panels.show_models()
        rows = window.commands.panels.preferences.models.rows
        qtbot.waitUntil(lambda: name in rows, timeout=PATIENCE)
        start(qtbot, rows[name])
        qtbot.waitUntil(lambda: rows[name].state.text() == "Ready", timeout=90_000)
        assert "images a second" in rows[name].facts.text()
    click(qtbot, rows[name].remove)
    click(qtbot, rows[name].sure)
    qtbot.waitUntil(lambda: "free again" in rows[name].words.text(), timeout=PATIENCE)
    assert not list(Path(tmp_path / "hub").glob("models--*"))

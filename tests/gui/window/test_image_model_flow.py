# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The image model in the window: changed, paused, taken back and removed with real clicks and keys."""

import pytest
from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, folder, index, make, open_in, opened, press, settle, type_text

from app.domain.labels import LabelState
from app.jobs.values.session import JobPhase
from app.services.features.model_change import models_of, request_image_model
from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.project.project import open_project

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
OTHER = "ViT-B-32@laion"


def show(qtbot, window):
    """The panel, opened from the list of commands."""
    window.workspace.library.gallery.setFocus()
    press(qtbot, window, Qt.Key.Key_K, CTRL)
    type_text(window, "image model")
    press(qtbot, window, Qt.Key.Key_Return)
    panel = window.commands.image_model_panel
    assert panel.isVisible()
    settle(qtbot, window)
    qtbot.waitUntil(lambda: panel.used.text() != "", timeout=PATIENCE)
    return panel


def ask_for(qtbot, panel, name):
    panel.name.setFocus()
    qtbot.keyClicks(panel.name.lineEdit(), name)
    qtbot.keyClick(panel.name.lineEdit(), Qt.Key.Key_Return)


def wait_for_model(qtbot, window, panel, name):
    qtbot.waitUntil(lambda: panel.used.text() == f"In use: {name}", timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.session.info.backbone == name, timeout=PATIENCE)
    settle(qtbot, window)


def model_on_disk(folder):
    with open_project(folder) as project:
        return project.backbone


@pytest.mark.slow
def test_another_model_is_computed_used_taken_back_and_removed(qtbot, opened, folder):
    window = opened()
    index(qtbot, window)
    panel = show(qtbot, window)
    assert panel.used.text() == "In use: bundled"
    assert panel.used_words.text().startswith("Features of 12 of 12 images, ")
    assert panel.change.isHidden() and not panel.rows
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        ask_for(qtbot, panel, OTHER)
    wait_for_model(qtbot, window, panel, OTHER)
    assert window.session.info.indexed == 12
    qtbot.waitUntil(lambda: list(panel.rows) == ["bundled"], timeout=PATIENCE)
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        qtbot.mouseClick(panel.rows["bundled"].use, LEFT)
    wait_for_model(qtbot, window, panel, "bundled")
    assert model_on_disk(folder) == "bundled"
    assert [job.kind for job in window.jobs.running()] == []
    qtbot.waitUntil(lambda: list(panel.rows) == [OTHER], timeout=PATIENCE)
    row = panel.rows[OTHER]
    qtbot.mouseClick(row.remove, LEFT)
    qtbot.mouseClick(row.keep, LEFT)
    assert row.remove.isVisible() and list(panel.rows) == [OTHER]
    qtbot.mouseClick(row.remove, LEFT)
    qtbot.mouseClick(row.sure, LEFT)
    qtbot.waitUntil(lambda: not panel.rows, timeout=PATIENCE)
    with open_project(folder) as project:
        assert list(models_of(project).kept) == []


@pytest.mark.slow
def test_labelling_goes_on_during_a_change_that_is_paused_closed_and_resumed(qtbot, opened, make, folder):
    window = opened()
    index(qtbot, window)
    window.close()
    window = make(0.3)
    open_in(qtbot, window, folder)
    qtbot.waitUntil(lambda: window.session.info.indexed == 12, timeout=PATIENCE)
    panel = show(qtbot, window)
    ask_for(qtbot, panel, OTHER)
    qtbot.waitUntil(lambda: panel.change.row is not None and panel.change.row.job.done > 0, timeout=PATIENCE)
    assert panel.change.title.text().startswith(
        f"Changing to {OTHER}. Suggestions come from bundled until then."
    )
    assert panel.change.abandon.isHidden()
    qtbot.mouseClick(panel.change.row.other_button, LEFT)
    qtbot.waitUntil(lambda: panel.change.row.job.state is JobPhase.PAUSED, timeout=PATIENCE)
    assert panel.change.abandon.isVisible()
    window.session.decide([1], 1, LabelState.YES)
    settle(qtbot, window)
    assert window.session.info.indexed == 12 and model_on_disk(folder) == "bundled"
    qtbot.mouseClick(panel.change.row.button, LEFT)
    qtbot.waitUntil(lambda: panel.change.row.job.state is JobPhase.RUNNING, timeout=PATIENCE)
    window.close()
    qtbot.mouseClick(window.closing.question.stop_button, LEFT)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=PATIENCE)
    assert model_on_disk(folder) == "bundled"
    again = make()
    open_in(qtbot, again, folder)
    qtbot.waitUntil(lambda: again.session.info.backbone == OTHER, timeout=PATIENCE)
    assert next(one.yes for one in again.session.info.categories if one.name == "red thing") == 1


@pytest.mark.slow
def test_a_stopped_change_is_abandoned_or_continued(qtbot, opened, folder):
    window = opened(0.3)
    panel = show(qtbot, window)
    ask_for(qtbot, panel, OTHER)
    qtbot.waitUntil(lambda: panel.change.row is not None and panel.change.row.job.done > 0, timeout=PATIENCE)
    qtbot.mouseClick(panel.change.row.button, LEFT)
    qtbot.waitUntil(panel.change.resume.isVisible, timeout=PATIENCE)
    settle(qtbot, window)
    assert " of 12 images have its features" in panel.change.words.text()
    qtbot.mouseClick(panel.change.abandon, LEFT)
    qtbot.waitUntil(panel.change.isHidden, timeout=PATIENCE)
    qtbot.waitUntil(lambda: list(panel.rows) == [OTHER], timeout=PATIENCE)
    qtbot.mouseClick(panel.rows[OTHER].use, LEFT)
    wait_for_model(qtbot, window, panel, OTHER)


@pytest.mark.slow
def test_a_model_that_is_gone_is_told_and_the_present_one_works_on(qtbot, opened, folder):
    window = opened()
    index(qtbot, window)
    panel = show(qtbot, window)
    with qtbot.waitSignal(window.jobs.failed, timeout=PATIENCE) as told:
        ask_for(qtbot, panel, "local-dir:/gone/model")
    assert told.args[0].message.endswith(
        "There is no file local-dir:/gone/model. "
        "The project keeps its image model bundled until local-dir:/gone/model is chosen again."
    )
    settle(qtbot, window)
    qtbot.waitUntil(panel.change.isHidden, timeout=PATIENCE)
    assert panel.used.text() == "In use: bundled"


@pytest.mark.slow
def test_what_cannot_be_done_is_said_in_the_panel(qtbot, opened, folder):
    window = opened()
    panel = show(qtbot, window)
    ask_for(qtbot, panel, "bundled")
    qtbot.waitUntil(lambda: "already uses" in panel.problem.text(), timeout=PATIENCE)
    with open_project(folder) as project, project.job_lock("training"):
        ask_for(qtbot, panel, OTHER)
        qtbot.waitUntil(lambda: "training" in panel.problem.text(), timeout=PATIENCE)
    assert model_on_disk(folder) == "bundled"
    assert not window.jobs.running()


@pytest.mark.slow
def test_projects_with_different_models_are_opened_one_after_the_other(
    qtbot, opened, folder, tmp_path, make_image
):
    make_image(tmp_path / "more" / "green.png", size=(60, 40), colour=(10, 200, 10))
    with create_project(tmp_path / "second", [tmp_path / "more"], ["green"], backbone=OTHER) as project:
        scan(project)
    window = opened()
    index(qtbot, window)
    open_in(qtbot, window, tmp_path / "second")
    index(qtbot, window)
    assert (window.session.info.backbone, window.session.info.indexed) == (OTHER, 1)
    panel = show(qtbot, window)
    assert panel.used.text() == f"In use: {OTHER}"
    open_in(qtbot, window, folder)
    qtbot.waitUntil(lambda: window.session.info.indexed == 12, timeout=PATIENCE)
    assert window.session.info.backbone == "bundled"
    panel = show(qtbot, window)
    qtbot.waitUntil(lambda: panel.used.text() == "In use: bundled", timeout=PATIENCE)


@pytest.mark.slow
def test_the_window_follows_a_switch_by_another_program(qtbot, opened, folder):
    window = opened()
    index(qtbot, window)
    panel = show(qtbot, window)
    ask_for(qtbot, panel, OTHER)
    wait_for_model(qtbot, window, panel, OTHER)
    with open_project(folder) as project:
        assert request_image_model(project, "bundled")
    wait_for_model(qtbot, window, panel, "bundled")

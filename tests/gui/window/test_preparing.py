# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The line that says what is being prepared, and labelling meanwhile."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle, stored

from app.gui.window.preparing_line import PreparingLine
from app.jobs.values.session import JobInfo, JobPhase

LEFT = Qt.MouseButton.LeftButton
SCAN = JobInfo("1", "scan", "Scanning", JobPhase.RUNNING, can_pause=True)
INDEX = JobInfo("2", "index", "Computing features", JobPhase.WAITING, can_pause=True)


def test_the_line_says_what_runs_how_far_it_is_and_how_long_it_takes(qtbot):
    line = PreparingLine()
    qtbot.addWidget(line)
    assert line.isHidden()
    line.set_jobs([replace(SCAN, done=1284), INDEX])
    assert line.words.text() == "Looking for images: 1,284"
    running = replace(INDEX, state=JobPhase.RUNNING, done=1240, total=3484, remaining=121.0)
    line.set_jobs([replace(SCAN, state=JobPhase.COMPLETED), running])
    assert line.words.text() == "Preparing suggestions: 1,240 of 3,484, about 2 min left"
    assert line.button.text() == "Pause"
    with qtbot.waitSignal(line.pause_requested) as asked:
        qtbot.mouseClick(line.button, LEFT)
    assert asked.args == ["2"]
    line.set_jobs([replace(running, state=JobPhase.PAUSING)])
    assert not line.button.isEnabled()
    line.set_jobs([replace(running, state=JobPhase.PAUSED)])
    assert "not being prepared: 1,240 of 3,484" in line.words.text()
    with qtbot.waitSignal(line.resume_requested) as asked:
        qtbot.mouseClick(line.button, LEFT)
    assert asked.args == ["2"]
    line.set_jobs([replace(running, state=JobPhase.COMPLETED)])
    assert line.isHidden()


@pytest.mark.slow
def test_images_are_labelled_by_key_while_their_suggestions_are_prepared_and_paused(qtbot, opened, folder):
    window = opened(0.1)
    line, inspector = window.workspace.preparing, window.workspace.library.inspector
    window.jobs.start_indexing()
    qtbot.waitUntil(line.isVisible, timeout=PATIENCE)
    qtbot.waitUntil(line.button.isEnabled, timeout=PATIENCE)
    assert [row.row().name for row in inspector.suggestions.rows()] == ["red thing", "serval"]
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_2)
    qtbot.mouseClick(line.button, LEFT)
    qtbot.waitUntil(lambda: line.button.text() == "Resume", timeout=PATIENCE)
    settle(qtbot, window)
    window.close()
    assert stored(folder)[0] == {("blue0.png", "serval"): "yes"}


@pytest.mark.slow
def test_the_images_in_view_are_named_current_one_first_to_be_computed_first(qtbot, opened):
    library = opened().workspace.library
    ids = library.gallery.ids()
    library.controller.set_current(ids[7])
    wanted = library.in_view()
    assert wanted[0] == ids[7]
    visible = {library.gallery.id_at(place) for place in library.gallery.visible_positions()}
    assert visible | set(ids[7:]) <= set(wanted) <= set(ids)
    assert len(wanted) == len(set(wanted))
    library.show_single()
    assert library.in_view()[:3] == list(ids[7:10])


def test_while_a_project_is_scanned_an_empty_grid_says_that_images_are_looked_for(qtbot, make):
    library = make().workspace.library
    library.set_scanning(True)
    assert library.gallery.empty_state().accessibleName() == "Looking for images …"
    library.set_scanning(False)
    assert "no images in this project yet" in library.gallery.empty_state().accessibleName()

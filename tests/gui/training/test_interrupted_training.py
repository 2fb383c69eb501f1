# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""A real training run, paused or left by closing the window, resumes where it stopped."""

import sys
from pathlib import Path

import pytest
from training_fixtures import LEFT, folder, make, opened, patchy, settle, show_train

from app.jobs.values.session import JobPhase

REAL = Path(__file__).parents[2] / "services" / "training_worker.py"
LONG = 300_000

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def worker():
    return [sys.executable, str(REAL), "real"]


def begun(qtbot, window):
    """A run that has finished an epoch."""
    place = show_train(qtbot, window)
    qtbot.mouseClick(place.setup.start, LEFT)
    qtbot.waitUntil(lambda: bool(place.run.precision.points()), timeout=LONG)


def row(window):
    return window.workspace.top.pill.list.rows()[-1]


def state(window):
    return next((job.state for job in window.jobs.jobs() if job.kind == "train"), None)


def test_a_paused_run_resumes_where_it_stopped(qtbot, opened):
    window = opened()
    begun(qtbot, window)
    window.workspace.top.pill.open_list()
    qtbot.mouseClick(row(window).other_button, LEFT)
    qtbot.waitUntil(lambda: state(window) is JobPhase.PAUSED, timeout=LONG)
    with qtbot.waitSignal(window.jobs.succeeded, timeout=LONG) as done:
        qtbot.mouseClick(row(window).button, LEFT)
    window.workspace.top.pill.list.close()
    assert done.args[1].resumed
    assert not done.args[1].facts.stopped
    assert done.args[1].model == "v1"
    settle(qtbot, window)


def test_a_run_that_was_left_by_closing_is_resumed_by_the_next_window(qtbot, opened):
    window = opened()
    begun(qtbot, window)
    window.close()
    qtbot.mouseClick(window.closing.question.stop_button, LEFT)
    assert not window.isVisible()
    again = opened()
    with qtbot.waitSignal(again.jobs.succeeded, timeout=LONG) as done:
        pass
    assert done.args[0].kind == "train"
    assert done.args[1].resumed
    settle(qtbot, again)

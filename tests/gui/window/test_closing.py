# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Pausing and closing in the window, with real clicks and keys."""

import re
import time

import psutil
import pytest
from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle

from app.gui.widgets.job_row import job_words
from app.jobs.values.session import JobPhase
from app.services.recent import RecentCards

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


def indexing(qtbot, window):
    window.jobs.start_indexing()
    qtbot.waitUntil(lambda: any(job.done for job in window.jobs.running()), timeout=PATIENCE)


def state(window):
    jobs = window.jobs.jobs()
    return jobs[-1].state if jobs else None


def row(window):
    return window.workspace.top.pill.list.rows()[-1]


def test_a_window_that_is_killed_is_opened_again_at_the_image_that_was_shown(qtbot, opened, folder):
    window = opened()
    window._keeping.setInterval(10)
    window.workspace.library.show_single()
    press(qtbot, window, Qt.Key.Key_Right)
    shown = window.workspace.view_shown()
    cards = RecentCards(window.preferences.folder / "recent")
    qtbot.waitUntil(lambda: cards.read(folder).view == shown, timeout=PATIENCE)


@pytest.mark.slow
def test_a_job_is_paused_and_resumed_in_the_list(qtbot, opened):
    window = opened(0.2)
    indexing(qtbot, window)
    window.workspace.library.gallery.setFocus()
    press(qtbot, window, Qt.Key.Key_J, CTRL)
    pill = window.workspace.top.pill
    assert pill.list.isVisible()
    assert row(window).other_button.text() == "Pause"
    qtbot.mouseClick(row(window).other_button, LEFT)
    assert "pausing" in job_words(row(window).job)
    qtbot.waitUntil(lambda: state(window) is JobPhase.PAUSED, timeout=PATIENCE)
    assert job_words(row(window).job).startswith("paused: It resumes where it stopped.")
    assert pill.text() == "1 job paused"
    assert row(window).button.text() == "Resume"
    qtbot.mouseClick(row(window).button, LEFT)
    pill.list.close()
    qtbot.waitUntil(lambda: state(window) is JobPhase.RUNNING, timeout=PATIENCE)


def test_closing_asks_nothing_while_no_job_runs(qtbot, opened):
    window = opened()
    window.close()
    assert not window.isVisible()
    assert window.closing.question is None


@pytest.mark.slow
def test_closing_over_a_job_asks_and_staying_changes_nothing(qtbot, opened):
    window = opened(0.2)
    indexing(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Q, CTRL)
    question = window.closing.question
    assert question.isVisible() and question.isModal()
    assert "Computing features" in question.explanation.text()
    assert "what is computed is kept" in question.explanation.text()
    assert "Your labels are saved." in question.explanation.text()
    qtbot.keyClick(question, Qt.Key.Key_Return)  # Enter stays
    qtbot.waitUntil(lambda: window.closing.question is None)
    assert window.isVisible()
    assert state(window) is JobPhase.RUNNING
    window.close()
    qtbot.mouseClick(window.closing.question.stay_button, LEFT)
    assert window.isVisible()


@pytest.mark.slow
def test_stop_and_close_ends_the_work_which_resumes_at_the_next_opening(qtbot, opened, make, folder):
    window = opened(0.2)
    indexing(qtbot, window)
    process = psutil.Process(window.jobs._models.worker_pid)
    window.close()
    qtbot.mouseClick(window.closing.question.stop_button, LEFT)
    assert not window.isVisible()
    assert not process.is_running()
    again = make()
    open_in(qtbot, again, folder)
    qtbot.waitUntil(lambda: state(again) is JobPhase.COMPLETED, timeout=PATIENCE)
    embedded, skipped = map(int, re.findall(r"\d+", again.jobs.jobs()[-1].message))
    assert embedded + skipped == 12
    assert skipped >= 1


@pytest.mark.slow
def test_a_paused_job_does_not_hold_closing_up_and_waits_for_the_person(qtbot, opened, make, folder):
    window = opened(0.2)
    indexing(qtbot, window)
    window.jobs.pause(window.jobs.jobs()[-1].id)
    qtbot.waitUntil(lambda: state(window) is JobPhase.PAUSED, timeout=PATIENCE)
    window.close()
    assert not window.isVisible()
    again = make()
    open_in(qtbot, again, folder)
    qtbot.waitUntil(lambda: state(again) is JobPhase.PAUSED, timeout=PATIENCE)
    assert again.workspace.top.pill.text() == "1 job paused"


@pytest.mark.slow
def test_the_question_follows_work_that_ends_meanwhile(qtbot, opened):
    window = opened(0.1)
    indexing(qtbot, window)
    window.close()
    question = window.closing.question
    qtbot.waitUntil(lambda: question.stop_button.text() == "Close", timeout=PATIENCE)
    assert "The work has finished in the meantime" in question.explanation.text()
    qtbot.mouseClick(question.stop_button, LEFT)
    assert not window.isVisible()


@pytest.mark.slow
def test_closing_ends_within_twenty_seconds_although_the_worker_does_not_react(qtbot, opened, monkeypatch):
    import window_fixtures

    monkeypatch.setattr(window_fixtures, "WORKER", window_fixtures.WORKER.with_name("deaf_worker.py"))
    window = opened()
    indexing(qtbot, window)
    process, began = psutil.Process(window.jobs._models.worker_pid), time.monotonic()
    window.close()
    qtbot.mouseClick(window.closing.question.stop_button, LEFT)
    took = time.monotonic() - began
    assert not window.isVisible()
    assert not process.is_running()
    assert took < 20, took

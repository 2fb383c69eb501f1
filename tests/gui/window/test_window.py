# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The main job in the window, with real keys and clicks."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from window_fixtures import (
    PATIENCE,
    WORKER,
    folder,
    index,
    make,
    open_in,
    opened,
    press,
    settle,
    stored,
    type_text,
)

from app.domain.labels import Decision, LabelState
from app.gui.theme import Mode, theme
from app.gui.window import status_message
from app.gui.window.query_bar import MAX_ROWS
from app.services.labelling import decisions as labelling
from app.services.project.project import open_project

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def query(qtbot, window, text):
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    edit = window.workspace.top.query.edit
    assert edit.hasFocus()
    edit.selectAll()
    type_text(window, text)
    qtbot.keyClick(edit, Qt.Key.Key_Escape) if window.workspace.top.query.list.isVisible() else None
    press(qtbot, window, Qt.Key.Key_Return)


def test_whole_loop_by_keys_survives_closing_and_opening(qtbot, opened, make, folder):
    window = opened()
    index(qtbot, window)
    library = window.workspace.library
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        query(qtbot, window, 'path:"red*" sort:name')
    assert library.gallery.count() == 6
    press(qtbot, window, Qt.Key.Key_Escape)
    assert library.gallery.hasFocus()

    press(qtbot, window, Qt.Key.Key_Home)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: len(library.controller.sheet.rows) == 2, timeout=PATIENCE)
    names = {one.category_id: one.name for one in library.controller.sheet.rows}
    accepted = names[library.controller.highlight]
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Y)
    rejected = names[library.controller.highlight]
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_N)

    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "dust bath")
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    press(qtbot, window, Qt.Key.Key_Escape)
    library.focus_images()
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_R)
    settle(qtbot, window)

    press(qtbot, window, Qt.Key.Key_Right)
    press(qtbot, window, Qt.Key.Key_Right, SHIFT)
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "serval")
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    press(qtbot, window, Qt.Key.Key_Escape)
    settle(qtbot, window)
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE) as undone:
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert len(undone.args[0].labels) == 2
    window.close()

    said, reviewed = stored(folder)
    assert {accepted, rejected} == {"red thing", "serval"}
    assert reviewed == {"red0.png"}
    assert said == {
        ("red0.png", accepted): "yes",
        ("red0.png", rejected): "no",
        ("red0.png", "dust bath"): "yes",
    }
    again = make()
    open_in(qtbot, again, folder)
    assert [one.name for one in again.session.info.categories] == ["red thing", "serval", "dust bath"]
    assert again.session.info.reviewed == 1


def test_query_error_shows_the_place_and_its_fix_runs(qtbot, opened):
    window = opened()
    with qtbot.waitSignal(window.session.query_failed, timeout=PATIENCE):
        query(qtbot, window, "is:reviewed srval")
    bar, problem = window.workspace.top.query, window.workspace.problem
    assert problem.isVisible()
    assert bar.edit.cursorPosition() == 12
    assert bar.edit.property("invalid")
    assert bar.edit.cursorPosition() == 12
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        qtbot.mouseClick(problem.button, Qt.MouseButton.LeftButton)
    assert shown.args[1] == "is:reviewed serval"
    assert not problem.isVisible()


def test_completion_is_taken_with_the_keyboard(qtbot, opened):
    window = opened()
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    bar = window.workspace.top.query
    type_text(window, "ser")
    assert bar.list.isVisible()
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_Return)
    assert bar.edit.text().strip() == "serval"
    assert not bar.list.isVisible()


def test_no_row_of_the_completions_is_cut(qtbot, opened):
    window = opened()
    bar = window.workspace.top.query
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    type_text(window, "is:")
    settle(qtbot, window)
    assert bar.list.count() > MAX_ROWS
    below = bar.list.visualItemRect(bar.list.item(MAX_ROWS)).top()
    assert below >= bar.list.viewport().height()
    window.close()


def test_keys_of_labelling_are_off_while_text_is_typed(qtbot, opened, folder):
    window = opened()
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    type_text(window, "yngrex")
    assert window.workspace.top.query.edit.text() == "yngrex"
    assert not window.workspace.library.single_shown
    settle(qtbot, window)
    window.close()
    assert stored(folder) == ({}, set())


@pytest.mark.slow
def test_grid_and_single_view_change_by_key_and_keep_the_image(qtbot, opened):
    window = opened()
    library = window.workspace.library
    press(qtbot, window, Qt.Key.Key_Right)
    current = library.gallery.current_id()
    press(qtbot, window, Qt.Key.Key_E)
    assert library.single_shown
    assert library.controller.current == current
    press(qtbot, window, Qt.Key.Key_Right)
    assert library.controller.current != current
    press(qtbot, window, Qt.Key.Key_G)
    assert not library.single_shown
    assert library.gallery.current_id() == library.controller.current


@pytest.mark.slow
def test_a_query_in_the_single_view_shows_its_first_image(qtbot, opened):
    window = opened()
    library = window.workspace.library
    press(qtbot, window, Qt.Key.Key_E)
    press(qtbot, window, Qt.Key.Key_Right)
    press(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    type_text(window, "path:red*")
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert library.single_shown
    assert library.controller.current == shown.args[0][0]
    assert library.controller.sheet.image.path == "red0.png"


def test_opening_again_shows_the_query_and_the_image_of_last_time(qtbot, opened, make, folder):
    window = opened()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        window.session.set_query("path:red*")
    press(qtbot, window, Qt.Key.Key_E)
    press(qtbot, window, Qt.Key.Key_Right)
    image = window.workspace.library.controller.current
    window.closing.close_now()
    again = make()
    again.open_project(folder)
    library = again.workspace.library
    qtbot.waitUntil(lambda: library.single_shown and library.controller.current == image, timeout=PATIENCE)
    assert again.session.query == "path:red*"
    assert library.controller.count() == 6


@pytest.mark.slow
@pytest.mark.parametrize("place", ["review", "categories", "insights"])
def test_opening_again_shows_the_place_of_last_time(qtbot, opened, make, folder, place):
    window = opened()
    window.workspace.rail.button(place).click()
    assert window.workspace.place == place
    settle(qtbot, window)
    window.closing.close_now()
    again = make()
    again.open_project(folder)
    qtbot.waitUntil(lambda: again.workspace.place == place, timeout=PATIENCE)
    qtbot.waitUntil(lambda: again.workspace.library.gallery.count() == 12, timeout=PATIENCE)
    assert again.workspace.place == place
    settle(qtbot, again)


def test_nothing_can_be_chosen_while_a_project_is_opened(qtbot, opened, make, folder, tmp_path):
    opened().closing.close_now()
    window = make()
    assert window.start.recent.rows()
    window.open_project(folder)
    assert window.start.opening.isVisible()
    assert "savanna" in window.start.opening.text()
    press(qtbot, window, Qt.Key.Key_Return)
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        pass
    assert window.session.info.folder == folder
    window.open_project(tmp_path / "nothing")
    qtbot.waitUntil(window.start.choices.isVisible, timeout=PATIENCE)


def test_label_written_by_the_command_line_appears(qtbot, opened, folder):
    window = opened()
    image_id = window.workspace.library.controller.current
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        code = "from app.bootstrap import run_command_line as r; import sys; sys.exit(r(sys.argv[1:]))"
        with window.session.project.db.read() as s:
            from app.storage import images

            path = images.get(s, image_id).path
        command = [sys.executable, "-c", code, "label", str(folder), path, "--yes", "serval"]
        thread = threading.Thread(target=subprocess.run, args=(command,), kwargs={"check": True})
        thread.start()
    thread.join()
    controller = window.workspace.library.controller

    def told():
        return [(one.name, one.state) for one in controller.sheet.labels]

    qtbot.waitUntil(lambda: told() == [("serval", LabelState.YES)], timeout=PATIENCE)


@pytest.mark.slow
def test_a_killed_worker_is_reported_and_the_window_keeps_running(qtbot, opened):
    window = opened(0.3)
    window.jobs.start_indexing()
    qtbot.waitUntil(lambda: any(job.done for job in window.jobs.running()), timeout=PATIENCE)
    assert "%" in window.workspace.top.pill.text()
    with qtbot.waitSignal(window.jobs.failed, timeout=PATIENCE):
        psutil.Process(window.jobs._models.worker_pid).kill()
    toast = window.toasts.toasts()[-1]
    assert "labels are safe" in toast.notice.words()
    current = window.workspace.library.gallery.current_id()
    window.workspace.library.gallery.setFocus()
    press(qtbot, window, Qt.Key.Key_Right)
    assert window.workspace.library.gallery.current_id() != current
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        qtbot.mouseClick(toast.action_button(), Qt.MouseButton.LeftButton)


@pytest.mark.slow
def test_a_second_window_says_who_has_the_project(qtbot, opened, make, folder):
    opened()
    second = make()
    with qtbot.waitSignal(second.session.lock_held, timeout=PATIENCE):
        second.open_project(folder)
    assert second.start.isVisible()
    assert str(os.getpid()) in second.start.problem.text()


@pytest.mark.slow
def test_theme_is_switched_in_the_preferences_and_remembered(qtbot, make):
    window = make()
    press(qtbot, window, Qt.Key.Key_Comma, CTRL)
    panel = window.commands.panels.preferences
    assert panel.isVisible()
    colours = panel.editor("theme")
    colours.setFocus()
    press(qtbot, window, Qt.Key.Key_End)
    assert theme().tokens.dark
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    window.close()
    theme().set_mode(Mode.LIGHT)
    make()
    assert theme().tokens.dark


def test_the_status_line_shows_counts_selection_and_saving(qtbot, opened):
    window = opened()
    status = window.workspace.status
    assert status.counts.text() == "12 images, 1 selected"
    press(qtbot, window, Qt.Key.Key_A, CTRL)
    assert status.counts.text() == "12 images, 12 selected"
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_R)
    assert "saved" in status.saved.text()
    press(qtbot, window, Qt.Key.Key_C, SHIFT)
    assert not status.counts.isVisible()
    press(qtbot, window, Qt.Key.Key_G)
    assert status.counts.isVisible()


def test_notices_stand_over_the_images_name_the_project_and_go_with_it(qtbot, opened):
    window = opened()
    window.notifications.done("Image folders scanned.")
    window.notifications.error("The disk is full.")
    library, stack = window.workspace.library, window.toasts
    images = QRect(library.content.mapTo(window, QPoint(0, 0)), library.content.size())
    assert images.contains(stack.geometry())
    assert {toast.notice.project for toast in stack.toasts()} == {"savanna"}
    workspace = window.workspace
    for name in ("train", "insights"):
        workspace.rail.button(name).click()
        qtbot.wait(20)
        part = getattr(workspace, name).content
        assert QRect(part.mapTo(window, QPoint(0, 0)), part.size()).contains(stack.geometry()), name
    workspace.rail.button("library").click()
    library.show_single()
    qtbot.wait(20)
    foot = library.single.foot
    assert stack.geometry().bottom() < foot.mapTo(window, QPoint(0, 0)).y()
    window.close_project()
    assert [toast.notice.what for toast in stack.toasts()] == ["The disk is full."]
    window.notifications.done("Deleted.")
    assert stack.toasts()[-1].notice.project == ""


def test_the_status_line_forgets_what_was_said_of_an_image_when_another_is_shown(qtbot, opened, monkeypatch):
    window = opened()
    message = window.workspace.message
    monkeypatch.setattr(status_message, "FRESH_MS", 0)
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "serval")
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Escape)
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert message.isVisible()
    assert message.text().startswith("Undone: ")
    press(qtbot, window, Qt.Key.Key_Right)
    assert not message.isVisible()


def test_a_message_has_the_room_it_needs_and_moves_nothing(qtbot, opened):
    window = opened()
    window.resize(1100, 700)
    message, foot = window.workspace.message, window.workspace.foot
    window.workspace.status.set_device("A processor", "why")
    qtbot.wait(20)
    height, device = foot.height(), window.workspace.status.device
    place = device.mapTo(window, QPoint(0, 0))
    window.workspace.say("Undo would revert 1,841 labels and reviews: Import a.json. Press again to do it.")
    qtbot.wait(20)
    assert foot.height() == height
    assert device.mapTo(window, QPoint(0, 0)) == place
    assert message.width() >= message.sizeHint().width()


@pytest.mark.qt_no_exception_capture
def test_a_bug_is_reported_and_the_window_keeps_running(qtbot, opened):
    window = opened()
    error = ZeroDivisionError("a fault")
    sys.excepthook(type(error), error, None)
    qtbot.waitUntil(lambda: window.crash_dialog is not None and window.crash_dialog.isVisible())
    assert "ZeroDivisionError: a fault" in window.crash_dialog.text()
    assert not window.crash_dialog.isModal()
    window.crash_dialog.close()
    window.workspace.library.gallery.setFocus()


@pytest.mark.slow
def test_small_window_and_large_font_stay_usable(qtbot, large_font, opened):
    window = opened()
    window.resize(900, 600)
    qtbot.wait(50)
    library = window.workspace.library
    assert window.width() <= 900
    assert library.gallery.viewport().width() >= 200
    assert window.workspace.top.query.edit.width() >= 100


@pytest.mark.slow
def test_closing_ends_threads_timers_and_the_worker(qtbot, opened):
    window = opened(0.3)
    window.jobs.start_indexing()
    qtbot.waitUntil(lambda: any(job.done for job in window.jobs.running()), timeout=PATIENCE)
    process = psutil.Process(window.jobs._models.worker_pid)
    window.closing.close_now()
    assert not process.is_running()


HEAVY = ("torch", "open_clip", "timm", "sklearn")
PROGRAM = """
import os, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.bootstrap import make_window
application = QApplication([])
folder, worker, settings = sys.argv[1:]
window = make_window(worker_command=[sys.executable, worker], settings=Path(settings))
window.show()
scored = []
window.session.scores_changed.connect(lambda: scored.append(True))
window.session.opened.connect(lambda _info: window.jobs.start_indexing())
window.open_project(Path(folder))
end = time.monotonic() + 40
while not scored and time.monotonic() < end:
    application.processEvents()
    time.sleep(0.01)
window.workspace.library.show_single()
application.processEvents()
window.close()
print(bool(scored), [name for name in %r if name in sys.modules])
"""


@pytest.mark.slow
def test_process_of_the_window_never_loads_the_model(folder, tmp_path):
    arguments = [sys.executable, "-c", PROGRAM % (HEAVY,), str(folder), str(WORKER), str(tmp_path / "s.json")]
    done = subprocess.run(
        arguments,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.split("\n")[0] == "True []", done.stderr

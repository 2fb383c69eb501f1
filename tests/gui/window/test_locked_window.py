# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The window while another program keeps the database locked, with real keys and clicks."""

import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, folder, index, make, open_in, opened, press, settle, stored, type_text

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def lock(folder):
    """``lock(kind="IMMEDIATE")``: another program takes the database; ``release()`` lets it go."""
    with closing(sqlite3.connect(folder / "project.db", isolation_level=None)) as other:

        class Lock:
            def __call__(self, kind="IMMEDIATE"):
                other.execute(f"BEGIN {kind}")

            def release(self):
                if other.in_transaction:
                    other.execute("ROLLBACK")

        lock = Lock()
        yield lock
        lock.release()


@pytest.fixture
def single(qtbot, opened):
    """The window with the first image large."""
    window = opened()
    press(qtbot, window, Qt.Key.Key_E)
    settle(qtbot, window)
    return window


def tag(qtbot, window, name):
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, name)
    press(qtbot, window, Qt.Key.Key_Return)
    press(qtbot, window, Qt.Key.Key_Escape)


def inspector(window):
    return window.workspace.library.inspector


def shown_labels(window):
    return [row.label.name for row in inspector(window).labels.chips()]


def nothing_words(window):
    words = inspector(window).labels._nothing
    return words.text() if words.isVisible() else ""


def await_loaded(qtbot, window):
    controller = window.workspace.library.controller
    qtbot.waitUntil(lambda: controller.sheet.image is not None, timeout=PATIENCE)


def await_banner(qtbot, window):
    banner = window.workspace.unsaved
    qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
    return banner


def label_eight(qtbot, window):
    for number in range(8):
        if number:
            press(qtbot, window, Qt.Key.Key_Right)
        tag(qtbot, window, "serval")


def test_eight_images_labelled_beside_a_lock_stay_labelled_and_are_saved(qtbot, single, folder, lock):
    lock()
    label_eight(qtbot, single)
    banner = await_banner(qtbot, single)
    assert banner.text().startswith("8 changes are not saved yet: Yes: serval on blue0.png and 7 more.")
    assert single.workspace.status.saved.text() == "8 changes not saved yet"
    for _ in range(7):
        press(qtbot, single, Qt.Key.Key_Left)
        await_loaded(qtbot, single)
        assert shown_labels(single) == ["serval"]
        assert nothing_words(single) == ""
        assert "1 not saved yet" in inspector(single).facts.text()
        assert inspector(single).labels.chips()[0].chip.toolTip() == "serval: yes, not saved yet"
    lock.release()
    settle(qtbot, single)
    assert not banner.isVisible()
    assert single.workspace.status.saved.text().startswith("saved")
    assert shown_labels(single) == ["serval"]
    single.close()
    said, _ = stored(folder)
    assert list(said.values()) == ["yes"] * 8


@pytest.mark.slow
def test_digits_beside_a_lock_act_on_what_is_shown(qtbot, single, folder, lock):
    index(qtbot, single)
    await_loaded(qtbot, single)
    lock()
    heard = []
    single.workspace.library.controller.message.connect(heard.append)
    for _ in range(4):
        rows = inspector(single).suggestions
        qtbot.waitUntil(lambda rows=rows: len(rows.rows()) == 2, timeout=PATIENCE)
        press(qtbot, single, Qt.Key.Key_1)
        press(qtbot, single, Qt.Key.Key_Right)
        await_loaded(qtbot, single)
    assert all(words.startswith("Yes: ") for words in heard)
    lock.release()
    settle(qtbot, single)
    single.close()
    assert len(stored(folder)[0]) == 4


def test_an_image_that_is_not_loaded_yet_says_so_where_readers_wait(qtbot, single, lock, monkeypatch):
    controller = single.workspace.library.controller
    monkeypatch.setattr(single.session, "request_detail", lambda *_: None)
    heard = []
    controller.message.connect(heard.append)
    press(qtbot, single, Qt.Key.Key_Right)
    assert not inspector(single).labels._nothing.text().startswith("No labels yet")
    press(qtbot, single, Qt.Key.Key_1)
    press(qtbot, single, Qt.Key.Key_Y)
    assert all("still loading" in words for words in heard) and len(heard) == 2
    qtbot.waitUntil(lambda: nothing_words(single) == "Loading the labels…", timeout=PATIENCE)


@pytest.mark.slow
def test_a_tag_that_is_new_shows_before_it_can_be_created(qtbot, single, folder, lock):
    lock()
    tag(qtbot, single, "aardwolf")
    assert shown_labels(single) == ["aardwolf"]
    press(qtbot, single, Qt.Key.Key_Right)
    press(qtbot, single, Qt.Key.Key_Period)
    press(qtbot, single, Qt.Key.Key_Left)
    await_loaded(qtbot, single)
    assert shown_labels(single) == ["aardwolf"]
    lock.release()
    settle(qtbot, single)
    qtbot.waitUntil(lambda: shown_labels(single) == ["aardwolf"])
    single.close()
    assert list(stored(folder)[0].values()) == ["yes", "yes"]


@pytest.mark.slow
def test_a_selection_shows_what_waits_for_it(qtbot, opened, folder, lock):
    window = opened()
    library = window.workspace.library
    library.gallery.select(0)
    library.gallery.select(library.gallery.count() - 1, extend=True)
    settle(qtbot, window)
    lock()
    tag(qtbot, window, "serval")
    press(qtbot, window, Qt.Key.Key_R)
    assert [(one.name, one.count) for one in library.controller.sheet.labels] == [("serval", 12)]
    await_banner(qtbot, window)
    assert inspector(window).facts.text() == "12 of 12 reviewed · 2 not saved yet"
    lock.release()
    settle(qtbot, window)
    assert [(one.name, one.count) for one in library.controller.sheet.labels] == [("serval", 12)]
    assert inspector(window).facts.text() == "12 of 12 reviewed"


@pytest.mark.slow
def test_undo_beside_a_lock_takes_the_waiting_answer_back(qtbot, single, folder, lock):
    lock()
    tag(qtbot, single, "serval")
    press(qtbot, single, Qt.Key.Key_Right)
    tag(qtbot, single, "serval")
    press(qtbot, single, Qt.Key.Key_Z, CONTROL)
    assert shown_labels(single) == []
    press(qtbot, single, Qt.Key.Key_Left)
    await_loaded(qtbot, single)
    assert shown_labels(single) == ["serval"]
    lock.release()
    settle(qtbot, single)
    single.close()
    assert list(stored(folder)[0].values()) == ["yes"]


@pytest.mark.slow
def test_closing_beside_a_lock_asks_and_the_answers_come_back(qtbot, single, make, folder, lock):
    lock()
    label_eight(qtbot, single)
    await_banner(qtbot, single)
    press(qtbot, single, Qt.Key.Key_Q, CONTROL)
    question = single.closing.question
    assert (
        "8 changes are not saved yet" in question.explanation.text()
        and "Your labels are saved" not in question.explanation.text()
    )
    qtbot.mouseClick(question.stay_button, LEFT)
    assert single.isVisible()
    single.close()
    qtbot.mouseClick(single.closing.question.stop_button, LEFT)
    assert not single.isVisible()
    lock.release()
    assert stored(folder)[0] == {}
    again = make()
    open_in(qtbot, again, folder)
    banner = await_banner(qtbot, again)
    assert banner.text().startswith("8 changes could not be saved last time: Yes: serval on blue0.png")
    assert banner.button.text() == "Save now"
    qtbot.mouseClick(banner.button, LEFT)
    settle(qtbot, again)
    assert not banner.isVisible()
    again.close()
    assert len(stored(folder)[0]) == 8


@pytest.mark.slow
def test_the_question_says_when_all_is_saved_meanwhile(qtbot, single, lock):
    lock()
    tag(qtbot, single, "serval")
    await_banner(qtbot, single)
    single.close()
    question = single.closing.question
    assert "1 change is not saved yet" in question.explanation.text()
    assert question.windowTitle() == "Not everything is saved"
    lock.release()
    qtbot.waitUntil(lambda: question.explanation.text() == "Your labels are saved.", timeout=PATIENCE)
    assert question.windowTitle() == "Everything is saved"
    qtbot.mouseClick(question.stay_button, LEFT)


@pytest.mark.slow
def test_discarding_takes_two_clicks_and_shows_what_is_true(qtbot, single, folder, lock):
    lock()
    tag(qtbot, single, "serval")
    banner = await_banner(qtbot, single)
    qtbot.mouseClick(banner.second, LEFT)
    assert banner.text() == "Discard 1 change permanently?"
    qtbot.mouseClick(banner.second, LEFT)  # Keep
    assert shown_labels(single) == ["serval"]
    qtbot.mouseClick(banner.second, LEFT)
    qtbot.mouseClick(banner.button, LEFT)
    qtbot.waitUntil(lambda: shown_labels(single) == [], timeout=PATIENCE)
    lock.release()
    settle(qtbot, single)
    assert not banner.isVisible()
    single.close()
    assert stored(folder)[0] == {}


@pytest.mark.slow
def test_a_double_click_or_a_key_pressed_twice_discards_nothing(qtbot, single, lock):
    lock()
    tag(qtbot, single, "serval")
    banner = await_banner(qtbot, single)
    place = banner.second.geometry()
    banner.second.setFocus()
    qtbot.keyClick(banner.second, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not banner.button.geometry().intersects(place), timeout=PATIENCE)
    assert single.focusWidget().text() == "Keep"
    assert banner.second.geometry() == place
    qtbot.keyClick(banner.second, Qt.Key.Key_Space)
    qtbot.mouseClick(banner.second, LEFT)
    qtbot.keyClick(banner.second, Qt.Key.Key_Escape)
    assert banner.text().startswith("1 change is not saved yet")
    assert shown_labels(single) == ["serval"]


@pytest.mark.slow
def test_a_program_that_locks_for_a_moment_is_not_mentioned(qtbot, single, folder, lock):
    lock()
    tag(qtbot, single, "serval")
    qtbot.wait(150)
    lock.release()
    settle(qtbot, single)
    qtbot.wait(100)
    assert not single.workspace.unsaved.isVisible()
    assert shown_labels(single) == ["serval"]

"""The list follows decisions without taking an image out of the person's hands."""

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)

import pytest
from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, folder, make, opened, press, settle

from app.domain.labels import LabelState
from app.gui.library import list_keeper


@pytest.fixture
def filtered(qtbot, opened):
    """``filtered(text)``: the Library with a query."""

    def show(text):
        window = opened()
        library = window.workspace.library
        with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
            window.session.set_query(text)
        settle(qtbot, window)
        library.gallery.select(3)
        return window, library, list(library.gallery.ids())

    return show


def decide(qtbot, window, library, category="serval"):
    number = next(one.id for one in window.session.info.categories if one.name == category)
    with qtbot.waitSignal(window.session.list_outdated, timeout=PATIENCE):
        library.controller.decide(number, LabelState.YES)


def test_decided_image_stays_while_it_is_current_and_the_count_tells_at_once(qtbot, filtered):
    window, library, ids = filtered("-serval")
    decide(qtbot, window, library)
    qtbot.wait(list_keeper.REST_MS + 100)
    assert list(library.gallery.ids()) == ids
    assert library.gallery.current_id() == ids[3]
    assert library.keeper.match_count() == 11
    assert "11" in window.workspace.status.counts.text()


@pytest.mark.slow
def test_it_leaves_the_grid_after_the_person_has_moved_on_and_rested(qtbot, filtered):
    window, library, ids = filtered("-serval")
    decide(qtbot, window, library)
    press(qtbot, window, Qt.Key.Key_Right)
    assert list(library.gallery.ids()) == ids
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        pass
    assert list(library.gallery.ids()) == ids[:3] + ids[4:]
    assert library.gallery.current_id() == ids[4]
    assert library.controller.current == ids[4]


@pytest.mark.slow
def test_nothing_moves_while_a_button_of_the_mouse_is_down(qtbot, filtered, monkeypatch):
    monkeypatch.setattr(list_keeper, "REST_MS", 10)
    window, library, ids = filtered("-serval")
    decide(qtbot, window, library)
    held = [Qt.MouseButton.LeftButton]
    monkeypatch.setattr(list_keeper.QApplication, "mouseButtons", lambda: held[0])
    library.gallery.select(6)
    with qtbot.assertNotEmitted(window.session.images_changed, wait=list_keeper.REST_MS + 900):
        pass
    held[0] = Qt.MouseButton.NoButton
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        pass
    assert ids[3] not in library.gallery.ids()


@pytest.mark.slow
def test_chosen_images_stay_together_until_the_choice_is_given_up(qtbot, filtered):
    window, library, ids = filtered("-serval")
    library.gallery.select(2)
    library.gallery.select(4, extend=True)
    decide(qtbot, window, library)
    qtbot.wait(list_keeper.REST_MS + 100)
    assert list(library.gallery.selected_ids()) == ids[2:5]
    assert library.keeper.match_count() == 9
    library.gallery.select(8)
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        pass
    assert list(library.gallery.ids()) == ids[:2] + ids[5:]


def test_single_view_steps_to_the_successor_and_the_list_follows_with_the_step(qtbot, filtered):
    window, library, ids = filtered("-serval")
    library.show_single()
    decide(qtbot, window, library)
    assert library.controller.current == ids[3]
    library.controller.next()
    assert library.controller.current == ids[4]
    assert library.controller.count() == 11
    assert library.controller.position() == 3
    decide(qtbot, window, library)
    library.controller.next()
    assert library.controller.current == ids[5]
    library.controller.previous()
    assert library.controller.current == ids[2]


@pytest.mark.slow
def test_undo_brings_the_image_back_to_its_place(qtbot, filtered):
    window, library, ids = filtered("-serval")
    decide(qtbot, window, library)
    library.gallery.select(5)
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        pass
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        library.controller.undo()
    assert list(library.gallery.ids()) == ids
    assert library.gallery.current_id() == ids[5]

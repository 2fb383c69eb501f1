# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The heat map over the single view, with real keys, and a worker that is hotter to the right and down."""

import time

import pytest
from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, folder, index, make, opened, press, settle

from app.domain.errors import CancelledError
from app.domain.heat import Heat
from app.domain.labels import LabelState
from app.gui.labelling.heat_overlay import STOPS, heat_colour, heat_image
from app.gui.theme import Mode, theme
from app.jobs.work.kinds import TRAIN

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def indexed(qtbot, opened):
    """``indexed(seconds=0.0)``: the window with features, the first image large."""

    def start():
        window = opened()
        index(qtbot, window)
        press(qtbot, window, Qt.Key.Key_E)
        single = window.workspace.library.single
        qtbot.waitUntil(lambda: single.canvas.picture() is not None, timeout=PATIENCE)
        return window

    return start


def shown(qtbot, window):
    heat = window.workspace.library.heat
    qtbot.waitUntil(lambda: heat.heat is not None, timeout=PATIENCE)
    return heat


def painted(window, x, y):
    """The colour of the canvas at a place of the picture, from 0 to 1 each way."""
    canvas = window.workspace.library.single.canvas
    view = canvas.transform
    at = view.to_view(x * (view.width - 1), y * (view.height - 1))
    image = canvas.grab().toImage()
    return image.pixelColor(*(round(value * image.devicePixelRatio()) for value in at))


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_h_lays_the_map_over_the_picture_and_takes_it_away(qtbot, indexed, mode):
    window = indexed()
    theme().set_mode(mode)
    before = painted(window, 0.9, 0.6)
    press(qtbot, window, Qt.Key.Key_H)
    heat = shown(qtbot, window)
    assert heat.on
    controller = window.workspace.library.controller
    assert (heat.heat.image_id, heat.heat.category_id) == (controller.current, controller.highlight)
    assert heat.words == f"Where {heat.heat.category} is seen, judging by its text"
    assert heat.words in window.workspace.library.single.canvas.accessibleDescription()
    hot, cold = painted(window, 0.9, 0.6), painted(window, 0.05, 0.05)
    assert hot != before
    assert hot.lightness() > cold.lightness()
    press(qtbot, window, Qt.Key.Key_H)
    assert not heat.on
    assert painted(window, 0.9, 0.6) == before


@pytest.mark.slow
def test_it_stays_on_and_follows_image_and_suggestion(qtbot, indexed):
    window = indexed()
    controller = window.workspace.library.controller
    press(qtbot, window, Qt.Key.Key_H)
    heat = shown(qtbot, window)
    first = heat.heat
    press(qtbot, window, Qt.Key.Key_Right)
    assert heat.heat is None  # never the map of another image
    settle(qtbot, window)
    second = shown(qtbot, window).heat
    assert second.image_id == controller.current != first.image_id
    press(qtbot, window, Qt.Key.Key_Down)
    settle(qtbot, window)
    assert shown(qtbot, window).heat.category_id == controller.highlight != second.category_id
    press(qtbot, window, Qt.Key.Key_G)
    press(qtbot, window, Qt.Key.Key_E)
    assert heat.on


@pytest.mark.slow
def test_from_the_grid_h_opens_the_image_with_its_map(qtbot, indexed):
    window = indexed()
    press(qtbot, window, Qt.Key.Key_G)
    press(qtbot, window, Qt.Key.Key_H)
    assert window.workspace.library.single_shown
    assert shown(qtbot, window).on


@pytest.mark.slow
def test_the_button_in_the_inspector_says_what_it_does(qtbot, indexed):
    window = indexed()
    button = window.workspace.library.inspector.button("heat")
    assert (button.words(), button.key()) == ("Heat map", "H")
    qtbot.mouseClick(button, LEFT)
    shown(qtbot, window)
    assert button.words() == "Hide heat map"


@pytest.mark.slow
def test_a_category_without_a_map_is_explained(qtbot, indexed):
    window = indexed()
    library = window.workspace.library
    other = next(one for one in library.gallery.ids() if one != library.controller.current)
    window.session.add_category_and_decide([other], "blue one", LabelState.YES)

    def listed():
        return {row.name: row.category_id for row in library.controller.sheet.rows}

    qtbot.waitUntil(lambda: "blue one" in listed(), timeout=PATIENCE)
    settle(qtbot, window)
    number = listed()["blue one"]
    press(qtbot, window, Qt.Key.Key_H)
    library.controller.set_highlight(number)
    qtbot.waitUntil(lambda: "never seen it" in library.heat.words, timeout=PATIENCE)
    assert library.heat.heat is None
    assert library.heat.on


@pytest.mark.slow
def test_without_features_it_says_what_is_missing(qtbot, opened):
    window = opened()
    press(qtbot, window, Qt.Key.Key_H)
    library = window.workspace.library
    # The categories are listed before there are suggestions, so one of them is highlighted.
    qtbot.waitUntil(lambda: "need the features" in library.heat.words, timeout=PATIENCE)
    assert library.heat.heat is None


@pytest.mark.slow
def test_a_map_that_waits_for_a_job_says_so_and_comes_when_it_is_paused(qtbot, indexed):
    window = indexed()
    entered = []

    def work(_queue, _on_progress, should_stop):
        entered.append(True)
        while not should_stop():
            time.sleep(0.01)
        raise CancelledError("Stopped.")

    job = window.jobs.begin(TRAIN, work)
    qtbot.waitUntil(lambda: bool(entered), timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_H)
    heat = window.workspace.library.heat
    qtbot.waitUntil(lambda: "waiting for another job" in heat.words, timeout=PATIENCE)
    window.jobs.cancel(job)
    shown(qtbot, window)


def test_hotter_is_lighter_and_clearer():
    colours = [heat_colour(value / 20) for value in range(21)]
    assert [colour[3] for colour in colours] == sorted((colour[3] for colour in colours), reverse=True)
    light = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b, _ in colours]
    assert light == sorted(light)
    assert heat_colour(-1.0) == STOPS[0][1]
    assert heat_colour(2.0) == STOPS[-1][1]


def test_each_cell_becomes_a_pixel():
    heat = Heat(1, 2, "cat", ((0.0, 1.0), (0.5, 0.25), (1.0, 0.0)), (0.0, 0.0, 4.0, 6.0), False)
    image = heat_image(heat)
    assert (image.width(), image.height()) == (2, 3)
    assert image.pixelColor(1, 0).getRgb() == heat_colour(1.0)

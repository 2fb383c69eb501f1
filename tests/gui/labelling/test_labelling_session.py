"""The single view over the real session: real files, real keys, what is on the disk afterwards."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from window_fixtures import folder, index, make, opened, press, settle, stored, type_text

from app.services.labelling.decisions import image_states
from app.services.project.project import open_project

__all__ = ["folder", "make", "opened"]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def single(qtbot, opened):
    """The window with the first image large."""
    window = opened()
    library = window.workspace.library
    press(qtbot, window, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: library.single.canvas.picture() is not None)
    settle(qtbot, window)
    return window


def test_an_image_shows_its_own_pixels_and_the_next_one_was_decoded_ahead(qtbot, single):
    view, controller = single.workspace.library.single, single.workspace.library.controller
    name = controller.sheet.image.path
    colour = view.canvas.picture().image.pixelColor(30, 20)
    assert (colour.red() > 150) == ("red" in name)
    assert view.position.text() == "1 of 12"
    qtbot.waitUntil(lambda: view.loader.pending == 0)
    press(qtbot, single, Qt.Key.Key_Right)
    assert view.canvas.picture() is not None
    assert isinstance(view.canvas.picture().image.pixelColor(1, 1), QColor)


def test_decisions_by_key_are_on_the_disk_and_undone_by_key(qtbot, single, folder):
    press(qtbot, single, Qt.Key.Key_T)
    type_text(single, "red")
    press(qtbot, single, Qt.Key.Key_Return)
    type_text(single, "aardwolf")
    press(qtbot, single, Qt.Key.Key_Return)
    press(qtbot, single, Qt.Key.Key_Escape)
    settle(qtbot, single)
    library = single.workspace.library
    first = library.controller.sheet
    assert {one.name for one in first.labels} == {"red thing", "aardwolf"}
    press(qtbot, single, Qt.Key.Key_Space)
    press(qtbot, single, Qt.Key.Key_Period)
    press(qtbot, single, Qt.Key.Key_R)
    settle(qtbot, single)
    second = library.controller.sheet
    assert [one.name for one in second.labels] == ["aardwolf"]
    assert {one.name for one in second.implied} == {"red thing", "serval"}
    press(qtbot, single, Qt.Key.Key_Z, CONTROL)
    settle(qtbot, single)
    assert library.controller.sheet.reviewed == 0
    single.close()
    said, reviewed = stored(folder)
    assert said == {
        (first.image.path, "red thing"): "yes",
        (first.image.path, "aardwolf"): "yes",
        (second.image.path, "aardwolf"): "yes",
    }
    assert reviewed == set()


@pytest.mark.slow
def test_a_selection_in_the_grid_is_decided_as_one_step(qtbot, opened, folder):
    window = opened()
    library = window.workspace.library
    library.gallery.select(0)
    library.gallery.select(library.gallery.count() - 1, extend=True)
    settle(qtbot, window)
    assert library.inspector.title.text() == "12 images selected"
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "serval")
    press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert [(one.name, one.count) for one in library.controller.sheet.labels] == [("serval", 12)]
    press(qtbot, window, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_Z, CONTROL)
    settle(qtbot, window)
    assert library.controller.sheet.labels == ()
    window.close()
    with open_project(folder) as project:
        assert {state.value for state in image_states(project, 1).values()} == {"unknown"}


def test_suggestions_of_the_model_are_accepted_by_their_number(qtbot, single, folder):
    index(qtbot, single)
    library = single.workspace.library
    qtbot.waitUntil(lambda: len(library.inspector.suggestions.rows()) == 2)
    owned = {row.row().name: row.row().key for row in library.inspector.suggestions.rows()}
    assert owned == {"red thing": "1", "serval": "2"}  # whatever their rank
    press(qtbot, single, Qt.Key.Key_2)
    settle(qtbot, single)
    assert [one.name for one in library.controller.sheet.labels] == ["serval"]
    single.close()
    said, _ = stored(folder)
    assert list(said.values()) == ["yes"]

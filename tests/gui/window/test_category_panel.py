# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Category properties in the window, opened, changed, refused and undone with real clicks and keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from window_fixtures import PATIENCE, folder, index, make, open_in, opened, press, settle, type_text

from app.domain.category_properties import AUTOMATIC
from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.storage import categories

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
CRANE_MACHINE, CRANE_BIRD, SEAL_ANIMAL = "n03126707", "n02012849", "n02076196"


@pytest.fixture
def photos(tmp_path, make_image):
    """Three images; the categories "crane", "xqzt" and "cat" of a photo model."""
    for i in range(3):
        make_image(tmp_path / "pictures" / f"{i}.png", size=(60, 40), colour=(80 * i, 10, 10))
    names = ["crane", "xqzt", "cat"]
    with create_project(tmp_path / "nouns", [tmp_path / "pictures"], names, "photo-lite0") as project:
        scan(project)
    return project.folder


@pytest.fixture
def of_photos(qtbot, make, photos):
    """The window with the project of ``photos``."""
    window = make()
    open_in(qtbot, window, photos)
    return window


def show(qtbot, window, number):
    """The panel for a category, opened by the key of the command."""
    window.workspace.library.gallery.setFocus()
    window.workspace.library.controller.set_highlight(number)
    press(qtbot, window, Qt.Key.Key_F2)
    return wait_for(qtbot, window, number)


def wait_for(qtbot, window, number):
    panel = window.commands.category_panel
    qtbot.waitUntil(lambda: panel.isVisible() and not panel.name.isReadOnly(), timeout=PATIENCE)
    settle(qtbot, window)
    assert panel.name.text() == stored(window.session.info.folder)[number].name
    return panel


def save(qtbot, window, panel):
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        qtbot.mouseClick(panel.save, LEFT)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: not panel.save.isEnabled(), timeout=PATIENCE)


def stored(folder):
    with open_project(folder) as project, project.db.read() as s:
        return {one.id: one for one in categories.all_categories(s)}


def write(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    for number, line in enumerate(text.split("\n")):
        if number:
            qtbot.keyClick(field, Qt.Key.Key_Return)
        qtbot.keyClicks(field, line)


@pytest.mark.slow
def test_a_meaning_is_chosen_left_to_the_program_and_undone(qtbot, of_photos, photos):
    window = of_photos
    panel = show(qtbot, window, 1)
    assert panel.title.text() == "Category properties: crane"
    assert list(panel.meanings.rows) == [AUTOMATIC, CRANE_MACHINE, CRANE_BIRD]
    automatic, _, bird = panel.meanings.rows.values()
    assert (
        automatic.button.isChecked() and automatic.words.text() == "Now: crane: lifts and moves heavy objects"
    )
    assert bird.words.text().endswith("\nUsed directly: 1 class of the image model")
    assert not panel.prompts.isVisible() and not panel.save.isEnabled()
    qtbot.mouseClick(bird, LEFT, pos=bird.words.geometry().center())
    assert bird.button.isChecked() and panel.save.isEnabled()
    save(qtbot, window, panel)
    assert stored(photos)[1].sense == CRANE_BIRD
    assert window.session.info.categories[0].name == "crane" and panel.isVisible()
    window.session.undo()
    qtbot.waitUntil(panel.meanings.rows[AUTOMATIC].button.isChecked, timeout=PATIENCE)
    assert stored(photos)[1].sense is None


@pytest.mark.slow
def test_names_are_saved_together_and_the_meanings_follow_what_is_typed(qtbot, of_photos, photos):
    window = of_photos
    panel = show(qtbot, window, 2)
    assert "does not know the word 'xqzt'" in panel.meanings.problem.text() and not panel.meanings.rows
    write(qtbot, panel.name, "seals")
    qtbot.waitUntil(lambda: SEAL_ANIMAL in panel.meanings.rows, timeout=PATIENCE)
    assert not panel.meanings.problem.isVisible() and stored(photos)[2].name == "xqzt"
    write(qtbot, panel.aliases, "sea dog\n\n  phoca ")
    write(qtbot, panel.description, "it barks")
    qtbot.mouseClick(panel.meanings.rows[SEAL_ANIMAL].button, LEFT)
    panel.name.setFocus()
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE) as told:
        qtbot.keyClick(panel.name, Qt.Key.Key_Return)
    assert told.args[0].change.description == "Change the properties of 'xqzt'"
    settle(qtbot, window)
    now = stored(photos)[2]
    assert (now.name, now.aliases, now.description, now.sense) == (
        "seals",
        ("sea dog", "phoca"),
        "it barks",
        SEAL_ANIMAL,
    )
    assert panel.aliases.toPlainText() == "sea dog\nphoca" and not panel.save.isEnabled()
    assert panel.title.text() == "Category properties: seals"


def test_a_name_that_is_taken_is_refused_in_place_and_keeps_what_was_typed(qtbot, of_photos, photos):
    window = of_photos
    told = []
    window.session.known_error.connect(told.append)
    panel = show(qtbot, window, 1)
    write(qtbot, panel.name, "Cat")
    qtbot.mouseClick(panel.save, LEFT)
    qtbot.waitUntil(lambda: "already belongs to the category 'cat'" in panel.problem.text(), timeout=PATIENCE)
    settle(qtbot, window)
    assert panel.name.text() == "Cat" and panel.save.isEnabled() and told == []
    assert stored(photos)[1].name == "crane"
    write(qtbot, panel.name, "crane")
    assert panel.problem.text() == "" and not panel.save.isEnabled()


@pytest.mark.slow
def test_esc_leaves_without_saving_and_tab_reaches_every_field(qtbot, of_photos, photos):
    window = of_photos
    panel = show(qtbot, window, 1)
    assert panel.name.hasFocus()
    write(qtbot, panel.name, "other")
    passed = [window.focusWidget()]
    for _ in range(9):
        press(qtbot, window, Qt.Key.Key_Tab)
        passed.append(window.focusWidget())
    checked = panel.meanings.rows[AUTOMATIC].button
    fields = [panel.name, panel.aliases, panel.description, panel.key, checked, *panel.placement.fields]
    assert passed == [*fields, panel.close_button, panel.save]
    panel.aliases.setFocus()
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not panel.isVisible() and stored(photos)[1].name == "crane"
    panel = show(qtbot, window, 1)
    panel.close_button.setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    assert not panel.isVisible()
    show(qtbot, window, 3)


@pytest.mark.slow
def test_a_menu_on_a_suggestion_and_on_a_label_opens_the_properties(qtbot, of_photos, photos):
    window = of_photos
    index(qtbot, window)
    inspector = window.workspace.library.inspector
    qtbot.waitUntil(lambda: len(inspector.suggestions.rows()) == 3, timeout=PATIENCE)
    row = inspector.suggestions.rows()[2]
    number = row.row().category_id
    choose_from_menu(qtbot, window, row)
    panel = wait_for(qtbot, window, number)
    assert window.workspace.library.controller.highlight == number
    press(qtbot, window, Qt.Key.Key_Escape)
    window.workspace.library.controller.accept()
    qtbot.waitUntil(lambda: len(inspector.labels.chips()) == 1, timeout=PATIENCE)
    settle(qtbot, window)
    choose_from_menu(qtbot, window, inspector.labels.chips()[0].chip)
    wait_for(qtbot, window, number)
    assert panel.isVisible()


def choose_from_menu(qtbot, window, widget):
    place = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    menu = QApplication.activePopupWidget()
    chosen = next(one for one in menu.actions() if one.text().startswith("Category properties"))
    with qtbot.waitSignal(menu.destroyed):
        qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(chosen).center())
    window.activateWindow()


@pytest.mark.slow
def test_a_model_with_a_text_encoder_shows_its_prompts(qtbot, opened, folder):
    window = opened()
    index(qtbot, window)
    panel = show(qtbot, window, 1)
    assert panel.prompts.toPlainText() == "a photo of a {name}."
    assert not panel.meanings.isVisible()
    write(qtbot, panel.prompts, "a blue {name}\na {name} outside")
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):  # encoded by the worker
        save(qtbot, window, panel)
    assert stored(folder)[1].templates == ("a blue {name}", "a {name} outside")
    write(qtbot, panel.prompts, " ")
    qtbot.mouseClick(panel.save, LEFT)
    qtbot.waitUntil(lambda: "at least one prompt" in panel.problem.text(), timeout=PATIENCE)


@pytest.mark.slow
def test_the_command_is_in_the_palette_and_asks_for_a_category_first(qtbot, opened, folder):
    window = opened()
    window.workspace.library.controller.set_highlight(None)
    window.workspace.library.gallery.setFocus()
    press(qtbot, window, Qt.Key.Key_K, CTRL)
    type_text(window, "category prop")
    assert window.commands.panels.palette.words() == ["Category properties…"]
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.commands.category_panel is None
    assert "Choose a category first" in window.workspace.message.text()

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The Categories place on the real window, with real keys and clicks."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from window_fixtures import PATIENCE, folder, index, make, open_in, opened, press, settle, stored, type_text

from app.domain.category_properties import CategoryEdit, Conflicting
from app.domain.labels import Decision, LabelState
from app.gui.categories.columns import Column
from app.gui.theme import TypeSize, theme
from app.services.images.scan import scan
from app.services.labelling.decisions import decide
from app.services.project.categories import add_categories, all_of, edit_category
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.storage import images

ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
LEFT = Qt.MouseButton.LeftButton
YES, NO = LabelState.YES, LabelState.NO


def show_place(qtbot, window):
    press(qtbot, window, Qt.Key.Key_C, SHIFT)
    place = window.workspace.categories
    assert window.workspace.place == "categories"
    qtbot.waitUntil(lambda: place.model.rowCount() > 0, timeout=PATIENCE)
    read(qtbot, window, place)
    assert place.table.hasFocus()
    return place


def read(qtbot, window, place):
    """Wait until the table shows what is stored."""
    qtbot.waitUntil(lambda: not place._stale and not place._waiting, timeout=PATIENCE)
    settle(qtbot, window)


@pytest.fixture
def shown(qtbot, opened):
    """The window and its Categories place."""
    window = opened()
    return window, show_place(qtbot, window)


def names(place):
    return [row.name for row in place.model.shown_rows()]


def choose(place, name):
    row = next(row for row in place.model.all_rows() if row.name == name)
    place.table.setCurrentIndex(place.model.index(place.model.place_of(row.id), Column.NAME))
    place.table.setFocus()
    return row.id


def known(folder):
    with open_project(folder) as project:
        return {one.name: one for one in all_of(project)}


def test_the_table_counts_and_follows_a_decision(qtbot, shown):
    window, place = shown
    assert names(place) == ["red thing", "serval"]
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        window.session.decide([1, 2, 3], "serval", YES)
    qtbot.waitUntil(lambda: place.model.row_at(1).yes == 3, timeout=PATIENCE)
    assert (place.model.row_at(1).no, place.model.row_at(1).unknown) == (0, 9)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: place.model.row_at(1).yes == 0, timeout=PATIENCE)


def test_f2_renames_in_the_row_and_undo_takes_it_back(qtbot, shown, folder):
    window, place = shown
    choose(place, "serval")
    press(qtbot, window, Qt.Key.Key_F2)
    editor = window.focusWidget()
    assert editor.text() == "serval"
    type_text(window, "caracal")
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(place) == ["red thing", "caracal"], timeout=PATIENCE)
    assert place.table.hasFocus() and place.table.current_row().name == "caracal"
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: names(place) == ["red thing", "serval"], timeout=PATIENCE)


def test_a_name_that_is_taken_is_told_and_merging_offered(qtbot, shown, folder):
    window, place = shown
    with open_project(folder) as project:
        decide(project, [Decision(1, 1, YES), Decision(2, 2, YES), Decision(3, 2, YES)])
    choose(place, "serval")
    press(qtbot, window, Qt.Key.Key_F2)
    type_text(window, "Red Thing")
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Merge “serval” into it?" in place.told.text(), timeout=PATIENCE)
    qtbot.mouseClick(place.told.button, LEFT)
    panel = place.merge_panel
    qtbot.waitUntil(lambda: panel.isVisible() and panel.act.isEnabled(), timeout=PATIENCE)
    assert panel.target.currentText() == "red thing"
    assert "2 labels move to “red thing”: 2 yes, 0 no." in panel.facts.text()
    assert not panel._conflicts.isVisible()
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        qtbot.mouseClick(panel.act, LEFT)
    qtbot.waitUntil(lambda: names(place) == ["red thing"], timeout=PATIENCE)
    assert not panel.isVisible() and place.table.hasFocus()
    assert known(folder)["red thing"].aliases == ("serval",)


def test_conflicts_are_counted_and_decided_before_the_merge(qtbot, shown, folder):
    window, place = shown
    answers = [Decision(1, 1, YES), Decision(1, 2, NO), Decision(2, 1, NO), Decision(2, 2, YES)]
    with open_project(folder) as project:
        decide(project, answers)
    before = stored(folder)
    choose(place, "serval")
    qtbot.mouseClick(next(one for one in place.buttons.values() if one.words() == "Merge into…"), LEFT)
    panel = place.merge_panel
    qtbot.waitUntil(panel.target.hasFocus)
    assert not panel.act.isEnabled()
    type_text(window, "red thing")
    qtbot.waitUntil(panel.act.isEnabled, timeout=PATIENCE)
    assert panel.asked.text().startswith("2 images have a yes for one and a no for the other")
    qtbot.mouseClick(panel.choices[Conflicting.YES], LEFT, pos=QPoint(8, 8))
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        qtbot.mouseClick(panel.act, LEFT)
    qtbot.waitUntil(lambda: names(place) == ["red thing"], timeout=PATIENCE)
    said, _ = stored(folder)
    assert set(said.values()) == {"yes"} and {category for _, category in said} == {"red thing"}
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: names(place) == ["red thing", "serval"], timeout=PATIENCE)
    assert stored(folder) == before


def test_a_late_answer_for_another_category_does_not_enable_the_merge(qtbot, shown, folder):
    window, place = shown
    choose(place, "serval")
    place.merge.trigger()
    panel = place.merge_panel
    qtbot.waitUntil(panel.target.hasFocus)
    type_text(window, "red thing")
    panel._later.timeout.emit()
    panel._later.stop()
    type_text(window, "s")
    panel._later.stop()
    settle(qtbot, window)
    assert panel.target.currentText() == "red things" and not panel.act.isEnabled()


def test_delete_archives_and_an_archived_one_is_shown_on_demand_and_restored(qtbot, shown):
    window, place = shown
    choose(place, "serval")
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(place) == ["red thing"], timeout=PATIENCE)
    read(qtbot, window, place)
    assert place.archived.isVisible() and place.archived.text() == "Archived (1)"
    qtbot.mouseClick(place.archived, LEFT, pos=QPoint(8, place.archived.height() // 2))
    assert names(place) == ["red thing", "serval"]
    place.table.viewport().repaint()
    assert not theme().font(TypeSize.BODY).italic()  # only the archived row is
    choose(place, "serval")
    restore = next(one for one in place.buttons.values() if one.words() == "Restore")
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        qtbot.mouseClick(restore, LEFT)
    qtbot.waitUntil(lambda: not place.archived.isVisible(), timeout=PATIENCE)
    assert names(place) == ["red thing", "serval"]


def test_several_are_archived_as_one_step_of_undo(qtbot, shown):
    window, place = shown
    choose(place, "serval")
    press(qtbot, window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(place) == [], timeout=PATIENCE)
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: names(place) == ["red thing", "serval"], timeout=PATIENCE)
    read(qtbot, window, place)


def test_after_archiving_the_neighbour_is_current_and_not_the_first_row(qtbot, shown):
    window, place = shown
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        window.session.change(lambda store: store.categories.add(["lynx", "puma"]), "Add")
    qtbot.waitUntil(lambda: "puma" in names(place), timeout=PATIENCE)
    choose(place, "lynx")
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "lynx" not in names(place), timeout=PATIENCE)
    read(qtbot, window, place)
    assert place.table.current_row().name == "puma"


def test_an_offer_to_merge_does_not_outlive_the_place(qtbot, shown):
    window, place = shown
    choose(place, "serval")
    press(qtbot, window, Qt.Key.Key_F2)
    type_text(window, "red thing")
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(place.told.isVisible, timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.workspace.place == "library"
    press(qtbot, window, Qt.Key.Key_C, SHIFT)
    assert place.isVisible() and not place.told.isVisible()


def test_many_are_added_after_a_preview(qtbot, shown, folder, tmp_path):
    window, place = shown
    qtbot.mouseClick(place.add, LEFT)
    panel = place.add_panel
    assert panel.edit.hasFocus() and not panel.act.isEnabled()
    QApplication.clipboard().setText("wolf\nSERVAL\nWolf, red panda\n")
    press(qtbot, window, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(panel.act.isEnabled, timeout=PATIENCE)
    assert panel.act.text() == "Add 2 categories"
    assert "New: wolf, red panda" in panel.facts.text()
    assert "Already there: SERVAL (as “serval”)" in panel.facts.text()
    assert "Same category: wolf = Wolf" in panel.facts.text()
    (tmp_path / "more.txt").write_text("lynx\n\ngenet\n")
    panel.read_file(tmp_path / "more.txt")
    qtbot.waitUntil(lambda: panel.act.text() == "Add 4 categories", timeout=PATIENCE)
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        qtbot.mouseClick(panel.act, LEFT)
    qtbot.waitUntil(lambda: len(names(place)) == 6, timeout=PATIENCE)
    assert names(place)[2:] == ["wolf", "red panda", "lynx", "genet"]
    assert not panel.isVisible() and panel.edit.toPlainText() == ""


def test_a_name_that_cannot_be_used_is_told(qtbot, shown):
    _, place = shown
    qtbot.mouseClick(place.add, LEFT)
    place.add_panel.edit.setPlainText("good\n" + "x" * 201)
    qtbot.waitUntil(lambda: bool(place.add_panel.problem.text()), timeout=PATIENCE)
    assert "longer than 200 characters" in place.add_panel.problem.text()
    assert not place.add_panel.act.isEnabled()
    qtbot.keyClick(place.add_panel.edit, Qt.Key.Key_Escape)
    assert not place.add_panel.isVisible()


def test_alt_and_arrows_move_a_row_and_dropping_one_does_too(qtbot, shown, folder):
    window, place = shown
    with open_project(folder) as project:
        add_categories(project, ["lynx", "genet"])
    window.session.look_for_changes()
    qtbot.waitUntil(lambda: len(names(place)) == 4, timeout=PATIENCE)
    choose(place, "genet")
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Up, ALT)
    wanted = ["red thing", "serval", "genet", "lynx"]
    qtbot.waitUntil(lambda: names(place) == wanted, timeout=PATIENCE)
    assert place.table.current_row().name == "genet"
    model = place.model
    dragged = model.mimeData([model.index(0, Column.NAME)])
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        model.dropMimeData(dragged, Qt.DropAction.MoveAction, 4, 0, place.table.rootIndex())
    wanted = ["serval", "genet", "lynx", "red thing"]
    qtbot.waitUntil(lambda: names(place) == wanted, timeout=PATIENCE)
    assert [one.name for one in window.session.info.categories] == wanted
    model.sort(Column.NAME)
    assert not model.canDropMimeData(dragged, Qt.DropAction.MoveAction, 0, 0, place.table.rootIndex())


def test_numbering_says_first_which_keys_change(qtbot, shown, folder):
    window, place = shown
    with open_project(folder) as project:
        edit_category(project, 1, CategoryEdit(shortcut="Z"))
    window.session.look_for_changes()
    settle(qtbot, window)
    qtbot.mouseClick(place.number, LEFT)
    panel = place.number_panel
    qtbot.waitUntil(panel.act.isEnabled, timeout=PATIENCE)
    assert "red thing: 1 (was Z)" in panel.facts.text()
    assert known(folder)["red thing"].shortcut == "Z"
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        qtbot.mouseClick(panel.act, LEFT)
    settle(qtbot, window)
    assert [one.shortcut for one in known(folder).values()] == ["1", "2"]


def test_the_filter_and_the_headers_search_and_sort(qtbot, shown, folder):
    window, place = shown
    with open_project(folder) as project:
        add_categories(project, ["antelope"])
        edit_category(project, 2, CategoryEdit(aliases=("Leptailurus",)))
    window.session.look_for_changes()
    qtbot.waitUntil(lambda: len(names(place)) == 3, timeout=PATIENCE)
    qtbot.keyClicks(place.filter, "leptai")
    assert names(place) == ["serval"]
    place.filter.clear()
    header = place.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(Column.NAME) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), LEFT, pos=at)
    assert names(place) == ["antelope", "red thing", "serval"]
    qtbot.keyClicks(place.filter, "nothing like this")
    assert "No category with" in place.detail.text()


def test_enter_shows_the_properties(qtbot, shown):
    window, place = shown
    choose(place, "serval")
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.commands.panels.shown() == "category", timeout=PATIENCE)
    settle(qtbot, window)
    assert window.commands.category_panel.name.text() == "serval"


def test_a_project_without_categories_offers_to_add_some(qtbot, make, tmp_path, make_image):
    make_image(tmp_path / "few" / "one.png")
    with create_project(tmp_path / "empty", [tmp_path / "few"], []) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, project.folder)
    window.workspace.show_categories()
    place = window.workspace.categories
    settle(qtbot, window)
    assert place.empty.isVisible() and not place.table.isVisible()
    qtbot.mouseClick(place.empty.button(), LEFT)
    assert place.add_panel.isVisible()


@pytest.mark.slow
def test_three_thousand_odd_names_are_shown_searched_and_moved(qtbot, make, tmp_path, make_image):
    odd = ["x" * 200, "🦊🦊 fox", "نسر ذهبي", "a\u200db", "<b>bold</b>"]
    make_image(tmp_path / "few" / "one.png")
    every = [*odd, *(f"category {number}" for number in range(3000))]
    with create_project(tmp_path / "many", [tmp_path / "few"], every) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, project.folder)
    place = show_place(qtbot, window)
    assert place.model.rowCount() == 3005
    assert [row.name for row in place.model.shown_rows()[:5]] == odd
    assert place.table.columnWidth(Column.NAME) <= 300
    qtbot.keyClicks(place.filter, "category 2999")
    assert place.model.rowCount() == 1
    place.filter.clear()
    choose(place, "category 2999")
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Up, ALT)
    qtbot.waitUntil(lambda: names(place)[-2:] == ["category 2999", "category 2998"], timeout=PATIENCE)


def test_parent_group_and_colour_are_chosen_in_the_properties(qtbot, shown, folder):
    window, place = shown
    choose(place, "serval")
    press(qtbot, window, Qt.Key.Key_Return)
    panel = window.commands.category_panel
    qtbot.waitUntil(lambda: panel.isVisible() and not panel.name.isReadOnly(), timeout=PATIENCE)
    settle(qtbot, window)
    fields = panel.placement
    fields.parent_field.setFocus()
    fields.parent_field.lineEdit().selectAll()
    qtbot.keyClicks(fields.parent_field, "nothing")
    qtbot.mouseClick(panel.save, LEFT)
    assert panel.problem.text() == "There is no category “nothing”, so it cannot be the parent."
    fields.parent_field.lineEdit().selectAll()
    qtbot.keyClicks(fields.parent_field, "Red Thing")
    fields.group_field.setFocus()
    qtbot.keyClicks(fields.group_field, "cats")
    fields.colour_field.setFocus()
    qtbot.keyClick(fields.colour_field, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        qtbot.mouseClick(panel.save, LEFT)
    settle(qtbot, window)
    serval = known(folder)["serval"]
    assert (serval.parent, serval.group, serval.colour) == (1, "cats", "#4477aa")
    qtbot.waitUntil(lambda: not panel.save.isEnabled(), timeout=PATIENCE)
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: place.model.row_of(2).parent == "red thing", timeout=PATIENCE)
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        window.session.decide([1], "serval", YES)
    qtbot.waitUntil(lambda: place.model.row_of(1).yes == 1, timeout=PATIENCE)


@pytest.mark.slow
def test_the_images_that_fit_the_text_best_follow_what_is_typed(qtbot, shown, folder):
    window, place = shown
    index(qtbot, window)
    read(qtbot, window, place)
    choose(place, "serval")
    press(qtbot, window, Qt.Key.Key_Return)
    panel = window.commands.category_panel
    qtbot.waitUntil(lambda: bool(panel.strip.image_ids()), timeout=PATIENCE)
    assert len(panel.strip.image_ids()) == 10

    def red():
        with open_project(folder) as project, project.db.read() as s:
            return {one.id for one in images.all_images(s) if one.path.startswith("red")}

    qtbot.waitUntil(lambda: not panel.name.isReadOnly(), timeout=PATIENCE)
    panel.prompts.setFocus()
    panel.prompts.selectAll()
    qtbot.keyClicks(panel.prompts, "red")
    qtbot.waitUntil(lambda: set(panel.strip.image_ids()[:6]) == red(), timeout=PATIENCE)
    panel.prompts.selectAll()
    qtbot.keyClicks(panel.prompts, "blue")
    qtbot.waitUntil(lambda: not red() & set(panel.strip.image_ids()[:6]), timeout=PATIENCE)
    assert panel.save.isEnabled() and known(folder)["serval"].templates == ("a photo of a {name}.",)

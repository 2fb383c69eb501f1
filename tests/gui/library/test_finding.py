"""Sorting, saving and finding again what was asked before; similar images with a chip."""

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)

import pytest
from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, folder, index, make, open_in, opened, press, settle, type_text

from app.domain.category_properties import CategoryEdit
from app.gui.library.facet_model import row_of
from app.services.project.project import open_project
from app.services.query.saved import queries, save_query

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def run(qtbot, window, text):
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    window.workspace.top.query.edit.selectAll()
    type_text(window, text)
    if window.workspace.top.query.list.isVisible():
        press(qtbot, window, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)


def sort_actions(window):
    button = window.workspace.top.sort
    button.menu().aboutToShow.emit()
    return {action.text(): action for action in button.menu().actions() if action.text()}


def test_after_a_valid_query_the_images_have_the_focus_and_after_a_wrong_one_the_field(qtbot, opened):
    window = opened()
    library, bar = window.workspace.library, window.workspace.top.query
    run(qtbot, window, "path:red*")
    assert library.gallery.hasFocus()
    ids = list(library.gallery.ids())
    run(qtbot, window, "path:blue* srval")
    assert bar.edit.hasFocus()
    assert list(library.gallery.ids()) == ids
    assert window.session.query == "path:red*"
    press(qtbot, window, Qt.Key.Key_Escape)
    assert bar.edit.text() == "path:red*"
    assert library.gallery.hasFocus()


def test_a_query_in_single_view_shows_its_first_hit_and_nothing_else_moves_the_focus(qtbot, opened):
    window = opened()
    library = window.workspace.library
    press(qtbot, window, Qt.Key.Key_E)
    run(qtbot, window, "path:red* sort:name")
    assert library.single_shown
    assert library.controller.current == library.gallery.ids()[0]
    assert library.single.canvas.hasFocus()


def test_a_query_in_the_grid_begins_with_its_first_image_and_keeps_several_selected_ones(qtbot, opened):
    window = opened()
    gallery = window.workspace.library.gallery
    gallery.select(gallery.count() - 1)
    last = gallery.current_id()
    run(qtbot, window, "sort:name")
    assert gallery.current_id() == gallery.ids()[0] != last
    gallery.set_current(last)
    run(qtbot, window, " ")
    assert gallery.current_id() == last  # everything is shown again around it
    press(qtbot, window, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    run(qtbot, window, "sort:name")
    assert len(gallery.selected_ids()) == gallery.count()


def test_the_sort_menu_writes_the_order_and_shows_the_one_of_the_query(qtbot, opened):
    window = opened()
    button = window.workspace.top.sort
    run(qtbot, window, "path:red* limit:4")
    assert button.text() == "Folder"
    for words, text in (
        ("File name", "path:red* sort:name limit:4"),
        ("Newest file", "path:red* sort:time limit:4"),
        ("Most recently labelled", "path:red* sort:decided limit:4"),
        ("Folder", "path:red* limit:4"),
    ):
        with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
            sort_actions(window)[words].trigger()
        assert shown.args[1] == text
        assert button.text() == words
        assert [one for one, action in sort_actions(window).items() if action.isChecked()] == [words]
    sort_actions(window)["Score of another category…"].trigger()
    assert window.workspace.top.query.edit.text() == "path:red* sort:score:"
    assert window.workspace.top.query.list.isVisible()


def test_similar_keeps_the_filter_and_its_chip_takes_the_order_away(qtbot, opened):
    window = opened()
    index(qtbot, window)
    library = window.workspace.library
    run(qtbot, window, "path:red*")
    library.gallery.select(1)
    settle(qtbot, window)
    assert not library.chips.isVisible()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        press(qtbot, window, Qt.Key.Key_S)
    assert shown.args[1] == 'path:red* similar:"red1.png"'
    assert library.keeper.match_count() == 6  # all of them near-duplicates, behind one
    (chip,) = library.chips.chips
    assert (chip.text(), chip.isVisible()) == ("Similar to red1.png", True)
    assert window.workspace.top.sort.text() == "Similar"
    chip.setFocus()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        press(qtbot, window, Qt.Key.Key_Space)
    assert shown.args[1] == "path:red*"
    assert not library.chips.isVisible()


def test_a_query_is_saved_found_renamed_deleted_and_brought_back(qtbot, opened, folder):
    window = opened()
    library, saving = window.workspace.library, window.workspace.saving
    names = lambda: [one.name for one in library.finding.queries.saved]  # noqa: E731
    run(qtbot, window, "path:red* sort:name")
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert saving.line.hasFocus()
    type_text(window, "Reds")
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names() == ["Reds"], timeout=PATIENCE)
    assert not saving.isVisible()
    assert library.gallery.hasFocus()

    run(qtbot, window, "path:blue*")
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    type_text(window, "reds")
    assert saving.button.text() == "Replace"
    for focused in (saving.line, saving.cancel, library.gallery):
        press(qtbot, window, Qt.Key.Key_S, CTRL)
        focused.setFocus()
        press(qtbot, window, Qt.Key.Key_Escape)
        assert not saving.isVisible()
        assert library.gallery.hasFocus()

    press(qtbot, window, Qt.Key.Key_F, CTRL)
    window.workspace.top.query.edit.selectAll()
    type_text(window, "red")  # offered by its name
    press(qtbot, window, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        press(qtbot, window, Qt.Key.Key_Return)
    assert shown.args[1] == "path:red* sort:name"

    saving.begin_renaming("Reds")
    saving.line.selectAll()
    type_text(window, "Red pictures")
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names() == ["Red pictures"], timeout=PATIENCE)
    tree = library.facets.tree
    row = tree.facets.rows("Saved queries")[0]
    tree.focus_first()
    assert row_of(tree.currentIndex()) == row
    press(qtbot, window, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names() == [], timeout=PATIENCE)
    undo = window.toasts.toasts()[-1].action_button()
    qtbot.mouseClick(undo, LEFT)
    qtbot.waitUntil(lambda: names() == ["Red pictures"], timeout=PATIENCE)
    window.close()
    with open_project(folder) as project:
        assert [(one.name, one.query) for one in queries(project).saved] == [
            ("Red pictures", "path:red* sort:name")
        ]


def test_a_name_is_typed_undisturbed_while_the_queries_change_for_other_reasons(qtbot, opened, folder):
    with open_project(folder) as project:
        save_query(project, "Reds", "path:red*")
        save_query(project, "Blues", "path:blue*")
    window = opened()
    finding, saving = window.workspace.library.finding, window.workspace.saving
    qtbot.waitUntil(lambda: len(finding.queries.saved) == 2, timeout=PATIENCE)
    saving.begin_renaming("Reds")
    finding.queries_changed.emit(finding.queries)  # as after a query that was run, or a renamed category
    assert saving.isVisible()
    saving.line.setText("Blues")
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(saving.problem.text()), timeout=PATIENCE)
    finding.queries_changed.emit(finding.queries)
    assert saving.isVisible()


def test_nothing_is_saved_without_a_query_or_a_name(qtbot, opened):
    window = opened()
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert not window.workspace.saving.isVisible()
    run(qtbot, window, "path:red*")
    press(qtbot, window, Qt.Key.Key_S, CTRL)
    assert not window.workspace.saving.button.isEnabled()
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.workspace.saving.isVisible()
    type_text(window, "n" * 81)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "80" in window.workspace.saving.problem.text(), timeout=PATIENCE)


def test_history_is_gone_through_with_up_and_down_and_kept_with_the_project(qtbot, opened, make, folder):
    window = opened()
    for text in ("path:red*", "path:blue*", "wrng", "is:unreviewed"):
        run(qtbot, window, text)
    window.close()
    again = make()
    open_in(qtbot, again, folder)
    bar = again.workspace.top.query
    qtbot.waitUntil(lambda: bool(again.workspace.library.finding.queries.history), timeout=PATIENCE)
    assert again.workspace.library.finding.queries.history == ["is:unreviewed", "path:blue*", "path:red*"]
    settle(qtbot, again)
    press(qtbot, again, Qt.Key.Key_F, CTRL)
    bar.edit.selectAll()
    press(qtbot, again, Qt.Key.Key_Delete)
    settle(qtbot, again)
    seen = []
    for key in (Qt.Key.Key_Up,) * 4 + (Qt.Key.Key_Down,) * 3:
        press(qtbot, again, key)
        seen.append(bar.edit.text())
    assert seen == [
        *("is:unreviewed", "path:blue*", "path:red*", "path:red*"),
        *("path:blue*", "is:unreviewed", ""),
    ]
    press(qtbot, again, Qt.Key.Key_Down)
    assert bar.list.isVisible()
    assert bar.list.item(0).text() == "is:unreviewed"
    press(qtbot, again, Qt.Key.Key_Down)
    with qtbot.waitSignal(again.session.images_changed, timeout=PATIENCE) as shown:
        press(qtbot, again, Qt.Key.Key_Return)
    assert shown.args[1] == "path:blue*"


def test_a_saved_query_is_shown_with_the_present_names_of_its_categories(qtbot, make, folder):
    with open_project(folder) as project:
        save_query(project, "Things", '"red thing" -serval')
    window = make()
    open_in(qtbot, window, folder)
    finding = window.workspace.library.finding
    qtbot.waitUntil(lambda: len(finding.queries.saved) == 1, timeout=PATIENCE)
    red = next(one.id for one in window.session.info.categories if one.name == "red thing")
    window.session.change(lambda store: store.categories.edit(red, CategoryEdit(name="scarlet")), "Rename")
    qtbot.waitUntil(lambda: finding.queries.saved[0].query == "scarlet -serval", timeout=PATIENCE)
    window.session.undo()
    qtbot.waitUntil(lambda: finding.queries.saved[0].query == '"red thing" -serval', timeout=PATIENCE)


def test_saved_and_recent_queries_are_in_the_menu(qtbot, make, folder):
    with open_project(folder) as project:
        save_query(project, "A & B", "path:red*")
    window = make()
    open_in(qtbot, window, folder)
    run(qtbot, window, "path:blue*")
    run(qtbot, window, "is:unreviewed")
    menu = window.workspace.top.query.menu.menu()
    menu.aboutToShow.emit()
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == ["A && B", "Save this query…", "Recent", "path:blue*"]
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        menu.actions()[0].trigger()
    assert shown.args[1] == "path:red*"


@pytest.mark.slow
def test_the_controls_of_the_library_are_shown_only_there(qtbot, opened):
    window = opened()
    top = window.workspace.top
    controls = (top.query, top.sort, top.grid, top.single, top.filters)
    assert all(one.isVisible() for one in controls)
    for key in (Qt.Key.Key_V, Qt.Key.Key_M):
        press(qtbot, window, key)
        assert not any(one.isVisible() for one in controls)
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    assert window.workspace.place == "library"
    assert top.query.edit.hasFocus()
    assert all(one.isVisible() for one in controls)


def test_a_query_that_is_saved_on_the_command_line_appears(qtbot, opened, folder):
    window = opened()
    finding = window.workspace.library.finding
    assert not finding.queries.saved
    with open_project(folder) as project:
        save_query(project, "Reds", "path:red*")
    qtbot.waitUntil(lambda: [one.name for one in finding.queries.saved] == ["Reds"], timeout=PATIENCE)
    settle(qtbot, window)

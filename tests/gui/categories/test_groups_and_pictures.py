# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Categories with a picture each, and under the headings of their groups."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from test_categories_place import ALT, CTRL, LEFT, choose, known, names, read, show_place
from window_fixtures import PATIENCE, folder, make, opened, press, settle

from app.domain.category_properties import CategoryEdit
from app.domain.labels import Decision, LabelState
from app.gui.categories.columns import Column
from app.gui.categories.groups import Heading, dropped, stepped, under_headings
from app.jobs.values.categories import CategoryRow
from app.services.labelling.decisions import decide
from app.services.project.categories import add_categories, archive, edit_category
from app.services.project.project import open_project

YES, NO = LabelState.YES, LabelState.NO
GROUPS = {"lynx": "cats", "serval": "cats", "owl": "birds"}


def lines(place):
    """What is shown: names of categories, and headings in brackets."""
    found = [
        place.model.heading_at(at) or place.model.category_at(at) for at in range(place.model.rowCount())
    ]
    return [f"[{one.title} {one.count}]" if isinstance(one, Heading) else one.name for one in found]


@pytest.fixture
def grouped(qtbot, opened, folder):
    """The window and its place, with the categories in two groups and one in none, under headings."""
    with open_project(folder) as project:
        add_categories(project, ["lynx", "owl"])
    for name, group in GROUPS.items():
        with open_project(folder) as project:
            edit_category(project, known(folder)[name].id, CategoryEdit(group=group))
    window = opened()
    place = show_place(qtbot, window)
    assert place.groups.isVisible() and names(place) == ["red thing", "serval", "lynx", "owl"]
    qtbot.mouseClick(place.groups, LEFT, pos=QPoint(8, place.groups.height() // 2))
    place.table.setFocus()
    return window, place


def test_the_groups_are_headings_that_fold_by_key(qtbot, grouped):
    _, place = grouped
    table = place.table
    every = ["[birds 1]", "owl", "[cats 2]", "serval", "lynx", "[No group 1]", "red thing"]
    assert lines(place) == every and table.isColumnHidden(Column.GROUP)
    choose(place, "lynx")
    qtbot.keyClick(table, Qt.Key.Key_Left)
    assert table.current_heading() == Heading("cats", 2, folded=False) and table.current_row() is None
    assert not place.archive.isEnabled()
    said = table.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Group cats, 2 categories, expanded"
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Space, Qt.Key.Key_Return):
        folded = table.current_heading().folded
        qtbot.keyClick(table, key)
        assert table.current_heading().folded is not folded
    assert lines(place) == ["[birds 1]", "owl", "[cats 2]", "[No group 1]", "red thing"]
    said = table.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Group cats, 2 categories, collapsed"
    qtbot.keyClick(table, Qt.Key.Key_Left)
    assert table.current_heading().folded
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert lines(place) == every
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert table.current_row().name == "serval"


def test_a_click_folds_and_what_is_searched_is_unfolded(qtbot, grouped):
    window, place = grouped
    table = place.table
    at = table.visualRect(place.model.index(2, Column.PLACE)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=at)
    assert lines(place) == ["[birds 1]", "owl", "[cats 2]", "[No group 1]", "red thing"]
    qtbot.keyClicks(place.filter, "lyn")
    assert lines(place) == ["[cats 1]", "lynx"]
    place.filter.clear()
    assert "lynx" not in lines(place)
    place.model.fold_all(folded=True)
    assert lines(place) == ["[birds 1]", "[cats 2]", "[No group 1]"]
    choose(place, "owl")  # the heading stands for it
    assert table.current_heading().group == "birds"
    table.setFocus()
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        window.session.decide([1], "owl", YES)
    read(qtbot, window, place)
    assert lines(place) == ["[birds 1]", "[cats 2]", "[No group 1]"]
    assert table.current_heading().group == "birds"


def test_rows_move_within_their_group_and_are_dropped_into_another(qtbot, grouped, folder):
    window, place = grouped
    table, model = place.table, place.model
    choose(place, "lynx")
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Up, ALT)
    wanted = ["[birds 1]", "owl", "[cats 2]", "lynx", "serval", "[No group 1]", "red thing"]
    qtbot.waitUntil(lambda: lines(place) == wanted, timeout=PATIENCE)
    assert table.current_row().name == "lynx"
    dragged = model.mimeData([model.index(wanted.index("red thing"), Column.NAME)])
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        model.dropMimeData(dragged, Qt.DropAction.MoveAction, 4, 0, table.rootIndex())
    wanted = ["[birds 1]", "owl", "[cats 3]", "lynx", "red thing", "serval"]
    qtbot.waitUntil(lambda: lines(place) == wanted, timeout=PATIENCE)
    assert known(folder)["red thing"].group == "cats"
    settle(qtbot, window)
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert known(folder)["red thing"].group == ""


def test_the_picture_of_a_category_is_the_newest_image_with_a_yes(qtbot, opened, folder):
    with open_project(folder) as project:
        add_categories(project, ["lynx"])
        edit_category(project, 3, CategoryEdit(parent=1))
        decide(project, [Decision(2, 2, YES), Decision(5, 2, YES), Decision(7, 2, NO), Decision(9, 3, YES)])
    window = opened()
    place = show_place(qtbot, window)
    pictures = place.pictures
    qtbot.waitUntil(lambda: pictures.picture(2) is not None, timeout=PATIENCE)
    assert [pictures.image_of(one) for one in (1, 2, 3)] == [9, 5, 9]  # a parent has that of its child
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        window.session.decide([5, 2], "serval", NO)
    qtbot.waitUntil(lambda: pictures.image_of(2) is None, timeout=PATIENCE)
    assert pictures.picture(2) is None
    archive_one(folder, 3)
    window.session.look_for_changes()
    qtbot.waitUntil(lambda: pictures.image_of(1) is None, timeout=PATIENCE)
    place.table.viewport().repaint()
    window.session.close()
    assert pictures.picture(1) is None


def archive_one(folder, category_id):
    with open_project(folder) as project:
        archive(project, category_id)


def test_only_rows_in_view_get_a_picture(qtbot, opened, folder):
    with open_project(folder) as project:
        add_categories(project, [f"category {number}" for number in range(200)])
        decide(project, [Decision(1, 2, YES), Decision(1, 202, YES)])
    window = opened()
    place = show_place(qtbot, window)
    qtbot.waitUntil(lambda: place.pictures.image_of(2) == 1, timeout=PATIENCE)
    settle(qtbot, window)
    assert place.pictures.image_of(202) is None
    press(qtbot, window, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: place.pictures.picture(202) is not None, timeout=PATIENCE)


ROWS = st.lists(st.tuples(st.sampled_from(["", "a", "B", "b"]), st.booleans()), min_size=1, max_size=8).map(
    lambda facts: [
        CategoryRow(10 + at, f"c{at}", at, group=group, archived=archived and at > len(facts) - 3)
        for at, (group, archived) in enumerate(facts)
    ]
)


def carried_out(rows, move):
    """As the project does it: the rows in their new order."""
    others = [row for row in rows if row.id not in move.ids]
    chosen = [row for row in rows if row.id in move.ids]
    if move.group is not None:
        chosen = [replace(row, group=move.group) for row in chosen]
    if move.before in move.ids:
        first = next(row for row in rows if row.id == move.before)
        at = sum(row.place < first.place for row in others)
    else:
        at = len(others)
        if move.before is not None:
            at = [row.id for row in others].index(move.before)
    return [replace(row, place=place) for place, row in enumerate([*others[:at], *chosen, *others[at:]])]


@settings(max_examples=50)
@given(ROWS, st.data())
def test_what_is_dropped_under_a_heading_lands_there(rows, data):
    lines = under_headings(rows, ())
    active = [row for row in rows if not row.archived]
    if not active:
        return
    ids = data.draw(
        st.lists(st.sampled_from([row.id for row in active]), min_size=1, max_size=3, unique=True)
    )
    at = data.draw(st.integers(1, len(lines)))
    move = dropped(lines, rows, ids, at)
    before = [one.id for one in lines[:at] if isinstance(one, CategoryRow) and one.id not in ids]
    after = under_headings(carried_out(rows, move), ())
    group = lines[at - 1].group
    assert all(row.group == group for row in after if isinstance(row, CategoryRow) and row.id in ids)
    found = [one for one in after if isinstance(one, CategoryRow) and one.group == group]
    wanted = [one.id for one in lines if isinstance(one, CategoryRow) and one.group == group]
    wanted = [one for one in wanted if one not in ids]
    front = sum(one in before for one in wanted)
    moved = [one.id for one in rows if one.id in ids]
    archived = {row.id for row in rows if row.archived}
    shown = [one.id for one in found if one.id not in archived]
    expected = [one for one in [*wanted[:front], *moved, *wanted[front:]] if one not in archived]
    assert shown == expected


@settings(max_examples=50)
@given(ROWS, st.sampled_from([-1, 1]), st.booleans(), st.data())
def test_a_step_changes_places_with_the_neighbour(rows, step, headed, data):
    one = data.draw(st.sampled_from(rows))
    move = stepped(rows, [one.id], step, headed=headed)
    if move is None:
        return

    def order(rows):
        return [row.id for row in rows if not row.archived and (not headed or row.group == one.group)]

    before, after = order(rows), order(carried_out(rows, move))
    at = before.index(one.id)
    to = min(max(at + step, 0), len(before) - 1)
    before[at], before[to] = before[to], before[at]
    assert after == before

"""The filters at the left of the library write the query that a person would type, and follow it."""

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from window_fixtures import PATIENCE, folder, make, open_in, opened, press, settle, type_text

from app.domain.labels import Decision, LabelState
from app.domain.query.nodes import Property
from app.gui.library.facet_model import AT_FIRST, row_of
from app.gui.library.facet_rows import Choice, Group
from app.services.labelling.decisions import decide, review
from app.services.project.categories import add_categories, set_aliases
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.services.query.saved import save_query
from app.storage import categories

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


def all_of(project):
    with project.db.read() as s:
        return categories.all_categories(s)


def tree_of(window):
    return window.workspace.library.facets.tree


def found(window, title):
    facets = tree_of(window).facets
    for group in Group:
        for item, row in zip(facets.items(group), facets.rows(group), strict=True):
            if row.title == title:
                return item, row
    raise LookupError(title)


def count(window, title):
    return found(window, title)[1].count


def ready(qtbot, window):
    qtbot.waitUntil(lambda: window.workspace.library.finding.counts is not None, timeout=PATIENCE)
    settle(qtbot, window)


def click(qtbot, window, title, modifier=Qt.KeyboardModifier.NoModifier, button=LEFT):
    tree = tree_of(window)
    index = found(window, title)[0].index()
    tree.scrollTo(index)
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        qtbot.mouseClick(tree.viewport(), button, modifier, tree.visualRect(index).center())
    settle(qtbot, window)
    return window.session.query


@pytest.fixture
def labelled(folder):
    """Two images with a red thing, of which one is reviewed; the other things of the fixture folder."""
    with open_project(folder) as project:
        first, second = (one.id for one in all_of(project))
        decide(project, [Decision(1, first, LabelState.YES), Decision(2, first, LabelState.YES)])
        decide(project, [Decision(3, second, LabelState.NO)])
        review(project, [1])
    return folder


def test_clicks_write_terms_and_the_rows_show_what_the_query_asks(qtbot, make, labelled):
    window = make()
    open_in(qtbot, window, labelled)
    ready(qtbot, window)
    bar, marks = window.workspace.top.query.edit, lambda: set(tree_of(window).facets.marks.values())
    assert count(window, "red thing") == 2
    assert count(window, "Reviewed") == 1
    assert click(qtbot, window, "red thing") == '"red thing"' == bar.text()
    assert marks() == {Choice.WITH}
    assert window.workspace.library.gallery.count() == 2
    assert click(qtbot, window, "Reviewed") == '"red thing" is:reviewed'
    assert click(qtbot, window, "Not reviewed") == '"red thing" is:unreviewed'
    assert click(qtbot, window, "serval", ALT) == '"red thing" is:unreviewed no:serval'
    assert Choice.WITHOUT in marks()
    assert click(qtbot, window, "serval", button=MIDDLE) == '"red thing" is:unreviewed unknown:serval'
    assert click(qtbot, window, "red thing") == "is:unreviewed unknown:serval"
    assert click(qtbot, window, "red thing", SHIFT) == 'is:unreviewed (unknown:serval OR "red thing")'
    assert click(qtbot, window, "Not reviewed") == 'unknown:serval OR "red thing"'


def test_what_is_typed_marks_the_rows_also_under_another_name(qtbot, make, labelled):
    with open_project(labelled) as project:
        set_aliases(project, all_of(project)[0].id, ["crimson"])
    window = make()
    open_in(qtbot, window, labelled)
    ready(qtbot, window)
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    type_text(window, "Crimson -is:reviewed ")
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    marks = tree_of(window).facets.marks
    assert marks[found(window, "red thing")[1].key] is Choice.WITH
    assert marks[found(window, "Reviewed")[1].key] is Choice.WITHOUT
    words = found(window, "Reviewed")[0].index().data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == "Reviewed, 1 image, excluded by the query"
    assert click(qtbot, window, "red thing") == "-is:reviewed"


def test_counts_follow_a_decision(qtbot, make, labelled):
    window = make()
    open_in(qtbot, window, labelled)
    ready(qtbot, window)
    assert (count(window, "Not labelled"), count(window, "You, one by one")) == (9, 3)
    window.workspace.library.gallery.select(5)
    serval = next(one for one in window.session.info.categories if one.name == "serval")
    window.workspace.library.controller.decide(serval.id, LabelState.YES)
    qtbot.waitUntil(lambda: count(window, "serval") == 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: count(window, "Not labelled") == 8, timeout=PATIENCE)
    assert window.session.query == ""


def test_after_a_click_the_next_key_labels_an_image(qtbot, make, labelled):
    window = make()
    open_in(qtbot, window, labelled)
    ready(qtbot, window)
    click(qtbot, window, "Labelled")
    gallery = window.workspace.library.gallery
    assert gallery.hasFocus()
    if gallery.current_id() is None:
        press(qtbot, window, Qt.Key.Key_Right)
    press(qtbot, window, Qt.Key.Key_T)
    assert window.workspace.library.inspector.tags.line.hasFocus()


def test_everything_is_done_by_keys_and_letters_do_not_label(qtbot, make, labelled):
    window = make()
    open_in(qtbot, window, labelled)
    ready(qtbot, window)
    press(qtbot, window, Qt.Key.Key_B, CTRL)  # hides, the focus is with the images
    assert not window.workspace.library.facets.isVisible()
    assert window.workspace.library.gallery.hasFocus()
    press(qtbot, window, Qt.Key.Key_B, CTRL)
    tree = tree_of(window)
    assert tree.hasFocus()
    tree.setCurrentIndex(found(window, "red thing")[0].index())
    for key, modifier, text in (
        (Qt.Key.Key_Return, None, '"red thing"'),
        (Qt.Key.Key_Return, ALT, 'no:"red thing"'),
        (Qt.Key.Key_Return, CTRL, 'unknown:"red thing"'),
    ):
        with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
            press(qtbot, window, key, modifier)
        assert shown.args[1] == text
    press(qtbot, window, Qt.Key.Key_Down)
    assert row_of(tree.currentIndex()).title == "serval"
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        press(qtbot, window, Qt.Key.Key_Return, SHIFT)  # not done and next
    assert shown.args[1] == 'unknown:"red thing" OR serval'
    before = window.session.info
    for key in (Qt.Key.Key_Y, Qt.Key.Key_N, Qt.Key.Key_1, Qt.Key.Key_R):
        press(qtbot, window, key)
    settle(qtbot, window)
    assert window.session.info.categories == before.categories
    assert window.session.info.reviewed == before.reviewed
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.workspace.library.gallery.hasFocus()


def test_the_menu_of_a_row_has_all_choices_and_checks_the_one_in_the_query(qtbot, make, labelled):
    window = make()
    open_in(qtbot, window, labelled)
    ready(qtbot, window)
    click(qtbot, window, "serval", ALT)
    menu = window.workspace.library.facets.menu_for(found(window, "serval")[1])
    assert menu.words() == [
        *("Yes: serval", "No: serval", "Unknown: serval", "Or: serval"),
        "Sort by score: serval",
    ]
    checked = [action.text() for action in menu.actions() if action.isChecked()]
    assert checked == ["No: serval\tAlt+Enter"]
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        menu.actions()[2].trigger()
    assert shown.args[1] == "unknown:serval"
    menu.deleteLater()


def test_the_panel_stays_hidden_after_a_restart(qtbot, opened, make, folder):
    window = opened()
    qtbot.mouseClick(window.workspace.top.filters, LEFT)
    assert not window.workspace.library.facets.isVisible()
    assert not window.workspace.top.filters.isChecked()
    window.close()
    again = make()
    open_in(qtbot, again, folder)
    assert not again.workspace.library.facets.isVisible()


def test_folders_are_a_tree_and_another_folder_replaces_the_first(qtbot, make, tmp_path, make_image):
    for at, place in enumerate(["a [1]/x", "a [1]/y", "b"]):
        make_image(tmp_path / "photos" / place / f"{at}.png", size=(8, 8), colour=(at, 0, 0))
    from app.services.images.scan import scan

    with create_project(tmp_path / "p", [tmp_path / "photos"], ["fox"]) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, project.folder)
    ready(qtbot, window)
    assert (count(window, "a [1]"), count(window, "x"), count(window, "b")) == (2, 1, 1)
    click(qtbot, window, "a [1]")
    assert window.workspace.library.gallery.count() == 2
    click(qtbot, window, "b")
    assert window.session.query == "path:b/"
    assert click(qtbot, window, "a [1]", SHIFT) == 'path:b/ OR path:"a [[]1]/"'
    assert window.workspace.library.gallery.count() == 3


def test_a_long_list_shows_its_beginning_and_can_be_searched(qtbot, make, folder):
    with open_project(folder) as project:
        add_categories(project, [f"thing {at}" for at in range(40)] + ["x" * 200, "שועל", "🦊 fox"])
    window = make()
    open_in(qtbot, window, folder)
    ready(qtbot, window)
    panel, tree = window.workspace.library.facets, tree_of(window)
    assert panel.line.isVisible()

    def shown():
        items = tree.facets.items(Group.CATEGORIES)
        return [item.text() for item in items if not tree.isRowHidden(item.row(), item.index().parent())]

    assert len(shown()) == AT_FIRST
    more = tree.facets.more[Group.CATEGORIES]
    assert more.text() == "33 more"
    panel.line.setFocus()
    type_text(window, "fox")
    assert shown() == ["🦊 fox"]
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as query:
        press(qtbot, window, Qt.Key.Key_Return)
    assert query.args[1] == '"🦊 fox"'
    press(qtbot, window, Qt.Key.Key_Escape)
    assert "🦊 fox" in shown()  # it is in the query
    assert len(shown()) == AT_FIRST + 1
    tree.scrollTo(more.index())
    qtbot.mouseClick(
        tree.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, tree.visualRect(more.index()).center()
    )
    assert len(shown()) == 45
    assert window.session.query == '"🦊 fox"'


def test_reviews_older_than_a_category_are_counted_and_said_over_the_image(qtbot, make, labelled):
    with open_project(labelled) as project:
        add_categories(project, ["new one", "new two"])
    window = make()
    open_in(qtbot, window, labelled)
    ready(qtbot, window)
    library = window.workspace.library
    assert count(window, "Review outdated") == 1
    library.controller.set_current(1)
    press(qtbot, window, Qt.Key.Key_E)
    qtbot.waitUntil(library.outdated.isVisible, timeout=PATIENCE)
    assert library.outdated.words.text() == "2 categories are newer than this review: check them"
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        qtbot.mouseClick(library.outdated.button, LEFT)
    assert shown.args == [[1], "is:outdated"]
    assert library.single_shown
    press(qtbot, window, Qt.Key.Key_R)  # takes the mark away
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: not library.outdated.isVisible(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: library.finding.counts.properties[Property.OUTDATED] == 0, timeout=PATIENCE)


def test_a_narrow_window_keeps_its_room_for_the_images(qtbot, opened):
    window = opened()
    facets = window.workspace.library.facets
    assert facets.isVisible()
    window.resize(760, 500)
    qtbot.waitUntil(lambda: not facets.isVisible(), timeout=PATIENCE)
    qtbot.mouseClick(window.workspace.top.filters, LEFT)
    assert facets.isVisible()  # asked for
    window.resize(1200, 760)
    qtbot.waitUntil(facets.isVisible, timeout=PATIENCE)


def test_a_notice_does_not_cover_the_filters(qtbot, opened):
    window = opened()
    facets, toasts = window.workspace.library.facets, window.toasts
    window.notifications.warning("Something happened.")

    def edge():
        return facets.mapTo(window, facets.rect().topRight()).x()

    assert toasts.x() >= edge()
    press(qtbot, window, Qt.Key.Key_B, CTRL)
    qtbot.waitUntil(lambda: toasts.x() < edge(), timeout=PATIENCE)


def test_a_saved_query_is_counted_on_demand_until_something_changes(qtbot, make, labelled):
    with open_project(labelled) as project:
        save_query(project, "Reds", '"red thing"')
    window = make()
    open_in(qtbot, window, labelled)
    ready(qtbot, window)
    assert count(window, "Reds") is None
    menu = window.workspace.library.facets.menu_for(found(window, "Reds")[1])
    words = [action.text() for action in menu.actions()]
    assert words == ["Show these images", "Count the images", "Rename…", "Delete"]
    menu.actions()[1].trigger()
    qtbot.waitUntil(lambda: count(window, "Reds") == 2, timeout=PATIENCE)
    window.session.decide([9], all_categories(window)["red thing"], LabelState.YES)
    qtbot.waitUntil(lambda: count(window, "Reds") is None, timeout=PATIENCE)
    menu.deleteLater()


def all_categories(window):
    return {one.name: one.id for one in window.session.info.categories}

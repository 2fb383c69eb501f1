"""Near-duplicates in the list of similar images: stacked, opened in place, and labelled together."""

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)

import pytest
from PySide6.QtCore import QPoint, Qt
from window_fixtures import PATIENCE, folder, index, make, open_in, opened, press, settle, stored

from app.jobs.project.stacks import Stacks
from app.services.images.scan import scan
from app.services.project.project import open_project
from app.storage import images

SHIFT, LEFT = Qt.KeyboardModifier.ShiftModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def similar(qtbot, opened):
    """The window with the images that look like a red one first: six red ones and six blue ones."""
    window = opened()
    index(qtbot, window)
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        window.session.set_query("")
    library = window.workspace.library
    library.gallery.setFocus()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_S)
    settle(qtbot, window)
    return window


def leave_out_reviewed(qtbot, session):
    with qtbot.waitSignal(session.images_changed, timeout=PATIENCE):
        session.set_query(f"-is:reviewed {session.query}")


def test_a_stack_is_opened_by_key_its_images_are_labelled_together_and_it_is_closed_again(
    qtbot, similar, folder
):
    library = similar.workspace.library
    gallery = library.gallery
    first, other = gallery.ids()
    assert gallery.stack(first).size == gallery.stack(other).size == 6
    assert not gallery.stack(first).opened
    assert library.keeper.match_count() == 12
    gallery.set_current(first)
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    assert gallery.count() == 7 and gallery.ids()[0] == first and gallery.ids()[6] == other
    assert gallery.stack(first).opened and len(gallery.selected_ids()) == 6
    settle(qtbot, similar)
    category = similar.session.info.categories[0]
    library.controller.set_highlight(category.id)
    press(qtbot, similar, Qt.Key.Key_Y)
    settle(qtbot, similar)
    labels = stored(folder)[0]
    assert len([one for one in labels.items() if one[0][1] == category.name]) == 6
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    assert list(gallery.ids()) == [first, other] and gallery.current_id() == first
    settle(qtbot, similar)


def test_an_answer_labels_the_first_image_of_a_closed_stack_and_the_status_says_so(qtbot, similar, folder):
    library, counts = similar.workspace.library, similar.workspace.status.counts
    first, other = library.gallery.ids()
    press(qtbot, similar, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert counts.text() == "12 images, 10 in closed stacks, 2 selected"
    settle(qtbot, similar)
    category = similar.session.info.categories[0]
    library.controller.set_highlight(category.id)
    press(qtbot, similar, Qt.Key.Key_Y)
    settle(qtbot, similar)
    with open_project(folder) as project, project.db.read() as s:
        wanted = {(images.get(s, one).path, category.name) for one in (first, other)}
    assert set(stored(folder)[0]) == wanted
    library.gallery.set_current(first)
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    assert counts.text() == "12 images, 5 in closed stacks, 6 selected"
    with qtbot.waitSignal(similar.session.images_changed, timeout=PATIENCE):
        similar.session.set_query("")
    assert counts.text() == "12 images, 6 selected"
    settle(qtbot, similar)


def test_a_click_on_the_number_opens_a_stack_and_opens_no_image(qtbot, similar):
    library = similar.workspace.library
    gallery = library.gallery
    first = gallery.ids()[0]
    gallery.viewport().grab()  # the place of the number is known once it is painted
    place = gallery._surface._cells.stack_place(*gallery.cell_rect(0).topLeft().toTuple()).center()
    gallery.select(1)
    qtbot.mouseClick(gallery.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, pos=place)
    assert gallery.count() == 2 and gallery.selected_count() == 2
    qtbot.mouseClick(gallery.viewport(), LEFT, pos=place)
    assert gallery.count() == 7 and gallery.current_id() == first
    qtbot.mouseDClick(gallery.viewport(), LEFT, pos=place)
    qtbot.mouseRelease(gallery.viewport(), LEFT, pos=place)
    assert not library.single_shown
    settle(qtbot, similar)


def test_without_a_stack_a_sentence_says_what_to_do(qtbot, opened):
    window = opened()
    said = []
    window.workspace.library.controller.message.connect(said.append)
    press(qtbot, window, Qt.Key.Key_S, SHIFT)
    assert said == ["No near-duplicates are stacked here. Find similar images first."]
    settle(qtbot, window)


def test_screen_readers_and_the_list_hear_of_the_stack(qtbot, similar):
    gallery = similar.workspace.library.gallery
    gallery.select(1)
    gallery.select(0)
    assert "5 near-duplicates behind it" in gallery.accessibleDescription()
    press(qtbot, similar, Qt.Key.Key_G, SHIFT)
    assert gallery.lined
    gallery.viewport().grab()
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    assert gallery.stack(gallery.ids()[0]).words() == "5 near-duplicates after it"
    settle(qtbot, similar)


@pytest.mark.slow
def test_where_the_first_image_has_left_the_list_the_next_one_leads_the_stack(qtbot, similar):
    library, session = similar.workspace.library, similar.session
    gallery = library.gallery
    leave_out_reviewed(qtbot, session)
    first = gallery.ids()[0]
    gallery.set_current(first)
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    gallery.set_current(first)
    press(qtbot, similar, Qt.Key.Key_R)
    settle(qtbot, similar)
    gallery.select(gallery.count() - 1)
    qtbot.waitUntil(lambda: first not in gallery.ids(), timeout=PATIENCE)
    gallery.select(2)
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    assert gallery.count() == 2 and gallery.current_id() == gallery.ids()[0]
    assert gallery.stack(gallery.ids()[0]).size == 5
    settle(qtbot, similar)


@pytest.mark.slow
def test_a_reviewed_image_still_leaves_the_list_after_a_stack_was_opened(qtbot, similar):
    library, session = similar.workspace.library, similar.session
    gallery = library.gallery
    leave_out_reviewed(qtbot, session)
    first, other = gallery.ids()
    gallery.set_current(first)
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    last = gallery.ids()[6 - 1]
    gallery.set_current(last)
    with qtbot.waitSignal(session.list_outdated, timeout=PATIENCE):
        press(qtbot, similar, Qt.Key.Key_R)
    assert last in gallery.ids() and library.keeper.match_count() == 11
    gallery.set_current(other)
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    assert library.keeper.match_count() == 11
    qtbot.waitUntil(lambda: last not in gallery.ids(), timeout=PATIENCE)
    settle(qtbot, similar)


def test_from_a_stacked_image_shown_large_the_way_leads_to_its_stack(qtbot, similar):
    library = similar.workspace.library
    gallery = library.gallery
    first, other = gallery.ids()
    gallery.set_current(first)
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    gallery.select(3)
    press(qtbot, similar, Qt.Key.Key_E)
    assert library.single_shown
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    assert not library.single_shown and list(gallery.ids()) == [first, other]
    assert library.controller.current == gallery.current_id() == first
    press(qtbot, similar, Qt.Key.Key_E)
    press(qtbot, similar, Qt.Key.Key_Right)
    assert library.controller.current == other
    settle(qtbot, similar)


def test_an_open_stack_stays_open_when_a_scan_does_not_find_its_first_image(qtbot, similar, folder):
    library, session = similar.workspace.library, similar.session
    gallery = library.gallery
    with qtbot.waitSignal(session.images_changed, timeout=PATIENCE):
        session.set_query('similar:"red1.png"')
    first = gallery.ids()[0]
    gallery.set_current(first)
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    members = gallery.selected_ids()
    with open_project(folder) as project:
        with project.db.read() as s:
            name, [root] = images.get(s, first).name, images.roots(s).values()
        (root / name).unlink()
        scan(project)
    qtbot.waitUntil(lambda: first not in gallery.ids(), timeout=PATIENCE)
    assert gallery.stack(gallery.ids()[0]).opened and gallery.selected_ids() == members[1:]
    settle(qtbot, similar)


def test_the_way_back_to_an_image_of_a_stack_leads_to_the_stack(qtbot, similar):
    library, session = similar.workspace.library, similar.session
    gallery = library.gallery
    first, other = gallery.ids()
    gallery.set_current(other)
    press(qtbot, similar, Qt.Key.Key_S, SHIFT)
    gallery.select(4)
    with qtbot.waitSignal(session.images_changed, timeout=PATIENCE):
        session.set_query("")
    settle(qtbot, similar)
    with qtbot.waitSignal(session.images_changed, timeout=PATIENCE):
        press(qtbot, similar, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert list(gallery.ids()) == [first, other] and gallery.current_id() == other
    settle(qtbot, similar)


@pytest.mark.slow
def test_a_step_through_the_list_does_not_go_through_all_images_for_their_stacks(qtbot, similar, monkeypatch):
    gallery, walked = similar.workspace.library.gallery, []
    gallery.select(0)
    monkeypatch.setattr(Stacks, "visible", lambda _stacks, image_ids: walked.append(image_ids))
    press(qtbot, similar, Qt.Key.Key_Right)
    assert gallery.current_id() == gallery.ids()[1] and not walked
    settle(qtbot, similar)

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The Review place in the window, with real keys and clicks."""

import os
import sqlite3
from pathlib import Path

import pytest
from clipping import clipped
from PySide6.QtCore import QPoint, Qt
from review_fixtures import (
    folder,
    indexed,
    make,
    opened,
    path_of,
    press,
    settle,
    show_board,
    sit_down,
    stored,
    type_text,
)
from window_fixtures import PATIENCE

from app.domain.labels import LabelState
from app.domain.review import Queue, Step
from app.gui.review.board_model import Column
from app.gui.theme import Mode, theme

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
YES, NO = LabelState.YES, LabelState.NO


def answer(qtbot, window, key, modifier=None):
    """A key that decides, until its answer is on the disk."""
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        press(qtbot, window, key, modifier)
    settle(qtbot, window)


def ledger_origins(folder):
    with sqlite3.connect(folder / "project.db") as db:
        rows = db.execute("select queue, inclusion from ledger where kind = 'label' order by id").fetchall()
    db.close()
    return rows


def test_cards_are_decided_undone_and_finished_by_keys_and_stay_on_the_disk(qtbot, opened, folder):
    window = opened()
    press(qtbot, window, Qt.Key.Key_V)
    place = window.workspace.review
    qtbot.waitUntil(lambda: place.board.model.rowCount() == 3, timeout=PATIENCE)
    assert window.workspace.place == "review"
    sit_down(qtbot, window)
    grid, sitting = place.sitting.grid, place.review.sitting
    assert grid.hasFocus()
    assert place.sitting.title.text() == "Find: red thing"
    first, second = sitting.cards[0], sitting.cards[1]
    answer(qtbot, window, Qt.Key.Key_Y)
    assert sitting.state(0).said is YES
    assert grid.current == 1
    answer(qtbot, window, Qt.Key.Key_N)
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert sitting.state(1).said is None
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert sitting.state(1).said is NO
    press(qtbot, window, Qt.Key.Key_S)
    skipped = sitting.cards[2].image_id
    assert sitting.state(2).skipped
    assert "1 found" in place.sitting.progress.text()
    assert "yield 50 %" in place.sitting.progress.text()
    before = {number for card in sitting.cards for number in card.images}
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    after = {number for card in sitting.cards for number in card.images}
    assert skipped in before
    assert before.isdisjoint(after)
    names = {number: path_of(window, number) for card in (first, second) for number in card.images}
    window.close()
    said, reviewed = stored(folder)
    wanted = {(names[number], "red thing"): "yes" for number in first.images}
    wanted |= {(names[number], "red thing"): "no" for number in second.images}
    assert (said, reviewed) == (wanted, set())
    assert (first.origin.queue, first.origin.inclusion) in ledger_origins(folder)


def test_a_stack_is_one_card_one_answer_and_one_undo(qtbot, opened, folder):
    window = opened()
    place = sit_down(qtbot, window)
    grid, sitting = place.sitting.grid, place.review.sitting
    at = next(i for i, card in enumerate(sitting.cards) if card.copies)
    qtbot.mouseClick(grid, LEFT, pos=grid.card_rect(at).center())
    assert grid.current == at
    answer(qtbot, window, Qt.Key.Key_Y)
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE) as undone:
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert len(undone.args[0].labels) == 3
    settle(qtbot, window)
    window.close()
    assert stored(folder) == ({}, set())


def test_the_mouse_decides_on_a_card_and_opens_it_large(qtbot, opened):
    from app.gui.review.card_painter import mark_rects

    window = opened()
    place = sit_down(qtbot, window)
    grid, sitting = place.sitting.grid, place.review.sitting
    rect = grid.card_rect(1)
    _yes, no = mark_rects(rect, grid._layout().picture)
    qtbot.mouseMove(grid, rect.center())
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        qtbot.mouseClick(grid, LEFT, pos=no.center())
    assert sitting.state(1).said is NO
    qtbot.mouseDClick(grid, LEFT, pos=grid.card_rect(0).center() - QPoint(0, 20))
    assert place.sitting.large
    qtbot.waitUntil(lambda: place.sitting.preview.canvas.picture() is not None, timeout=PATIENCE)
    assert "Card 1 of" in place.sitting.preview.words.text()
    answer(qtbot, window, Qt.Key.Key_Y)
    assert sitting.state(0).said is YES
    assert grid.current == 2
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not place.sitting.large
    assert place.sitting_shown
    press(qtbot, window, Qt.Key.Key_E)
    assert place.sitting.large
    press(qtbot, window, Qt.Key.Key_G)
    assert not place.sitting.large
    assert window.workspace.place == "review"


def test_arrows_and_letters_walk_over_the_cards(qtbot, opened):
    window = opened()
    place = sit_down(qtbot, window)
    grid = place.sitting.grid
    for key, wanted in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_D, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_A, 0),
        (Qt.Key.Key_Space, 1),
    ):
        press(qtbot, window, key)
        assert grid.current == wanted
    columns = grid._layout().columns
    press(qtbot, window, Qt.Key.Key_Down)
    assert grid.current == min(1 + columns, grid.count() - 1)


def test_the_rest_is_no_on_demand_and_the_end_says_what_came_of_it(qtbot, opened, folder):
    window = opened()
    place = sit_down(qtbot, window)
    sitting = place.review.sitting
    answer(qtbot, window, Qt.Key.Key_Y)
    button = place.sitting.buttons["rest_no"]
    rest = len(sitting.open_places())
    assert button.words() == f"Rest: no ({rest})"
    with qtbot.waitSignals([place.review.page_changed], timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return, SHIFT)
    settle(qtbot, window)
    assert (sitting.found, sitting.rejected) == (1, rest)
    with qtbot.waitSignal(place.review.ended, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Escape)
    assert place.shown is place.summary
    left = sitting.left
    assert place.summary.lines[0].text() == f"1 found, {rest} rejected, {left} left undecided."
    assert place.summary.proposal.text().startswith("Next: ")
    assert place.summary.proposal.hasFocus()
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Space)
    assert place.review.sitting.name in {"serval", "grass"}
    settle(qtbot, window)


def test_undo_works_at_the_end_of_a_sitting_too_and_its_words_follow(qtbot, opened):
    window = opened()
    place = sit_down(qtbot, window)
    answer(qtbot, window, Qt.Key.Key_Y)
    with qtbot.waitSignal(place.review.ended, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert place.summary.lines[0].text().startswith("1 found, 0 rejected")
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert place.summary.lines[0].text().startswith("0 found, 0 rejected")


def test_the_board_counts_sorts_filters_and_begins_with_a_click(qtbot, opened):
    window = opened()
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        window.session.decide([1], "grass", YES)
    place = show_board(qtbot, window)
    board = place.board
    qtbot.waitUntil(lambda: board.model.row_at(2).name == "grass", timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: all(row.estimate is not None for row in place.review.board.rows), timeout=PATIENCE
    )

    def names():
        return [board.model.row_at(i).name for i in range(board.model.rowCount())]

    def text(place, column):
        return board.model.index(place, column).data()

    assert names() == ["red thing", "serval", "grass"]
    assert [text(2, Column.YES), text(2, Column.HIDDEN), text(2, Column.AP)] == ["1", "?", "too few"]
    assert [text(0, Column.STEP), text(2, Column.STEP)] == ["Find first examples", "Review 22"]
    header = board.table.horizontalHeader()
    x = header.sectionViewportPosition(Column.NAME) + 20
    qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(x, header.height() // 2))
    assert names() == ["grass", "red thing", "serval"]
    qtbot.mouseClick(board.filter, LEFT)
    type_text(window, "gr")
    assert names() == ["grass"]
    assert window.workspace.place == "review"
    bar = board.strip.bar(place.review.board.rows[0].category_id)
    qtbot.mouseClick(board.strip, LEFT, pos=bar.center().toPoint())
    assert board.filter.text() == ""
    assert board.table.current_row().name == place.review.board.rows[0].name
    assert "as of" in board.when.text()
    at = names().index("serval")
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        qtbot.mouseClick(board.table.viewport(), LEFT, pos=board.table.step_place(at).center())
    assert place.review.sitting.name == "serval"
    settle(qtbot, window)


def test_label_checks_show_the_label_and_an_answer_keeps_or_flips_it(qtbot, opened, folder):
    window = opened()
    from app.domain.labels import Decision
    from app.services import labelling
    from app.services.project import open_project
    from app.storage import categories, images

    project = window.session.project
    with project.db.read() as s:
        ids = {one.path: one.id for one in images.all_images(s)}
        red = next(one.id for one in categories.all_categories(s) if one.name == "red thing")
    truth = {path: path.startswith("red") for path in ids} | {"blue04.png": True}
    decisions = [Decision(ids[p], red, YES if one else NO) for p, one in truth.items()]
    # The window notices it before the sitting begins, not in its middle.
    with open_project(folder) as other, qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        labelling.decide(other, decisions)
    place = show_board(qtbot, window)
    qtbot.waitUntil(lambda: place.review.keeper.row(red).step is Step.CHECK, timeout=PATIENCE)
    place.board.table.show_category(red)
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    sitting = place.review.sitting
    assert sitting.queue is Queue.WRONG
    assert place.sitting.title.text() == "Check yes: red thing"
    at = [card.image_id for card in sitting.cards].index(ids["blue04.png"])
    assert at in {0, 1}  # but for a random sample, which may stand before it
    assert sitting.state(at).present is YES
    qtbot.mouseClick(place.sitting.grid, LEFT, pos=place.sitting.grid.card_rect(at).center())
    answer(qtbot, window, Qt.Key.Key_N)
    assert "1 mistake" in place.sitting.progress.text()
    window.close()
    assert stored(folder)[0]["blue04.png", "red thing"] == "no"


def test_another_queue_is_chosen_from_the_list(qtbot, opened):
    window = opened()
    place = sit_down(qtbot, window)
    place.sitting.queue.setFocus()
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Down)
    assert place.review.sitting.queue is Queue.UNSURE
    assert place.sitting.grid.hasFocus()
    settle(qtbot, window)
    place.sitting.queue.setCurrentIndex(place.sitting.queue.findData(Queue.RANDOM))
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        place.sitting.queue.activated.emit(place.sitting.queue.currentIndex())
    assert {card.reason for card in place.review.sitting.cards} == {"random"}


def test_without_features_the_board_offers_to_compute_them(qtbot, make, tmp_path, make_image):
    from window_fixtures import open_in

    from app.services.library import scan
    from app.services.project import create_project

    make_image(tmp_path / "photos" / "one.png", size=(40, 30))
    with create_project(tmp_path / "bare", [tmp_path / "photos"], ["cat"]) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, tmp_path / "bare")
    place = show_board(qtbot, window)
    assert place.board.missing.isVisible()
    with qtbot.waitSignal(place.review.failed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    assert place.sitting.trouble.isVisible()
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Space)
        assert place.shown is place.board
        qtbot.mouseClick(place.board.missing.button, LEFT)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: not place.board.missing.isVisible(), timeout=PATIENCE)


def test_a_project_without_categories_leads_back_to_the_library(qtbot, make, tmp_path, make_image):
    from window_fixtures import open_in

    from app.services.library import scan
    from app.services.project import create_project

    make_image(tmp_path / "photos" / "one.png", size=(40, 30))
    with create_project(tmp_path / "bare", [tmp_path / "photos"], []) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, tmp_path / "bare")
    press(qtbot, window, Qt.Key.Key_V)
    place = window.workspace.review
    assert place.shown is place.empty
    press(qtbot, window, Qt.Key.Key_Space)
    assert window.workspace.place == "library"
    settle(qtbot, window)


def test_the_keys_of_the_library_come_back_with_it(qtbot, opened):
    window = opened()
    sit_down(qtbot, window)
    press(qtbot, window, Qt.Key.Key_S)  # here a skip, in the library "similar"
    assert window.workspace.place == "review"
    qtbot.mouseClick(window.workspace.rail.button("library"), LEFT)
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        press(qtbot, window, Qt.Key.Key_S)
    assert "similar" in shown.args[1]
    press(qtbot, window, Qt.Key.Key_V)
    assert window.workspace.review.sitting_shown  # as it was left
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    type_text(window, "yns")
    assert window.workspace.review.review.sitting.found == 0
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        window.focusWidget().clear()
        type_text(window, "serval")
        if window.workspace.top.query.list.isVisible():
            press(qtbot, window, Qt.Key.Key_Escape)
        press(qtbot, window, Qt.Key.Key_Return)
    assert window.workspace.place == "library"


def test_the_highlighted_category_of_the_library_is_reviewed_with_one_key(qtbot, opened):
    window = opened()
    controller = window.workspace.library.controller
    qtbot.waitUntil(lambda: controller.highlight is not None, timeout=PATIENCE)
    name = controller.sheet.name_of(controller.highlight)
    press(qtbot, window, Qt.Key.Key_V, SHIFT)
    place = window.workspace.review
    qtbot.waitUntil(lambda: bool(place.review.cards()), timeout=PATIENCE)
    assert place.review.sitting.name == name
    settle(qtbot, window)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_nothing_is_cut_off_in_a_small_window_with_twice_the_font(qtbot, opened, large_font, mode):
    theme().set_mode(mode)
    window = opened()
    window.resize(900, 600)
    place = show_board(qtbot, window)
    # The time of the estimates may have been written this very moment, before its row is laid out.
    qtbot.waitUntil(lambda: clipped(window) == [], timeout=PATIENCE)
    sit_down(qtbot, window)
    qtbot.wait(50)
    assert clipped(window) == []
    grid = place.sitting.grid
    assert grid.count() >= 1
    assert all(grid.rect().contains(grid.card_rect(i)) for i in range(grid.count()))
    with qtbot.waitSignal(place.review.ended, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Escape)
    settle(qtbot, window)
    qtbot.wait(50)
    assert clipped(window) == []

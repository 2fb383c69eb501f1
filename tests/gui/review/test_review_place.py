# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The Review place in the window, with real keys and clicks."""

import os
import sqlite3
from pathlib import Path

import pytest
from clipping import clipped
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from review_fixtures import (
    folder,
    indexed,
    make,
    opened,
    path_of,
    press,
    settle,
    show_board,
    start_round,
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
    start_round(qtbot, window)
    grid, active = place.round_view.grid, place.review.round
    assert grid.hasFocus()
    assert place.round_view.title.text() == "Find: red thing"
    first, second = active.cards[0], active.cards[1]
    answer(qtbot, window, Qt.Key.Key_Y)
    assert active.state(0).answer is YES
    assert grid.current == 1
    answer(qtbot, window, Qt.Key.Key_N)
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert active.state(1).answer is None
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert active.state(1).answer is NO
    press(qtbot, window, Qt.Key.Key_S)
    skipped = active.cards[2].image_id
    assert active.state(2).skipped
    assert "1 found" in place.round_view.progress.text()
    assert "yield 50 %" in place.round_view.progress.text()
    before = {number for card in active.cards for number in card.images}
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    settle(qtbot, window)
    after = {number for card in active.cards for number in card.images}
    assert skipped in before
    assert before.isdisjoint(after)
    names = {number: path_of(window, number) for card in (first, second) for number in card.images}
    window.close()
    said, reviewed = stored(folder)
    wanted = {(names[number], "red thing"): "yes" for number in first.images}
    wanted |= {(names[number], "red thing"): "no" for number in second.images}
    assert (said, reviewed) == (wanted, set())
    assert (first.origin.queue, first.origin.inclusion) in ledger_origins(folder)


@pytest.mark.slow
def test_a_stack_is_one_card_one_answer_and_one_undo(qtbot, opened, folder):
    window = opened()
    place = start_round(qtbot, window)
    grid, active = place.round_view.grid, place.review.round
    at = next(i for i, card in enumerate(active.cards) if card.copies)
    qtbot.mouseClick(grid, LEFT, pos=grid.card_rect(at).center())
    assert grid.current == at
    answer(qtbot, window, Qt.Key.Key_Y)
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE) as undone:
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert len(undone.args[0].labels) == 3
    settle(qtbot, window)
    window.close()
    assert stored(folder) == ({}, set())


@pytest.mark.slow
def test_the_mouse_decides_on_a_card_and_opens_it_large(qtbot, opened):
    from app.gui.review.card_painter import mark_rects

    window = opened()
    place = start_round(qtbot, window)
    grid, active = place.round_view.grid, place.review.round
    rect = grid.card_rect(1)
    _yes, no = mark_rects(rect, grid._layout().picture)
    qtbot.mouseMove(grid, rect.center())
    with qtbot.waitSignal(window.session.answered, timeout=PATIENCE):
        qtbot.mouseClick(grid, LEFT, pos=no.center())
    assert active.state(1).answer is NO
    qtbot.mouseDClick(grid, LEFT, pos=grid.card_rect(0).center() - QPoint(0, 20))
    assert place.round_view.large
    qtbot.waitUntil(lambda: place.round_view.preview.canvas.picture() is not None, timeout=PATIENCE)
    assert "Card 1 of" in place.round_view.preview.words.text()
    answer(qtbot, window, Qt.Key.Key_Y)
    assert active.state(0).answer is YES
    assert grid.current == 2
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not place.round_view.large
    assert place.round_shown
    press(qtbot, window, Qt.Key.Key_E)
    assert place.round_view.large
    press(qtbot, window, Qt.Key.Key_G)
    assert not place.round_view.large
    assert window.workspace.place == "review"


@pytest.mark.slow
def test_arrows_and_letters_move_between_cards(qtbot, opened):
    window = opened()
    place = start_round(qtbot, window)
    grid = place.round_view.grid
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


@pytest.mark.slow
def test_the_rest_is_no_on_demand_and_the_end_says_what_came_of_it(qtbot, opened, folder):
    window = opened()
    place = start_round(qtbot, window)
    active = place.review.round
    answer(qtbot, window, Qt.Key.Key_Y)
    button = place.round_view.buttons["rest_no"]
    rest = len(active.open_places())
    assert button.words() == f"Rest: no ({rest})"
    with qtbot.waitSignals([place.review.page_changed], timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return, SHIFT)
    settle(qtbot, window)
    assert (active.found, active.rejected) == (1, rest)
    with qtbot.waitSignal(place.review.ended, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Escape)
    assert place.shown is place.summary
    left = active.left
    assert place.summary.lines[0].text() == f"1 found, {rest} rejected, {left} left undecided."
    assert place.summary.proposal.text().startswith("Next: ")
    assert place.summary.proposal.hasFocus()
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Space)
    assert place.review.round.name in {"serval", "grass"}
    settle(qtbot, window)


@pytest.mark.slow
def test_keys_at_the_end_of_a_round_lead_on_and_back(qtbot, opened):
    window = opened()
    place = start_round(qtbot, window)
    with qtbot.waitSignal(place.review.ended, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Escape)
    assert place.summary.proposal.hasFocus()
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)  # presses the focused button
    settle(qtbot, window)
    for key in (Qt.Key.Key_V, Qt.Key.Key_Escape):
        if not place.round_shown:
            with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
                press(qtbot, window, Qt.Key.Key_Return)  # on a row of the board
            settle(qtbot, window)
        with qtbot.waitSignal(place.review.ended, timeout=PATIENCE):
            press(qtbot, window, Qt.Key.Key_Escape)
        assert place.shown is place.summary
        press(qtbot, window, key)
        assert place.shown is place.board
        assert place.board.table.hasFocus()
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.workspace.place == "library"
    settle(qtbot, window)


@pytest.mark.slow
def test_undo_works_at_the_end_of_a_round_too_and_its_words_follow(qtbot, opened):
    window = opened()
    place = start_round(qtbot, window)
    answer(qtbot, window, Qt.Key.Key_Y)
    with qtbot.waitSignal(place.review.ended, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Escape)
    settle(qtbot, window)
    assert place.summary.lines[0].text().startswith("1 found, 0 rejected")
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert place.summary.lines[0].text().startswith("0 found, 0 rejected")


@pytest.mark.slow
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
    assert [text(2, Column.YES), text(2, Column.HIDDEN), text(2, Column.AP)] == ["1", "–", "–"]
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
    assert place.review.round.name == "serval"
    settle(qtbot, window)


@pytest.mark.slow
def test_one_button_begins_what_is_best_next_and_a_row_has_a_menu(qtbot, opened):
    window = opened()
    for image in (1, 2, 3):
        with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
            window.session.decide([image], "red thing", YES)
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        window.session.decide([20], "red thing", NO)
    place = show_board(qtbot, window)
    board = place.board
    qtbot.waitUntil(lambda: place.review.keeper.estimated and board.best.isVisible(), timeout=PATIENCE)
    best = place.review.keeper.proposal()
    assert board.best.accessibleName().startswith(f"Best next: {best.name}, about ")
    assert board.table.isColumnHidden(Column.BAND)  # all are in the tail
    red = next(row for row in place.review.board.rows if row.name == "red thing")
    assert red.estimate.example in {1, 2, 3}
    qtbot.waitUntil(lambda: board.table.picture(red) is not None, timeout=PATIENCE)
    board.table.show_category(red.category_id)
    board.table.setFocus()
    at = board.table.visualRect(board.table.currentIndex()).center()
    keyboard = QContextMenuEvent.Reason.Keyboard
    for reason in (QContextMenuEvent.Reason.Mouse, keyboard):
        event = QContextMenuEvent(reason, at, board.table.viewport().mapToGlobal(at))
        QApplication.sendEvent(board.table.viewport(), event)
        menu = QApplication.activePopupWidget()
        assert menu.words()[:2] == ["Review 19", "Review unsure images"]
        if reason is not keyboard:
            menu.close()
    item = next(one for one in menu.actions() if one.text().startswith("Show images labelled yes"))
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(item).center())
    assert (sorted(shown.args[0]), shown.args[1]) == ([1, 2, 3], '"red thing"')
    assert window.workspace.place == "library"
    place = show_board(qtbot, window)
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        qtbot.mouseClick(board.best, LEFT)
    assert place.review.round.name == best.name
    settle(qtbot, window)


@pytest.mark.slow
def test_label_checks_show_the_label_and_an_answer_keeps_or_flips_it(qtbot, opened, folder):
    window = opened()
    from app.domain.labels import Decision
    from app.services.labelling import decisions as labelling
    from app.services.project.project import open_project
    from app.storage import categories, images

    project = window.session.project
    with project.db.read() as s:
        ids = {one.path: one.id for one in images.all_images(s)}
        red = next(one.id for one in categories.all_categories(s) if one.name == "red thing")
    truth = {path: path.startswith("red") for path in ids} | {"blue04.png": True}
    decisions = [Decision(ids[p], red, YES if one else NO) for p, one in truth.items()]
    # The window notices it before the round starts, not in its middle.
    with open_project(folder) as other, qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        labelling.decide(other, decisions)
    place = show_board(qtbot, window)
    qtbot.waitUntil(lambda: place.review.keeper.row(red).step is Step.CHECK, timeout=PATIENCE)
    place.board.table.show_category(red)
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    active = place.review.round
    assert active.queue is Queue.WRONG
    assert place.round_view.title.text() == "Check yes labels: red thing"
    at = [card.image_id for card in active.cards].index(ids["blue04.png"])
    assert at in {0, 1}  # but for a random sample, which may stand before it
    assert active.state(at).present is YES
    qtbot.mouseClick(place.round_view.grid, LEFT, pos=place.round_view.grid.card_rect(at).center())
    answer(qtbot, window, Qt.Key.Key_N)
    assert "1 mistake" in place.round_view.progress.text()
    window.close()
    assert stored(folder)[0]["blue04.png", "red thing"] == "no"


@pytest.mark.slow
def test_another_queue_is_chosen_from_the_list(qtbot, opened):
    window = opened()
    place = start_round(qtbot, window)
    place.round_view.queue.setFocus()
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Down)
    assert place.review.round.queue is Queue.UNSURE
    assert place.round_view.grid.hasFocus()
    settle(qtbot, window)
    place.round_view.queue.setCurrentIndex(place.round_view.queue.findData(Queue.RANDOM))
    with qtbot.waitSignal(place.review.page_changed, timeout=PATIENCE):
        place.round_view.queue.activated.emit(place.round_view.queue.currentIndex())
    assert {card.reason for card in place.review.round.cards} == {"random"}


@pytest.mark.slow
def test_without_features_the_board_offers_to_compute_them(qtbot, make, tmp_path, make_image):
    from window_fixtures import open_in

    from app.services.images.scan import scan
    from app.services.project.creation import create_project

    make_image(tmp_path / "photos" / "one.png", size=(40, 30))
    with create_project(tmp_path / "bare", [tmp_path / "photos"], ["cat"]) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, tmp_path / "bare")
    place = show_board(qtbot, window)
    assert place.board.missing.isVisible()
    with qtbot.waitSignal(place.review.failed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    assert place.round_view.trouble.isVisible()
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Space)
        assert place.shown is place.board
        qtbot.mouseClick(place.board.missing.button, LEFT)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: not place.board.missing.isVisible(), timeout=PATIENCE)


@pytest.mark.slow
def test_a_round_ends_when_its_category_is_gone(qtbot, opened, folder):
    from app.services.labelling.decisions import undo
    from app.services.project.categories import add_categories
    from app.services.project.project import open_project

    with open_project(folder) as project:
        add_categories(project, ["green thing"])
    window = opened()
    place = show_board(qtbot, window)
    number = next(one.id for one in window.session.info.categories if one.name == "green thing")
    place.begin(number)
    qtbot.waitUntil(lambda: not place.review.busy, timeout=PATIENCE)
    with open_project(folder) as project:
        undo(project)
    qtbot.waitUntil(lambda: place.shown is place.board, timeout=PATIENCE)
    words = "The category green thing is gone; the review of it has ended."
    assert window.workspace.message.text() == words
    settle(qtbot, window)


def test_a_project_without_categories_leads_back_to_the_library(qtbot, make, tmp_path, make_image):
    from window_fixtures import open_in

    from app.services.images.scan import scan
    from app.services.project.creation import create_project

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


@pytest.mark.slow
def test_the_keys_of_the_library_come_back_with_it(qtbot, opened):
    window = opened()
    start_round(qtbot, window)
    press(qtbot, window, Qt.Key.Key_S)  # here a skip, in the library "similar"
    assert window.workspace.place == "review"
    qtbot.mouseClick(window.workspace.rail.button("library"), LEFT)
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE) as shown:
        press(qtbot, window, Qt.Key.Key_S)
    assert "similar" in shown.args[1]
    press(qtbot, window, Qt.Key.Key_V)
    assert window.workspace.review.round_shown  # as it was left
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    type_text(window, "yns")
    assert window.workspace.review.review.round.found == 0
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        window.focusWidget().clear()
        type_text(window, "serval")
        if window.workspace.top.query.list.isVisible():
            press(qtbot, window, Qt.Key.Key_Escape)
        press(qtbot, window, Qt.Key.Key_Return)
    assert window.workspace.place == "library"


@pytest.mark.slow
def test_the_highlighted_category_of_the_library_is_reviewed_with_one_key(qtbot, opened):
    window = opened()
    controller = window.workspace.library.controller
    qtbot.waitUntil(lambda: controller.highlight is not None, timeout=PATIENCE)
    name = controller.sheet.name_of(controller.highlight)
    press(qtbot, window, Qt.Key.Key_V, SHIFT)
    place = window.workspace.review
    qtbot.waitUntil(lambda: bool(place.review.cards()), timeout=PATIENCE)
    assert place.review.round.name == name
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
    start_round(qtbot, window)
    qtbot.wait(50)
    assert clipped(window) == []
    grid = place.round_view.grid
    assert grid.count() >= 1
    assert all(grid.rect().contains(grid.card_rect(i)) for i in range(grid.count()))
    with qtbot.waitSignal(place.review.ended, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Escape)
    settle(qtbot, window)
    qtbot.wait(50)
    assert clipped(window) == []


@pytest.mark.slow
def test_all_answers_of_a_round_are_undone_at_its_end_by_as_many_keys(qtbot, opened):
    window = opened()
    place = start_round(qtbot, window)
    answers = 3
    for _ in range(answers):
        answer(qtbot, window, Qt.Key.Key_N)
    press(qtbot, window, Qt.Key.Key_S)
    with qtbot.waitSignal(place.review.ended, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Escape)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)  # the skip, which is not in the ledger
    for _ in range(answers):
        with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
            press(qtbot, window, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert place.summary.lines[0].text().startswith("0 found, 0 rejected")

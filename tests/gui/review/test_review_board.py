"""The board by itself: a thousand categories, words of numbers, sorting, the strip; the layout of cards."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from app.domain.categories import Band
from app.domain.labels import LabelState, Origin
from app.domain.review import BoardRow, Card, Estimate, Interval, Page, Queue
from app.gui.review.board_model import BoardModel, Column
from app.gui.review.board_table import BoardTable
from app.gui.review.card_layout import layout_for, page_layout
from app.gui.review.strip import DistributionStrip
from app.gui.review.words import (
    best_words,
    effort_words,
    hidden_words,
    precision_words,
    round_words,
    row_words,
    step_words,
    verified_words,
)
from app.gui.theme import TypeSize, theme
from app.jobs.review.round import ReviewRound

MANY = 1000


def row(number, yes, estimate=None, no=50, images=1000):
    band = Band.HEAD if yes >= 100 else Band.MEDIUM if yes >= 20 else Band.TAIL
    return BoardRow(number, f"category {number:04}", band, yes, no, images, estimate)


def test_a_thousand_categories_are_sorted_filtered_and_painted_within_frames(qtbot):
    rows = [row(i, (7 * i) % 130, Estimate(Interval(1, i % 50, 90), None, i / MANY)) for i in range(MANY)]
    model = BoardModel()
    table = BoardTable(model)
    qtbot.addWidget(table)
    table.resize(1000, 700)
    table.show()
    spent = {}

    def timed(name, call):
        began = time.process_time()
        call()
        table.grab()
        spent[name] = time.process_time() - began

    timed("rows", lambda: model.set_rows(rows))
    timed("sort", lambda: model.sort(Column.HIDDEN, Qt.SortOrder.DescendingOrder))
    timed("filter", lambda: model.set_filter("99"))
    timed("all", lambda: model.set_filter(""))
    timed("estimates", lambda: model.update_rows(rows[:50]))
    for _ in range(3):
        timed("scroll", lambda: table.verticalScrollBar().setValue(9000))
    assert max(spent.values()) < 0.25, spent  # a few frames, on a machine that has other work
    hidden = [model.row_at(i).estimate.hidden.middle for i in range(MANY)]
    assert hidden == sorted(hidden, reverse=True)


def test_estimates_come_into_the_row_that_shows_and_the_current_row_stays(qtbot):
    model = BoardModel()
    table = BoardTable(model)
    qtbot.addWidget(table)
    model.set_rows([row(1, 0), row(2, 5), row(3, 30)])
    assert table.show_category(2)
    model.update_rows([row(2, 5, Estimate(Interval(9, 17, 30), Interval(0.2, 0.4, 0.6), 0.5))])
    assert model.index(1, Column.HIDDEN).data() == "~17 (9–30)"
    assert model.index(1, Column.AP).data() == "0.40 ±0.20"
    model.sort(Column.STEP, Qt.SortOrder.DescendingOrder)
    assert table.current_row().category_id == 2
    assert model.place_of(2) == 0
    model.set_filter("0003")
    assert table.current_row().category_id == 3


def test_many_estimates_that_arrive_at_once_are_one_change(qtbot):
    model, changes = BoardModel(), []
    model.set_rows([row(i, i) for i in range(6)])
    model.dataChanged.connect(lambda first, last: changes.append((first.row(), last.row())))
    model.update_rows([row(4, 4), row(1, 1), row(99, 1)])
    assert changes == [(1, 4)]
    model.update_rows([row(99, 1)])
    assert changes == [(1, 4)]


def test_columns_are_as_wide_as_their_content_and_bands_show_once_they_differ(qtbot):
    model = BoardModel()
    table = BoardTable(model)
    qtbot.addWidget(table)
    table.resize(1300, 400)
    table.show()
    model.set_rows([row(1, 0), row(2, 5)])
    short = table.columnWidth(Column.NAME)
    assert short < 280
    assert table.isColumnHidden(Column.BAND)
    long = BoardRow(3, "w" * 200, Band.MEDIUM, 30, 5, 1000)
    model.set_rows([row(1, 0), row(2, 5), long])
    assert short < table.columnWidth(Column.NAME) <= 280
    assert not table.isColumnHidden(Column.BAND)
    assert "tail" in row_words(row(1, 0))
    assert "tail" not in row_words(row(1, 0), banded=False)
    assert row_words(row(1, 0), banded=False).endswith("not learned yet")


def test_with_large_text_names_and_steps_keep_their_room_and_numbers_give_way(qtbot, large_font):
    model = BoardModel()
    table = BoardTable(model)
    qtbot.addWidget(table)
    table.resize(1200, 400)
    table.show()
    model.set_rows([BoardRow(1, "a rather long name", Band.TAIL, 0, 3, 1000), row(2, 5), row(3, 30)])
    assert table.columnWidth(Column.NAME) >= theme().pixels(140)
    metrics = QFontMetrics(theme().font(TypeSize.BODY))
    assert table.columnWidth(Column.STEP) >= metrics.horizontalAdvance(step_words(model.row_at(0)))
    assert table.isColumnHidden(Column.NO) and not table.isColumnHidden(Column.YES)
    table.resize(2400, 400)
    assert not table.isColumnHidden(Column.NO)


def test_the_best_next_step_says_how_long_it_takes():
    far = row(1, 5, Estimate(None, None, 0.1, 240))
    assert best_words(far, None) == "Best next: category 0001, about 12 min"
    assert best_words(row(1, 0), 40) == "Best next: category 0001, about 1 min"


@pytest.mark.parametrize("count", [3, 80, 1000])
def test_the_strip_has_room_for_its_scale_and_every_category(qtbot, count):
    strip = DistributionStrip()
    qtbot.addWidget(strip)
    strip.resize(1200, 72)
    rows = [row(i, i % 130) for i in range(count)]
    strip.set_rows(rows)
    bars = [strip.bar(number) for number in range(count)]
    assert all(bar.left() > 0 and bar.right() <= 1200 and bar.top() >= 0 for bar in bars)
    assert min(bar.width() for bar in bars) >= 0.75
    image = strip.grab().toImage()
    ground = image.pixelColor(image.width() - 1, 0)
    middle = bars[2].center().toPoint() * image.devicePixelRatio()
    assert image.pixelColor(middle) != ground


def test_the_strip_rises_with_the_logarithm_and_a_click_finds_its_category(qtbot):
    strip = DistributionStrip()
    qtbot.addWidget(strip)
    strip.resize(300, 60)
    strip.set_rows([row(1, 0), row(2, 9), row(3, 99)])
    heights = [strip.bar(number).height() for number in (1, 2, 3)]
    assert heights[0] < heights[1] < heights[2]
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.01)  # 1, 10, 100
    with qtbot.waitSignal(strip.chosen) as blocker:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.bar(2).center().toPoint())
    assert blocker.args == [2]


def test_numbers_in_words_do_not_claim_more_than_is_known():
    assert hidden_words(None) == precision_words(None) == "–"
    assert [verified_words(share) for share in (0, 0.001, 0.5, 0.999, 1)] == [
        "0 %",
        "<1 %",
        "50 %",
        "99 %",
        "100 %",
    ]
    assert step_words(row(1, 0)) == "Find first examples"
    assert step_words(row(1, 5, no=980)) == "Review 15"
    assert step_words(row(1, 5, no=995)) == "Check labels"
    far = row(1, 5, Estimate(None, None, 0.1, 240))
    assert effort_words(far, None) == "240 images (about 12 min) until it leaves the tail"
    assert effort_words(far, 40) == "240 images (about 6 min) until it leaves the tail"


def test_a_round_counts_what_it_found_and_its_share():
    active = ReviewRound(1, "serval", Queue.LIKELY, goal=60)
    cards = [Card(i, 0.5, "", Origin("likely", 1.0)) for i in range(12)]
    active.show(Page(cards, [LabelState.UNKNOWN] * 12, None, None, 0))
    active.answered(range(9), LabelState.YES, written=True)
    active.answered(range(9, 12), LabelState.NO, written=True)
    assert round_words(active) == "12 of 60 · 9 found · yield 75 % · ranked again after each page"


@pytest.mark.parametrize(
    ("size", "grid"), [((1350, 740), (4, 3)), ((820, 380), (4, 3)), ((300, 900), (1, 7)), ((100, 90), (1, 1))]
)
def test_a_page_has_up_to_twelve_cards_of_a_good_size_inside_the_view(size, grid):
    layout = page_layout(*size, 128)
    assert (layout.columns, layout.rows) == grid
    for card in range(layout.capacity):
        x, y, width, height = layout.place(card)
        assert x + width <= size[0]
        assert y + height <= size[1]
        assert layout.hit(x + width // 2, y + height // 2, layout.capacity) == card


def test_a_page_that_was_made_for_a_larger_window_shrinks_and_loses_no_card():
    layout = layout_for(12, 420, 300, 128)
    assert layout.capacity >= 12
    x, y, width, height = layout.place(11)
    assert x + width <= 420
    assert y + height <= 300

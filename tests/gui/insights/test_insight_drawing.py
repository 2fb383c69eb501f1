"""Axes, points and shapes of the plots, without a window."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from app.domain.categories import Band
from app.domain.insights import CategoryCount, LabelCounts, Quality, Together
from app.gui.insights.bars import CountBars
from app.gui.insights.charts import beside
from app.gui.insights.drawing import Sign, draw_legend
from app.gui.insights.map_points import (
    SHAPES,
    View,
    in_plane,
    inside_polygon,
    on_screen,
    packed,
    stamp,
    stamped,
    whole_view,
)
from app.gui.insights.matrix import MatrixOrder, TogetherMatrix
from app.gui.insights.nothing_yet import remark_on
from app.gui.widgets.axes import Axis, rounded_up

FRAME = QRectF(0, 20, 600, 400)
SIZE = QSizeF(600, 500)


@given(st.floats(0.001, 1e7), st.integers(1, 12))
def test_ticks_ascend_lie_on_the_axis_and_are_not_too_many(high, most):
    for axis in (Axis("", 0, high, str), Axis("", 0, max(high, 1.0), str, log=True)):
        ticks = axis.ticks(most)
        assert ticks == sorted(set(ticks))
        assert len(ticks) <= most + 2
        assert all(-1e-6 <= axis.share(tick) <= 1 + 1e-6 for tick in ticks)


@given(st.floats(1e-3, 1e9))
def test_a_rounded_end_holds_the_value_and_is_a_tick(value):
    end = rounded_up(value)
    assert end >= value * (1 - 1e-9)
    assert Axis("", 0, end, str).ticks(5)[-1] == pytest.approx(end)


def test_marks_with_one_value_lie_beside_each_other_around_it():
    places = [beside(10, place, 3) for place in range(3)]
    assert places == sorted(places)
    assert places[1] == pytest.approx(10)


@pytest.mark.parametrize("right", [70, 120, 240, 700])
def test_a_legend_stays_in_its_place_however_little_room_there_is(qtbot, right):
    picture = QImage(800, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.translate(50, 10)
    entries = [(Sign(shape="square", colour="accent"), words) for words in ("yes, medium", "no", "by review")]
    draw_legend(painter, entries, right, 0)
    painter.end()
    painted = [x for x in range(800) for y in range(40) if picture.pixelColor(x, y) != Qt.GlobalColor.white]
    assert painted and min(painted) >= 49 and max(painted) <= 51 + right


corners = st.lists(st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=3, max_size=9)


@given(corners, st.integers(0, 2**32 - 1))
def test_points_inside_a_drawn_outline_are_those_that_qt_finds(outline, seed):
    points = np.random.default_rng(seed).uniform(-45, 45, (30, 2))
    polygon = QPolygonF([QPointF(x, y) for x, y in outline])
    wanted = [polygon.containsPoint(QPointF(x, y), Qt.FillRule.OddEvenFill) for x, y in points.tolist()]
    assert inside_polygon(points, np.array(outline, np.float64)).tolist() == wanted


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0.1, 90))
def test_the_plane_and_the_screen_agree(x, y, half):
    view = View((3.0, -2.0), half)
    shown = on_screen(np.array([[x, y]], np.float32), view, FRAME)[0]
    assert in_plane(QPointF(*shown), view, FRAME) == pytest.approx((x, y), abs=1e-3 + half * 1e-5)


def test_the_whole_map_fits_into_the_frame_and_zooming_keeps_the_place_below_the_pointer():
    places = np.random.default_rng(0).normal(size=(500, 2)).astype(np.float32) * [9, 1]
    view = whole_view(places, FRAME)
    shown = on_screen(places, view, FRAME)
    inside = (shown >= [FRAME.left(), FRAME.top()]) & (shown <= [FRAME.right(), FRAME.bottom()])
    assert inside.all(axis=1).mean() > 0.99
    at = QPointF(100, 50)
    before = in_plane(at, view, FRAME)
    assert in_plane(at, view.zoomed(3, before), FRAME) == pytest.approx(before)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_leaves_another_stamp_and_points_at_the_edge_are_cut(shape):
    stamps = {frozenset(map(tuple, stamp(one, 5.0).tolist())) for one in SHAPES}
    assert len(stamps) == len(SHAPES)
    pixels = np.zeros((20, 30), np.uint32)
    points = np.array([[0.5, 0.5], [29.5, 19.5], [-500.0, 3.0], [15.0, 10.0]])
    stamped(pixels, points, np.full(4, packed(QColor("#FF8800")), np.uint32), shape, 5.0)
    assert set(np.unique(pixels)) == {0, 0xFFFF8800}


def test_a_thousand_categories_have_a_row_each_and_are_walked_through(qapp):
    rows = [CategoryCount(n, f"c{n}", Band.TAIL if n > 9 else Band.HEAD, 2000 - n, 0, 0) for n in range(1000)]
    bars = CountBars(LabelCounts(rows, 5000))
    for mark in (0, 1, 500, 999):
        assert bars.at(bars.place(mark, SIZE).center(), SIZE) == mark
    assert bars.at(QPointF(5, 1), SIZE) is None
    assert [bars.step(0, 0, -1), bars.step(0, 0, 1), bars.step(999, 0, 1)] == [0, 1, 999]
    assert bars.target(3).query == "c3"


def test_a_cell_is_found_in_every_order_and_asks_for_both_categories(qapp):
    together = Together(("b", "a c", "d"), ((3, 1, 0), (1, 2, 0), (0, 0, 1)), (2, 0, 1), 3)
    for order, first in ((MatrixOrder.COUNT, "b"), (MatrixOrder.NAME, '"a c"'), (MatrixOrder.CLUSTERED, "d")):
        matrix = TogetherMatrix(together, order)
        assert matrix.target(0).query == first
        for mark in range(9):
            assert matrix.at(matrix.place(mark, SIZE).center(), SIZE) == mark
    assert TogetherMatrix(together).target(1).query == 'b "a c"'
    assert TogetherMatrix(together).step(4, 1, 1) == 8


def test_what_a_plot_of_quality_leaves_out_is_said(qapp):
    assert remark_on(Quality((), 0)) == ""
    assert remark_on(Quality((), 1)) == "1 category has too few labels."
    assert remark_on(Quality((), 1200, estimated=True)) == (
        "1,200 categories have too few labels. Estimated from a part of the labels."
    )

"""Zoom and pan as numbers: properties that hold for every image, view and way through both."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.gui.widgets.zoom_transform import MAX_MAGNIFICATION, ZoomTransform

sides = st.integers(1, 30_000)
views = st.integers(1, 4000)
ratios = st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0])
starts = st.builds(ZoomTransform, sides, sides, views, views, ratios)
steps = st.one_of(
    st.tuples(st.just("zoom"), st.floats(0.05, 20), st.floats(0, 1), st.floats(0, 1)),
    st.tuples(st.just("pan"), st.floats(-5000, 5000), st.floats(-5000, 5000)),
    st.tuples(st.just("resize"), views, views),
    st.tuples(st.just("actual"), st.floats(0, 1), st.floats(0, 1)),
    st.tuples(st.just("fit")),
)
PLAY = 1e-6


def go(view, step):
    kind, *values = step
    if kind == "zoom":
        return view.zoomed(values[0], values[1] * view.view_width, values[2] * view.view_height)
    if kind == "pan":
        return view.panned(*values)
    if kind == "resize":
        return view.resized(*values, view.ratio)
    if kind == "actual":
        return view.actual(values[0] * view.view_width, values[1] * view.view_height)
    return view.fit()


def along(start, path):
    yield start
    for step in path:
        start = go(start, step)
        yield start


@settings(max_examples=150, deadline=None)
@given(starts, st.lists(steps, max_size=8))
def test_no_side_of_the_view_is_empty_while_the_image_could_fill_it(start, path):
    for view in along(start, path):
        left, top, width, height = view.rect()
        for at, length, seen in ((left, width, view.view_width), (top, height, view.view_height)):
            play = PLAY * max(length, seen)
            if length <= seen + play:
                assert at == pytest.approx((seen - length) / 2, abs=play)
            else:
                assert at <= play
                assert at + length >= seen - play


@settings(max_examples=150, deadline=None)
@given(starts, st.lists(steps, max_size=8))
def test_the_scale_stays_between_the_whole_image_and_large_pixels(start, path):
    for view in along(start, path):
        assert view.smallest_scale * (1 - PLAY) <= view.scale <= view.largest_scale * (1 + PLAY)
        assert view.scale * view.ratio <= MAX_MAGNIFICATION * (1 + PLAY)


@settings(max_examples=150, deadline=None)
@given(starts, st.lists(steps, max_size=4), st.floats(0.3, 4), st.floats(0, 1), st.floats(0, 1))
def test_what_lies_under_the_cursor_stays_there_unless_an_edge_is_in_the_way(start, path, factor, x, y):
    *_, before = along(start, path)
    at = x * before.view_width, y * before.view_height
    after = before.zoomed(factor, *at)
    seen = after.to_view(*before.to_image(*at))
    left, top, width, height = after.rect()
    places = (at[0], seen[0], left, width, after.view_width), (at[1], seen[1], top, height, after.view_height)
    for wanted, got, edge, length, view in places:
        play = PLAY * max(length, view)
        at_an_edge = edge >= -play or edge + length <= view + play
        assert at_an_edge or got == pytest.approx(wanted, abs=play)


@given(starts)
def test_a_fitted_image_shows_whole_and_touches_two_sides(view):
    _left, _top, width, height = view.rect()
    assert width <= view.view_width * (1 + PLAY)
    assert height <= view.view_height * (1 + PLAY)
    touches = width == pytest.approx(view.view_width) or height == pytest.approx(view.view_height)
    assert touches or view.scale * view.ratio == pytest.approx(MAX_MAGNIFICATION)


@given(starts, views, views)
def test_a_fitted_image_stays_fitted_in_another_view(view, width, height):
    assert view.resized(width, height, view.ratio).fitted


@given(starts, st.floats(0, 1), st.floats(0, 1))
def test_actual_size_shows_a_pixel_for_a_pixel(view, x, y):
    actual = view.actual(x * view.view_width, y * view.view_height)
    assert actual.scale * actual.ratio == pytest.approx(1)
    assert actual.needed_side() == pytest.approx(max(view.width, view.height))


def test_zooming_out_again_comes_back_to_the_fitted_image():
    view = ZoomTransform(4000, 3000, 800, 600)
    there = view.zoomed(1.25, 100, 50).zoomed(1.25, 700, 20)
    assert not there.fitted
    assert there.zoomed(0.1, 3, 3).rect() == view.rect()


def test_panning_moves_the_image_with_the_hand():
    view = ZoomTransform(4000, 3000, 800, 600).actual(400, 300)
    moved = view.panned(30, -20)
    assert moved.to_view(*view.to_image(100, 100)) == pytest.approx((130, 80))

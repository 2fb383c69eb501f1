"""The grid's arithmetic: what is painted at a place is what a click there means."""

from hypothesis import given
from hypothesis import strategies as st

from app.gui.gallery.geometry import MARGIN, PADDING, GridGeometry, Rect
from app.gui.gallery.ranges import Ranges

grids = st.builds(
    GridGeometry,
    count=st.one_of(st.integers(0, 40), st.integers(900_000, 1_000_000)),
    width=st.integers(1, 4000),
    least=st.integers(96, 320),
    caption=st.integers(0, 60),
)


@given(grids, st.data())
def test_every_pixel_of_a_cell_belongs_to_that_cell(grid, data):
    if not grid.count:
        assert grid.hit(MARGIN, MARGIN) is None
        return
    index = data.draw(st.integers(0, grid.count - 1))
    cell = grid.cell(index)
    x = data.draw(st.integers(cell.x, cell.x + cell.width - 1))
    y = data.draw(st.integers(cell.y, cell.y + cell.height - 1))
    assert grid.hit(x, y) == index


@given(grids, st.integers(-50, 4100), st.integers(-50, 10_000_000))
def test_a_point_belongs_to_at_most_the_cell_that_contains_it(grid, x, y):
    index = grid.hit(x, y)
    if index is None:
        assert not any(grid.cell(i).contains(x, y) for i in grid.visible(y, 1))
    else:
        assert 0 <= index < grid.count
        assert grid.cell(index).contains(x, y)


@given(grids, st.integers(0, 10_000_000), st.integers(1, 3000))
def test_the_visible_cells_are_exactly_those_that_show(grid, top, height):
    def shows(index):
        cell = grid.cell(index)
        return cell.y < top + height and cell.y + cell.height > top

    visible = grid.visible(top, height)
    assert all(shows(index) for index in visible)
    if visible:
        assert visible.start == 0 or not shows(visible.start - 1)
        assert visible.stop == grid.count or not shows(visible.stop)
    elif grid.count:
        middle = grid.hit(MARGIN, top + height // 2)
        assert middle is None


@given(
    st.builds(
        GridGeometry,
        count=st.integers(0, 60),
        width=st.integers(1, 1500),
        least=st.integers(96, 320),
        caption=st.integers(0, 60),
    ),
    st.integers(-100, 1500),
    st.integers(-100, 4000),
    st.integers(0, 1500),
    st.integers(0, 4000),
)
def test_a_rubber_band_takes_exactly_the_cells_it_touches(grid, x, y, width, height):
    def touches(cell: Rect):
        return (
            cell.x < x + width
            and x < cell.x + cell.width
            and cell.y < y + height
            and y < cell.y + cell.height
        )

    expected = [i for i in range(grid.count) if width and height and touches(grid.cell(i))]
    assert list(Ranges(grid.touched(x, y, width, height))) == expected


@given(grids)
def test_rows_fill_the_width_and_nothing_overlaps(grid):
    if grid.count < 2:
        return
    first, second = grid.cell(0), grid.cell(1)
    if grid.columns > 1:
        assert second.x > first.x + first.width
        last = grid.cell(min(grid.columns, grid.count) - 1)
        assert last.x + last.width <= grid.width - MARGIN
    else:
        assert second.y > first.y + first.height
    assert first.width >= grid.picture_width + 2 * PADDING
    assert grid.least <= grid.picture_width <= 1.5 * grid.least
    assert first.height >= grid.picture_height + 2 * PADDING + grid.caption
    end = grid.cell(grid.count - 1)
    assert end.y + end.height + MARGIN == grid.content_height


@given(grids, st.integers(1, 3000))
def test_a_page_is_at_least_one_row_and_fits_the_viewport(grid, height):
    rows = grid.page_rows(height)
    assert rows == 1 or rows * grid.row_height <= height


runs = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


def plain(pairs):
    return {position for start, stop in pairs for position in range(start, stop)}


@given(runs, runs)
def test_ranges_behave_like_plain_sets(first, second):
    a, b = Ranges(first), Ranges(second)
    assert list(a) == sorted(plain(first))
    assert len(a) == len(plain(first))
    assert list(a | b) == sorted(plain(first) | plain(second))
    assert list(a - b) == sorted(plain(first) - plain(second))
    assert list(a ^ b) == sorted(plain(first) ^ plain(second))
    assert [position in a for position in range(62)] == [position in plain(first) for position in range(62)]
    assert (a == b) == (plain(first) == plain(second))
    assert bool(a) == bool(plain(first))
    assert Ranges((position, position + 1) for position in plain(first)) == a


@given(runs)
def test_runs_are_sorted_and_apart(pairs):
    found = Ranges(pairs).runs
    assert all(start < stop for start, stop in found)
    assert all(found[i][1] < found[i + 1][0] for i in range(len(found) - 1))

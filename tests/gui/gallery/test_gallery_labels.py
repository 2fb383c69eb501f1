"""Labels on thumbnails and in the list: names first, no number without a name where there is room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtTest import QTest

from app.domain.images import ImageState
from app.gui.gallery.badges import badge_side, badge_width
from app.gui.gallery.cells import CellInfo, CellStack
from app.gui.gallery.chips import ChipLine
from app.gui.gallery.view import MIN_PICTURE, GalleryView
from app.gui.theme import Mode, TypeSize, theme
from app.jobs.values.session import YesLabel

WORDS = ("cat", "dog", "bus", "fox", "owl")
PINK = "#FF00AA"


def some(*names, colour=None):
    return tuple(YesLabel(name, colour) for name in names)


@pytest.fixture
def view(qtbot):
    view = GalleryView()
    qtbot.addWidget(view)
    view.resize(780, 520)
    view.set_ids(range(1001, 1041))
    view.show()
    qtbot.waitExposed(view)
    return view


def colours(view, rect):
    picture = view.viewport().grab(rect).toImage()
    return {picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}


def under_picture(view, position):
    cell = view.cell_rect(position)
    top = cell.top() + 6 + view.geometry_of_cells().picture_height + 1
    return QRect(cell.left() + 6, top, cell.width() - 12, cell.bottom() - top - 4)


def test_three_labels_are_named_and_the_others_are_counted(qapp):
    line = ChipLine(400, 1.0)
    assert line.texts(some(*WORDS[:3])) == ["cat", "dog", "bus"]
    assert line.texts(some(*WORDS)) == ["cat", "dog", "bus", "+2"]


def test_chips_that_do_not_fit_are_counted_and_a_long_name_alone_is_cut(qapp):
    assert ChipLine(140, 1.0).texts(some("red fox", "mongoose", "impala", "owl")) == ["red fox", "+3"]
    [cut] = ChipLine(140, 1.0).texts(some("a name of a hundred letters " * 4))
    assert cut.endswith("…")


def test_on_small_pictures_several_labels_are_counted(qapp):
    assert ChipLine(100, 1.0).texts(some("cat")) == ["cat"]
    assert ChipLine(100, 1.0).texts(some(*WORDS)) == ["5 labels"]


@given(
    st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=200), min_size=1),
    st.integers(60, 400),
)
def test_no_name_makes_a_line_wider_than_its_room(names, room):
    line = ChipLine(room, 1.0)
    chips = line._chips(some(*names))
    least = room if room >= 132 else max(room, 90)
    assert sum(width for _, _, width in chips) + 4 * (len(chips) - 1) <= least
    image = QImage(room, line.height, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    line.paint(painter, 0, 0, some(*names))
    painter.end()


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_a_chip_stands_below_the_picture_in_the_colour_of_its_category(qtbot, view, mode):
    theme().set_mode(mode)
    view.set_info({1001: CellInfo("a.jpg"), 1002: CellInfo("b.jpg", labels=some("cat", colour=PINK))})
    assert QColor(PINK).rgb() not in colours(view, under_picture(view, 0))
    assert QColor(PINK).rgb() in colours(view, under_picture(view, 1))
    assert "yes: cat" in CellInfo("b.jpg", labels=some("cat")).words()


def test_what_is_no_colour_is_painted_as_a_category_without_one(qtbot, view):
    view.set_info({1001: CellInfo("a.jpg", labels=some("cat", colour="zebra"))})
    plain = view.viewport().grab(under_picture(view, 0)).toImage()
    view.set_info({1001: CellInfo("a.jpg", labels=some("cat"))})
    assert view.viewport().grab(under_picture(view, 0)).toImage() == plain


def test_the_file_name_shows_under_the_pointer(qtbot, view):
    view.set_info({1001: CellInfo("north/serval.jpg")})
    cell = view.cell_rect(0)
    strip = QRect(cell.left() + 20, cell.top() + view.geometry_of_cells().picture_height - 8, 100, 8)
    before = colours(view, strip)
    QTest.mouseMove(view.viewport(), cell.center())
    assert len(colours(view, strip)) > len(before)


def test_below_the_smallest_pictures_is_a_list_and_larger_leads_back(view):
    view.set_picture_width(MIN_PICTURE)
    view.select(8)
    view.zoom(-1)
    grid = view.geometry_of_cells()
    assert view.lined and grid.columns == 1 and grid.cell_width > 700
    assert view.current_id() == 1009 and 8 in view.visible_positions()
    view.zoom(-1)
    assert view.lined
    view.zoom(1)
    assert not view.lined and view.picture_width() == MIN_PICTURE
    view.zoom(1)
    assert view.picture_width() > MIN_PICTURE


def test_in_the_list_keys_move_by_rows_and_a_click_takes_the_row(view):
    view.set_list(True)
    view.select(3)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.current_id() == 1005
    row = view.cell_rect(1)
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(row.right() - 20, row.center().y())
    )
    assert view.selected_ids() == [1002]


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_a_row_of_the_list_has_name_labels_and_state(qtbot, view, mode):
    theme().set_mode(mode)
    view.set_list(True)
    view.set_info(
        {
            1001: CellInfo("a.jpg", labels=some("cat", colour=PINK), reviewed=True, suggestions=2),
            1002: CellInfo("b.jpg", state=ImageState.MISSING, problem="the file is gone"),
            1003: CellInfo(""),
        }
    )
    row, empty = view.cell_rect(0), view.cell_rect(2)
    left = QRect(row.left() + 80, row.top(), row.width() // 2, row.height())
    right = QRect(row.right() - 180, row.top() + 4, 170, row.height() - 8)
    assert QColor(PINK).rgb() in colours(view, left)
    assert len(colours(view, right)) > 1
    assert len(colours(view, right.translated(0, empty.top() - row.top()))) == 1
    gone = right.translated(0, view.cell_rect(1).top() - row.top())
    assert theme().colour("warning").rgb() in colours(view, gone)


def test_in_the_list_with_a_font_of_twice_the_size_nothing_is_cut_off(qtbot, view, large_font):
    view.set_list(True)
    height = QFontMetrics(theme().font(TypeSize.BODY)).height()
    assert view.geometry_of_cells().cell_height >= 2 * height


@pytest.mark.parametrize("stacked", [True, False])
def test_the_name_under_the_pointer_leaves_the_badges_of_the_lower_corners(qtbot, view, stacked):
    first = view.ids()[0]
    state = ImageState.OK if stacked else ImageState.MISSING
    view.set_info({first: CellInfo("a name of many letters " * 9 + ".png", state)})
    view.set_stacks({first: CellStack(5, opened=False)} if stacked else {})
    cell, side = view.cell_rect(0), badge_side()
    bottom = cell.top() + 6 + view.geometry_of_cells().picture_height
    width = badge_width("stack") if stacked else side
    left = cell.left() + 4 if stacked else cell.right() + 1 - 4 - side
    inside = QRect(left + width // 3, bottom - side // 3, width // 3, side // 5)
    QTest.mouseMove(view.viewport(), view.cell_rect(5).center())
    before, plain = (view.viewport().grab(part).toImage() for part in (inside, cell))
    QTest.mouseMove(view.viewport(), cell.center())
    qtbot.waitUntil(lambda: view.viewport().grab(cell).toImage() != plain)
    assert view.viewport().grab(inside).toImage() == before

"""The gallery as a person uses it: real keys, clicks and wheels on the real widget."""

import io

import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QVBoxLayout, QWidget

from app.domain.errors import BadInputError
from app.domain.images import ImageState
from app.gui.gallery.cells import CellInfo
from app.gui.gallery.view import MAX_PICTURE, MIN_PICTURE, GalleryView
from app.gui.theme import Mode, theme
from app.gui.widgets.pictures import decode_thumbnail
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot):
    """Forty images, numbers 1001 to 1040, four columns, a few rows visible."""
    view = GalleryView()
    qtbot.addWidget(view)
    view.resize(780, 520)
    view.set_picture_width(160)
    view.set_ids(range(1001, 1041))
    view.show()
    view.setFocus()
    qtbot.waitExposed(view)
    assert view.geometry_of_cells().columns == 4
    return view


class Heard:
    def __init__(self, view):
        self.selections, self.currents, self.activated = [], [], []
        view.selection_changed.connect(self.selections.append)
        view.current_changed.connect(self.currents.append)
        view.activated.connect(self.activated.append)


def centre(view, position):
    return view.cell_rect(position).center()


def click(view, position, modifiers=Qt.KeyboardModifier.NoModifier, button=LEFT):
    QTest.mouseClick(view.viewport(), button, modifiers, centre(view, position))


def drag(view, start, end, modifiers=Qt.KeyboardModifier.NoModifier, *, release=True):
    viewport = view.viewport()
    QTest.mousePress(viewport, LEFT, modifiers, start)
    move_pressed(viewport, (start + end) / 2, modifiers)
    move_pressed(viewport, end, modifiers)
    if release:
        QTest.mouseRelease(viewport, LEFT, modifiers, end)


def move_pressed(viewport, place, modifiers=Qt.KeyboardModifier.NoModifier):
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(place), QPointF(viewport.mapToGlobal(place)), LEFT, LEFT, modifiers
    )
    QApplication.sendEvent(viewport, event)


def current(view):
    """The position of the current image."""
    return list(view.ids()).index(view.current_id())


def visible(view):
    return view.geometry_of_cells().visible(view.verticalScrollBar().value(), view.viewport().height())


def numbers(*positions):
    return [1001 + position for position in positions]


def test_a_click_selects_one_image_and_makes_it_current(view):
    heard = Heard(view)
    click(view, 5)
    assert view.selected_ids() == numbers(5)
    assert view.current_id() == 1006
    assert (heard.selections, heard.currents) == ([numbers(5)], [1006])


def test_shift_click_takes_the_run_and_ctrl_click_one_more(view):
    click(view, 2)
    click(view, 6, SHIFT)
    assert view.selected_ids() == numbers(2, 3, 4, 5, 6)
    click(view, 4, SHIFT)
    assert view.selected_ids() == numbers(2, 3, 4)
    click(view, 8, CONTROL)
    assert view.selected_ids() == numbers(2, 3, 4, 8)
    click(view, 3, CONTROL)
    assert view.selected_ids() == numbers(2, 4, 8)
    click(view, 9, CONTROL)
    click(view, 11, SHIFT | CONTROL)
    assert view.selected_ids() == numbers(2, 4, 8, 9, 10, 11)


def test_a_click_beside_the_images_clears_the_selection_but_keeps_the_current_one(view):
    click(view, 5)
    QTest.mouseClick(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, QPoint(3, 3))
    assert view.selected_ids() == []
    assert view.current_id() == 1006


def test_a_right_click_keeps_a_choice_it_is_part_of_and_takes_another_image_alone(view):
    click(view, 1)
    click(view, 3, SHIFT)
    click(view, 2, button=Qt.MouseButton.RightButton)
    assert view.selected_ids() == numbers(1, 2, 3)
    click(view, 7, button=Qt.MouseButton.RightButton)
    assert view.selected_ids() == numbers(7)


@pytest.mark.parametrize(
    ("start", "key", "expected"),
    [
        (5, Qt.Key.Key_Right, 6),
        (5, Qt.Key.Key_Left, 4),
        (5, Qt.Key.Key_Down, 9),
        (5, Qt.Key.Key_Up, 1),
        (2, Qt.Key.Key_Up, 2),
        (0, Qt.Key.Key_Left, 0),
        (39, Qt.Key.Key_Right, 39),
        (38, Qt.Key.Key_Down, 38),
        (5, Qt.Key.Key_Home, 0),
        (5, Qt.Key.Key_End, 39),
        (37, Qt.Key.Key_PageDown, 37),
        (6, Qt.Key.Key_PageUp, 2),
    ],
)
def test_keys_move_the_current_image(view, start, key, expected):
    view.select(start)
    QTest.keyClick(view, key)
    assert current(view) == expected
    assert view.selected_ids() == numbers(expected)


def test_down_into_a_short_last_row_ends_at_its_end(view):
    view.set_ids(range(1001, 1039))
    view.select(35)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert current(view) == 37


def test_a_page_is_what_the_window_shows_and_the_current_image_stays_visible(view):
    view.select(1)
    rows = view.geometry_of_cells().page_rows(view.viewport().height())
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert current(view) == 1 + 4 * rows
    assert view.viewport().rect().contains(view.cell_rect(current(view)))


def test_shift_and_arrows_extend_and_shrink_from_where_they_began(view):
    view.select(5)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert view.selected_ids() == numbers(5, 6, 7, 8, 9, 10)
    QTest.keyClick(view, Qt.Key.Key_Up, SHIFT)
    QTest.keyClick(view, Qt.Key.Key_Up, SHIFT)
    assert view.selected_ids() == numbers(2, 3, 4, 5)


def test_ctrl_and_arrows_move_without_selecting_and_ctrl_space_selects(view):
    view.select(5)
    QTest.keyClick(view, Qt.Key.Key_Right, CONTROL)
    QTest.keyClick(view, Qt.Key.Key_Right, CONTROL)
    assert (current(view), view.selected_ids()) == (7, numbers(5))
    QTest.keyClick(view, Qt.Key.Key_Space, CONTROL)
    assert view.selected_ids() == numbers(5, 7)


def test_the_first_key_finds_the_first_image(view):
    assert view.current_id() is None
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.current_id() == 1001


def test_ctrl_a_selects_all_with_one_signal(view):
    heard = Heard(view)
    QTest.keyClick(view, Qt.Key.Key_A, CONTROL)
    assert heard.selections == [list(range(1001, 1041))]
    assert view.selected_count() == 40


def test_enter_and_double_click_activate(view):
    heard = Heard(view)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert heard.activated == []
    view.select(4)
    QTest.keyClick(view, Qt.Key.Key_Return)
    click(view, 9)
    QTest.mouseDClick(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, centre(view, 9))
    assert heard.activated == numbers(4, 9)


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Y, Qt.Key.Key_N, Qt.Key.Key_Space, Qt.Key.Key_A, Qt.Key.Key_Escape]
)
def test_keys_that_mean_nothing_here_reach_the_window(qtbot, view, key):
    class Window(QWidget):
        pressed = None

        def keyPressEvent(self, event):
            self.pressed = Qt.Key(event.key())

    window = Window()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(view)
    QTest.keyClick(view, key)
    view.setParent(None)
    assert window.pressed == key


def test_a_rubber_band_takes_what_it_touches(view):
    start = view.cell_rect(0).topLeft() - QPoint(4, 4)
    drag(view, start, centre(view, 5))
    assert view.selected_ids() == numbers(0, 1, 4, 5)


def test_a_rubber_band_may_begin_on_an_image_and_ctrl_inverts_the_selection(view):
    click(view, 0)
    click(view, 5, CONTROL)
    start = view.cell_rect(1).topRight() + QPoint(4, 4)
    drag(view, start, centre(view, 6) + QPoint(0, 0), CONTROL)
    assert view.selected_ids() == numbers(0, 2, 5, 6)


def test_a_small_tremble_of_the_hand_is_a_click_and_no_band(view):
    place = centre(view, 5)
    drag(view, place, place + QPoint(2, 1))
    assert view.selected_ids() == numbers(5)


@pytest.mark.slow
def test_a_band_dragged_below_the_edge_scrolls_on_and_stops_when_released(qtbot, view):
    below = QPoint(300, view.viewport().height() + 60)
    drag(view, QPoint(5, 5), below, release=False)
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum(), timeout=5000)
    assert view.selected_ids()[0] == 1001
    assert {1001 + 36, 1001 + 37} <= set(view.selected_ids())
    QTest.mouseRelease(view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, below)


def test_the_wheel_scrolls_and_with_ctrl_changes_the_size_within_its_limits(view):
    def wheel(delta, modifiers):
        place = QPointF(view.viewport().rect().center())
        event = QWheelEvent(
            place, place, QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, modifiers,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)

    wheel(-120, Qt.KeyboardModifier.NoModifier)
    assert view.verticalScrollBar().value() > 0
    assert view.picture_width() == 160
    wheel(120, CONTROL)
    assert view.picture_width() == 176
    wheel(60, CONTROL)
    wheel(60, CONTROL)
    assert view.picture_width() == 192
    for _ in range(30):
        wheel(-240, CONTROL)
    assert view.picture_width() == MIN_PICTURE
    view.set_picture_width(9999)
    assert view.picture_width() == MAX_PICTURE


def offset(view, image_id):
    return view.cell_rect(list(view.ids()).index(image_id)).y()


def test_another_list_leaves_the_current_image_where_it_was_on_the_screen(view):
    view.select(20)
    view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 30)
    before = offset(view, 1021)
    view.set_ids([*range(5000, 5100), *range(1001, 1041), *range(6000, 6100)])
    assert (view.current_id(), view.selected_ids()) == (1021, [1021])
    assert offset(view, 1021) == before


def test_another_size_and_another_width_keep_the_current_image_in_place(view):
    view.select(20)
    before = offset(view, 1021)
    view.set_picture_width(112)
    assert offset(view, 1021) == before
    view.resize(500, 520)
    assert offset(view, 1021) == before


def test_without_a_current_image_the_first_visible_one_stays(view):
    view.verticalScrollBar().setValue(400)
    first = view.ids()[visible(view).start]
    before = offset(view, first)
    view.set_ids([*range(5000, 5100), *range(1001, 1041), *range(6000, 6100)])
    assert offset(view, first) == before


def test_when_the_current_image_is_removed_its_successor_is_current_and_selected(view):
    heard = Heard(view)
    view.select(20)
    view.set_ids([image_id for image_id in range(1001, 1041) if image_id not in (1021, 1022)])
    assert (view.current_id(), view.selected_ids()) == (1023, [1023])
    assert heard.currents == [1021, 1023]
    view.set_ids(range(1001, 1011))
    assert view.current_id() == 1010
    view.set_ids([])
    assert (view.current_id(), view.selected_ids()) == (None, [])


def test_of_a_larger_selection_what_is_still_there_stays_selected(view):
    view.select(2)
    view.select(8, extend=True)
    heard = Heard(view)
    view.set_ids([image_id for image_id in range(1001, 1041) if image_id % 2])
    assert view.selected_ids() == [1003, 1005, 1007, 1009]
    assert heard.selections == [[1003, 1005, 1007, 1009]]
    heard.selections.clear()
    view.set_ids([1009, 1003, 1, 1005, 1007])
    assert view.selected_ids() == [1009, 1003, 1005, 1007]
    assert heard.selections == []


def test_scrolling_asks_only_for_images_that_are_visible_or_near(qtbot, view):
    view.set_ids(range(100_000))
    wanted = []
    view.info_wanted.connect(wanted.extend)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    qtbot.waitUntil(lambda: wanted != [])
    assert set(visible(view)) <= set(wanted)
    assert len(wanted) <= 3 * len(visible(view))


def test_what_is_known_is_not_asked_for_again_until_it_changes(qtbot, view):
    wanted = []
    view.info_wanted.connect(wanted.extend)
    qtbot.waitUntil(lambda: wanted != [])
    view.set_info({image_id: CellInfo(f"{image_id}.jpg") for image_id in wanted})
    asked = len(wanted)
    view.verticalScrollBar().setValue(3)
    qtbot.wait(40)
    assert len(wanted) == asked
    view.refresh_info([1002, 999_999])
    assert wanted[asked:] == [1002]


@pytest.fixture
def loader(qtbot):
    """Plain pictures, red for even numbers and blue for odd ones; 1003 cannot be read."""

    def fetch(image_id, size):
        if image_id == 1003:
            raise BadInputError("truncated: the file ends early")
        stream = io.BytesIO()
        Pillow.new("RGB", (320, 240), (200, 0, 0) if image_id % 2 == 0 else (0, 0, 200)).save(stream, "PNG")
        return stream.getvalue()

    loader = ThumbnailLoader(fetch, decode_thumbnail, threads=2)
    yield loader
    assert loader.close(5)


def shown(view, place):
    return QColor(view.viewport().grab(QRect(place, place)).toImage().pixel(0, 0))


def test_pictures_are_loaded_for_the_cells_that_show_and_painted_when_they_arrive(qtbot, view, loader):
    view.set_loader(loader)
    qtbot.waitUntil(lambda: loader.pending == 0, timeout=5000)
    assert shown(view, centre(view, 0)).blue() > 150
    assert shown(view, centre(view, 1)).red() > 150
    assert loader.picture(1040) is None
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: loader.picture(1040) is not None, timeout=5000)
    qtbot.waitUntil(lambda: shown(view, centre(view, 39)).red() > 150)


def test_an_image_that_cannot_be_read_shows_why_and_is_not_tried_again(qtbot, view, loader):
    view.set_info({1003: CellInfo("c.jpg")})
    view.set_loader(loader)
    qtbot.waitUntil(lambda: loader.reason(1003) is not None, timeout=5000)
    place = centre(view, 2)
    QApplication.sendEvent(
        view.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    )
    assert QToolTip.text() == "c.jpg\nCannot be shown: truncated: the file ends early."
    QToolTip.hideText()
    view.set_loader(None)


def badge_colours(view, position):
    """The colours in the four corners of a cell, to find badges by."""
    rect = view.cell_rect(position)
    image = view.viewport().grab(rect).toImage()
    size = 18

    def corner(x, y):
        return {QColor(image.pixel(x + i, y + j)).name().upper() for i in range(size) for j in range(size)}

    right, bottom = rect.width() - size - 4, view.geometry_of_cells().picture_height - size + 6
    return corner(4, 4), corner(right, 4), corner(right, bottom)


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_badges_stand_in_their_own_corners_and_colours(qtbot, view, mode):
    theme().set_mode(mode)
    tokens = theme().tokens
    view.set_info(
        {
            1001: CellInfo("a.jpg"),
            1002: CellInfo("b.jpg", reviewed=True),
            1003: CellInfo("c.jpg", suggestions=3),
            1004: CellInfo("d.jpg", state=ImageState.UNREADABLE, problem="empty file (0 bytes)"),
            1005: CellInfo("e.jpg", state=ImageState.MISSING, problem="The file is gone."),
        }
    )
    colours = [badge_colours(view, position) for position in range(5)]
    marks = {tokens.yes.upper(), tokens.accent.upper(), tokens.no.upper(), tokens.warning.upper()}
    found = [tuple(sorted(corner & marks) for corner in corners) for corners in colours]
    assert found[0] == ([], [], [])
    assert found[1] == ([], [tokens.yes.upper()], [])
    assert found[2] == ([tokens.accent.upper()], [], [])
    assert found[3][2] == [tokens.no.upper()]
    assert found[4][2] == [tokens.warning.upper()]


def test_the_current_image_looks_different_with_and_without_the_focus(qtbot, view):
    other = QWidget()
    qtbot.addWidget(other)
    view.select(1)
    focused = view.viewport().grab(view.cell_rect(1).adjusted(-3, -3, 3, 3)).toImage()
    view.clearFocus()
    unfocused = view.viewport().grab(view.cell_rect(1).adjusted(-3, -3, 3, 3)).toImage()
    QTest.keyClick(view, Qt.Key.Key_Left, CONTROL)
    neither = view.viewport().grab(view.cell_rect(1).adjusted(-3, -3, 3, 3)).toImage()
    assert focused != unfocused
    assert unfocused != neither


def test_an_empty_gallery_says_what_to_do_and_offers_the_button(qtbot, view):
    state = view.empty_state()
    state.set_text("No images match", "Remove a word of the query.", "Clear query")
    assert not state.isVisible()
    pressed = []
    state.triggered.connect(lambda: pressed.append(True))
    view.set_ids([])
    assert state.isVisible()
    QTest.mouseClick(state.button(), LEFT)
    assert pressed == [True]
    view.set_ids([1])
    assert not state.isVisible()
    state.set_text("", "")
    view.set_ids([])
    assert not state.isVisible()


def test_the_gallery_describes_the_current_image_to_a_screen_reader(view):
    view.set_info({1002: CellInfo("serval.jpg", reviewed=True, suggestions=2)})
    view.select(1)
    assert view.accessibleName() == "Images"
    assert view.accessibleDescription() == "Image 2 of 40, serval.jpg, reviewed, 2 suggestions, selected"


def test_an_image_is_made_current_by_number_and_revealed(view):
    assert view.set_current(1040)
    assert (view.current_id(), view.selected_ids()) == (1040, [1040])
    assert view.viewport().rect().contains(view.cell_rect(39))
    assert not view.set_current(77)
    view.reveal(0)
    assert view.verticalScrollBar().value() < 20
    assert view.current_id() == 1040


def test_a_million_images_can_be_selected_and_moved_through(view):
    view.set_ids(range(1_000_000))
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.current_id() == 999_999
    assert view.viewport().rect().contains(view.cell_rect(999_999))
    QTest.keyClick(view, Qt.Key.Key_Home, SHIFT)
    assert view.selected_count() == 1_000_000
    click(view, 0, CONTROL)
    assert view.selected_count() == 999_999


@pytest.mark.parametrize("width", [60, 200, 900])
def test_any_window_and_a_font_of_twice_the_size_show_whole_cells(qtbot, view, large_font, width):
    view.resize(width, 600)
    view.set_info(
        {1001: CellInfo("a name that is far too long for one cell of the grid.jpg", suggestions=12)}
    )
    rect = view.cell_rect(0)
    assert rect.height() > view.geometry_of_cells().picture_height + view.fontMetrics().height() * 0.8
    line = view.fontMetrics().height()
    caption = view.viewport().grab(QRect(rect.x(), rect.bottom() - line, rect.width(), line)).toImage()
    colours = {caption.pixel(x, y) for x in range(caption.width()) for y in range(caption.height())}
    assert len(colours) > 1  # the caption is painted


def test_switching_the_theme_repaints_the_ground(qtbot, view):
    before = shown(view, QPoint(2, 2))
    theme().set_mode(Mode.DARK)
    assert (before.name().upper(), shown(view, QPoint(2, 2)).name().upper()) == ("#F4F5F7", "#17181B")


def test_another_screen_asks_for_pictures_of_its_own_resolution(qtbot):
    asked = []

    class Screen(GalleryView):
        ratio = 1.0

        def devicePixelRatioF(self):
            return self.ratio

    def fetch(image_id, size):
        asked.append(size)
        raise BadInputError("nothing here")

    loader = ThumbnailLoader(fetch, decode_thumbnail, threads=1)
    screen = Screen()
    qtbot.addWidget(screen)
    screen.resize(400, 300)
    screen.set_loader(loader)
    screen.set_ids([1])
    screen.show()
    qtbot.waitUntil(lambda: loader.reason(1) is not None)
    width = screen.geometry_of_cells().picture_width
    loader.forget()
    screen.ratio = 2.0
    QApplication.sendEvent(screen.viewport(), QEvent(QEvent.Type.DevicePixelRatioChange))
    qtbot.waitUntil(lambda: loader.reason(1) is not None)
    assert (asked[0], asked[-1]) == (width, 2 * width)
    assert loader.close(5)


def test_a_list_that_shares_nothing_with_the_one_before_is_shown_from_its_beginning(view):
    view.select(30)
    assert view.verticalScrollBar().value() > 0
    view.set_ids(range(5000, 6000))
    assert (view.verticalScrollBar().value(), view.current_id()) == (0, None)


def test_every_list_is_shown_from_its_beginning_until_the_person_has_moved(view):
    view.set_ids([*range(5000, 6000), *range(1001, 1041)])
    assert view.verticalScrollBar().value() == 0

"""The single view: real wheels and drags, pictures from other threads, files that cannot be read."""

import gc
import threading
from types import SimpleNamespace

import pytest
from fake_labelling import FakeSession, pixels
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.errors import BadInputError
from app.gui.labelling.controller import LabellingController
from app.gui.labelling.key_actions import LabellingActions
from app.gui.labelling.single_view import SingleView, side_for
from app.gui.widgets.pictures import decode_picture
from app.jobs.pictures.image_loader import ImageLoader, session_pictures

LEFT = Qt.MouseButton.LeftButton
FULL = (6000, 4000)


class Source:
    """Images of 24 megapixels of which each has another colour; decoded sizes and numbers are kept."""

    def __init__(self):
        self.asked = []
        self.broken = {}
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, image_id, side):
        self.asked.append((image_id, side))
        assert self.gate.wait(5)
        if image_id in self.broken:
            raise BadInputError(self.broken[image_id])
        side = min(side, 1200)  # what is painted is small, whatever was asked for
        return pixels(side, side * 2 // 3, *FULL, colour=(20 * image_id, 100, 50))


@pytest.fixture
def source():
    return Source()


@pytest.fixture
def view(qtbot, source):
    session = FakeSession(ids=range(1, 11))
    controller = LabellingController(session)
    single = SingleView(session, controller, loader=ImageLoader(source, decode_picture))
    single.use_actions(LabellingActions(controller, single, single))
    qtbot.addWidget(single)
    single.session, single.controller = session, controller
    single.resize(900, 640)
    session.start()
    controller.set_current(1)
    single.show()
    single.activateWindow()
    qtbot.waitExposed(single)
    qtbot.waitUntil(single.isActiveWindow)
    yield single
    source.gate.set()
    assert single.close_loader()


def wait_for_picture(qtbot, view):
    qtbot.waitUntil(lambda: view.canvas.picture() is not None)


def wheel(canvas, at, notches):
    place = QPointF(at)
    turned = QPoint(0, 120 * notches)
    event = QWheelEvent(
        place,
        QPointF(canvas.mapToGlobal(place)),
        QPoint(),
        turned,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def drag(canvas, start, end):
    QTest.mousePress(canvas, LEFT, Qt.KeyboardModifier.NoModifier, start)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(end),
        QPointF(canvas.mapToGlobal(end)),
        LEFT,
        LEFT,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(canvas, event)
    QTest.mouseRelease(canvas, LEFT, Qt.KeyboardModifier.NoModifier, end)


def test_the_image_is_fitted_and_its_place_in_the_list_is_shown(view, qtbot):
    wait_for_picture(qtbot, view)
    assert view.canvas.transform.fitted
    assert view.position.text() == "1 of 10"
    assert view.name.text() == "north/cam/IMG_0001.jpg"
    grabbed = view.canvas.grab().toImage()
    assert grabbed.pixelColor(grabbed.rect().center()) == QColor(20, 100, 50)


def test_the_wheel_zooms_at_the_cursor_and_a_drag_pans(view, qtbot):
    wait_for_picture(qtbot, view)
    at = QPoint(300, 260)
    before = view.canvas.transform.to_image(at.x(), at.y())
    wheel(view.canvas, at, 6)
    after = view.canvas.transform
    assert after.to_image(at.x(), at.y()) == pytest.approx(before)
    assert after.scale == pytest.approx(1.25**6 * after.fit_scale)
    drag(view.canvas, QPoint(300, 260), QPoint(340, 230))
    assert view.canvas.transform.to_view(*before) == pytest.approx((340, 230))
    assert view.zoom.text().endswith("%")


def test_keys_zoom_fit_and_show_the_actual_size(view, qtbot):
    wait_for_picture(qtbot, view)
    fitted = view.canvas.percent()
    QTest.keyClick(view.canvas, Qt.Key.Key_Plus)
    assert view.canvas.percent() == pytest.approx(fitted * 1.25, abs=1)
    QTest.keyClick(view.canvas, Qt.Key.Key_Minus)
    assert view.canvas.transform.fitted
    QTest.keyClick(view.canvas, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert view.canvas.percent() == 100
    QTest.keyClick(view.canvas, Qt.Key.Key_F)
    assert view.canvas.transform.fitted
    QTest.mouseDClick(view.canvas, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(50, 200))
    assert view.canvas.percent() == 100


def test_more_of_a_large_image_is_decoded_only_when_it_is_looked_at_closely(view, qtbot, source):
    wait_for_picture(qtbot, view)
    assert {side for _, side in source.asked} == {1024}
    view.canvas.show_actual_size()
    qtbot.waitUntil(lambda: (1, 6144) in source.asked)
    qtbot.waitUntil(lambda: view.canvas.picture().long_side == 1200)
    assert view.canvas.percent() == 100


def test_the_neighbours_are_decoded_ahead_and_show_at_once(view, qtbot, source):
    qtbot.waitUntil(lambda: view.loader.pending == 0)
    assert {image for image, _ in source.asked} == {1, 2, 3, 4, 5}
    for _ in range(3):
        QTest.keyClick(view.canvas, Qt.Key.Key_Right)
        assert view.canvas.picture() is not None
        view.canvas.repaint()
        qtbot.waitUntil(lambda: view.loader.pending == 0)
    assert view.position.text() == "4 of 10"
    place = view.button("next").pos()
    for _ in range(6):
        QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert view.position.text() == "10 of 10"
    QApplication.processEvents()
    assert view.button("next").pos() == place


def test_the_next_image_starts_fitted_whatever_the_zoom_was(view, qtbot):
    wait_for_picture(qtbot, view)
    wheel(view.canvas, QPoint(100, 100), 5)
    view.controller.next()
    wait_for_picture(qtbot, view)
    assert view.canvas.transform.fitted


def test_an_image_that_cannot_be_read_says_why_and_what_to_do_and_can_be_tried_again(view, qtbot, source):
    source.broken[7] = "truncated: 2 of 9 MB are there"
    view.controller.set_current(7)
    qtbot.waitUntil(view.problem.isVisible)
    assert "Truncated: 2 of 9 MB are there." in view.problem.accessibleDescription()
    assert "Repair or replace the file" in view.problem.accessibleDescription()
    QTest.keyClick(view.problem.button(), Qt.Key.Key_Y)
    assert view.session.calls == [("decide", (7,), 1, "yes")]
    source.broken.clear()
    QTest.mouseClick(view.problem.button(), LEFT)
    qtbot.waitUntil(view.canvas.isVisible)
    wait_for_picture(qtbot, view)
    source.broken[8] = "gone"
    view.controller.next()
    qtbot.waitUntil(lambda: view.canvas.picture() is not None or view.problem.isVisible())


def test_a_picture_that_comes_too_late_does_not_replace_the_image_in_view(view, qtbot, source):
    wait_for_picture(qtbot, view)
    qtbot.waitUntil(lambda: view.loader.pending == 0)
    source.gate.clear()
    view.controller.set_current(9)
    assert view.canvas.picture() is None
    view.controller.set_current(2)
    source.gate.set()
    qtbot.waitUntil(lambda: view.loader.pending == 0)
    assert view.canvas.picture().image.pixelColor(5, 5) == QColor(40, 100, 50)


def test_nothing_is_decoded_while_the_grid_shows(view, qtbot, source):
    qtbot.waitUntil(lambda: view.loader.pending == 0)
    view.hide()
    source.asked.clear()
    view.controller.set_current(8)
    QTest.qWait(30)
    assert source.asked == []
    view.show()
    assert view.position.text() == "8 of 10"
    wait_for_picture(qtbot, view)


def test_closing_ends_the_threads_while_they_decode(qtbot, source):
    loader = ImageLoader(source, decode_picture)
    source.gate.clear()
    loader.show([1, 2, 3], 1024)
    loader.look_closer(1, 4096)
    qtbot.waitUntil(lambda: len(source.asked) >= 3)
    threading.Timer(0.05, source.gate.set).start()
    assert loader.close()
    assert not [one for one in threading.enumerate() if one.name.startswith("thumbnails")]


def test_a_closed_project_gives_no_pictures_and_no_fault(view, qtbot):
    fetch = session_pictures(SimpleNamespace(project=None))
    with pytest.raises(Exception, match="the project is closed"):
        fetch(1, 1024)
    view.session.closed.emit()
    assert view.canvas.picture() is None


def test_a_picture_keeps_its_rows_when_the_bytes_are_gone():
    decoded = decode_picture(pixels(5, 3, 50, 30), 1024)
    gc.collect()
    picture = decoded.picture
    assert (picture.image.width(), picture.long_side, picture.complete) == (5, 5, False)
    assert picture.image.pixelColor(4, 2) == QColor(90, 140, 60)
    assert decoded.cost == 5 * 3 * 4


def test_sizes_for_decoding_are_few_and_never_too_small():
    assert [side_for(need) for need in (1, 768, 769, 5000, 90_000)] == [768, 768, 1024, 6144, 32768]

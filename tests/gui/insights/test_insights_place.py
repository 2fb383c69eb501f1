# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The Insights place in the real window, with real keys and clicks."""

import csv
import xml.dom.minidom
from datetime import datetime

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from window_fixtures import PATIENCE, folder, index, make, opened, press, settle

from app.domain.insights import ColourBy, ImageMap, Insight, MapMethod, Table
from app.domain.labels import LabelState
from app.gui.insights.export import FileKind
from app.gui.insights.table_view import InsightTable
from app.jobs.values.session import JobInfo, JobPhase

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
YES, NO = LabelState.YES, LabelState.NO


def show(qtbot, window, insight):
    place = window.workspace.insights
    window.workspace.show_insights()
    place.show_insight(insight)
    qtbot.waitUntil(lambda: place.keeper.up_to_date(place.request), timeout=PATIENCE)
    settle(qtbot, window)
    return place


@pytest.fixture
def labelled(qtbot, opened):
    """The window; "red thing" on four images, "serval" on two of them, both no on one."""
    window = opened()
    red, serval = (one.id for one in window.session.info.categories)
    ids = window.workspace.library.gallery.ids()
    for number in ids[:4]:
        window.session.decide([number], red, YES)
    for number in ids[:2]:
        window.session.decide([number], serval, YES)
    window.session.decide([ids[5]], red, NO)
    settle(qtbot, window)
    return window


def test_a_key_opens_the_place_and_arrows_and_enter_lead_from_a_bar_to_its_images(qtbot, labelled):
    window = labelled
    press(qtbot, window, Qt.Key.Key_F8)
    place = window.workspace.insights
    qtbot.waitUntil(lambda: place.plot.drawing() is not None, timeout=PATIENCE)
    assert window.workspace.place == "insights"
    assert place.list.hasFocus()
    place.plot.setFocus()
    press(qtbot, window, Qt.Key.Key_Down)
    assert place.page.pointed.text() == "red thing, tail: 4 yes, 1 no, 0 no by review"
    assert place.plot.accessibleDescription() == place.page.pointed.text()
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.query == "serval", timeout=PATIENCE)
    assert window.workspace.place == "library"
    assert window.workspace.library.gallery.count() == 2


def test_a_click_on_a_cell_shows_the_images_with_both_categories(qtbot, labelled):
    place = show(qtbot, labelled, Insight.TOGETHER)
    drawing, size = place.plot.drawing(), place.plot.drawn_size()
    middle = drawing.place(1, size).center().toPoint()
    QTest.mouseMove(place.plot, middle)
    assert place.page.pointed.text() == "red thing and serval: 2 images, 50 % of those with red thing"
    qtbot.mouseClick(place.plot, LEFT, pos=middle)
    qtbot.waitUntil(lambda: labelled.session.query == '"red thing" serval', timeout=PATIENCE)
    assert labelled.workspace.library.gallery.count() == 2


def test_a_plot_follows_a_decision_while_it_is_shown(qtbot, labelled):
    place = show(qtbot, labelled, Insight.COUNTS)
    place.plot.setFocus()
    press(qtbot, labelled, Qt.Key.Key_Home)
    serval = labelled.session.info.categories[1].id
    place.keeper._refresh.setInterval(10)
    for number in labelled.workspace.library.gallery.ids()[2:8]:
        labelled.session.decide([number], serval, YES)
    qtbot.waitUntil(lambda: place.page.pointed.text().startswith("serval, tail: 8 yes"), timeout=PATIENCE)
    qtbot.waitUntil(lambda: place.page.age.text() == "As of just now.", timeout=PATIENCE)


@pytest.mark.parametrize(
    ("insight", "title"),
    [
        (Insight.TOGETHER, "Nothing is seen together yet"),
        (Insight.RELIABILITY, "No suggestion has been answered yet"),
        (Insight.AGREEMENT, "No suggestion has been answered yet"),
        (Insight.DAYS, "Too little was decided here to show a pace"),
        (Insight.SESSIONS, "Too little was decided here to show a pace"),
        (Insight.QUALITY, "The images have no features yet"),
        (Insight.MAP, "The images have no features yet"),
    ],
)
def test_where_there_is_nothing_yet_a_sentence_says_the_first_step(qtbot, opened, insight, title):
    window = opened()
    place = window.workspace.insights
    window.workspace.show_insights()
    place.show_insight(insight)
    qtbot.waitUntil(lambda: place.current_page.empty.accessibleName() == title, timeout=PATIENCE)
    button = place.current_page.empty.button()
    assert button.isVisible()
    assert not place.current_page.export.isEnabled()
    if insight in (Insight.QUALITY, Insight.MAP):
        assert button.text() == "Compute features"
        return
    button.setFocus()
    press(qtbot, window, Qt.Key.Key_Space)
    assert window.workspace.place == "library"


def test_numbers_pictures_and_drawings_are_written_and_a_full_folder_is_named(qtbot, labelled, tmp_path):
    place = show(qtbot, labelled, Insight.COUNTS)
    asked = []
    place.page.ask = lambda _parent, start, kind: asked.append(start) or tmp_path / f"plot.{kind.value}"
    actions = dict(zip(FileKind, place.page.export.menu().actions(), strict=True))
    for kind, action in actions.items():
        with qtbot.waitSignal(place.keeper.saved, timeout=PATIENCE):
            action.trigger()
        assert asked[-1].name == f"counts.{kind.value}"
    rows = list(csv.reader((tmp_path / "plot.csv").read_text().splitlines()))
    assert rows == [
        ["category", "band", "yes", "no", "no_implied"],
        ["red thing", "tail", "4", "1", "0"],
        ["serval", "tail", "2", "0", "0"],
    ]
    picture = QImage(str(tmp_path / "plot.png"))
    assert picture.width() == 2 * round(place.plot.width() + 32)
    drawing = xml.dom.minidom.parse(str(tmp_path / "plot.svg"))
    assert "serval" in drawing.documentElement.toxml()
    place.page.ask = lambda *_: tmp_path / "gone" / "plot.csv"
    with qtbot.waitSignal(place.keeper.not_saved, timeout=PATIENCE) as told:
        actions[FileKind.CSV].trigger()
    assert "gone" in told.args[0]


def test_the_table_behind_a_plot_is_shown_on_demand(qtbot, labelled):
    place = show(qtbot, labelled, Insight.COUNTS)
    place.page.as_table.setFocus()
    press(qtbot, labelled, Qt.Key.Key_Space)
    table = place.page.table
    assert table.isVisible()
    model = table.model()
    assert [model.data(model.index(0, column)) for column in range(5)] == ["red thing", "tail", "4", "1", "0"]
    press(qtbot, labelled, Qt.Key.Key_Space)
    assert place.plot.isVisible()


def texts(table, column):
    model = table.model()
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


def test_a_table_stays_sorted_when_its_numbers_change(qtbot, labelled):
    place = show(qtbot, labelled, Insight.COUNTS)
    place.page.as_table.click()
    table, header = place.page.table, place.page.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(2) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), LEFT, pos=at)
    assert texts(table, 0) == ["serval", "red thing"]
    place.keeper._refresh.setInterval(10)
    serval = labelled.session.info.categories[1].id
    labelled.session.decide(labelled.workspace.library.gallery.ids()[2:3], serval, YES)
    qtbot.waitUntil(lambda: "3" in texts(table, 2), timeout=PATIENCE)
    assert texts(table, 0) == ["serval", "red thing"]


def test_a_table_shows_bands_and_times_as_the_window_does_and_sorts_by_their_order(qtbot):
    table = InsightTable()
    qtbot.addWidget(table)
    table.show_table(Table(("category", "band"), [("a", "head"), ("b", "tail"), ("c", "medium")]))
    table.model().sort_by(1)
    assert texts(table, 1) == ["tail", "medium", "head"]
    times = ("2026-11-29T10:05:09+00:00", "2026-11-29T11:00:00+00:00")
    table.show_table(Table(("begin", "end"), [times]))
    there = datetime.fromisoformat(times[0]).astimezone()
    assert texts(table, 0) == [f"{there:%Y-%m-%d %H:%M}"]
    table.show_table(Table(("day", "decisions"), [("2026-11-29", 3)]))
    assert texts(table, 0) == ["2026-11-29"]


def test_escape_goes_to_the_list_and_from_there_to_the_library(qtbot, labelled):
    place = show(qtbot, labelled, Insight.COUNTS)
    place.plot.setFocus()
    press(qtbot, labelled, Qt.Key.Key_Escape)
    assert place.list.hasFocus()
    press(qtbot, labelled, Qt.Key.Key_Escape)
    assert labelled.workspace.place == "library"


@pytest.fixture
def mapped(qtbot, opened):
    """The window with features, and the map of its images."""
    window = opened()
    index(qtbot, window)
    place = show(qtbot, window, Insight.MAP)
    qtbot.waitUntil(place.map.canvas.isVisible, timeout=PATIENCE)
    return window, place


def test_colours_table_and_file_are_those_of_the_map_that_is_shown(qtbot, mapped, tmp_path):
    window, place = mapped
    keeper, page = place.keeper, place.map.page
    method = place.map.method
    method.setCurrentIndex(method.findData(MapMethod.TSNE))
    qtbot.waitUntil(lambda: keeper.up_to_date(place.request), timeout=PATIENCE)
    settle(qtbot, window)
    with qtbot.waitSignal(keeper.colours_ready, timeout=PATIENCE):
        method.setCurrentIndex(method.findData(MapMethod.PCA))
    wanted = "12 images on the map. Colours: not labelled yet 12."
    qtbot.waitUntil(lambda: place.map.canvas.accessibleDescription() == wanted, timeout=PATIENCE)
    page.as_table.click()
    qtbot.waitUntil(lambda: page.table.model() and page.table.model().rowCount() == 12, timeout=PATIENCE)
    page.ask = lambda *_: tmp_path / "map.csv"
    with qtbot.waitSignal(keeper.saved, timeout=PATIENCE):
        page.export.menu().actions()[2].trigger()
    assert len((tmp_path / "map.csv").read_text().splitlines()) == 13


def test_progress_of_another_job_leaves_the_line_of_the_map(qtbot, opened, monkeypatch):
    place = opened().workspace.insights
    jobs = [JobInfo("1", "map", "Map", JobPhase.COMPLETED)]
    monkeypatch.setattr(place.keeper._jobs, "jobs", lambda: jobs)
    place.map.canvas.show_map(ImageMap(MapMethod.TSNE, np.array([1]), np.zeros((1, 2), np.float32)))
    place.map.method.setCurrentIndex(place.map.method.findData(MapMethod.TSNE))
    place.keeper._jobs.jobs_changed.emit(jobs)
    place.map.page.point("2 images are not on this map")
    jobs.append(JobInfo("2", "index", "Features", JobPhase.RUNNING, done=3))
    place.keeper._jobs.jobs_changed.emit(jobs)
    assert place.map.page.pointed.text() == "2 images are not on this map"


def test_a_name_that_comes_after_the_pointer_has_left_is_not_shown(qtbot, mapped):
    window, place = mapped
    canvas, number = place.map.canvas, window.workspace.library.gallery.ids()[3]
    canvas._point(number)
    canvas._point(None)
    settle(qtbot, window)
    assert place.map.page.pointed.text() == ""


def around(canvas, ids, margin=14):
    points = [canvas.place_of(number) for number in ids]
    left, right = min(p.x() for p in points) - margin, max(p.x() for p in points) + margin
    top, bottom = min(p.y() for p in points) - margin, max(p.y() for p in points) + margin
    corners = (left, top), (right, top), (right, bottom), (left, bottom)
    return [QPoint(round(x), round(y)) for x, y in corners]


def test_drawing_around_images_shows_and_selects_them_in_the_library(qtbot, mapped):
    window, place = mapped
    canvas, gallery = place.map.canvas, window.workspace.library.gallery
    red = [number for number in gallery.ids() if "red" in window.session.where_words([number])]
    assert len(red) == 6
    corners = around(canvas, red)
    QTest.mousePress(canvas, LEFT, pos=corners[0])
    for corner in corners[1:]:
        QTest.mouseMove(canvas, corner)
    QTest.mouseRelease(canvas, LEFT, pos=corners[-1])
    assert window.workspace.place == "library"
    assert sorted(gallery.ids()) == sorted(red) == sorted(gallery.selected_ids())
    window.session.decide(red, window.session.info.categories[0].id, YES)
    settle(qtbot, window)
    assert gallery.count() == 6  # no query takes the list away

    def turn(key, count):
        press(qtbot, window, key, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda: gallery.count() == count, timeout=PATIENCE)
        qtbot.wait(1)
        return window.workspace.place

    back, forward = Qt.Key.Key_Left, Qt.Key.Key_Right
    assert [turn(back, 6), turn(back, 12)] == ["insights", "library"]
    assert [turn(forward, 12), turn(forward, 6)] == ["insights", "library"]
    assert sorted(gallery.ids()) == sorted(red)
    window.session.set_query("")
    qtbot.waitUntil(lambda: gallery.count() == 12, timeout=PATIENCE)


@pytest.mark.slow
def test_a_rectangle_by_keyboard_shows_what_is_inside(qtbot, mapped):
    window, place = mapped
    canvas = place.map.canvas
    canvas.setFocus()
    for _ in range(80):
        press(qtbot, window, Qt.Key.Key_Left)
        press(qtbot, window, Qt.Key.Key_Up)
    for _ in range(80):
        press(qtbot, window, Qt.Key.Key_Right, SHIFT)
        press(qtbot, window, Qt.Key.Key_Down, SHIFT)
    assert canvas.accessibleDescription() == "12 images in the rectangle"
    press(qtbot, window, Qt.Key.Key_Return)
    assert window.workspace.library.gallery.selected_count() == 12


@pytest.mark.slow
def test_pointing_names_an_image_and_a_click_opens_it(qtbot, mapped):
    window, place = mapped
    canvas = place.map.canvas
    number = window.workspace.library.gallery.ids()[3]
    at = canvas.place_of(number).toPoint()
    found = canvas.nearest(QPointF(at))
    QTest.mouseMove(canvas, at)
    qtbot.waitUntil(lambda: place.map.page.pointed.text().endswith(".png"), timeout=PATIENCE)
    qtbot.waitUntil(lambda: place.map.canvas.picture_of(found, 100) is not None, timeout=PATIENCE)
    qtbot.mouseClick(canvas, LEFT, pos=at)
    library = window.workspace.library
    assert library.single_shown
    assert library.controller.current == found


@pytest.mark.slow
def test_colours_follow_the_choice_and_shapes_tell_them_apart(qtbot, mapped):
    window, place = mapped
    red = window.session.info.categories[0]
    ids = window.workspace.library.gallery.ids()
    window.session.decide(ids[:2], red.id, YES)
    settle(qtbot, window)
    place.map.by.setCurrentIndex(place.map.by.findData(ColourBy.LABELS))
    place.map.category.setCurrentText(red.name)
    wanted = "12 images on the map. Colours: yes 2, unknown 10."
    qtbot.waitUntil(lambda: place.map.canvas.accessibleDescription() == wanted, timeout=PATIENCE)


@pytest.mark.slow
def test_a_map_by_neighbours_is_computed_as_a_job_and_kept_for_the_next_time(qtbot, mapped, folder):
    window, place = mapped
    place.map.method.setCurrentIndex(place.map.method.findData(MapMethod.TSNE))
    empty = place.map.page.empty
    qtbot.waitUntil(lambda: empty.button().text() == "Compute the map", timeout=PATIENCE)
    empty.button().setFocus()
    press(qtbot, window, Qt.Key.Key_Return)
    qtbot.waitUntil(place.map.canvas.isVisible, timeout=60_000)
    assert len(place.map.canvas.shown.ids) == 12
    assert list(folder.glob("features/*/map-tsne.safetensors"))
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        window.open_project(folder)
    again = show(qtbot, window, Insight.MAP)
    again.map.method.setCurrentIndex(again.map.method.findData(MapMethod.TSNE))
    qtbot.waitUntil(again.map.canvas.isVisible, timeout=PATIENCE)
    assert len(again.map.canvas.shown.ids) == 12

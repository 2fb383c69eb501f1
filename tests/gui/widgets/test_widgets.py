"""The small widgets: what they say, how they look in every state, keys and clicks."""

import re
import time
from itertools import combinations
from pathlib import Path
from typing import ClassVar

import pytest
from clipping import clipped
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QProgressBar,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from app import gui
from app.domain.categories import Band
from app.domain.labels import LabelState, Source
from app.domain.progress import Progress
from app.gui.gallery import announcing
from app.gui.theme import Mode, theme
from app.gui.widgets import status_line
from app.gui.widgets.band_glyph import BandGlyph
from app.gui.widgets.check_box import CheckBox
from app.gui.widgets.combo import Combo
from app.gui.widgets.drop_hint import DropHint
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.job_row import job_words
from app.gui.widgets.jobs import JobPill
from app.gui.widgets.key_cap import KeyCap
from app.gui.widgets.label_chip import LabelChip, source_words
from app.gui.widgets.probability_bar import draw_probability, probability_words
from app.gui.widgets.progress import ShareBar
from app.gui.widgets.rail import Detail, Place, Rail
from app.gui.widgets.status_line import StatusLine
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import ago_words, counted, duration_words, progress_words, rate_words
from app.gui.window.status_message import StatusMessage
from app.jobs.values.session import JobInfo, JobPhase

LEFT = Qt.MouseButton.LeftButton
BOTH_MODES = pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])


def picture(widget):
    widget.resize(widget.sizeHint())
    return widget.grab().toImage()


def grey(image):
    """What is left of a picture without its colours."""
    return image.convertToFormat(image.Format.Format_Grayscale8)


def colours(image, rect=None):
    area = rect or image.rect()
    return {
        QColor(image.pixel(x, y)).name().upper()
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
    }


# Bands


@BOTH_MODES
def test_the_three_bands_differ_in_shape_not_only_in_colour(qtbot, mode):
    theme().set_mode(mode)
    shapes = []
    for band in Band:
        glyph = BandGlyph(band)
        qtbot.addWidget(glyph)
        image = picture(glyph)
        ground = image.pixel(0, 0)
        assert getattr(theme().tokens, band.value).upper() in colours(image)
        inked = [image.pixel(x, y) != ground for y in range(image.height()) for x in range(image.width())]
        shapes.append(inked)
        assert glyph.accessibleName() == f"{band.value} category"
    for first, second in combinations(shapes, 2):
        assert sum(a != b for a, b in zip(first, second, strict=True)) > 0.1 * len(first)


def test_an_unknown_band_shows_nothing(qtbot):
    glyph = BandGlyph(None)
    qtbot.addWidget(glyph)
    assert len(colours(picture(glyph))) == 1
    assert glyph.accessibleName() == ""


# Probabilities


def bar_image(probability, threshold):
    image = QImage(200, 16, QImage.Format.Format_RGB32)
    image.fill(theme().colour("ground"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_probability(painter, QRectF(image.rect()), probability, threshold)
    painter.end()
    return image


@BOTH_MODES
def test_a_hit_is_solid_and_a_near_miss_is_hollow(mode):
    theme().set_mode(mode)
    accent, surface = theme().tokens.accent.upper(), theme().tokens.surface.upper()
    inner = QRect(20, 7, 40, 2)
    assert colours(bar_image(0.6, 0.5), inner) == {accent}
    assert colours(bar_image(0.45, 0.5), inner) == {surface}
    assert accent in colours(bar_image(0.45, 0.5))
    assert colours(bar_image(0.6, None), inner) == {theme().tokens.quiet.upper()}


def test_the_tick_is_at_the_threshold_and_the_bar_ends_at_the_probability():
    text, accent = theme().tokens.text.upper(), theme().tokens.accent.upper()
    image = bar_image(0.75, 0.25)
    row = [QColor(image.pixel(x, 8)).name().upper() for x in range(200)]
    ticks = [x for x, colour in enumerate(row) if colour == text]
    assert 48 <= min(ticks) <= max(ticks) <= 52
    assert 146 <= max(x for x, colour in enumerate(row) if colour == accent) <= 151


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, 1.7])
def test_a_probability_at_or_beyond_the_ends_is_drawn_as_the_end(probability):
    assert bar_image(probability, 1.0) == bar_image(min(max(probability, 0.0), 1.0), 1.0)


def test_progress_in_bytes_is_shown_as_sizes():
    progress = Progress("Downloading", 206_000_000, 605_000_000, 12.34e6, 33.0, in_bytes=True)
    assert progress_words(progress) == "206 MB of 605 MB, 12.3 MB/s, 33 s left"


def test_a_probability_is_compared_with_its_threshold_in_words():
    assert probability_words(0.83, 0.5) == "0.83, at or above the threshold of 0.50"
    assert probability_words(0.31, 0.5) == "0.31, below the threshold of 0.50"
    assert probability_words(0.31, None) == "0.31, no threshold yet"


# Labels


@BOTH_MODES
def test_yes_no_and_unknown_can_be_told_apart_without_colours(qtbot, mode):
    theme().set_mode(mode)
    images = []
    for state in LabelState:
        chip = LabelChip("serval", state)
        qtbot.addWidget(chip)
        chip.resize(140, 28)
        images.append(grey(chip.grab().toImage()))
        assert chip.accessibleName() == f"serval: {state.value}"
    for first, second in combinations(images, 2):
        different = sum(first.pixel(x, y) != second.pixel(x, y) for x in range(140) for y in range(28))
        assert different > 60


def test_a_chip_says_who_gave_the_label_and_can_be_pressed(qtbot):
    chip = LabelChip(
        "serval", LabelState.YES, source=source_words(Source.HUMAN, "2 min ago"), share="3 of 12"
    )
    qtbot.addWidget(chip)
    chip.show()
    assert chip.accessibleName() == "serval: yes, 3 of 12, you, 2 min ago"
    pressed = []
    chip.clicked.connect(lambda: pressed.append(True))
    QTest.mouseClick(chip, LEFT)
    QTest.keyClick(chip, Qt.Key.Key_Return)
    QTest.keyClick(chip, Qt.Key.Key_Y)
    assert len(pressed) == 2
    chip.set_label(LabelState.NO, source=source_words(None))
    assert chip.accessibleName() == "serval: no, by review"


@pytest.mark.parametrize("name", ["a", "<b>serval</b>", "Leptailurus serval " * 8, "藪猫", "قط"])
def test_any_name_fits_any_width_of_a_chip(qtbot, large_font, name):
    chip = LabelChip(name, LabelState.NO, source="import")
    qtbot.addWidget(chip)
    for width in (chip.sizeHint().width(), 60, 10):
        chip.resize(width, chip.sizeHint().height())
        assert len(colours(chip.grab().toImage())) > 1


# Keys and texts


def test_a_key_is_written_as_this_system_writes_it(qtbot):
    caps = {key: KeyCap(key) for key in ("Y", "Ctrl+Shift+Z", ".", "")}
    for cap in caps.values():
        qtbot.addWidget(cap)
    assert [cap.text() for cap in caps.values()] == ["Y", "Ctrl+Shift+Z", ".", ""]
    assert caps["Y"].sizeHint().width() >= caps["Y"].sizeHint().height()
    assert caps[""].sizeHint().isEmpty()
    assert caps["Y"].accessibleName() == "Key Y"


def test_a_text_is_never_taken_for_markup(qtbot):
    label = Text("<h1>big</h1>")
    plain = Text("xh1xbigx/h1x")
    for widget in (label, plain):
        qtbot.addWidget(widget)
    assert label.sizeHint().height() == plain.sizeHint().height()
    assert label.text() == "<h1>big</h1>"


def test_a_text_without_room_is_shortened_and_its_tooltip_has_all_of_it(qtbot):
    label = ElidedText("a very long name of a very long file.jpg")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.grab()
    assert label.toolTip() == "a very long name of a very long file.jpg"
    label.resize(900, 20)
    label.grab()
    assert label.toolTip() == ""


def test_durations_are_said_the_way_people_say_them():
    said = [duration_words(seconds) for seconds in (0.2, 8.4, 59.6, 240, 7200, 7800, 259_200)]
    assert said == ["0 s", "8 s", "1 min", "4 min", "2 h", "2 h 10 min", "3 days"]


def test_numbers_carry_their_units():
    said = [counted(n, "{n} image of {name}", "{n} images of {name}", name="a cat") for n in (0, 1, 1204)]
    assert said == ["0 images of a cat", "1 image of a cat", "1,204 images of a cat"]
    assert [ago_words(0.2), ago_words(120)] == ["just now", "2 min ago"]
    assert [rate_words(rate) for rate in (1234.5, 35.2, 2.5, 0.5)] == ["1,234/s", "35/s", "2.5/s", "30.0/min"]
    assert progress_words(Progress("", 1204, 48310, 35.2, 1338)) == "1,204 of 48,310, 35/s, 22 min left"
    assert progress_words(Progress("", 7, None)) == "7"


def test_an_empty_place_says_what_to_do_and_its_button_can_be_reached_by_key(qtbot):
    state = EmptyState("No images yet", "Choose the folder that holds your images.", "Choose a folder")
    qtbot.addWidget(state)
    state.show()
    pressed = []
    state.triggered.connect(lambda: pressed.append(True))
    state.button().setFocus()
    QTest.keyClick(state.button(), Qt.Key.Key_Space)
    assert pressed == [True]
    assert (state.accessibleName(), state.accessibleDescription()) == (
        "No images yet", "Choose the folder that holds your images.",
    )  # fmt: skip
    state.set_text("Nothing found", "Try another word.")
    assert not state.button().isVisible()


# The rail

PLACES = (
    Place("library", "Library", "library", "Ctrl+1"),
    Place("preferences", "Preferences", "preferences", "Ctrl+,", bottom=True),
    Place("review", "Review", "review", "Ctrl+2"),
)


@pytest.fixture
def rail(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    layout = QHBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    rail = Rail(PLACES)
    layout.addWidget(rail)
    layout.addWidget(QWidget(), 1)
    window.resize(900, 600)
    window.show()
    qtbot.waitExposed(window)
    yield rail
    assert rail.window() is window


def test_a_click_goes_to_a_place_and_only_the_person_is_announced(rail):
    chosen = []
    rail.place_chosen.connect(chosen.append)
    assert rail.current() == "library"
    QTest.mouseClick(rail.button("review"), LEFT)
    assert (rail.current(), chosen) == ("review", ["review"])
    QTest.mouseClick(rail.button("review"), LEFT)
    assert rail.current() == "review"
    rail.set_current("library")
    assert (rail.current(), chosen) == ("library", ["review", "review"])


def test_the_arrow_keys_move_along_the_rail_and_space_goes_there(rail):
    rail.button("library").setFocus()
    QTest.keyClick(rail.button("library"), Qt.Key.Key_Down)
    assert rail.button("review").hasFocus()
    QTest.keyClick(rail.button("review"), Qt.Key.Key_Down)
    assert rail.button("preferences").hasFocus()
    QTest.keyClick(rail.button("preferences"), Qt.Key.Key_Space)
    assert rail.current() == "preferences"
    QTest.keyClick(rail.button("preferences"), Qt.Key.Key_Down)
    assert rail.button("library").hasFocus()


def test_preferences_are_at_the_bottom_with_their_key_in_the_tooltip(rail):
    assert rail.button("preferences").y() > rail.height() - 2 * rail.button("preferences").height()
    assert rail.button("preferences").toolTip() == "Preferences (Ctrl+,)"


def test_a_low_window_drops_the_keys_first_and_then_the_words(qtbot, rail):
    heights = {}
    for height in range(600, 90, -10):
        rail.window().resize(900, height)
        heights.setdefault(rail.button("library").detail, rail.window().height())
    assert list(heights) == [Detail.KEY, Detail.WORD, Detail.ICON]
    assert heights[Detail.KEY] > heights[Detail.WORD] > heights[Detail.ICON]


def test_the_list_of_jobs_grows_with_the_words_of_a_job_while_it_is_open(qtbot):
    pill = JobPill()
    qtbot.addWidget(pill)
    pill.show()
    pill.set_jobs([JobInfo("a", "index", "Index", JobPhase.RUNNING, "Loading", 0, 0)])
    pill.open_list()
    qtbot.wait(20)
    jobs = pill.list
    low = jobs.height()
    for stage in ("Embedding images (3.2 MB)", "Embedding images of a long name (3.2 MB)"):
        pill.set_jobs([JobInfo("a", "index", "Index", JobPhase.RUNNING, stage, 48, 240, 18, 11)])
        qtbot.wait(20)
        row = jobs.rows()[0]
        bar, words = row.findChild(QProgressBar), row.findChildren(Text)[-1]
        assert words.text().startswith(stage)
        assert words.geometry().top() > bar.geometry().bottom()
        assert clipped(jobs) == []
    assert jobs.height() > low
    jobs.hide()


def test_with_a_font_of_twice_the_size_six_places_fit_into_600_pixels(qtbot, large_font):
    places = [Place(str(i), "Categories", "categories", f"Ctrl+{i}") for i in range(6)]
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    rail = Rail(places)
    layout.addWidget(rail)
    window.resize(900, 600)
    window.show()
    qtbot.waitExposed(window)
    assert window.height() == 600
    assert all(rail.rect().contains(rail.button(place.name).geometry()) for place in places)


# Jobs


def job(number="a", state=JobPhase.RUNNING, done=50, total=100, **fields):
    return JobInfo(number, "index", "Index", state, "embedding", done, total, 35.2, 508, **fields)


@pytest.fixture
def pill(qtbot):
    pill = JobPill()
    qtbot.addWidget(pill)
    pill.show()
    return pill


def test_the_pill_counts_jobs_and_their_progress(pill):
    assert pill.text() == "No jobs"
    pill.set_jobs([job("a", done=50), job("b", done=76), job("c", JobPhase.COMPLETED)])
    assert pill.text() == "2 jobs 63 %"
    assert job_words(JobInfo("a", "new", "New", JobPhase.RUNNING, "Loading")) == "Loading …"
    pill.set_jobs([JobInfo("a", "scan", "Scan", JobPhase.RUNNING, done=7)])
    assert pill.text() == "1 job"
    pill.set_jobs([job("a", JobPhase.FAILED, message="The worker ended.")])
    assert pill.text() == "1 job needs attention"
    assert pill.accessibleName() == "1 job needs attention"


def test_the_list_shows_rate_and_remaining_time_and_stops_a_job(qtbot, pill):
    pill.set_jobs([job("a"), job("b", JobPhase.WAITING)])
    QTest.mouseClick(pill, LEFT)
    rows = pill.list.rows()
    assert pill.list.isVisible()
    assert job_words(rows[0].job) == "embedding: 50 of 100, 35/s, 8 min left"
    stopped = []
    pill.cancel_requested.connect(stopped.append)
    QTest.mouseClick(rows[0].button, LEFT)
    assert stopped == ["a"]
    pill.set_jobs([job("a", JobPhase.CANCELLING), job("b", JobPhase.WAITING)])
    assert pill.list.rows()[0] is rows[0]
    assert not rows[0].button.isEnabled()
    pill.list.close()


def test_an_interrupted_job_can_be_resumed_and_a_failed_one_dismissed(qtbot, pill):
    pill.set_jobs([job("a", JobPhase.INTERRUPTED), job("b", JobPhase.FAILED, message="Disk full.")])
    first, second = pill.list.rows()
    heard = []
    pill.resume_requested.connect(lambda number: heard.append(("resume", number)))
    pill.dismissed.connect(lambda number: heard.append(("dismiss", number)))
    first.button.click()
    second.button.click()
    assert heard == [("resume", "a"), ("dismiss", "b")]
    assert job_words(second.job) == "failed: Disk full."
    assert first.button.accessibleName() == "Resume: Index"


def test_a_running_job_can_be_paused_and_a_paused_one_resumed_or_dismissed(qtbot, pill):
    pill.set_jobs([job("a", can_pause=True), job("b"), job("c", JobPhase.WAITING, can_pause=True)])
    QTest.mouseClick(pill, LEFT)
    rows = pill.list.rows()
    assert [row.other_button.isVisible() for row in rows] == [True, False, True]
    assert [row.other_button.isEnabled() for row in rows[::2]] == [True, False]
    heard = []
    pill.pause_requested.connect(lambda number: heard.append(("pause", number)))
    pill.dismissed.connect(lambda number: heard.append(("dismiss", number)))
    QTest.mouseClick(rows[0].other_button, LEFT)
    pill.set_jobs([job("a", JobPhase.PAUSING, can_pause=True)])
    assert not rows[0].button.isEnabled() and not rows[0].other_button.isEnabled()
    pill.set_jobs([job("a", JobPhase.PAUSED, message="It resumes where it stopped.")])
    assert pill.text() == "1 job paused"
    assert rows[0].button.accessibleName() == "Resume: Index"
    QTest.mouseClick(rows[0].other_button, LEFT)
    assert heard == [("pause", "a"), ("dismiss", "a")]
    pill.list.close()


def test_a_bar_of_unknown_length_moves_only_where_motion_is_wanted(qtbot):
    bar = ShareBar()
    qtbot.addWidget(bar)
    for reduced, working, moves in ((False, True, True), (True, True, False), (False, False, False)):
        theme().set_reduce_motion(reduced)
        bar.show_share(None, working=working)
        assert (bar.maximum() == 0) is moves
    bar.show_share(0.25, working=True)
    assert bar.value() == bar.maximum() / 4


def test_whatever_animates_asks_whether_motion_is_wanted():
    folder = Path(gui.__file__).parent
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    moving = {name for name, text in texts.items() if re.search(r"Animation\(|import .*QProgressBar", text)}
    assert {"toasts.py", "progress.py"} <= moving
    assert [name for name in moving if "theme().motion" not in texts[name]] == []


def test_finished_rows_leave_the_list(qtbot, pill):
    pill.set_jobs([job("a"), job("b")])
    pill.set_jobs([job("b")])
    assert [row.job.id for row in pill.list.rows()] == ["b"]
    pill.set_jobs([])
    assert pill.list.rows() == []


# The status line


def test_the_status_line_says_what_is_known_and_nothing_else(qtbot):
    line = StatusLine()
    qtbot.addWidget(line)
    line.show()
    texts = line.counts, line.saved, line.pace, line.device
    assert [text.text() for text in texts] == ["", "", "", ""]
    line.set_counts(1204, 48310, 12)
    line.note_saved()
    line.set_pace(42.4)
    line.set_device("CPU", "No GPU that can be used was found.")
    assert [text.text() for text in texts] == [
        "1,204 of 48,310 images, 12 selected", "saved just now", "42 decisions/min", "CPU (why?)",
    ]  # fmt: skip
    asked = []
    line.device_asked.connect(lambda: asked.append(True))
    QTest.mouseClick(line.device, LEFT)
    assert asked == [True]
    line.set_counts(48310, 48310, 0)
    line.stop()
    assert (line.counts.text(), line.saved.text()) == ("48,310 images", "")


def test_the_status_line_does_not_move_while_the_time_since_saving_grows(qtbot):
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(800, 30)
    line.show()
    line.set_pace(12.0)
    line.note_saved()
    qtbot.wait(10)
    before = line.pace.x()
    for seconds in (3, 11, 59, 65, 59 * 60):
        line._saved_at = time.monotonic() - seconds
        line._show_saved()
        qtbot.wait(10)
        assert line.pace.x() == before, line.saved.text()
    line.stop()


def test_the_status_line_is_as_high_before_the_device_is_known(qtbot):
    theme()
    line = StatusLine()
    qtbot.addWidget(line)
    line.show()
    before = line.sizeHint().height()
    line.set_device("CPU", "No GPU that can be used was found.")
    assert line.sizeHint().height() == before


def test_the_time_since_the_last_save_is_updated(qtbot, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(status_line.time, "monotonic", lambda: now[0])
    line = StatusLine()
    qtbot.addWidget(line)
    line.note_saved()
    now[0] = 220.0
    line._refresh.timeout.emit()
    assert line.saved.text() == "saved 2 min ago"
    line.stop()


@BOTH_MODES
def test_every_widget_draws_itself_at_twice_the_font_size_in_both_themes(qtbot, large_font, mode):
    theme().set_mode(mode)
    widgets = [
        BandGlyph(Band.TAIL),
        LabelChip("serval", LabelState.YES, source="you"),
        KeyCap("Ctrl+Z"),
        EmptyState("Title", "Sentence.", "Button"),
        Rail(PLACES),
        StatusLine(),
    ]
    small = [40, 20, 20, 60, 60, 10]
    for widget, least in zip(widgets, small, strict=True):
        qtbot.addWidget(widget)
        assert widget.sizeHint().height() >= least * 0.6
        empty = isinstance(widget, StatusLine)
        assert len(colours(picture(widget))) > (0 if empty else 1)


def test_a_choice_is_as_wide_as_an_entry_that_is_added_after_it_was_shown(qtbot):
    combo = Combo()
    qtbot.addWidget(combo)
    combo.addItem("a")
    combo.show()
    qtbot.waitExposed(combo)
    before = combo.sizeHint().width()
    combo.addItem("CSV, all categories of an image in one cell")
    assert combo.sizeHint().width() > before + 100


def test_a_message_that_comes_again_is_read_out_again(qtbot, monkeypatch):
    class Listening:
        Event = QAccessible.Event
        heard: ClassVar = []

        @staticmethod
        def isActive() -> bool:
            return True

        @classmethod
        def updateAccessibility(cls, event) -> None:
            if event.type() == QAccessible.Event.DescriptionChanged:
                cls.heard.append(event.object().accessibleDescription())

    monkeypatch.setattr(announcing, "QAccessible", Listening)
    message = StatusMessage()
    qtbot.addWidget(message)
    for words in ("Undone", "Undone", ""):
        message.show_message(words)
    message.stop()
    assert Listening.heard == ["Undone", "Undone"]
    assert message.accessibleDescription() == ""


def test_a_hint_is_painted_once_however_far_files_are_dragged(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    hint, painted = DropHint(window), []
    window.show()
    qtbot.waitExposed(window)
    hint.paintEvent = lambda _event: painted.append(hint.words())
    for words in ("Drop here", "Drop here", "Drop here", "Not here", ""):
        hint.tell(words)
        QApplication.processEvents()
    assert painted == ["Drop here", "Not here"]
    assert not hint.isVisible()


def test_check_boxes_and_radio_buttons_grow_with_the_text(qtbot):
    def side(made, element):
        option = QStyleOptionButton()
        made.initStyleOption(option)
        return made.style().subElementRect(element, option, made).height()

    elements = QStyle.SubElement
    try:
        sizes = {}
        for percent in (100, 200):
            theme().set_text_size(percent)
            check, radio = CheckBox("Choose"), QRadioButton("One of them")
            for made in (check, radio):
                qtbot.addWidget(made)
                made.show()
            sizes[percent] = (
                side(check, elements.SE_CheckBoxIndicator),
                side(radio, elements.SE_RadioButtonIndicator),
            )
    finally:
        theme().set_text_size(100)
    small = theme().pixels(14)
    assert all(abs(size - small) <= 1 for size in sizes[100])
    assert all(abs(size - 2 * small) <= 3 for size in sizes[200])

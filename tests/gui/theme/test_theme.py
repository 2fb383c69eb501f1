"""The theme: readable colours, four sizes at any system font, light and dark live, motion off on request."""

import colorsys
import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QImage, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

import app.gui.theme.application as module
from app.gui.theme import Mode, TypeSize
from app.gui.theme import theme as current_theme
from app.gui.theme.icons import ICONS, draw_icon, icon
from app.gui.theme.tokens import (
    DARK,
    LIGHT,
    MOTION_MS,
    Tokens,
    channels,
    ink_on,
    mix,
)
from app.gui.widgets.check_box import CheckBox

MIN_TEXT_CONTRAST = 4.5
MIN_SHAPE_CONTRAST = 3.0
"""WCAG 2.2 AA, for text of any size and for meaningful shapes."""
TEXT_PAIRS = (
    *(
        (text, ground)
        for text in ("text", "quiet")
        for ground in ("ground", "surface", "raised", "selection")
    ),
    *((text, ground) for text in ("accent", "warning") for ground in ("ground", "surface", "raised")),
    *((text, ground) for text in ("yes", "no") for ground in ("ground", "surface", "raised")),
    ("on_accent", "accent"),
    ("warning", "selection"),
    ("surface", "text"),
)
"""All (text, background) pairs of the window."""
SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@SCHEMES
def test_every_text_is_readable_on_each_of_its_backgrounds(tokens):
    found = {pair: contrast(*(getattr(tokens, name) for name in pair)) for pair in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in found.items() if ratio < MIN_TEXT_CONTRAST} == {}


@SCHEMES
def test_every_colour_is_either_held_to_the_contrast_of_texts_or_never_a_text(tokens):
    texts = {text for text, _ in TEXT_PAIRS}
    only_shapes = {"head", "medium", "tail"}
    grounds_and_lines = {"ground", "surface", "raised", "line", "border", "selection"}
    names = {name for name in Tokens.__dataclass_fields__ if name != "dark"}
    assert names == texts | only_shapes | grounds_and_lines
    assert not texts & only_shapes


@SCHEMES
def test_the_rim_of_a_band_glyph_stands_out_where_its_colour_alone_would_not(tokens):
    assert contrast(LIGHT.medium, LIGHT.surface) < MIN_SHAPE_CONTRAST
    for ground in ("ground", "surface", "raised", "selection"):
        assert contrast(tokens.quiet, getattr(tokens, ground)) >= MIN_SHAPE_CONTRAST


BOXES = {
    "line": QLineEdit,
    "text": QPlainTextEdit,
    "combo": QComboBox,
    "spin": QSpinBox,
    "check": CheckBox,
    "radio": QRadioButton,
    "menu": QMenu,
}
"""What is known by its border: fields, boxes that are not checked, popups."""


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize("kind", BOXES)
def test_the_border_of_fields_unchecked_boxes_and_popups_stands_out(qtbot, mode, kind):
    current_theme().set_mode(mode)
    around = QFrame()
    around.setProperty("panel", "surface")
    box = BOXES[kind](around)
    qtbot.addWidget(around)
    if isinstance(box, QMenu):
        box.addAction("Open")
    around.resize(200, 80)
    box.ensurePolished()
    box.setGeometry(10, 10, 160, 24 if kind != "menu" else box.sizeHint().height())
    image = (box if isinstance(box, QMenu) else around).grab().toImage()
    ratio = image.devicePixelRatio()
    middle = round(image.height() / 2 if isinstance(box, QMenu) else (10 + box.height() / 2) * ratio)
    end = round((6 if isinstance(box, QMenu) else 34) * ratio)
    row = [image.pixelColor(x, middle).name() for x in range(end)]
    ground = current_theme().tokens.surface
    assert max(contrast(colour, ground) for colour in row) >= MIN_SHAPE_CONTRAST
    border = current_theme().tokens.border
    for beside in ("ground", "surface", "raised"):
        assert contrast(border, getattr(current_theme().tokens, beside)) >= MIN_SHAPE_CONTRAST


def test_a_button_that_was_reached_by_tab_has_one_frame(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    first, button = QPushButton("First"), QPushButton()
    layout.addWidget(first)
    layout.addWidget(button)
    window.resize(240, 100)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert button.hasFocus()
    image = button.grab().toImage()
    row = [image.pixelColor(x, image.height() // 2).name() for x in range(4, image.width() - 4)]
    assert set(row) == {current_theme().tokens.raised.lower()}


def test_contrast_agrees_with_published_values():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#FF0000", "#FFFFFF") == pytest.approx(4.0, abs=0.005)
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"


def test_the_tokens_are_those_of_the_design():
    assert (DARK.ground, DARK.surface, DARK.raised, DARK.line) == ("#17181B", "#1F2124", "#282B30", "#34383F")
    assert (DARK.text, DARK.quiet, DARK.accent) == ("#E6E8EB", "#9AA1AB", "#5AA9FF")
    assert (LIGHT.ground, LIGHT.surface, LIGHT.raised, LIGHT.line) == (
        "#F4F5F7",
        "#FFFFFF",
        "#FFFFFF",
        "#D8DCE2",
    )
    assert (LIGHT.text, LIGHT.quiet, LIGHT.accent) == ("#1B1E23", "#5B636E", "#1769D1")
    assert [(t.yes, t.no) for t in (DARK, LIGHT)] == [("#3FB68B", "#E5707E"), ("#16805A", "#B8323F")]
    bands = [(t.head, t.medium, t.tail) for t in (DARK, LIGHT)]
    assert bands == [("#4477AA", "#CCBB44", "#D47FC0"), ("#4477AA", "#CCBB44", "#AA3377")]


# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
BLINDNESS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def seen(colour, matrix):
    """sRGB, 0 to 255, as a person with this colour blindness sees it."""
    linear = [((value / 255 + 0.055) / 1.055) ** 2.4 for value in channels(colour)]
    mixed = [min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in matrix]
    return [255 * (1.055 * value ** (1 / 2.4) - 0.055) for value in mixed]


@SCHEMES
@pytest.mark.parametrize("matrix", BLINDNESS.values(), ids=BLINDNESS)
def test_bands_are_told_apart_whatever_colours_a_person_sees_and_tail_is_not_the_red_of_no(tokens, matrix):
    colours = [seen(one, matrix) for one in (tokens.head, tokens.medium, tokens.tail)]
    for first, second in itertools.combinations(colours, 2):
        assert math.dist(first, second) > 40
    red, tail = (
        colorsys.rgb_to_hls(*(c / 255 for c in channels(one)))[0] for one in (tokens.no, tokens.tail)
    )
    assert min(abs(red - tail), 1 - abs(red - tail)) > 0.06


@SCHEMES
def test_tail_and_head_stand_out_from_every_background(tokens):
    for ground in ("ground", "surface", "raised"):
        assert contrast(tokens.tail, getattr(tokens, ground)) >= MIN_SHAPE_CONTRAST
        assert contrast(tokens.head, getattr(tokens, ground)) >= MIN_SHAPE_CONTRAST


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_any_colour_of_a_category_has_an_ink_that_can_be_read_on_it(rgb):
    colour = "#{:02X}{:02X}{:02X}".format(*rgb)
    assert contrast(ink_on(colour), colour) >= MIN_TEXT_CONTRAST


def test_switching_changes_palette_and_style_sheet_and_signals_once(qtbot):
    theme = current_theme()
    seen = []
    theme.changed.connect(lambda: seen.append(theme.tokens.dark))
    theme.set_mode(Mode.DARK)
    theme.set_mode(Mode.DARK)
    assert seen == [True]
    assert QApplication.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.ground
    assert DARK.accent in QApplication.instance().styleSheet()
    assert LIGHT.accent not in QApplication.instance().styleSheet()
    assert theme.colour("text") == QColor(DARK.text)


def test_the_system_mode_follows_the_system_while_it_runs(qtbot, monkeypatch):
    theme = current_theme()
    scheme = [Qt.ColorScheme.Dark]
    monkeypatch.setattr(module, "system_scheme", lambda hints: scheme[0])
    theme.set_mode(Mode.SYSTEM)
    assert theme.tokens is DARK
    scheme[0] = Qt.ColorScheme.Light
    QApplication.styleHints().colorSchemeChanged.emit(scheme[0])
    assert theme.tokens is LIGHT
    scheme[0] = Qt.ColorScheme.Unknown
    QApplication.styleHints().colorSchemeChanged.emit(scheme[0])
    assert theme.tokens is LIGHT
    theme.set_mode(Mode.LIGHT)
    scheme[0] = Qt.ColorScheme.Dark
    QApplication.styleHints().colorSchemeChanged.emit(scheme[0])
    assert theme.tokens is LIGHT


def test_sizes_keep_their_proportion_to_the_systems_font(qtbot):
    theme = current_theme()
    small, body, large, title = (theme.font(size).pixelSize() for size in TypeSize)
    assert body == pytest.approx(13 * theme.scale, abs=0.51)
    assert [small, large, title] == [pytest.approx(size * theme.scale, abs=0.51) for size in (12, 15, 20)]


def test_a_system_font_of_twice_the_size_doubles_texts_and_controls(qtbot):
    theme = current_theme()
    before = theme.pixels(TypeSize.TITLE)
    button = QPushButton("Review 40")
    qtbot.addWidget(button)
    button.ensurePolished()
    height = button.sizeHint().height()
    seen = []
    theme.changed.connect(lambda: seen.append(True))
    font = QApplication.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    QApplication.setFont(font)
    assert seen
    assert theme.pixels(TypeSize.TITLE) == pytest.approx(2 * before, abs=1)
    button.ensurePolished()
    assert button.sizeHint().height() > 1.5 * height


def test_the_text_size_is_a_share_of_the_systems_font_and_back_at_100_percent_it_is_that_font(qtbot):
    theme, font = current_theme(), QApplication.font()
    before = theme.pixels(TypeSize.TITLE)
    theme.set_text_size(200)
    theme.set_text_size(150)
    assert theme.pixels(TypeSize.TITLE) == pytest.approx(1.5 * before, abs=1)
    theme.set_text_size(100)
    assert theme.pixels(TypeSize.TITLE) == before
    assert QApplication.font() == font


def test_numbers_have_digits_of_one_width(qtbot):
    font = current_theme().font(tabular=True)
    metrics = QFontMetrics(font)
    assert len({metrics.horizontalAdvance(digit * 4) for digit in "0123456789"}) == 1
    assert [tag.toString().data() for tag in font.featureTags()] == [b"tnum"]


def test_motion_is_short_and_off_when_the_system_or_the_person_asks(qtbot, monkeypatch):
    theme = current_theme()
    theme.set_reduce_motion(True)
    assert theme.motion == 0
    theme.set_reduce_motion(None)
    monkeypatch.setattr(module, "_system_reduces_motion", lambda hints: False)
    assert theme.motion == MOTION_MS == 120
    monkeypatch.setattr(module, "_system_reduces_motion", lambda hints: True)
    assert theme.motion == 0
    theme.set_reduce_motion(False)
    assert theme.motion == MOTION_MS


def test_a_desktop_without_effects_reduces_motion(qtbot):
    hints = QApplication.styleHints()
    was = QApplication.isEffectEnabled(Qt.UIEffect.UI_General)
    try:
        QApplication.setEffectEnabled(Qt.UIEffect.UI_General, False)
        assert module._system_reduces_motion(hints)
    finally:
        QApplication.setEffectEnabled(Qt.UIEffect.UI_General, was)


def drawn(name):
    image = QImage(48, 48, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    draw_icon(painter, name, QRectF(8, 8, 32, 32), QColor("#FF0000"))
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(48, 48, 4).copy()


def test_every_icon_draws_something_in_the_asked_colour_and_stays_inside(qtbot):
    for name in ICONS:
        pixels = drawn(name)
        solid = pixels[pixels[..., 3] > 200]
        assert len(solid) > 10, name
        assert (solid[:, :3] == [0, 0, 255]).all(), name
        pixels[7:41, 7:41] = 0
        assert not pixels.any(), name


def test_an_icon_knows_a_faded_form_for_what_cannot_be_used(qtbot):
    made = icon("undo")
    normal = made.pixmap(24, 24, QIcon.Mode.Normal).toImage()
    disabled = made.pixmap(24, 24, QIcon.Mode.Disabled).toImage()
    assert normal != disabled


def test_qts_own_widgets_take_the_style_sheet_without_a_warning(qtbot, qtlog):
    for mode in (Mode.DARK, Mode.LIGHT):
        current_theme().set_mode(mode)
        for widget in (QPushButton("a"), QLineEdit("b"), QMenu("c")):
            qtbot.addWidget(widget)
            widget.grab()
    assert [record.message for record in qtlog.records if "style" in record.message.lower()] == []

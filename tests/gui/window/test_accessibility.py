# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""The window by keyboard and for screen readers: names, roles, focus order, on every place and panel."""

import gc
import inspect
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
import shiboken6
from clipping import clipped
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)
from review_fixtures import folder, indexed, make, opened
from screens import everything, label_something
from window_fixtures import PATIENCE, press, settle

from app import gui
from app.gui.theme import theme
from app.gui.widgets.accessible import ATTRIBUTE, install_painted_widgets
from app.gui.widgets.band_glyph import BandGlyph
from app.gui.widgets.label_chip import LabelChip

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    LabelChip,
)
NO_TAB = Qt.FocusPolicy.NoFocus


def visible(window):
    """What a person can reach now: what is in the open panel, or else everything."""
    panel = next((one for one in window.commands.panels._overlays.values() if one.isVisible()), None)
    return [one for one in (panel or window).findChildren(QWidget) if one.isVisible() and one.isEnabled()]


def part_of_another(widget):
    """Qt's own parts: the line of a spin box, the buttons of a line, the view of a combo box."""
    whole = QAbstractSpinBox | QComboBox | QLineEdit | QTabBar | QAbstractItemView
    named = widget.objectName().startswith("qt_")
    return named or isinstance(widget, QScrollBar) or isinstance(widget.parentWidget(), whole)


def interactive(window):
    return [
        one
        for one in visible(window)
        if (isinstance(one, INTERACTIVE) or one.focusPolicy() != NO_TAB)
        and one.focusProxy() is None
        and not part_of_another(one)
    ]


def name_of(widget):
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name).strip() if found is not None else ""


def described(widget):
    return f"{type(widget).__name__} {widget.accessibleName() or getattr(widget, 'text', str)()!r}"


MOST_LINKS = 60


def tab_stops(window):
    """What Tab reaches, in order, from where the focus is until it is there again."""
    seen, now = [], window.focusWidget()
    while now is not None and now not in seen and len(seen) < 400:
        seen.append(now)
        before = now
        for _ in range(MOST_LINKS):  # in a text with links Tab goes to each of them first
            QTest.keyClick(now, Qt.Key.Key_Tab)
            now = window.focusWidget()
            if now is not before:
                break
    return seen


def jumps_back(window, stops):
    """Pairs of stops whose second is above the first in the same column: the order does not follow the page.

    From the last to the first there is one such pair.
    """
    found = []
    # What is scrolled away lies behind other parts of the page.
    stops = [one for one in stops if not one.visibleRegion().isEmpty()]
    for one, two in zip(stops, [*stops[1:], *stops[:1]], strict=True):
        first, second = (QRect(w.mapTo(window, QPoint(0, 0)), w.size()) for w in (one, two))
        same_column = first.left() < second.right() and second.left() < first.right()
        if second.bottom() <= first.top() and same_column:
            found.append(f"{described(one)} -> {described(two)}")
    return found if len(found) > 1 else []


@pytest.mark.slow
def test_every_place_and_panel_has_names_and_is_reached_by_tab_in_order(qtbot, opened):
    window = opened()
    window.resize(1440, 900)
    label_something(qtbot, window)
    problems = {}
    for screen in everything(qtbot, window):
        found = [f"no name: {described(one)}" for one in interactive(window) if not name_of(one)]
        stops = tab_stops(window)
        reached = set(stops) | {one.focusProxy() for one in stops}
        for one in interactive(window):
            takes = one.focusPolicy() & Qt.FocusPolicy.TabFocus
            if takes and one not in reached:
                found.append(f"not reached by Tab: {described(one)}")
            if isinstance(one, QAbstractButton) and not takes and not reached_otherwise(one):
                found.append(f"by mouse only: {described(one)}")
        found += [f"order: {one}" for one in jumps_back(window, stops)]
        if found:
            problems[screen] = found
    assert problems == {}


def reached_otherwise(button):
    """By the arrow keys of a group: the rail, tabs, radio buttons."""
    above = button.parentWidget()
    return type(above).__name__ == "Rail" or button.group() is not None or button.autoExclusive()


def painted_classes():
    """All classes of the window that paint themselves and are no widgets that Qt describes."""
    found = []
    for module in walk_packages([str(Path(gui.__file__).parent)], "app.gui."):
        for _, one in inspect.getmembers(import_module(module.name), inspect.isclass):
            known = (QAbstractButton, QAbstractItemView, QLabel, QLineEdit)
            own = one.__module__ == module.name and "paintEvent" in vars(one)
            if own and issubclass(one, QWidget) and not issubclass(one, known):
                found.append(one)
    return found


def test_every_painted_widget_has_a_role():
    classes = painted_classes()
    assert len(classes) > 12
    assert [one.__name__ for one in classes if not hasattr(one, ATTRIBUTE)] == []


def reads(widget):
    """Role, name, and value or description of a widget, as a screen reader gets them."""
    found = QAccessible.queryAccessibleInterface(widget)
    return found.role(), found.text(QAccessible.Text.Name), found.text(QAccessible.Text.Value)


def test_the_current_image_suggestion_and_card_are_read_out(qtbot, opened):
    window = opened()
    library, review = window.workspace.library, window.workspace.review
    library.gallery.select(2)
    settle(qtbot, window)
    qtbot.waitUntil(lambda: bool(library.inspector.suggestions.rows()), timeout=PATIENCE)
    role, name, value = reads(library.gallery)
    assert (role, name) == (QAccessible.Role.List, "Images")
    assert value.startswith("Image 3 of 23")
    rows = library.inspector.suggestions.rows()
    listed = QAccessible.queryAccessibleInterface(library.inspector.suggestions)
    assert listed.role() == QAccessible.Role.List
    assert listed.childCount() == len(rows)
    first = listed.child(0)
    assert first.role() == QAccessible.Role.ListItem
    assert first.text(QAccessible.Text.Name) == rows[0].accessibleName()
    chosen = [listed.child(place).state().selected for place in range(listed.childCount())]
    assert chosen == [int(row.is_highlighted) for row in rows]
    assert sum(chosen) == 1
    assert listed.indexOfChild(first) == 0
    window.workspace.show_review()
    review.begin(window.session.info.categories[0].id)
    grid = review.round_view.grid
    qtbot.waitUntil(lambda: grid.count() > 2, timeout=PATIENCE)
    settle(qtbot, window)
    before = reads(grid)
    press(qtbot, window, Qt.Key.Key_Right)
    after = reads(grid)
    assert before[0] == QAccessible.Role.List
    assert before[2] != after[2]
    assert "2" in after[2].split(",")[0]
    review.show_board()
    settle(qtbot, window)
    assert reads(review.board.strip)[:2] == (QAccessible.Role.Chart, "Yes labels of 3 categories")


def test_an_interface_lives_as_long_as_its_widget(qtbot):
    install_painted_widgets()
    for _ in range(50):
        holder = QWidget()
        glyph = BandGlyph(None, holder)
        assert QAccessible.queryAccessibleInterface(glyph).isValid()
        shiboken6.delete(holder)
    gc.collect()


@pytest.mark.slow
@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("size", [(900, 600), (1440, 900)])
def test_nothing_is_cut_off_on_any_place_or_panel(qtbot, opened, size, percent):
    theme().set_text_size(percent)
    window = opened()
    window.resize(*size)
    label_something(qtbot, window)
    problems = {}
    for screen in everything(qtbot, window):
        qtbot.wait(40)
        assert (window.width(), window.height()) == size, screen
        if cut := clipped(window):
            problems[screen] = cut
    assert problems == {}

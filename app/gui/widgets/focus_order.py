"""Tab follows the layouts, not the order in which widgets were made."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QLayout,
    QRadioButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QWidget,
)


def move_focus(root: QWidget, *, forward: bool) -> bool:
    """Focus the next stop inside ``root``, or the first after the last. False if there is none."""
    stops = tab_stops(root)
    if not stops:
        return False
    now: QWidget | None = root.window().focusWidget()
    while now is not None and now not in stops:
        now = now.parentWidget()  # a part of a stop, such as the line of a spin box, or what is no stop
    at = stops.index(now) if now in stops else -1 if forward else 0
    stop = stops[(at + (1 if forward else -1)) % len(stops)]
    stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    _scroll_to(stop)
    return True


def tab_stops(root: QWidget) -> list[QWidget]:
    """What Tab reaches inside ``root``, in reading order. Of radio buttons in a group, the chosen one."""
    return [one for one in _inside(root) if _stops_at(one)]


def _inside(widget: QWidget) -> Iterator[QWidget]:
    for one in _parts(widget):
        if not one.isWindow() and not one.isHidden():
            yield one
            yield from _inside(one)


def _stops_at(widget: QWidget) -> bool:
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    if not (takes and widget.isVisible() and widget.isEnabled()):
        return False
    group = widget.group() if isinstance(widget, QRadioButton) else None
    chosen = None if group is None else group.checkedButton()
    return chosen is None or chosen is widget or not (chosen.isVisible() and chosen.isEnabled())


def _parts(widget: QWidget) -> list[QWidget]:
    parts: list[QWidget | None]
    if isinstance(widget, QTabWidget):
        parts = [widget.tabBar(), widget.currentWidget()]
    elif isinstance(widget, QStackedWidget):
        parts = [widget.currentWidget()]
    elif isinstance(widget, QScrollArea):
        parts = [widget.widget()]
    elif isinstance(widget, QSplitter):
        parts = [widget.widget(place) for place in range(widget.count())]
    else:
        layout = widget.layout()
        arranged = [] if layout is None else list(_arranged(layout))
        children = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        known = set(arranged)
        parts = [*arranged, *(one for one in children if one not in known)]
    return [one for one in parts if one is not None]


def _arranged(layout: QLayout) -> Iterator[QWidget]:
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        places.sort(key=lambda place: layout.getItemPosition(place)[:2])  # type: ignore[index]
    for place in places:
        item = layout.itemAt(place)
        within, widget = (None, None) if item is None else (item.layout(), item.widget())
        if within is not None:
            yield from _arranged(within)
        elif widget is not None:
            yield widget


def _scroll_to(stop: QWidget) -> None:
    above = stop.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(stop)
        above = above.parentWidget()

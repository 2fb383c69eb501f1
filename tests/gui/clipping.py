"""Finds what a window shows but cuts off."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from app.gui.widgets.key_cap import KeyCap
from app.gui.widgets.text import ElidedText

CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit)


def clipped(window: QWidget) -> list[str]:
    """Buttons outside the window or their scroll area, and texts with less room than they need.

    What gives way in the middle, and what can be scrolled to, is not cut off.
    """
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        if _scrolled(widget, window):
            place.moveTop(0)
            place.setHeight(1)
        if isinstance(widget, QScrollArea) and widget.widget() is not None:
            wide, room = widget.widget().width(), widget.viewport().width()
            if widget.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff and wide > room:
                found.append(f"content of {_inside(widget)}: {room} of {wide} pixels wide")
        if isinstance(widget, QPushButton | QLabel) and not window.rect().contains(place):
            found.append(f"{_name(widget)} lies outside: {place.getRect()} of {window.rect().getRect()}")
        if isinstance(widget, ElidedText | KeyCap) and widget.height() < widget.sizeHint().height():
            found.append(f"{_name(widget)}: {widget.height()} of {widget.sizeHint().height()} pixels high")
        elif isinstance(widget, QLabel) and widget.text():
            found += _cut(widget)
        if isinstance(widget, CONTROLS) and not widget.objectName().startswith("qt_"):
            found += _squeezed(widget)
        if isinstance(widget, QPushButton) and widget.text() and type(widget) is QPushButton:
            needed = QFontMetrics(widget.font()).horizontalAdvance(widget.text().replace("&&", "&"))
            if widget.width() < needed:
                found.append(f"{_name(widget)}: {widget.width()} of {needed} pixels")
    return found


def _squeezed(control: QWidget) -> list[str]:
    """A control that is smaller than it says it must be, and no part of another one."""
    if isinstance(control.parentWidget(), QAbstractSpinBox | QComboBox | QLineEdit):
        return []
    least, has = control.minimumSizeHint(), control.size()
    if control.hasHeightForWidth():
        least.setHeight(control.heightForWidth(has.width()))
    if has.height() < least.height() or (has.width() < least.width() and not isinstance(control, QLineEdit)):
        return [f"{_name(control)}: {has.toTuple()} of {least.toTuple()} pixels"]
    return []


def _cut(label: QLabel) -> list[str]:
    width = label.contentsRect().width()
    needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
    found = []
    if label.height() < needed:
        found.append(f"{_name(label)}: {label.height()} of {needed} pixels high")
    if not label.wordWrap() and width < QFontMetrics(label.font()).horizontalAdvance(label.text()):
        found.append(f"{_name(label)}: too narrow")
    return found


def _scrolled(widget: QWidget, window: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _inside(area: QScrollArea) -> str:
    parent = area.parentWidget()
    return type(area if parent is None else parent).__name__


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else widget.accessibleName()
    return f"{type(widget).__name__} {text[:40]!r}"

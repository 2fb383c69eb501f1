"""What screen readers say of painted widgets: their role, and the value that is current in them.

A class of painted widgets has ``ACCESSIBLE_ROLE``, and may have ``accessible_state(state)``, which adds to
the state. Name and description are those of the widget; the description says what is current in it, and is
its value too (app/gui/gallery/announcing.py).
"""

from typing import Any, Final

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QWidget

ATTRIBUTE: Final = "ACCESSIBLE_ROLE"
_made: list["_Painted"] = []
_installed: list[bool] = []


def install_painted_widgets() -> None:
    """Once for the application, before the first widget is shown. Idempotent."""
    if not _installed and hasattr(QAccessible, "installFactory"):
        QAccessible.installFactory(_interface_of)
        _installed.append(True)


def _interface_of(name: str, thing: QObject) -> "_Painted | None":
    """Qt asks for each class of an object, the most derived one first, and owns what it gets."""
    if type(thing).__name__ != name or not isinstance(thing, QWidget) or not hasattr(thing, ATTRIBUTE):
        return None
    _made[:] = [one for one in _made if shiboken6.isValid(one)]
    _made.append(_Painted(thing))  # Python must not delete it before Qt does
    return _made[-1]


class _Painted(QAccessibleInterface):
    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget: Any = widget

    def isValid(self) -> bool:
        return shiboken6.isValid(self._widget)

    def object(self) -> QObject:
        return self._widget  # type: ignore[no-any-return]

    def window(self) -> QWindow | None:  # type: ignore[override]  # as in Qt
        return self._widget.window().windowHandle()  # type: ignore[no-any-return]

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        above = self._widget.parentWidget()
        return None if above is None else QAccessible.queryAccessibleInterface(above)

    def role(self) -> QAccessible.Role:
        return getattr(self._widget, ATTRIBUTE)  # type: ignore[no-any-return]

    def text(self, kind: QAccessible.Text) -> str:
        widget = self._widget
        if kind == QAccessible.Text.Name:
            return str(widget.accessibleName())
        if kind == QAccessible.Text.Description:
            return str(widget.accessibleDescription() or widget.toolTip())
        if kind == QAccessible.Text.Value:
            return str(widget.accessibleDescription())
        return ""

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        """The texts are the widget's own."""

    def rect(self) -> QRect:
        widget = self._widget
        return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size()) if widget.isVisible() else QRect()

    def state(self) -> QAccessible.State:
        widget, state = self._widget, QAccessible.State()
        state.focusable = int(widget.focusPolicy() != Qt.FocusPolicy.NoFocus)
        state.focused = int(widget.hasFocus())
        state.invisible = int(not widget.isVisible())
        state.disabled = int(not widget.isEnabled())
        if hasattr(widget, "accessible_state"):
            widget.accessible_state(state)
        return state

    def _children(self) -> list[QWidget]:
        found = self._widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [one for one in found if not one.isWindow() and one.isVisible()]

    def childCount(self) -> int:
        return len(self._children())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        children = self._children()
        if not 0 <= index < len(children):
            return None
        return QAccessible.queryAccessibleInterface(children[index])

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        for one in self._children():
            if QRect(one.mapToGlobal(QPoint(0, 0)), one.size()).contains(x, y):
                return QAccessible.queryAccessibleInterface(one)
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        thing, children = child.object(), self._children()
        return children.index(thing) if isinstance(thing, QWidget) and thing in children else -1

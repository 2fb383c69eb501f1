"""A panel over the window: help, commands, preferences."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.gui.theme import theme
from app.gui.theme.tokens import SPACE_L, SPACE_XL
from app.gui.widgets.focus_order import move_focus
from app.gui.widgets.pressing import press_with_enter

_VEIL: Final = 0.62


class Overlay(QWidget):
    """Shows ``content`` centred over ``window``.

    Esc or a click beside it closes it and restores the focus. Tab stays inside.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.Dialog
    closed = Signal()

    def __init__(self, window: QWidget, content: QWidget, width: int, height: int) -> None:
        """``width`` and ``height``: at most, in pixels for a 13 pixel font."""
        super().__init__(window)
        self._content, self._size = content, (width, height)
        self._before: QWidget | None = None
        self.panel = QFrame(self)
        self.panel.setProperty("panel", "overlay")
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.addWidget(content)
        self.setAccessibleName(content.accessibleName())
        window.installEventFilter(self)
        theme().changed.connect(self._place)
        self.hide()

    @Slot()
    def open(self) -> None:
        """Show it; its content takes the focus."""
        if self.isHidden():
            self._before = self.window().focusWidget()
        self._place()
        self.show()
        self.raise_()
        self._content.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def shut(self) -> None:
        if self.isHidden():
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        focus = self.window().focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            focus.clearFocus()  # else keys would still be taken for those of the panel
        self.closed.emit()

    @Slot()
    def toggle(self) -> None:
        (self.open if self.isHidden() else self.shut)()

    @Slot()
    def _place(self) -> None:
        window = self.parentWidget() or self
        self.setGeometry(window.rect())
        width, height = (
            min(theme().pixels(most), have - 2 * SPACE_XL)
            for most, have in zip(self._size, (window.width(), window.height()), strict=True)
        )
        place = QRect(0, 0, max(1, width), max(1, height))
        place.moveCenter(window.rect().center())
        self.panel.setGeometry(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(theme().colour("ground") if theme().tokens.dark else theme().colour("text"))
        veil.setAlphaF(_VEIL if theme().tokens.dark else _VEIL / 2)
        painter.fillRect(self.rect(), veil)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.shut()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        else:
            press_with_enter(self.window(), event)
        # Nothing typed here is meant for the widgets behind.
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        return move_focus(self.panel, forward=forward)

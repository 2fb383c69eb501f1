"""Widgets side by side, wrapped into lines."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.theme.tokens import SPACE_XS


class FlowBox(QWidget):
    """Its height depends on its width; a widget wider than a line gets the whole line."""

    def __init__(self, widgets: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets = list(widgets)
        for widget in self._widgets:
            widget.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Show these widgets, in this order; the former ones are deleted unless they are among them."""
        for gone in self._widgets:
            if gone not in widgets:
                gone.hide()
                gone.deleteLater()
        self._widgets = list(widgets)
        for widget in self._widgets:
            widget.setParent(self)
            widget.show()
        self._arrange(self.width(), place=True)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(width, place=False)

    def sizeHint(self) -> QSize:
        hints = [widget.sizeHint() for widget in self._widgets]
        width = sum(hint.width() for hint in hints) + SPACE_XS * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSizeHint(self) -> QSize:
        # Narrower than a button is still usable: the button gets the whole width.
        height = self._arrange(self.width(), place=False)
        return QSize(60, height)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange(self.width(), place=True)
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width(), place=True)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _arrange(self, width: int, *, place: bool) -> int:
        """The height needed at this width."""
        x = y = line = 0
        for widget in self._widgets:
            if widget.isHidden():
                continue
            hint = widget.sizeHint()
            wide = min(hint.width(), width)
            if x > 0 and x + wide > width:
                x, y, line = 0, y + line + SPACE_XS, 0
            if place:
                widget.setGeometry(QRect(x, y, wide, hint.height()))
            x += wide + SPACE_XS
            line = max(line, hint.height())
        return y + line

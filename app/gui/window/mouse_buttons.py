"""The back and forward buttons of a mouse, wherever in the window they are pressed."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from app.gui.commands.actions import FrameActions
from app.gui.commands.focus import covered

_PRESSES: Final = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick})


class MouseButtons(QObject):
    """Filters the native window, since the widgets take every press for themselves."""

    def __init__(self, window: QWidget, frame: FrameActions) -> None:
        super().__init__(window)
        self._window = window
        self._actions = {
            Qt.MouseButton.BackButton: frame.action("back"),
            Qt.MouseButton.ForwardButton: frame.action("forward"),
        }
        self._watched: QObject | None = None

    def watch(self) -> None:
        """Call it when the window is shown: before, it has no native one. Idempotent."""
        handle = self._window.windowHandle()
        if handle is not self._watched:
            self._watched = handle
            handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _PRESSES and isinstance(event, QMouseEvent):
            action = self._actions.get(event.button())
            if action is not None:
                if action.isEnabled() and not covered(self._window.focusWidget()):
                    action.trigger()
                return True
        return super().eventFilter(watched, event)

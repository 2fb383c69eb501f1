"""Size and position of windows within the available area of their screen."""

from typing import Final

from PySide6.QtCore import QMargins, QRect, QSize
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

FRAME: Final = QMargins(8, 40, 8, 8)
"""Pixels for the window frame, whose real size is known only once the window is shown."""


def room_on(screen: QScreen | None) -> QRect:
    """The area for the content of a window on ``screen``, in pixels; null if all screens are off."""
    return QRect() if screen is None else screen.availableGeometry().marginsRemoved(FRAME)


def size_that_fits(wanted: QSize, room: QRect) -> QSize:
    """``wanted``, bounded by the room."""
    return wanted if room.isNull() else wanted.boundedTo(room.size())


def place_first(window: QWidget, wanted: QSize) -> None:
    """Centre a window that is not shown yet on its screen, as large as wanted or as fits."""
    room = room_on(window.screen())
    place = QRect(room.topLeft(), size_that_fits(wanted, room))
    if not room.isNull():
        place.moveCenter(room.center())
    window.setGeometry(place)


def pull_inside(popup: QWidget) -> None:
    """Move and shrink a frameless window that would be partly off its screen."""
    place = popup.geometry()
    screen = QGuiApplication.screenAt(place.center()) or popup.screen()
    room = screen.availableGeometry()
    fitting = QRect(place.topLeft(), size_that_fits(place.size(), room))
    fitting.moveLeft(max(room.left(), min(fitting.left(), room.right() + 1 - fitting.width())))
    fitting.moveTop(max(room.top(), min(fitting.top(), room.bottom() + 1 - fitting.height())))
    if fitting != place:
        popup.setGeometry(fitting)

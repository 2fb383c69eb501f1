"""How large a window may be, and where it may lie: inside what docks and panels leave of its screen."""

from typing import Final

from PySide6.QtCore import QMargins, QRect, QSize
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

FRAME: Final = QMargins(8, 40, 8, 8)
"""Pixels for the frame that the system draws round a window; its real size is known only once it shows."""


def room_on(screen: QScreen | None) -> QRect:
    """Where the content of a window may lie on ``screen``, in pixels.

    A null rectangle without a screen, as when all of them have been switched off.
    """
    return QRect() if screen is None else screen.availableGeometry().marginsRemoved(FRAME)


def size_that_fits(wanted: QSize, room: QRect) -> QSize:
    """``wanted``, or as much of it as there is room for."""
    return wanted if room.isNull() else wanted.boundedTo(room.size())


def place_first(window: QWidget, wanted: QSize) -> None:
    """Put a window that does not show yet in the middle of its screen, as large as wanted or as fits."""
    room = room_on(window.screen())
    place = QRect(room.topLeft(), size_that_fits(wanted, room))
    if not room.isNull():
        place.moveCenter(room.center())
    window.setGeometry(place)


def pull_inside(popup: QWidget) -> None:
    """Make a window without a frame smaller and move it, where a part of it would lie outside its screen."""
    place = popup.geometry()
    screen = QGuiApplication.screenAt(place.center()) or popup.screen()
    room = screen.availableGeometry()
    fitting = QRect(place.topLeft(), size_that_fits(place.size(), room))
    fitting.moveLeft(max(room.left(), min(fitting.left(), room.right() + 1 - fitting.width())))
    fitting.moveTop(max(room.top(), min(fitting.top(), room.bottom() + 1 - fitting.height())))
    if fitting != place:
        popup.setGeometry(fitting)

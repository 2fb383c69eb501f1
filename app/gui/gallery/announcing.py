"""What the grid says in words: to screen readers, which find no widgets in it, and in tooltips."""

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from app.gui.gallery.cells import CellInfo


def announce(widget: QWidget, text: str) -> None:
    """Make ``text`` the description of a widget and read it out where a screen reader runs."""
    if widget.accessibleDescription() == text:
        return
    widget.setAccessibleDescription(text)
    if not QAccessible.isActive():
        return
    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.DescriptionChanged))
    try:
        from PySide6.QtGui import QAccessibleAnnouncementEvent
    except ImportError:  # before Qt 6.8
        return
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def cell_words(position: int, count: int, info: CellInfo | None, *, chosen: bool) -> str:
    """``Image 2 of 40, serval.jpg, reviewed, selected``."""
    words = [f"Image {position + 1:,} of {count:,}", info.words() if info else ""]
    words.append("selected" if chosen else "not selected")
    return ", ".join(word for word in words if word)


def tip(info: CellInfo | None, reason: str | None) -> str:
    lines = [info.words() if info else "", f"Cannot be shown: {reason}." if reason else ""]
    return "\n".join(line for line in lines if line)

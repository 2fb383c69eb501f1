"""The texts of grid cells, for tooltips and for screen readers, which find no widgets in the grid."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from app.domain.language import number
from app.gui.gallery.cells import CellInfo, CellStack

translate = QCoreApplication.translate


def announce(widget: QWidget, text: str) -> None:
    """Make ``text`` the description of a widget, and let a screen reader read it out."""
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


def cell_words(
    position: int, count: int, info: CellInfo | None, *, selected: bool, stack: CellStack | None = None
) -> str:
    """``Image 2 of 40, serval.jpg, reviewed, selected``."""
    place = translate("GridCell", "Image {position} of {count}")
    parts = [place.format(position=number(position + 1), count=number(count)), info.words() if info else ""]
    parts.append(stack.words() if stack else "")
    parts.append(translate("GridCell", "selected") if selected else translate("GridCell", "not selected"))
    return ", ".join(part for part in parts if part)


def tooltip(info: CellInfo | None, reason: str | None, stack: CellStack | None = None) -> str:
    """What is known of the image, and why it cannot be shown."""
    lines = [info.words() if info else "", stack.words() if stack else ""]
    if reason:
        lines.append(translate("GridCell", "Cannot be shown: {reason}.").format(reason=reason))
    return "\n".join(line for line in lines if line)

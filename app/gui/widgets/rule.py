"""A thin line between two parts of the window."""

from PySide6.QtWidgets import QFrame


def rule(*, upright: bool = False) -> QFrame:
    line = QFrame()
    line.setProperty("panel", "line")
    line.setStyleSheet("QFrame { background: palette(mid); }")
    if upright:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line

"""Pages that scroll vertically, and panels that consist of one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from app.gui.theme.tokens import SPACE_M, SPACE_S


def scrolling(page: QWidget) -> QScrollArea:
    """An area without a frame; the page takes its width. It follows the focus and is no stop itself."""
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(page)
    return area


def scrolling_surface(page: QWidget) -> QScrollArea:
    """As scrolling(); the page has the colour of a panel."""
    page.setProperty("panel", "surface")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return scrolling(page)


def arrange_panel(
    panel: QWidget,
    head: Sequence[QWidget | QLayout],
    body: QVBoxLayout,
    words: QWidget | None,
    buttons: Sequence[QWidget],
    *,
    right: int = SPACE_S,
) -> None:
    """Lay out a panel: ``head`` above a page that scrolls; below it ``words``, which take the room that is
    left, and ``buttons``. ``body`` is the content of the page, ``right`` its distance from the scroll bar.
    """
    page = QWidget()
    body.setContentsMargins(0, 0, right, 0)
    body.addStretch(1)
    page.setLayout(body)
    foot = QHBoxLayout()
    foot.setSpacing(SPACE_S)
    if words is None:
        foot.addStretch(1)
    else:
        foot.addWidget(words, 1)
    for button in buttons:
        foot.addWidget(button)
    layout = QVBoxLayout(panel)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE_M)
    for one in head:
        if isinstance(one, QLayout):
            layout.addLayout(one)
        else:
            layout.addWidget(one)
    layout.addWidget(scrolling_surface(page), 1)
    layout.addLayout(foot)

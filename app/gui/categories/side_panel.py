"""What the panels beside the table have in common: a title, a body, and buttons below."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.scrolling import arrange_panel
from app.gui.widgets.text import Text


class SidePanel(QFrame):
    """Esc and Cancel leave it."""

    left = Signal()

    def __init__(self, title: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self.setAccessibleName(title)
        self.title = Text(title, TypeSize.TITLE)
        self.title.setWordWrap(True)
        self.problem = Text("", TypeSize.SMALL)
        self.problem.setWordWrap(True)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.left)
        self.act = QPushButton(action)
        self.act.setProperty("role", "primary")

    def arrange(self, parts: Sequence[QWidget]) -> None:
        content, body = QWidget(), QVBoxLayout()
        body.setSpacing(SPACE_M)
        for part in parts:
            body.addWidget(part)
        arrange_panel(content, [self.title], body, self.problem, [self.cancel, self.act], right=0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.addWidget(content)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

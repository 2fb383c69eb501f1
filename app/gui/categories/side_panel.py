"""What the panels beside the table have in common: a title, a body, and buttons below."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.scrolling import arrange_panel
from app.gui.widgets.text import Text

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession


class SidePanel(QFrame):
    """Esc and Cancel leave it."""

    left = Signal()

    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("panel", "surface")
        self.title = Text("", TypeSize.TITLE)
        self.title.setWordWrap(True)
        self.problem = Text("", TypeSize.SMALL)
        self.problem.setWordWrap(True)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.left)
        self.act = QPushButton()
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

    def _writable(self) -> bool:
        info = self._session.info
        return info is not None and not info.read_only

    def _show_error(self, error: BaseException) -> None:
        self._show_refusal(str(error))

    @Slot(str)
    def _show_refusal(self, sentence: str) -> None:
        self.problem.setText(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

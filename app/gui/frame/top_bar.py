"""The upper edge: the project's menu, the query bar, the jobs."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from app.gui.frame.query_bar import QueryBar
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.jobs import JobPill


class TopBar(QFrame):
    """Layout only; the window connects it."""

    start_page_wanted = Signal()
    indexing_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self.project = QToolButton()
        self.project.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.project.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.project.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.project.setAccessibleName("Project")
        self.menu = QMenu(self)
        self.index_action = QAction("Compute features for suggestions", self)
        self.index_action.triggered.connect(self.indexing_wanted)
        self.start_action = QAction("Start page", self)
        self.start_action.triggered.connect(self.start_page_wanted)
        self.menu.addActions([self.index_action, self.start_action])
        self.project.setMenu(self.menu)
        self.query = QueryBar()
        self.pill = JobPill()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.project)
        layout.addWidget(self.query, 1)
        layout.addWidget(self.pill)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_project(self, name: str, folder: str) -> None:
        metrics = self.project.fontMetrics()
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, theme().pixels(200))
        self.project.setText(shown.replace("&", "&&"))
        self.project.setToolTip(folder)

    @Slot()
    def _restyle(self) -> None:
        self.project.setFont(theme().font(TypeSize.LARGE, strong=True))
        side = theme().pixels(18)
        self.project.setIcon(icon("folder", "quiet"))
        self.project.setIconSize(QSize(side, side))

"""The top bar: project menu, view buttons, query bar, jobs."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from app.gui.library.sort_menu import SortButton
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.jobs import JobPill
from app.gui.widgets.key_cap import key_words
from app.gui.window.query_bar import QueryBar

_VIEWS_FROM = 560
_WORDS_FROM = 760


class TopBar(QFrame):
    """Layout only; the window connects it."""

    single_wanted = Signal(bool)
    """True: the single view, False: the grid."""
    filters_wanted = Signal()
    """The person wants the filters shown, or hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self._library = True
        self.project = QToolButton()
        self.project.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.project.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.project.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.project.setAccessibleName(self.tr("Project"))
        self.menu = QMenu(self)
        self.project.setMenu(self.menu)
        self.filters = QToolButton()
        self.filters.setAccessibleName(self.tr("Filters"))
        self.filters.setCheckable(True)
        self.filters.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.filters.clicked.connect(self.filters_wanted)
        self.grid, self.single = QToolButton(), QToolButton()
        self.grid.setAccessibleName(self.tr("Image grid"))
        self.single.setAccessibleName(self.tr("Single image"))
        for button in (self.grid, self.single):
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.grid.clicked.connect(lambda: self.single_wanted.emit(False))
        self.single.clicked.connect(lambda: self.single_wanted.emit(True))
        self.show_single(False)
        self.query = QueryBar()
        self.sort = SortButton()
        self.rest = QWidget()
        self.rest.hide()
        self.pill = JobPill()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.project)
        views = QHBoxLayout()
        views.setSpacing(2)
        views.addWidget(self.grid)
        views.addWidget(self.single)
        layout.addLayout(views)
        layout.addWidget(self.filters)
        layout.addWidget(self.query, 1)
        layout.addWidget(self.sort)
        layout.addWidget(self.rest, 1)
        layout.addWidget(self.pill)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_project(self, name: str, folder: str) -> None:
        metrics = self.project.fontMetrics()
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, theme().pixels(200))
        self.project.setText(shown.replace("&", "&&"))
        self.project.setToolTip(folder)

    @Slot(str)
    def set_query(self, text: str) -> None:
        """The query whose images are shown."""
        self.query.set_query(text)
        self.sort.set_query(text)

    def show_library(self, shown: bool) -> None:
        """Show what belongs to the images only while these are shown."""
        self._library = shown
        self.query.setVisible(shown)
        self.filters.setVisible(shown)
        self.sort.setVisible(shown)
        self.rest.setVisible(not shown)
        self._fit()

    @Slot(bool)
    def show_single(self, single: bool) -> None:
        """Mark the view that is shown."""
        self.grid.setChecked(not single)
        self.single.setChecked(single)

    def show_keys(self, grid: str, single: str, query: str, filters: str) -> None:
        """Show keys in the tooltips; they are given in Qt's portable form."""
        for widget, words, key in (
            (self.grid, self.tr("Image grid"), grid),
            (self.single, self.tr("Single image"), single),
            (self.query.edit, self.tr("Filter images"), query),
            (self.filters, self.tr("Show or hide the filters"), filters),
        ):
            widget.setToolTip(f"{words}  ({key_words(key)})" if key else words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the view buttons in a narrow window; keys and menu remain."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for button in (self.grid, self.single):
            button.setVisible(self._library and self.width() >= theme().pixels(_VIEWS_FROM))
        self.sort.narrow(self.width() < theme().pixels(_WORDS_FROM))

    @Slot()
    def _restyle(self) -> None:
        self.project.setFont(theme().font(TypeSize.LARGE, strong=True))
        side = theme().pixels(18)
        self.project.setIcon(icon("folder", "quiet"))
        self.project.setIconSize(QSize(side, side))
        for button, name in (
            (self.grid, "library"),
            (self.single, "image"),
            (self.filters, "filter"),
        ):
            button.setIcon(icon(name, side=side))
            button.setIconSize(QSize(side, side))

"""Where the window begins: recent projects, another folder, a new project, the demo."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.start.new_project import NewProjectForm
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from app.gui.widgets.jobs import JobItem, JobList
from app.gui.widgets.text import Text

_WIDTH: Final = 640
_PATH: Final = Qt.ItemDataRole.UserRole


class StartPage(QWidget):
    """Asks for a project. Long work that leads to one is shown below the buttons."""

    open_wanted = Signal(object)
    """A Path: a project folder, or an image folder that holds one."""
    create_wanted = Signal(object)
    """A NewProject."""
    demo_wanted = Signal()
    forget_wanted = Signal(object)
    cancel_requested = Signal(str)
    dismissed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Start")
        self.jobs = JobList()
        self.jobs.cancel_requested.connect(self.cancel_requested)
        self.jobs.dismissed.connect(self.dismissed)
        self.jobs.hide()
        self.problem = Text("", TypeSize.BODY)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.form = NewProjectForm()
        self.form.cancelled.connect(self.show_choices)
        self.form.accepted.connect(self.create_wanted)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_choices())
        self._pages.addWidget(self.form)
        column = QWidget()
        column.setMaximumWidth(theme().pixels(_WIDTH))
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        inner.setSpacing(SPACE_M)
        inner.addWidget(Text("Tailspotter", TypeSize.TITLE, strong=True))
        hint = Text("Label a collection with many tags; the rare ones included.", quiet=True)
        hint.setWordWrap(True)
        inner.addWidget(hint)
        inner.addWidget(self.problem)
        inner.addWidget(self._pages, 1)
        inner.addWidget(self.jobs)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(column, 8)
        row.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(centre)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _make_choices(self) -> QWidget:
        page = QWidget()
        self.new_button = QPushButton("New project…")
        self.new_button.setProperty("role", "primary")
        self.new_button.clicked.connect(self.show_form)
        self.open_button = QPushButton("Open a project…")
        self.open_button.clicked.connect(self._browse)
        self.demo_button = QPushButton("Try the demo")
        self.demo_button.setToolTip("A generated collection with suggestions at work; needs no network")
        self.demo_button.clicked.connect(self.demo_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        for button in (self.new_button, self.open_button, self.demo_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.recent_title = Text("Recent projects", TypeSize.LARGE)
        self.recent = QListWidget()
        self.recent.setAccessibleName("Recent projects")
        self.recent.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.recent.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.recent.itemActivated.connect(self._open_item)
        self.recent.itemClicked.connect(self._open_item)
        self.nothing = Text("Projects that you open are listed here.", quiet=True)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, SPACE_M, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(buttons)
        layout.addSpacing(SPACE_L)
        layout.addWidget(self.recent_title)
        layout.addWidget(self.nothing)
        layout.addWidget(self.recent, 10)
        layout.addStretch(1)
        return page

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(720), theme().pixels(520))

    # --- what is shown

    def set_recent(self, folders: Sequence[Path]) -> None:
        """The projects to choose from; one whose folder is not there now is told apart in words."""
        self.recent.clear()
        for folder in folders:
            name = folder.parent.name if folder.name == ".tailspotter" else folder.name
            there = folder.exists()
            item = QListWidgetItem(f"{name}\n{folder}" + ("" if there else "   (not there now)"))
            item.setData(_PATH, folder)
            item.setToolTip(str(folder))
            self.recent.addItem(item)
        self.recent.setVisible(bool(folders))
        self.nothing.setVisible(not folders)
        self._restyle()
        if folders:
            self.recent.setCurrentRow(0)

    def show_problem(self, sentence: str) -> None:
        """Why a project could not be opened or made; empty: all is well."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def set_jobs(self, jobs: Sequence[JobItem]) -> None:
        self.jobs.set_jobs(jobs)
        self.jobs.setVisible(bool(jobs))
        busy = any(job.state.going_on for job in jobs)
        for button in (self.new_button, self.open_button, self.demo_button, self.form.create):
            button.setEnabled(not busy)
        self.form.check()

    @Slot()
    def show_choices(self) -> None:
        self._pages.setCurrentIndex(0)
        self.new_button.setFocus()

    @Slot()
    def show_form(self) -> None:
        self.show_problem("")
        self._pages.setCurrentWidget(self.form)
        self.form.images.setFocus()

    @Slot()
    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Open a project, or an image folder that holds one")
        if chosen:
            self.open_wanted.emit(Path(chosen))

    @Slot(QListWidgetItem)
    def _open_item(self, item: QListWidgetItem) -> None:
        folder = item.data(_PATH)
        if folder.exists():
            self.open_wanted.emit(folder)
        else:
            self.show_problem(f"{folder} is not there now: attach its disk, or open it in its new place.")

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(24)
        self.recent.setIconSize(QSize(side, side))
        for row in range(self.recent.count()):
            self.recent.item(row).setIcon(icon("folder", "quiet"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.recent if self.recent.count() else self.new_button).setFocus()

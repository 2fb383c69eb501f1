"""Where the window begins: what this program is, three ways to start, the projects that were open lately."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.start.choices import ChoiceCard, Choices
from app.gui.start.new_project import NewProjectForm
from app.gui.start.recent_list import RecentList
from app.gui.start.steps import Steps
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import RADIUS, SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from app.gui.widgets.banner import Banner
from app.gui.widgets.jobs import JobItem, JobList
from app.gui.widgets.text import Text
from app.jobs.recent_projects import ProjectCard

_WIDTH: Final = 860
_PURPOSE: Final = "Label images with many tags; a model helps, and learns the rare ones too."
_STEPS: Final = (
    ("A folder of images", "Your files stay where they are and are never changed."),
    ("Computed once", "The features of the images, on this computer; labelling can begin meanwhile."),
    ("Decide by keys", "Y or N to what is suggested, T for a new tag, Space for the next image."),
)


class StartPage(QWidget):
    """Asks for a project. Long work that leads to one is shown below the choices."""

    open_wanted = Signal(object)
    """A Path: a project folder, or an image folder that holds one."""
    create_wanted = Signal(object)
    """A NewProject."""
    demo_wanted = Signal()
    forget_wanted = Signal(object)
    """A Path that is to go off the list."""
    dropped = Signal(object)
    """A Path of a folder: nobody has looked yet what it is."""
    cancel_requested = Signal(str)
    dismissed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Start")
        self.setAcceptDrops(True)
        self._dragged = False
        self.jobs = JobList()
        self.jobs.cancel_requested.connect(self.cancel_requested)
        self.jobs.dismissed.connect(self.dismissed)
        self.jobs.hide()
        self.problem = Banner("warning")
        self.problem.dismissable()
        self.form = NewProjectForm()
        self.form.cancelled.connect(self.show_choices)
        self.form.accepted.connect(self.create_wanted)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_choices())
        self._pages.addWidget(self.form)
        self._arrange()

    def _arrange(self) -> None:
        column = self._column = QWidget()
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(SPACE_XL, 2 * SPACE_XL, SPACE_XL, SPACE_XL)
        inner.setSpacing(SPACE_M)
        inner.addWidget(Text("Tailspotter", TypeSize.TITLE, strong=True))
        purpose = Text(_PURPOSE, TypeSize.LARGE, quiet=True)
        purpose.setWordWrap(True)
        inner.addWidget(purpose)
        inner.addSpacing(SPACE_S)
        inner.addWidget(self.problem)
        inner.addWidget(self.jobs)
        inner.addWidget(self._pages, 1)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(column, 100)
        row.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setWidget(centre)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.scroll)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _make_choices(self) -> QWidget:
        page = QWidget()
        self.new_button = ChoiceCard(
            "New project", "Point it at a folder of images; they stay where they are.", "plus", primary=True
        )
        self.new_button.clicked.connect(self.show_form)
        self.open_button = ChoiceCard(
            "Open project", "A project folder, or an image folder that holds one.", "folder-open"
        )
        self.open_button.clicked.connect(self.browse)
        self.demo_button = ChoiceCard(
            "Try the demo", "A generated collection with suggestions at work; needs no network.", "suggestion"
        )
        self.demo_button.clicked.connect(self.demo_wanted)
        self.choices = Choices((self.new_button, self.open_button, self.demo_button))
        self.recent_title = Text("Recent projects", TypeSize.LARGE, strong=True)
        self.recent = RecentList()
        self.recent.open_wanted.connect(self.open_wanted)
        self.recent.gone_chosen.connect(self._tell_gone)
        self.recent.forget_wanted.connect(self.forget_wanted)
        self.steps = Steps(_STEPS)
        self.hint = Text("", quiet=True)
        self.hint.setWordWrap(True)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.choices)
        layout.addSpacing(SPACE_L)
        layout.addWidget(self.recent_title)
        layout.addWidget(self.recent)
        layout.addWidget(self.steps)
        layout.addSpacing(SPACE_S)
        layout.addWidget(self.hint)
        layout.addStretch(1)
        self.set_cards(())
        return page

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(720), theme().pixels(520))

    # --- what is shown

    def set_cards(self, cards: Sequence[ProjectCard]) -> None:
        """The projects to choose from; one that is not there now says so and can be taken off."""
        self.recent.set_cards(cards)
        for part in (self.recent, self.recent_title):
            part.setVisible(bool(cards))
        self.steps.setVisible(not cards)
        self.hint.setText(
            "You can also drop a folder on this page: a project is opened, images become a new project."
        )

    def set_keys(self, new: str, open_: str) -> None:
        self.new_button.set_key(new)
        self.open_button.set_key(open_)

    def show_problem(self, sentence: str) -> None:
        """Why a project could not be opened or made; empty: all is well."""
        self.problem.tell(sentence)

    def set_jobs(self, jobs: Sequence[JobItem]) -> None:
        self.jobs.set_jobs(jobs)
        self.jobs.setVisible(bool(jobs))
        busy = any(job.state.going_on for job in jobs)
        for button in (self.new_button, self.open_button, self.demo_button, self.form.create):
            button.setEnabled(not busy)
        self.form.check()

    @property
    def form_shown(self) -> bool:
        return self._pages.currentWidget() is self.form

    @Slot()
    def show_choices(self) -> None:
        self._pages.setCurrentIndex(0)
        self.focus_first()

    @Slot()
    def show_form(self, images: Path | None = None) -> None:
        self.show_problem("")
        if images:
            self.form.images.setText(str(images))
        self._pages.setCurrentWidget(self.form)
        (self.form.categories if images else self.form.images).setFocus()

    def focus_first(self) -> None:
        """The keyboard to the latest project, else to the way to a first one."""
        (next(iter(self.recent.rows()), None) or self.new_button).setFocus()

    @Slot()
    def browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Open a project, or an image folder that holds one")
        if chosen:
            self.open_wanted.emit(Path(chosen))

    @Slot(object)
    def _tell_gone(self, folder: Path) -> None:
        self.show_problem(f"{folder} is not there now: attach its disk, or open it in its new place.")

    @Slot()
    def _restyle(self) -> None:
        self._column.setMaximumWidth(theme().pixels(_WIDTH))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.form_shown:
            self.focus_first()

    # --- a folder that is dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _first_path(event) is not None and self.new_button.isEnabled():
            event.acceptProposedAction()
            self._show_dragged(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._show_dragged(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_dragged(False)
        path = _first_path(event)
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)

    def _show_dragged(self, dragged: bool) -> None:
        self._dragged = dragged
        self.scroll.setEnabled(not dragged)
        margin = SPACE_S if dragged else 0
        self.layout().setContentsMargins(margin, margin, margin, margin)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._dragged:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().colour("accent"), 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), RADIUS, RADIUS)
            painter.end()


def _first_path(event: QDropEvent) -> Path | None:
    """The first file or folder on this computer that the event carries."""
    local = (url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile())
    return next((Path(name) for name in local if name), None)

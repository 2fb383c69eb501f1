"""The first page of the window: three ways to start, and the recent projects."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
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
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from app.gui.widgets.banner import Banner
from app.gui.widgets.drop_hint import DropHint, take_as_copy
from app.gui.widgets.jobs import JobList
from app.gui.widgets.scrolling import scrolling
from app.gui.widgets.text import Text
from app.jobs.settings.recent_projects import ProjectCard, plain_card
from app.jobs.values.session import JobInfo
from app.jobs.work.model_list import ModelList

_WIDTH: Final = 860


class StartPage(QWidget):
    """Asks for a project. Jobs that create one are shown above the choices."""

    open_wanted = Signal(object)
    """A Path: a project folder, or an image folder that contains one."""
    create_wanted = Signal(object)
    """A NewProject."""
    demo_wanted = Signal()
    forget_wanted = Signal(object)
    """A Path to remove from the list."""
    dropped = Signal(object)
    """The Path of a folder that may be a project or not; for each one of a drop."""
    cancel_requested = Signal(str)
    dismissed = Signal(str)

    def __init__(self, models: ModelList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Start"))
        self.setAcceptDrops(True)
        self.drop_hint = DropHint(self)
        self.jobs = JobList()
        self.jobs.cancel_requested.connect(self.cancel_requested)
        self.jobs.dismissed.connect(self.dismissed)
        self.jobs.hide()
        self.problem = Banner("warning")
        self.problem.dismissable()
        self.form = NewProjectForm(models)
        self.form.open_wanted.connect(self.open_wanted)
        self.form.accepted.connect(self.create_wanted)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_choices())
        self._pages.addWidget(self.form)
        self.opening = Text("", TypeSize.LARGE, quiet=True)
        self.opening.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages.addWidget(self.opening)
        self._arrange()

    def _arrange(self) -> None:
        column = self._column = QWidget()
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        inner.setSpacing(SPACE_M)
        inner.addWidget(Text("Tailspotter", TypeSize.TITLE, strong=True))
        purpose = Text(
            self.tr("Label images with many tags, helped by a model that learns the rare ones too."),
            TypeSize.LARGE,
            quiet=True,
        )
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
        self.scroll_area = scrolling(centre)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.scroll_area)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _make_choices(self) -> QWidget:
        page = QWidget()
        self.new_button = ChoiceCard(
            self.tr("New project"),
            self.tr("Start from a folder of images; they stay where they are."),
            "plus",
            primary=True,
        )
        self.new_button.clicked.connect(self.show_form)
        self.open_button = ChoiceCard(
            self.tr("Open project"),
            self.tr("A project folder, or an image folder that contains one."),
            "folder-open",
        )
        self.open_button.clicked.connect(self.browse)
        self.demo_button = ChoiceCard(
            self.tr("Try the demo"),
            self.tr("A generated collection with suggestions; needs no network."),
            "suggestion",
        )
        self.demo_button.clicked.connect(self.demo_wanted)
        self.choices = Choices((self.new_button, self.open_button, self.demo_button))
        self.recent_title = Text(self.tr("Recent projects"), TypeSize.LARGE, strong=True)
        self.recent = RecentList()
        self.recent.open_wanted.connect(self.open_wanted)
        self.recent.missing_chosen.connect(self._explain_missing)
        self.recent.forget_wanted.connect(self.forget_wanted)
        self.steps = Steps(self._steps())
        self.hint = Text(
            self.tr(
                "You can also drop a folder here: a project opens, a folder of images becomes a new project."
            ),
            quiet=True,
        )
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

    def _steps(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("A folder of images"), self.tr("Your files stay where they are and are never changed.")),
            (
                self.tr("Features, computed once"),
                self.tr("On this computer and in the background: you can start labelling right away."),
            ),
            (
                self.tr("Label with the keyboard"),
                self.tr("Y or N for each suggestion, T for a new tag, Shift+Enter when the image is done."),
            ),
        )

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(720), theme().pixels(520))

    # --- what is shown

    def set_cards(self, cards: Sequence[ProjectCard]) -> None:
        """The recent projects; the steps are shown where there are none."""
        self.recent.set_cards(cards)
        for part in (self.recent, self.recent_title):
            part.setVisible(bool(cards))
        self.steps.setVisible(not cards)

    def set_keys(self, new: str, open_: str) -> None:
        self.new_button.set_key(new)
        self.open_button.set_key(open_)

    def show_problem(self, sentence: str) -> None:
        """Why a project could not be opened or created; empty hides it."""
        self.problem.tell(sentence)

    def set_jobs(self, jobs: Sequence[JobInfo]) -> None:
        self.jobs.set_jobs(jobs)
        self.jobs.setVisible(bool(jobs))
        busy = any(job.state.active for job in jobs)
        for button in (self.new_button, self.open_button, self.demo_button):
            button.setEnabled(not busy)
        self.form.set_busy(busy)

    @property
    def form_shown(self) -> bool:
        return self._pages.currentWidget() is self.form

    def show_opening(self, folder: Path) -> None:
        """Nothing to choose while a project is being opened: a key press might open another one."""
        self.opening.setText(self.tr("Opening {project}…").format(project=plain_card(folder).name))
        self._pages.setCurrentWidget(self.opening)
        self.opening.setFocus()

    @Slot()
    def show_choices(self) -> None:
        self._pages.setCurrentIndex(0)
        self.focus_first()

    @Slot()
    def show_form(self, images: Path | None = None) -> None:
        """The form, with this folder added to it."""
        self.show_problem("")
        if images:
            self.form.add_folders([images])
        self._pages.setCurrentWidget(self.form)
        if images:
            self.form.categories.edit.setFocus()
        else:
            self.form.folders.focus()

    def focus_first(self) -> None:
        """Give the focus to the latest project, or to New project where there is none."""
        (next(iter(self.recent.rows()), None) or self.new_button).setFocus()

    @Slot()
    def browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Open a project, or an image folder that contains one")
        )
        if chosen:
            self.open_wanted.emit(Path(chosen))

    @Slot(object)
    def _explain_missing(self, folder: Path) -> None:
        problem = self.tr(
            "{folder} was not found. Connect its disk, or open the project from its new location."
        )
        self.show_problem(problem.format(folder=folder))

    @Slot()
    def _restyle(self) -> None:
        self._column.setMaximumWidth(theme().pixels(_WIDTH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form."""
        if event.key() == Qt.Key.Key_Escape and self.form_shown:
            self.form.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._pages.currentIndex() == 0:
            self.focus_first()

    # --- a folder that is dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _paths(event) and self.new_button.isEnabled() and take_as_copy(event):
            words = self.tr("Drop to open the project, or to start a new one from these images")
            if self.form_shown:
                words = self.tr("Drop to add this folder to the new project")
            self.drop_hint.tell(words)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.drop_hint.tell("")

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_hint.tell("")
        paths = _paths(event)
        if paths and take_as_copy(event):
            for path in paths:
                self.dropped.emit(path)


def _paths(event: QDropEvent) -> list[Path]:
    """The files and folders on this computer that the event carries."""
    local = (url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile())
    return [Path(name) for name in local if name]

"""The form for a new project: its images, categories and image model."""

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.start.category_entry import CategoryEntry
from app.gui.start.folder_list import FolderList
from app.gui.start.model_choice import ModelChoice
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.text import Text
from app.jobs.work.controller import NewProject
from app.jobs.work.folder_surveys import FolderSurveys
from app.jobs.work.model_list import ModelList


class NewProjectForm(QWidget):
    """One page. While no project can be created the button is disabled, and the text beside it says why.

    shut() ends the threads that look at the folders.
    """

    accepted = Signal(object)
    """A NewProject."""
    cancelled = Signal()
    open_wanted = Signal(object)
    """The Path of a project that a folder already has."""

    def __init__(self, models: ModelList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("New project"))
        self._busy = False
        self._surveys = FolderSurveys()
        self.folders = FolderList(self._surveys)
        self.models = ModelChoice(models)
        self.categories = CategoryEntry(self._surveys)
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(self.tr("Inside the first image folder, as .tailspotter"))
        self.folder.setAccessibleName(self.tr("Project folder"))
        self.folder.setAcceptDrops(False)
        self.browse = QPushButton(self.tr("Browse…"))
        self.browse.setAccessibleName(self.tr("Browse for the project folder"))
        self.create_button = QPushButton(self.tr("Create project"))
        self.create_button.setProperty("role", "primary")
        self.back = QPushButton(self.tr("Back"))
        self.why = Text("", TypeSize.SMALL, quiet=True)
        self.why.setWordWrap(True)
        self._arrange()
        for part in (self.folders, self.models, self.categories):
            part.changed.connect(self.check)
        self.folder.textChanged.connect(self.check)
        self.folders.submitted.connect(self._accept)
        for field in (self.folder, self.models.name):
            field.returnPressed.connect(self._accept)
        self.folders.open_wanted.connect(self.open_wanted)
        self.browse.clicked.connect(self._browse_folder)
        self.create_button.clicked.connect(self._accept)
        self.back.clicked.connect(self.cancelled)
        self.check()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_M)
        grid.setColumnStretch(1, 1)
        place = QWidget()
        project = QHBoxLayout(place)
        project.setContentsMargins(0, 0, 0, 0)
        project.setSpacing(SPACE_S)
        project.addWidget(self.folder, 1)
        project.addWidget(self.browse)
        top = Qt.AlignmentFlag.AlignTop
        for row, (words, part) in enumerate(
            (
                (self.tr("Images"), self.folders),
                (self.tr("Image model"), self.models),
                (self.tr("Categories"), self.categories),
                (self.tr("Project"), place),
            )
        ):
            grid.addWidget(_beside(words), row, 0, top)
            grid.addWidget(part, row, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.why, 1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.create_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_M, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(Text(self.tr("New project"), TypeSize.LARGE))
        layout.addLayout(grid)
        layout.addLayout(buttons)
        layout.addStretch(1)

    def add_folders(self, folders: Iterable[Path]) -> None:
        self.folders.add(folders)

    def clear(self) -> None:
        """Forget everything that was given, for the next project."""
        self.folders.clear()
        self.models.clear()
        self.categories.clear()
        self.folder.clear()

    def set_busy(self, busy: bool) -> None:
        """While a project is being created, no other can be."""
        self._busy = busy
        self.check()

    def shut(self) -> bool:
        """Whether all threads have ended."""
        ended = self.folders.strip.close_loader()
        return self._surveys.close() and ended

    def wanted(self) -> NewProject:
        images = tuple(self.folders.paths())
        folder = self.folder.text().strip()
        return NewProject(
            Path(os.path.expanduser(folder)) if folder else images[0],  # noqa: PTH111
            images,
            tuple(self.categories.names()),
            self.models.chosen(),
        )

    def obstacle(self) -> str:
        """Why the project cannot be created yet; empty when it can."""
        found = self.folders.obstacle() or self.models.obstacle() or self.categories.obstacle()
        return found or self._place_obstacle()

    def _place_obstacle(self) -> str:
        """Why there can be no project inside the first image folder; empty if another one was given."""
        first = next((row.survey for row in self.folders.rows if row.survey is not None), None)
        if self.folder.text().strip() or first is None:
            return ""
        if first.project is not None:
            return self.tr(
                "There is already a project for these images. Open it, or choose a different project folder."
            )
        if not first.writable:
            return self.tr("The image folder is read-only. Choose a different folder for the project.")
        return ""

    @Slot()
    def check(self) -> None:
        obstacle = self.obstacle()
        self.why.setText(obstacle)
        self.create_button.setEnabled(not obstacle and not self._busy)

    @Slot()
    def _accept(self) -> None:
        if self.create_button.isEnabled():
            self.accepted.emit(self.wanted())

    @Slot()
    def _browse_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Choose a folder for the project"), self.folder.text()
        )
        if chosen:
            self.folder.setText(chosen)


def _beside(words: str) -> Text:
    """A caption level with the first line of its field."""
    label = Text(words)
    label.setContentsMargins(0, SPACE_XS, 0, 0)
    return label

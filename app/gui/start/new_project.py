"""The assistant for a new project: where the images are, what to look for, which model."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.categories import JoinedNames, join_names
from app.domain.errors import BadInputError
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.text import Text
from app.jobs.job_controller import NewProject

BUNDLED: Final = "bundled"
_BETWEEN: Final = re.compile(r"[\n,;]+")
_MOST_TOLD: Final = 3


class NewProjectForm(QWidget):
    """One page. The button says no to what cannot work, and the words beside it say why."""

    accepted = Signal(object)
    """A NewProject."""
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("New project")
        self.images = QLineEdit()
        self.images.setPlaceholderText("The folder that holds the images")
        self.images.setAccessibleName("Image folder")
        self.folder = QLineEdit()
        self.folder.setPlaceholderText("Inside the image folder, as .tailspotter")
        self.folder.setAccessibleName("Project folder")
        self.categories = QPlainTextEdit()
        self.categories.setPlaceholderText("One name a line, or with commas; more can be added at any time")
        self.categories.setAccessibleName("Categories")
        self.categories.setTabChangesFocus(True)
        self.categories.setMaximumHeight(theme().pixels(110))
        self.bundled = QRadioButton("The bundled one: small and fast, works offline")
        self.named = QRadioButton("An open_clip model by name:")
        self.bundled.setChecked(True)
        self._group = QButtonGroup(self)
        self._group.addButton(self.bundled)
        self._group.addButton(self.named)
        self.backbone = QLineEdit()
        self.backbone.setPlaceholderText("ViT-B-32@/path/weights.safetensors, or local-dir:/folder")
        self.backbone.setAccessibleName("Name of the model")
        self.create = QPushButton("Create the project")
        self.create.setProperty("role", "primary")
        self.back = QPushButton("Back")
        self.why = Text("", TypeSize.SMALL, quiet=True)
        self.why.setWordWrap(True)
        self._arrange()
        self.images.textChanged.connect(self.check)
        self.folder.textChanged.connect(self.check)
        self.categories.textChanged.connect(self.check)
        self.backbone.textChanged.connect(self.check)
        self.backbone.textEdited.connect(self._name_typed)
        self.bundled.toggled.connect(self.check)
        self.create.clicked.connect(self._accept)
        self.back.clicked.connect(self.cancelled)
        self.images.returnPressed.connect(self._accept)
        self.check()

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        for row, (words, field) in enumerate((("Images", self.images), ("Project", self.folder))):
            browse = QPushButton("Browse…")
            browse.setAccessibleName(f"Browse for the folder of: {words}")
            browse.clicked.connect(self._browse_images if row == 0 else self._browse_folder)
            grid.addWidget(Text(words), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(browse, row, 2)
        grid.addWidget(_beside("Categories"), 2, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.categories, 2, 1, 1, 2)
        models = QVBoxLayout()
        models.setSpacing(SPACE_XS)
        models.addWidget(self.bundled)
        line = QHBoxLayout()
        line.addWidget(self.named)
        line.addWidget(self.backbone, 1)
        models.addLayout(line)
        grid.addWidget(_beside("Model"), 3, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(models, 3, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.why, 1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.create)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_M, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(Text("New project", TypeSize.LARGE))
        layout.addLayout(grid)
        layout.addLayout(buttons)
        layout.addStretch(1)

    def wanted(self) -> NewProject:
        images = _path(self.images)
        folder = self.folder.text().strip()
        names, _ = self._names()
        return NewProject(
            _path(self.folder) if folder else images,
            images,
            tuple(names),
            BUNDLED if self.bundled.isChecked() else self.backbone.text().strip(),
        )

    def obstacle(self) -> str:
        """Why the project cannot be made yet; empty when it can."""
        text = self.images.text().strip()
        if not text:
            return "Choose the folder that holds the images."
        if not os.path.isdir(_path(self.images)):  # noqa: PTH112 - pathlib's raises for a name that is too long
            return "There is no such image folder."
        if self.named.isChecked() and not self.backbone.text().strip():
            return "Write the name of the model, or take the bundled one."
        try:
            self._names()
        except BadInputError as error:
            return error.sentence
        return ""

    def _names(self) -> tuple[list[str], list[JoinedNames]]:
        """The categories, and the names that are one category. Raises BadInputError."""
        given = enumerate(_BETWEEN.split(self.categories.toPlainText()), 1)
        return join_names((f"Category {number}", name) for number, name in given if name.strip())

    @Slot()
    def check(self) -> None:
        obstacle = self.obstacle()
        self.why.setText(obstacle or _told(self._names()[1]))
        self.create.setEnabled(not obstacle)

    @Slot()
    def _accept(self) -> None:
        if not self.obstacle():
            self.accepted.emit(self.wanted())

    @Slot()
    def _name_typed(self) -> None:
        self.named.setChecked(True)

    @Slot()
    def _browse_images(self) -> None:
        self._browse(self.images, "The folder that holds the images")

    @Slot()
    def _browse_folder(self) -> None:
        self._browse(self.folder, "A folder for the project")

    def _browse(self, field: QLineEdit, words: str) -> None:
        chosen = QFileDialog.getExistingDirectory(self, words, field.text())
        if chosen:
            field.setText(chosen)


def _told(joined: Sequence[JoinedNames]) -> str:
    """Which names are one category; the same spelling twice is not worth a word."""
    groups = [[f"“{name}”" for name in dict.fromkeys(one.names)] for one in joined]
    told = [f"{' and '.join(names)} are one category" for names in groups if len(names) > 1]
    more = f" (and {len(told) - _MOST_TOLD} more)" if len(told) > _MOST_TOLD else ""
    return ". ".join(told[:_MOST_TOLD]) + more


def _path(field: QLineEdit) -> Path:
    """``~`` is the home folder; pathlib's expanduser raises where there is no such person."""
    return Path(os.path.expanduser(field.text().strip()))  # noqa: PTH111


def _beside(words: str) -> Text:
    """A name that stands level with the first line of what it names."""
    label = Text(words)
    label.setContentsMargins(0, SPACE_XS, 0, 0)
    return label

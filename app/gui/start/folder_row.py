"""One image folder of the form for a new project: its path, and what is in it."""

import os
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.folder_survey import Fault, FolderSurvey
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_S, SPACE_XS
from app.gui.widgets.room import keep_room
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted

_MANY: Final = 10_000


class FolderRow(QWidget):
    """Layout and sentences; the list decides what is looked at."""

    changed = Signal()
    remove_wanted = Signal()
    open_wanted = Signal(object)
    """The Path of the project that the folder already has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._survey: FolderSurvey | None = None
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Type a path, or drop a folder here"))
        self.field.setAccessibleName(self.tr("Image folder"))
        self.field.setAcceptDrops(False)  # a dropped folder is taken by the page, not as text
        self.field.textChanged.connect(self._forget)
        self.browse = QPushButton(self.tr("Browse…"))
        self.browse.setAccessibleName(self.tr("Browse for the image folder"))
        self.browse.clicked.connect(self._browse)
        self.remove = QToolButton()
        self.remove.setAccessibleName(self.tr("Remove this folder"))
        self.remove.setToolTip(self.remove.accessibleName())
        self.remove.clicked.connect(self.remove_wanted)
        self.words = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.words.setWordWrap(True)
        self.open_button = QPushButton(self.tr("Open this project"))
        self.open_button.setProperty("role", "link")
        self.open_button.clicked.connect(self._open)
        line = QHBoxLayout()
        line.setSpacing(SPACE_S)
        line.addWidget(self.field, 1)
        line.addWidget(self.browse)
        line.addWidget(self.remove)
        below = QHBoxLayout()
        below.setContentsMargins(SPACE_S, 0, 0, 0)
        below.setSpacing(SPACE_S)
        below.addWidget(self.words, 1)
        below.addWidget(self.open_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS // 2)
        layout.addLayout(line)
        layout.addLayout(below)
        keep_room(self.open_button)  # nor does the form move when the folder is known
        self.open_button.hide()
        theme().changed.connect(self._restyle)
        self._restyle()

    def path(self) -> Path | None:
        """``~`` is the home folder; pathlib's expanduser raises where there is no such person."""
        text = self.field.text().strip()
        return Path(os.path.expanduser(text)) if text else None  # noqa: PTH111

    def set_path(self, path: Path) -> None:
        self.field.setText(str(path))

    @property
    def survey(self) -> FolderSurvey | None:
        """What is known of the folder in the field."""
        return self._survey

    def show_survey(self, survey: FolderSurvey) -> None:
        self._survey = survey
        self.words.setText(self.fault_words() or self._count_words(survey))
        self.open_button.setVisible(survey.project is not None)

    def fault_words(self) -> str:
        """Why the folder cannot be an image folder; empty if it can, or while that is not known."""
        survey = self._survey
        if survey is None or survey.fault is None:
            return ""
        if survey.fault is Fault.MISSING:
            return self.tr("This image folder does not exist.")
        if survey.fault is Fault.FILE:
            return self.tr("This is a file. Choose the folder that holds the images.")
        return self.tr("This folder cannot be read: {reason}.").format(reason=survey.reason.rstrip("."))

    def _count_words(self, survey: FolderSurvey) -> str:
        if not survey.finished:
            return counted(survey.images, self.tr("{n} image so far …"), self.tr("{n} images so far …"))
        if not survey.images:
            words = self.tr("There are no images in this folder.")
            if survey.passed_over:
                words = self.tr("There are no images in this folder. Skipped: {files}.").format(
                    files=survey.passed_over
                )
            return words
        words = counted(survey.images, self.tr("{n} image"), self.tr("{n} images"))
        if survey.images >= _MANY:
            words = self.tr(
                "{images}. Preparing the suggestions takes a while; you can label from the start."
            ).format(images=words)
        return words

    @Slot()
    def _forget(self) -> None:
        self._survey = None
        self.words.setText("")
        self.open_button.hide()
        self.changed.emit()

    @Slot()
    def _open(self) -> None:
        if self._survey is not None and self._survey.project is not None:
            self.open_wanted.emit(self._survey.project)

    @Slot()
    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, self.tr("Choose the folder with the images"), self.field.text()
        )
        if chosen:
            self.field.setText(chosen)
            self.field.setFocus()
            self.field.selectAll()

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(14)
        self.remove.setIcon(icon("close", "quiet"))
        self.remove.setIconSize(QSize(side, side))

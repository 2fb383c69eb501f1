"""The image folders of the form for a new project, counted in the background."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.domain.folder_survey import PREVIEWS, FolderSurvey
from app.gui.start.folder_row import FolderRow
from app.gui.start.preview_strip import PreviewStrip
from app.gui.theme.tokens import SPACE_S
from app.gui.widgets.room import keep_room
from app.jobs.work.folder_surveys import FolderSurveys

_TYPING_MS: Final = 250
"""A path is looked at when no key has been pressed for this long."""


class FolderList(QWidget):
    """At least one row; more with the button or by dropping folders."""

    changed = Signal()
    """The folders, or what is known of them."""
    submitted = Signal()
    """Enter was pressed in a path."""
    open_wanted = Signal(object)
    """The Path of a project that a folder already has."""

    def __init__(self, surveys: FolderSurveys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._surveys = surveys
        surveys.news.connect(self._take)
        self.rows: list[FolderRow] = []
        self.strip = PreviewStrip(surveys)
        # Its room is kept: the fields below must not move when the pictures arrive.
        keep_room(self.strip)
        self.strip.hide()
        self.add_button = QPushButton(self.tr("Add another folder"))
        self.add_button.setProperty("role", "link")
        self.add_button.clicked.connect(self._add_by_button)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_TYPING_MS)
        self._rest.timeout.connect(self._look)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_S)
        self._layout.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addWidget(self.strip)
        self._add_row()

    def paths(self) -> list[Path]:
        return [path for row in self.rows if (path := row.path()) is not None]

    def add(self, folders: Iterable[Path]) -> None:
        """Put each folder that is not listed into an empty row, or a new one."""
        for folder in folders:
            if folder not in self.paths():
                empty = next((row for row in self.rows if row.path() is None), None)
                (empty or self._add_row()).set_path(folder)

    def clear(self) -> None:
        for row in self.rows[1:]:
            self._remove(row)
        self.rows[0].field.clear()

    def focus(self) -> None:
        """Focus the first path; typing replaces it."""
        self.rows[0].field.setFocus()
        self.rows[0].field.selectAll()

    def obstacle(self) -> str:
        """Why these folders cannot be used yet; empty if they can."""
        given = [row for row in self.rows if row.path() is not None]
        if not given:
            return self.tr("Choose the folder with the images.")
        fault = next((words for row in given if (words := row.fault_words())), "")
        if fault:
            return fault
        known = [row.survey for row in given if row.survey is not None]
        if len(known) < len(given):
            return self.tr("Looking at the folder …")
        return self._overlap_words(known)

    def _overlap_words(self, known: list[FolderSurvey]) -> str:
        for place, one in enumerate(known):
            for other in known[place + 1 :]:
                if one.real == other.real:
                    return self.tr("{folder} is listed twice.").format(folder=other.folder)
                inner, outer = (one, other) if one.real.is_relative_to(other.real) else (other, one)
                if inner.real.is_relative_to(outer.real):
                    words = self.tr("{inner} is inside {outer}, whose images include it; remove one of them.")
                    return words.format(inner=inner.folder, outer=outer.folder)
        return ""

    def _add_row(self) -> FolderRow:
        row = FolderRow()
        row.changed.connect(self._changed)
        row.remove_wanted.connect(self._remove_by_button)
        row.open_wanted.connect(self.open_wanted)
        row.field.returnPressed.connect(self.submitted)
        self._layout.insertWidget(len(self.rows), row)
        if self.rows:
            QWidget.setTabOrder(self.rows[-1].remove, row.field)
            QWidget.setTabOrder(row.field, row.browse)
            QWidget.setTabOrder(row.browse, row.remove)
            QWidget.setTabOrder(row.remove, self.add_button)
        self.rows.append(row)
        self._show_removal()
        return row

    def _remove(self, row: FolderRow) -> None:
        self.rows.remove(row)
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._show_removal()
        self._changed()

    def _show_removal(self) -> None:
        for row in self.rows:
            row.remove.setVisible(len(self.rows) > 1)

    @Slot()
    def _add_by_button(self) -> None:
        self._add_row().field.setFocus()

    @Slot()
    def _remove_by_button(self) -> None:
        row = self.sender()
        if isinstance(row, FolderRow):
            self._remove(row)
            self.rows[0].field.setFocus()

    @Slot()
    def _changed(self) -> None:
        self._rest.start()
        self._show_previews()
        self.changed.emit()

    @Slot()
    def _look(self) -> None:
        """Begin with the folders given now; of the others the counting ends."""
        unknown = [path for row in self.rows if (path := row.path()) and row.survey is None]
        self._surveys.want(path for path in self.paths() if path not in unknown)
        self._surveys.want(self.paths())

    @Slot(object)
    def _take(self, survey: FolderSurvey) -> None:
        for row in self.rows:
            if row.path() == survey.folder and not (row.survey is not None and row.survey.finished):
                row.show_survey(survey)
        self._show_previews()
        self.changed.emit()

    def _show_previews(self) -> None:
        known = [row.survey for row in self.rows if row.survey is not None]
        samples = [one.sample for one in known if one.sample]
        mixed = [sample[place] for place in range(PREVIEWS) for sample in samples if place < len(sample)]
        self.strip.show_images(mixed)
        self.strip.setVisible(any(one.images for one in known))

"""The categories of a new project: none, pasted, or from a file."""

import re
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.categories import JoinedNames, join_names
from app.domain.errors import BadInputError
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_S, SPACE_XS
from app.gui.widgets.names_file import add_names, choose_names_file
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted
from app.jobs.work.folder_surveys import FolderSurveys

_BETWEEN: Final = re.compile(r"[\n,;]")
_MOST_SHOWN: Final = 3


class CategoryEntry(QWidget):
    """A text field, and below it how many categories it names."""

    changed = Signal()

    def __init__(self, surveys: FolderSurveys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._surveys = surveys
        self._problem = ""
        surveys.names_read.connect(self._take_names)
        surveys.names_failed.connect(self._take_problem)
        self.edit = QPlainTextEdit()
        self.edit.setPlaceholderText(
            self.tr(
                "One name per line, or separated by commas. Leave this empty to add them while labelling."
            )
        )
        self.edit.setAccessibleName(self.tr("Categories"))
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(theme().pixels(96))
        for widget in (self.edit, self.edit.viewport()):
            widget.setAcceptDrops(False)
        self.edit.textChanged.connect(self._text_changed)
        self.words = Text("", TypeSize.SMALL, quiet=True)
        self.words.setWordWrap(True)
        self.from_file = QPushButton(self.tr("From a file…"))
        self.from_file.setProperty("role", "link")
        self.from_file.clicked.connect(self._browse)
        below = QHBoxLayout()
        below.setContentsMargins(SPACE_S, 0, 0, 0)
        below.setSpacing(SPACE_S)
        below.addWidget(self.words, 1)
        below.addWidget(self.from_file)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(self.edit)
        layout.addLayout(below)
        self._show()

    def names(self) -> list[str]:
        """The distinct categories in order. Raises BadInputError that says which cannot be used."""
        return self._read()[0]

    def obstacle(self) -> str:
        try:
            self._read()
        except BadInputError as error:
            return error.sentence
        return ""

    def clear(self) -> None:
        self.edit.clear()

    def read_file(self, file: Path) -> None:
        """Add the names of a text file, one per line."""
        self._surveys.read_names(file)

    def _parts(self) -> list[str]:
        return _BETWEEN.split(self.edit.toPlainText())

    def _read(self) -> tuple[list[str], list[JoinedNames]]:
        where = self.tr("Category {number}")
        given = enumerate(self._parts(), 1)
        return join_names((where.format(number=number), name) for number, name in given if name.strip())

    @Slot()
    def _text_changed(self) -> None:
        self._problem = ""
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        try:
            names, joined = self._read()
        except BadInputError as error:
            self.words.setText(self._problem or error.sentence)
            return
        self.words.setText(self._problem or " · ".join(self._facts(names, joined)))

    def _facts(self, names: list[str], joined: list[JoinedNames]) -> list[str]:
        """How many categories, what is repeated, and how many lines are empty."""
        if not names:
            return [self.tr("No categories yet")]
        facts = [counted(len(names), self.tr("{n} category"), self.tr("{n} categories"))]
        repeated = [one.category for one in joined if len(set(one.names)) == 1]
        if repeated:
            facts.append(self.tr("repeated: {names}").format(names=self._listed(repeated)))
        spellings = [tuple(dict.fromkeys(one.names)) for one in joined if len(set(one.names)) > 1]
        if spellings:
            groups = [", ".join(f"“{name}”" for name in group) for group in spellings]
            facts.append(self.tr("same category: {names}").format(names=self._listed(groups, "; ")))
        # The end of the last line is not an empty line.
        empty = sum(not part.strip() for part in self.edit.toPlainText().rstrip("\n").split("\n"))
        if empty:
            facts.append(
                counted(empty, self.tr("{n} empty line skipped"), self.tr("{n} empty lines skipped"))
            )
        return facts

    def _listed(self, names: list[str], between: str = ", ") -> str:
        shown, more = between.join(names[:_MOST_SHOWN]), len(names) - _MOST_SHOWN
        return shown if more <= 0 else self.tr("{names} (and {n} more)").format(names=shown, n=more)

    @Slot()
    def _browse(self) -> None:
        chosen = choose_names_file(self)
        if chosen is not None:
            self.read_file(chosen)

    @Slot(object)
    def _take_names(self, names: list[str]) -> None:
        add_names(self.edit, names)

    @Slot(str)
    def _take_problem(self, sentence: str) -> None:
        self._problem = sentence
        self._show()

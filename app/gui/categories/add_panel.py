"""Adding many categories, pasted or from a file, with a preview."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from app.domain.language import number
from app.gui.categories.side_panel import SidePanel
from app.gui.theme import theme
from app.gui.widgets.names_file import add_names, choose_names_file
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted
from app.jobs.values.categories import NamesPreview

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.values.store import MutationResult

_BETWEEN: Final = re.compile(r"[\n,;]")
_WAIT_MS: Final = 150
_MOST_SHOWN: Final = 12


class AddPanel(SidePanel):
    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title.setText(self.tr("Add categories"))
        self.setAccessibleName(self.tr("Add categories"))
        self._preview = NamesPreview()
        self._adding: tuple[str, ...] = ()
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName(self.tr("Names of new categories"))
        self.edit.setPlaceholderText(self.tr("One name per line, or separated by commas."))
        self.edit.setTabChangesFocus(True)
        self.edit.setMinimumHeight(theme().pixels(160))
        self.from_file = QPushButton(self.tr("From a file…"))
        self.from_file.setProperty("role", "link")
        self.from_file.clicked.connect(self._browse)
        self.from_file.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.facts = Text("")
        self.facts.setWordWrap(True)
        self.arrange([self.edit, self.from_file, self.facts])
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_WAIT_MS)
        self._later.timeout.connect(self._ask)
        self.edit.textChanged.connect(self._typed)
        self.act.clicked.connect(self._add)
        session.answered.connect(self._follow_answer)
        session.closed.connect(self.edit.clear)
        self.setFocusProxy(self.edit)
        self._show(NamesPreview())

    def names(self) -> list[str]:
        return _BETWEEN.split(self.edit.toPlainText())

    def read_file(self, file: Path) -> None:
        """Add the names of a text file to those that are there."""
        self._session.ask(
            lambda store: store.categories.names_of(file), then=self._take_names, failed=self._show_error
        )

    @Slot()
    def _browse(self) -> None:
        chosen = choose_names_file(self)
        if chosen is not None:
            self.read_file(chosen)

    def _take_names(self, names: list[str]) -> None:
        add_names(self.edit, names)

    @Slot(str)
    def _show_refusal(self, sentence: str) -> None:
        self._adding = ()
        super()._show_refusal(sentence)

    @Slot()
    def _typed(self) -> None:
        self.problem.setText("")
        self.act.setEnabled(False)
        self._later.start()

    @Slot()
    def _ask(self) -> None:
        names = self.names()
        self._session.ask(lambda store: store.categories.preview(names), then=self._show, key="names-preview")

    def _show(self, preview: NamesPreview) -> None:
        self._preview = preview
        self.problem.setText(preview.problem)
        self.act.setEnabled(bool(preview.new) and self._writable())
        self.act.setText(
            counted(len(preview.new), self.tr("Add {n} category"), self.tr("Add {n} categories"))
            if preview.new
            else self.tr("Add")
        )
        self.facts.setText("\n\n".join(self._facts(preview)))

    def _facts(self, preview: NamesPreview) -> list[str]:
        facts = []
        if preview.new:
            facts.append(self.tr("New: {names}").format(names=self._listed(preview.new)))
        if preview.known:
            known = [
                name
                if name == found
                else self.tr("{name} (as “{category}”)").format(name=name, category=found)
                for name, found in preview.known
            ]
            facts.append(self.tr("Already there: {names}").format(names=self._listed(known)))
        if preview.joined:
            groups = [" = ".join(dict.fromkeys(one.names)) for one in preview.joined]
            facts.append(self.tr("Same category: {names}").format(names=self._listed(groups)))
        return facts

    def _listed(self, names: Sequence[str]) -> str:
        shown, more = ", ".join(names[:_MOST_SHOWN]), len(names) - _MOST_SHOWN
        if more <= 0:
            return shown
        return self.tr("{names} (and {n} more)").format(names=shown, n=number(more))

    @Slot()
    def _add(self) -> None:
        names = self._adding = tuple(self._preview.new)
        if not names:
            return
        self.act.setEnabled(False)
        words = counted(len(names), self.tr("Add {n} category"), self.tr("Add {n} categories"))
        self._session.change(lambda store: store.categories.add(names), words, refused=self._show_refusal)

    @Slot(object)
    def _follow_answer(self, done: "MutationResult") -> None:
        if self._adding and done.answer == self._adding:
            self._adding = ()
            self.edit.clear()
            self.left.emit()

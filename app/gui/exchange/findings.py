"""What an import would change and leave out, with the choices that the person has."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.language import number
from app.gui.exchange.conflict_table import ConflictTable
from app.gui.exchange.words import guesses, headline, matched_words, only_suggestions, sections
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.check_box import CheckBox
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted

if TYPE_CHECKING:
    from app.jobs.work.label_files import ImportReport


class Findings(QWidget):
    """Follows one report after another; the choices stay until forget()."""

    changed = Signal()
    """The person has chosen something, so that the import would be different."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = Text("", TypeSize.LARGE, strong=True)
        self.facts = Text("")
        self.notes = Text("", TypeSize.SMALL, quiet=True)
        self.accept = CheckBox()
        self.complete = CheckBox(self.tr("What the file does not say is no"))
        self.complete.setToolTip(
            self.tr(
                "For files in which every image was checked for every category; the images count as reviewed"
            )
        )
        self.empty: dict[str, CheckBox] = {}
        self.conflicts = ConflictTable()
        self._boxes = QVBoxLayout()
        self._boxes.setSpacing(SPACE_S)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(SPACE_M)
        for text in (self.headline, self.facts, self.notes):
            text.setWordWrap(True)
        facts = QVBoxLayout()
        facts.setSpacing(SPACE_XS)
        for text in (self.headline, self.facts, self.notes):
            facts.addWidget(text)
        self._boxes.addWidget(self.accept)
        self._boxes.addWidget(self.complete)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(facts)
        layout.addLayout(self._boxes)
        layout.addWidget(self.conflicts)
        layout.addLayout(self._sections)
        for box in (self.accept, self.complete):
            box.toggled.connect(self.changed)
        self.conflicts.changed.connect(self.changed)
        self.hide()

    def nothing(self) -> list[str]:
        """The categories that mean that nothing is there."""
        return [name for name, box in self.empty.items() if box.isChecked()]

    def show_report(self, report: "ImportReport", title: str) -> None:
        """``title``: of the format."""
        self.headline.setText(headline(report))
        self.facts.setText(matched_words(report, title))
        self.notes.setText("\n".join(report.notes))
        self.notes.setVisible(bool(report.notes))
        self._show_guesses(len(guesses(report)) + len(report.by_file_name))
        for name in report.perhaps_nothing:
            if name not in self.empty:
                self._offer(name)
        self.complete.setVisible(bool(self.complete.isChecked() or not only_suggestions(report)))
        self.conflicts.show_conflicts(report.conflicts)
        self._show_sections(report)
        self.show()

    def forget(self) -> None:
        """For another file: no choice is made."""
        with QSignalBlocker(self):
            self.accept.setChecked(False)
            self.complete.setChecked(False)
            self.conflicts.forget()
        for box in self.empty.values():
            box.hide()
            box.deleteLater()
        self.empty = {}
        self.hide()

    def _show_guesses(self, count: int) -> None:
        words = counted(
            count,
            self.tr("Accept {n} likely match by file name"),
            self.tr("Accept {n} likely matches by file name"),
        )
        self.accept.setText(words)
        self.accept.setVisible(bool(count))

    def _offer(self, name: str) -> None:
        box = CheckBox(self.tr("“{name}” means that nothing is on the image").format(name=name))
        box.toggled.connect(self.changed)
        self.empty[name] = box
        self._boxes.addWidget(box)

    def _show_sections(self, report: "ImportReport") -> None:
        while (item := self._sections.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in sections(report):
            part = QWidget()
            layout = QVBoxLayout(part)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(SPACE_XS)
            heading = self.tr("{title} ({n})").format(title=one.title, n=number(one.count))
            layout.addWidget(Text(heading, strong=True))
            words = Text(one.words(), TypeSize.SMALL, quiet=True)
            words.setWordWrap(True)
            layout.addWidget(words)
            self._sections.addWidget(part)

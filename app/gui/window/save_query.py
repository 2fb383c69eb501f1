"""The strip in which a query gets a name, or another one."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.text import ElidedText, Text
from app.jobs.project.finding import Finding


class SaveQuery(QFrame):
    """Below the top bar; hidden until it is asked for."""

    left = Signal()
    message = Signal(str)

    def __init__(self, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "strip")
        self._finding = finding
        self._query = self._renamed = self._wanted = ""
        self._words = Text("", TypeSize.BODY)
        self.line = QLineEdit()
        self.line.setAccessibleName(self.tr("Name of the query"))
        self.line.setPlaceholderText(self.tr("Name"))
        self.line.textChanged.connect(self._edited)
        self.line.returnPressed.connect(self._save)
        self.problem = ElidedText("", TypeSize.SMALL, quiet=True)
        self.button = QPushButton(self.tr("Save"))
        self.button.clicked.connect(self._save)
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_XS, SPACE_S, SPACE_XS)
        row.setSpacing(SPACE_S)
        row.addWidget(self._words)
        row.addWidget(self.line)
        row.addWidget(self.button)
        row.addWidget(self.cancel)
        row.addWidget(self.problem, 1)
        finding.saved.connect(self._saved)
        finding.refused.connect(self._refuse)
        finding.queries_changed.connect(self._renamed_now)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def begin(self, query: str) -> None:
        """Ask for a name for the query."""
        self._query, self._renamed = query, ""
        self._words.setText(self.tr("Save this query as"))
        self._ask("", self.tr("Save"))

    def begin_renaming(self, name: str) -> None:
        """Ask for another name of a saved query."""
        self._query, self._renamed = "", name
        self._words.setText(self.tr("New name"))
        self._ask(name, self.tr("Rename"))

    @Slot()
    def leave(self) -> None:
        self.hide()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it from each of its parts."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _ask(self, name: str, button: str) -> None:
        self._wanted = ""
        self.button.setText(button)
        self.line.setText(name)
        self._edited()
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    @Slot()
    def _edited(self) -> None:
        """A taken name is replaced only with a button that says so."""
        self.problem.setText("")
        self.button.setEnabled(bool(self.line.text().strip()))
        if not self._renamed:
            taken = self._finding.name_taken(self.line.text())
            self.button.setText(self.tr("Replace") if taken else self.tr("Save"))
            if taken:
                self.problem.setText(self.tr("There is already a query with this name."))

    @Slot()
    def _save(self) -> None:
        name = self.line.text().strip()
        if not name:
            return
        if self._renamed:
            self._wanted = name
            self._finding.rename(self._renamed, name)
        else:
            self._finding.save(name, self._query, replace=self._finding.name_taken(name))

    @Slot(str)
    def _saved(self, name: str) -> None:
        if not self._renamed and self.isVisible():
            self.message.emit(self.tr("Saved query: {name}").format(name=name))
            self.leave()

    @Slot()
    def _renamed_now(self) -> None:
        """The queries change for other reasons, too."""
        if self._wanted and self.isVisible() and self._finding.name_taken(self._wanted):
            self.leave()

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self._wanted = ""
        if self.isVisible():
            self.problem.setText(sentence)
        else:
            self.message.emit(sentence)

    @Slot()
    def _restyle(self) -> None:
        self.line.setFixedWidth(theme().pixels(240))

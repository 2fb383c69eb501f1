"""The image models of this computer, grouped by use, with downloads, checks and removal."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.gui.preferences.model_row import ModelRow
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.model_words import USES, use_title
from app.gui.widgets.text import Text
from app.jobs.work.model_list import ModelEntry, ModelList


class ModelsPage(QWidget):
    """Reads the list each time that it is shown; rows stay in place, so that the focus does too."""

    def __init__(self, models: ModelList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self.rows: dict[str, ModelRow] = {}
        self._shown: dict[str, ModelEntry] = {}
        self.problem = Text("")
        explained = Text(
            self.tr(
                "Nothing is downloaded unless you ask for it, and models on this disk need no network. "
                "A project keeps its image model until you change it there."
            ),
            TypeSize.SMALL,
            quiet=True,
        )
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, SPACE_M, SPACE_S, 0)
        self._layout.setSpacing(SPACE_S)
        for text in (explained, self.problem):
            text.setWordWrap(True)
            self._layout.addWidget(text)
        self._groups: dict[str, QVBoxLayout] = {}
        for use in USES:
            self._add_group(use, use_title(use))
        self._layout.addStretch(1)
        models.changed.connect(self._show)
        self._show()

    def _add_group(self, use: str, title: str) -> None:
        group = QWidget()
        rows = self._groups[use] = QVBoxLayout(group)
        rows.setContentsMargins(0, SPACE_S, 0, 0)
        rows.setSpacing(SPACE_S)
        rows.addWidget(Text(title, TypeSize.LARGE, strong=True))
        self._layout.addWidget(group)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._models.refresh()

    @Slot()
    def _show(self) -> None:
        entries = {entry.listed.model.name: entry for entry in self._models.entries()}
        for name in [name for name in self.rows if name not in entries]:
            row = self.rows.pop(name)
            row.hide()
            row.deleteLater()
        for name, entry in entries.items():
            if name not in self.rows:
                row = self.rows[name] = ModelRow(self._models, entry)
                self._groups[entry.listed.model.use.value].addWidget(row)
            elif entry != self._shown.get(name):
                self.rows[name].show_entry(entry)
        self._shown = entries
        for group in self._groups.values():
            holder = group.parentWidget()
            if holder is not None:
                holder.setVisible(group.count() > 1)
        self.problem.setText(self._models.problem)
        self.problem.setVisible(bool(self._models.problem))

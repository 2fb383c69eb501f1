"""The image model of a new project: one that is ready, or another by name."""

from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLineEdit, QPushButton, QRadioButton, QWidget

from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_XS
from app.gui.widgets.model_words import choice_words, in_order, title_of, why_not, without_weights
from app.gui.widgets.text import Text
from app.jobs.work.model_list import ListedModel, ModelList

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
# Of the models that must be downloaded; the page of image models lists all.
NAMED_MODELS: Final = 3


class ModelChoice(QWidget):
    """The first usable model is selected, with the reason beside each; a selection stays until changed."""

    changed = Signal()
    download_wanted = Signal()
    """The list of models is to be shown, where they are downloaded."""

    def __init__(self, models: ModelList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._shown: list[tuple[str, str, str, bool]] = []
        self._reasons: list[Text] = []
        self.offered: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_M)
        self._grid.setVerticalSpacing(SPACE_XS)
        self._grid.setColumnStretch(1, 1)
        self.named = QRadioButton(self.tr("Other…"))
        self._group.addButton(self.named)
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("ViT-B-32@/path/weights.safetensors, or local-dir:/folder"))
        self.name.setAccessibleName(self.tr("Name of the model"))
        self.name.setAcceptDrops(False)
        self.download = QPushButton(self.tr("Download…"))
        self.download.setProperty("role", "link")
        self.download.setAccessibleName(self.tr("Download another image model"))
        self.more = Text("", TypeSize.SMALL, quiet=True)
        self.more.setWordWrap(True)
        self._show()
        self.clear()
        models.changed.connect(self._show)
        self.download.clicked.connect(self.download_wanted)
        self.name.textEdited.connect(self._name_typed)
        self.name.textChanged.connect(self.changed)
        self._group.buttonToggled.connect(self.changed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._models.refresh()

    def chosen(self) -> str:
        """The name of the model as a project stores it."""
        offered = next((name for name, button in self.offered.items() if button.isChecked()), None)
        return self.name.text().strip() if offered is None else offered

    def obstacle(self) -> str:
        if not self.named.isChecked():
            return ""
        name = self.name.text().strip()
        if not name:
            return self.tr("Enter the name of a model, or choose another one.")
        return without_weights(name, self._models.names())

    def clear(self) -> None:
        """Select the default."""
        self.name.clear()
        next(button for button in self.offered.values() if button.isEnabled()).setChecked(True)

    @Slot()
    def _show(self) -> None:
        """Rows for the models that are included or ready; the others are named below."""
        listed = in_order([entry.listed for entry in self._models.entries()])
        rows = [one for one in listed if one.usable or one.model.hub is None]
        shown = [(one.model.name, *choice_words(one), one.usable) for one in rows]
        if shown != self._shown:
            self._shown = shown
            self._make_rows()
        self._show_others([one for one in listed if one not in rows])

    def _make_rows(self) -> None:
        """A selected model that is no longer ready stays selected, by its name."""
        focus = self.window().focusWidget()
        chosen, focused = self.chosen(), {name for name, one in self.offered.items() if one is focus}
        for widget in (*self.offered.values(), *self._reasons):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.offered, self._reasons = {}, []
        for place, (name, title, reason, usable) in enumerate(self._shown):
            button = self.offered[name] = QRadioButton(title)
            button.setEnabled(usable)
            button.setAccessibleDescription(reason)
            explained = Text(reason, TypeSize.SMALL, quiet=True)
            explained.setWordWrap(True)
            self._reasons.append(explained)
            self._group.addButton(button)
            self._grid.addWidget(button, place, 0)
            self._grid.addWidget(explained, place, 1)
        last = len(self._shown)
        self._grid.addWidget(self.named, last, 0)
        corner = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(self.download, last + 1, 0, corner)
        self._grid.addWidget(self.name, last, 1)
        self._grid.addWidget(self.more, last + 1, 1)
        self._order_tabs()
        if chosen in self.offered:
            self.offered[chosen].setChecked(True)
        elif chosen:
            self.name.setText(chosen)
            self.named.setChecked(True)
        for name in focused & self.offered.keys():
            self.offered[name].setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _order_tabs(self) -> None:
        stops = [*self.offered.values(), self.named, self.name, self.download]
        for one, following in pairwise(stops):
            QWidget.setTabOrder(one, following)

    def _show_others(self, others: list[ListedModel]) -> None:
        """The models that must be downloaded or checked first, or need a package."""
        words = [f"{title_of(one)} ({why_not(one).replace(' ', NO_BREAK)})" for one in others]
        models = " · ".join(words[:NAMED_MODELS])
        if len(words) > NAMED_MODELS:
            many = self.tr("{models} and {count} more")
            models = many.format(models=models, count=len(words) - NAMED_MODELS)
        self.more.setText(self.tr("More models: {models}").format(models=models))
        for widget in (self.more, self.download):
            widget.setVisible(bool(words))

    @Slot()
    def _name_typed(self) -> None:
        self.named.setChecked(True)

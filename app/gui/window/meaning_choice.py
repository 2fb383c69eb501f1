"""The meanings of a category's name, of which a person chooses one or leaves it to the program."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from app.domain.category_properties import AUTOMATIC, CategoryProperties, MeaningUse, PossibleMeaning
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_L, SPACE_S
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted


class MeaningRow(QWidget):
    """One choice: a button with a name, and its explanation below, which can be clicked too."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QRadioButton(name.replace("&", "&&"))
        self.button.setAccessibleDescription(words)
        self.words = Text(words, TypeSize.SMALL, quiet=True)
        self.words.setWordWrap(True)
        self.words.setContentsMargins(theme().pixels(SPACE_L), 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.button)
        layout.addWidget(self.words)
        self.words.setVisible(bool(words))  # with a parent by now: else it would be a window for a moment

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.button.click()


class MeaningChoice(QWidget):
    """Rows by sense; the first, AUTOMATIC, lets the program choose."""

    chosen = Signal()
    """By the person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = Text("")
        self.problem.setWordWrap(True)
        self.rows: dict[str, MeaningRow] = {}
        self._shown: tuple[Sequence[PossibleMeaning], PossibleMeaning | None] | None = None
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._emit_chosen)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_S)
        self._layout.addWidget(self.problem)

    def sense(self) -> str:
        """Of the checked row; AUTOMATIC without rows."""
        return next((sense for sense, row in self.rows.items() if row.button.isChecked()), AUTOMATIC)

    def show_meanings(self, properties: CategoryProperties) -> None:
        """Replace the rows, and check the one in use."""
        self.problem.setText(properties.problem)
        self.problem.setVisible(bool(properties.problem))
        shown = (list(properties.meanings), properties.automatic)
        if shown != self._shown:
            self._shown = shown
            self._fill(properties)
        checked = self.rows.get(properties.category.sense or AUTOMATIC) or self.rows.get(AUTOMATIC)
        if checked is not None:
            checked.button.setChecked(True)

    def _fill(self, properties: CategoryProperties) -> None:
        for row in self.rows.values():
            self._group.removeButton(row.button)
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {}
        if not properties.meanings:
            return
        automatic = properties.automatic
        now = "" if automatic is None else self.tr("Now: {meaning}").format(meaning=automatic.words)
        self._add(AUTOMATIC, self.tr("Let the program choose"), now)
        for one in properties.meanings:
            self._add(one.sense, one.names, f"{one.definition}\n{self._use_words(one)}")

    def _add(self, sense: str, name: str, words: str) -> None:
        row = self.rows[sense] = MeaningRow(name, words, self)
        self._group.addButton(row.button)
        self._layout.addWidget(row)
        row.show()  # the layout would do it only later

    def _use_words(self, meaning: PossibleMeaning) -> str:
        if meaning.use is MeaningUse.DIRECT:
            one = self.tr("Used directly: {n} class of the image model")
            return counted(meaning.classes, one, self.tr("Used directly: {n} classes of the image model"))
        if meaning.use is MeaningUse.RELATED:
            return self.tr("Used through its relatives")
        return self.tr("Too far from everything that the image model knows: no text score")

    @Slot()
    def _emit_chosen(self) -> None:
        self.chosen.emit()

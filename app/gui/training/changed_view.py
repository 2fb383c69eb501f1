"""What changed between two versions: suggestions added and removed, image by image."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.language import number
from app.domain.training import Compared
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.training.flip_grid import FlipGrid
from app.gui.training.words import version_words
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted


class ChangedView(QWidget):
    """Shows the flips of a Compared."""

    image_wanted = Signal(object)
    """The id of an image to show large."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("What changed"))
        self.empty = EmptyState()
        self.title, self.counts = Text("", TypeSize.TITLE), Text("")
        for text in (self.title, self.counts):
            text.setWordWrap(True)
        self.grid = FlipGrid()
        self.grid.opened.connect(self.image_wanted)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self.title)
        column.addWidget(self.counts)
        column.addWidget(self.grid, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.show_nothing()

    def show_nothing(self) -> None:
        self.show_sentence(
            self.tr("Nothing to compare yet"),
            self.tr("Press Compare on two versions. Images whose suggestions change appear here."),
        )

    def show_sentence(self, title: str, sentence: str) -> None:
        self.empty.set_text(title, sentence)
        self.grid.set_flips((), "", "")
        self._stack.setCurrentIndex(0)

    def show_changes(self, compared: Compared, most: int) -> None:
        """``most``: the number of changes is limited to this."""
        a, b = compared.comparison.a, compared.comparison.b
        flips = compared.flips
        if not flips:
            words = self.tr("The suggestions of {a} and {b} are the same on all undecided images.")
            words = words.format(a=version_words(a), b=version_words(b))
            self.show_sentence(self.tr("No suggestion changes"), words)
            return
        came = sum(flip.after > flip.before for flip in flips)
        title = self.tr("What changed: {a} → {b}")
        self.title.setText(title.format(a=version_words(a), b=version_words(b)))
        if len(flips) >= most:
            words = self.tr(
                "The {n} largest changes: {added} added, {removed} removed. Enter opens an image."
            )
        else:
            words = self.tr("{n} suggestions change: {added} added, {removed} removed. Enter opens an image.")
        one = self.tr("1 suggestion changes: {added} added, {removed} removed. Enter opens an image.")
        counts = {"added": number(came), "removed": number(len(flips) - came)}
        self.counts.setText(counted(len(flips), one, words, **counts))
        self.grid.set_flips(flips, a, b)
        self._stack.setCurrentIndex(1)

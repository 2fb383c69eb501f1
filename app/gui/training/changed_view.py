"""What changed between two versions: which suggestions came, which went, image by image."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.training import Compared
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.training.flip_grid import FlipGrid
from app.gui.training.words import version_words
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.text import Text
from app.gui.widgets.words import count_words

_HOW = "Press Compare on two cards of the versions; the images whose suggestions flip appear here."


class ChangedView(QWidget):
    """Shows the flips of a Compared."""

    image_wanted = Signal(object)
    """The number of an image that is to be seen large."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What changed")
        self.empty = EmptyState("Nothing is compared yet", _HOW)
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

    def show_nothing(self, title: str = "Nothing is compared yet", sentence: str = _HOW) -> None:
        self.empty.set_text(title, sentence)
        self.grid.set_flips((), "", "")
        self._stack.setCurrentIndex(0)

    def show_changes(self, compared: Compared, most: int) -> None:
        """``most``: so many are given at most."""
        a, b = compared.comparison.a, compared.comparison.b
        flips = compared.flips
        if not flips:
            self.show_nothing(
                "No suggestion changes",
                f"On undecided images {version_words(a)} and {version_words(b)} suggest the same.",
            )
            return
        came = sum(flip.after > flip.before for flip in flips)
        self.title.setText(f"What changed: {version_words(a)} → {version_words(b)}")
        first = (
            f"The {count_words(len(flips), 'largest change', 'largest changes')}"
            if len(flips) >= most
            else (count_words(len(flips), "suggestion flips", "suggestions flip"))
        )
        self.counts.setText(f"{first}: {came:,} came, {len(flips) - came:,} went. Enter opens the image.")
        self.grid.set_flips(flips, a, b)
        self._stack.setCurrentIndex(1)

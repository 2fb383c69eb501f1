"""The end of a review round: what was found, what the model learned, and what to do next."""

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.gui.review.words import answers_words, learned_words, nothing_words, step_words, suggestions_words
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.text import Text
from app.jobs.review.session import Ending

_WIDEST: Final = 640


class Summary(QWidget):
    """Shows one Ending."""

    again_wanted = Signal()
    """Another round of the same category and queue."""
    next_wanted = Signal(object)
    """The proposed BoardRow."""
    board_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ending: Ending | None = None
        self.title = Text("", TypeSize.TITLE)
        self.lines = [Text("", TypeSize.LARGE), Text(""), Text("")]
        self.proposal = QPushButton()
        self.proposal.setProperty("role", "primary")
        self.again = QPushButton()
        self.board = QPushButton(self.tr("Back to the board"))
        self.proposal.clicked.connect(self._take_proposal)
        self.again.clicked.connect(self.again_wanted)
        self.board.clicked.connect(self.board_wanted)
        self._buttons = FlowBox((self.proposal, self.again, self.board))
        self._column = QWidget()
        column = QVBoxLayout(self._column)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_S)
        column.addStretch(2)
        for line in (self.title, *self.lines):
            line.setWordWrap(True)
            column.addWidget(line)
        column.addSpacing(SPACE_M)
        column.addWidget(self._buttons)
        column.addStretch(3)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addWidget(self._column, 1000)
        layout.addStretch(1)
        theme().changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        self._column.setMaximumWidth(theme().pixels(_WIDEST))

    def show_ending(self, ending: Ending) -> None:
        self._ending = ending
        ended = ending.round
        nothing = not ended.seen
        title = self.tr("{category}: nothing to review") if nothing else self.tr("{category}: done for now")
        self.title.setText(title.format(category=ended.name))
        words = [nothing_words(ended), "", ""]
        if not nothing:
            words = [answers_words(ended) + ".", learned_words(ending), suggestions_words(ending)]
        for line, text in zip(self.lines, words, strict=True):
            line.setText(text)
            line.setVisible(bool(text))
        self.again.setText(self.tr("Continue with {category}").format(category=ended.name))
        self.again.setVisible(not ending.exhausted)
        row = ending.proposal
        self.proposal.setVisible(row is not None)
        if row is not None:
            words_next = self.tr("Next: {category} ({step})")
            self.proposal.setText(words_next.format(category=row.name, step=step_words(row).lower()))
        self._buttons.updateGeometry()
        self.setAccessibleName(self.title.text())
        self.setAccessibleDescription(" ".join(word for word in words if word))

    @Slot()
    def refresh(self) -> None:
        """An answer of the round was undone or redone."""
        if self._ending is not None and self.isVisible():
            self.show_ending(self._ending)

    def focus(self) -> None:
        first = self.proposal if not self.proposal.isHidden() else self.board
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _take_proposal(self) -> None:
        if self._ending is not None and self._ending.proposal is not None:
            self.next_wanted.emit(self._ending.proposal)

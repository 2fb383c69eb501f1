"""A sitting: the cards of one category, what the keys do, and how far it has come."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.labels import LabelState
from app.domain.review import Queue
from app.gui.labelling.flow_box import FlowBox
from app.gui.labelling.key_button import KeyButton
from app.gui.review.card_actions import DECIDING, CardActions
from app.gui.review.card_grid import CardGrid
from app.gui.review.card_preview import CardPreview
from app.gui.review.words import QUEUES, progress_words
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.text import ElidedText, Text
from app.jobs.preferences import Preferences
from app.jobs.review_session import ReviewSession
from app.jobs.review_sitting import Sitting

if TYPE_CHECKING:
    from app.jobs.project_session import ProjectSession

_BUTTONS = {
    "accept": "Yes",
    "reject": "No",
    "skip": "Skip",
    "unknown": "Unknown",
    "undo": "Undo",
    "redo": "Redo",
    "rest_no": "Rest: no",
    "page_done": "Page done",
}


class SittingView(QWidget):
    """Shows the sitting of a ReviewSession and lets keys and mouse work on it."""

    queue_wanted = Signal(object)
    """The person wants another Queue of the same category."""
    board_wanted = Signal()
    accept_wanted = Signal()

    def __init__(
        self,
        session: "ProjectSession",
        review: ReviewSession,
        preferences: Preferences,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._review = review
        self.title = ElidedText("", TypeSize.TITLE)
        self.progress = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.progress.setWordWrap(True)
        self.queue = QComboBox()
        self.queue.setAccessibleName("Which cards")
        for queue, (name, hint) in QUEUES.items():
            self.queue.addItem(name, queue)
            self.queue.setItemData(self.queue.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        action = QAction("Say yes to all likely images of this category; tells first what to expect", self)
        action.triggered.connect(self.accept_wanted)
        self.accept = KeyButton(action, "Accept likely ones…")
        self.end = QPushButton("End")
        self.end.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.grid = CardGrid(review)
        self.preview = CardPreview(session, self.grid)
        self.trouble = EmptyState()
        self.stack = QStackedWidget()
        for widget in (self.grid, self.preview, self.trouble):
            self.stack.addWidget(widget)
        self.hint = Text("", TypeSize.SMALL, quiet=True)
        self.hint.setWordWrap(True)
        self.actions_of_cards = CardActions(self, preferences.shortcuts)
        self.buttons = {
            name: KeyButton(self.actions_of_cards.action(name), words) for name, words in _BUTTONS.items()
        }
        self.foot = FlowBox([*self.buttons.values(), self.accept])
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, 0)
        top.setSpacing(SPACE_S)
        for widget, stretch in ((self.title, 1), (self.queue, 0), (self.end, 0)):
            top.addWidget(widget, stretch)
        below = QVBoxLayout()
        below.setContentsMargins(SPACE_M, SPACE_XS, SPACE_M, SPACE_S)
        below.setSpacing(SPACE_XS)
        below.addWidget(self.hint)
        below.addWidget(self.foot)
        progress = QVBoxLayout()
        progress.setContentsMargins(SPACE_M, 0, SPACE_M, 0)
        progress.addWidget(self.progress)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(top)
        layout.addLayout(progress)
        layout.addWidget(self.stack, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        review, grid = self._review, self.grid
        self.actions_of_cards.connect_all(
            {
                "accept": lambda: self.decide(LabelState.YES),
                "reject": lambda: self.decide(LabelState.NO),
                "unknown": lambda: self.decide(LabelState.UNKNOWN),
                "skip": self.skip,
                "previous": lambda: grid.step(-1),
                "next": lambda: grid.step(1),
                "highlight_previous": lambda: grid.step_row(-1),
                "highlight_next": lambda: grid.step_row(1),
                "undo": review.undo,
                "redo": review.redo,
                "page_done": review.finish_page,
                "rest_no": review.reject_rest_and_finish,
                "end_review": self._leave_one_level,
            }
        )
        self.actions_of_cards.keys_changed.connect(self._show_keys)
        self._show_keys()
        grid.decided.connect(self._decide_card)
        grid.opened.connect(self.open_large)
        grid.capacity_changed.connect(review.set_page_size)
        self.preview.left.connect(self.show_cards)
        self.queue.activated.connect(self._choose_queue)
        self.end.clicked.connect(review.end)
        self.trouble.triggered.connect(self.board_wanted)
        review.sitting_began.connect(self._show_sitting)
        review.page_changed.connect(self._show_page)
        review.cards_changed.connect(self._show_counts)
        review.busy_changed.connect(self._follow_busy)
        review.failed.connect(self._show_failure)
        review.undo_changed.connect(self._describe_undo)

    # --- deciding

    def decide(self, state: LabelState) -> None:
        """Of the current card; the next open one becomes current."""
        self._decide_card(self.grid.current, state)

    @Slot(int, object)
    def _decide_card(self, place: int, state: LabelState) -> None:
        sitting = self._review.sitting
        if sitting is None or place >= len(sitting.cards) or sitting.cards[place].image_id in sitting.pending:
            return
        self._review.decide([place], state)
        if sitting.cards[place].image_id in sitting.pending:
            self.grid.advance()

    def skip(self) -> None:
        if self.grid.count() and not self._review.busy:
            self._review.skip([self.grid.current])
            self.grid.advance()

    # --- what shows

    @property
    def large(self) -> bool:
        return self.stack.currentWidget() is self.preview

    @Slot()
    def open_large(self) -> None:
        if self.grid.count():
            self.stack.setCurrentWidget(self.preview)

    @Slot()
    def show_cards(self) -> None:
        self.stack.setCurrentWidget(self.grid)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grid.load()

    def _leave_one_level(self) -> None:
        if self.large:
            self.show_cards()
        elif self.stack.currentWidget() is self.trouble:
            self.board_wanted.emit()
        else:
            self._review.end()

    @Slot(object)
    def _show_sitting(self, sitting: Sitting) -> None:
        verb = {Queue.WRONG: "Check yes", Queue.MISSING: "Check no"}.get(sitting.queue, "Find")
        self.title.setText(f"{verb}: {sitting.name}")
        self.queue.setCurrentIndex(self.queue.findData(sitting.queue))
        self.queue.setToolTip(QUEUES[sitting.queue][1])
        self.show_cards()
        self._show_counts()

    @Slot()
    def _show_page(self) -> None:
        if self.stack.currentWidget() is self.trouble:
            self.show_cards()
        if self.large:
            self.preview.show_current()

    @Slot()
    def _show_counts(self) -> None:
        sitting = self._review.sitting
        if sitting is None:
            return
        self.progress.setText(progress_words(sitting))
        rest = len(sitting.open_places())
        self.buttons["rest_no"].set_words(f"Rest: no ({rest})")
        self.hint.setText(self._hint(sitting, rest))
        self._enable()
        if self.large:
            self.preview.show_words()

    def _hint(self, sitting: Sitting, rest: int) -> str:
        if not sitting.cards:
            return ""
        if not rest:
            return "All cards of this page have a mark. Page done brings the next ones, ranked anew."
        what = "keeps its label" if sitting.checks else "stays undecided"
        verb = "Yes and No say what is true of the image. " if sitting.checks else ""
        return f"{verb}What has no mark {what} when the page is done."

    @Slot(bool)
    def _follow_busy(self, _busy: bool) -> None:
        self._enable()

    def _enable(self) -> None:
        sitting, review = self._review.sitting, self._review
        ready = sitting is not None and bool(sitting.cards) and not review.busy
        for name in DECIDING:
            self.actions_of_cards.action(name).setEnabled(ready and (review.writable or name == "skip"))
        rest = sitting is not None and bool(sitting.open_places())
        self.actions_of_cards.action("rest_no").setEnabled(ready and review.writable and rest)
        self.actions_of_cards.action("page_done").setEnabled(ready)
        for name, button in self.buttons.items():
            button.setEnabled(self.actions_of_cards.action(name).isEnabled())

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self.trouble.set_text("There are no cards to show", sentence, "Back to the board")
        self.stack.setCurrentWidget(self.trouble)
        self.trouble.button().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object, object)
    def _describe_undo(self, undo: str | None, redo: str | None) -> None:
        for name, verb, words in (("undo", "Undo", undo), ("redo", "Redo", redo)):
            action = self.actions_of_cards.action(name)
            action.setToolTip(f"{verb}: {words}" if words else f"There is nothing to {name}")

    @Slot(int)
    def _choose_queue(self, place: int) -> None:
        self.queue_wanted.emit(Queue(self.queue.itemData(place)))  # Qt hands back a plain text

    @Slot()
    def _show_keys(self) -> None:
        for name, button in self.buttons.items():
            button.set_key(self.actions_of_cards.key(name))

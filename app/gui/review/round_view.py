"""A review round: the cards of one category, buttons and progress."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.labels import LabelState
from app.domain.review import Queue
from app.gui.review.accept_button import accept_button
from app.gui.review.card_actions import DECIDING, CardActions
from app.gui.review.card_grid import CardGrid
from app.gui.review.card_preview import CardPreview
from app.gui.review.words import queue_words, round_words
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.key_button import KeyButton
from app.gui.widgets.text import ElidedText, Text
from app.jobs.review.round import ReviewRound
from app.jobs.review.session import ReviewSession
from app.jobs.settings.preferences import Preferences

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession


class RoundView(QWidget):
    """Shows the round of a ReviewSession, with its keys and buttons."""

    queue_wanted = Signal(object)
    """Another Queue of the same category."""
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
        self.queue.setAccessibleName(self.tr("Which cards"))
        for queue in Queue:
            name, hint = queue_words(queue)
            self.queue.addItem(name, queue)
            self.queue.setItemData(self.queue.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        self.accept = accept_button(self, self.accept_wanted)
        self.end = QPushButton(self.tr("End"))
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
            name: KeyButton(self.actions_of_cards.action(name), words)
            for name, words in self._button_words().items()
        }
        self.foot = FlowBox([*self.buttons.values(), self.accept])
        self._arrange()
        self._connect()

    def _button_words(self) -> dict[str, str]:
        return {
            "accept": self.tr("Yes"),
            "reject": self.tr("No"),
            "skip": self.tr("Skip"),
            "unknown": self.tr("Unknown"),
            "undo": self.tr("Undo"),
            "redo": self.tr("Redo"),
            "rest_no": self.tr("Rest: no"),
            "page_done": self.tr("Page done"),
        }

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
        review.round_began.connect(self._show_round)
        review.page_changed.connect(self._show_page)
        review.cards_changed.connect(self._show_counts)
        review.busy_changed.connect(self._follow_busy)
        review.failed.connect(self._show_failure)
        review.undo_changed.connect(self._describe_undo)

    # --- deciding

    def decide(self, state: LabelState) -> None:
        """Answer the current card; the next open one becomes current."""
        self._decide_card(self.grid.current, state)

    @Slot(int, object)
    def _decide_card(self, place: int, state: LabelState) -> None:
        active = self._review.round
        if active is None or place >= len(active.cards) or active.cards[place].image_id in active.pending:
            return
        self._review.decide([place], state)
        if active.cards[place].image_id in active.pending:
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
    def _show_round(self, active: ReviewRound) -> None:
        title = self.tr("Find: {category}")
        if active.queue is Queue.WRONG:
            title = self.tr("Check yes labels: {category}")
        elif active.queue is Queue.MISSING:
            title = self.tr("Check no labels: {category}")
        self.title.setText(title.format(category=active.name))
        self.queue.setCurrentIndex(self.queue.findData(active.queue))
        self.queue.setToolTip(queue_words(active.queue)[1])
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
        active = self._review.round
        if active is None:
            return
        self.progress.setText(round_words(active))
        rest = len(active.open_places())
        self.buttons["rest_no"].set_words(self.tr("Rest: no ({n})").format(n=rest))
        self.hint.setText(self._hint(active, rest))
        self._enable()
        if self.large:
            self.preview.show_words()

    def _hint(self, active: ReviewRound, rest: int) -> str:
        if not active.cards:
            return ""
        if not rest:
            return self.tr("All cards are answered. Page done shows the next ones, ranked again.")
        if active.checks:
            return self.tr("Answer for what the image shows. Cards without an answer keep their label.")
        return self.tr("Cards without an answer stay undecided.")

    @Slot(bool)
    def _follow_busy(self, _busy: bool) -> None:
        self._enable()

    def _enable(self) -> None:
        active, review = self._review.round, self._review
        ready = active is not None and bool(active.cards) and not review.busy
        for name in DECIDING:
            self.actions_of_cards.action(name).setEnabled(ready and (review.writable or name == "skip"))
        rest = active is not None and bool(active.open_places())
        self.actions_of_cards.action("rest_no").setEnabled(ready and review.writable and rest)
        self.actions_of_cards.action("page_done").setEnabled(ready)
        for name, button in self.buttons.items():
            button.setEnabled(self.actions_of_cards.action(name).isEnabled())

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self.trouble.set_text(self.tr("No cards to show"), sentence, self.tr("Back to the board"))
        self.stack.setCurrentWidget(self.trouble)
        self.trouble.button().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object, object)
    def _describe_undo(self, undo: str | None, redo: str | None) -> None:
        undo_hint = self.tr("Undo: {what}") if undo else self.tr("There is nothing to undo")
        redo_hint = self.tr("Redo: {what}") if redo else self.tr("There is nothing to redo")
        self.actions_of_cards.action("undo").setToolTip(undo_hint.format(what=undo))
        self.actions_of_cards.action("redo").setToolTip(redo_hint.format(what=redo))

    @Slot(int)
    def _choose_queue(self, place: int) -> None:
        self.queue_wanted.emit(Queue(self.queue.itemData(place)))  # Qt returns a plain string

    @Slot()
    def _show_keys(self) -> None:
        for name, button in self.buttons.items():
            button.set_key(self.actions_of_cards.key(name))

"""Review rounds in the open project, for the Review place."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.changes import BatchKind, ChangeSet
from app.domain.labels import LabelState
from app.domain.language import number, translate
from app.domain.review import ROUND_SIZE, Board, BoardRow, Card, Outcome, Page, Queue
from app.domain.stored_words import step_words
from app.domain.unsaved import DecideCards, Redo, Undo, UnsavedChange
from app.jobs.review.board_keeper import BoardKeeper
from app.jobs.review.round import ReviewRound

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.values.session import ProjectInfo
    from app.jobs.values.store import MutationResult, UndoState

PAGE_SIZE: Final = 12
_REVERTING: Final = ("undo", "redo")
_REVERTED: Final = (BatchKind.UNDO, BatchKind.REDO)


@dataclass(frozen=True, slots=True)
class Ending:
    """A finished round. ``proposal``: the category for the next one, or None."""

    round: ReviewRound
    outcome: Outcome
    proposal: BoardRow | None
    exhausted: bool
    """The queue has no more cards."""


class ReviewSession(QObject):
    """The current round, and the board in ``keeper``. Answers are shown once they are on disk."""

    round_began = Signal(object)
    """The ReviewRound; its first page follows."""
    page_changed = Signal()
    """There are different cards."""
    cards_changed = Signal()
    """Answers or counts changed."""
    busy_changed = Signal(bool)
    """Whether the next page is being ranked."""
    ended = Signal(object)
    """An Ending."""
    failed = Signal(str)
    """Why there is no page: a sentence."""
    undo_changed = Signal(object, object)
    """What undo and redo would do here; None for nothing."""
    message = Signal(str)
    """A status message: what was done, or why nothing was."""

    def __init__(
        self, session: "ProjectSession", parent: QObject | None = None, *, seed: int | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._seed = session, seed
        self.keeper = BoardKeeper(session, self)
        self._round: ReviewRound | None = None
        self._page_size = PAGE_SIZE
        self._busy = False
        self._requests: deque[str] = deque()
        self._reverting = False
        """An undo or redo in the ledger is on its way."""
        self._exhausted = False
        self._ledger_words: tuple[str | None, str | None] = (None, None)
        session.changed.connect(self._follow_change)
        session.answered.connect(self._follow_answer)
        session.unsaved.failed.connect(self._follow_failure)
        session.undo_state.connect(self._follow_undo)
        session.closed.connect(self._forget)
        session.ask(lambda store: store.undo_state(), then=self._take_undo_state)

    @property
    def board(self) -> Board | None:
        return self.keeper.board

    @property
    def round(self) -> ReviewRound | None:
        return self._round

    @property
    def busy(self) -> bool:
        return self._busy

    @property
    def info(self) -> "ProjectInfo | None":
        return self._session.info

    @property
    def writable(self) -> bool:
        return self.info is not None and not self.info.read_only

    # --- a round

    def begin(self, category_id: int, queue: Queue = Queue.LIKELY, goal: int = ROUND_SIZE) -> None:
        """Start a round over one category; ``page_changed`` or ``failed`` follows."""
        info = self.info
        name = next((one.name for one in info.categories if one.id == category_id), "") if info else ""
        if not name:
            return
        self._round = ReviewRound(category_id, name, queue, goal)
        self._requests.clear()
        self._emit_undo()
        self.round_began.emit(self._round)
        self._set_busy(True)
        size = self._round.room(self._page_size)
        seed = self._seed
        self._session.ask(
            lambda store: store.reviewing.begin(category_id, queue, size, seed),
            then=self._take_page,
            failed=self._fail,
            key="page",
        )

    def set_page_size(self, size: int) -> None:
        """The number of cards on the next pages."""
        self._page_size = max(1, size)

    def decide(self, places: Sequence[int], state: LabelState) -> None:
        """Answer these cards of the page and their near-duplicates, as one step of undo."""
        current = self._round
        if current is None or not self._can_decide():
            return
        cards = [current.cards[place] for place in places]
        if not cards:
            return
        current.submitted([card.image_id for card in cards])
        where = self._session.where_words([number for card in cards for number in card.images])
        words = f"{state.value.capitalize()}: {current.name} on {where}"
        self._session.carry_out(DecideCards(current.category_id, cards, state), words)
        self.cards_changed.emit()

    def skip(self, places: Sequence[int]) -> None:
        """Skip these cards: nothing is written, and they are not shown again in this round."""
        if self._round is not None and not self._busy and places:
            self._round.skip(places)
            self._emit_undo()
            self.cards_changed.emit()

    @Slot()
    def finish_page(self) -> None:
        """Show the next page; cards without an answer stay undecided."""
        self._when_saved("page")

    def reject_rest_and_finish(self) -> None:
        """Answer no for every card without an answer, then show the next page."""
        if self._round is not None and self._can_decide():
            self.decide(self._round.open_places(), LabelState.NO)
            self._when_saved("page")

    @Slot()
    def end(self) -> None:
        """End the round; ``ended`` follows."""
        self._when_saved("end")

    @Slot()
    def leave(self) -> None:
        """Leave the round; its answers are kept."""
        self._round = None
        self._requests.clear()
        self._set_busy(False)
        self._emit_undo()

    @Slot()
    def _forget(self) -> None:
        self._reverting = False
        self.leave()

    @Slot()
    def undo(self) -> None:
        self._when_saved("undo")

    @Slot()
    def redo(self) -> None:
        self._when_saved("redo")

    def _when_saved(self, what: str) -> None:
        """Do it once all answers are saved: undo must revert the last one, and a ranking must know all.

        Undo and redo also wait for a ranking and for each other, so that none is lost or hits another step.
        """
        if what not in _REVERTING:
            if self._busy:
                return
            self._requests = deque(one for one in self._requests if one in _REVERTING)
        self._requests.append(what)
        self._do_requests()
        held_up = self._session.unsaved.held_up is not None
        if self._requests and held_up:
            self.message.emit(translate("Jobs", "This will happen once your answers are saved."))

    def _do_requests(self) -> None:
        while self._requests and not (self._busy or self._reverting or (self._round and self._round.pending)):
            what = self._requests.popleft()
            if what in _REVERTING:
                self._undo_or_redo(_REVERTING.index(what))
            elif self._round is not None:
                (self._next_page if what == "page" else self._finish)()

    def _can_decide(self) -> bool:
        if not self.writable:
            self.message.emit(translate("Jobs", "This project is open read-only: labels cannot be changed."))
            return False
        return not self._busy

    def _next_page(self) -> None:
        current = self._round
        assert current is not None
        size = current.room(self._page_size)
        if size == 0:
            self._finish()
            return
        self._set_busy(True)
        hidden, seed = current.hidden(), self._next_seed()
        self._session.ask(
            lambda store: store.reviewing.page(current.category_id, current.queue, size, hidden, seed),
            then=self._take_page,
            failed=self._fail,
            key="page",
        )

    def _next_seed(self) -> int | None:
        return None if self._seed is None or self._round is None else self._seed + self._round.pages

    def _take_page(self, page: Page) -> None:
        current = self._round
        if current is None:
            return
        self._set_busy(False)
        if not page.cards:
            self._finish(exhausted=True)
            return
        current.show(page)
        self._session.learn_names([card.image_id for card in page.cards])
        self.page_changed.emit()
        self.cards_changed.emit()
        self._do_requests()

    def _finish(self, exhausted: bool = False) -> None:
        current = self._round
        assert current is not None
        current.leave_page()
        self._exhausted = exhausted
        self._set_busy(True)
        self._session.ask(
            lambda store: store.reviewing.outcome(current.category_id),
            then=self._take_outcome,
            failed=self._fail,
            key="page",
        )

    def _take_outcome(self, outcome: Outcome) -> None:
        current = self._round
        self._set_busy(False)
        if current is not None:
            self.ended.emit(
                Ending(current, outcome, self.keeper.proposal(current.category_id), self._exhausted)
            )
            self.keeper.note_change()
        self._do_requests()

    def _fail(self, error: BaseException) -> None:
        self._set_busy(False)
        self.failed.emit(str(error))
        self._do_requests()

    def _set_busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)

    # --- undo

    def _undo_or_redo(self, which: int) -> None:
        current = self._round
        if current is not None and (current.undo, current.redo)[which]():
            self._emit_undo()
            self.cards_changed.emit()
        elif self._ledger_words[which] is None:
            nothing = translate("Jobs", "There is nothing to redo.")
            self.message.emit(nothing if which else translate("Jobs", "There is nothing to undo."))
        elif which == 0 and (size := self._session.size_to_confirm()):
            words = translate("Jobs", "Undo would revert {n} changes: {change}. Press again to do it.")
            self.message.emit(words.format(n=number(size), change=self._ledger_words[0]))
        else:
            words = translate("Jobs", "Redone: {change}") if which else translate("Jobs", "Undone: {change}")
            self.message.emit(words.format(change=self._ledger_words[which]))
            self._reverting = True
            (self._session.undo, self._session.redo)[which]()

    @Slot(object, object)
    def _follow_undo(self, undo: str | None, redo: str | None) -> None:
        self._ledger_words = (undo or None, redo or None)
        self._emit_undo()

    def _take_undo_state(self, state: "UndoState") -> None:
        self._follow_undo(*(words and step_words(words) for words in (state.undo, state.redo)))

    def _emit_undo(self) -> None:
        own = (self._round.undo_words(), self._round.redo_words()) if self._round else (None, None)
        undo, redo = (words and step_words(words) for words in own)
        self.undo_changed.emit(undo or self._ledger_words[0], redo or self._ledger_words[1])

    # --- following

    @Slot(object)
    def _follow_change(self, change: ChangeSet) -> None:
        if self._round is not None and self._round.follow(change):
            self.cards_changed.emit()

    @Slot(object)
    def _follow_answer(self, done: "MutationResult") -> None:
        from app.jobs.store.review import CardAnswer

        if done.change.kind in _REVERTED:
            self._end_reverting()
        current, answer = self._round, done.answer
        if current is None or not isinstance(answer, CardAnswer):
            return
        # Not the answers of a round that was left before they were saved.
        if answer.category_id == current.category_id and current.pending.issuperset(answer.images):
            current.answered(answer.images, answer.state, bool(done.change))
            self._emit_undo()
            self.cards_changed.emit()
            self._do_requests()

    def _end_reverting(self) -> None:
        self._reverting = False
        self._do_requests()

    @Slot(object)
    def _follow_failure(self, change: UnsavedChange) -> None:
        if isinstance(change.action, (Undo, Redo)):
            self._requests.clear()
            self._end_reverting()
        if self._round is not None and not self._round.pending.isdisjoint(change.images):
            self._round.failed(change.images)
            self._requests.clear()
            self.cards_changed.emit()

    def cards(self) -> list[Card]:
        return [] if self._round is None else list(self._round.cards)

"""The Review place of an open project: what its screens show and do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.changes import ChangeSet
from app.domain.labels import LabelState
from app.domain.review import SITTING, Board, BoardRow, Card, Outcome, Page, Queue
from app.domain.unsaved import UnsavedChange
from app.jobs.board_keeper import BoardKeeper
from app.jobs.review_sitting import Sitting

if TYPE_CHECKING:
    from app.jobs.project_session import ProjectSession
    from app.jobs.session_values import ProjectInfo
    from app.jobs.store_values import Done

PAGE_SIZE: Final = 12


@dataclass(frozen=True, slots=True)
class Ending:
    """A sitting that has come to its end. ``proposal``: the category for the next one, None where none is."""

    sitting: Sitting
    outcome: Outcome
    proposal: BoardRow | None
    exhausted: bool
    """The queue has nothing more to show."""


class ReviewSession(QObject):
    """One sitting, and the board in ``keeper``. Decisions are shown when they are on the disk, not before."""

    sitting_began = Signal(object)
    """The Sitting; its first page follows."""
    page_changed = Signal()
    """Other cards show."""
    cards_changed = Signal()
    """Marks or counts are new."""
    busy_changed = Signal(bool)
    """Whether the next page is being ranked."""
    ended = Signal(object)
    """An Ending."""
    failed = Signal(str)
    """A sentence: the page could not be made."""
    undo_changed = Signal(object, object)
    """What undo and redo would do here, in words, or None."""
    said = Signal(str)
    """A short word on what was done, or why nothing was."""

    def __init__(
        self, session: "ProjectSession", parent: QObject | None = None, *, seed: int | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._seed = session, seed
        self.keeper = BoardKeeper(session, self)
        self._sitting: Sitting | None = None
        self._page_size = PAGE_SIZE
        self._busy = False
        self._after_pending: str = ""
        self._exhausted = False
        self._ledger_words: tuple[str | None, str | None] = (None, None)
        session.changed.connect(self._follow_change)
        session.answered.connect(self._follow_answer)
        session.unsaved.failed.connect(self._follow_failure)
        session.undo_state.connect(self._follow_undo)
        session.closed.connect(self.leave)
        session.ask("undo_words", then=self._take_undo_words)

    @property
    def board(self) -> Board | None:
        return self.keeper.board

    @property
    def sitting(self) -> Sitting | None:
        return self._sitting

    @property
    def busy(self) -> bool:
        return self._busy

    @property
    def info(self) -> "ProjectInfo | None":
        return self._session.info

    @property
    def writable(self) -> bool:
        return self.info is not None and not self.info.read_only

    # --- a sitting

    def begin(self, category_id: int, queue: Queue = Queue.LIKELY, goal: int = SITTING) -> None:
        """Sit down to the cards of one category; ``page_changed`` or ``failed`` follows."""
        info = self.info
        name = next((one.name for one in info.categories if one.id == category_id), "") if info else ""
        if not name:
            return
        self._sitting = Sitting(category_id, name, queue, goal)
        self._after_pending = ""
        self._tell_undo()
        self.sitting_began.emit(self._sitting)
        self._set_busy(True)
        size = self._sitting.room(self._page_size)
        self._session.ask(
            "reviewing.begin", category_id, queue, size, self._seed, then=self._take_page, failed=self._fail,
            key="page",
        )  # fmt: skip

    def set_page_size(self, size: int) -> None:
        """Cards that the next pages have."""
        self._page_size = max(1, size)

    def decide(self, places: Sequence[int], state: LabelState) -> None:
        """Say something about these cards of the page, with their near-duplicates: one step of undo."""
        sitting = self._sitting
        if sitting is None or not self._can_decide():
            return
        cards = [sitting.cards[place] for place in places]
        if not cards:
            return
        sitting.ask([card.image_id for card in cards])
        where = self._session.where_words([number for card in cards for number in card.images])
        words = f"{state.value.capitalize()}: {sitting.name} on {where}"
        self._session.change("reviewing.decide", sitting.category_id, cards, state, words=words)
        self.cards_changed.emit()

    def skip(self, places: Sequence[int]) -> None:
        """Pass over these cards: nothing is written, and they do not come up again in this sitting."""
        if self._sitting is not None and not self._busy and places:
            self._sitting.skip(places)
            self._tell_undo()
            self.cards_changed.emit()

    @Slot()
    def finish_page(self) -> None:
        """The page is as the person wants it: what has no mark stays undecided. The next page follows."""
        self._when_written("page")

    def reject_rest_and_finish(self) -> None:
        """No for every card of the page that has no mark, then the next page."""
        if self._sitting is not None and self._can_decide():
            self.decide(self._sitting.open_places(), LabelState.NO)
            self._when_written("page")

    @Slot()
    def end(self) -> None:
        """Enough for now; ``ended`` follows."""
        self._when_written("end")

    @Slot()
    def leave(self) -> None:
        """Forget the sitting; what was decided stays decided."""
        self._sitting = None
        self._set_busy(False)
        self._tell_undo()

    @Slot()
    def undo(self) -> None:
        self._when_written("undo")

    @Slot()
    def redo(self) -> None:
        self._when_written("redo")

    def _when_written(self, what: str) -> None:
        """Do it when no answer is on its way any more: undo must mean the last one, a ranking know all."""
        sitting = self._sitting
        if sitting is None and what in {"undo", "redo"}:
            self._take_back(("undo", "redo").index(what))
        if sitting is None or self._busy:
            return
        if sitting.pending:
            self._after_pending = what
            if self._session.unsaved.held_up is not None:
                self.said.emit("This waits until your answers are saved.")
        else:
            {"page": self._next_page, "end": self._finish, "undo": self._undo, "redo": self._redo}[what]()

    def _can_decide(self) -> bool:
        if not self.writable:
            self.said.emit("This project is read-only here: nothing can be decided.")
            return False
        return not self._busy

    def _next_page(self) -> None:
        sitting = self._sitting
        assert sitting is not None
        size = sitting.room(self._page_size)
        if size == 0:
            self._finish()
            return
        self._set_busy(True)
        self._session.ask(
            "reviewing.page", sitting.category_id, sitting.queue, size, sitting.hidden(), self._next_seed(),
            then=self._take_page, failed=self._fail, key="page",
        )  # fmt: skip

    def _next_seed(self) -> int | None:
        return None if self._seed is None or self._sitting is None else self._seed + self._sitting.pages

    def _take_page(self, page: Page) -> None:
        sitting = self._sitting
        if sitting is None:
            return
        self._set_busy(False)
        if not page.cards:
            self._finish(exhausted=True)
            return
        sitting.show(page)
        self._session.learn_names([card.image_id for card in page.cards])
        self.page_changed.emit()
        self.cards_changed.emit()

    def _finish(self, exhausted: bool = False) -> None:
        sitting = self._sitting
        assert sitting is not None
        sitting.leave_page()
        self._exhausted = exhausted
        self._set_busy(True)
        self._session.ask(
            "reviewing.outcome", sitting.category_id, then=self._take_outcome, failed=self._fail, key="page"
        )

    def _take_outcome(self, outcome: Outcome) -> None:
        sitting = self._sitting
        self._set_busy(False)
        if sitting is not None:
            self.ended.emit(
                Ending(sitting, outcome, self.keeper.proposal(sitting.category_id), self._exhausted)
            )
            self.keeper.note_change()

    def _fail(self, error: BaseException) -> None:
        self._set_busy(False)
        self.failed.emit(str(error))

    def _set_busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)

    # --- undo

    def _undo(self) -> None:
        self._take_back(0)

    def _redo(self) -> None:
        self._take_back(1)

    def _take_back(self, which: int) -> None:
        sitting, verb = self._sitting, ("undo", "redo")[which]
        if sitting is not None and (sitting.undo, sitting.redo)[which]():
            self._tell_undo()
            self.cards_changed.emit()
        elif self._ledger_words[which] is None:
            self.said.emit(f"There is nothing to {verb}.")
        else:
            self.said.emit(f"{verb.capitalize()}: {self._ledger_words[which]}")
            (self._session.undo, self._session.redo)[which]()

    @Slot(object, object)
    def _follow_undo(self, undo: str | None, redo: str | None) -> None:
        self._ledger_words = (undo or None, redo or None)
        self._tell_undo()

    def _take_undo_words(self, words: tuple[str | None, str | None]) -> None:
        self._follow_undo(*words)

    def _tell_undo(self) -> None:
        own = (self._sitting.undo_words(), self._sitting.redo_words()) if self._sitting else (None, None)
        self.undo_changed.emit(own[0] or self._ledger_words[0], own[1] or self._ledger_words[1])

    # --- following

    @Slot(object)
    def _follow_change(self, change: ChangeSet) -> None:
        if self._sitting is not None and self._sitting.follow(change):
            self.cards_changed.emit()

    @Slot(object)
    def _follow_answer(self, done: "Done") -> None:
        from app.jobs.review_store import CardAnswer

        sitting, answer = self._sitting, done.answer
        if sitting is None or not isinstance(answer, CardAnswer):
            return
        # Not those of a sitting that was left while they were on their way.
        if answer.category_id == sitting.category_id and sitting.pending.issuperset(answer.images):
            sitting.answered(answer.images, answer.state, bool(done.change))
            self._tell_undo()
            self.cards_changed.emit()
            self._go_on()

    def _go_on(self) -> None:
        if self._sitting is not None and not self._sitting.pending and self._after_pending:
            what, self._after_pending = self._after_pending, ""
            self._when_written(what)

    @Slot(object)
    def _follow_failure(self, change: UnsavedChange) -> None:
        if self._sitting is not None and not self._sitting.pending.isdisjoint(change.images):
            self._sitting.failed(change.images)
            self._after_pending = ""
            self.cards_changed.emit()

    def cards(self) -> list[Card]:
        return [] if self._sitting is None else list(self._sitting.cards)

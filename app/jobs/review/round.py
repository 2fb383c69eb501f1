"""One review round: the cards of a category, the answers to them, and undo."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.domain.changes import BatchKind, ChangeSet
from app.domain.labels import LabelState
from app.domain.review import LABEL_CHECKS, ROUND_SIZE, Card, CardState, Page, Queue

Mark = tuple[int, CardState, CardState]
"""The first image of a card, and the card's state before and after."""


@dataclass(eq=False, slots=True)
class _Step:
    """One step of undo, in the order of the person's answers. ``marks`` wrote no label; None: the step is in
    the ledger, or on its way there."""

    marks: tuple[Mark, ...] | None = None


@dataclass
class ReviewRound:
    """The state of a round, without Qt. Places index the cards of the page.

    Undo of written labels goes through the ledger. Answers that write nothing (a skip, a label that is
    confirmed, an *unknown* for an undecided image) are undone here.
    """

    category_id: int
    name: str
    queue: Queue
    goal: int = ROUND_SIZE
    cards: list[Card] = field(default_factory=list)
    page: Page | None = None
    pending: set[int] = field(default_factory=set)
    """First images of the cards whose answer is being saved."""
    pages: int = 0
    _states: dict[int, CardState] = field(default_factory=dict)
    """By first image, for every card that was shown."""
    _earlier: set[int] = field(default_factory=set)
    """First images of the cards of earlier pages."""
    _hidden: set[int] = field(default_factory=set)
    """Images that are not shown again in this round."""
    _done: list[_Step] = field(default_factory=list)
    _undone: list[_Step] = field(default_factory=list)
    _submitted: dict[frozenset[int], _Step] = field(default_factory=dict)
    """The steps that are being saved, by the first images of their cards."""

    # --- pages

    def show(self, page: Page) -> None:
        """Show the next page; unanswered cards of the current one are left as they are."""
        self.leave_page()
        self.page, self.cards = page, list(page.cards)
        self.pages += 1
        for card, present in zip(page.cards, page.present, strict=True):
            self._states.setdefault(card.image_id, CardState(present))

    def leave_page(self) -> None:
        for card in self.cards:
            self._hidden.update(card.images)
            self._earlier.add(card.image_id)
        self.cards = []

    def hidden(self) -> frozenset[int]:
        """Images that the next page must not show."""
        return frozenset(self._hidden.union(*(card.images for card in self.cards)))

    def room(self, size: int) -> int:
        """The number of cards for the next page, so that the round ends at its goal."""
        return max(0, min(size, self.goal - len(self._states)))

    def state(self, place: int) -> CardState:
        return self._states[self.cards[place].image_id]

    def open_places(self) -> list[int]:
        """Cards of the page without an answer, saved or being saved."""
        return [
            place
            for place, card in enumerate(self.cards)
            if not self._states[card.image_id].done and card.image_id not in self.pending
        ]

    # --- counts

    @property
    def checks(self) -> bool:
        """Whether labels are checked, so that *found* counts wrong labels."""
        return self.queue in LABEL_CHECKS

    @property
    def seen(self) -> int:
        """Cards that are done: answered, skipped, or left behind."""
        return sum(one.done for one in self._states.values()) + self.left

    @property
    def found(self) -> int:
        """Positives; if labels are checked, mistakes."""
        if self.checks:
            return sum(self._changed(one) for one in self._states.values())
        return self._count(LabelState.YES)

    @property
    def rejected(self) -> int:
        """Negatives; if labels are checked, correct labels."""
        answers = self._count(LabelState.YES) + self._count(LabelState.NO)
        return answers - self.found

    @property
    def skipped(self) -> int:
        unknown = self._count(LabelState.UNKNOWN)
        return unknown + sum(one.skipped and one.answer is None for one in self._states.values())

    @property
    def left(self) -> int:
        """Cards of earlier pages without an answer."""
        return sum(not self._states[number].done for number in self._earlier)

    @property
    def yield_(self) -> float | None:
        """Share of the answers that found something; None without answers."""
        answers = self.found + self.rejected
        return self.found / answers if answers else None

    def _changed(self, state: CardState) -> bool:
        return state.answer in {LabelState.YES, LabelState.NO} and state.answer is not state.present

    def _count(self, state: LabelState) -> int:
        return sum(one.answer is state for one in self._states.values())

    # --- answers

    def submitted(self, images: Sequence[int]) -> None:
        """The answer for the cards with these first images is being saved."""
        self.pending.update(images)
        step = self._submitted[frozenset(images)] = _Step()
        self._done.append(step)
        self._undone.clear()

    def answered(self, images: Sequence[int], state: LabelState, written: bool) -> None:
        """The answer was handled; ``written``: it has a ledger entry."""
        self.pending.difference_update(images)
        marks = self._mark(images, lambda old: replace(old, answer=state, skipped=False))
        step = self._submitted.pop(frozenset(images), None)
        if step is not None and not written:
            step.marks = marks

    def failed(self, images: Iterable[int]) -> None:
        """The answer for the cards with these first images was not saved."""
        gone = set(images)
        self.pending.difference_update(gone)
        for key in [key for key in self._submitted if not key.isdisjoint(gone)]:
            self._done.remove(self._submitted.pop(key))

    def skip(self, places: Sequence[int]) -> None:
        images = [self.cards[place].image_id for place in places]
        self._done.append(_Step(self._mark(images, lambda old: replace(old, answer=None, skipped=True))))
        self._undone.clear()

    def follow(self, change: ChangeSet) -> bool:
        """Take over changes to these cards, including undo and those of others; whether there were any."""
        if change.kind is BatchKind.UNDO and self._done and self._done[-1].marks is None:
            self._undone.append(self._done.pop())
        elif change.kind is BatchKind.REDO and self._undone and self._undone[-1].marks is None:
            self._done.append(self._undone.pop())
        touched = False
        for one in change.labels:
            state = self._states.get(one.image_id)
            if state is None or one.category_id != self.category_id:
                continue
            taken_back = change.kind is BatchKind.UNDO and one.after is state.present
            answer = None if taken_back else one.after
            self._states[one.image_id] = replace(state, answer=answer, skipped=False)
            touched = True
        return touched

    # --- undo of what the ledger does not hold

    def undo_words(self) -> str | None:
        """What the next undo would revert here; None if it is the ledger's."""
        return _words(self._done)

    def redo_words(self) -> str | None:
        return _words(self._undone)

    def undo(self) -> bool:
        """Undo the newest step if it is one of these; False if it is the ledger's."""
        marks = self._done[-1].marks if self._done else None
        if marks is None:
            return False
        self._undone.append(self._done.pop())
        self._states.update((number, before) for number, before, _ in marks)
        return True

    def redo(self) -> bool:
        marks = self._undone[-1].marks if self._undone else None
        if marks is None:
            return False
        self._done.append(self._undone.pop())
        self._states.update((number, after) for number, _, after in marks)
        return True

    def _mark(self, images: Sequence[int], change: Callable[[CardState], CardState]) -> tuple[Mark, ...]:
        marks = tuple((number, self._states[number], change(self._states[number])) for number in images)
        self._states.update((number, after) for number, _, after in marks)
        return marks


def _words(steps: Sequence[_Step]) -> str | None:
    marks = steps[-1].marks if steps else None
    if marks is None:
        return None
    return "Skip a card" if all(after.skipped for _, _, after in marks) else "Leave a label as it is"

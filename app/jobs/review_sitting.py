"""One sitting over the cards of a category: what was said, what was passed over, what undo means."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.domain.changes import BatchKind, ChangeSet
from app.domain.labels import LabelState
from app.domain.review import LABEL_CHECKS, SITTING, Card, CardState, Page, Queue

LEDGER = "ledger"
"""A step of undo that is in the ledger; any other step is a tuple of places whose mark was no label."""

Mark = tuple[int, CardState, CardState]
"""A leading image, how its card stood before, and after."""


@dataclass
class Sitting:
    """Plain bookkeeping, no Qt. Places count the cards of the page from 0.

    What is written is followed by what the ledger tells; what writes nothing (a skip, a label that stays as
    it is, an *unknown* for what nobody has decided) is undone here.
    """

    category_id: int
    name: str
    queue: Queue
    goal: int = SITTING
    cards: list[Card] = field(default_factory=list)
    page: Page | None = None
    pending: set[int] = field(default_factory=set)
    """Leading images whose answer is on its way to the disk."""
    pages: int = 0
    _states: dict[int, CardState] = field(default_factory=dict)
    """By leading image, of every card that was shown."""
    _earlier: set[int] = field(default_factory=set)
    """Leading images of earlier pages."""
    _hidden: set[int] = field(default_factory=set)
    """Images that do not come up again in this sitting."""
    _done: list[str | tuple[Mark, ...]] = field(default_factory=list)
    _undone: list[str | tuple[Mark, ...]] = field(default_factory=list)

    # --- pages

    def show(self, page: Page) -> None:
        """The cards of the next page; what is open on the present one is left as it is."""
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
        """Images that a next page does not show."""
        return frozenset(self._hidden.union(*(card.images for card in self.cards)))

    def room(self, size: int) -> int:
        """Cards that the next page may have, so that the sitting ends at its goal."""
        return max(0, min(size, self.goal - len(self._states)))

    def state(self, place: int) -> CardState:
        return self._states[self.cards[place].image_id]

    def open_places(self) -> list[int]:
        """Cards of the page of which nothing was said, and whose answer is not under way."""
        return [
            place
            for place, card in enumerate(self.cards)
            if not self._states[card.image_id].done and card.image_id not in self.pending
        ]

    # --- counts

    @property
    def checks(self) -> bool:
        """Whether labels are checked, so that *found* means a label that was wrong."""
        return self.queue in LABEL_CHECKS

    @property
    def seen(self) -> int:
        """Cards that are dealt with: said, skipped, or left behind."""
        return sum(one.done for one in self._states.values()) + self.left

    @property
    def found(self) -> int:
        """Positives; where labels are checked, mistakes."""
        if self.checks:
            return sum(self._changed(one) for one in self._states.values())
        return self._count(LabelState.YES)

    @property
    def rejected(self) -> int:
        """Negatives; where labels are checked, labels that were right."""
        said = self._count(LabelState.YES) + self._count(LabelState.NO)
        return said - self.found

    @property
    def skipped(self) -> int:
        unknown = self._count(LabelState.UNKNOWN)
        return unknown + sum(one.skipped and one.said is None for one in self._states.values())

    @property
    def left(self) -> int:
        """Cards of earlier pages of which nothing is said."""
        return sum(not self._states[number].done for number in self._earlier)

    @property
    def yield_(self) -> float | None:
        """Share of the answers that found something."""
        answers = self.found + self.rejected
        return self.found / answers if answers else None

    def _changed(self, state: CardState) -> bool:
        return state.said in {LabelState.YES, LabelState.NO} and state.said is not state.present

    def _count(self, state: LabelState) -> int:
        return sum(one.said is state for one in self._states.values())

    # --- answers

    def ask(self, images: Sequence[int]) -> None:
        """An answer for these leading images is on its way."""
        self.pending.update(images)

    def answered(self, images: Sequence[int], state: LabelState, written: bool) -> None:
        """The answer has been dealt with; ``written``: the ledger has an entry of it."""
        self.pending.difference_update(images)
        marks = self._mark(images, lambda old: replace(old, said=state, skipped=False))
        self._done.append(LEDGER if written else marks)
        self._undone.clear()

    def failed(self, images: Iterable[int]) -> None:
        """The answer for these leading images has not been written."""
        self.pending.difference_update(images)

    def skip(self, places: Sequence[int]) -> None:
        images = [self.cards[place].image_id for place in places]
        self._done.append(self._mark(images, lambda old: replace(old, said=None, skipped=True)))
        self._undone.clear()

    def follow(self, change: ChangeSet) -> bool:
        """Take over what the ledger tells of these cards, undo and others' work included; whether any."""
        if change.kind is BatchKind.UNDO and self._done[-1:] == [LEDGER]:
            self._undone.append(self._done.pop())
        elif change.kind is BatchKind.REDO and self._undone[-1:] == [LEDGER]:
            self._done.append(self._undone.pop())
        touched = False
        for one in change.labels:
            state = self._states.get(one.image_id)
            if state is None or one.category_id != self.category_id:
                continue
            taken_back = change.kind is BatchKind.UNDO and one.after is state.present
            said = None if taken_back else one.after
            self._states[one.image_id] = replace(state, said=said, skipped=False)
            touched = True
        return touched

    # --- undo of what the ledger does not hold

    def undo_words(self) -> str | None:
        """What an undo takes back here, None where it is the ledger's turn."""
        return _words(self._done)

    def redo_words(self) -> str | None:
        return _words(self._undone)

    def undo(self) -> bool:
        """Take back the newest step if it is one of these; False where it is the ledger's."""
        if not self._done or self._done[-1] == LEDGER:
            return False
        marks = self._done.pop()
        self._undone.append(marks)
        self._states.update((number, before) for number, before, _ in _marks(marks))
        return True

    def redo(self) -> bool:
        if not self._undone or self._undone[-1] == LEDGER:
            return False
        marks = self._undone.pop()
        self._done.append(marks)
        self._states.update((number, after) for number, _, after in _marks(marks))
        return True

    def _mark(self, images: Sequence[int], change: Callable[[CardState], CardState]) -> tuple[Mark, ...]:
        marks = tuple((number, self._states[number], change(self._states[number])) for number in images)
        self._states.update((number, after) for number, _, after in marks)
        return marks


def _marks(step: str | tuple[Mark, ...]) -> tuple[Mark, ...]:
    return () if isinstance(step, str) else step


def _words(steps: Sequence[str | tuple[Mark, ...]]) -> str | None:
    if not steps or steps[-1] == LEDGER:
        return None
    after = {mark[2].skipped for mark in _marks(steps[-1])}
    return "Skip a card" if after == {True} else "Leave a label as it is"

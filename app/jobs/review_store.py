"""What the Review place asks of the open project, for the storage thread."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import KnownError
from app.domain.labels import LabelState
from app.domain.review import LABEL_CHECKS, Board, Card, Estimate, Outcome, Page, Queue, Span
from app.jobs.store_values import Done
from app.services import review_board
from app.services.review_decisions import decide_cards
from app.services.review_queue import category_queue

if TYPE_CHECKING:
    from app.jobs.open_store import OpenStore
    from app.services.suggestions import LiveSuggestions

SLICE_SECONDS: Final = 0.03
"""So long at most a decision may wait behind estimates."""

NO_FEATURES: Final = "There are no features to sort the images by yet; compute them first."
NOT_ENCODED: Final = "The text of this category has not been encoded yet; it takes part in a moment."


class CardAnswer(NamedTuple):
    """What was asked for, to be found again in Done.answer."""

    category_id: int
    images: tuple[int, ...]
    """The leading images of the cards."""
    state: LabelState


@dataclass(frozen=True, slots=True)
class _Before:
    """The category as it was when the sitting began; ``suggested`` bool [R], None without a threshold."""

    category_id: int
    ap: Span | None
    suggested: NDArray[np.bool_] | None
    undecided: NDArray[np.bool_]


@dataclass
class ReviewStore:
    """The operations of one open project; belongs to the storage thread."""

    store: "OpenStore"
    _ground: review_board.Ground | None = field(default=None)
    _before: _Before | None = field(default=None)
    _speakers: dict[int, str] = field(default_factory=dict)
    """Which learner spoke, of the cards that were shown last."""

    def board(self) -> Board:
        """The counts of all categories. The estimates are asked for after it."""
        project, context, live = self.store.opened(), self.store.caught_up(), self.store.live
        self._ground = None if live is None else review_board.survey(project, live)
        return review_board.make_board(
            context.categories,
            context.counts,
            len(context.images),
            project.cuts,
            0 if live is None else len(live.image_ids),
        )

    def estimates(self, category_ids: Sequence[int]) -> dict[int, Estimate | None]:
        """As many of these, in their order, as can be worked out in a moment, and at least one.

        None for a category of which the learners know nothing yet.
        """
        self.store.caught_up()
        project, live = self.store.opened(), self.store.live
        found: dict[int, Estimate | None] = {}
        end = time.perf_counter() + SLICE_SECONDS
        for number in category_ids:
            known = live is not None and number in live.category_ids
            if live is None or not known or self._ground is None:
                found[number] = None
            else:
                found[number] = review_board.estimate(project, live, number, self._ground)
            if time.perf_counter() > end:
                break
        return found

    def begin(self, category_id: int, queue: Queue, limit: int, seed: int | None) -> Page:
        """The first page of a sitting, whose outcome() is told against this moment. Raises KnownError."""
        page = self.page(category_id, queue, limit, (), seed)
        live = self._live(category_id)
        self._before = _Before(
            category_id, page.ap, _suggested(live, category_id), live.states(category_id) == -1
        )
        return page

    def page(
        self, category_id: int, queue: Queue, limit: int, skip: Collection[int], seed: int | None
    ) -> Page:
        """The next cards, ranked by what the learners know now. Raises KnownError."""
        self.store.caught_up()
        live = self._live(category_id)
        cards = category_queue(
            self.store.opened(), live, category_id, queue, limit=limit, seed=seed, skip=skip
        )
        self._speakers = _speakers(live, category_id, cards)
        states = live.states(category_id)
        present = [_label(int(states[_row(live, card)])) for card in cards]
        return Page(
            cards=cards,
            present=present if queue in LABEL_CHECKS else [LabelState.UNKNOWN] * len(cards),
            threshold=live.threshold(category_id),
            ap=_precision(live, category_id),
            yes=int((states == 1).sum()),
        )

    def outcome(self, category_id: int) -> Outcome:
        """What has changed since begin(). Raises KnownError."""
        self.store.caught_up()
        live, before = self._live(category_id), self._before
        after = _precision(live, category_id)
        if before is None or before.category_id != category_id:
            return Outcome(None, after, None, None)
        now = _suggested(live, category_id)
        if now is None or len(now) != len(before.undecided):  # indexed anew meanwhile
            return Outcome(before.ap, after, None, None)
        earlier = np.zeros_like(now) if before.suggested is None else before.suggested
        both = before.undecided & (live.states(category_id) == -1)
        came, went = int((both & now & ~earlier).sum()), int((both & earlier & ~now).sum())
        return Outcome(before.ap, after, came, went)

    def decide(self, category_id: int, cards: Sequence[Card], state: LabelState) -> Done:
        """One answer for these cards and their near-duplicates, as one step of undo."""
        change = decide_cards(self.store.opened(), category_id, cards, state, speakers=self._speakers)
        images = tuple(card.image_id for card in cards)
        asked = sum(len(card.images) for card in cards)
        return self.store.done(change, asked, CardAnswer(category_id, images, state))

    def _live(self, category_id: int) -> "LiveSuggestions":
        live = self.store.live
        if live is None:
            raise KnownError(NO_FEATURES)
        if category_id not in live.category_ids:
            raise KnownError(NOT_ENCODED)
        return live


def _suggested(live: "LiveSuggestions", category_id: int) -> NDArray[np.bool_] | None:
    threshold = live.threshold(category_id)
    if threshold is None:
        return None
    found: NDArray[np.bool_] = live.for_category(category_id) >= threshold
    return found


def _precision(live: "LiveSuggestions", category_id: int) -> Span | None:
    ap = live.average_precision(category_id)
    yes = int((live.states(category_id) == 1).sum())
    return None if ap is None else review_board.precision_span(ap, yes)


def _speakers(live: "LiveSuggestions", category_id: int, cards: Sequence[Card]) -> dict[int, str]:
    ranked = live.for_images([card.image_id for card in cards]) if cards else []
    return {
        one.image_id: one.model or one.learner.value
        for suggestions in ranked
        for one in suggestions
        if one.category_id == category_id
    }


def _row(live: "LiveSuggestions", card: Card) -> int:
    return int(np.searchsorted(live.image_ids, card.image_id))


def _label(state: int) -> LabelState:
    return {1: LabelState.YES, 0: LabelState.NO}.get(state, LabelState.UNKNOWN)

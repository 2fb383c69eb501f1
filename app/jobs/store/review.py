"""The Review place's operations on the open project, for the storage thread."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.domain.labels import STATE_OF, LabelState
from app.domain.review import LABEL_CHECKS, Board, Card, Estimate, Interval, Outcome, Page, Queue
from app.domain.suggestions import Learner
from app.jobs.store.project_state import ProjectState
from app.jobs.values.store import MutationResult
from app.services.review import board as review_board
from app.services.review.decisions import decide_cards
from app.services.review.queue import category_queue
from app.services.suggestions.intervals import precision_interval

if TYPE_CHECKING:
    from app.services.suggestions.suggestions import LiveSuggestions

SLICE_SECONDS: Final = 0.03
"""The longest that a decision waits for estimates."""


class CardAnswer(NamedTuple):
    """The answer to review cards, in MutationResult.answer."""

    category_id: int
    images: tuple[int, ...]
    """The first image of each card."""
    state: LabelState


@dataclass(frozen=True, slots=True)
class _Before:
    """The category at the start of the round; ``suggested`` bool [R], None without a threshold."""

    category_id: int
    ap: Interval | None
    suggested: NDArray[np.bool_] | None
    undecided: NDArray[np.bool_]


@dataclass
class ReviewStore:
    """Belongs to the storage thread."""

    state: ProjectState
    _usable: NDArray[np.bool_] | None = field(default=None)
    _before: _Before | None = field(default=None)
    _speakers: dict[int, str] = field(default_factory=dict)
    """The learner with the most weight, by image, for the cards shown last."""

    def board(self) -> Board:
        """The counts of all categories, without estimates."""
        state = self.state
        project, context, live = state.opened(), state.up_to_date(), state.live
        self._usable = None if live is None else context.usable(live.image_ids)
        return review_board.make_board(
            context.categories,
            context.counts,
            len(context.images),
            project.cuts,
            0 if live is None else len(live.image_ids),
        )

    def estimates(self, category_ids: Sequence[int]) -> dict[int, Estimate | None]:
        """The estimates of the first of these categories, as many as fit into SLICE_SECONDS, at least one.

        None for a category without an encoded text.
        """
        self.state.up_to_date()
        project, live = self.state.opened(), self.state.live
        found: dict[int, Estimate | None] = {}
        end = time.perf_counter() + SLICE_SECONDS
        for number in category_ids:
            known = live is not None and number in live.category_ids
            if live is None or not known or self._usable is None:
                found[number] = None
            else:
                found[number] = review_board.estimate(project, live, number, self._usable)
            if time.perf_counter() > end:
                break
        return found

    def begin(self, category_id: int, queue: Queue, limit: int, seed: int | None) -> Page:
        """The first page of a round; outcome() compares with this moment. Raises KnownError."""
        page = self.page(category_id, queue, limit, (), seed)
        live = self.state.scores(category_id)
        self._before = _Before(
            category_id, page.ap, _suggested(live, category_id), live.states(category_id) == -1
        )
        return page

    def page(
        self, category_id: int, queue: Queue, limit: int, skip: Collection[int], seed: int | None
    ) -> Page:
        """The next cards, from the current scores. Raises KnownError."""
        context, live = self.state.up_to_date(), self.state.scores(category_id)
        cards = category_queue(
            self.state.opened(),
            live,
            category_id,
            queue,
            limit=limit,
            seed=seed,
            skip=skip,
            usable=context.usable(live.image_ids),
        )
        imported = queue is Queue.IMPORTED
        self._speakers = (
            {card.image_id: Learner.IMPORTED.value for card in cards}
            if imported
            else _speakers(live, category_id, cards)
        )
        states = live.states(category_id)
        present = [STATE_OF[int(states[_row(live, card)])] for card in cards]
        return Page(
            cards=cards,
            present=present if queue in LABEL_CHECKS else [LabelState.UNKNOWN] * len(cards),
            threshold=None if imported else live.threshold(category_id),
            ap=_precision(live, category_id),
            yes=int((states == 1).sum()),
            learned=imported or live.learned(category_id),
        )

    def outcome(self, category_id: int) -> Outcome:
        """What changed since begin(). Raises KnownError."""
        self.state.up_to_date()
        live, before = self.state.scores(category_id), self._before
        after = _precision(live, category_id)
        if before is None or before.category_id != category_id:
            return Outcome(None, after, None, None)
        now = _suggested(live, category_id)
        if now is None or len(now) != len(before.undecided):  # indexed in the meantime
            return Outcome(before.ap, after, None, None)
        earlier = np.zeros_like(now) if before.suggested is None else before.suggested
        both = before.undecided & (live.states(category_id) == -1)
        came, went = int((both & now & ~earlier).sum()), int((both & earlier & ~now).sum())
        return Outcome(before.ap, after, came, went)

    def decide(self, category_id: int, cards: Sequence[Card], state: LabelState) -> MutationResult:
        """Give these cards and their near-duplicates one answer, as one step of undo."""
        change = decide_cards(self.state.opened(), category_id, cards, state, speakers=self._speakers)
        images = tuple(card.image_id for card in cards)
        images_decided = sum(len(card.images) for card in cards)
        return self.state.done(change, images_decided, CardAnswer(category_id, images, state))


def _suggested(live: "LiveSuggestions", category_id: int) -> NDArray[np.bool_] | None:
    threshold = live.threshold(category_id)
    if threshold is None:
        return None
    found: NDArray[np.bool_] = live.for_category(category_id) >= threshold
    return found


def _precision(live: "LiveSuggestions", category_id: int) -> Interval | None:
    found = live.precision(category_id)
    return None if found is None else precision_interval(*found)


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

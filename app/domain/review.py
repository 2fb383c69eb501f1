"""The values of a review: cards, the board of categories, and the outcome of a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from app.domain.categories import Band
from app.domain.labels import LabelState, Origin

ROUND_SIZE: Final = 40
"""The number of cards in one review round."""


AUDIT: Final = " audit"
"""The end of an origin: a card of a queue that was drawn at random."""


class Queue(StrEnum):
    """``likely`` finds positives, ``unsure`` has uncertain images, ``wrong`` and ``missing`` check labels;
    ``imported`` has what other models suggest."""

    LIKELY = "likely"
    UNSURE = "unsure"
    WRONG = "wrong"
    MISSING = "missing"
    RANDOM = "random"
    IMPORTED = "imported"


LABEL_CHECKS: Final = frozenset({Queue.WRONG, Queue.MISSING})


@dataclass(frozen=True, slots=True)
class Card:
    """One image to review. ``copies`` are near-duplicates in the same state that are labelled with it.

    ``probability`` is calibrated, and computed without the image's own label; ``origin`` is recorded in the
    ledger.
    """

    image_id: int
    probability: float
    reason: str
    origin: Origin
    copies: tuple[int, ...] = ()

    @property
    def images(self) -> tuple[int, ...]:
        return (self.image_id, *self.copies)

    @property
    def sampled(self) -> bool:
        """Whether it was drawn at random, to see what the scores miss, and not because it is likely."""
        return self.origin.queue.endswith(AUDIT)


class Interval(NamedTuple):
    """An estimate ``middle`` with its 90 % interval."""

    low: float
    middle: float
    high: float


class Step(StrEnum):
    """What to do next for a category."""

    FIND = "find"
    """There is no example yet."""
    REVIEW = "review"
    CHECK = "check"
    """Hardly any positives are left to find: check the labels with which the scores disagree."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Estimates for one category.

    ``hidden``: positives among the undecided images; ``ap``: average precision on the labelled ones; both
    None with too few labels. ``gain``: the expected recall gained by the next round, for sorting.
    ``to_medium``: undecided images to review, most likely first, until the category is expected to leave the
    tail; None if it is not in the tail, or will not leave it. ``example``: the id of a typical yes image.
    """

    hidden: Interval | None
    ap: Interval | None
    gain: float
    to_medium: int | None = None
    example: int | None = None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One category on the board. ``images`` counts all images; ``estimate`` is None until it is computed."""

    category_id: int
    name: str
    band: Band
    yes: int
    no: int
    images: int
    estimate: Estimate | None = None

    @property
    def verified(self) -> float:
        """Share of the images that are labelled yes or no, 0 to 1."""
        return (self.yes + self.no) / self.images if self.images else 0.0

    @property
    def undecided(self) -> int:
        return max(0, self.images - self.yes - self.no)

    @property
    def step(self) -> Step:
        if not self.undecided:
            return Step.CHECK if self.yes and self.no else Step.NOTHING
        if not self.yes:
            return Step.FIND
        hidden = None if self.estimate is None else self.estimate.hidden
        return Step.CHECK if hidden is not None and hidden.high < 1 else Step.REVIEW

    @property
    def round_size(self) -> int:
        """The most cards that the next round can have."""
        return min(ROUND_SIZE, self.undecided)


@dataclass(frozen=True, slots=True)
class Board:
    """``rows`` by ascending number of yes labels, then by name; ``as_of`` in UTC."""

    rows: Sequence[BoardRow]
    as_of: datetime
    indexed: int = 0


@dataclass(frozen=True, slots=True)
class CardState:
    """The state of a card in a round.

    ``present`` is the label before the round. ``answer`` was given in this round and can be UNKNOWN;
    None without an answer.
    """

    present: LabelState = LabelState.UNKNOWN
    answer: LabelState | None = None
    skipped: bool = False

    @property
    def done(self) -> bool:
        return self.answer is not None or self.skipped


@dataclass(frozen=True, slots=True)
class Page:
    """Cards to be shown together, with their ``present`` labels; ``ap`` and ``yes`` are the category's.

    Not ``learned``: it has no yes or no no, and the cards' probabilities are this project's guesses.
    """

    cards: Sequence[Card]
    present: Sequence[LabelState]
    threshold: float | None
    ap: Interval | None
    yes: int
    learned: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a round. ``came`` and ``went``: undecided images that are newly suggested, and no longer
    suggested; None if the category has no threshold."""

    ap_before: Interval | None
    ap_after: Interval | None
    came: int | None
    went: int | None

"""The values of a review: cards, the board of categories, and what a session has brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from app.domain.categories import Band
from app.domain.labels import LabelState, Origin

SITTING: Final = 40
"""Cards that one sitting offers."""


class Queue(StrEnum):
    """``likely`` finds positives, ``unsure`` asks at the border, ``wrong`` and ``missing`` check labels."""

    LIKELY = "likely"
    UNSURE = "unsure"
    WRONG = "wrong"
    MISSING = "missing"
    RANDOM = "random"


LABEL_CHECKS: Final = frozenset({Queue.WRONG, Queue.MISSING})


@dataclass(frozen=True, slots=True)
class Card:
    """One image to look at. ``copies`` are near-duplicates in the same state, to be decided with it.

    ``probability`` is calibrated, for a labelled image without its own label; ``origin`` goes into the
    ledger with the decision.
    """

    image_id: int
    probability: float
    reason: str
    origin: Origin
    copies: tuple[int, ...] = ()

    @property
    def images(self) -> tuple[int, ...]:
        return (self.image_id, *self.copies)


class Span(NamedTuple):
    """A number that is not known exactly: with a chance of nine in ten it lies between the outer two."""

    low: float
    middle: float
    high: float


class Step(StrEnum):
    """What to do next for a category."""

    FIND = "find"
    """There is no example yet."""
    REVIEW = "review"
    CHECK = "check"
    """Hardly anything is left to find: look at the labels that the scores doubt."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the scores say of a category as a whole.

    ``hidden``: positives among the undecided images; ``ap``: average precision on the labelled ones; both
    None while too little is known. ``gain``: how much recall the next sitting is expected to bring, for
    sorting. ``to_medium``: undecided images to look at, likely ones first, until the category is expected to
    leave the tail; None where it has left it, or never will.
    """

    hidden: Span | None
    ap: Span | None
    gain: float
    to_medium: int | None = None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One category on the board. ``images`` counts all; ``estimate`` is None until it has been worked out."""

    category_id: int
    name: str
    band: Band
    yes: int
    no: int
    images: int
    estimate: Estimate | None = None

    @property
    def verified(self) -> float:
        """Share of the images of which it is known whether they hold the category, 0 to 1."""
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
    def sitting(self) -> int:
        """Cards that the next sitting shows at most."""
        return min(SITTING, self.undecided)


@dataclass(frozen=True, slots=True)
class Board:
    """``rows``: tail first, the fewest yes labels before more, by name among equals; ``as_of`` in UTC."""

    rows: Sequence[BoardRow]
    as_of: datetime
    indexed: int = 0


@dataclass(frozen=True, slots=True)
class CardState:
    """How a card stands: what is known of its image, and what has been said in this sitting.

    ``present`` is the label before the sitting. ``said`` is None while nothing was said; UNKNOWN is said too.
    """

    present: LabelState = LabelState.UNKNOWN
    said: LabelState | None = None
    skipped: bool = False

    @property
    def done(self) -> bool:
        return self.said is not None or self.skipped


@dataclass(frozen=True, slots=True)
class Page:
    """Cards to be shown together. ``ap`` and ``yes`` describe the category at this moment."""

    cards: Sequence[Card]
    present: Sequence[LabelState]
    threshold: float | None
    ap: Span | None
    yes: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sitting has changed. ``came`` and ``went``: undecided images that are suggested now and were not
    before, and the other way round; None where the category has no threshold."""

    ap_before: Span | None
    ap_after: Span | None
    came: int | None
    went: int | None

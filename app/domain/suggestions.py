"""What the machine proposes. A suggestion never becomes a label by itself."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.labels import LabelState


class Learner(StrEnum):
    """The learner that speaks most in a suggestion."""

    TEXT = "text"
    LIVE = "live"
    TUNED = "tuned"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One category proposed for one image.

    ``probability`` is calibrated, in [0, 1]; ``state`` is the image's present label (explicit or implied by
    review); ``threshold`` is the category's threshold on the same scale, None while too little is known.
    """

    image_id: int
    category_id: int
    category: str
    probability: float
    learner: Learner
    state: LabelState
    threshold: float | None = None
    model: str | None = None

"""Suggestions of the model. A suggestion never becomes a label automatically."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.labels import LabelState

UNSURE_WITHIN: Final = 0.15
"""A probability this close to the threshold is unsure."""

LEAST_LIKELY: Final = 0.05
"""Nothing below is suggested: after a first review, with a single no, a threshold may be almost zero."""


class Learner(StrEnum):
    """The learner with the most weight in a suggestion. ``imported``: another model, from a file."""

    TEXT = "text"
    LIVE = "live"
    TUNED = "tuned"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class LikelyCategory:
    """A category suggested for ``images`` of a selection, of those without an answer.

    ``probability``: the mean over these. ``learned``: as in Suggestion.
    """

    category_id: int
    images: int
    probability: float
    learned: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One category suggested for one image.

    ``probability`` is calibrated, in [0, 1], or the confidence of an imported one; ``state`` is the image's
    current label (explicit or implied by review); ``threshold`` is the category's on the same scale, None
    with too few labels. ``learned``: the category has at least one yes and one no, and several no are not
    all of one image, or another model suggests it; without, the probability is a guess.
    """

    image_id: int
    category_id: int
    category: str
    probability: float
    learner: Learner
    state: LabelState
    threshold: float | None = None
    model: str | None = None
    learned: bool = True

    @property
    def suggested(self) -> bool:
        """Whether it is at or above its threshold, whatever its state."""
        return is_suggested(self.probability, self.threshold, learned=self.learned)


def is_suggested(probability: float | None, threshold: float | None, *, learned: bool) -> bool:
    """Whether a probability is at or above its threshold; a guess never is."""
    return learned and probability is not None and threshold is not None and probability >= threshold

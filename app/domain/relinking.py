"""Missing images and the new files that they may be."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.images import Image


class Likeness(StrEnum):
    """Why two files are thought to show one picture."""

    SAME_PICTURE = "same picture"
    """The encoded pictures are equal; only metadata differ."""
    SIMILAR = "looks alike"
    FEATURES = "similar features"


@dataclass(frozen=True, slots=True)
class Candidate:
    """``value``: likeness from 0 to 1, 1 for equal pictures.

    ``answered``: the missing image has labels, a review or a history.
    """

    missing: Image
    new: Image
    likeness: Likeness
    value: float
    answered: bool

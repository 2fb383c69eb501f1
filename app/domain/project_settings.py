"""What a person may set for a project, besides its image model and folders."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.domain.categories import BandCuts

MOST_YES: Final = 1_000_000
"""The highest number of yes labels at which a band may begin."""


class ThresholdAim(StrEnum):
    """What the thresholds of suggestions weigh more: that those above are right, or that none is missed."""

    PRECISION = "precision"
    BALANCED = "balanced"
    RECALL = "recall"

    @property
    def beta(self) -> float:
        """The weight of recall in the F measure: 0.5, 1 or 2."""
        return {ThresholdAim.PRECISION: 0.5, ThresholdAim.BALANCED: 1.0, ThresholdAim.RECALL: 2.0}[self]


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    cuts: BandCuts = field(default_factory=BandCuts)
    aim: ThresholdAim = ThresholdAim.BALANCED

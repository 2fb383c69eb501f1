"""Whether there are enough labels to train, and to judge what was trained: one rule for all who ask."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.language import number, translate
from app.domain.training import Need, NeedKind
from cprfl_core.evaluation.gate import LEAST_CATEGORIES, LEAST_IMAGES, LEAST_POSITIVES, what_counts
from cprfl_core.tuning.limits import LEAST_IMAGES as LEAST_TUNED
from cprfl_core.tuning.limits import LEAST_YES


@dataclass(frozen=True, slots=True)
class Readiness:
    """``needs`` of the gate. ``refusal`` says why training cannot run at all; else it is empty.

    ``one_sided``: yes labels of categories without a no, which cannot be judged.
    """

    needs: tuple[Need, ...]
    refusal: str
    one_sided: int = 0

    @property
    def enough(self) -> bool:
        """Whether a new version could be judged."""
        return all(need.met for need in self.needs)

    @property
    def missing(self) -> str:
        """What a version could not be judged for, as a sentence; empty if nothing is missing."""
        if self.enough:
            return ""
        words = {
            NeedKind.IMAGES: translate("Training", "{have} of {want} labelled images"),
            NeedKind.YES: translate("Training", "{have} of {want} yes labels"),
            NeedKind.CATEGORIES: translate(
                "Training", "{have} of {want} categories with several yes and a no"
            ),
        }
        parts = [
            words[need.kind].format(have=number(need.have), want=number(need.want))
            for need in self.needs
            if not need.met
        ]
        sentence = translate("Training", "Too few labels to judge a new version: {missing}.")
        return sentence.format(missing=", ".join(parts))


def readiness(states: NDArray[np.int8]) -> Readiness:
    """From the labels [N, C] in {1, 0, -1} of the images that a run would learn from."""
    images, positives, categories = what_counts(states)
    needs = (
        Need(NeedKind.IMAGES, images, LEAST_IMAGES),
        Need(NeedKind.YES, positives, LEAST_POSITIVES),
        Need(NeedKind.CATEGORIES, categories, LEAST_CATEGORIES),
    )
    yes, refusal = int((states == 1).sum()), ""
    if images < LEAST_TUNED or yes < LEAST_YES:
        refusal = translate(
            "Training",
            "Training needs at least {least_images} labelled images and {least_yes} yes labels; there are "
            "{images} and {yes}. Review some more images first.",
        ).format(least_images=LEAST_TUNED, least_yes=LEAST_YES, images=images, yes=yes)
    without_no = (states == 1).sum(axis=0)[~(states == 0).any(axis=0)]
    return Readiness(needs, refusal, int(without_no.sum()))

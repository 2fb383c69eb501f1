"""The gate: whether a new part of the suggestions, or a new version of it, is used.

It compares two sets of scores of the same labelled images, from learners that have not seen these labels:
those with the new part and those in use. Shapes: N images, C categories, K in a band, B bootstrap samples.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.errors import InputError
from cprfl_core.evaluation.evidence import (
    BandName,
    by_band,
    drawings,
    drawn_precisions,
    interval,
    mean_precision,
    measurable,
)

Floats = NDArray[np.float64]

# With less than this the answer is "too few to judge".
LEAST_IMAGES: Final = 40
LEAST_POSITIVES: Final = 30
LEAST_CATEGORIES: Final = 3
TOLERANCE: Final = 0.005
"""A fall of a band by this much cannot be noticed in use."""


@dataclass(frozen=True, slots=True)
class BandEvidence:
    """Mean average precision of both sides in one band, over ``categories`` categories.

    ``low`` and ``high`` bound new minus current, at 90 %.
    """

    band: BandName
    categories: int
    current: float
    new: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        return self.new - self.current


class Ground(StrEnum):
    """Why a part is used or not."""

    TOO_FEW = "too few"
    FELL = "fell"
    """A band fell, by more than chance explains."""
    MAY_HAVE_FALLEN = "may have fallen"
    """A band fell, perhaps by chance."""
    NOT_BETTER = "not better"
    """The total fell a little."""
    NO_GAIN = "no gain"
    ROSE = "rose"


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """Whether a part has ``earned`` its place, and the evidence; ``bands`` are those that can be judged.

    ``reason`` is a sentence where there was too little to judge by (``bands`` is empty), else the end of one.
    ``ground`` and ``decisive``, the band that decided (None for too few labels), say the same as values.
    """

    earned: bool
    reason: str
    images: int
    positives: int
    bands: tuple[BandEvidence, ...] = ()
    ground: Ground = Ground.TOO_FEW
    decisive: BandEvidence | None = None

    def sentence(self, accepted: str, refused: str) -> str:
        """The reason as a sentence that starts with what follows from it, such as "Activated"."""
        return f"{accepted if self.earned else refused}: {self.reason}" if self.bands else self.reason


def judge(
    current: ArrayLike,
    new: ArrayLike,
    targets: ArrayLike,
    *,
    positives: ArrayLike,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    cuts: tuple[int, int] = (20, 100),
    samples: int = 400,
    seed: int = 0,
) -> PartVerdict:
    """Compare two sets of out-of-fold scores [N, C] on labels [N, C] in {1, 0, -1}.

    Args:
        positives: [C], the yes labels of each category in the project, which decide its band by ``cuts``.
        weights: [N], from `evidence.inclusion_weights`; default all 1.
        groups: [N], near-duplicates, drawn together by the bootstrap; default each image by itself.

    Returns:
        The new side has earned its place where it is measurably better in total or in one band (the interval
        is above 0), is not below the current one in total, and falls in no band by more than 0.005.

    Raises:
        InputError: shapes differ or a score is not finite.
    """
    old, fresh = np.asarray(current, np.float64), np.asarray(new, np.float64)
    label, count = np.asarray(targets), np.asarray(positives)
    _check(old, fresh, label, count)
    judged = measurable(label)
    images, known, categories = what_counts(label)
    few = too_few(images, known, categories)
    if few:
        return PartVerdict(False, few, images, known)
    drawn = drawings(len(label), weights, groups, samples, seed)
    before, after = (drawn_precisions(side, label, judged, drawn) for side in (old, fresh))
    bands = tuple(
        _band(name, before[chosen], after[chosen])
        for name, chosen in by_band(count[judged], cuts).items()
        if chosen.any()
    )
    ground, decisive = _decide(bands)
    reason = _reason(ground, decisive)
    return PartVerdict(ground is Ground.ROSE, reason, images, known, bands, ground, decisive)


def what_counts(targets: ArrayLike) -> tuple[int, int, int]:
    """(images, positives, categories) of labels [N, C] in {1, 0, -1}: the labelled images, the categories
    whose precision can be measured, and their yes labels.
    """
    label = np.asarray(targets)
    judged = measurable(label)
    return int((label >= 0).any(axis=1).sum()), int((label[:, judged] == 1).sum()), len(judged)


def _check(old: Floats, fresh: Floats, label: NDArray[np.int8], count: NDArray[np.int64]) -> None:
    if old.ndim != 2 or not (old.shape == fresh.shape == label.shape and count.shape == old.shape[1:]):
        raise InputError(
            f"Scores {old.shape} and {fresh.shape}, labels {label.shape} and positives {count.shape} do not "
            "fit; give [images, categories] three times and [categories]."
        )
    for name, scores in (("current", old), ("new", fresh)):
        if not np.isfinite(scores).all():
            raise InputError(f"The {name} scores contain NaN or infinity, so they cannot be judged.")


def too_few(images: int, positives: int, categories: int) -> str | None:
    """Why these labels are too few to judge two sets of scores by; None if they suffice."""
    if images >= LEAST_IMAGES and positives >= LEAST_POSITIVES and categories >= LEAST_CATEGORIES:
        return None
    return (
        f"Too few labels to judge: {images} labelled images of {LEAST_IMAGES}, {positives} yes labels of "
        f"{LEAST_POSITIVES}, {categories} categories of {LEAST_CATEGORIES} with several yes and a no."
    )


def _band(name: BandName, before: Floats, after: Floats) -> BandEvidence:
    """From average precisions [K, 1 + B] of both sides, the first column without drawing."""
    current, new = mean_precision(before), mean_precision(after)
    return BandEvidence(name, len(before), float(current[0]), float(new[0]), *interval((new - current)[1:]))


def _decide(bands: tuple[BandEvidence, ...]) -> tuple[Ground, BandEvidence]:
    total = bands[0]
    fallen = [one for one in bands if one.difference < -TOLERANCE]
    if fallen:
        worst = min(fallen, key=lambda one: one.difference)
        return (Ground.FELL if worst.high < 0 else Ground.MAY_HAVE_FALLEN), worst
    if total.difference < 0:
        return Ground.NOT_BETTER, total
    risen = [one for one in bands if one.low > 0]
    if not risen:
        return Ground.NO_GAIN, total
    return Ground.ROSE, max(risen, key=lambda one: one.difference)


def _reason(ground: Ground, band: BandEvidence) -> str:
    name = "quality over all categories" if band.band == "total" else band.band
    numbers = f"from {band.current:.3f} to {band.new:.3f}"
    return {
        Ground.FELL: f"{name} fell {numbers}, more than chance explains.",
        Ground.MAY_HAVE_FALLEN: f"{name} fell {numbers}, perhaps by chance, and no band may fall.",
        Ground.NOT_BETTER: f"{name} fell {numbers}, and what is not better is not used.",
        Ground.NO_GAIN: f"no gain beyond chance; {name} went {numbers}.",
        Ground.ROSE: f"{name} rose {numbers}, more than chance explains, and no band fell.",
    }[ground]

"""Evidence before a new model version is used: persistent folds, paired differences, and a verdict in words.

Both sides are judged on the same images by scores that have not seen them (each refitted per fold). Images
that a queue picked are weighted by how likely they were to be picked. Shapes: N images, C categories, B
bootstrap samples.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.errors import InputError
from cprfl_core.queues import NEAR_DUPLICATE

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
BandName = Literal["total", "head", "medium", "tail"]

FOLDS: Final = 5
BANDS: Final[tuple[BandName, ...]] = ("total", "head", "medium", "tail")
# A category takes part from so many held-out yes on, with at least one no.
CATEGORY_POSITIVES: Final = 3
# Below these the answer is "too few to judge".
LEAST_IMAGES: Final = 40
LEAST_POSITIVES: Final = 30
LEAST_CATEGORIES: Final = 3
# A band may fall by this much without anybody being able to tell.
TOLERANCE: Final = 0.005
INTERVAL: Final = 0.90
# A rare pick would otherwise outweigh hundreds of others.
_LARGEST_WEIGHT: Final = 50.0
_BLOCK_ROWS: Final = 1024


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """``better`` decides on activation; ``reason`` is a sentence; ``bands`` only those that can be judged."""

    better: bool
    reason: str
    images: int
    positives: int
    bands: tuple[BandEvidence, ...] = ()


def persistent_folds(
    content: Sequence[str], units: NDArray[np.float32], *, folds: int = FOLDS
) -> tuple[Ints, Ints]:
    """The fold [N] and the group of near-duplicates [N] of each image.

    ``content`` [N] are content hashes, ``units`` [N, D] embeddings from queues.centred_units, both in the
    order in which the images came into the project: a group takes the fold that the hash of its oldest image
    gives, so that an image keeps its fold for good, whatever comes later.
    """
    if len(content) != len(units):
        raise InputError(
            f"There are {len(content)} content hashes and {len(units)} embeddings; give equal ones."
        )
    group = _groups(units)
    by_group = {
        int(g): int.from_bytes(hashlib.blake2b(content[g].encode(), digest_size=8).digest(), "big") % folds
        for g in np.unique(group)
    }
    return np.array([by_group[int(g)] for g in group], np.intp), group


def inclusion_weights(inclusion: ArrayLike) -> Floats:
    """What each image counts, [N]: one over the chance of its being picked, bounded, scaled to a mean of 1.

    NaN, a chance that is not known, counts as 1.
    """
    chance = np.asarray(inclusion, np.float64)
    weight = np.where(np.isnan(chance), 1.0, 1.0 / np.maximum(chance, 1.0 / _LARGEST_WEIGHT))
    scaled: Floats = weight / weight.mean() if weight.size else weight
    return scaled


def weighted_average_precision(scores: ArrayLike, yes: ArrayLike, weights: ArrayLike) -> Floats:
    """Average precision [B] of one category under B weightings of its images.

    ``scores`` [N], ``yes`` bool [N], ``weights`` [B, N] or [N]. Equals scikit-learn's with ``sample_weight``,
    ties included; NaN where the positives weigh nothing.
    """
    score, target = np.asarray(scores, np.float64), np.asarray(yes, np.bool_)
    weight = np.atleast_2d(np.asarray(weights, np.float64))
    if not score.size:
        return np.full(len(weight), np.nan)
    order = np.argsort(-score, kind="stable")
    score, target, weight = score[order], target[order], weight[:, order]
    ends = np.flatnonzero(np.append(score[1:] != score[:-1], True))
    seen = np.cumsum(weight, axis=1)[:, ends]
    hits = np.cumsum(weight * target, axis=1)[:, ends]
    gained = np.diff(hits, axis=1, prepend=0.0)
    total = hits[:, -1]
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(seen > 0, hits / seen, 0.0)
        found: Floats = np.where(total > 0, (gained * precision).sum(axis=1) / total, np.nan)
    return found


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
) -> Verdict:
    """Compare two sets of out-of-fold scores [N, C] on labels [N, C] in {1, 0, -1}.

    Args:
        positives: [C], the yes labels of each category in the project, which decide its band by ``cuts``.
        weights: [N], from `inclusion_weights`; default all 1.
        groups: [N], near-duplicates, drawn together by the bootstrap; default each image by itself.

    Returns:
        The verdict. The new side is better when it is measurably above the current one in total or in one
        band (the interval lies above 0), is not below it in total, and falls in no band by more than 0.005.

    Raises:
        InputError: shapes differ or a score is not finite.
    """
    old, fresh = np.asarray(current, np.float64), np.asarray(new, np.float64)
    label, count = np.asarray(targets), np.asarray(positives)
    _check(old, fresh, label, count)
    weight = np.ones(len(label)) if weights is None else np.asarray(weights, np.float64)
    group = np.arange(len(label)) if groups is None else np.asarray(groups, np.intp)
    yes, no = (label == 1).sum(axis=0), (label == 0).sum(axis=0)
    judged = np.flatnonzero((yes >= CATEGORY_POSITIVES) & (no > 0))
    images, known = int((label >= 0).any(axis=1).sum()), int(yes[judged].sum())
    few = _too_few(images, known, len(judged))
    if few:
        return Verdict(False, few, images, known)
    drawn = np.vstack([np.ones(len(label)), bootstrap(group, samples, seed)]) * weight
    ap = np.stack([_both(old[:, c], fresh[:, c], label[:, c], drawn) for c in judged])  # [K, 2, B]
    bands = tuple(
        _band(name, ap[chosen]) for name, chosen in by_band(count[judged], cuts).items() if chosen.any()
    )
    better, reason = _decide(bands)
    return Verdict(better, reason, images, known, bands)


def _check(old: Floats, fresh: Floats, label: NDArray[np.int8], count: NDArray[np.int64]) -> None:
    if old.ndim != 2 or not (old.shape == fresh.shape == label.shape and count.shape == old.shape[1:]):
        raise InputError(
            f"Scores {old.shape} and {fresh.shape}, labels {label.shape} and positives {count.shape} do not "
            "fit; give [images, categories] three times and [categories]."
        )
    for name, scores in (("current", old), ("new", fresh)):
        if not np.isfinite(scores).all():
            raise InputError(
                f"The {name} scores hold NaN or infinity; a model that gives them is no candidate."
            )


def _too_few(images: int, positives: int, categories: int) -> str | None:
    if images >= LEAST_IMAGES and positives >= LEAST_POSITIVES and categories >= LEAST_CATEGORIES:
        return None
    return (
        f"Too few to judge: {images} labelled images with {positives} yes in {categories} measurable "
        f"categories; it takes {LEAST_IMAGES}, {LEAST_POSITIVES} and {LEAST_CATEGORIES}."
    )


def _groups(units: NDArray[np.float32]) -> Ints:
    """The oldest image of each image's group; likeness joins in chains, unlike in a queue."""
    parent = np.arange(len(units), dtype=np.intp)

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = int(parent[one])
        return one

    for start in range(0, len(units), _BLOCK_ROWS):
        likeness = units[start : start + _BLOCK_ROWS] @ units.T
        for row, other in np.argwhere(likeness >= NEAR_DUPLICATE):
            first, second = root(start + int(row)), root(int(other))
            parent[max(first, second)] = min(first, second)
    return np.array([root(one) for one in range(len(units))], np.intp)


def bootstrap(group: Ints, samples: int, seed: int) -> Floats:
    """How often each image is drawn, [B, N], whole groups at a time."""
    members, place = np.unique(group, return_inverse=True)
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(members), np.full(len(members), 1 / len(members)), size=samples)
    drawn: Floats = times[:, place].astype(np.float64)
    return drawn


def _both(old: Floats, fresh: Floats, label: NDArray[np.int8], drawn: Floats) -> Floats:
    known = label >= 0
    yes, weight = label[known] == 1, drawn[:, known]
    return np.stack([weighted_average_precision(side[known], yes, weight) for side in (old, fresh)])


def by_band(positives: NDArray[np.int64], cuts: tuple[int, int]) -> dict[BandName, NDArray[np.bool_]]:
    tail, head = positives < cuts[0], positives >= cuts[1]
    return {"total": np.ones(len(positives), np.bool_), "head": head, "medium": ~head & ~tail, "tail": tail}


def _band(name: BandName, ap: Floats) -> BandEvidence:
    """``ap`` [K, 2, 1 + B], the first without drawing."""
    # A sample without a positive of a category says nothing about it, for neither side.
    there = ~np.isnan(ap)
    mean = np.where(there, ap, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)  # [2, 1 + B]
    differences = (mean[1] - mean[0])[1:][there[:, 0, 1:].any(axis=0)]
    low, high = np.quantile(differences, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    return BandEvidence(name, len(ap), float(mean[0, 0]), float(mean[1, 0]), float(low), float(high))


def _decide(bands: tuple[BandEvidence, ...]) -> tuple[bool, str]:
    total = bands[0]
    fallen = [one for one in bands if one.difference < -TOLERANCE]
    if fallen:
        worst = min(fallen, key=lambda one: one.difference)
        within = "outside" if worst.high < 0 else "within"
        return False, f"Not activated: {_moved(worst, 'fell')}, {within} its interval."
    if total.difference < 0:
        return False, f"Not activated: {_moved(total, 'fell')}, and what is not better is not used."
    risen = [one for one in bands if one.low > 0]
    if not risen:
        return False, f"Not activated: no measured gain; {_moved(total, 'went')}, {_interval(total)}."
    best = max(risen, key=lambda one: one.difference)
    return True, f"Activated: {_moved(best, 'rose')}, {_interval(best)}, and no band fell."


def _moved(band: BandEvidence, verb: str) -> str:
    name = "the mean over all categories" if band.band == "total" else band.band
    return f"{name} {verb} from {band.current:.3f} to {band.new:.3f}"


def _interval(band: BandEvidence) -> str:
    return f"difference {band.low:+.3f} to {band.high:+.3f}"

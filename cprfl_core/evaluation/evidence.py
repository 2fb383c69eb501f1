"""Out-of-fold evidence: persistent folds, weights of images, and average precision under a bootstrap.

Shapes: N images, C categories, K of them measured, D embedding width, B bootstrap samples.
"""

import hashlib
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.errors import InputError
from cprfl_core.evaluation.queues import NEAR_DUPLICATE

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
BandName = Literal["total", "head", "medium", "tail"]

FOLDS: Final = 5
BANDS: Final[tuple[BandName, ...]] = ("total", "head", "medium", "tail")
CATEGORY_POSITIVES: Final = 3
"""A category is measured from this many yes labels, with at least one no."""
INTERVAL: Final = 0.90
# Without a limit one rarely picked image could outweigh hundreds of others.
_LARGEST_WEIGHT: Final = 50.0
_BLOCK_ROWS: Final = 1024


def persistent_folds(
    content: Sequence[str], units: NDArray[np.float32], *, folds: int = FOLDS
) -> tuple[Ints, Ints]:
    """The fold [N] and the group of near-duplicates [N] of each image.

    ``content`` [N] are content hashes, ``units`` [N, D] embeddings from `queues.centred_units`, both with the
    oldest image first: a group takes the fold given by the hash of its oldest image, so an image keeps its
    fold whatever is added later. Raises InputError where the lengths differ.
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
    """The weight of each image, [N]: one over the probability that it was picked, at most 50, mean 1.

    NaN, an unknown probability, counts as 1.
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


def _groups(units: NDArray[np.float32]) -> Ints:
    """The oldest image of each image's group. Near-duplicates are joined in chains, unlike in a queue."""
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
    """How often each image is drawn, [B, N]; a group is drawn as a whole."""
    members, place = np.unique(group, return_inverse=True)
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(members), np.full(len(members), 1 / len(members)), size=samples)
    drawn: Floats = times[:, place].astype(np.float64)
    return drawn


def measurable(labels: NDArray[np.int8]) -> Ints:
    """The categories [K] that have enough yes labels in [N, C], and a no."""
    yes, no = (labels == 1).sum(axis=0), (labels == 0).sum(axis=0)
    return np.flatnonzero((yes >= CATEGORY_POSITIVES) & (no > 0))


def drawings(
    images: int, weights: ArrayLike | None, groups: ArrayLike | None, samples: int, seed: int
) -> Floats:
    """Weightings [1 + B, N] of the images: ``weights`` as they are (default all 1), then B bootstrap samples.

    ``groups`` [N] are drawn together; by default each image is a group.
    """
    weight = np.ones(images) if weights is None else np.asarray(weights, np.float64)
    group = np.arange(images) if groups is None else np.asarray(groups, np.intp)
    return np.vstack([np.ones(images), bootstrap(group, samples, seed)]) * weight


def drawn_precisions(scores: Floats, labels: NDArray[np.int8], categories: Ints, drawn: Floats) -> Floats:
    """Average precision [K, B] of some categories, for scores and labels [N, C] under weightings [B, N]."""
    found = []
    for category in categories:
        label = labels[:, category]
        known = label >= 0
        found.append(weighted_average_precision(scores[known, category], label[known] == 1, drawn[:, known]))
    return np.stack(found)


def mean_precision(precisions: Floats) -> Floats:
    """The mean [B] over categories [K, B], NaN where no category has one.

    A sample that drew no positive of a category says nothing about that category.
    """
    there = ~np.isnan(precisions)
    count = there.sum(axis=0)
    mean: Floats = np.where(there, precisions, 0.0).sum(axis=0) / np.maximum(count, 1)
    mean[count == 0] = np.nan
    return mean


def interval(samples: Floats) -> tuple[float, float]:
    """The bounds of the middle 90 % of samples [B]; NaN is left out."""
    low, high = np.nanquantile(samples, [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
    return float(low), float(high)


def by_band(positives: NDArray[np.int64], cuts: tuple[int, int]) -> dict[BandName, NDArray[np.bool_]]:
    """The members [K] of each band, for yes labels [K]; ``cuts`` as in `metrics.long_tail_report`."""
    tail, head = positives < cuts[0], positives >= cuts[1]
    return {"total": np.ones(len(positives), np.bool_), "head": head, "medium": ~head & ~tail, "tail": tail}

"""Which images to review next: rare positives, uncertain ones, likely mistakes, and a random sample.

Pure functions of the learners' scores. Shapes: N images, C categories, D embedding width, R candidates. Where
images are compared, ``units`` are their embeddings as returned by `centred_units`.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

NEAR_DUPLICATE = 0.97
"""Cosine of centred embeddings from which two images count as near-duplicates."""
PAGE = 12
"""Rows that are shown and decided together; on average one of them is a random sample."""
# The cost of similarity to images that were picked already, as a share of the range of the values.
_LIKENESS_COST = 0.3
_NEIGHBOURS = 10
_LEAST_PROBABILITY = 1e-6
_BLOCK_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Picked:
    """Rows in the order in which they are shown, and the probability with which each was picked.

    ``inclusion`` is 1 for rows chosen by score, and (expected sample / remaining) for the ``audit`` sample:
    dividing by it makes counts over the queue unbiased for all rows at this moment (Horvitz, Thompson 1952).
    """

    rows: Ints
    inclusion: Floats
    audit: NDArray[np.bool_]


def review_values(probabilities: ArrayLike, yes: ArrayLike, reviewed: ArrayLike) -> Floats:
    """The value of reviewing each image for the rare categories, [N].

    One more yes raises the recall of its category by 1 / (expected positives of the category), and teaches
    less the more yes labels are known. So

        value[i] = sum over c of p[i, c] / (expected[c] * (1 + yes[c])),
        expected[c] = yes[c] + sum of p[j, c] over the images j not reviewed, at least 1.

    ``probabilities`` [N, C] calibrated, ``yes`` [C] the known yes labels, ``reviewed`` bool [N].
    """
    chance, known = np.asarray(probabilities, np.float64), np.asarray(yes, np.float64)
    done = np.asarray(reviewed, np.bool_)
    if chance.ndim != 2 or known.shape != chance.shape[1:] or done.shape != chance.shape[:1]:
        raise InputError(
            f"Probabilities {chance.shape}, yes {known.shape} and reviewed {done.shape} do not fit; "
            "give [images, categories], [categories] and [images]."
        )
    expected = np.maximum(known + chance[~done].sum(axis=0), 1.0)
    values: Floats = chance @ (1.0 / (expected * (1.0 + known)))
    return values


def doubt(probabilities: ArrayLike, threshold: float) -> Floats:
    """How uncertain a probability is, [N]: 1 at the threshold, falling with the difference in log-odds."""
    away = _logit(np.asarray(probabilities, np.float64)) - _logit(np.float64(threshold))
    return 1.0 / (1.0 + np.abs(away))


def centred_units(embeddings: ArrayLike, centre: ArrayLike) -> NDArray[np.float32]:
    """Embeddings [R, D] minus the collection's mean [D], normalised to length 1.

    The embeddings of a collection share most of their direction, so raw cosines call too many images similar.
    """
    rows = np.asarray(embeddings, np.float32) - np.asarray(centre, np.float32)
    units: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return units


def label_surprise(probabilities: ArrayLike, labels: ArrayLike, units: NDArray[np.float32]) -> Floats:
    """How much contradicts each label of one category, [N], 0 where there is no label.

    ``probabilities`` [N] must not have seen the label that they judge (leave-one-out or out of fold). The
    surprise -log p(label) is multiplied by 1 + the share of the ten nearest labelled images with the other
    answer.
    """
    chance = np.clip(np.asarray(probabilities, np.float64), _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
    label = np.asarray(labels)
    known = np.flatnonzero(label >= 0)
    found = np.zeros(len(label))
    if known.size:
        yes = label[known] == 1
        surprise = -np.log(np.where(yes, chance[known], 1.0 - chance[known]))
        found[known] = surprise * (1.0 + _disagreement(units[known], yes))
    return found


def near_duplicates(units: NDArray[np.float32], similarity: float = NEAR_DUPLICATE) -> Ints:
    """The leader of each row, [R]: the first row, in this order, that it is a near-duplicate of, or itself.

    Give the best candidates first, so that the best one leads its stack.
    """
    leader = np.arange(len(units), dtype=np.intp)
    likeness = units @ units.T
    for row in range(len(units)):
        if leader[row] == row:
            alike = np.flatnonzero(likeness[row] >= similarity)
            leader[alike[(alike > row) & (leader[alike] == alike)]] = row
    return leader


def spread_out(
    values: ArrayLike, units: NDArray[np.float32], count: int, cost: float = _LIKENESS_COST
) -> Ints:
    """Pick up to ``count`` rows of high value that differ from each other, best first.

    Greedy: each step takes the row with the highest value minus ``cost`` times its cosine to the nearest row
    taken before (values are scaled to 0..1 first). ``cost`` 0 is plain sorting.
    """
    value = np.asarray(values, np.float64)
    wanted = min(count, len(value))
    if wanted <= 0:
        return np.empty(0, np.intp)
    span = float(np.ptp(value))
    value = (value - value.min()) / span if span > 0 else np.zeros(len(value))
    nearest = np.zeros(len(value))
    free = np.ones(len(value), np.bool_)
    picked = np.empty(wanted, np.intp)
    for place in range(wanted):
        picked[place] = row = int(np.argmax(np.where(free, value - cost * nearest, -np.inf)))
        free[row] = False
        nearest = np.maximum(nearest, units @ units[row])
    return picked


def with_audit(
    chosen: Sequence[int] | Ints,
    remaining: Sequence[int] | Ints,
    rng: np.random.Generator,
    *,
    limit: int,
    page: int = PAGE,
) -> Picked:
    """Mix a random sample of the remaining rows into the chosen ones: on average one of ``page`` rows.

    Returns ``limit`` rows if there are that many; the last of the chosen make room. Each audit row has a
    random place in its part of the queue. The sample shows what the scores cannot: how many positives there
    are where nobody would look.
    """
    best, total = np.asarray(chosen, np.intp), limit
    expected = limit / page
    count = min(int(expected + rng.random()), limit)
    cut = max(0, len(best) + count - total)
    rest = np.concatenate([best[len(best) - cut :], np.asarray(remaining, np.intp)])
    best = best[: len(best) - cut]
    count = min(count, len(rest))
    places = np.zeros(len(best) + count, np.bool_)
    for low, high in itertools.pairwise(np.linspace(0, len(places), count + 1).astype(np.intp)):
        places[rng.integers(low, high)] = True
    rows = np.empty(len(places), np.intp)
    rows[places], rows[~places] = rng.choice(rest, size=count, replace=False), best
    chance = min(1.0, expected / len(rest)) if len(rest) else 1.0
    return Picked(rows, np.where(places, chance, 1.0), places)


def _disagreement(units: NDArray[np.float32], yes: NDArray[np.bool_]) -> Floats:
    """The share of the nearest neighbours of each labelled row with the other label, [K]."""
    near = min(_NEIGHBOURS, len(units) - 1)
    share = np.zeros(len(units))
    if near < 1:
        return share
    for start in range(0, len(units), _BLOCK_ROWS):
        rows = np.arange(start, min(start + _BLOCK_ROWS, len(units)))
        likeness = units[rows] @ units.T
        likeness[np.arange(len(rows)), rows] = -np.inf
        neighbours = np.argpartition(-likeness, near - 1, axis=1)[:, :near]
        share[rows] = (yes[neighbours] != yes[rows, None]).mean(axis=1)
    return share


def _logit(probability: Floats | np.float64) -> Floats:
    clipped = np.clip(probability, _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
    found: Floats = np.log(clipped) - np.log1p(-clipped)
    return found

"""Samples labelled entries for fitting, and corrects their weights for biased labelling."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.blocks import blocks

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Expected yes for each no among single answers, before there are fair images: one for six.
FAIR_YES, FAIR_NO = 0.5, 3.0
YOUNG = 0.1
# Up to this many yes of a category are all in the sample.
YES_EACH = 1_000
_BLOCK_ENTRIES = 200_000
_BLOCK_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Entries:
    """Labels to set, all [E]: image, category, state in {1, 0, -1}; without duplicates."""

    rows: Ints
    categories: Ints
    states: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class LabelSample:
    """E labelled entries, sorted by category. Each represents ``importance`` entries.

    ``chance`` is an entry's fixed number in [0, 1). ``labelled`` of the ``count`` categories count as
    labelled (``_labelled``); the others do not affect the sample, so adding a category does not change it.
    """

    categories: Ints
    slots: Ints
    yes: NDArray[np.bool_]
    importance: Floats
    chance: Floats
    labelled: int
    count: int

    def subsample(
        self, *, yes_entries: int, no_entries: int, yes_each: int, no_each: int
    ) -> tuple[Ints, Floats]:
        """Indices of the entries of a smaller sample, and their importance.

        A category gets its share of ``yes_entries`` and ``no_entries``, but at least ``yes_each`` and
        ``no_each``.
        """
        quota = yes_entries / self.labelled, no_entries / self.labelled
        share = np.where(
            self.yes,
            _shares(self.categories[self.yes], self.count, quota[0], yes_each)[self.categories],
            _shares(self.categories[~self.yes], self.count, quota[1], no_each)[self.categories],
        )
        kept = np.flatnonzero(self.chance < share)
        return kept, self.importance[kept] / share[kept]


def sample_labels(states: NDArray[np.int8], images: Ints, limit: int) -> LabelSample:
    """All usable entries, or about ``limit`` of them if there are more: all yes of a category up to YES_EACH,
    and an equal number of each category's no.

    ``states`` [n, C] in {1, 0, -1}; ``images`` [n] identifies the images: whether an image is in the sample
    of a category depends neither on its slot nor on other labels.
    """
    labelled, count = _labelled(states), states.shape[1]
    usable, fair, weight = _trust(states, labelled)
    each = np.maximum(_counted(states, 0), 1), np.maximum(_counted(states, 1), 1)
    shares = np.minimum(
        1.0, np.stack([max(limit / labelled, 1) / each[0], max(limit / labelled, YES_EACH) / each[1]])
    )
    step = max(1, _BLOCK_ENTRIES // max(len(states), 1))
    found = []
    for first in range(0, max(count, 1), step):
        block = slice(first, first + step)
        category, slot = np.nonzero((states[:, block].T >= 0) & usable[block, None])
        category += first
        yes = states[slot, category] == 1
        trusted = np.where(yes & ~fair[slot], weight[category], 1.0)
        chance, share = fixed_chance(images[slot], category), shares[yes.astype(np.intp), category]
        kept = (chance < share) & (trusted > 0)
        category, slot, yes, share = category[kept], slot[kept], yes[kept], share[kept]
        found.append((category, slot, yes, trusted[kept] / share, chance[kept] / share))
    category, slot, yes, importance, chance = (np.concatenate(part) for part in zip(*found, strict=True))
    return LabelSample(category, slot, yes, importance, chance, labelled, count)


def _labelled(states: NDArray[np.int8]) -> int:
    """Number of labelled categories, at least 1.

    A category with less than a tenth of the median number of labels does not count yet, so that the first
    labels of a new category change nothing for the others.
    """
    known = _counted(states, 0) + _counted(states, 1)
    labelled = known[known > 0]
    return int((labelled >= YOUNG * np.median(labelled)).sum()) if labelled.size else 1


def _trust(states: NDArray[np.int8], labelled: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Floats]:
    """Usable categories [C], fair images [n], and the weight of a category's yes on other images, [C].

    Everything else has weight 1. An image on which most of the ``labelled`` categories are known is a fair
    sample. Single answers are biased towards yes: an import lists only what is present, and a queue shows
    likely images first. So the single yes of a category together weigh no more than the number expected from
    its single no and the fair images; otherwise one no after an import of sixty yes would make every other
    image a likely yes.
    """
    fair = np.concatenate(
        [2 * (states[at] >= 0).sum(axis=1) >= labelled for at in blocks(max(1, len(states)), _BLOCK_ROWS)]
    )
    fair_yes, fair_no = _counted(states, 1, fair), _counted(states, 0, fair)
    single_yes, single_no = _counted(states, 1, ~fair), _counted(states, 0, ~fair)
    usable = fair_no + single_no > 0  # without a no there is nothing to separate a yes from
    expected = (fair_yes + FAIR_YES) / (fair_no + FAIR_NO) * single_no
    return usable, fair, np.minimum(1.0, expected / np.maximum(single_yes, 1))


def _counted(states: NDArray[np.int8], state: int, of: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """How many images [n], or of those in a mask, have this state in each category, [C]."""
    total = np.zeros(states.shape[1], dtype=np.int64)
    for at in blocks(max(1, len(states)), _BLOCK_ROWS):
        some = states[at] if of is None else states[at][of[at]]
        total += (some == state).sum(axis=0)
    return total


def _shares(categories: Ints, count: int, quota: float, each: int) -> Floats:
    """The share of each category's entries to keep, [count]: ``quota`` entries, but at least ``each``."""
    return np.minimum(1.0, max(quota, each) / np.maximum(np.bincount(categories, minlength=count), 1))


def fixed_chance(rows: Ints, categories: Ints) -> Floats:
    """A pseudo-random number in [0, 1) that depends on row and category only."""
    return _mixed(rows, categories).astype(np.float64) / 2.0**64


def labels_hash(entries: Entries, states: NDArray[np.int8]) -> int:
    """An order-independent hash of a set of labels; the hash of a union is the exclusive or of the hashes.

    Unknown entries do not count.
    """
    known = states >= 0
    mixed = _mixed(entries.rows[known], 2 * entries.categories[known] + states[known])
    return int(np.bitwise_xor.reduce(mixed)) if mixed.size else 0


def _mixed(rows: Ints, categories: Ints) -> NDArray[np.uint64]:
    """64 pseudo-random bits (splitmix64)."""
    value = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    value += categories.astype(np.uint64) * np.uint64(0xD1B54A32D192ED03)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))

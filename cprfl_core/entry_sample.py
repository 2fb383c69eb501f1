"""Which labelled entries the learner is weighed on, and how much each tells of how frequent yes is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

FAIR_IMAGES = 10
YOUNG = 0.1
# So many yes of a category are all in the sample.
YES_EACH = 1_000
_BLOCK_ENTRIES = 200_000


@dataclass(frozen=True, slots=True)
class Entries:
    """Labels to be set, all [E]: image, category, state in {1, 0, -1}; each place is named once."""

    rows: Ints
    categories: Ints
    states: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class EntrySample:
    """E labelled entries, sorted by category. Each stands for ``importance`` entries.

    ``chance`` is an entry's fixed number in [0, 1). ``told`` of the ``count`` categories are labelled
    (``_told``): the others change nothing here, so that one which comes later leaves the sample as it is.
    """

    categories: Ints
    slots: Ints
    yes: NDArray[np.bool_]
    importance: Floats
    chance: Floats
    told: int
    count: int

    def thinned(
        self, *, yes_entries: int, no_entries: int, yes_each: int, no_each: int
    ) -> tuple[Ints, Floats]:
        """Where the entries of a smaller sample lie in this one, and their importance.

        A category gets its share of so many yes and no, and at least so many each.
        """
        quota = yes_entries / self.told, no_entries / self.told
        share = np.where(
            self.yes,
            _shares(self.categories[self.yes], self.count, quota[0], yes_each)[self.categories],
            _shares(self.categories[~self.yes], self.count, quota[1], no_each)[self.categories],
        )
        kept = np.flatnonzero(self.chance < share)
        return kept, self.importance[kept] / share[kept]


def sample_entries(states: NDArray[np.int8], images: Ints, limit: int) -> EntrySample:
    """All entries that may be learned from, or about ``limit`` of them where there are more: all yes of a
    category up to YES_EACH, and as many of each category's no.

    ``states`` [n, C] in {1, 0, -1}; ``images`` [n] names the images: an image is in the sample of a category
    or not, whatever slot it has and whatever else is labelled.
    """
    told, count = _told(states), states.shape[1]
    both, fair, weight = _trust(states, told)
    each = np.maximum((states == 0).sum(axis=0), 1), np.maximum((states == 1).sum(axis=0), 1)
    shares = np.minimum(
        1.0, np.stack([max(limit / told, 1) / each[0], max(limit / told, YES_EACH) / each[1]])
    )
    step = max(1, _BLOCK_ENTRIES // max(len(states), 1))
    found = []
    for first in range(0, max(count, 1), step):
        block = slice(first, first + step)
        category, slot = np.nonzero((states[:, block].T >= 0) & both[block, None])
        category += first
        yes = states[slot, category] == 1
        trusted = np.where(yes & ~fair[slot], weight[category], 1.0)
        chance, share = fixed_chance(images[slot], category), shares[yes.astype(np.intp), category]
        kept = (chance < share) & (trusted > 0)
        category, slot, yes, share = category[kept], slot[kept], yes[kept], share[kept]
        found.append((category, slot, yes, trusted[kept] / share, chance[kept] / share))
    category, slot, yes, importance, chance = (np.concatenate(part) for part in zip(*found, strict=True))
    return EntrySample(category, slot, yes, importance, chance, told, count)


def _told(states: NDArray[np.int8]) -> int:
    """How many categories are labelled; one at least.

    One with a tenth of the usual number of labels does not count yet: a category that came later changes
    nothing for the others by its first labels.
    """
    known = (states >= 0).sum(axis=0)
    labelled = known[known > 0]
    return int((labelled >= YOUNG * np.median(labelled)).sum()) if labelled.size else 1


def _trust(states: NDArray[np.int8], told: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Floats]:
    """How much each labelled entry tells of how frequent yes is.

    Categories [C] that may be learned from, fair images [n], and how much the yes of the other images count
    for each category, [C]; everything else counts 1. An image on which most of the ``told`` categories are
    known is a fair sample. Single answers are not: an import names what is there and nothing that is not, a
    queue shows likely images first. Once there are ten fair images, the single yes of a category weigh
    together no more than the fair ones let expect.
    """
    known, yes = states >= 0, states == 1
    both = (known & ~yes).any(axis=0)  # without a no there is nothing that yes could be told from
    fair = 2 * known.sum(axis=1) >= told
    if fair.sum() < FAIR_IMAGES:
        return both, np.ones_like(fair), np.ones(states.shape[1])
    fair_yes, fair_no = yes[fair].sum(axis=0), (known & ~yes)[fair].sum(axis=0)
    single_yes, single_no = yes[~fair].sum(axis=0), (known & ~yes)[~fair].sum(axis=0)
    expected = (fair_yes + 0.5) / (fair_no + 1.0) * single_no
    return both, fair, np.minimum(1.0, expected / np.maximum(single_yes, 1))


def _shares(categories: Ints, count: int, quota: float, each: int) -> Floats:
    """The share [count] of a category's entries to keep: so many, and at least ``each``."""
    return np.minimum(1.0, max(quota, each) / np.maximum(np.bincount(categories, minlength=count), 1))


def fixed_chance(rows: Ints, categories: Ints) -> Floats:
    """A number in [0, 1) for each entry that depends on nothing else."""
    return _mixed(rows, categories).astype(np.float64) / 2.0**64


def mark_of(entries: Entries, states: NDArray[np.int8]) -> int:
    """A number for a set of labels, whatever their order; sets joined have the exclusive or of their marks.

    Entries that are unknown do not count.
    """
    told = states >= 0
    mixed = _mixed(entries.rows[told], 2 * entries.categories[told] + states[told])
    return int(np.bitwise_xor.reduce(mixed)) if mixed.size else 0


def _mixed(rows: Ints, categories: Ints) -> NDArray[np.uint64]:
    """64 bits that look drawn (splitmix64)."""
    value = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    value += categories.astype(np.uint64) * np.uint64(0xD1B54A32D192ED03)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))

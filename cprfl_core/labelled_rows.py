"""The labels of a collection and the closed-form learners that follow them, one row of embeddings each."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.closed_form import Discriminant, KernelRidge, LandmarkRidge
from cprfl_core.entry_sample import Entries, fixed_chance
from cprfl_core.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Up to here kernel ridge is exact (128 MB); beyond, landmarks stand for the labelled images.
EXACT_LIMIT = 4096
LANDMARKS = 1024
# What the features of all labelled images may take in numbers (200 MB): then there are fewer landmarks.
FEATURE_NUMBERS, LEAST_LANDMARKS = 50_000_000, 256
# Below this share of the limit exact solving comes back, not at the limit itself: switching takes seconds.
_BACK_AT = 0.9
# So many images that get their first label, or such a part of those that have one, are solved anew at once.
_BULK_ROWS, _BULK_SHARE, _BULK_SHARE_LANDMARKS = 16, 8, 64
_BLOCK_ROWS = 8_192


class LabelledRows:
    """Three-state labels of N images and C categories, with the learners kept up to date.

    Only images that carry a label take a slot in ``ridge``: ``slots`` [N] (-1 without), ``images`` [n] the
    way back (-1 for an empty slot), and ``self_scores`` [n] what a yes gives itself in the discriminant.
    ``generation`` changes when all slots are numbered anew.
    """

    def __init__(
        self, embeddings: NDArray[np.float32], text: NDArray[np.float32], exact_limit: int = EXACT_LIMIT
    ) -> None:
        """``embeddings`` [N, D] in the learners' space, ``text`` [N, C] standardised text scores."""
        self._exact_limit = exact_limit
        self._embeddings = embeddings
        self.discriminant = Discriminant(embeddings, text.shape[1])
        self.ridge: KernelRidge | LandmarkRidge = KernelRidge(embeddings.shape[1], text.shape[1])
        self.slots: Ints = np.full(len(embeddings), -1, dtype=np.intp)
        self.images: Ints = np.zeros(0, dtype=np.intp)
        self.self_scores: Floats = np.zeros(0)
        # Kept while kernel ridge is exact; [0, C] beyond.
        self._discriminant_scores: Floats = np.zeros((0, text.shape[1]), order="F")
        self.generation = 0
        self._moved: list[int] = []

    def entries(self, rows: ArrayLike, categories: ArrayLike, states: ArrayLike) -> Entries:
        """Checked states {1, 0, -1}, each [E], in order; of contradicting ones the last holds."""
        row, category, state = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(a)).astype(np.intp) for a in (rows, categories, states))
        )
        self._check(row, category, state)
        return _last_word(row, category, state)

    def states_at(self, entries: Entries) -> NDArray[np.int8]:
        """The states [E] that hold now at these places."""
        slot = self.slots[entries.rows]
        found = np.full(len(slot), -1, dtype=np.int8)
        there = slot >= 0
        found[there] = self.ridge.states[slot[there], entries.categories[there]]
        return found

    def set(self, entries: Entries, text: NDArray[np.float32]) -> None:
        """Take in labels; ``text`` as before."""
        row, category, state = entries.rows, entries.categories, entries.states.astype(np.intp)
        fresh = np.unique(row[(self.slots[row] < 0) & (state >= 0)])
        labelled = int(self.ridge.used.sum())
        single = labelled // (_BULK_SHARE if self.exact else _BULK_SHARE_LANDMARKS)
        if len(fresh) > max(_BULK_ROWS, single) or self._must_switch(labelled + len(fresh)):
            self._set_in_bulk(row, category, state, fresh, text)
            return
        for at in np.split(np.arange(len(row)), np.flatnonzero(np.diff(row)) + 1):
            if at.size:
                self._set_row(int(row[at[0]]), category[at], state[at], text)

    def set_all(self, states: NDArray[np.int8], text: NDArray[np.float32]) -> None:
        """Replace all labels by ``states`` [N, C]."""
        if states.shape != (len(self.slots), self.ridge.categories) or not np.isin(states, (-1, 0, 1)).all():
            shape = (len(self.slots), self.ridge.categories)
            raise InputError(f"States {states.shape} must be {shape}, each of them 1, 0 or -1.")
        rows = np.flatnonzero((states >= 0).any(axis=1) | (self.slots >= 0))
        self._take_in(rows, states[rows], self._states_of(rows), text)

    def states(self, category: int) -> NDArray[np.int8]:
        """States [N] of one category over the collection."""
        found = np.full(len(self.slots), -1, dtype=np.int8)
        known = self.ridge.known(category)
        found[self.images[known]] = self.ridge.states[known, category]
        return found

    def all_states(self) -> NDArray[np.int8]:
        """States [N, C] of all categories."""
        found = np.full((len(self.slots), self.ridge.categories), -1, dtype=np.int8)
        labelled = np.flatnonzero(self.slots >= 0)
        found[labelled] = self.ridge.states[self.slots[labelled]]
        return found

    @property
    def exact(self) -> bool:
        """Whether kernel ridge is exact, or goes by landmarks."""
        return isinstance(self.ridge, KernelRidge)

    def discriminant_at(self, slots: Ints, categories: Ints) -> Floats:
        """The discriminant's scores of labelled entries [E], each with its own label."""
        if self.exact:
            return self._discriminant_scores[slots, categories]
        images, some = self.images[slots], np.unique(slots)
        if len(some) * self.ridge.categories <= 2 * len(slots):
            scores = self.discriminant.scores(self._embeddings[self.images[some]])
            return scores[np.searchsorted(some, slots), categories]
        found, order = np.empty(len(slots)), np.argsort(categories, kind="stable")
        for entries in np.split(order, np.flatnonzero(np.diff(categories[order])) + 1):
            rows = self._embeddings[images[entries]].astype(np.float64)
            found[entries] = self.discriminant.score_category(int(categories[entries[0]]), rows)
        return found

    def state(self, row: int, category: int) -> int:
        slot = self.slots[row]
        return -1 if slot < 0 else int(self.ridge.states[slot, category])

    def append_category(self, text: NDArray[np.float32]) -> None:
        """A new category, unknown everywhere, with text scores [N]."""
        self.discriminant.add_category()
        self.ridge.add_category(self._by_slot(text))
        unscored = np.zeros((len(self._discriminant_scores), 1))
        self._discriminant_scores = np.asfortranarray(np.hstack([self._discriminant_scores, unscored]))

    def replace_text(self, category: int, text: NDArray[np.float32]) -> None:
        """Other text scores [N] for a category."""
        self.ridge.set_side(category, self._by_slot(text))

    def extend(self, embeddings: NDArray[np.float32]) -> None:
        """More images: ``embeddings`` of all of them, those that were there first."""
        more = len(embeddings) - len(self.slots)
        self._embeddings = embeddings
        self.slots = np.append(self.slots, np.full(more, -1, dtype=np.intp))

    def take_moved(self) -> list[int]:
        """Slots that hold another image than at the last call."""
        moved, self._moved = self._moved, []
        return moved

    def _check(self, row: Ints, category: Ints, state: Ints) -> None:
        if row.size and (row.min() < 0 or row.max() >= len(self.slots)):
            raise InputError(f"Rows must lie between 0 and {len(self.slots) - 1}.")
        if category.size and (category.min() < 0 or category.max() >= self.ridge.categories):
            raise InputError(f"Categories must lie between 0 and {self.ridge.categories - 1}.")
        if not np.isin(state, (-1, 0, 1)).all():
            raise InputError("A label state is 1 (yes), 0 (no) or -1 (unknown).")

    def _set_row(self, row: int, categories: Ints, states: Ints, text: NDArray[np.float32]) -> None:
        slot = int(self.slots[row])
        if slot < 0:
            if (states < 0).all():
                return
            slot = self.ridge.insert(self._embeddings[row], text[row])
            self._bind(row, slot)
        before = self.ridge.states[slot, categories]
        gained, lost = (states == 1) & (before != 1), (states != 1) & (before == 1)
        for category in categories[gained]:
            self.discriminant.add(int(category), self._embeddings[row])
        for category in categories[lost]:
            self.discriminant.remove(int(category), self._embeddings[row])
        if isinstance(self.ridge, KernelRidge):
            for category in categories[gained | lost]:
                scores = self.discriminant.score_category(int(category), self.ridge.embeddings)
                self._discriminant_scores[:, category] = scores
        self.ridge.set(slot, categories, states)
        if (self.ridge.states[slot] < 0).all():
            self.ridge.remove(slot)
            self.slots[row], self.images[slot] = -1, -1

    def _bind(self, row: int, slot: int) -> None:
        more = self.ridge.capacity - len(self.images)
        if more:
            self.images = np.append(self.images, np.full(more, -1, dtype=np.intp))
            self.self_scores = np.append(self.self_scores, np.zeros(more))
            if isinstance(self.ridge, KernelRidge):
                self._discriminant_scores = np.asfortranarray(
                    np.vstack([self._discriminant_scores, np.zeros((more, self.ridge.categories))])
                )
        self.slots[row], self.images[slot] = slot, row
        self.self_scores[slot] = self.discriminant.self_scores(self._embeddings[row][None])[0]
        if isinstance(self.ridge, KernelRidge):
            self._discriminant_scores[slot] = self.discriminant.scores(self._embeddings[row][None])[0]
        self._moved.append(slot)

    def _set_in_bulk(
        self, row: Ints, category: Ints, state: Ints, fresh: Ints, text: NDArray[np.float32]
    ) -> None:
        """Solve anew for all labelled rows: cheaper than many single updates."""
        rows = np.union1d(np.flatnonzero(self.slots >= 0), fresh)
        before = self._states_of(rows)
        states = before.copy()
        place = np.full(len(self.slots), -1, dtype=np.intp)
        place[rows] = np.arange(len(rows))
        here = place[row] >= 0  # the others carry no label and are told to carry none
        states[place[row[here]], category[here]] = state[here]
        self._take_in(rows, states, before, text)

    def _states_of(self, rows: Ints) -> NDArray[np.int8]:
        """[R, C]"""
        found = np.full((len(rows), self.ridge.categories), -1, dtype=np.int8)
        old = np.flatnonzero(self.slots[rows] >= 0)
        found[old] = self.ridge.states[self.slots[rows[old]]]
        return found

    def _take_in(
        self, rows: Ints, states: NDArray[np.int8], before: NDArray[np.int8], text: NDArray[np.float32]
    ) -> None:
        """Solve for ``rows`` [R], ascending, with their states [R, C] now and before."""
        for changed in np.flatnonzero((states != before).any(axis=0)):
            after, past = states[:, changed] == 1, before[:, changed] == 1
            self.discriminant.add(int(changed), self._embeddings[rows[after & ~past]])
            self.discriminant.remove(int(changed), self._embeddings[rows[past & ~after]])
        kept = (states >= 0).any(axis=1)
        rows = rows[kept]
        states = states[kept]
        self.ridge = self._solved(rows, states, text[rows])
        self.slots[:] = -1
        self.slots[rows] = np.arange(len(rows))
        self.images = np.full(self.ridge.capacity, -1, dtype=np.intp)
        self.images[: len(rows)] = rows
        self.self_scores = np.zeros(self.ridge.capacity)
        for start in range(0, len(rows), _BLOCK_ROWS):
            block = rows[start : start + _BLOCK_ROWS]
            own = self.discriminant.self_scores(self._embeddings[block])
            self.self_scores[start : start + len(block)] = own
        self._discriminant_scores = np.zeros((0, self.ridge.categories), order="F")
        if isinstance(self.ridge, KernelRidge):
            scores = self.discriminant.scores(self.ridge.embeddings)
            self._discriminant_scores = np.asfortranarray(scores)
        self.generation += 1
        self._moved.clear()

    def _must_switch(self, labelled: int) -> bool:
        if isinstance(self.ridge, KernelRidge):
            return labelled > self._exact_limit
        return labelled < _BACK_AT * self._exact_limit

    def _solved(
        self, rows: Ints, states: NDArray[np.int8], text: NDArray[np.float32]
    ) -> KernelRidge | LandmarkRidge:
        if len(rows) <= self._exact_limit:
            return KernelRidge.from_rows(self._embeddings[rows], states, text)
        count = min(LANDMARKS, max(LEAST_LANDMARKS, FEATURE_NUMBERS // len(rows)), self._exact_limit)
        chosen = _landmarks(rows, states, count)
        return LandmarkRidge.from_rows(
            self._embeddings, states, text, rows=rows, landmarks=self._embeddings[rows[chosen]]
        )

    def _by_slot(self, values: NDArray[np.float32]) -> Floats:
        return np.where(self.images >= 0, values[np.maximum(self.images, 0)], 0.0)


def _landmarks(images: Ints, states: NDArray[np.int8], count: int) -> Ints:
    """Places of the labelled images that stand for all, the most important first.

    In turn one with the rarest yes, where the kernel then stays exact, and one drawn by a number that the
    image keeps: rare ones alone lose the frequent categories (docs/decisions/0210).
    """
    rarest = np.where(states == 1, (states == 1).sum(axis=0), len(states)).min(axis=1)
    drawn = np.argsort(fixed_chance(images, np.zeros_like(images)), kind="stable")
    both = np.stack([np.argsort(rarest, kind="stable"), drawn], axis=1).ravel()
    return both[np.sort(np.unique(both, return_index=True)[1])][:count]


def _last_word(row: Ints, category: Ints, state: Ints) -> Entries:
    """Entries sorted by row and category, the last one kept where two name the same place."""
    ahead = np.diff(row)
    if not ((ahead > 0) | ((ahead == 0) & (np.diff(category) > 0))).all():
        order = np.lexsort((np.arange(len(row)), category, row))
        row, category, state = row[order], category[order], state[order]
        last = np.append((np.diff(row) != 0) | (np.diff(category) != 0), True)[: len(row)]
        row, category, state = row[last], category[last], state[last]
    return Entries(row, category, state.astype(np.int8))

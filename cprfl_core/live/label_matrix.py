"""The labels of a collection, and the closed-form learners that are updated with them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.closed_form.direction_rows import DirectionRows
from cprfl_core.closed_form.discriminant import Discriminant
from cprfl_core.closed_form.kernel_ridge import KernelRidge
from cprfl_core.closed_form.nystroem_ridge import NystroemRidge
from cprfl_core.common.blocks import blocks
from cprfl_core.common.errors import InputError
from cprfl_core.live.label_sampling import Entries, fixed_chance
from cprfl_core.live.text_scores import TextScores

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Up to this many labelled images kernel ridge is exact (128 MB); beyond, it is approximated on landmarks.
EXACT_LIMIT = 4096
LANDMARKS = 1024
# Maximum number of feature values of all labelled images (200 MB), which limits the number of landmarks.
FEATURE_NUMBERS, LEAST_LANDMARKS = 50_000_000, 256
# Exact solving resumes below this share of the limit, not at the limit itself: switching takes seconds.
_BACK_AT = 0.9
# If more than this many images get their first label at once, and more than this fraction (1 / n) of those
# with labels, everything is solved from scratch.
_BULK_ROWS, _BULK_SHARE, _BULK_SHARE_LANDMARKS = 16, 8, 64
_BLOCK_ROWS = 2_048
# Self-scores of more labelled images are computed in float32: a million would take more than a minute.
_MANY_ROWS = 16_384


class LabelMatrix:
    """Three-state labels of N images and C categories, with the learners kept up to date.

    Only labelled images have a slot in ``ridge``: ``slots`` [N] (-1 for none) and its inverse ``images`` [n]
    (-1 for an empty slot). ``self_scores`` [n] are the discriminant's self-scores. ``generation`` changes
    when all slots are renumbered.
    """

    def __init__(self, embeddings: DirectionRows, text: TextScores, exact_limit: int = EXACT_LIMIT) -> None:
        """``embeddings`` [N, D] in the learners' space."""
        self._exact_limit = exact_limit
        self._text = text
        self._embeddings = embeddings
        self.discriminant = Discriminant(embeddings, text.categories)
        self.ridge: KernelRidge | NystroemRidge = KernelRidge(embeddings.shape[1], text.categories)
        self.slots: Ints = np.full(len(embeddings), -1, dtype=np.intp)
        self.images: Ints = np.zeros(0, dtype=np.intp)
        self.self_scores: Floats = np.zeros(0)
        # Only while kernel ridge is exact; otherwise [0, C].
        self._discriminant_scores: Floats = np.zeros((0, text.categories), order="F")
        self.generation = 0
        self._changed_slots: list[int] = []

    def entries(self, rows: ArrayLike, categories: ArrayLike, states: ArrayLike) -> Entries:
        """Validated states {1, 0, -1}, each [E]; the last of contradicting ones counts."""
        row, category, state = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(a)).astype(np.intp) for a in (rows, categories, states))
        )
        self._check(row, category, state)
        return _last_of_each(row, category, state)

    def states_at(self, entries: Entries) -> NDArray[np.int8]:
        """The current states [E] of these entries."""
        slot = self.slots[entries.rows]
        found = np.full(len(slot), -1, dtype=np.int8)
        labelled = slot >= 0
        found[labelled] = self.ridge.states[slot[labelled], entries.categories[labelled]]
        return found

    def set(self, entries: Entries) -> None:
        """Set labels."""
        row, category, state = entries.rows, entries.categories, entries.states.astype(np.intp)
        fresh = np.unique(row[(self.slots[row] < 0) & (state >= 0)])
        labelled = int(self.ridge.used.sum())
        single = labelled // (_BULK_SHARE if self.exact else _BULK_SHARE_LANDMARKS)
        if len(fresh) > max(_BULK_ROWS, single) or self._must_switch(labelled + len(fresh)):
            self._set_in_bulk(row, category, state, fresh)
            return
        for at in np.split(np.arange(len(row)), np.flatnonzero(np.diff(row)) + 1):
            if at.size:
                self._set_row(int(row[at[0]]), category[at], state[at])

    def set_all(self, states: NDArray[np.int8]) -> None:
        """Replace all labels by ``states`` [N, C]."""
        shape = (len(self.slots), self.ridge.categories)
        if states.shape != shape or (states.size and (states.min() < -1 or states.max() > 1)):
            raise InputError(f"States {states.shape} must be {shape}, with values 1, 0 or -1.")
        rows = np.flatnonzero((states.max(axis=1, initial=-1) >= 0) | (self.slots >= 0))
        if self.ridge.used.any():
            before = self.states_rows(rows)
        else:
            before = np.broadcast_to(np.int8(-1), (len(rows), self.ridge.categories))
        self._solve_all(rows, states if len(rows) == len(states) else states[rows], before)

    def states(self, category: int) -> NDArray[np.int8]:
        """States [N] of one category over the collection."""
        found = np.full(len(self.slots), -1, dtype=np.int8)
        known = self.ridge.known(category)
        found[self.images[known]] = self.ridge.states[known, category]
        return found

    def states_rows(self, rows: Ints) -> NDArray[np.int8]:
        """States [R, C] of some images."""
        found = np.full((len(rows), self.ridge.categories), -1, dtype=np.int8)
        old = np.flatnonzero(self.slots[rows] >= 0)
        found[old] = self.ridge.states[self.slots[rows[old]]]
        return found

    def all_states(self) -> NDArray[np.int8]:
        """States [N, C] of all categories."""
        found = np.full((len(self.slots), self.ridge.categories), -1, dtype=np.int8)
        labelled = np.flatnonzero(self.slots >= 0)
        found[labelled] = self.ridge.states[self.slots[labelled]]
        return found

    @property
    def exact(self) -> bool:
        """True if kernel ridge is exact, False if it uses landmarks."""
        return isinstance(self.ridge, KernelRidge)

    def discriminant_at(self, slots: Ints, categories: Ints) -> Floats:
        """The discriminant's scores of labelled entries [E], including their own labels."""
        if self.exact:
            return self._discriminant_scores[slots, categories]
        images, some = self.images[slots], np.unique(slots)
        if len(some) * self.ridge.categories <= 2 * len(slots):
            place, found = np.searchsorted(some, slots), np.empty(len(slots))
            for block in blocks(len(some), _BLOCK_ROWS):
                scores = self.discriminant.scores(self._embeddings[self.images[some[block]]])
                self._embeddings.release()
                here = (place >= block.start) & (place < block.stop)
                found[here] = scores[place[here] - block.start, categories[here]]
            return found
        found, order = np.empty(len(slots)), np.argsort(categories, kind="stable")
        for entries in np.split(order, np.flatnonzero(np.diff(categories[order])) + 1):
            for block in blocks(len(entries), _BLOCK_ROWS):
                some = entries[block]
                rows = self._embeddings[images[some]].astype(np.float64)
                found[some] = self.discriminant.score_category(int(categories[some[0]]), rows)
                self._embeddings.release()
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
        """Replace a category's text scores [N]."""
        self.ridge.set_side(category, self._by_slot(text))

    def extend(self) -> None:
        """Follow images that were added to ``embeddings``."""
        more = len(self._embeddings) - len(self.slots)
        self.slots = np.append(self.slots, np.full(more, -1, dtype=np.intp))

    def take_changed_slots(self) -> list[int]:
        """Slots whose image has changed since the last call."""
        changed, self._changed_slots = self._changed_slots, []
        return changed

    def _check(self, row: Ints, category: Ints, state: Ints) -> None:
        if row.size and (row.min() < 0 or row.max() >= len(self.slots)):
            raise InputError(f"Rows must lie between 0 and {len(self.slots) - 1}.")
        if category.size and (category.min() < 0 or category.max() >= self.ridge.categories):
            raise InputError(f"Categories must lie between 0 and {self.ridge.categories - 1}.")
        if not np.isin(state, (-1, 0, 1)).all():
            raise InputError("A label state is 1 (yes), 0 (no) or -1 (unknown).")

    def _set_row(self, row: int, categories: Ints, states: Ints) -> None:
        slot = int(self.slots[row])
        if slot < 0:
            if (states < 0).all():
                return
            slot = self.ridge.insert(self._embeddings[row], self._text.values[row])
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
        self._changed_slots.append(slot)

    def _set_in_bulk(self, row: Ints, category: Ints, state: Ints, fresh: Ints) -> None:
        """Solve from scratch for all labelled rows: cheaper than many single updates."""
        rows = np.union1d(np.flatnonzero(self.slots >= 0), fresh)
        before = self.states_rows(rows)
        states = before.copy()
        place = np.full(len(self.slots), -1, dtype=np.intp)
        place[rows] = np.arange(len(rows))
        here = place[row] >= 0  # the others have no label and get none
        states[place[row[here]], category[here]] = state[here]
        self._solve_all(rows, states, before)

    def _solve_all(self, rows: Ints, states: NDArray[np.int8], before: NDArray[np.int8]) -> None:
        """Solve from scratch for ``rows`` [R], ascending, with their new and previous states [R, C]."""
        for category in range(states.shape[1]):
            yes, was_yes = states[:, category] == 1, before[:, category] == 1
            gained, lost = rows[yes & ~was_yes], rows[was_yes & ~yes]
            for block in blocks(len(gained), _BLOCK_ROWS):
                self.discriminant.add(category, self._embeddings[gained[block]])
                self._embeddings.release()
            for block in blocks(len(lost), _BLOCK_ROWS):
                self.discriminant.remove(category, self._embeddings[lost[block]])
                self._embeddings.release()
        kept = states.max(axis=1, initial=-1) >= 0
        if not kept.all():
            rows, states = rows[kept], states[kept]
        self.ridge = self._solved(rows, states)
        self.slots[:] = -1
        self.slots[rows] = np.arange(len(rows))
        self.images = np.full(self.ridge.capacity, -1, dtype=np.intp)
        self.images[: len(rows)] = rows
        self.self_scores = np.zeros(self.ridge.capacity)
        kind = np.float32 if len(rows) > _MANY_ROWS else np.float64
        for at in blocks(len(rows), _BLOCK_ROWS):
            self.self_scores[at] = self.discriminant.self_scores(self._embeddings[rows[at]], kind)
            self._embeddings.release()
        self._discriminant_scores = np.zeros((0, self.ridge.categories), order="F")
        if isinstance(self.ridge, KernelRidge):
            scores = self.discriminant.scores(self.ridge.embeddings)
            self._discriminant_scores = np.asfortranarray(scores)
        self.generation += 1
        self._changed_slots.clear()
        self._embeddings.release()

    def _must_switch(self, labelled: int) -> bool:
        if isinstance(self.ridge, KernelRidge):
            return labelled > self._exact_limit
        return labelled < _BACK_AT * self._exact_limit

    def _solved(self, rows: Ints, states: NDArray[np.int8]) -> KernelRidge | NystroemRidge:
        if len(rows) <= self._exact_limit:
            return KernelRidge.from_rows(self._embeddings[rows], states, self._text.values[rows])
        count = min(LANDMARKS, max(LEAST_LANDMARKS, FEATURE_NUMBERS // len(rows)), self._exact_limit)
        chosen = _landmarks(rows, states, count)
        scores = self._text

        def table() -> NDArray[np.float32]:
            return scores.values

        return NystroemRidge.from_rows(
            self._embeddings, states, table, rows=rows, landmarks=self._embeddings[rows[chosen]]
        )

    def _by_slot(self, values: NDArray[np.float32]) -> Floats:
        return np.where(self.images >= 0, values[np.maximum(self.images, 0)], 0.0)


def _landmarks(images: Ints, states: NDArray[np.int8], count: int) -> Ints:
    """Indices of the labelled images chosen as landmarks, the most important first.

    Alternately the image with the rarest yes, for which the kernel then stays exact, and an image drawn by a
    fixed random number: with rare ones alone, frequent categories get worse (docs/decisions/0210).
    """
    parts = blocks(len(states), _BLOCK_ROWS)
    counts = np.sum([(states[at] == 1).sum(axis=0) for at in parts], axis=0)
    rarest = np.concatenate([np.where(states[at] == 1, counts, len(states)).min(axis=1) for at in parts])
    drawn = np.argsort(fixed_chance(images, np.zeros_like(images)), kind="stable")
    both = np.stack([np.argsort(rarest, kind="stable"), drawn], axis=1).ravel()
    return both[np.sort(np.unique(both, return_index=True)[1])][:count]


def _last_of_each(row: Ints, category: Ints, state: Ints) -> Entries:
    """Entries sorted by row and category; of duplicates the last one is kept."""
    step = np.diff(row)
    if not ((step > 0) | ((step == 0) & (np.diff(category) > 0))).all():
        order = np.lexsort((np.arange(len(row)), category, row))
        row, category, state = row[order], category[order], state[order]
        last = np.append((np.diff(row) != 0) | (np.diff(category) != 0), True)[: len(row)]
        row, category, state = row[last], category[last], state[last]
    return Entries(row, category, state.astype(np.int8))

"""Kernel ridge regression for many labelled images, on landmarks (Nyström; Williams and Seeger 2001).

The kernel is approximated by ``phi(x) . phi(y)`` with ``phi(x) = L^-1 k(landmarks, x)``, L the Cholesky
factor of the landmarks' kernel matrix; the rest is ridge regression on M features per image. A decision costs
O(M^2 + n M). Same interface, terms and shapes as KernelRidge; the expansions are centred on the landmarks
instead of the labelled images.

Rows known for most categories are *shared*: one inverse Gram matrix serves every category that is known on
exactly these. A category known on other rows has its own inverse over the first m of the M features: because
L is triangular, these are the features of the first m landmarks. Decisions are rank-one updates of it.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.closed_form.direction_rows import DirectionRows
from cprfl_core.closed_form.gaussian_kernel import ALPHA, GAMMA, rbf
from cprfl_core.closed_form.nystroem_features import NystroemFeatures
from cprfl_core.closed_form.packed_inverse import CategoryInverse, TriangleStore, row_products
from cprfl_core.closed_form.shared_rows import SIDE, SharedRows
from cprfl_core.closed_form.side_rows import SideRows, Table, YesRows
from cprfl_core.closed_form.sweep_tableau import positive_inverse
from cprfl_core.common.blocks import blocks
from cprfl_core.common.errors import InputError

Floats = NDArray[np.float64]
Numbers = NDArray[np.floating]
Ints = NDArray[np.intp]

# Maximum memory of all category inverses, and the maximum number of features of each.
OWN_BYTES = 100_000_000
OWN_WIDTH = 512
# Leverages of the shared rows serve a category with at least this many known rows, of which at most one in
# SIMILAR_RATIO differs from the shared ones.
MIN_SHARED_ROWS, SIMILAR_RATIO = 2_048, 8
_FEW_ROWS = 8
_GROWTH = 512
# Leave-one-out entries processed together: 16 MB of features.
_BLOCK_ENTRIES = 2048
# At more rows of one category leave-one-out is computed in float32: half the time, and probabilities differ
# by less than 1e-6 (docs/decisions/0391).
_MANY_ENTRIES = 16_384
_BLOCK_ROWS = 65_536


class NystroemRidge:
    """Ridge regression on landmark features with three-state targets, for any number of rows."""

    def __init__(
        self,
        landmarks: ArrayLike,
        categories: int = 0,
        *,
        gamma: float = GAMMA,
        alpha: float = ALPHA,
        own_width: int | None = None,
    ) -> None:
        """``landmarks`` [M, D], usually labelled images, the most important first.

        ``own_width`` m; by default as many as fit OWN_BYTES for all categories.
        """
        self.basis: Floats = np.asarray(landmarks, dtype=np.float64)
        if self.basis.ndim != 2 or not self.basis.size or gamma <= 0 or alpha <= 0:
            raise InputError("Nyström ridge needs landmarks [M, D], gamma > 0 and alpha > 0.")
        self.gamma, self.alpha = gamma, alpha
        count = len(self.basis)
        fitting = int(np.sqrt(OWN_BYTES / 4 / max(categories, 1)))
        self._width = min(count, own_width or min(OWN_WIDTH, fitting))
        self._features = NystroemFeatures(self.basis, gamma)
        self.states: NDArray[np.int8] = np.full((0, categories), -1, dtype=np.int8)
        self.used: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self._given = SideRows(categories)
        self._shared = SharedRows(self._features, (count, self._width, categories), alpha)
        # By category: the number of rows that are either known or shared but not both, and of known rows.
        self._differing: NDArray[np.int64] = np.zeros(categories, dtype=np.int64)
        self.known_counts: NDArray[np.int64] = np.zeros(categories, dtype=np.int64)
        self._store = TriangleStore(self._width)
        self._own: dict[int, CategoryInverse] = {}

    @classmethod
    def from_rows(
        cls,
        embeddings: NDArray[np.floating] | DirectionRows,
        states: ArrayLike,
        side: ArrayLike | Table | None = None,
        *,
        landmarks: ArrayLike,
        rows: Ints | None = None,
        gamma: float = GAMMA,
        alpha: float = ALPHA,
        own_width: int | None = None,
    ) -> "NystroemRidge":
        """Solve at once for ``rows`` [n] of embeddings (default all), with states and side information
        [n, C]; the slots are 0..n-1. Side information for all embeddings may be given as a table, which is
        read and not copied."""
        state = np.asarray(states, dtype=np.int8)
        made = cls(landmarks, state.shape[1], gamma=gamma, alpha=alpha, own_width=own_width)
        n = len(state)
        wanted = np.arange(n) if rows is None else rows
        if callable(side):
            made._given = SideRows(made.categories, side)
        made._reserve(n + _GROWTH)
        made.states[:n], made.used[:n] = state, True
        if callable(side):
            made._given.show(wanted)
        elif side is not None:
            for slot, given in enumerate(np.asarray(side, dtype=np.float32)):
                made._given.put(slot, given)
        made._features.fill(embeddings, wanted)
        known = np.concatenate(
            [(made.states[at] >= 0).sum(axis=1) for at in blocks(made.capacity, _BLOCK_ROWS)]
        )
        made._solve((2 * known >= made.categories) & (known > 0))
        return made

    @property
    def categories(self) -> int:
        return int(self.states.shape[1])

    @property
    def capacity(self) -> int:
        """Number of slots, used or not."""
        return len(self.used)

    def kernel(self, embeddings: ArrayLike) -> Floats:
        """Kernel [R, M] between embeddings [R, D] and the landmarks."""
        return rbf(np.asarray(embeddings, dtype=np.float64), self.basis, self.gamma)

    def known(self, category: int) -> Ints:
        """Slots where the category is known, ascending."""
        return np.flatnonzero(self.states[:, category] >= 0)

    def insert(self, embedding: ArrayLike, side: ArrayLike | None = None) -> int:
        """Add an image, [D], with side information [C] and every category unknown. Returns its slot."""
        if self.used.all():
            self._reserve(max(_GROWTH, self.capacity // 16))
        slot = int(np.argmin(self.used))
        self._features.put(slot, np.asarray(embedding, dtype=np.float64))
        self.used[slot] = True
        self._given.put(slot, 0.0 if side is None else side)
        return slot

    def remove(self, slot: int) -> None:
        """Remove an image and its labels."""
        self.set(slot, np.arange(self.categories), -1)
        self.used[slot] = False
        self._given.forget(slot)
        self._features.forget(slot)

    def set(self, slot: int, categories: ArrayLike, states: ArrayLike) -> None:
        """Set the states {1, 0, -1} of some categories, each given once, on one image."""
        before, after = self.states[slot].copy(), self.states[slot].copy()
        after[np.atleast_1d(np.asarray(categories, dtype=np.intp))] = states
        if np.array_equal(before, after):
            return
        known, shared = int((after >= 0).sum()), bool(self._shared.mask[slot])
        share = 4 * known >= self.categories if shared else 2 * known >= self.categories
        feature = self._features.of(slot)
        self._update_own(slot, before, after, share and known > 0, feature)
        self.states[slot] = after
        self.known_counts += (after >= 0).astype(np.int64) - (before >= 0)
        targets = (after == 1).astype(np.float64)
        if shared:
            self._shared.change_targets(feature, targets - (before == 1))
        if shared != (share and known > 0):
            self._shared.toggle(slot, feature, (targets, self._given.row(slot), np.ones(1)))

    def add_category(self, side: ArrayLike | None = None) -> int:
        """Append a category, unknown everywhere; ``side`` [capacity] by slot. Returns its index."""
        self.states = np.hstack([self.states, np.full((self.capacity, 1), -1, dtype=np.int8)])
        self._given.add_category()
        self._shared.add_category()
        self.known_counts = np.append(self.known_counts, 0)
        self._differing = np.append(self._differing, int(self._shared.mask.sum()))
        category = self.categories - 1
        if self._differing[category]:
            empty = np.eye(self._width) / self.alpha
            self._own[category] = CategoryInverse(self._store, empty, np.zeros((self._width, 3)))
        self.set_side(category, np.zeros(self.capacity) if side is None else side)
        return category

    def set_side(self, category: int, side: ArrayLike) -> None:
        """Replace a category's side information, [capacity] by slot."""
        given = np.where(self.used, side, 0.0).astype(np.float32)
        self._given.set_column(category, given)
        given = given[:, None]
        self._shared.set_side(category, given)
        if category in self._own:
            right = self._features.sums(self.known(category), given, self._width)[:, 0]
            self._own[category].solve(right, SIDE)

    def expansion(self, category: int, mix: ArrayLike) -> Floats:
        """Coefficients [M] of ``mix`` [3] of the three predictions as a kernel expansion."""
        return self._features.expansion(self._weights(category) @ np.asarray(mix, dtype=np.float64))

    def fitted(self, category: int, mixes: ArrayLike) -> NDArray[np.float32]:
        """Mixes [3, T] of the three predictions at the images of all slots, their own labels included:
        [capacity, T]."""
        return self._features.products(self._weights(category) @ np.asarray(mixes, dtype=np.float64))

    def predict(self, kernel: Floats) -> tuple[Floats, Floats, Floats]:
        """Predictions of targets, side information and ones, each [R, C], from ``kernel`` [R, M]."""
        features = self._features.of_kernel(kernel)
        targets, side, one = (features @ weights for weights in self._shared.solution)
        ones = np.repeat(one, self.categories, axis=1)
        leading = features[:, : self._width]
        for category, own in self._own.items():
            targets[:, category], side[:, category], ones[:, category] = (leading @ own.weights).T
        return targets, side, ones

    def leave_one_out(self, slots: ArrayLike, categories: ArrayLike) -> Floats:
        """Leave-one-out predictions [E, 3] of targets, side information and ones at E known entries."""
        rows, columns = np.asarray(slots, dtype=np.intp), np.asarray(categories, dtype=np.intp)
        order = np.argsort(columns, kind="stable")
        found = np.zeros((len(rows), 3))
        for entries in np.split(order, np.flatnonzero(np.diff(columns[order])) + 1):
            if entries.size:
                found[entries] = self._left_out(rows[entries], int(columns[entries[0]]))
        if len(rows) > _FEW_ROWS:
            self._features.release()
        return found

    def _left_out(self, rows: Ints, category: int) -> Floats:
        """The same at known rows of one category, [k, 3]."""
        own, weights, values = self._own.get(category), self._weights(category), self._values(rows, category)
        many = len(rows) > _MANY_ENTRIES
        kind = np.float32 if many else np.float64
        inverse = own.whole().astype(np.float32) if many and own is not None else None
        weights, found = weights.astype(kind), np.empty((len(rows), 3))
        for at in blocks(len(rows), _BLOCK_ENTRIES):
            features = self._features.rows(rows[at], len(weights), kind)
            leverage = self._leverage(rows[at], category, features, inverse)[:, None]
            found[at] = (features @ weights - leverage * values[at]) / (1 - leverage)
            if many:
                self._features.release()
        return found

    def _leverage(
        self, rows: Ints, category: int, features: Numbers, inverse: NDArray[np.float32] | None
    ) -> Numbers:
        """Leverage of each known row in the category's regression, [k].

        If a category has thousands of shared rows and few others, the leverages of the shared rows alone are
        used; the error is below the share of the others. ``inverse``: the whole of the category's own, if it
        was made already.
        """
        own = self._own.get(category)
        if own is None:
            return self._shared.leverages(rows)
        similar = self._differing[category] * SIMILAR_RATIO <= self.known_counts[category]
        if len(rows) <= _FEW_ROWS or not similar or self.known_counts[category] < MIN_SHARED_ROWS:
            return own.leverages(features) if inverse is None else row_products(features, inverse)
        found = self._shared.leading_leverages(rows)
        beyond = np.flatnonzero(~self._shared.mask[rows])
        if beyond.size:
            found[beyond] = own.leverages(features[beyond])
        return found

    def _weights(self, category: int) -> Floats:
        """[M, 3], or [m, 3] for a category with its own inverse."""
        own = self._own.get(category)
        return self._shared.weights(category) if own is None else own.weights

    def _values(self, rows: Ints, category: int) -> Floats:
        """The original right-hand sides [k, 3]."""
        targets = (self.states[rows, category] == 1).astype(np.float64)
        return np.stack([targets, self._given.column(category, rows), np.ones(len(rows))], axis=1)

    def _update_own(
        self,
        slot: int,
        before: NDArray[np.int8],
        after: NDArray[np.int8],
        share: bool,
        feature: Floats,
    ) -> None:
        """Update the category inverses after one row's states [C] have changed."""
        known, still = before >= 0, after >= 0
        self._differing += (still != share).astype(np.int64) - (known != self._shared.mask[slot])
        leading, given = feature[: self._width], self._given.row(slot)
        for category in np.flatnonzero(self._differing > 0).tolist():
            if category not in self._own:
                right = self._shared.leading_right(category)
                self._own[category] = CategoryInverse(self._store, self._shared.leading, right)
            own, yes = self._own[category], float(after[category] == 1)
            if known[category] and still[category]:
                if before[category] != after[category]:
                    own.change(leading, np.array([2 * yes - 1, 0.0, 0.0]))
            elif still[category]:
                own.add(leading, np.array([yes, given[category], 1.0]))
            elif known[category]:
                own.remove(leading, np.array([float(before[category] == 1), given[category], 1.0]))
        for category in [one for one in self._own if not self._differing[one]]:
            self._own.pop(category).close()

    def _solve(self, shared: NDArray[np.bool_]) -> None:
        """Solve from scratch for all rows, of which ``shared`` (mask [n]) are the shared ones."""
        self.known_counts = np.zeros(self.categories, dtype=np.int64)
        self._differing = np.zeros(self.categories, dtype=np.int64)
        for at in blocks(self.capacity, _BLOCK_ROWS):
            known = self.states[at] >= 0
            self.known_counts += known.sum(axis=0)
            self._differing += (known != shared[at, None]).sum(axis=0)
        targets = YesRows(self.states)
        ones = np.ones((self.capacity, 1), dtype=np.float32)
        gram = self._shared.solve(shared, (targets, self._given, ones))
        for category in np.flatnonzero(self._differing).tolist():
            self._own[category] = self._solve_own(category, gram)

    def _solve_own(self, category: int, shared: Floats) -> CategoryInverse:
        """``shared`` [m, m] is the Gram matrix of the shared rows."""
        known, mask, m = self.states[:, category] >= 0, self._shared.mask, self._width
        rows = np.flatnonzero(known)
        beyond, missing = np.flatnonzero(known & ~mask), np.flatnonzero(mask & ~known)
        values = np.zeros((self.capacity, 3))
        values[rows] = self._values(rows, category)
        if len(beyond) + len(missing) < len(rows):
            values[missing] = self._values(missing, category)
            gram = shared + self._features.gram(beyond, m) - self._features.gram(missing, m)
            right = self._shared.leading_right(category) + self._features.sums(beyond, values, m)
            right -= self._features.sums(missing, values, m)
        else:
            gram, right = self._features.gram(rows, m), self._features.sums(rows, values, m)
        return CategoryInverse(self._store, positive_inverse(gram + self.alpha * np.eye(m)), right)

    def _reserve(self, more: int) -> None:
        """Make room for more slots."""
        self._features.grow(more)
        self.states = np.pad(self.states, ((0, more), (0, 0)), constant_values=-1)
        self._given.grow(more)
        self.used = np.pad(self.used, (0, more))
        self._shared.grow(more)

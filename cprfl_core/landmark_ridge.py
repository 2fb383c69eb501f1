"""Kernel ridge regression for many labelled images, on landmarks (Nystroem; Williams and Seeger 2001).

The kernel is replaced by ``phi(x) . phi(y)`` with ``phi(x) = L^-1 k(landmarks, x)``, L the Cholesky factor of
the landmarks' own kernel; the rest is ridge regression in M numbers an image. A decision costs O(M^2 + n M),
however many images are labelled. Same doors as KernelRidge, whose notions and shapes hold here too; the
expansions stand on the landmarks instead of the labelled images.

Rows known for most categories are *shared*: one inverse Gram matrix serves every category that knows exactly
them. A category that knows other rows has an inverse of its own, over the first m of the M numbers: as L is
triangular, they are the features of the first m landmarks. Decisions change it by rank one.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.errors import InputError
from cprfl_core.gaussian_kernel import ALPHA, GAMMA, rbf
from cprfl_core.landmark_features import LandmarkFeatures
from cprfl_core.own_inverse import OwnInverse, TriangleStore
from cprfl_core.shared_rows import SIDE, SharedRows
from cprfl_core.sweep_tableau import positive_inverse

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# What the inverses that categories have of their own may take, and the most numbers they stand on.
OWN_BYTES = 100_000_000
OWN_WIDTH = 512
# Levers are taken from the shared rows where a category knows so many, and less than so small a part besides.
MANY_ROWS, ALIKE = 2_048, 8
_FEW_ROWS = 8
_GROWTH = 512
# Entries that are left out together: 16 MB of features.
_BLOCK_ENTRIES = 2048


class LandmarkRidge:
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
        """``landmarks`` [M, D], as a rule labelled images, those first that matter most.

        ``own_width`` m; by default so many that all categories have room in OWN_BYTES.
        """
        self.basis: Floats = np.asarray(landmarks, dtype=np.float64)
        if self.basis.ndim != 2 or not self.basis.size or gamma <= 0 or alpha <= 0:
            raise InputError("Landmark ridge needs landmarks [M, D], gamma > 0 and alpha > 0.")
        self.gamma, self.alpha = gamma, alpha
        count = len(self.basis)
        fitting = int(np.sqrt(OWN_BYTES / 4 / max(categories, 1)))
        self._width = min(count, own_width or min(OWN_WIDTH, fitting))
        self._features = LandmarkFeatures(self.basis, gamma)
        self.states: NDArray[np.int8] = np.full((0, categories), -1, dtype=np.int8)
        self.used: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self._given: NDArray[np.float32] = np.zeros((0, categories), dtype=np.float32)
        self._shared = SharedRows(self._features, (count, self._width, categories), alpha)
        # By category: how many rows are known but not shared or shared but not known, and known ones.
        self._unlike: NDArray[np.int64] = np.zeros(categories, dtype=np.int64)
        self.known_counts: NDArray[np.int64] = np.zeros(categories, dtype=np.int64)
        self._store = TriangleStore(self._width)
        self._own: dict[int, OwnInverse] = {}

    @classmethod
    def from_rows(
        cls,
        embeddings: NDArray[np.floating],
        states: ArrayLike,
        side: ArrayLike | None = None,
        *,
        landmarks: ArrayLike,
        rows: Ints | None = None,
        gamma: float = GAMMA,
        alpha: float = ALPHA,
        own_width: int | None = None,
    ) -> "LandmarkRidge":
        """Solve at once for ``rows`` [n] of embeddings, or all of them, with states and side information
        [n, C]; the slots are 0..n-1."""
        state = np.asarray(states, dtype=np.int8)
        made = cls(landmarks, state.shape[1], gamma=gamma, alpha=alpha, own_width=own_width)
        n = len(state)
        made._reserve(n + _GROWTH)
        made.states[:n], made.used[:n] = state, True
        if side is not None:
            made._given[:n] = side
        made._features.fill(np.asarray(embeddings), np.arange(n) if rows is None else rows)
        known = (made.states >= 0).sum(axis=1)
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
        """Take in an image, [D], with side information [C]; unknown for every category. Returns its slot."""
        if self.used.all():
            self._reserve(max(_GROWTH, self.capacity // 16))
        slot = int(np.argmin(self.used))
        self._features.put(slot, np.asarray(embedding, dtype=np.float64))
        self.used[slot] = True
        self._given[slot] = 0.0 if side is None else side
        return slot

    def remove(self, slot: int) -> None:
        """Forget an image and all that is known about it."""
        self.set(slot, np.arange(self.categories), -1)
        self.used[slot] = False
        self._given[slot] = 0.0
        self._features.forget(slot)

    def set(self, slot: int, categories: ArrayLike, states: ArrayLike) -> None:
        """Set the states {1, 0, -1} of some categories, each named once, on one image."""
        before, after = self.states[slot].copy(), self.states[slot].copy()
        after[np.atleast_1d(np.asarray(categories, dtype=np.intp))] = states
        if np.array_equal(before, after):
            return
        known, shared = int((after >= 0).sum()), bool(self._shared.there[slot])
        share = 4 * known >= self.categories if shared else 2 * known >= self.categories
        feature = self._features.of(slot)
        self._follow_own(slot, before, after, share and known > 0, feature)
        self.states[slot] = after
        self.known_counts += (after >= 0).astype(np.int64) - (before >= 0)
        targets = (after == 1).astype(np.float64)
        if shared:
            self._shared.move_targets(feature, targets - (before == 1))
        if shared != (share and known > 0):
            self._shared.turn(slot, feature, (targets, self._given[slot].astype(np.float64), np.ones(1)))

    def add_category(self, side: ArrayLike | None = None) -> int:
        """Append a category, unknown everywhere; ``side`` [capacity] by slot. Returns its index."""
        self.states = np.hstack([self.states, np.full((self.capacity, 1), -1, dtype=np.int8)])
        self._given = np.hstack([self._given, np.zeros((self.capacity, 1), dtype=np.float32)])
        self._shared.add_category()
        self.known_counts = np.append(self.known_counts, 0)
        self._unlike = np.append(self._unlike, int(self._shared.there.sum()))
        category = self.categories - 1
        if self._unlike[category]:
            nothing = np.eye(self._width) / self.alpha
            self._own[category] = OwnInverse(self._store, nothing, np.zeros((self._width, 3)))
        self.set_side(category, np.zeros(self.capacity) if side is None else side)
        return category

    def set_side(self, category: int, side: ArrayLike) -> None:
        """Replace a category's side information, [capacity] by slot."""
        self._given[:, category] = np.where(self.used, side, 0.0)
        given = self._given[:, category, None]
        self._shared.set_side(category, given)
        if category in self._own:
            right = self._features.sums(self.known(category), given, self._width)[:, 0]
            self._own[category].solve(right, SIDE)

    def expansion(self, category: int, mix: ArrayLike) -> Floats:
        """Coefficients [M] of ``mix`` [3] of the three predictions as a kernel expansion."""
        return self._features.expansion(self._weights(category) @ np.asarray(mix, dtype=np.float64))

    def predict(self, kernel: Floats) -> tuple[Floats, Floats, Floats]:
        """Predictions of targets, side information and ones, each [R, C], from ``kernel`` [R, M]."""
        features = self._features.of_kernel(kernel)
        targets, side, one = (features @ weights for weights in self._shared.solution)
        ones = np.repeat(one, self.categories, axis=1)
        leading = features[:, : self._width]
        for category, own in self._own.items():
            targets[:, category], side[:, category], ones[:, category] = (leading @ own.weights).T
        return targets, side, ones

    def left_out(self, slots: ArrayLike, categories: ArrayLike) -> Floats:
        """Leave-one-out predictions [E, 3] of targets, side information and ones at E known entries."""
        rows, columns = np.asarray(slots, dtype=np.intp), np.asarray(categories, dtype=np.intp)
        order = np.argsort(columns, kind="stable")
        found = np.zeros((len(rows), 3))
        starts = np.flatnonzero(np.diff(columns[order])) + 1
        bounds = np.union1d(starts, np.arange(_BLOCK_ENTRIES, len(rows), _BLOCK_ENTRIES)).astype(np.intp)
        for entries in np.split(order, bounds):
            if entries.size:
                category, here = int(columns[entries[0]]), rows[entries]
                features = self._features.rows(here, len(self._weights(category)))
                lever = self._lever(here, category, features)[:, None]
                said = features @ self._weights(category)
                found[entries] = (said - lever * self._values(here, category)) / (1 - lever)
        return found

    def _lever(self, rows: Ints, category: int, features: Floats) -> Floats:
        """How far each known row decides its own prediction of the category, [k].

        Where a category knows little besides thousands of shared rows, these have the levers that they would
        have without it; they differ by less than the share of what it knows besides.
        """
        own = self._own.get(category)
        if own is None:
            return self._shared.levers(rows)
        alike = self._unlike[category] * ALIKE <= self.known_counts[category]
        if len(rows) <= _FEW_ROWS or not alike or self.known_counts[category] < MANY_ROWS:
            return own.levers(features)
        found = self._shared.leading_levers(rows)
        beyond = np.flatnonzero(~self._shared.there[rows])
        if beyond.size:
            found[beyond] = own.levers(features[beyond])
        return found

    def _weights(self, category: int) -> Floats:
        """[M, 3], or [m, 3] where the category has an inverse of its own."""
        own = self._own.get(category)
        return self._shared.weights(category) if own is None else own.weights

    def _values(self, rows: Ints, category: int) -> Floats:
        """The right-hand sides [k, 3] as they were given."""
        targets = (self.states[rows, category] == 1).astype(np.float64)
        return np.stack([targets, self._given[rows, category], np.ones(len(rows))], axis=1)

    def _follow_own(
        self,
        slot: int,
        before: NDArray[np.int8],
        after: NDArray[np.int8],
        share: bool,
        feature: Floats,
    ) -> None:
        """Bring the categories that know rows of their own up to one row's new states [C]."""
        known, will = before >= 0, after >= 0
        self._unlike += (will != share).astype(np.int64) - (known != self._shared.there[slot])
        leading, given = feature[: self._width], self._given[slot].astype(np.float64)
        for category in np.flatnonzero(self._unlike > 0).tolist():
            if category not in self._own:
                right = self._shared.leading_right(category)
                self._own[category] = OwnInverse(self._store, self._shared.leading, right)
            own, yes = self._own[category], float(after[category] == 1)
            if known[category] and will[category]:
                if before[category] != after[category]:
                    own.change(leading, np.array([2 * yes - 1, 0.0, 0.0]))
            elif will[category]:
                own.add(leading, np.array([yes, given[category], 1.0]))
            elif known[category]:
                own.remove(leading, np.array([float(before[category] == 1), given[category], 1.0]))
        for category in [one for one in self._own if not self._unlike[one]]:
            self._own.pop(category).close()

    def _solve(self, shared: NDArray[np.bool_]) -> None:
        """Solve anew for the rows at hand, those that are ``shared`` [n] in common."""
        known = self.states >= 0
        self.known_counts = known.sum(axis=0)
        self._unlike = (known != shared[:, None]).sum(axis=0)
        targets = (self.states == 1).astype(np.float32)
        ones = np.ones((self.capacity, 1), dtype=np.float32)
        gram = self._shared.solve(shared, (targets, self._given, ones))
        for category in np.flatnonzero(self._unlike).tolist():
            self._own[category] = self._solve_own(category, gram)

    def _solve_own(self, category: int, shared: Floats) -> OwnInverse:
        """``shared`` [m, m] is the Gram matrix of the shared rows."""
        known, there, m = self.states[:, category] >= 0, self._shared.there, self._width
        rows = np.flatnonzero(known)
        beyond, missing = np.flatnonzero(known & ~there), np.flatnonzero(there & ~known)
        values = np.zeros((self.capacity, 3))
        values[rows] = self._values(rows, category)
        if len(beyond) + len(missing) < len(rows):
            values[missing] = self._values(missing, category)
            gram = shared + self._features.gram(beyond, m) - self._features.gram(missing, m)
            right = self._shared.leading_right(category) + self._features.sums(beyond, values, m)
            right -= self._features.sums(missing, values, m)
        else:
            gram, right = self._features.gram(rows, m), self._features.sums(rows, values, m)
        return OwnInverse(self._store, positive_inverse(gram + self.alpha * np.eye(m)), right)

    def _reserve(self, more: int) -> None:
        """Make room for more slots."""
        self._features.grow(more)
        self.states = np.pad(self.states, ((0, more), (0, 0)), constant_values=-1)
        self._given = np.pad(self._given, ((0, more), (0, 0)))
        self.used = np.pad(self.used, (0, more))
        self._shared.grow(more)

"""Kernel ridge regression for many labelled images, on landmarks (Nystroem; Williams and Seeger 2001).

The kernel is replaced by ``phi(x) . phi(y)`` with ``phi(x) = L^-1 k(landmarks, x)``, L the Cholesky factor of
the landmarks' own kernel; the rest is ridge regression in M numbers an image. A decision costs O(M^2 + n M),
however many images are labelled. Same doors as KernelRidge, whose notions and shapes hold here too; the
expansions stand on the landmarks instead of the labelled images. Rows known for most categories are *shared*:
their Gram matrix is inverted once, and what a category knows besides or does not know corrects it.
"""

import numpy as np
import scipy.linalg  # type: ignore[import-untyped]
from numpy.typing import ArrayLike, NDArray

from cprfl_core.errors import InputError
from cprfl_core.kernel_ridge import ALPHA, GAMMA, rbf
from cprfl_core.sweep_tableau import positive_inverse

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

Own = tuple[Floats, tuple[Floats, Floats] | None]

_JITTER = 1e-6
_GROWTH = 512


class LandmarkRidge:
    """Ridge regression on landmark features with three-state targets, for any number of rows."""

    def __init__(
        self, landmarks: ArrayLike, categories: int = 0, *, gamma: float = GAMMA, alpha: float = ALPHA
    ) -> None:
        """``landmarks`` [M, D], as a rule labelled images."""
        self.basis: Floats = np.asarray(landmarks, dtype=np.float64)
        if self.basis.ndim != 2 or not self.basis.size or gamma <= 0 or alpha <= 0:
            raise InputError("Landmark ridge needs landmarks [M, D], gamma > 0 and alpha > 0.")
        self.gamma, self.alpha = gamma, alpha
        count, width = self.basis.shape
        factor = np.linalg.cholesky(rbf(self.basis, self.basis, gamma) + _JITTER * np.eye(count))
        self._map: Floats = scipy.linalg.solve_triangular(factor, np.eye(count), lower=True)
        self.embeddings: Floats = np.zeros((0, width))
        self.states: NDArray[np.int8] = np.full((0, categories), -1, dtype=np.int8)
        self.used: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self._given: Floats = np.zeros((0, categories))
        self._features: NDArray[np.float32] = np.zeros((0, count), dtype=np.float32)
        self._shared: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        # Over the shared rows: inverse Gram matrix, how far a row decides its own prediction, products of
        # features with targets, side information and ones.
        self._inverse: Floats = np.eye(count) / alpha
        self._lever: Floats = np.zeros(0)
        self._right: list[Floats] = [np.zeros((count, n)) for n in (categories, categories, 1)]
        self._solution: list[Floats] | None = None
        self._own: dict[int, Own] = {}

    @classmethod
    def from_rows(
        cls,
        embeddings: ArrayLike,
        states: ArrayLike,
        side: ArrayLike | None = None,
        *,
        landmarks: ArrayLike,
        gamma: float = GAMMA,
        alpha: float = ALPHA,
    ) -> "LandmarkRidge":
        """Solve at once for rows [n, D]; the slots are 0..n-1."""
        rows, state = np.asarray(embeddings, dtype=np.float64), np.asarray(states, dtype=np.int8)
        made = cls(landmarks, state.shape[1], gamma=gamma, alpha=alpha)
        n = len(rows)
        made._reserve(n)
        made.embeddings[:n], made.states[:n], made.used[:n] = rows, state, True
        if side is not None:
            made._given[:n] = side
        made._features[:n] = made.kernel(rows) @ made._map.T
        known = (made.states >= 0).sum(axis=1)
        made._shared = (2 * known >= made.categories) & (known > 0)
        made._refresh()
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
            self._reserve(1)
        slot = int(np.flatnonzero(~self.used)[0])
        row = np.asarray(embedding, dtype=np.float64)
        self.embeddings[slot], self.used[slot] = row, True
        self._given[slot] = 0.0 if side is None else side
        self._features[slot] = self._map @ self.kernel(row[None])[0]
        feature = self._features[slot].astype(np.float64)
        self._lever[slot] = feature @ self._inverse @ feature
        return slot

    def remove(self, slot: int) -> None:
        """Forget an image and all that is known about it."""
        self.set(slot, np.arange(self.categories), -1)
        self.used[slot] = False
        self.embeddings[slot], self._given[slot] = 0.0, 0.0
        self._features[slot], self._lever[slot] = 0.0, 0.0

    def set(self, slot: int, categories: ArrayLike, states: ArrayLike) -> None:
        """Set the states {1, 0, -1} of some categories, each named once, on one image."""
        columns = np.atleast_1d(np.asarray(categories, dtype=np.intp))
        after = np.broadcast_to(np.asarray(states, dtype=np.int8), columns.shape)
        before = self.states[slot, columns]
        difference = (after == 1).astype(np.float64) - (before == 1)
        if self._shared[slot] and difference.any():
            self._right[0][:, columns] += np.outer(self._features[slot], difference)
            self._solution = None
        for category in columns[after != before]:
            self._own.pop(int(category), None)
        self.states[slot, columns] = after
        known = int((self.states[slot] >= 0).sum())
        if 4 * known < self.categories if self._shared[slot] else 2 * known >= self.categories > 0:
            self._share(slot)

    def add_category(self, side: ArrayLike | None = None) -> int:
        """Append a category, unknown everywhere; ``side`` [capacity] by slot. Returns its index."""
        self.states = np.hstack([self.states, np.full((self.capacity, 1), -1, dtype=np.int8)])
        self._given = np.hstack([self._given, np.zeros((self.capacity, 1))])
        empty = np.zeros((len(self.basis), 1))
        self._right[:2] = [np.hstack([right, empty]) for right in self._right[:2]]
        self.set_side(self.categories - 1, np.zeros(self.capacity) if side is None else side)
        return self.categories - 1

    def set_side(self, category: int, side: ArrayLike) -> None:
        """Replace a category's side information, [capacity] by slot."""
        self._given[:, category] = np.where(self.used, side, 0.0)
        shared = np.flatnonzero(self._shared)
        self._right[1][:, category] = self._features[shared].T @ self._given[shared, category]
        self._solution = None
        self._own.pop(category, None)

    def expansion(self, category: int, mix: ArrayLike) -> Floats:
        """Coefficients [M] of ``mix`` [3] of the three predictions as a kernel expansion."""
        mixed: Floats = self._map.T @ (self._solution_of(category)[0] @ np.asarray(mix, dtype=np.float64))
        return mixed

    def predict(self, kernel: Floats) -> tuple[Floats, Floats, Floats]:
        """Predictions of targets, side information and ones, each [R, C], from ``kernel`` [R, M]."""
        features = kernel @ self._map.T
        targets, side, one = (features @ weights for weights in self._shared_solution())
        ones = np.repeat(one, self.categories, axis=1)
        for category in np.flatnonzero(~self._plain()):
            found = features @ self._solution_of(int(category))[0]
            targets[:, category], side[:, category], ones[:, category] = found.T
        return targets, side, ones

    def left_out(self, slots: ArrayLike, categories: ArrayLike) -> Floats:
        """Leave-one-out predictions [E, 3] of targets, side information and ones at E known entries."""
        rows, columns = np.asarray(slots, dtype=np.intp), np.asarray(categories, dtype=np.intp)
        order = np.argsort(columns, kind="stable")
        found = np.zeros((len(rows), 3))
        for entries in np.split(order, np.flatnonzero(np.diff(columns[order])) + 1):
            if entries.size:
                category, here = int(columns[entries[0]]), rows[entries]
                weights, correction = self._solution_of(category)
                features = self._features[here].astype(np.float64)
                lever = self._lever[here].copy()
                if correction is not None:
                    moved = features @ correction[0]
                    lever -= np.einsum("kb,kb->k", moved @ correction[1], moved)
                given = self._values(here, category)
                found[entries] = (features @ weights - lever[:, None] * given) / (1 - lever[:, None])
        return found

    def _plain(self) -> NDArray[np.bool_]:
        """Categories [C] known exactly on the shared rows."""
        same: NDArray[np.bool_] = ((self.states >= 0) == self._shared[:, None]).all(axis=0)
        return same

    def _values(self, rows: Ints, category: int) -> Floats:
        """The right-hand sides [k, 3] as they were given."""
        targets = (self.states[rows, category] == 1).astype(np.float64)
        return np.stack([targets, self._given[rows, category], np.ones(len(rows))], axis=1)

    def _shared_solution(self) -> list[Floats]:
        if self._solution is None:
            self._solution = [self._inverse @ right for right in self._right]
        return self._solution

    def _solution_of(self, category: int) -> Own:
        """Weights [M, 3], and what the inverse is less than the shared one: (a, b) for ``a @ b @ a.T``."""
        known = self.states[:, category] >= 0
        extra, missing = np.flatnonzero(known & ~self._shared), np.flatnonzero(self._shared & ~known)
        block = np.concatenate([extra, missing])
        if not block.size:
            targets, side, one = self._shared_solution()
            plain = np.stack([targets[:, category], side[:, category], one[:, 0]], axis=1)
            return plain, None
        if category not in self._own:
            rows = np.flatnonzero(known)
            right = self._features[rows].T @ self._values(rows, category)
            if len(block) < len(self.basis):
                features = self._features[block].astype(np.float64)
                across = self._inverse @ features.T
                signs = np.concatenate([np.ones(len(extra)), -np.ones(len(missing))])
                inner = np.linalg.inv(np.diag(signs) + features @ across)
            else:
                across, inner = np.eye(len(self.basis)), self._inverse - self._inverse_over(rows)
            weights = self._inverse @ right - across @ (inner @ (across.T @ right))
            self._own[category] = weights, (across, inner)
        return self._own[category]

    def _inverse_over(self, rows: Ints) -> Floats:
        features = self._features[rows].astype(np.float64)
        return positive_inverse(features.T @ features + self.alpha * np.eye(len(self.basis)))

    def _share(self, slot: int) -> None:
        """Take a row into the shared Gram matrix or out of it: one rank-one update (Sherman, Morrison)."""
        sign = -1.0 if self._shared[slot] else 1.0
        feature = self._features[slot].astype(np.float64)
        image = self._inverse @ feature
        scale = sign / (1 + sign * float(feature @ image))
        self._inverse -= np.outer(image, image * scale)
        self._lever -= scale * (self._features @ image) ** 2
        given = (self.states[slot] == 1).astype(np.float64), self._given[slot], np.ones(1)
        self._right = [
            right + sign * np.outer(feature, values) for right, values in zip(self._right, given, strict=True)
        ]
        self._shared[slot] = not self._shared[slot]
        self._solution = None
        self._own.clear()  # their corrections are relative to the shared rows

    def _refresh(self) -> None:
        """Solve for the shared rows at hand."""
        shared = np.flatnonzero(self._shared)
        features = self._features[shared].astype(np.float64)
        self._inverse = self._inverse_over(shared)
        targets = (self.states[shared] == 1).astype(np.float64)
        given = targets, self._given[shared], np.ones((len(shared), 1))
        self._right = [features.T @ values for values in given]
        self._lever = np.einsum("nm,nm->n", self._features @ self._inverse, self._features)

    def _reserve(self, extra: int) -> None:
        """Make room for more slots."""
        more = max(extra, _GROWTH)
        self.embeddings = np.pad(self.embeddings, ((0, more), (0, 0)))
        self.states = np.pad(self.states, ((0, more), (0, 0)), constant_values=-1)
        self._given = np.pad(self._given, ((0, more), (0, 0)))
        self._features = np.pad(self._features, ((0, more), (0, 0)))
        self.used, self._shared = np.pad(self.used, (0, more)), np.pad(self._shared, (0, more))
        self._lever = np.pad(self._lever, (0, more))

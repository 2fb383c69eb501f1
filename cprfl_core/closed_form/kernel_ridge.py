"""Live kernel ridge regression over the labelled images, exact under undo and in any order of decisions.

Every category is regressed on the images where it is known; all categories share one matrix. Unknown entries
are left out exactly, which equals filling them with the category's own prediction. Rows known for most
categories are swept (see sweep_tableau). The rows in which a category differs from them are handled by a
small block correction.

Shapes: n rows, D embedding width, C categories, R images to score. A category has three right-hand sides:
its targets (1 yes, 0 no), its side information (the standardised text score; zero if there is none) and
ones. Regression is linear in them, so any prior and any mixture with the text follow without solving again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.closed_form.gaussian_kernel import ALPHA, GAMMA, rbf, rbf_with
from cprfl_core.closed_form.sweep_tableau import BlockCorrection, SweepTableau, positive_inverse
from cprfl_core.common.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_GROWTH = 128
# Up to this many images or entries a block correction is cheaper than a full solution.
_FEW_ENTRIES = 8
_TARGETS, _SIDE, _ONES = 0, 1, 2


@dataclass(frozen=True, slots=True)
class CategoryFit:
    """One category's regressions over its k known rows; columns are targets, side information and ones.

    ``rows`` [k] are the slots. The prediction at x is ``kernel(x)[:, rows] @ coefficients``, ``coefficients``
    [k, 3]. ``leave_one_out`` [k, 3] is the prediction at each known row from the others (closed form).
    """

    rows: Ints
    coefficients: Floats
    leave_one_out: Floats


class KernelRidge:
    """Kernel ridge regression with three-state targets, for up to a few thousand rows.

    A row is identified by its slot, which it keeps until it is removed.
    """

    def __init__(
        self, width: int, categories: int = 0, *, gamma: float = GAMMA, alpha: float = ALPHA
    ) -> None:
        if gamma <= 0 or alpha <= 0:
            raise InputError("Kernel ridge needs gamma > 0 and alpha > 0.")
        self.gamma, self.alpha = gamma, alpha
        self.embeddings: Floats = np.zeros((0, width))
        self._squared: Floats = np.zeros(0)
        self.states: NDArray[np.int8] = np.full((0, categories), -1, dtype=np.int8)
        self.used: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self._given: Floats = np.zeros((0, categories))
        self._tableau = SweepTableau((categories, categories, 1))
        self._fits: dict[int, CategoryFit] = {}
        self._kept_corrections: dict[int, tuple[int, BlockCorrection]] = {}

    @classmethod
    def from_rows(
        cls,
        embeddings: ArrayLike,
        states: ArrayLike,
        side: ArrayLike | None = None,
        *,
        gamma: float = GAMMA,
        alpha: float = ALPHA,
    ) -> "KernelRidge":
        """Solve at once for rows [n, D] with states [n, C] in {1, 0, -1} and side information [n, C].

        The slots are 0..n-1. Equals inserting and setting rows one by one, up to rounding.
        """
        rows = np.asarray(embeddings, dtype=np.float64)
        state = np.asarray(states, dtype=np.int8)
        if rows.ndim != 2 or state.ndim != 2 or len(rows) != len(state):
            raise InputError(f"Embeddings {rows.shape} and states {state.shape} must have the same rows.")
        made = cls(rows.shape[1], state.shape[1], gamma=gamma, alpha=alpha)
        n = len(rows)
        if not n:
            return made
        made._reserve(n)
        made.embeddings[:n], made.states[:n], made.used[:n] = rows, state, True
        made._squared[:n] = np.einsum("nd,nd->n", rows, rows)
        if side is not None:
            made._given[:n] = side
        matrix = rbf(rows, rows, gamma)
        matrix[np.diag_indices(n)] += alpha
        known = (made.states >= 0).sum(axis=1)
        made._tableau.load(
            np.arange(n),
            matrix,
            (2 * known >= made.categories) & (known > 0),
            [(made.states == 1).astype(np.float64), made._given, made.used[:, None].astype(np.float64)],
        )
        return made

    @property
    def categories(self) -> int:
        return int(self.states.shape[1])

    @property
    def capacity(self) -> int:
        """Number of slots, used or not."""
        return len(self.used)

    @property
    def known_counts(self) -> NDArray[np.int64]:
        """Number of known rows of each category, [C]."""
        found: NDArray[np.int64] = (self.states >= 0).sum(axis=0)
        return found

    @property
    def basis(self) -> Floats:
        """Centres [capacity, D] of the kernel expansions."""
        return self.embeddings

    def kernel(self, embeddings: ArrayLike) -> Floats:
        """Kernel [R, capacity] between embeddings [R, D] and the slots; unused slots give zero."""
        rows = np.asarray(embeddings, dtype=np.float64)
        kernel = rbf_with(rows, self.embeddings, self._squared, self.gamma)
        kernel[:, ~self.used] = 0.0
        return kernel

    def known(self, category: int) -> Ints:
        """Slots where the category is known, ascending."""
        return np.flatnonzero(self.states[:, category] >= 0)

    def insert(self, embedding: ArrayLike, side: ArrayLike | None = None) -> int:
        """Add an image, [D], with side information [C] and every category unknown. Returns its slot."""
        if self.used.all():
            self._reserve(1)
        slot = int(np.flatnonzero(~self.used)[0])
        row = np.asarray(embedding, dtype=np.float64)
        self._given[slot] = 0.0 if side is None else side
        kernel = self.kernel(row[None])[0]
        self.embeddings[slot], self._squared[slot], self.used[slot] = row, row @ row, True
        given = [np.zeros(self.categories), self._given[slot], np.ones(1)]
        self._tableau.put(slot, kernel, 1.0 + self.alpha, given)
        return slot

    def remove(self, slot: int) -> None:
        """Remove an image and its labels."""
        for category in np.flatnonzero(self.states[slot] >= 0):
            self._forget(int(category))
        self._tableau.drop(slot)
        self.states[slot], self.used[slot] = -1, False
        self.embeddings[slot], self._squared[slot], self._given[slot] = 0.0, 0.0, 0.0

    def set(self, slot: int, categories: ArrayLike, states: ArrayLike) -> None:
        """Set the states {1, 0, -1} of some categories, each given once, on one image."""
        columns = np.atleast_1d(np.asarray(categories, dtype=np.intp))
        after = np.broadcast_to(np.asarray(states, dtype=np.int8), columns.shape)
        before = self.states[slot, columns]
        difference = (after == 1).astype(np.float64) - (before == 1)
        moved = np.flatnonzero(difference)
        if moved.size:
            self._tableau.change(slot, _TARGETS, columns[moved], difference[moved])
        for category in columns[after != before]:
            self._forget(int(category))
        self.states[slot, columns] = after
        self._update_swept(slot)

    def add_category(self, side: ArrayLike | None = None) -> int:
        """Append a category, unknown everywhere; ``side`` [capacity] by slot. Returns its index."""
        given = np.zeros(self.capacity) if side is None else self._at_used(side)
        self.states = np.hstack([self.states, np.full((self.capacity, 1), -1, dtype=np.int8)])
        self._given = np.hstack([self._given, given[:, None]])
        self._tableau.append_column(_TARGETS, np.zeros(self.capacity))
        self._tableau.append_column(_SIDE, given)
        return self.categories - 1

    def set_side(self, category: int, side: ArrayLike) -> None:
        """Replace a category's side information, [capacity] by slot."""
        given = self._at_used(side)
        self._given[:, category] = given
        self._tableau.replace_column(_SIDE, category, given)
        self._forget(category)

    def fit(self, category: int) -> CategoryFit:
        """The regressions of one category, solved lazily after a change."""
        found = self._fits.get(category)
        if found is None:
            found = self._solve(category)
            self._fits[category] = found
        return found

    def expansion(self, category: int, mix: ArrayLike) -> Floats:
        """Coefficients [capacity] of ``mix`` [3] of the three predictions as a kernel expansion."""
        fit = self.fit(category)
        found = np.zeros(self.capacity)
        found[fit.rows] = fit.coefficients @ np.asarray(mix, dtype=np.float64)
        return found

    def predict(self, kernel: Floats) -> tuple[Floats, Floats, Floats]:
        """Predictions of targets, side information and ones, each [R, C], from ``kernel`` [R, capacity].

        With a prior p the prediction of the targets is ``p + targets - p * ones``.
        """
        swept = kernel * self._tableau.swept
        targets, side, one = (swept @ right for right in self._tableau.right)
        ones = np.repeat(one, self.categories, axis=1)
        others = np.flatnonzero(~self._matches_swept()).tolist()
        corrections = self._corrections(others) if len(kernel) <= _FEW_ENTRIES else {}
        if corrections:
            rows = np.unique(np.concatenate([other.block for other in corrections.values()]))
            moved = swept @ self._tableau.matrix[:, rows]
            for category, other in corrections.items():
                found = kernel[:, other.extra] @ other.solution[: len(other.extra)]
                found -= moved[:, np.searchsorted(rows, other.block)] @ other.solution
                for at, prediction in enumerate((targets, side, ones)):
                    prediction[:, category] += found[:, at]
        for category in others:
            if category not in corrections:
                fit = self.fit(category)
                found = kernel[:, fit.rows] @ fit.coefficients
                targets[:, category], side[:, category], ones[:, category] = found.T
        return targets, side, ones

    def leave_one_out(self, slots: ArrayLike, categories: ArrayLike) -> Floats:
        """Leave-one-out predictions [E, 3] of targets, side information and ones at E known entries."""
        rows, columns = np.asarray(slots, dtype=np.intp), np.asarray(categories, dtype=np.intp)
        tableau = self._tableau
        diagonal = np.where(tableau.swept[rows], tableau.matrix[rows, rows], 1.0)
        coefficients = np.stack(
            [
                tableau.right[_TARGETS][rows, columns],
                tableau.right[_SIDE][rows, columns],
                tableau.right[_ONES][rows, 0],
            ],
            axis=1,
        )
        found: Floats = self._values(rows, columns) + coefficients / diagonal[:, None]
        special = np.flatnonzero(~self._matches_swept()[columns])
        special = special[np.argsort(columns[special], kind="stable")]
        for entries in np.split(special, np.flatnonzero(np.diff(columns[special])) + 1):
            if entries.size:
                category, here = int(columns[entries[0]]), rows[entries]
                corrections = self._corrections([category]) if len(here) <= _FEW_ENTRIES else {}
                if corrections:
                    right = self._right_sides(category)
                    given = np.stack([one[here] for one in right], axis=1)
                    solved, own = tableau.solve_at(here, given, corrections[category])
                    found[entries] = self._values(here, columns[entries]) - solved / own[:, None]
                else:
                    fit = self.fit(category)
                    found[entries] = fit.leave_one_out[np.searchsorted(fit.rows, here)]
        return found

    def _right_sides(self, category: int) -> list[Floats]:
        """The category's three right-hand sides [n] in the tableau."""
        targets, side, ones = self._tableau.right
        return [targets[:, category], side[:, category], ones[:, 0]]

    def _corrections(self, categories: Sequence[int]) -> dict[int, BlockCorrection]:
        """Block corrections of these categories; those missing are better solved in full.

        Scoring one image after a decision needs no more, and a full solution of each category takes far
        longer.
        """
        found = {}
        for category in categories:
            if category in self._fits:
                continue
            version, kept = self._kept_corrections.get(category, (-1, None))
            if kept is None or version != self._tableau.version:
                wanted = self.states[:, category] >= 0
                differing = int((wanted != self._tableau.swept).sum())
                if not 0 < 4 * differing <= int(wanted.sum()):
                    continue
                kept = self._tableau.correction(wanted, self._right_sides(category))
                self._kept_corrections[category] = self._tableau.version, kept
            found[category] = kept
        return found

    def _matches_swept(self) -> NDArray[np.bool_]:
        """Categories [C] that are known on exactly the swept rows and need no block correction."""
        same: NDArray[np.bool_] = ((self.states >= 0) == self._tableau.swept[:, None]).all(axis=0)
        return same

    def _values(self, rows: Ints, columns: Ints) -> Floats:
        """The original right-hand sides [E, 3]."""
        targets = (self.states[rows, columns] == 1).astype(np.float64)
        return np.stack([targets, self._given[rows, columns], np.ones(len(rows))], axis=1)

    def _at_used(self, side: ArrayLike) -> Floats:
        return np.where(self.used, np.asarray(side, dtype=np.float64), 0.0)

    def _forget(self, category: int) -> None:
        self._fits.pop(category, None)
        self._kept_corrections.pop(category, None)

    def _update_swept(self, slot: int) -> None:
        """Sweep a row that most categories know. Which rows are swept affects the cost, never the result."""
        known = int((self.states[slot] >= 0).sum())
        share_in, share_out = 2 * known >= self.categories > 0, 4 * known < self.categories
        if share_out if self._tableau.swept[slot] else share_in:
            self._tableau.sweep(slot)

    def _solve(self, category: int) -> CategoryFit:
        rows = self.known(category)
        given = self._values(rows, np.full(len(rows), category, dtype=np.intp))
        swept = self._tableau.swept
        differing = int(((self.states[:, category] >= 0) != swept).sum())
        if 2 * differing > len(rows):  # a direct solution is cheaper than a large block
            matrix = rbf(self.embeddings[rows], self.embeddings[rows], self.gamma)
            inverse = positive_inverse(matrix + self.alpha * np.eye(len(rows)))
            coefficients, diagonal = inverse @ given, np.diag(inverse)
        else:
            right = np.stack(self._right_sides(category), axis=1)
            coefficients, diagonal = self._tableau.solve_for(rows, right)
        return CategoryFit(rows, coefficients, given - coefficients / diagonal[:, None])

    def _reserve(self, extra: int) -> None:
        """Make room for more slots."""
        more = max(extra, _GROWTH, self.capacity // 8)
        width, categories = self.embeddings.shape[1], self.categories
        self.embeddings = np.vstack([self.embeddings, np.zeros((more, width))])
        self._squared = np.append(self._squared, np.zeros(more))
        self.states = np.vstack([self.states, np.full((more, categories), -1, dtype=np.int8)])
        self._given = np.vstack([self._given, np.zeros((more, categories))])
        self.used = np.append(self.used, np.zeros(more, dtype=np.bool_))
        self._tableau.grow(self.capacity)

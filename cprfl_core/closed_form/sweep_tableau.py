"""A positive definite matrix, solved for a changing subset of its rows (the symmetric sweep operator).

For a matrix M over n slots and a set s of *swept* slots, o the others, the tableau holds ``-M_ss^-1``,
``M_ss^-1 M_so`` and the Schur complement ``M_oo - M_os M_ss^-1 M_so``. For every right-hand side b it holds
the solution ``M_ss^-1 b_s`` and the residual ``b_o - M_os M_ss^-1 b_s``. Sweeping one slot in or out is
the same rank-one update, O(n^2) (Goodnight, "A tutorial on the SWEEP operator", 1979).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg  # type: ignore[import-untyped]
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class SweepTableau:
    """The tableau over a changing set of slots, with several blocks of right-hand sides.

    ``swept`` [n] marks the swept slots, ``right`` has one array [n, T] for each block.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        self.swept: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        # Fortran order, because BLAS updates such arrays in place.
        self.matrix: Floats = np.zeros((0, 0), order="F")
        self.right: list[Floats] = [np.zeros((0, width), order="F") for width in widths]
        # Incremented by every change that makes a BlockCorrection outdated.
        self.version = 0

    def grow(self, capacity: int) -> None:
        """Make room: new slots are empty, that is, rows of the unit matrix."""
        before = len(self.swept)
        matrix = np.eye(capacity, order="F")
        matrix[:before, :before] = self.matrix
        self.matrix = matrix
        self.swept = np.append(self.swept, np.zeros(capacity - before, dtype=np.bool_))
        for at, array in enumerate(self.right):
            larger = np.zeros((capacity, array.shape[1]), order="F")
            larger[:before] = array
            self.right[at] = larger

    def append_column(self, block: int, given: Floats) -> None:
        """Append a right-hand side [n] to a block; zero at empty slots."""
        array = np.hstack([self.right[block], np.zeros((len(given), 1))])
        self.right[block] = np.asfortranarray(array)
        self.replace_column(block, array.shape[1] - 1, given)

    def replace_column(self, block: int, column: int, given: Floats) -> None:
        """Replace a right-hand side [n]; zero at empty slots."""
        self.version += 1
        image = self.matrix @ np.where(self.swept, given, 0.0)
        self.right[block][:, column] = np.where(self.swept, -image, given - image)

    def put(self, slot: int, row: Floats, diagonal: float, given: Sequence[Floats]) -> None:
        """Fill an empty slot: ``row`` [n] of M (zero at this and at empty slots), a row for each block."""
        known = np.where(self.swept, row, 0.0)
        image = self.matrix @ known
        column = np.where(self.swept, -image, row - image)
        column[slot] = diagonal + known @ image
        self.matrix[:, slot] = column
        self.matrix[slot, :] = column
        for array, values in zip(self.right, given, strict=True):
            array[slot] = values - known @ array

    def drop(self, slot: int) -> None:
        """Empty a slot."""
        self.version += 1
        if self.swept[slot]:
            self.sweep(slot)
        self.matrix[slot, :] = 0.0
        self.matrix[:, slot] = 0.0
        self.matrix[slot, slot] = 1.0
        for array in self.right:
            array[slot] = 0.0

    def change(self, slot: int, block: int, columns: Ints, differences: Floats) -> None:
        """Change right-hand sides at one slot by ``differences``."""
        if self.swept[slot]:
            self.right[block][:, columns] -= np.outer(self.matrix[:, slot], differences)
        else:
            self.right[block][slot, columns] += differences

    def sweep(self, slot: int) -> None:
        """Pivot on one slot: sweep it in, or out if it is swept."""
        self.version += 1
        column = self.matrix[:, slot].copy()
        pivot = float(column[slot])
        sign = -1.0 if self.swept[slot] else 1.0
        self.matrix = scipy.linalg.blas.dger(-1.0 / pivot, column, column, a=self.matrix, overwrite_a=1)
        moved = sign * column / pivot
        moved[slot] = -1.0 / pivot
        self.matrix[:, slot] = moved
        self.matrix[slot, :] = moved
        for at, array in enumerate(self.right):
            row = array[slot].copy()
            after = array
            if array.shape[1]:
                after = scipy.linalg.blas.dger(-1.0 / pivot, column, row, a=array, overwrite_a=1)
            after[slot] = sign * row / pivot
            self.right[at] = after
        self.swept[slot] = not self.swept[slot]

    def load(self, slots: Ints, matrix: Floats, swept: NDArray[np.bool_], given: Sequence[Floats]) -> None:
        """Solve from scratch: ``matrix`` M over the filled ``slots``, ``swept`` [n], right sides [n, T]."""
        self.swept[:] = swept
        inside, outside = np.flatnonzero(swept[slots]), np.flatnonzero(~swept[slots])
        s, o = slots[inside], slots[outside]
        inverse = positive_inverse(matrix[np.ix_(inside, inside)])
        across = inverse @ matrix[np.ix_(inside, outside)]
        self.matrix[np.ix_(s, s)] = -inverse
        self.matrix[np.ix_(s, o)] = across
        self.matrix[np.ix_(o, s)] = across.T
        self.matrix[np.ix_(o, o)] = (
            matrix[np.ix_(outside, outside)] - matrix[np.ix_(outside, inside)] @ across
        )
        for array, values in zip(self.right, given, strict=True):
            array[s] = inverse @ values[s]
            array[o] = values[o] - across.T @ values[s]

    def correction(self, wanted: NDArray[np.bool_], right: Sequence[Floats]) -> "BlockCorrection":
        """The correction from the solution over the swept slots to that over the ``wanted`` ones [n].

        ``right`` are the current right-hand sides as columns [n].
        """
        extra = np.flatnonzero(wanted & ~self.swept)
        block = np.concatenate([extra, np.flatnonzero(self.swept & ~wanted)])
        inverse = np.linalg.inv(self.matrix[np.ix_(block, block)])
        columns = np.stack([column[block] for column in right], axis=1)
        return BlockCorrection(extra, block, inverse, inverse @ columns)

    def solve_for(self, rows: Ints, right: Floats) -> tuple[Floats, Floats]:
        """The solution of M over exactly ``rows`` (ascending), whichever are swept.

        ``right`` [n, T] are current right-hand sides. Returns coefficients [k, T] and the diagonal [k] of the
        inverse. Rows that differ from the swept ones are handled by a block correction, which is cheap while
        they are few.
        """
        wanted = np.zeros(len(self.swept), dtype=np.bool_)
        wanted[rows] = True
        if (wanted == self.swept).all():
            return right[rows], -self.matrix[rows, rows]
        return self.solve_at(rows, right[rows], self.correction(wanted, list(right.T)))

    def solve_at(self, rows: Ints, right: Floats, correction: "BlockCorrection") -> tuple[Floats, Floats]:
        """Coefficients [k, T] and diagonal [k] of the inverse at some wanted rows; ``right`` [k, T]."""
        across = self.matrix[np.ix_(rows, correction.block)]
        coefficients = right - across @ correction.solution
        diagonal = -self.matrix[rows, rows] + np.einsum("kb,kb->k", across @ correction.inverse, across)
        count = len(correction.extra)
        if count:
            place = np.minimum(np.searchsorted(correction.extra, rows), count - 1)
            at = np.flatnonzero(correction.extra[place] == rows)
            coefficients[at] = correction.solution[place[at]]
            diagonal[at] = np.diag(correction.inverse)[place[at]]
        return coefficients, diagonal


@dataclass(frozen=True, slots=True)
class BlockCorrection:
    """Corrects a solution for the ``block`` [b] of rows in which it differs from the swept ones.

    ``extra`` are the rows of the block that are not swept (they come first); ``inverse`` [b, b] and
    ``solution`` [b, T] are over the block.
    """

    extra: Ints
    block: Ints
    inverse: Floats
    solution: Floats


def positive_inverse(matrix: Floats) -> Floats:
    """Inverse of a symmetric matrix by Cholesky. Raises LinAlgError if it is not positive definite."""
    if not matrix.size:
        return matrix
    factor, failed = scipy.linalg.lapack.dpotrf(matrix, lower=1)
    if failed:
        raise np.linalg.LinAlgError("The matrix is not positive definite.")
    inverse, _ = scipy.linalg.lapack.dpotri(factor, lower=1)
    lower = np.tril(inverse, -1)
    full: Floats = lower + lower.T + np.diag(np.diag(inverse))
    return full

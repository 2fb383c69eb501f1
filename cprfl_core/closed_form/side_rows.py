"""Side information by slot, without a copy of a table that the caller keeps anyway.

Shapes: n slots, C categories, N rows of the table, k rows.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.common.mapped_arrays import release

_FEW_ROWS = 512
Singles = NDArray[np.float32]
Ints = NDArray[np.intp]
Table = Callable[[], Singles]
"""Returns the current table [N, C]. Changes of it must be followed by set_column or add_category."""


class YesRows:
    """Whether each state [n, C] is a yes, indexed by slots, without a table of that."""

    def __init__(self, states: NDArray[np.int8]) -> None:
        self._states = states

    @property
    def shape(self) -> tuple[int, int]:
        return len(self._states), self._states.shape[1]

    def __getitem__(self, slots: Ints) -> NDArray[np.bool_]:
        """bool [k, C]"""
        found: NDArray[np.bool_] = self._states[slots] == 1
        return found


class SideRows:
    """float32 [n, C], indexed by slots: the first ones are rows of a table, the others are kept here."""

    def __init__(self, categories: int, table: Table | None = None) -> None:
        self._categories = categories
        self._table = table
        self._rows: Ints = np.zeros(0, dtype=np.intp)
        self._own: dict[int, Singles] = {}

    @property
    def shape(self) -> tuple[int, int]:
        return len(self._rows), self._categories

    def __getitem__(self, slots: Ints) -> Singles:
        """[k, C]; zeros for an empty slot."""
        found = np.zeros((len(slots), self._categories), dtype=np.float32)
        if self._table is not None:
            shown = np.flatnonzero(self._rows[slots] >= 0)
            found[shown] = self._table()[self._rows[slots[shown]]]
            self._release(len(shown))
        for at in self._kept(slots):
            found[at] = self._own[int(slots[at])]
        return found

    def column(self, category: int, slots: Ints) -> Singles:
        """One category [k]; zeros for an empty slot."""
        found = np.zeros(len(slots), dtype=np.float32)
        if self._table is not None:
            shown = np.flatnonzero(self._rows[slots] >= 0)
            found[shown] = self._table()[self._rows[slots[shown]], category]
            self._release(len(shown))
        for at in self._kept(slots):
            found[at] = self._own[int(slots[at])][category]
        return found

    def row(self, slot: int) -> NDArray[np.float64]:
        """[C]."""
        found: NDArray[np.float64] = self[np.array([slot])][0].astype(np.float64)
        return found

    def show(self, rows: Ints) -> None:
        """Let the first slots show these rows [k] of the table."""
        self._rows[: len(rows)] = rows

    def put(self, slot: int, values: ArrayLike) -> None:
        """Keep ``values`` [C] in a slot."""
        self._rows[slot] = -1
        self._own[slot] = np.broadcast_to(np.asarray(values, np.float32), self._categories).copy()

    def forget(self, slot: int) -> None:
        self._rows[slot] = -1
        self._own.pop(slot, None)

    def grow(self, more: int) -> None:
        """Make room for more slots."""
        self._rows = np.pad(self._rows, (0, more), constant_values=-1)

    def set_column(self, category: int, values: NDArray[np.floating]) -> None:
        """Replace a category [n]; the table has it already."""
        for slot, own in self._own.items():
            own[category] = values[slot]

    def add_category(self) -> None:
        """Append a category of zeros; the table has it already."""
        self._categories += 1
        self._own = {slot: np.append(own, np.float32(0)) for slot, own in self._own.items()}

    def _release(self, read: int) -> None:
        """After reading many rows of a table in a file: take it out of memory."""
        if self._table is not None and read > _FEW_ROWS:
            release(self._table())

    def _kept(self, slots: Ints) -> list[int]:
        if not self._own:
            return []
        kept = np.isin(slots, np.fromiter(self._own, np.intp, len(self._own)))
        return [int(at) for at in np.flatnonzero(kept)]

"""Yes that follows from a yes below (docs/decisions/0330): derived on reading, never stored."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.hierarchy import Hierarchy

Bools = NDArray[np.bool_]


def derive(
    states: NDArray[np.int8],
    category_ids: Sequence[int],
    hierarchy: Hierarchy,
    explicit_no: Mapping[int, NDArray[np.int64]],
) -> dict[int, Bools]:
    """Set a yes in ``states``, int8 [C,R] in {1, 0, -1}, wherever a category below has one.

    An explicit no stays: ``explicit_no`` has the columns of those, by category. Returns where a state was
    changed, bool [R], by category.
    """
    row_of = {category_id: row for row, category_id in enumerate(category_ids)}
    given = {
        number: np.logical_or.reduce([states[row_of[one]] == 1 for one in below if one in row_of])
        for number, below in hierarchy.parents.items()
        if number in row_of and any(one in row_of for one in below)
    }
    for number, found in given.items():
        np.logical_and(found, states[row_of[number]] != 1, out=found)
        if number in explicit_no:
            found[explicit_no[number]] = False
    for number, found in given.items():
        states[row_of[number]][found] = 1
    return given

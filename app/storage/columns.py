"""Whole columns of many rows, without an object for each row.

The database puts a column together as one text, so that reading it is one step of the driver: Python's lock
is free meanwhile, and the window goes on while a large project is read.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import Session

from app.storage.models import IMAGE

RANGE = 20_000
"""Image numbers that are read at once: bounds the text of one column."""

# A stored path has four hex digits behind each ESC (app.storage.types.escape_path), never this.
_SEPARATOR = "\x1b|"


def image_ranges(s: Session) -> Iterator[tuple[int, int]]:
    """(above, up to) pairs that together hold the numbers of all images."""
    newest = s.scalar(select(func.max(IMAGE.c.id))) or 0
    yield from ((low, low + RANGE) for low in range(0, newest, RANGE))


def read_columns(
    s: Session, query: Select[Any], numbers: int
) -> tuple[list[NDArray[np.int64]], list[list[str]]]:
    """The first ``numbers`` columns of a query as int64 [R] (NULL: 0), the others as texts (NULL: empty).

    Texts come as they are stored, paths still escaped. The rows stand in any order, the same for all columns.
    """
    rows = query.subquery()
    whole, words = list(rows.c)[:numbers], list(rows.c)[numbers:]
    joined = [_joined(func.coalesce(column, 0), ",") for column in whole]
    joined += [_joined(func.coalesce(cast(column, String), ""), _SEPARATOR) for column in words]
    count, *found = s.execute(select(func.count(), *joined).select_from(rows)).one()
    return (
        [np.fromstring(text or "", np.int64, sep=",") for text in found[:numbers]],
        [text.split(_SEPARATOR) if count else [] for text in found[numbers:]],
    )


def _joined(column: ColumnElement[Any], separator: str) -> ColumnElement[str]:
    return func.aggregate_strings(cast(column, String), separator)

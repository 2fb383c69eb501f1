"""Reading whole columns of many rows, without an object for each row.

The database joins a column into one text, so that the driver reads it in one step without holding Python's
lock: the window stays responsive while a large project is read.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import Session

from app.storage.models import IMAGE

RANGE = 20_000
"""Image ids per query: bounds the text of one column."""

# In a stored path each ESC is followed by four hex digits (app.storage.types.escape_path), never by this.
_SEPARATOR = "\x1b|"


def image_ranges(s: Session) -> Iterator[tuple[int, int]]:
    """(above, up to) pairs that together cover the ids of all images."""
    newest = s.scalar(select(func.max(IMAGE.c.id))) or 0
    yield from ((low, low + RANGE) for low in range(0, newest, RANGE))


def read_columns(
    s: Session, query: Select[Any], numbers: int
) -> tuple[list[NDArray[np.int64]], list[list[str]]]:
    """The first ``numbers`` columns of a query as int64 [R] (NULL: 0), the others as texts (NULL: empty).

    Texts are as stored, paths still escaped. The order of the rows is arbitrary, and the same in all columns.
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

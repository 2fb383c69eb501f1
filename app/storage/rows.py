"""Short and fast forms of what takes several lines or is slow with SQLAlchemy."""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Insert, Select, String, Update, func, select
from sqlalchemy import cast as cast_
from sqlalchemy.orm import Session


def raw_rows(s: Session, query: Select[Any]) -> list[tuple[Any, ...]]:
    """The driver's rows, for columns of numbers that need no conversion: takes a third of the time."""
    cursor = s.connection().execute(query).cursor
    assert cursor is not None
    rows = list(cursor.fetchall())
    cursor.close()
    return rows


def streamed_rows(s: Session, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """As raw_rows, one after another, for millions of them."""
    cursor = s.connection().execute(query).cursor
    assert cursor is not None
    try:
        yield from cast("Iterator[tuple[Any, ...]]", cursor)
    finally:
        cursor.close()


def insert_row(s: Session, query: Insert, values: dict[str, Any]) -> int:
    """Insert one row and return its id."""
    result = cast("CursorResult[Any]", s.execute(query, values))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def update_rows(s: Session, query: Update) -> int:
    """Update, and return the number of rows."""
    return cast("CursorResult[Any]", s.execute(query)).rowcount


def joined(*columns: ColumnElement[Any]) -> Select[Any]:
    """Select columns that hold no commas, each joined to one text, for :func:`joined_rows`."""
    texts = [func.aggregate_strings(func.coalesce(cast_(one, String), ""), ",") for one in columns]
    return cast("Select[Any]", select(*texts))


def joined_rows(s: Session, query: Select[Any], values: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The rows of a query by :func:`joined` as texts (NULL: empty), in any order.

    They are read in one step of the driver: row by row it asks for Python's lock each time, which takes long
    for thousands of rows while the learners work.
    """
    found = s.execute(query, values).one()
    if found[0] is not None:
        yield from zip(*(text.split(",") for text in found), strict=True)

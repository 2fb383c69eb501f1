"""Reading many rows fast."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session


def raw_rows(s: Session, query: Select[Any]) -> list[tuple[Any, ...]]:
    """The driver's own rows, for columns of numbers that need no conversion: a third of the time."""
    cursor = s.connection().execute(query).cursor
    assert cursor is not None
    rows = list(cursor.fetchall())
    cursor.close()
    return rows

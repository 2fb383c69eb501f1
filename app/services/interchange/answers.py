"""The answers of an export as lists of categories, for formats without a place for each category."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.services.interchange.table import ExportRow, ExportTable


@dataclass(frozen=True, slots=True)
class RowAnswers:
    """Columns of the table, ascending. ``no`` are the explicit ones: a review implies the others."""

    yes: list[int]
    no: list[int]
    open: list[int]


def answers(table: ExportTable) -> Iterator[tuple[ExportRow, RowAnswers]]:
    """Each row with its answers.

    A reader knows only categories that are named somewhere. So a no that only reviews imply, of a category
    that nothing else names, is explicit on the first image with it.
    """
    columns = {category.id: column for column, category in enumerate(table.categories)}
    hidden = _hidden(table, columns)
    for row in table.rows:
        no = {columns[category_id] for category_id in row.explicit_no}
        if row.reviewed and hidden:
            first = {column for column in hidden if row.states[column] == 0}
            hidden -= first
            no |= first
        left_open = np.flatnonzero(row.states == -1).tolist() if row.reviewed else []
        yield row, RowAnswers(np.flatnonzero(row.states == 1).tolist(), sorted(no), left_open)


def _hidden(table: ExportTable, columns: dict[int, int]) -> set[int]:
    """The columns of categories that no row names."""
    named = np.zeros(len(columns), dtype=bool)
    for row in table.rows:
        named |= row.states == 1
        if row.reviewed:
            named |= row.states == -1
        named[[columns[category_id] for category_id in row.explicit_no]] = True
    return set(np.flatnonzero(~named).tolist())

"""Plots and tables as files."""

import csv
import io
from pathlib import Path

from app.domain.insights import Cell, Table
from app.services.interchange.delimited.guards import guarded_name
from app.services.text_files import atomic_writer, check_target, without_surrogates


def csv_bytes(table: Table) -> bytes:
    """As RFC 4180 says, in UTF-8; cells that a spreadsheet would run as a formula are guarded."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode()


def _cell(cell: Cell) -> Cell:
    if cell is None:
        return ""
    return guarded_name(without_surrogates(cell)) if isinstance(cell, str) else cell


def save(path: Path, data: bytes) -> None:
    """Write a file completely, or not at all. Raises KnownError."""
    with atomic_writer(check_target(path, path.suffix.lower())) as stream:
        stream.write(data)

"""Writing a table as RFC 4180 says, in UTF-8."""

import contextlib
import csv
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from app.domain.errors import BadInputError
from app.domain.language import translate
from app.services.interchange.format import WriteOptions
from app.services.interchange.table import ExportRow, ExportTable
from app.services.text_files import has_surrogates


@contextlib.contextmanager
def rows_writer(
    table: ExportTable, stream: IO[bytes], options: WriteOptions
) -> Iterator[Callable[[Iterable[object]], object]]:
    """Yields what writes a row.

    A file name that is not valid text is written as the bytes that it has on the disk. Then the text begins
    with the byte order mark, too: without it these bytes would make the text look like another encoding.
    """
    marked = options.byte_order_mark or any(has_surrogates(row.name) for row in table.rows)
    text = io.TextIOWrapper(
        stream,
        encoding="utf-8-sig" if marked else "utf-8",
        errors=sys.getfilesystemencodeerrors(),
        newline="",
    )
    yield csv.writer(text).writerow
    text.detach()


def refuse_separator(options: WriteOptions) -> None:
    """For tables whose cells never have several categories. Raises BadInputError."""
    if options.separator is not None:
        raise BadInputError(
            translate(
                "Interchange",
                "Only tags-csv writes several categories into one cell; leave the separator out.",
            )
        )


def split_heading(table: ExportTable) -> list[str]:
    """A last column for the part (train, val, test) of each image, if the export is divided."""
    return ["split"] if any(row.split is not None for row in table.rows) else []


def split_cell_of(row: ExportRow) -> list[str]:
    return [] if row.split is None else [row.split]

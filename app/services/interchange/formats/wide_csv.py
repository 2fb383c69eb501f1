"""CSV for spreadsheets and data frames: one row per image, one column per category.

Cells are 1 yes, 0 no (explicit, or implied by a review), empty unknown. The text is UTF-8 with the line ends
and quotes of RFC 4180. Different categories have different headings, and no cell is run as a formula (see
app.services.interchange.delimited.guards). What others write is read in all its shapes.
"""

from pathlib import Path
from typing import IO

from app.domain.language import QT_TRANSLATE_NOOP
from app.services.interchange.delimited.guards import guarded_path
from app.services.interchange.delimited.reading import is_certain, read_table
from app.services.interchange.delimited.wide import PATH, REVIEWED, heading_of
from app.services.interchange.delimited.writing import refuse_separator, rows_writer
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.sample import Sample
from app.services.interchange.statements import LabelFile
from app.services.interchange.table import ExportTable

_CELLS = {1: "1", 0: "0", -1: ""}


def _recognise(sample: Sample) -> bool:
    return is_certain(sample)


def _read(path: Path, options: ReadOptions) -> LabelFile:
    return read_table(path, options)


def _write(table: ExportTable, stream: IO[bytes], options: WriteOptions) -> None:
    refuse_separator(options)
    with rows_writer(table, stream, options) as write:
        write([PATH, *(heading_of(category.name) for category in table.categories), REVIEWED])
        for row in table.rows:
            cells = [_CELLS[state] for state in row.states.tolist()]
            write([guarded_path(row.name), *cells, int(row.reviewed)])


CSV = Format(
    name="csv",
    title=QT_TRANSLATE_NOOP("Interchange", "CSV, a column for each category"),
    suffixes=(".csv", ".tsv", ".txt"),
    holds=Holds(no=True, reviews=Reviews.ALL),
    recognise=_recognise,
    read=_read,
    write=_write,
    options=frozenset({"encoding", "delimiter", "separator", "confidence", "byte_order_mark"}),
)

"""CSV with the categories of an image in one cell, separated by a character.

The cells ``tags``, ``no`` and ``unknown`` list categories; on an image that is marked as ``reviewed`` all
others are no. A name that has a separator in it is put into quotation marks.
"""

from pathlib import Path
from typing import IO

from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, translate
from app.services.interchange.answers import answers
from app.services.interchange.delimited.guards import guarded_name, guarded_path
from app.services.interchange.delimited.listing import LIST_HEADINGS
from app.services.interchange.delimited.lists import SEPARATORS, given_separator, join_cell
from app.services.interchange.delimited.reading import read_table
from app.services.interchange.delimited.writing import rows_writer, split_cell_of, split_heading
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.sample import Sample
from app.services.interchange.statements import LabelFile
from app.services.interchange.table import ExportTable


def _recognise(sample: Sample) -> bool:  # noqa: ARG001
    return False  # csv recognises all tables


def _read(path: Path, options: ReadOptions) -> LabelFile:
    return read_table(path, options, named=True)


def _write(table: ExportTable, stream: IO[bytes], options: WriteOptions) -> None:
    separator = _separator(options)
    written = [guarded_name(category.name) for category in table.categories]
    with rows_writer(table, stream, options) as write:
        write([*LIST_HEADINGS, *split_heading(table)])
        for row, said in answers(table):
            lists = [
                join_cell((written[column] for column in columns), separator)
                for columns in (said.yes, said.no, said.open)
            ]
            write([guarded_path(row.name), *lists, int(row.reviewed), *split_cell_of(row)])


def _separator(options: WriteOptions) -> str:
    if options.separator is None:
        return SEPARATORS[0]
    found = given_separator(options.separator)
    if not found or found not in SEPARATORS:
        raise BadInputError(
            translate(
                "Interchange", "The separator {separator} is not one of those that readers find out: {names}."
            ).format(separator=repr(options.separator), names=" ".join(SEPARATORS))
        )
    return found


TAGS_CSV = Format(
    name="tags-csv",
    title=QT_TRANSLATE_NOOP("Interchange", "CSV, all categories of an image in one cell"),
    suffixes=(".csv", ".tsv", ".txt"),
    holds=Holds(no=True, reviews=Reviews.ALL),
    recognise=_recognise,
    read=_read,
    write=_write,
    options=frozenset({"encoding", "delimiter", "separator", "confidence", "byte_order_mark"}),
    splits=True,
)

"""CSV with a row for each answer: image, category, state, source, probability, time.

``source`` says who decided, ``probability`` what the model said at that moment, ``time`` when (UTC). A row
without a category says ``reviewed`` of its image, whose other categories are then no; or nothing, if there
are no answers about the image.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from app.domain.labels import LabelState
from app.domain.language import QT_TRANSLATE_NOOP
from app.services.interchange.answers import RowAnswers, answers
from app.services.interchange.delimited.guards import guarded_name, guarded_path
from app.services.interchange.delimited.listing import LONG_HEADINGS, REVIEWED
from app.services.interchange.delimited.reading import read_table
from app.services.interchange.delimited.writing import (
    refuse_separator,
    rows_writer,
    split_cell_of,
    split_heading,
)
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.sample import Sample
from app.services.interchange.statements import LabelFile
from app.services.interchange.table import ExportTable
from app.storage.labels import LabelDetail

_UNDATED = ("", "", "")


def _recognise(sample: Sample) -> bool:  # noqa: ARG001
    return False  # csv recognises all tables


def _read(path: Path, options: ReadOptions) -> LabelFile:
    return read_table(path, options, named=True)


def _write(table: ExportTable, stream: IO[bytes], options: WriteOptions) -> None:
    refuse_separator(options)
    written = [guarded_name(category.name) for category in table.categories]
    details = table.read_details()
    with rows_writer(table, stream, options) as write:
        write([*LONG_HEADINGS, *split_heading(table)])
        for row, said in answers(table):
            path, part = guarded_path(row.name), split_cell_of(row)
            if row.reviewed:
                write([path, "", REVIEWED, *_UNDATED, *part])
            elif not said.yes and not said.no:
                write([path, "", "", *_UNDATED, *part])
            for column, state in _states(said):
                detail = details.get((row.image.id, table.categories[column].id))
                known = detail is not None and detail.state == LabelState(state).target
                about = _cells(detail) if detail and known else _UNDATED
                write([path, written[column], state, *about, *part])


def _cells(detail: LabelDetail) -> tuple[str, str, str]:
    probability = "" if detail.score is None else f"{detail.score:.6g}"
    return detail.source.value, probability, detail.decided_at.isoformat(timespec="seconds")


def _states(said: RowAnswers) -> Iterator[tuple[int, str]]:
    states: Sequence[tuple[str, list[int]]] = (("yes", said.yes), ("no", said.no), ("unknown", said.open))
    yield from sorted((column, state) for state, columns in states for column in columns)


LONG = Format(
    name="long",
    title=QT_TRANSLATE_NOOP("Interchange", "CSV, a row for each answer"),
    suffixes=(".csv", ".tsv", ".txt"),
    holds=Holds(no=True, reviews=Reviews.ALL),
    recognise=_recognise,
    read=_read,
    write=_write,
    options=frozenset({"encoding", "delimiter", "separator", "confidence", "byte_order_mark"}),
    splits=True,
)

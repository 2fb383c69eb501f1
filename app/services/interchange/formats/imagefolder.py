"""Hugging Face's imagefolder: metadata.jsonl or metadata.csv beside the images, in any sub-folder."""

import ast
import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.counting import count
from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, translate
from app.services.interchange.collector import LabelCollector
from app.services.interchange.folder_files import (
    FolderFiles,
    UnusableError,
    list_folder,
    path_inside,
    safe_path,
)
from app.services.interchange.format import Format, Holds, ImageFiles, ReadOptions, Reviews, WriteOptions
from app.services.interchange.image_files import put_image
from app.services.interchange.markers import certain
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.interchange.table import ExportRow, ExportTable
from app.services.text_files import MAX_JSON_BYTES, without_surrogates

_NAMES = ("metadata.jsonl", "metadata.csv")
_FILE = "file_name"
_YES = ("labels", "label", "tags", "tag", "categories", "category", "classes", "class", "keywords", "yes")
_NO, _OPEN, _REVIEWED = "no", "unknown", "reviewed"
_OBJECTS = "objects"
_MARKS = "|;,"
_LONGEST_CELL = 100_000

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a metadata file by their meaning; ``mark`` separates the categories in a text."""

    yes: str
    mark: str | None
    others: Sequence[str]


def _read(path: Path, options: ReadOptions) -> LabelFile:
    """``path``: a folder, or one metadata file. File names are relative to the folder of their file."""
    single = path.name if path.is_file() and path.name in _NAMES else None
    found = list_folder(path.parent if single else path, "imagefolder")
    collector = LabelCollector(folder=found.base)
    files = [one for one in found.files if one.rpartition("/")[2] in _NAMES]
    if single:
        files = [single]
    for one in found.files:
        if one.rpartition("/")[2] == "metadata.parquet" and not single:
            collector.leave_out(
                one, translate("Interchange", "Parquet is not read here; save it as metadata.jsonl")
            )
    if not files and not collector.left_out:
        raise BadInputError(
            translate(
                "Interchange",
                "{path} has no metadata.jsonl or metadata.csv; folders named after categories are "
                "read with the format folders.",
            ).format(path=path)
        )
    for one in files:
        try:
            _read_file(found, one, options, collector)
        except UnusableError as error:
            collector.leave_out(one, str(error))
    if not single:
        found.tell(collector, files)
    return collector.file()


def _read_file(found: FolderFiles, path: str, options: ReadOptions, collector: LabelCollector) -> None:
    text = found.text(path, options.encoding, MAX_JSON_BYTES)
    read = _json_lines if path.endswith(".jsonl") else _csv_rows
    rows = list(read(text, path, collector))
    columns = _columns([row for _, row in rows], options.separator)
    if columns is None:
        raise UnusableError(
            translate("Interchange", "has no column of labels; name it {names}").format(
                names=" or ".join(_YES[:3])
            )
        )
    folder = path.rpartition("/")[0]
    for place, row in rows:
        statement = _statement(row, columns, place, folder, collector)
        if statement is None:
            continue
        if found.base is not None:
            there = found.spelled(statement.file_name)
            if there is None:
                collector.leave_out(
                    place,
                    translate("Interchange", "there is no file {file_name}").format(
                        file_name=statement.file_name
                    ),
                )
                continue
            statement.file_name = there
        collector.add(statement)
    words = translate(
        "Interchange", '{path}: column "{file}" names the image, "{yes}" its categories'
    ).format(path=path, file=_FILE, yes=columns.yes)
    if columns.mark:
        words += translate("Interchange", ', separated by "{mark}"').format(mark=columns.mark)
    if columns.others:
        words += translate("Interchange", "; not used: {names}").format(names=", ".join(columns.others))
    collector.notes.append(without_surrogates(words + "."))


def _json_lines(text: str, path: str, collector: LabelCollector) -> Iterator[tuple[str, Row]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = translate("Interchange", "{path}, line {number}").format(path=path, number=number)
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            collector.leave_out(place, translate("Interchange", "is not JSON: {error}").format(error=error))
            continue
        if isinstance(row, dict):
            yield place, row
        else:
            collector.leave_out(place, translate("Interchange", "is not an object"))


def _csv_rows(text: str, path: str, collector: LabelCollector) -> Iterator[tuple[str, Row]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        heading = [name.strip() for name in next(reader, [])]
        for cells in reader:
            place = translate("Interchange", "{path}, line {line_num}").format(
                path=path, line_num=reader.line_num
            )
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                collector.leave_out(
                    place,
                    translate("Interchange", "has {n} cells, but there are {n_2} columns").format(
                        n=len(cells), n_2=len(heading)
                    ),
                )
                continue
            yield place, dict(zip(heading, cells, strict=True))
    except csv.Error as error:
        collector.leave_out(
            translate("Interchange", "{path}, line {line_num}").format(path=path, line_num=reader.line_num),
            translate("Interchange", "is not CSV: {error}").format(error=error),
        )


def _columns(rows: Sequence[Row], separator: str | None) -> _Columns | None:
    names = list(dict.fromkeys(key for row in rows for key in row))
    if not names:
        return _Columns(_YES[0], None, ())
    known = {name.lower(): name for name in reversed(names)}
    yes = next((known[one] for one in (*_YES, _OBJECTS) if one in known), None)
    if yes is None:
        lists = [name for name in names if any(_is_list_of_texts(row.get(name)) for row in rows)]
        if len(lists) != 1:
            return None
        yes = lists[0]
    meant = {_FILE, yes, _NO, _OPEN, _REVIEWED}
    mark = separator or _mark([row.get(yes) for row in rows])
    return _Columns(yes, mark, [name for name in names if name not in meant])


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _mark(values: Sequence[Any]) -> str | None:
    """What separates the categories in texts that are no lists."""
    texts = [value for value in values if isinstance(value, str) and not value.strip().startswith("[")]
    return next((mark for mark in _MARKS if any(mark in text for text in texts)), None)


def _statement(
    row: Row, columns: _Columns, place: str, folder: str, collector: LabelCollector
) -> ImageStatement | None:
    name = row.get(_FILE)
    if not isinstance(name, str) or not name.strip():
        collector.leave_out(place, translate("Interchange", "has no {file}").format(file=_FILE))
        return None
    path = path_inside(name, folder)
    if path is None:
        collector.leave_out(
            place, translate("Interchange", "{name} is not a path inside the folder").format(name=repr(name))
        )
        return None
    try:
        yes = _texts(row.get(columns.yes), columns.mark)
        no, unknown = (
            _texts(row.get(one), columns.mark) if one != columns.yes else [] for one in (_NO, _OPEN)
        )
    except UnusableError as error:
        collector.leave_out(place, str(error))
        return None
    return ImageStatement(
        place,
        path,
        reviewed=row.get(_REVIEWED) in (True, "true", "True", "1"),
        yes=collector.categories(yes, place),
        no=collector.categories(no, place),
        open=collector.categories(unknown, place),
    )


def _texts(value: Any, mark: str | None) -> list[str]:
    """The categories in a value. Raises UnusableError."""
    if isinstance(value, str):
        value = _parsed_list(value)
        if isinstance(value, str) and mark:
            value = value.split(mark)
    entries = value if isinstance(value, list) else [value]
    texts: list[str] = []
    for one in entries:
        # The objects of a detection data set: one with lists of values, or a list with an object each.
        inner = next((one[name] for name in _YES if name in one), None) if isinstance(one, dict) else one
        for text in inner if isinstance(inner, list) else [inner]:
            if isinstance(text, str):
                texts.append(text.strip())
            elif text is not None:
                raise UnusableError(
                    translate("Interchange", "its labels are numbers without names, or no texts")
                )
    return [text for text in texts if text]


def _parsed_list(text: str) -> Any:
    """The list that a cell holds, in JSON or Python's notation; the text itself if it holds none."""
    if not text.strip().startswith("[") or len(text) > _LONGEST_CELL:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        raise UnusableError(translate("Interchange", "its list of labels cannot be read")) from None


def _write(table: ExportTable, folder: Path, options: WriteOptions) -> list[str]:
    """One metadata.jsonl for images that stay where they are; with the images, one for each part of the data
    set."""
    if options.separator is not None:
        raise BadInputError(
            translate(
                "Interchange", "The export imagefolder writes lists, which have no separator; leave it out."
            )
        )
    how = options.images or IMAGEFOLDER.images
    rows, gone = table.rows, []
    if how is not ImageFiles.NONE:
        rows = [row for row in table.rows if table.image_file(row).is_file()]
        gone = [row.name for row in table.rows if not table.image_file(row).is_file()]
    columns = sorted({"labels"}.union(*map(_columns_of, rows)))
    parts: dict[str, list[ExportRow]] = {}
    for row in rows:
        parts.setdefault(row.split or "", []).append(row)
    # The reader wants the same types in each file, and an empty list has none.
    own_files = how is not ImageFiles.NONE and all(
        set().union(*map(_columns_of, some)) >= set(columns) for some in parts.values()
    )
    for part, some in (parts if own_files else {"": rows}).items():
        (folder / part).mkdir(parents=True, exist_ok=True)
        with (folder / part / _NAMES[0]).open("wb") as stream:
            for row in _typed_first(some):
                name = safe_path(row.name)
                if how is not ImageFiles.NONE:
                    put_image(table.image_file(row), folder / part / name, how)
                text = json.dumps(_entry(table, row, name, columns), ensure_ascii=False)
                # These escapes are valid JSON, so a file name that is not valid text survives.
                stream.write(f"{text}\n".encode("utf-8", "backslashreplace"))
    told = []
    if how is ImageFiles.NONE:
        told.append(
            translate(
                "Interchange",
                'move metadata.jsonl into the image folder before load_dataset("imagefolder") reads it',
            )
        )
    if len(parts) > 1 and not own_files:
        told.append(translate("Interchange", "the parts are in the column split"))
    if gone:
        told.append(
            translate("Interchange", "{images} left out, the file is missing: {names}").format(
                images=count(len(gone), "image"), names=", ".join(gone[:5])
            )
        )
    return told


def _columns_of(row: ExportRow) -> set[str]:
    """The columns that are not empty for a row. For trainers what is not listed is unknown; only a review
    needs it said."""
    found = {"labels"} if (row.states == 1).any() else set()
    if (row.states == 0).any():
        found.add(_NO)
    if row.reviewed and (row.states == -1).any():
        found.add(_OPEN)
    return found


def _typed_first(rows: Sequence[ExportRow]) -> list[ExportRow]:
    """First a row with a value for each column: the reader guesses the types from the beginning."""
    found: dict[str, int] = {}
    for at, row in enumerate(rows):
        for column in _columns_of(row):
            found.setdefault(column, at)
        if len(found) == len({"labels", _NO, _OPEN}):
            break
    skipped = set(found.values())
    first = sorted(skipped)
    return [rows[at] for at in first] + [row for at, row in enumerate(rows) if at not in skipped]


def _entry(table: ExportTable, row: ExportRow, name: str, columns: Sequence[str]) -> dict[str, Any]:
    states = {"labels": 1, _NO: 0, _OPEN: -1}
    entry: dict[str, Any] = {_FILE: name}
    for column in columns:
        said = column != _OPEN or row.reviewed
        at = (row.states == states[column]).nonzero()[0].tolist() if said else []
        entry[column] = [table.categories[one].name for one in at]
    return entry | {_REVIEWED: row.reviewed} | ({"split": row.split} if row.split else {})


IMAGEFOLDER = Format(
    name="imagefolder",
    title=QT_TRANSLATE_NOOP("Interchange", "Hugging Face imagefolder (metadata.jsonl)"),
    suffixes=(),
    holds=Holds(no=True, reviews=Reviews.ALL),
    recognise=lambda sample: certain(sample, "imagefolder"),
    read=_read,
    write_folder=_write,
    options=frozenset({"encoding", "separator", "images"}),
    splits=True,
)

"""JSON Lines: one object a line about one image.

Written: ``{"image": "a.jpg", "yes": ["fox"], "no": ["deer"], "unknown": [], "reviewed": false}``; on a
reviewed image every other category is no. Read: also other names of these fields, and categories as one text
or as an object of answers.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from app.domain.categories import clean_name
from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, translate
from app.services.interchange.answers import answers
from app.services.interchange.delimited.lists import SEPARATORS, given_separator, split_cell
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.sample import Sample
from app.services.interchange.statements import ImageStatement, LabelFile, LeftOut
from app.services.interchange.table import ExportTable
from app.services.text_files import text_file

_IMAGE = (
    *("image", "file_name", "filename", "file", "path", "filepath", "file_path", "image_path", "img", "name"),
    *("image_name", "image_id", "url", "image_url"),
)
_YES = (
    *("yes", "labels", "label", "tags", "tag", "categories", "category", "classes", "class", "keywords"),
    *("positive", "present"),
)
_NO = ("no", "negative", "absent", "neg_labels")
_OPEN = ("unknown", "open")
_REVIEWED = "reviewed"
_ANSWERS = {1: "yes", "yes": "yes", 0: "no", "no": "no", None: "open", "unknown": "open"}
"""1 and 0 are true and false too."""
_SUFFIXES = (".jsonl", ".ndjson", ".jsonlines")


def _recognise(sample: Sample) -> bool:
    """A text of whole objects, one a line, of which the first has an image and categories."""
    if sample.suffix not in _SUFFIXES or sample.path.name.lower() == "metadata.jsonl":
        return False
    first = next((line for line in sample.text.lstrip("\ufeff").splitlines() if line.strip()), "")
    try:
        entry = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(entry, dict) and any(k in entry for k in _IMAGE) and any(k in entry for k in _YES)


def _read(path: Path, options: ReadOptions) -> LabelFile:
    file = text_file(path, options.encoding)
    reader = _Reader(options)
    filled = ((line, text) for line, text in enumerate(file.lines(), 1) if text.strip())
    where = translate("Interchange", "line {line}")
    for count, (line, text) in enumerate(filled):
        place = where.format(line=line)
        try:
            reader.add(place, _entry(text))
        except _EntryError as error:
            reader.left_out.append(LeftOut(place, str(error)))
            if not count:
                _refuse_other_kind(path, text)
    if not reader.images:
        first = f"; {reader.left_out[0]}" if reader.left_out else ""
        raise BadInputError(
            translate("Interchange", "{path} has no line that names an image{first}.").format(
                path=path, first=first
            )
        )
    return LabelFile(
        categories=list(reader.positions),
        category_places=reader.places,
        images=reader.images,
        left_out=reader.left_out,
        notes=[file.note, *reader.notes()],
    )


class _EntryError(Exception):
    """Why a line cannot be used."""


def _entry(text: str) -> dict[str, Any]:
    try:
        entry = json.loads(text)
    except json.JSONDecodeError as error:
        raise _EntryError(
            translate("Interchange", "it is not JSON: {msg} at column {colno}").format(
                msg=error.msg, colno=error.colno
            )
        ) from None
    except (ValueError, RecursionError):
        raise _EntryError(translate("Interchange", "it is not JSON that can be read")) from None
    if not isinstance(entry, dict):
        raise _EntryError(translate("Interchange", "it is not an object"))
    return entry


def _refuse_other_kind(path: Path, text: str) -> None:
    """A JSON document over many lines begins with a line that is no object."""
    if text.strip() in ("{", "[") or text.lstrip().startswith("["):
        raise BadInputError(
            translate(
                "Interchange",
                "{path} is one JSON document, not JSON Lines with an object in each line; try the "
                "format auto.",
            ).format(path=path)
        )


class _Reader:
    def __init__(self, options: ReadOptions) -> None:
        self._separator = None if options.separator is None else given_separator(options.separator)
        self._confidence = options.confidence
        self.images: list[ImageStatement] = []
        self.left_out: list[LeftOut] = []
        self.positions: dict[str, int] = {}
        self.places: list[str] = []
        self._used: dict[str, None] = {}
        self._other: dict[str, None] = {}

    def add(self, place: str, entry: Mapping[str, Any]) -> None:
        image_key, name = _file_name(entry)
        one = ImageStatement(place, name)
        reviewed = entry.get(_REVIEWED, False)
        if reviewed not in (True, False):
            raise _EntryError(translate("Interchange", '"reviewed" is neither true nor false'))
        one.reviewed = bool(reviewed)
        for key, value in entry.items():
            if key in _YES:
                self._add_yes(one, place, key, value)
            elif key in _NO:
                one.no |= self._named(place, key, value)
            elif key in _OPEN:
                one.open |= self._named(place, key, value)
            elif key not in (image_key, _REVIEWED):
                self._other[key] = None
                continue
            self._used[key] = None
        self.images.append(one)
        against = one.yes & one.no
        if against:  # an entry of its own, so that the contradiction is reported
            one.no -= against
            self.images.append(ImageStatement(place, name, no=against))

    def _add_yes(self, one: ImageStatement, place: str, key: str, value: Any) -> None:
        if not isinstance(value, dict):
            one.yes |= self._named(place, key, value)
            return
        for category, answer in value.items():
            kind = _ANSWERS.get(answer) if isinstance(answer, float | int | str | None) else None
            if kind is None and self._confidence is not None and isinstance(answer, float) and 0 < answer < 1:
                if answer >= self._confidence:
                    one.suggested |= dict.fromkeys(self._named(place, key, [category]), answer)
            elif kind is None:
                shown = json.dumps(answer, ensure_ascii=False)[:40]
                self.left_out.append(
                    LeftOut(
                        place,
                        translate("Interchange", '{key}: "{category}" is {shown}, neither yes nor no').format(
                            key=key, category=category, shown=shown
                        ),
                    )
                )
            else:
                getattr(one, kind).update(self._named(place, key, [category]))

    def _named(self, place: str, key: str, value: Any) -> set[int]:
        """The positions of the categories in a text or list; others are left out."""
        if value is None:
            return set()
        found = set()
        for item in value if isinstance(value, list) else self._in_text(place, key, value):
            if not isinstance(item, str):
                shown = json.dumps(item, ensure_ascii=False)[:40]
                self.left_out.append(
                    LeftOut(
                        place,
                        translate("Interchange", "{key}: {shown} is not the name of a category").format(
                            key=key, shown=shown
                        ),
                    )
                )
                continue
            try:
                found.add(self._position(place, clean_name(item)))
            except BadInputError as error:
                self.left_out.append(LeftOut(place, f"{key}: {error.sentence}"))
        return found

    def _in_text(self, place: str, key: str, value: Any) -> list[Any]:
        """The categories in a value that is no list."""
        if not isinstance(value, str):
            return [value]
        if self._separator is None and any(one in value for one in SEPARATORS):
            self.left_out.append(
                LeftOut(
                    place,
                    translate(
                        "Interchange",
                        '{key}: "{value}" may be one category or several; say with --separator what '
                        "separates them, or --separator none",
                    ).format(key=key, value=value[:60]),
                )
            )
            return []
        return split_cell(value, self._separator or "")

    def _position(self, place: str, name: str) -> int:
        if name not in self.positions:
            self.positions[name] = len(self.positions)
            self.places.append(place)
        return self.positions[name]

    def notes(self) -> list[str]:
        found = [translate("Interchange", "Fields read: {names}").format(names=", ".join(self._used))]
        if self._other:
            found.append(
                translate("Interchange", "Fields left out: {names}").format(
                    names=", ".join(list(self._other)[:20])
                )
            )
        return found


def _file_name(entry: Mapping[str, Any]) -> tuple[str, str]:
    """The field that names the image, and the name."""
    for key in _IMAGE:
        value = entry.get(key)
        if isinstance(value, str) and value.strip():
            return key, value
    raise _EntryError(translate("Interchange", "no image is named"))


def _write(table: ExportTable, stream: IO[bytes], options: WriteOptions) -> None:
    if options.separator is not None:
        raise BadInputError(
            translate("Interchange", "JSON Lines have lists of categories, so no separator is needed.")
        )
    names = [category.name for category in table.categories]

    def named(columns: Sequence[int]) -> list[str]:
        return [names[column] for column in columns]

    for row, said in answers(table):
        entry: dict[str, Any] = {
            "image": row.name,
            "yes": named(said.yes),
            "no": named(said.no),
            "unknown": named(said.open),
            "reviewed": row.reviewed,
        }
        if row.split is not None:
            entry["split"] = row.split
        text = json.dumps(entry, ensure_ascii=False) + "\n"
        # These escapes are valid JSON, so a file name that is not valid text survives the round trip.
        stream.write(text.encode("utf-8", "backslashreplace"))


JSONL = Format(
    name="jsonl",
    title=QT_TRANSLATE_NOOP("Interchange", "JSON Lines, an object for each image"),
    suffixes=(".jsonl", ".ndjson"),
    holds=Holds(no=True, reviews=Reviews.ALL),
    recognise=_recognise,
    read=_read,
    write=_write,
    options=frozenset({"encoding", "separator", "confidence"}),
    splits=True,
)

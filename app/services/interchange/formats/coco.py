"""COCO, image-level: one annotation for each yes, with LVIS's field for what is absent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from app import __version__
from app.domain.counting import count
from app.domain.language import QT_TRANSLATE_NOOP, translate
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.formats.coco_file import is_camera_traps, looks_like_coco, read_coco
from app.services.interchange.sample import Sample
from app.services.interchange.statements import LabelFile
from app.services.interchange.table import ExportRow, ExportTable


def _recognise(sample: Sample) -> bool:
    return looks_like_coco(sample) and not is_camera_traps(sample)


def _read(path: Path, options: ReadOptions) -> LabelFile:
    return read_coco(path, options.confidence)


def _write(table: ExportTable, stream: IO[bytes], options: WriteOptions) -> None:  # noqa: ARG001
    """An annotation has an id, an image and a category but no box: a detector trained on the file would learn
    an invented one. ``neg_category_ids`` holds the explicit no's; on images with ``reviewed`` every other
    category is absent too, except ``unknown_category_ids``.
    """
    for text in _document(table):
        # These escapes are valid JSON, so a file name that is not valid text survives the round trip.
        stream.write(text.encode("utf-8", "backslashreplace"))


def _document(table: ExportTable) -> Iterator[str]:
    """The file in pieces, one entry per line: this saves memory and makes diffs readable."""
    info = {
        "description": "Image-level labels exported by Tailspotter",
        "version": __version__,
        "usage": "Where reviewed is false, a category without an annotation is unknown, not absent.",
    }
    yield f'{{"info": {_json(info)},\n'
    yield from _entries("images", (_image(row, table) for row in table.rows))
    yield from _entries("categories", ({"id": one.id, "name": one.name} for one in table.categories))
    yield from _entries("annotations", _annotations(table), last=True)
    yield "}\n"


def _entries(name: str, entries: Iterator[dict[str, Any]], last: bool = False) -> Iterator[str]:
    yield f'"{name}": ['
    separator = "\n"
    for entry in entries:
        yield separator + _json(entry)
        separator = ",\n"
    yield "\n]" + ("\n" if last else ",\n")


def _image(row: ExportRow, table: ExportTable) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": row.image.id, "file_name": row.name}
    if row.image.width is not None and row.image.height is not None:
        entry |= {"width": row.image.width, "height": row.image.height}
    if row.explicit_no:
        entry["neg_category_ids"] = row.explicit_no
    entry["reviewed"] = row.reviewed
    if row.reviewed and (row.states == -1).any():
        entry["unknown_category_ids"] = [
            category.id for category, state in zip(table.categories, row.states, strict=True) if state == -1
        ]
    return entry


def _annotations(table: ExportTable) -> Iterator[dict[str, Any]]:
    identifier = 0
    for row in table.rows:
        for column in (row.states == 1).nonzero()[0].tolist():
            identifier += 1
            yield {"id": identifier, "image_id": row.image.id, "category_id": table.categories[column].id}


def _advice(table: ExportTable) -> list[str]:
    open_images = sum(not row.reviewed for row in table.rows)
    if not open_images:
        return []
    return [
        translate(
            "Interchange",
            "{images} not reviewed: a category without an annotation is unknown "
            'there, not no. Programs that do not know the field "reviewed" take these images for '
            "negatives; leave them out of such a training",
        ).format(images=count(open_images, "image"))
    ]


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


COCO = Format(
    name="coco",
    title=QT_TRANSLATE_NOOP("Interchange", "COCO and LVIS JSON"),
    suffixes=(".json",),
    holds=Holds(no=True, reviews=Reviews.ALL),
    recognise=_recognise,
    read=_read,
    write=_write,
    advice=_advice,
    options=frozenset({"confidence"}),
)

"""Reading COCO files: strict, image-level, with LVIS's fields for absent categories.

An annotation is a yes for its category on its image; boxes and masks are ignored. LVIS (Gupta et al., 2019)
adds to each image ``neg_category_ids``, categories verified to be absent, and
``not_exhaustive_category_ids``, categories not all of whose instances are annotated. This project adds
``reviewed`` (a person has reviewed the whole image) and ``unknown_category_ids`` (what the review did not
cover).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from app.domain.categories import clean_name
from app.domain.errors import BadInputError
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.text_files import read_json

_KINDS = {int: "a whole number", str: "a text", bool: "true or false", list: "a list", dict: "an object"}


def read_coco(path: Path) -> LabelFile:
    """Read and check a whole COCO file.

    Raises BadInputError naming the entry and the field, for example ``annotations[12] has no image_id``.
    """
    try:
        return parse_coco(read_json(path))
    except _FormatError as error:
        raise BadInputError(f"{path}: {error}.") from None


class _FormatError(Exception):
    """What is wrong with the file; ``read_coco`` adds the path."""


def parse_coco(document: Any) -> LabelFile:
    if isinstance(document, list):
        raise _FormatError(
            'this is a list; a COCO file is an object with "images", "categories" and "annotations" '
            "(a file of detection results has scores, not labels)"
        )
    if not isinstance(document, dict):
        raise _FormatError('a COCO file is an object with "images", "categories" and "annotations"')
    names, places, positions = _categories(document)
    images = _images(document, positions)
    _add_annotations(document, images, positions)
    for image in images.values():
        _refuse_contradiction(image, names)
    return LabelFile(categories=names, category_places=places, images=list(images.values()))


def _categories(document: Mapping[str, Any]) -> tuple[list[str], list[str], dict[int, int]]:
    """The name and place of each entry, and the position of each category id in this list."""
    names: list[str] = []
    places: list[str] = []
    positions: dict[int, int] = {}
    for place, entry in _entries(document, "categories"):
        identifier = _field(place, entry, "id", int)
        if identifier in positions:
            raise _FormatError(f"{place}.id {identifier} is used twice")
        try:
            name = clean_name(_field(place, entry, "name", str))
        except BadInputError as error:
            raise _FormatError(f"{place}.name: {error.sentence.rstrip('.')}") from None
        positions[identifier] = len(names)
        names.append(name)
        places.append(place)
    return names, places, positions


def _images(document: Mapping[str, Any], positions: Mapping[int, int]) -> dict[int, ImageStatement]:
    images: dict[int, ImageStatement] = {}
    for place, entry in _entries(document, "images"):
        identifier = _field(place, entry, "id", int)
        if identifier in images:
            raise _FormatError(f"{place}.id {identifier} is used twice")
        images[identifier] = ImageStatement(
            place=place,
            file_name=_file_name(place, entry),
            reviewed=_field(place, entry, "reviewed", bool) if "reviewed" in entry else False,
            no=_category_ids(place, entry, "neg_category_ids", positions),
            open=_category_ids(place, entry, "not_exhaustive_category_ids", positions)
            | _category_ids(place, entry, "unknown_category_ids", positions),
        )
    return images


def _file_name(place: str, entry: Mapping[str, Any]) -> str:
    """``file_name``; or the path of ``coco_url``, as LVIS has only that."""
    field_name = "coco_url" if "coco_url" in entry and "file_name" not in entry else "file_name"
    name: str = _field(place, entry, field_name, str)
    if field_name == "coco_url":
        try:
            name = urlsplit(name).path.lstrip("/")
        except ValueError:
            raise _FormatError(f"{place}.coco_url is not a URL") from None
    if not PurePosixPath(name).name or "\0" in name:
        raise _FormatError(f"{place}.{field_name} is not a file name")
    return name


def _add_annotations(
    document: Mapping[str, Any], images: Mapping[int, ImageStatement], positions: Mapping[int, int]
) -> None:
    seen: set[int] = set()
    for place, entry in _entries(document, "annotations"):
        image_id = _field(place, entry, "image_id", int)
        category_id = _field(place, entry, "category_id", int)
        if "id" in entry:  # only editors of annotations need it, and some exporters omit it
            identifier = _field(place, entry, "id", int)
            if identifier in seen:
                raise _FormatError(f"{place}.id {identifier} is used twice")
            seen.add(identifier)
        if image_id not in images:
            raise _FormatError(f"{place}.image_id {image_id} is not the id of any image")
        if category_id not in positions:
            raise _FormatError(f"{place}.category_id {category_id} is not the id of any category")
        images[image_id].yes.add(positions[category_id])


def _refuse_contradiction(image: ImageStatement, names: Sequence[str]) -> None:
    both = image.yes & image.no
    if both:
        name = names[min(both)]
        raise _FormatError(
            f'{image.place}.neg_category_ids has "{name}", but the image has an annotation of it'
        )


def _entries(document: Mapping[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if name not in document:
        raise _FormatError(f'it has no "{name}"')
    entries = document[name]
    if not isinstance(entries, list):
        raise _FormatError(f'"{name}" must be a list, not {_describe(entries)}')
    for index, entry in enumerate(entries):
        place = f"{name}[{index}]"
        if not isinstance(entry, dict):
            raise _FormatError(f"{place} must be an object, not {_describe(entry)}")
        yield place, entry


def _field(place: str, entry: Mapping[str, Any], name: str, kind: type) -> Any:
    if name not in entry:
        raise _FormatError(f"{place} has no {name}")
    value = entry[name]
    # In Python true is an int, and would silently become id 1.
    if type(value) is not kind:
        raise _FormatError(f"{place}.{name} must be {_KINDS[kind]}, not {_describe(value)}")
    return value


def _category_ids(place: str, entry: Mapping[str, Any], name: str, positions: Mapping[int, int]) -> set[int]:
    if name not in entry:
        return set()
    found: set[int] = set()
    for index, identifier in enumerate(_field(place, entry, name, list)):
        if type(identifier) is not int or identifier not in positions:
            raise _FormatError(
                f"{place}.{name}[{index}] {_describe(identifier)} is not the id of any category"
            )
        found.add(positions[identifier])
    return found


def _describe(value: Any) -> str:
    if isinstance(value, dict | list):
        return _KINDS[type(value)]
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 40 else shown[:37] + "..."

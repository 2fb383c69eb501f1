"""YOLO: a text file with boxes for each image, and data.yaml with the names of the classes.

Only read: a label file holds boxes, and labels of whole images have none. A box around the whole image would
teach a detector something false, and Ultralytics trains classifiers from folders (the format folders).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from app.domain.counting import count
from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, translate
from app.services.interchange.collector import LabelCollector
from app.services.interchange.folder_files import FolderFiles, UnusableError, list_folder, split_suffix
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews
from app.services.interchange.markers import certain, is_data_yaml
from app.services.interchange.sample import Sample
from app.services.interchange.statements import ImageStatement, LabelFile

_YAML = (".yaml", ".yml")
_NAME_FILES = ("classes.txt", "obj.names", "_darknet.labels")
_NUMBERS = re.compile(r"(\d+)((?:\s+[-+]?[0-9.]+(?:[eE][-+]?\d+)?)*)\s*$")
_MOST_YAML = 1 << 18
_LEADS_OUT = ("path", "train", "val", "test")


def _recognise(sample: Sample) -> bool:
    if not sample.is_folder:
        return sample.suffix in _YAML and is_data_yaml(sample.text)
    return certain(sample, "yolo")


def _read(path: Path, options: ReadOptions) -> LabelFile:
    """``path``: the folder of the data set, or its data.yaml. An empty label file says that none of the
    classes is there; an image without one is unknown."""
    single = path.name if path.is_file() and path.suffix.lower() in _YAML else None
    found = list_folder(path.parent if single else path, "yolo")
    collector = LabelCollector(folder=found.base)
    source, names = _names(found, single, path, collector)
    positions = {number: collector.category(name, source) for number, name in names.items()}
    labels = [one for one in found.files if _may_be_labels(one)]
    if not labels:
        raise BadInputError(
            translate(
                "Interchange", "{path} has no label files (.txt) in folders called labels or beside images."
            ).format(path=path)
        )
    empty = 0
    for one in labels:
        try:
            lines = found.text(one, options.encoding).splitlines()
        except UnusableError as error:
            collector.leave_out(one, str(error))
            continue
        yes, good = _classes(one, lines, positions, collector)
        image, without_suffix = _image(found, one)
        nothing = not any(line.strip() for line in lines)
        empty += nothing
        if good:
            collector.add(
                ImageStatement(one, image, reviewed=nothing, yes=yes, without_suffix=without_suffix)
            )
    collector.notes.append(
        translate("Interchange", "{source} names {classes}.").format(
            source=source, classes=count(len(names), "class", "classes")
        )
    )
    if empty:
        collector.notes.append(
            translate(
                "Interchange", "{files}: none of the classes is there, which counts as a review."
            ).format(files=count(empty, "empty label file"))
        )
    found.tell(collector, [*labels, source])
    return collector.file()


def _names(
    found: FolderFiles, single: str | None, path: Path, collector: LabelCollector
) -> tuple[str, dict[int, str]]:
    """The file with the names of the classes, and the names by number. Raises BadInputError."""
    candidates = [single] if single else [one for one in found.files if one.lower().endswith(_YAML)]
    for one in candidates:
        try:
            document = yaml.safe_load(found.text(one, limit=_MOST_YAML))
        except (UnusableError, yaml.YAMLError, RecursionError, ValueError) as error:
            if single:
                raise BadInputError(
                    translate("Interchange", "{path} cannot be read: {reason}.").format(
                        path=path, reason=_first_line(error)
                    )
                ) from None
            continue
        if isinstance(document, dict) and "names" in document:
            names = _numbered(document["names"])
            if names is None:
                raise BadInputError(
                    translate(
                        "Interchange", '{folder}: "names" must be a list or a mapping of numbers.'
                    ).format(folder=found.folder / one)
                )
            _tell_outside(document, one, collector)
            return one, names
    for one in found.files:
        if one.rpartition("/")[2] in _NAME_FILES and not single:
            try:
                lines = found.text(one).splitlines()
            except UnusableError as error:
                raise BadInputError(f"{found.folder / one} {error}.") from None
            return one, {number: line.strip() for number, line in enumerate(lines) if line.strip()}
    raise BadInputError(
        translate(
            "Interchange", "{path} has no data.yaml with the names of the classes, and no classes.txt."
        ).format(path=path)
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _numbered(names: Any) -> dict[int, str] | None:
    """Names may be numbers or words that YAML takes for something else ("no", 2026)."""
    if isinstance(names, list):
        return {number: _text(name) for number, name in enumerate(names)}
    if isinstance(names, dict) and all(str(key).isascii() and str(key).isdigit() for key in names):
        return {int(key): _text(name) for key, name in names.items()}
    return None


def _text(name: Any) -> str:
    if isinstance(name, bool):
        return "yes" if name else "no"
    # Not of lists, which aliases can make endlessly large.
    return str(name) if isinstance(name, str | int | float) else ""


def _tell_outside(document: Mapping[Any, Any], place: str, collector: LabelCollector) -> None:
    """Only the folder itself is read, wherever data.yaml points."""
    for key in _LEADS_OUT:
        values = document.get(key)
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str) and re.match(r"/|\\|[A-Za-z]:|\.\.", value):
                collector.notes.append(
                    translate(
                        "Interchange", "{place}: {key} is {value}; only what is in this folder was read."
                    ).format(place=place, key=key, value=repr(value[:80]))
                )


def _may_be_labels(path: str) -> bool:
    """labels/train/a.txt; or a.txt anywhere if it is not a list of names or files."""
    *folders, name = path.split("/")
    if not name.lower().endswith(".txt") or name in _NAME_FILES:
        return False
    if "labels" in folders:
        return True
    return (
        not re.match(r"(train|val|valid|test|readme|license)\b", name, re.IGNORECASE)
        and name != "classes.txt"
    )


def _classes(
    path: str, lines: list[str], positions: Mapping[int, int | None], collector: LabelCollector
) -> tuple[set[int], bool]:
    """The classes in a label file, and whether any line of it was understood (or it is empty)."""
    yes: set[int] = set()
    good = bad = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = _NUMBERS.match(line.strip()) if len(line) < 1_000_000 else None
        if match is None or len(match[1]) > 9:
            bad += 1
            collector.leave_out(
                translate("Interchange", "{path}, line {number}").format(path=path, number=number),
                translate("Interchange", "is not a class followed by the numbers of a box"),
            )
            continue
        if int(match[1]) not in positions:
            bad += 1
            collector.leave_out(
                translate("Interchange", "{path}, line {number}").format(path=path, number=number),
                translate("Interchange", "there is no class {match}").format(match=int(match[1])),
            )
            continue
        position = positions[int(match[1])]
        good += 1
        if position is not None:
            yes.add(position)
    return yes, bool(good) or not bad


def _image(found: FolderFiles, path: str) -> tuple[str, bool]:
    """The image of a label file: beside it, or at the same place below images instead of labels."""
    stem = path[: -len(".txt")]
    parts = stem.split("/")
    places = [stem]
    if "labels" in parts[:-1]:
        at = len(parts) - 2 - parts[:-1][::-1].index("labels")
        places.insert(0, "/".join([*parts[:at], "images", *parts[at + 1 :]]))
    for place in places:
        images = found.images(place)
        if images:
            return (images[0], False) if len(images) == 1 else (place, True)
    return places[0], not split_suffix(places[0])[1]


YOLO = Format(
    name="yolo",
    title=QT_TRANSLATE_NOOP("Interchange", "YOLO label files with data.yaml"),
    suffixes=(),
    holds=Holds(no=False, reviews=Reviews.EMPTY),
    recognise=_recognise,
    read=_read,
    options=frozenset({"encoding"}),
)

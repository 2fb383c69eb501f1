"""FiftyOne's image classifications: FiftyOneImageClassificationDataset, and the samples of a FiftyOneDataset.

The former is a folder with ``labels.json`` (classes, and the labels of each image by a name without suffix)
and ``data/`` or ``data.json`` with the image files. What it cannot say is in further keys of ``labels.json``,
which FiftyOne ignores: ``no``, ``reviewed`` and ``unknown``, by image.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from app.domain.language import QT_TRANSLATE_NOOP, number, translate
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.json_entries import (
    NamedCategories,
    Reader,
    UnusableError,
    chance,
    described,
    file_name,
)
from app.services.interchange.sample import Sample
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.interchange.table import ExportRow, ExportTable

_LABELS, _SAMPLES, _DATA, _MANIFEST = "labels.json", "samples.json", "data", "data.json"
_CLASSES = ("Classification", "Classifications", "Detection", "Detections", "Polyline", "Polylines")
_LISTS = ("classifications", "detections", "polylines")
_MODEL = "FiftyOne predictions"


def _recognise(sample: Sample) -> bool:
    if sample.is_folder:
        found = next((one for one in (_SAMPLES, _LABELS) if PurePosixPath(one) in sample.names), None)
        return found is not None and _recognise(Sample(sample.path / found))
    if not sample.is_json:
        return False
    outer, _, inside = sample.keys
    return {"classes", "labels"} <= outer or ("samples" in outer and "filepath" in inside)


def _read(path: Path, options: ReadOptions) -> LabelFile:
    """A label is a yes; one with a confidence was made by a model and is a suggestion."""
    if path.is_dir():
        found = next((path / one for one in (_SAMPLES, _LABELS) if (path / one).is_file()), None)
        if found is None:
            raise Reader(path).refused(
                translate("Interchange", "FiftyOne's folders have {labels} or {samples}").format(
                    labels=_LABELS, samples=_SAMPLES
                )
            )
        path = found
    reader = Reader(path)
    document = reader.document()
    content = _Content(reader, options.confidence or 0.0)
    if isinstance(document, dict) and isinstance(document.get("samples"), list):
        images = content.samples(document["samples"])
    elif isinstance(document, dict) and isinstance(document.get("labels"), dict):
        images = content.labels(document)
    else:
        raise reader.refused(
            translate(
                "Interchange", 'FiftyOne writes an object with "classes" and "labels", or with "samples"'
            )
        )
    if content.scores:
        reader.notes.append(
            translate(
                "Interchange",
                "Labels with a confidence: {scores}; a model made them, so they are suggestions.",
            ).format(scores=number(content.scores))
        )
    return LabelFile(
        categories=content.categories.names,
        category_places=content.categories.places,
        images=images,
        left_out=reader.left_out,
        notes=reader.notes,
        model=_MODEL if content.scores else None,
    )


@dataclass(slots=True)
class _Content:
    """``classes``: the name of each class number, None if there are none. ``scores``: labels of a model."""

    reader: Reader
    least: float
    classes: list[Any] | None = None
    scores: int = 0
    categories: NamedCategories = field(default_factory=NamedCategories)

    def labels(self, document: Mapping[str, Any]) -> list[ImageStatement]:
        classes = document.get("classes")
        self.classes = classes if isinstance(classes, list) else None
        for index, name in enumerate(self.classes or ()):
            self._positions(name, f"classes[{index}]")
        files = _files(self.reader)
        images = []
        for key, target in document["labels"].items():
            place = f"labels[{described(key)}]"
            known = files.get(key)
            try:
                name = file_name({"name": key if known is None else known}, "name")
            except UnusableError as error:
                self.reader.leave_out(place, error)
                continue
            image = ImageStatement(place, name, answered=target is not None)
            # A name with a suffix was written with the whole path.
            image.without_suffix = known is None and not PurePosixPath(key).suffix
            self._add(image, target)
            self._add_own(image, key, document)
            images.append(image)
        return images

    def samples(self, samples: list[Any]) -> list[ImageStatement]:
        images = []
        for place, sample in self.reader.objects("samples", samples):
            try:
                image = ImageStatement(place, file_name(sample, "filepath"), answered=False)
            except UnusableError as error:
                self.reader.leave_out(place, error)
                continue
            for label in sample.values():
                if isinstance(label, dict) and label.get("_cls") in _CLASSES:
                    inside = next((label[one] for one in _LISTS if isinstance(label.get(one), list)), label)
                    before = self.scores
                    self._add(image, inside)
                    image.answered |= self.scores == before
            images.append(image)
        return images

    def _add(self, image: ImageStatement, target: Any) -> None:
        """One label, or a list of them: a class number, a name, or an object with a label."""
        for one in target if isinstance(target, list) else [] if target is None else [target]:
            label, confidence = one, None
            if isinstance(one, dict):
                label, confidence = one.get("label"), chance(one.get("confidence"))
            positions = self._positions(self._class(label), image.place)
            if confidence is None:
                image.yes |= positions
                continue
            self.scores += 1
            for position in positions if confidence >= self.least else ():
                image.suggested[position] = max(confidence, image.suggested.get(position, 0.0))

    def _class(self, label: Any) -> Any:
        if type(label) is int and self.classes is not None and 0 <= label < len(self.classes):
            return self.classes[label]
        return label if self.classes is None or type(label) is not int else None

    def _add_own(self, image: ImageStatement, key: str, document: Mapping[str, Any]) -> None:
        """What this program has written in further keys."""
        for name, states in (("no", image.no), ("unknown", image.open)):
            given = document.get(name)
            for label in _list(given.get(key) if isinstance(given, dict) else None):
                states.update(self._positions(self._class(label), image.place))
        given = document.get("reviewed")
        if isinstance(given, dict) and given.get(key) is True:
            image.reviewed = image.answered = True

    def _positions(self, name: Any, place: str) -> set[int]:
        """The position of a category; none if the name cannot be used, which is listed."""
        try:
            return {self.categories.position(name, place)}
        except UnusableError as error:
            self.reader.leave_out(place, error)
            return set()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _files(reader: Reader) -> dict[str, str]:
    """The image file of each name in labels.json: from data.json, else from the files in data/."""
    folder = reader.path.parent
    if (folder / _DATA).is_dir():
        found: dict[str, list[str]] = {}
        for inside in _inside(folder / _DATA):
            found.setdefault(inside.with_suffix("").as_posix(), []).append(inside.as_posix())
        return {key: names[0] for key, names in found.items() if len(names) == 1}
    if (folder / _MANIFEST).is_file():
        manifest = Reader(folder / _MANIFEST).document()
        if isinstance(manifest, dict):
            return {key: name for key, name in manifest.items() if isinstance(name, str)}
        reader.leave_out(
            _MANIFEST,
            translate("Interchange", "must be an object, not {found}").format(found=described(manifest)),
        )
    return {}


def _inside(folder: Path) -> Iterator[PurePosixPath]:
    for place, _, files in os.walk(folder):
        inside = PurePosixPath(Path(place).relative_to(folder).as_posix())
        yield from (inside / name for name in files)


def _write_folder(table: ExportTable, folder: Path, options: WriteOptions) -> Sequence[str]:  # noqa: ARG001
    """``labels.json``, and ``data.json`` with the paths of the images, which stay where they are."""
    keys = _keys(table.rows)
    classes = {one.id: at for at, one in enumerate(table.categories)}
    parts: dict[str, dict[str, Any]] = {"labels": {}, "no": {}, "reviewed": {}, "unknown": {}}
    for key, row in zip(keys, table.rows, strict=True):
        yes = (row.states == 1).nonzero()[0].tolist()
        parts["labels"][key] = [{"label": one} for one in yes] if yes or row.reviewed else None
        if row.explicit_no:
            parts["no"][key] = [classes[one] for one in row.explicit_no]
        if row.reviewed:
            parts["reviewed"][key] = True
            if (row.states == -1).any():
                parts["unknown"][key] = (row.states == -1).nonzero()[0].tolist()
    document = {"classes": [one.name for one in table.categories]} | parts
    files = {key: str(table.image_file(row)) for key, row in zip(keys, table.rows, strict=True)}
    for name, content in ((_LABELS, document), (_MANIFEST, files)):
        text = json.dumps(content, ensure_ascii=False, indent=0)
        (folder / name).write_bytes(text.encode("utf-8", "backslashreplace"))
    return [
        translate(
            "Interchange",
            "Load it with fiftyone.Dataset.from_dir and the type FiftyOneImageClassificationDataset",
        )
    ]


def _keys(rows: Sequence[ExportRow]) -> list[str]:
    """A different name for each image that FiftyOne takes for one without a suffix."""
    found: list[str] = []
    taken: set[str] = set()
    for row in rows:
        path = PurePosixPath(row.name)
        key = first = str(path.with_name(path.stem.replace(".", "_") or "_"))
        number = 1
        while key in taken:
            number += 1
            key = f"{first}-{number}"
        taken.add(key)
        found.append(key)
    return found


FIFTYONE = Format(
    name="fiftyone",
    title=QT_TRANSLATE_NOOP("Interchange", "FiftyOne image classifications"),
    suffixes=(),
    holds=Holds(no=True, reviews=Reviews.ALL),
    recognise=_recognise,
    read=_read,
    write_folder=_write_folder,
    options=frozenset({"confidence"}),
)

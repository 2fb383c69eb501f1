"""MegaDetector's results, and those of other models in its form: suggestions, never labels.

The form is described at lila.science/megadetector-output-format; newer programs write a plain list of images
with the categories by name. Images without a detection count as looked at by the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.language import QT_TRANSLATE_NOOP, number, significant, translate
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews
from app.services.interchange.json_entries import (
    Id,
    NamedCategories,
    Reader,
    UnusableError,
    chance,
    described,
    file_name,
    id_of,
    required,
)
from app.services.interchange.sample import Sample
from app.services.interchange.statements import ImageStatement, LabelFile

DEFAULT_CONFIDENCE = 0.2
"""For files that do not say which confidence is usual for their model."""
_UNKNOWN_MODEL = "MegaDetector"
_CATEGORIES = ("detection_categories", "classification_categories")


def _recognise(sample: Sample) -> bool:
    if not sample.is_json:
        return False
    outer, inner, images = sample.keys
    if not outer:
        return {"file", "detections"} <= inner
    return "detection_categories" in outer or ("images" in outer and {"file", "detections"} <= images)


def _read(path: Path, options: ReadOptions) -> LabelFile:
    """A detection is a suggestion of its category with its confidence; a classification of it is one with the
    product of both confidences, the chance that there is something and that it is this.
    """
    reader = Reader(path)
    document = reader.document()
    entries, info = _images(reader, document)
    content = _Content(reader)
    if isinstance(document, dict):
        for name in _CATEGORIES:
            content.read_categories(name, document.get(name))
    usual = chance(_info(info, "detector_metadata").get("typical_detection_threshold"))
    least = next(one for one in (options.confidence, usual, DEFAULT_CONFIDENCE) if one is not None)
    images = [
        image
        for place, entry in reader.objects("images", entries)
        if (image := content.image(place, entry, least)) is not None
    ]
    reader.notes.append(
        translate(
            "Interchange",
            "Detections of a model from a confidence of {least} on are suggestions to review, "
            "not labels; detections below it: {below}.",
        ).format(least=significant(least, 6), below=number(content.below))
    )
    return LabelFile(
        categories=content.categories.names,
        category_places=content.categories.places,
        images=images,
        left_out=reader.left_out,
        notes=reader.notes,
        model=_model(info),
    )


def _images(reader: Reader, document: Any) -> tuple[list[Any], Mapping[str, Any]]:
    if isinstance(document, list):
        if document and not any(isinstance(one, dict) and "detections" in one for one in document):
            raise reader.refused(
                translate(
                    "Interchange", "no entry of this list has a file with detections, as MegaDetector writes"
                )
            )
        return document, {}
    if not isinstance(document, dict) or not isinstance(document.get("images"), list):
        raise reader.refused(
            translate("Interchange", 'MegaDetector writes an object with "images" and "detection_categories"')
        )
    if not any(name in document for name in _CATEGORIES):
        raise reader.refused(
            translate("Interchange", 'it has no "detection_categories", as results of MegaDetector have')
        )
    return document["images"], _info(document, "info")


def _info(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = entry.get(name)
    return found if isinstance(found, dict) else {}


def _model(info: Mapping[str, Any]) -> str:
    names = [info[one].strip() for one in ("detector", "classifier") if isinstance(info.get(one), str)]
    return " + ".join(one for one in names if one) or _UNKNOWN_MODEL


@dataclass(slots=True)
class _Content:
    """``by_id``: the positions of the category ids of each list."""

    reader: Reader
    categories: NamedCategories = field(default_factory=NamedCategories)
    by_id: dict[tuple[str, Id], int] = field(default_factory=dict)
    below: int = 0

    def read_categories(self, name: str, given: Any) -> None:
        if given is None:
            return
        if not isinstance(given, dict):
            raise self.reader.refused(
                translate("Interchange", '"{name}" must be an object, not {found}').format(
                    name=name, found=described(given)
                )
            )
        for key, value in given.items():
            place = f"{name}[{described(key)}]"
            identifier = id_of(key)
            assert identifier is not None  # the keys of JSON are texts
            try:
                self.by_id[name, identifier] = self.categories.position(value, place)
            except UnusableError as error:
                self.reader.leave_out(place, error)

    def image(self, place: str, entry: dict[str, Any], least: float) -> ImageStatement | None:
        try:
            image = ImageStatement(place, file_name(entry, "file"), answered=False)
            if entry.get("failure") is not None:
                raise UnusableError(
                    translate("Interchange", "the model failed on it: {entry}").format(entry=entry["failure"])
                )
            detections = required(entry, "detections", list)
        except UnusableError as error:
            self.reader.leave_out(place, error)
            return None
        for inside, detection in self.reader.objects(f"{place}.detections", detections):
            try:
                self._add(image, inside, detection, least)
            except UnusableError as error:
                self.reader.leave_out(inside, error)
        return image

    def _add(self, image: ImageStatement, place: str, detection: dict[str, Any], least: float) -> None:
        confidence = _confidence(detection)
        if confidence < least:
            self.below += 1
            return
        self._suggest(
            image, self._named("detection_categories", detection.get("category"), place), confidence
        )
        for index, pair in enumerate(detection.get("classifications") or ()):
            score = chance(pair[1]) if isinstance(pair, list) and len(pair) == 2 else None
            if score is None:
                raise UnusableError(
                    translate("Interchange", "{place} must be a category and a confidence").format(
                        place=f"classifications[{index}]"
                    )
                )
            if confidence * score >= least:
                position = self._named("classification_categories", pair[0], place)
                self._suggest(image, position, confidence * score)

    def _suggest(self, image: ImageStatement, position: int, confidence: float) -> None:
        image.suggested[position] = max(confidence, image.suggested.get(position, 0.0))

    def _named(self, name: str, value: Any, place: str) -> int:
        key = id_of(value)
        if key is None:
            raise UnusableError(
                translate("Interchange", "category must be a number or a text, not {found}").format(
                    found=described(value)
                )
            )
        if (name, key) in self.by_id:
            return self.by_id[name, key]
        if isinstance(value, str) and not self.by_id:  # the newer form names them where they are used
            return self.categories.position(value, place)
        raise UnusableError(
            translate("Interchange", "category {found} is not in {name}").format(
                found=described(value), name=name
            )
        )


def _confidence(detection: Mapping[str, Any]) -> float:
    value = detection.get("conf", detection.get("confidence"))
    found = chance(value)
    if found is None:
        raise UnusableError(
            translate("Interchange", "conf must be a number from 0 to 1, not {found}").format(
                found=described(value)
            )
        )
    return found


MEGADETECTOR = Format(
    name="megadetector",
    title=QT_TRANSLATE_NOOP("Interchange", "MegaDetector results JSON"),
    suffixes=(".json",),
    holds=Holds(no=False, reviews=Reviews.NONE),
    recognise=_recognise,
    read=_read,
    options=frozenset({"confidence"}),
)

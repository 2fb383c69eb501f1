"""Reading files in the form of COCO: image-level, with LVIS's fields for absent categories.

An annotation is a yes for its category on its image; boxes and masks are ignored. LVIS (Gupta et al., 2019)
adds to each image ``neg_category_ids``, categories verified to be absent, and
``not_exhaustive_category_ids``, categories not all of whose instances are annotated. This project adds
``reviewed`` (a person has reviewed the whole image) and ``unknown_category_ids`` (what the review did not
cover). An annotation with a ``score`` was made by a model and becomes a suggestion.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.domain.categories import name_key
from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, number, significant, translate, translated
from app.services.interchange.json_entries import (
    Id,
    Reader,
    UnusableError,
    category_name,
    chance,
    described,
    file_name,
    id_of,
    required,
    required_id,
)
from app.services.interchange.sample import Sample
from app.services.interchange.statements import ImageStatement, LabelFile

DEFAULT_CONFIDENCE = 0.5
_FORM = QT_TRANSLATE_NOOP(
    "Interchange", 'a COCO file is an object with "images", "categories" and "annotations"'
)
_ONLY_CAPTIONS = QT_TRANSLATE_NOOP(
    "Interchange",
    "its annotations are captions, not labels; give the file with the instances of the same images",
)
_SHAPES = ("bbox", "segmentation", "keypoints")


def looks_like_coco(sample: Sample) -> bool:
    if not sample.is_json or not {"images", "annotations"} & sample.keys[0]:
        return False
    return bool({"file_name", "coco_url", "image_id", "supercategory"} & sample.keys[2])


def is_camera_traps(sample: Sample) -> bool:
    """Whether it is COCO with the fields of sequences, which COCO Camera Traps adds."""
    return looks_like_coco(sample) and bool({"seq_id", "seq_num_frames", "frame_num"} & sample.keys[2])


def read_coco(path: Path, confidence: float | None = None) -> LabelFile:
    """Read a whole file; single entries that cannot be used are left out.

    ``confidence``: the least score of an annotation that becomes a suggestion. Raises BadInputError if it is
    not a COCO file, or has no labels.
    """
    reader = Reader(path)
    document = reader.document()
    if not isinstance(document, dict):
        kind = translate("Interchange", "this is a list; ") if isinstance(document, list) else ""
        raise reader.refused(f"{kind}{translated('Interchange', _FORM)}")
    parts = _Parts(
        reader, *(_part(reader, document, name) for name in ("images", "categories", "annotations"))
    )
    content = _Content(parts, DEFAULT_CONFIDENCE if confidence is None else confidence)
    content.read()
    return LabelFile(
        categories=content.names,
        category_places=content.places,
        images=list(content.images.values()),
        left_out=reader.left_out,
        notes=reader.notes,
        groups=content.groups(),
    )


def _part(reader: Reader, document: Mapping[str, Any], name: str) -> list[Any]:
    part = document.get(name)
    if part is None:
        raise _missing(reader, document, name)
    if not isinstance(part, list):
        raise reader.refused(
            translate("Interchange", '"{name}" must be a list, not {found}').format(
                name=name, found=described(part)
            )
        )
    return part


def _missing(reader: Reader, document: Mapping[str, Any], name: str) -> BadInputError:
    if name == "annotations" and document.get("images"):
        return reader.refused(
            translate(
                "Interchange",
                'it has no "annotations": it only lists images, as the image_info files of COCO do; '
                "give the file with the annotations",
            )
        )
    annotations = document.get("annotations")
    if isinstance(annotations, list) and any(
        isinstance(one, dict) and "caption" in one for one in annotations
    ):
        return reader.refused(translated("Interchange", _ONLY_CAPTIONS))
    return reader.refused(
        translate("Interchange", 'it has no "{name}"; {form}').format(
            name=name, form=translated("Interchange", _FORM)
        )
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    reader: Reader
    images: list[Any]
    categories: list[Any]
    annotations: list[Any]


@dataclass(slots=True)
class _Content:
    """``by_id``: the position of each category id. ``gone``: why an image or category id cannot be used."""

    parts: _Parts
    confidence: float
    names: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    by_id: dict[Id, int] = field(default_factory=dict)
    images: dict[Id, ImageStatement] = field(default_factory=dict)
    gone_images: dict[Id, str] = field(default_factory=dict)
    gone_categories: dict[Id, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    unclear: set[Id] = field(default_factory=set)
    """Images with an annotation or a list that may be about any category."""

    def read(self) -> None:
        self._read_categories()
        self._read_images()
        self._read_annotations()
        annotations = len(self.parts.annotations)
        if annotations and self.counts.get("captions") == annotations:
            raise self.parts.reader.refused(translated("Interchange", _ONLY_CAPTIONS))
        every = set(range(len(self.names)))  # one set for all: there may be many of both
        for identifier in self.unclear & self.images.keys():
            self.images[identifier].open = every
        if self.counts.get("scores") and not any(
            one.yes or one.no or one.reviewed for one in self.images.values()
        ):
            for image in self.images.values():  # nobody but the model has looked at them
                image.answered = False
        self._note_counts()

    def groups(self) -> frozenset[int]:
        """Categories that nothing uses and whose name is the supercategory of others, as Roboflow writes the
        name of the project; they are told."""
        used: set[int] = set()
        for image in self.images.values():
            used |= image.yes | image.no | image.suggested.keys()
        above: dict[str, set[int]] = {}
        entries = {id_of(one.get("id")): one for one in self.parts.categories if isinstance(one, dict)}
        for identifier, position in self.by_id.items():
            name = entries.get(identifier, {}).get("supercategory")
            if isinstance(name, str) and name.strip():
                above.setdefault(name.strip().casefold(), set()).add(position)
        found = frozenset(
            position
            for position, name in enumerate(self.names)
            if position not in used and above.get(name.casefold(), set()) - {position}
        )
        self.parts.reader.notes += [
            translate(
                "Interchange",
                "The category {names} has no annotation and is the supercategory of others; it is "
                "not imported.",
            ).format(names=repr(self.names[one]))
            for one in sorted(found)
        ]
        return found

    def _read_categories(self) -> None:
        reader, seen = self.parts.reader, dict[Id, tuple[str, str]]()
        for place, entry in reader.objects("categories", self.parts.categories):
            identifier: Id | None = id_of(entry.get("id"))
            try:
                key = required_id(entry, "id")
                required(entry, "name", str)
                name = category_name(entry["name"])
            except UnusableError as error:
                reader.leave_out(place, error)
                if identifier is not None:
                    self.gone_categories[identifier] = place
                continue
            if key not in seen:
                seen[key] = (place, name)
            elif name_key(seen[key][1]) != name_key(name):
                first = seen[key][0]
                reader.leave_out(
                    place,
                    translate(
                        "Interchange",
                        "its id {key} is that of {first}, which has a different name; neither is used",
                    ).format(key=key, first=first),
                )
                self.gone_categories[key] = translate("Interchange", "{first} and {place}").format(
                    first=first, place=place
                )
        for key, (place, name) in seen.items():
            if key not in self.gone_categories:
                self.by_id[key] = len(self.names)
                self.names.append(name)
                self.places.append(place)

    def _read_images(self) -> None:
        reader = self.parts.reader
        for place, entry in reader.objects("images", self.parts.images):
            identifier = id_of(entry.get("id"))
            try:
                key = required_id(entry, "id")
                name = _image_name(entry)
            except UnusableError as error:
                reader.leave_out(place, error)
                if identifier is not None:
                    self.gone_images.setdefault(identifier, place)
                continue
            image = ImageStatement(place, name)
            self._read_fields(key, image, entry)
            present = self.images.get(key)
            if present is None:
                self.images[key] = image
            elif present.file_name == name:
                _unite(present, image)
                self._count("repeated images")
            else:
                reader.leave_out(
                    place,
                    translate(
                        "Interchange", "its id {key} is that of {place}, a different file; neither is used"
                    ).format(key=key, place=present.place),
                )
                self.gone_images[key] = translate("Interchange", "{place} and {place_2}").format(
                    place=present.place, place_2=place
                )
        for key in self.gone_images:
            self.images.pop(key, None)

    def _read_fields(self, key: Id, image: ImageStatement, entry: Mapping[str, Any]) -> None:
        reader = self.parts.reader
        if entry.get("reviewed") is not None:
            try:
                image.reviewed = required(entry, "reviewed", bool)
            except UnusableError as error:
                reader.leave_out(image.place, error)
        image.no = self._category_ids(image, entry, "neg_category_ids") or set()
        for name in ("not_exhaustive_category_ids", "unknown_category_ids"):
            found = self._category_ids(image, entry, name)
            if found is None:
                self.unclear.add(key)
            else:
                image.open |= found

    def _category_ids(self, image: ImageStatement, entry: Mapping[str, Any], name: str) -> set[int] | None:
        """The positions in a list of category ids; None if it is not a list."""
        if entry.get(name) is None:
            return set()
        try:
            given = required(entry, name, list)
        except UnusableError as error:
            self.parts.reader.leave_out(image.place, error)
            return None
        found: set[int] = set()
        for index, identifier in enumerate(given):
            position = self.by_id.get(key) if (key := id_of(identifier)) is not None else None
            if position is None:
                self.parts.reader.leave_out(
                    f"{image.place}.{name}[{index}]",
                    translate("Interchange", "{found} is not the id of a category that can be used").format(
                        found=described(identifier)
                    ),
                )
            else:
                found.add(position)
        return found

    def _read_annotations(self) -> None:
        reader, seen = self.parts.reader, set[Id]()
        for place, entry in reader.objects("annotations", self.parts.annotations):
            try:
                image_id = self._image_of(entry)
                for category_id in self._categories_of(entry, image_id):
                    self._add(image_id, category_id, entry.get("score"))
            except UnusableError as error:
                reader.leave_out(place, error)
                continue
            identifier = id_of(entry.get("id"))
            if identifier is not None:
                if identifier in seen:
                    self._count("repeated annotations")
                seen.add(identifier)
            if any(entry.get(name) for name in _SHAPES):
                self._count("shapes")
            if entry.get("sequence_level_annotation") is True:
                self._count("sequences")

    def _image_of(self, entry: Mapping[str, Any]) -> Id:
        key = required_id(entry, "image_id")
        if key not in self.images:
            if "caption" in entry and entry.get("category_id") is None:
                self._count("captions")
            place = self.gone_images.get(key)
            raise UnusableError(
                translate("Interchange", "image_id {found} is not the id of any image").format(
                    found=described(entry["image_id"])
                )
                if place is None
                else translate("Interchange", "its image, {place}, was left out").format(place=place)
            )
        return key

    def _categories_of(self, entry: Mapping[str, Any], image_id: Id) -> list[Id]:
        if entry.get("category_id") is None and "caption" in entry:
            self._count("captions")
            raise UnusableError(translate("Interchange", "it is a caption, not a label"))
        segments = entry.get("segments_info")  # panoptic: one entry for all of an image
        try:
            if entry.get("category_id") is None and isinstance(segments, list):
                return [required_id(one if isinstance(one, dict) else {}, "category_id") for one in segments]
            return [required_id(entry, "category_id")]
        except UnusableError:
            self.unclear.add(image_id)
            raise

    def _add(self, image_id: Id, category_id: Id, score: Any) -> None:
        position = self.by_id.get(category_id)
        if position is None:
            place = self.gone_categories.get(category_id)
            if place is not None:
                raise UnusableError(
                    translate("Interchange", "its category, {place}, was left out").format(place=place)
                )
            raise UnusableError(
                translate("Interchange", "category_id {found} is not the id of any category").format(
                    found=described(category_id)
                )
            )
        image, confidence = self.images[image_id], chance(score)
        if confidence is None:
            image.yes.add(position)
            return
        self._count("scores")
        if confidence >= self.confidence:
            image.suggested[position] = max(confidence, image.suggested.get(position, 0.0))

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def _note_counts(self) -> None:
        sentences = {
            "shapes": (
                translate("Interchange", "with boxes, masks or key points"),
                translate("Interchange", "only the category of each is imported"),
            ),
            "scores": (
                translate("Interchange", "with a score"),
                translate(
                    "Interchange",
                    "a model made them, so they are suggestions, not labels (from {confidence} on)",
                ).format(confidence=significant(self.confidence, 6)),
            ),
            "sequences": (
                translate("Interchange", "given to a whole sequence"),
                translate("Interchange", "some of their images may not show the category"),
            ),
            "repeated annotations": (
                translate("Interchange", "with the id of another one"),
                translate("Interchange", "nothing refers to these ids"),
            ),
            "captions": (
                translate("Interchange", "that are captions"),
                translate("Interchange", "they are no labels"),
            ),
        }
        total = len(self.parts.annotations)
        self.parts.reader.notes += [
            translate("Interchange", "Annotations {what}: {counts} of {total}; {meaning}.").format(
                what=what, counts=number(self.counts[key]), total=number(total), meaning=meaning
            )
            for key, (what, meaning) in sentences.items()
            if key in self.counts
        ]
        if "repeated images" in self.counts:
            self.parts.reader.notes.append(
                translate(
                    "Interchange",
                    "Entries that repeat the id and name of another image: {counts}; they are united.",
                ).format(counts=number(self.counts["repeated images"]))
            )


def _image_name(entry: Mapping[str, Any]) -> str:
    """``file_name``; or the path of ``coco_url``, as LVIS has only that. Raises UnusableError."""
    if entry.get("file_name") is not None or entry.get("coco_url") is None:
        return file_name(entry, "file_name")
    try:
        path = urlsplit(required(entry, "coco_url", str)).path.lstrip("/")
    except ValueError:
        raise UnusableError(translate("Interchange", "coco_url is not a URL")) from None
    return file_name({"coco_url": path}, "coco_url")


def _unite(image: ImageStatement, other: ImageStatement) -> None:
    image.reviewed |= other.reviewed
    image.yes |= other.yes
    image.no |= other.no
    image.open |= other.open

"""Label Studio's JSON: one task for each image, with the choices of its annotations as yes labels.

What choices cannot say goes into ``meta`` of the task, which Label Studio keeps: no's, reviews and what they
left open; the first task also lists all categories.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import parse_qs, quote, urlsplit

from app.domain.language import QT_TRANSLATE_NOOP, translate
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.json_entries import (
    NamedCategories,
    Reader,
    UnusableError,
    chance,
    described,
    required,
)
from app.services.interchange.sample import Sample
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.interchange.table import ExportRow, ExportTable

_LOCAL = "/data/local-files/"
_META = "tailspotter"
_USUAL = ("image", "img", "image_url", "url", "picture", "photo")
_ANSWERS = {"yes": True, "no": False, "unknown": None}
"""A control that has only these choices is about the category with the name of the control."""
_NO_CONFIDENCE = 0.5
"""For predictions without a score."""


def _recognise(sample: Sample) -> bool:
    if not sample.is_json:
        return False
    outer, inner, _ = sample.keys
    keys = outer or inner
    return "data" in keys and bool({"annotations", "completions", "predictions"} & keys)


def _read(path: Path, options: ReadOptions) -> LabelFile:
    """A label of any kind of a submitted annotation is a yes; several annotations of a task are united."""
    reader = Reader(path)
    document = reader.document()
    tasks = [document] if isinstance(document, dict) and "data" in document else document
    if not isinstance(tasks, list) or (
        tasks and not any(isinstance(one, dict) and "data" in one for one in tasks)
    ):
        raise reader.refused(
            translate(
                "Interchange", 'Label Studio exports a list of tasks, each with "data" and "annotations"'
            )
        )
    content = _Content(reader, parents=options.keywords == "all", least=options.confidence or 0.0)
    content.list_categories(tasks)
    content.find_answers(tasks)
    images = [
        image
        for place, task in reader.objects("tasks", tasks)
        if (image := content.image(place, task)) is not None
    ]
    content.note_counts()
    return LabelFile(
        categories=content.categories.names,
        category_places=content.categories.places,
        images=images,
        left_out=reader.left_out,
        notes=reader.notes,
        model=" + ".join(content.models) or None,
    )


@dataclass(slots=True)
class _Content:
    """``parents``: the upper parts of a taxonomy are categories too. ``answers``: controls whose choices are
    yes and no."""

    reader: Reader
    parents: bool
    least: float
    categories: NamedCategories = field(default_factory=NamedCategories)
    answers: set[str] = field(default_factory=set)
    models: dict[str, None] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def list_categories(self, tasks: list[Any]) -> None:
        """The categories of one of our own exports, in their order, used or not."""
        for index, task in enumerate(tasks):
            own = (_own(task) if isinstance(task, dict) else None) or {}
            given = own.get("categories")
            for name in given if isinstance(given, list) else ():
                self._usable(name, f"tasks[{index}].meta.{_META}")

    def find_answers(self, tasks: list[Any]) -> None:
        """Find the controls that were only ever answered by yes, no or unknown; not in our own exports, which
        have one control for all categories."""
        if any(isinstance(task, dict) and _own(task) is not None for task in tasks):
            return
        given: dict[str, set[str]] = {}
        for task in tasks:
            for annotation in _submitted(task):
                for result in _dicts(annotation.get("result")):
                    control, values = result.get("from_name"), _values(result)
                    if isinstance(control, str) and values and all(isinstance(one, str) for one in values):
                        given.setdefault(control, set()).update(one.strip().casefold() for one in values)
        self.answers = {control for control, values in given.items() if values <= _ANSWERS.keys()}

    def image(self, place: str, task: dict[str, Any]) -> ImageStatement | None:
        try:
            image = ImageStatement(place, _image_name(required(task, "data", dict)))
        except UnusableError as error:
            self.reader.leave_out(place, error)
            return None
        submitted = _submitted(task)
        found = [self._labels(image, f"{place}.annotations", one) for one in submitted]
        image.answered = bool(submitted)
        self._count("not annotated", not submitted)
        self._count("cancelled", len(_annotations(task)) - len(submitted))
        self._count("differing", len(found) > 1 and any(one != found[0] for one in found))
        self._read_meta(image, task)
        self._count(
            "without a label",
            bool(submitted) and not (image.yes or image.no or image.reviewed),
        )
        for prediction in _dicts(task.get("predictions")):
            self._predict(image, f"{place}.predictions", prediction)
        return image

    def _labels(self, image: ImageStatement, place: str, annotation: Mapping[str, Any]) -> set[int]:
        """Add what one annotation says to the image; return its positions with yes."""
        yes: set[int] = set()
        for result in _dicts(annotation.get("result")):
            control = self._answer_control(result)
            if control is None:
                yes |= self._positions(result, place)
                continue
            for value in _values(result):
                state = _ANSWERS[value.strip().casefold()]
                if state is not None:
                    (yes if state else image.no).update(self._usable(control, place))
        image.yes |= yes
        return yes

    def _positions(self, result: Mapping[str, Any], place: str) -> set[int]:
        found: set[int] = set()
        values = _values(result)
        self._count("no labels", not values)
        self._count("shapes", bool(values) and "width" in result.get("value", ()))
        for value in values:
            found |= self._usable(value, place)
        return found

    def _answer_control(self, result: Mapping[str, Any]) -> str | None:
        control = result.get("from_name")
        return control if isinstance(control, str) and control in self.answers else None

    def _usable(self, value: Any, place: str) -> set[int]:
        """The positions of a label; none if it cannot be used, which is listed."""
        try:
            return self._named(value, place)
        except UnusableError as error:
            self.reader.leave_out(place, error)
            return set()

    def _named(self, value: Any, place: str) -> set[int]:
        """Raises UnusableError."""
        if not isinstance(value, list):
            return {self.categories.position(value, place)}
        if not value:
            raise UnusableError(translate("Interchange", "an entry of the taxonomy is empty"))
        return {self.categories.position(one, place) for one in (value if self.parents else value[-1:])}

    def _predict(self, image: ImageStatement, place: str, prediction: Mapping[str, Any]) -> None:
        usual = chance(prediction.get("score"))
        for result in _dicts(prediction.get("result")):
            own = chance(result.get("score"))
            score = next(one for one in (own, usual, _NO_CONFIDENCE) if one is not None)
            if score >= self.least and self._answer_control(result) is None:
                for position in self._positions(result, place):
                    image.suggested[position] = max(score, image.suggested.get(position, 0.0))
        version = prediction.get("model_version")
        self.models[version if isinstance(version, str) and version else "Label Studio predictions"] = None

    def _read_meta(self, image: ImageStatement, task: Mapping[str, Any]) -> None:
        """What this program has written into ``meta``; what was annotated since counts more."""
        own = _own(task)
        if own is None:
            return
        place = f"{image.place}.meta.{_META}"
        lists: dict[str, set[int]] = {}
        for name in ("no", "unknown"):
            given = own.get(name)
            if given is not None and not isinstance(given, list):
                self.reader.leave_out(
                    place,
                    translate("Interchange", "{name} must be a list, not {found}").format(
                        name=name, found=described(given)
                    ),
                )
                return
            try:
                lists[name] = {self.categories.position(one, place) for one in given or ()}
            except UnusableError as error:
                self.reader.leave_out(place, error)
                return
        image.no |= lists["no"] - image.yes
        image.open |= lists["unknown"] - image.yes
        if own.get("reviewed") is True:
            image.reviewed = image.answered = True

    def _count(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number

    def note_counts(self) -> None:
        sentences = {
            "not annotated": (
                translate("Interchange", "Tasks without a submitted annotation"),
                translate("Interchange", "nothing is known of their images"),
            ),
            "without a label": (
                translate("Interchange", "Tasks that were submitted without a label"),
                translate(
                    "Interchange", "every category stays unknown; with --complete they count as reviewed"
                ),
            ),
            "cancelled": (
                translate("Interchange", "Annotations that the annotator skipped"),
                translate("Interchange", "they are not used"),
            ),
            "differing": (
                translate("Interchange", "Tasks with several annotations that differ"),
                translate("Interchange", "their labels are united"),
            ),
            "shapes": (
                translate("Interchange", "Labels of a box or another shape"),
                translate("Interchange", "only the category is imported"),
            ),
            "no labels": (
                translate("Interchange", "Results that are no labels (texts, ratings, relations)"),
                translate("Interchange", "they are not used"),
            ),
        }
        self.reader.notes += [
            f"{what}: {self.counts[key]:,}; {meaning}."
            for key, (what, meaning) in sentences.items()
            if self.counts.get(key)
        ]


def _own(task: Mapping[str, Any]) -> dict[str, Any] | None:
    """What this program has written into a task."""
    meta = task.get("meta")
    found = meta.get(_META) if isinstance(meta, dict) else None
    return found if isinstance(found, dict) else None


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _annotations(task: Any) -> list[dict[str, Any]]:
    if not isinstance(task, dict):
        return []
    return _dicts(task.get("annotations")) or _dicts(task.get("completions"))  # before version 1.0


def _submitted(task: Any) -> list[dict[str, Any]]:
    return [one for one in _annotations(task) if not one.get("was_cancelled")]


def _values(result: Mapping[str, Any]) -> list[Any]:
    """The labels of a result: its choices, the labels of its shape, or the paths of its taxonomy."""
    kind, value = result.get("type"), result.get("value")
    if not isinstance(kind, str) or not isinstance(value, dict):
        return []
    if kind not in ("choices", "taxonomy") and not kind.endswith("labels"):
        return []
    found = value.get(kind, value.get("labels"))
    if isinstance(found, str):
        return [found]
    return found if isinstance(found, list) else []


def _image_name(data: Mapping[str, Any]) -> str:
    """The path or URL of the image of a task. Raises UnusableError."""
    texts = {key: value for key, value in data.items() if isinstance(value, str) and value}
    usual = [texts[key] for key in _USUAL if key in texts]
    others = [one for one in texts.values() if _looks_like_a_path(one)]
    found = next(iter([*usual, *others]), None)
    if found is None:
        raise UnusableError(translate("Interchange", "its data has no image"))
    if found.startswith("data:"):
        raise UnusableError(translate("Interchange", "its image is inside the file, without a name"))
    try:
        parts = urlsplit(found)
    except ValueError:
        raise UnusableError(
            translate("Interchange", "its image {found} is not a path or URL").format(found=described(found))
        ) from None
    if parts.path.rstrip("/") == _LOCAL.rstrip("/"):
        given = parse_qs(parts.query, errors="surrogateescape").get("d")
        found = given[0] if given else ""
    if not PurePosixPath(found.replace("\\", "/")).name or "\0" in found:
        raise UnusableError(
            translate("Interchange", "its image {found} is not a file name").format(found=described(found))
        )
    return found


def _looks_like_a_path(text: str) -> bool:
    name = text.split("?", maxsplit=1)[0]
    return len(text) < 2000 and "\n" not in text and bool(PurePosixPath(name).suffix) and " " not in name[-5:]


def _write(table: ExportTable, stream: IO[bytes], options: WriteOptions) -> None:  # noqa: ARG001
    for text in _pieces(table):
        stream.write(text.encode("utf-8", "backslashreplace"))


def _pieces(table: ExportTable) -> Iterator[str]:
    separator = "[\n"
    for number, row in enumerate(table.rows):
        yield separator + json.dumps(_task(row, table, first=number == 0), ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if not table.rows else "\n]\n"


def _task(row: ExportRow, table: ExportTable, *, first: bool) -> dict[str, Any]:
    """A task for local file storage whose root is the folder of the images.

    An image that is reviewed has an annotation even without a choice: it was looked at, and nothing found.
    """
    names = [one.name for one in table.categories]
    said: dict[int, list[str]] = {1: [], 0: [], -1: []}
    for name, state in zip(names, row.states.tolist(), strict=True):
        said[state].append(name)
    by_id = {one.id: one.name for one in table.categories} if row.explicit_no else {}
    own: dict[str, Any] = {"categories": names} if first else {}
    if row.explicit_no:
        own["no"] = [by_id[one] for one in row.explicit_no]
    if row.reviewed:
        own["reviewed"] = True
        if said[-1]:
            own["unknown"] = said[-1]
    choices = [{"from_name": "choice", "to_name": "image", "type": "choices", "value": {"choices": said[1]}}]
    result = choices if said[1] else []
    annotated = bool(said[1]) or row.reviewed
    place = quote(row.name, errors="surrogateescape")
    return {
        "id": row.image.id,
        "data": {"image": f"{_LOCAL}?d={place}"},
        "annotations": [{"id": row.image.id, "result": result, "was_cancelled": False}] if annotated else [],
        "predictions": [],
    } | ({"meta": {_META: own}} if own else {})


def _advice(table: ExportTable) -> list[str]:  # noqa: ARG001
    return [
        translate(
            "Interchange",
            "In Label Studio, add the folder of the images as local file storage, and label with "
            '<Choices name="choice" toName="image" choice="multiple"> that has these categories',
        )
    ]


LABEL_STUDIO = Format(
    name="labelstudio",
    title=QT_TRANSLATE_NOOP("Interchange", "Label Studio JSON"),
    suffixes=(".json",),
    holds=Holds(no=True, reviews=Reviews.ALL),
    recognise=_recognise,
    read=_read,
    write=_write,
    advice=_advice,
    options=frozenset({"confidence", "keywords"}),
)

"""Pascal VOC: lists of 1, 0 and -1 for each class in ImageSets/Main, and objects in Annotations/*.xml.

In the lists 0 is "difficult": such images are ignored in the evaluation, neither yes nor no. So 0 is read as
unknown, as are classes whose objects are all marked as difficult, and an unknown is written as 0.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from app.domain.counting import count
from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, translate
from app.services.interchange.collector import LabelCollector
from app.services.interchange.folder_files import (
    SPLITS,
    FolderFiles,
    UnusableError,
    file_name,
    list_folder,
    original_name,
    path_inside,
    safe_path,
    split_suffix,
)
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.formats.voc_xml import read_annotation
from app.services.interchange.markers import certain
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.interchange.table import ExportTable
from app.services.text_files import MAX_JSON_BYTES, without_surrogates

_WHOLE = "trainval"
_SETS = {*SPLITS, _WHOLE}
_STATES = {"1": 1, "+1": 1, "0": 0, "-1": -1}
_VALUES = {1: " 1", 0: "-1", -1: " 0"}
"""By state, with the column widths of VOC's own lists."""
_IMAGE_FOLDERS = ("JPEGImages", "images", "Images")


def _read(path: Path, options: ReadOptions) -> LabelFile:
    """``path``: VOCdevkit, one year of it, or any folder with such lists or annotations."""
    found = list_folder(path, "voc")
    lists = [one for one in found.files if _is_list(one)]
    xml = [one for one in found.files if one.lower().endswith(".xml")]
    if found.files and not lists and not xml:
        raise BadInputError(
            translate(
                "Interchange", "{path} has neither class lists (ImageSets/Main) nor annotations (.xml)."
            ).format(path=path)
        )
    reading = _Reading(found, LabelCollector(folder=found.base))
    for one in lists:
        reading.read_list(one, options.encoding)
    for one in xml:
        reading.read_xml(one)
    collector = reading.finished()
    found.tell(collector, [*lists, *xml])
    return collector.file()


def _is_list(path: str) -> bool:
    """ImageSets/Main/dog_train.txt, or dog_train.txt if the folder is Main."""
    parts = path.split("/")
    if not path.endswith(".txt"):
        return False
    name, _, part = parts[-1].removesuffix(".txt").rpartition("_")
    return parts[-3:-1] == ["ImageSets", "Main"] or (len(parts) == 1 and name != "" and part in _SETS)


def _class_of(path: str) -> str | None:
    """The class of a list; None if it only names the images of a part."""
    stem = path.rpartition("/")[2].removesuffix(".txt")
    if stem in _SETS:
        return None
    name, _, part = stem.rpartition("_")
    return original_name(name if name and part in _SETS else stem)


class _Reading:
    """Collects the answers of lists and annotations by image."""

    def __init__(self, found: FolderFiles, collector: LabelCollector) -> None:
        self._found, self._collector = found, collector
        self._names: dict[tuple[str, str], ImageStatement] = {}
        self._images: dict[str, ImageStatement] = {}
        self._ignored: list[tuple[ImageStatement, int]] = []
        self._renamed = 0

    def read_list(self, path: str, encoding: str | None) -> None:
        name = _class_of(path)
        category = None if name is None else self._collector.category(name, path)
        if category is None:
            return
        try:
            text = self._found.text(path, encoding, MAX_JSON_BYTES)
        except UnusableError as error:
            self._collector.leave_out(path, str(error))
            return
        base = "/".join(path.split("/")[:-3])
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            place = translate("Interchange", "{path}, line {number}").format(path=path, number=number)
            image_name, _, value = line.replace("\t", " ").strip().rpartition(" ")
            state = _STATES.get(value)
            image = self._image(base, base, image_name.rstrip(), place) if state is not None else None
            if image is None:
                self._collector.leave_out(
                    place, translate("Interchange", "is not an image followed by 1, 0 or -1")
                )
            elif state == 0:
                self._ignored.append((image, category))
            else:
                (image.yes if state == 1 else image.no).add(category)

    def read_xml(self, path: str) -> None:
        try:
            annotation = read_annotation(self._found.data(path))
        except UnusableError as error:
            self._collector.leave_out(path, str(error))
            return
        parts = path.split("/")
        folder, own = "/".join(parts[:-1]), parts[-1][: -len(".xml")]
        base = "/".join(parts[: parts.index("Annotations")]) if "Annotations" in parts else folder
        named = annotation.file_name.replace("\\", "/").rpartition("/")[2]
        same = split_suffix(named)[0] == own
        self._renamed += bool(named) and not same
        # The name in the lists, so that both are one entry.
        listed = (base, own) in self._names
        image = self._image(base, folder, named if same and not listed else own, path)
        if image is None:
            self._collector.leave_out(path, translate("Interchange", "its name is not that of an image"))
            return
        image.yes |= self._collector.categories(sorted(annotation.easy), path)
        hard = self._collector.categories(sorted(annotation.difficult - annotation.easy), path)
        self._ignored += [(image, position) for position in sorted(hard)]

    def _image(self, base: str, folder: str, name: str, place: str) -> ImageStatement | None:
        """The image ``name`` of the data set in ``base``; ``folder``: another place where it may be."""
        known = self._names.get((base, name))
        if known is None:
            path = self._path(base, folder, name)
            if path is None:
                return None
            new = ImageStatement(place, path, without_suffix=not split_suffix(path)[1])
            known = self._names[base, name] = self._images.setdefault(path, new)
        return known

    def _path(self, base: str, folder: str, name: str) -> str | None:
        if path_inside(name) is None:
            return None
        for place in (*(path_inside(one, base) or "" for one in _IMAGE_FOLDERS), base, folder):
            whole = path_inside(name, place) or name
            stem, suffix = split_suffix(whole)
            there = self._found.spelled(whole) if suffix else None
            images = self._found.images(stem)
            if there is not None:
                return there
            if images:
                return images[0] if len(images) == 1 else stem
        return path_inside(f"{_IMAGE_FOLDERS[0]}/{name}", base) if self._found.base is not None else name

    def finished(self) -> LabelCollector:
        for image in self._images.values():
            self._collector.add(image)
        ignored = sum(category not in image.yes | image.no for image, category in self._ignored)
        if ignored:
            self._collector.notes.append(
                translate(
                    "Interchange", "{answers} of 0, or with difficult objects only, read as unknown."
                ).format(answers=count(ignored, "answer"))
            )
        if self._renamed:
            self._collector.notes.append(
                translate(
                    "Interchange",
                    "In {annotations} the <filename> differs from the XML file's own name, which is used.",
                ).format(annotations=count(self._renamed, "annotation"))
            )
        return self._collector


def _write(table: ExportTable, folder: Path, options: WriteOptions) -> list[str]:  # noqa: ARG001
    """The lists, which hold everything but review marks; no annotations, as an object needs a box."""
    main = folder / "ImageSets" / "Main"
    main.mkdir(parents=True)
    names = list_names(one.name for one in table.rows)
    parts: dict[str, list[int]] = {}
    skipped = [one.name for one, name in zip(table.rows, names, strict=True) if name is None]
    for at, row in enumerate(table.rows):
        if names[at] is not None:
            parts.setdefault(row.split or _WHOLE, []).append(at)
    for part, rows in (parts or {_WHOLE: []}).items():
        _write_list(main / f"{part}.txt", [f"{names[at]}\n" for at in rows])
        states = np.array([table.rows[at].states for at in rows], np.int8).reshape(len(rows), -1)
        for column, category in enumerate(table.categories):
            values = states[:, column].tolist() if rows else []
            lines = [f"{names[at]} {_VALUES[value]}\n" for at, value in zip(rows, values, strict=True)]
            _write_list(main / f"{file_name(category.name)}_{part}.txt", lines)
    # Datumaro and CVAT know other classes than the twenty of the challenge from this file.
    classes = [f"{one.name}:::\n" for one in table.categories if ":" not in one.name]
    _write_list(folder / "labelmap.txt", ["# label:color_rgb:parts:actions\n", *classes])
    told = [translate("Interchange", "unknown answers are written as 0, which evaluations of VOC ignore")]
    if skipped:
        told.append(
            translate("Interchange", "{images} left out, a line cannot hold the name").format(
                images=count(len(skipped), "image")
            )
        )
    return told


def list_names(names: Iterable[str]) -> list[str | None]:
    """The names of images in the lists: without suffix, unless that is unclear; None if a line cannot hold
    one."""
    paths = [safe_path(name) for name in names]
    stems = Counter(split_suffix(path)[0] for path in paths)

    def listed(path: str) -> str | None:
        stem = split_suffix(path)[0]
        if any(mark in path for mark in "\n\r") or without_surrogates(path) != path:
            return None
        unclear = stems[stem] > 1 or split_suffix(stem)[1] or stem != stem.strip()
        text = path if unclear else stem
        return "./" + text if text != text.lstrip() else text

    return [listed(path) for path in paths]


def _write_list(path: Path, lines: list[str]) -> None:
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


VOC = Format(
    name="voc",
    title=QT_TRANSLATE_NOOP("Interchange", "Pascal VOC (ImageSets, Annotations)"),
    suffixes=(),
    holds=Holds(no=True, reviews=Reviews.NONE),
    recognise=lambda sample: certain(sample, "voc"),
    read=_read,
    write_folder=_write,
    options=frozenset({"encoding"}),
    splits=True,
)

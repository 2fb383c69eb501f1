"""Lists as of VOC-LT and COCO-LT: an image and the indices of its categories in each line.

``voc_labels.txt`` has a name and its index in each line, ``voc_lt_train.txt`` an image and indices. An image
without an index has none of the categories.
"""

from pathlib import Path

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
    split_suffix,
)
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.markers import certain
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.interchange.table import ExportTable
from app.services.text_files import MAX_JSON_BYTES, without_surrogates

_LABELS = "labels.txt"
_ALL = "images"


def _read(path: Path, options: ReadOptions) -> LabelFile:
    """``path``: a folder with one or more data sets, or one list in it."""
    single = path.name if path.is_file() else None
    found = list_folder(path.parent if single else path, "lists")
    here = [one for one in found.files if "/" not in one and one.lower().endswith(".txt")]
    stems = sorted((one for one in here if one.endswith(_LABELS)), key=len, reverse=True)
    if not stems:
        raise BadInputError(
            translate(
                "Interchange", "{folder} has no file with the categories (labels.txt, voc_labels.txt)."
            ).format(folder=found.folder)
        )
    collector = LabelCollector(folder=found.base)
    data_sets: dict[str, list[str]] = {}
    for one in [single] if single else here:
        owner = next((stem for stem in stems if one.startswith(stem.removesuffix(_LABELS))), None)
        if owner is not None and one not in stems:
            data_sets.setdefault(owner, []).append(one)
    if not data_sets:
        raise BadInputError(
            translate("Interchange", "{path} has no list that belongs to {stems}, such as train.txt.").format(
                path=path, stems=stems[-1]
            )
        )
    for labels, lists in sorted(data_sets.items()):
        _read_data_set(found, labels, lists, options, collector, alone=len(data_sets) == 1)
    if not single:
        found.tell(collector, [*data_sets, *(one for lists in data_sets.values() for one in lists)])
    return collector.file()


def _is_image(path: str) -> bool:
    return bool(split_suffix(path)[1])


def _read_data_set(
    found: FolderFiles,
    labels: str,
    lists: list[str],
    options: ReadOptions,
    collector: LabelCollector,
    *,
    alone: bool,
) -> None:
    """``alone``: the categories of this data set are all that are read."""
    try:
        positions = _categories(found.text(labels, options.encoding), labels, collector)
    except UnusableError as error:
        raise BadInputError(f"{found.folder / labels} {error}.") from None
    every = {one for one in positions.values() if one is not None}
    without = 0
    for path in lists:
        try:
            text = found.text(path, options.encoding, MAX_JSON_BYTES)
        except UnusableError as error:
            collector.leave_out(path, str(error))
            continue
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            place = translate("Interchange", "{path}, line {number}").format(path=path, number=number)
            name, indices = _split(line.rstrip())
            inside = path_inside(name)
            if not _is_image(name) or inside is None:
                collector.leave_out(
                    place,
                    translate(
                        "Interchange", "is not an image in the folder, followed by indices of categories"
                    ),
                )
                continue
            statement = ImageStatement(place, inside, reviewed=alone and not indices)
            if not indices:
                without += 1
                statement.no = set() if alone else set(every)
            for index in indices:
                if index not in positions:
                    collector.leave_out(
                        place, translate("Interchange", "there is no category {index}").format(index=index)
                    )
                elif (position := positions[index]) is not None:
                    statement.yes.add(position)
            collector.add(statement)
    names = count(len(positions), "category", "categories")
    collector.notes.append(
        translate("Interchange", "{labels}: {names}; lists: {names_2}.").format(
            labels=labels, names=names, names_2=", ".join(lists)
        )
    )
    if without:
        collector.notes.append(
            translate("Interchange", "{images} without an index: none of the categories.").format(
                images=count(without, "image")
            )
        )


def _categories(text: str, path: str, collector: LabelCollector) -> dict[int, int | None]:
    """The position of each index."""
    positions: dict[int, int | None] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = translate("Interchange", "{path}, line {number}").format(path=path, number=number)
        # From the right: names hold spaces.
        name, _, index = line.strip().rpartition(" ")
        if not name.strip() or not _is_index(index):
            collector.leave_out(place, translate("Interchange", "is not a name followed by its index"))
        elif int(index) in positions:
            collector.leave_out(
                place, translate("Interchange", "the index {index} is used twice").format(index=int(index))
            )
        else:
            positions[int(index)] = collector.category(name, place)
    return positions


def _is_index(field: str) -> bool:
    return field.isascii() and field.isdigit() and len(field) < 10


def _split(line: str) -> tuple[str, list[int]]:
    """The path of an image, which may hold spaces, and the indices after it."""
    fields = line.split()
    first = len(fields)
    while first > 1 and _is_index(fields[first - 1]):
        first -= 1
    indices = [int(one) for one in fields[first:]]
    return line.rsplit(None, len(indices))[0] if indices else line, indices


def _write(table: ExportTable, folder: Path, options: WriteOptions) -> list[str]:  # noqa: ARG001
    """Only what a list can say: images with a yes, and reviewed ones with none of the categories."""
    lines: dict[str, list[str]] = {}
    skipped = unsaid = 0
    for row in table.rows:
        yes = (row.states == 1).nonzero()[0].tolist()
        if not yes and not (row.reviewed and not (row.states != 0).any()):
            unsaid += 1
            continue
        name = safe_path(row.name)
        if any(mark in name for mark in "\n\r") or without_surrogates(name) != name or not _is_image(name):
            skipped += 1
            continue
        name = "./" + name if name != name.lstrip() else name
        lines.setdefault(row.split or _ALL, []).append(" ".join([name, *map(str, yes)]) + "\n")
    labels = [f"{one.name} {at}\n" for at, one in enumerate(table.categories)]
    for part, some in {_LABELS.removesuffix(".txt"): labels, **(lines or {_ALL: []})}.items():
        (folder / f"{part}.txt").write_text("".join(some), encoding="utf-8", newline="\n")
    told = []
    if unsaid:
        told.append(
            translate(
                "Interchange", "{images} left out: a list would make no of what is unknown there"
            ).format(images=count(unsaid, "image"))
        )
    if skipped:
        told.append(
            translate("Interchange", "{images} left out, a line cannot hold the name").format(
                images=count(skipped, "image")
            )
        )
    return told


LISTS = Format(
    name="lists",
    title=QT_TRANSLATE_NOOP("Interchange", "Lists of VOC-LT and COCO-LT"),
    suffixes=(),
    holds=Holds(no=False, reviews=Reviews.EMPTY),
    recognise=lambda sample: certain(sample, "lists"),
    read=_read,
    write_folder=_write,
    options=frozenset({"encoding"}),
    splits=True,
)
